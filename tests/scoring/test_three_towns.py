"""The audit of the three towns against the figures of tests/data/three_towns/README.md."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from resalloc.norms.normset import NormSet
from resalloc.problem.problem import Problem
from resalloc.scoring.score import score

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.result.scorecard import Scorecard


@pytest.fixture(scope="module")
def card(town_problem: Problem) -> Scorecard:
    return score(town_problem)


@pytest.mark.parametrize(
    ("norm_id", "verdict", "value", "gap", "failing"),
    [
        ("life_expectancy", "short", 78, 0.5, 1),
        ("beds_per_1000", "short", 4.0, 0.48, 1),  # 400 / 100
        ("public_hospital_beds_per_1000", "met", 3.0, 0, 0),  # 300 / 100
        ("icu_beds_share", "met", 10 / 3, 0, 0),  # 10 / 300
        ("physicians_per_1000", "met", 2.6, 0, 0),  # 260 / 100
        ("nurses_per_physician", "short", 300 / 260, 1.2 - 300 / 260, 1),
        ("staff_per_bed", "met", 1.65, 0, 0),  # 660 / 400
        ("gps_per_10000", "short", 3.5, 0.5, 1),  # 35 / 10
        ("ambulances_per_10000", "short", 0.6, 0.1, 1),  # 6 / 10
        ("reach_urban", "met", 100, 0, 0),
        ("reach_rural", "short", 100 / 6, 500 / 6, 1),  # 10,000 of 60,000
        ("mean_response_min", "over", 14.65, 4.65, 1),  # 10.65 + 4
        ("village_clinics", "short", 0.9, 0.1, 1),  # 南镇: 18 / 20
        ("childcare_places", "short", 2.5, 0.5, 1),  # 250 / 100
        ("equipment_ct64", "met", 1, 0, 0),
        ("primary_beds.01", "short", 30, 12, 1),
        ("primary_beds.02", "met", 20, 0, 0),
    ],
)
def test_every_clause_is_as_worked_out(card, norm_id, verdict, value, gap, failing):
    clause = card[norm_id]
    assert clause.verdict == verdict
    assert clause.value == pytest.approx(value)
    assert clause.gap == pytest.approx(gap)
    assert clause.failing == failing


def test_the_clauses_are_counted(card: Scorecard):
    assert card.counts() == {
        "met": 7, "short": 9, "over": 1, "not_computable": 2, "not_due": 0, "context": 1,
    }  # fmt: skip
    assert card.summary().startswith("三镇县 2020: 20 clauses; 7 met, 9 short, 1 over")


def test_what_is_not_known_is_not_zero_and_says_what_is_missing(card: Scorecard):
    """No table gives infectious beds; the fever clinic of 北镇 is not known."""
    infectious, fever = card["infectious_beds"], card["fever_clinic_share"]
    assert (infectious.verdict, infectious.value) == ("not_computable", None)
    assert infectious.missing == "beds.csv: infectious"
    assert (fever.verdict, fever.missing) == ("not_computable", "institutions.csv: fever_tier")


def test_the_worst_place_stands_for_the_clause(card: Scorecard):
    clause = card["village_clinics"]
    assert (clause.place, clause.places) == ("南镇", 3)
    assert [row.value for row in clause.rows] == [1.0, 0.9, 1.0]
    assert [row.verdict for row in clause.rows] == ["met", "short", "met"]


def test_the_radius_says_who_is_beyond(card: Scorecard):
    """50,000 of the rural residents of 2020; the farthest at 14.46 km."""
    assert card["reach_rural"].target == 100.0
    assert "within 10 km" in card["reach_rural"].remark
    assert "14.5 km away, 50,000 people beyond" in card["reach_rural"].remark


def test_a_reported_figure_says_so(card: Scorecard):
    clause = card["life_expectancy"]
    assert (clause.basis, clause.remark) == ("printed", "as reported for 2020")


def test_a_basis_is_given_for_every_figure(card: Scorecard):
    assert card["beds_per_1000"].basis == "modelled"  # residents by township may be
    assert card["icu_beds_share"].basis == "computed"
    assert card["healthy_life_expectancy"].basis == "none"


def test_a_year_before_the_milestones_leaves_clauses_not_due(towns: District, town_plan: NormSet):
    """Nothing is due in 2022, reported figures included; in 2023 the general practitioners are."""
    early = score(Problem(towns, town_plan.at(2022)))
    assert early.counts()["not_due"] == 19
    some = score(Problem(towns, town_plan.at(2023)))
    assert some.counts()["not_due"] == 18
    assert some["gps_per_10000"].gap == pytest.approx(0.3)  # 3.8 − 3.5


def test_a_cap_is_over_where_a_floor_is_short(town_problem: Problem):
    """Never assume ≥: 4.0 beds per 1,000 exceed a ceiling of 3.9."""
    norms = town_problem.norms.override({"beds_per_1000": "<=3.9"})
    clause = score(Problem(town_problem.district, norms))["beds_per_1000"]
    assert (clause.verdict, clause.gap) == ("over", pytest.approx(0.1))


def test_both_ends_of_a_range_are_checked(town_problem: Problem):
    """3.33 % of the beds are intensive care beds."""

    def verdict(text: str) -> tuple[str, float | None]:
        norms = town_problem.norms.override({"icu_beds_share": text})
        clause = score(Problem(town_problem.district, norms))["icu_beds_share"]
        return clause.verdict, clause.gap

    assert verdict("2..5") == ("met", 0.0)
    assert verdict("4..5") == ("short", pytest.approx(4 - 10 / 3))
    assert verdict("1..3") == ("over", pytest.approx(10 / 3 - 3))


def test_a_scope_without_a_place_is_not_computable(towns: District, town_plan: NormSet):
    norm = town_plan["staff_per_bed"]
    reads = norm.reads.model_copy(update={"scope": "each:institution@cdc"})
    plan = NormSet(town_plan.document, (norm.model_copy(update={"reads": reads}),)).at(2025)
    (clause,) = score(Problem(towns, plan))
    assert clause.verdict == "not_computable"
    assert "nothing in the scope" in clause.missing


def test_a_scorecard_as_a_table_has_a_line_per_clause(card: Scorecard):
    frame = card.to_frame()
    assert len(frame) == len(card) == 20
    assert {"id", "value", "target", "gap", "unit", "status", "quote", "where"} <= set(frame)
    assert "未达到" in card._repr_html_()


def test_the_future_is_scored_with_its_own_people(town_result):
    """Beds of the plan over the 110,000 of 2025, not over the 100,000 of today."""
    after = town_result.after[2025]
    assert after["beds_per_1000"].value == pytest.approx(495 / 110)
    assert after.year == 2025


def test_one_task_done_does_not_stand_for_another(towns: District, town_plan: NormSet):
    """Two dated tasks share the indicator: a figure counts for the clause it names."""
    task = town_plan["life_expectancy"]
    reads = task.reads.model_copy(update={"indicator": "task_done", "values": {2020: 1.0}})
    tasks = tuple(
        task.model_copy(update={"id": name, "reads": reads}) for name in ("task_a", "task_b")
    )
    norms = dataclasses.replace(town_plan, norms=tasks, years=(2020,))
    told = pd.DataFrame(
        {"indicator": ["task_done"] * 2, "year": [2020, 2020], "value": [1.0, 0.0],
         "basis": ["given"] * 2, "source": [""] * 2, "clause": ["task_a", ""]}
    )  # fmt: skip
    card = score(Problem(towns.replace(measures=told), norms))
    assert card["task_a"].verdict == "met"
    assert card["task_b"].verdict == "not_computable"
    assert card["task_b"].missing == "measures.csv: task_done of clause task_b"
