"""What a plan says, due when, and what a user may change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from resalloc.errors import InputError
from resalloc.norms.read import plans, read_document, read_norms

if TYPE_CHECKING:
    from resalloc.norms.normset import NormSet


def _gps(plan: NormSet) -> dict[int, object]:
    """The clause with two milestones: 3.5 in 2020, 3.8 by 2023, 4 by 2025."""
    return plan["gps_per_10000"].reads.values


# Reading


def test_a_table_gives_one_norm_per_row(town_plan: NormSet):
    """Two rows of 附表: ids are numbered, the quote is the row, the scope names the row's place."""
    first, second = town_plan["primary_beds.01"], town_plan["primary_beds.02"]
    assert first.says.quote == "南镇卫生院 30 42"
    assert first.reads.scope == "each:institution[南镇卫生院]"
    assert (first.reads.values, first.reads.baseline) == ({2025: 42.0}, {2020: 30.0})
    assert second.reads.values == {2025: 20.0}
    assert len(town_plan) == 20  # 18 clauses and 2 rows


def test_the_document_order_is_kept(town_plan: NormSet):
    ids = [norm.id for norm in town_plan]
    assert ids[:3] == ["life_expectancy", "healthy_life_expectancy", "beds_per_1000"]
    assert ids[-1] == "primary_beds.02"


def test_a_bundled_plan_and_its_document_carry_one_name():
    for plan in plans():
        assert read_document(plan).id == plan
        assert read_norms(plan).document == read_document(plan)


def test_milestones_are_every_year_in_which_something_is_due(town_plan: NormSet):
    assert town_plan.milestones() == (2023, 2025)


def test_an_unknown_norm_gets_a_suggestion(town_plan: NormSet):
    with pytest.raises(InputError, match="Did you mean 'beds_per_1000'"):
        town_plan["bed_per_1000"]


def test_a_norm_can_be_written_as_json(town_plan: NormSet):
    flat = json.loads(json.dumps(town_plan["icu_beds_share"].as_dict()))
    assert flat["values"] == {"2025": [2.0, 5.0]}
    assert flat["formula"] == "(beds.icu) / (beds) × 100"
    assert town_plan["healthy_life_expectancy"].as_dict()["sense"] is None


# Due by its date


@pytest.mark.parametrize(
    ("between", "year", "due"),
    [
        ("last", 2022, None),  # nothing is due before the first milestone
        ("last", 2023, 3.8),
        ("last", 2024, 3.8),
        ("last", 2025, 4.0),
        ("last", 2026, 4.0),  # what was due stays due
        ("next", 2022, 3.8),
        ("next", 2024, 4.0),
        ("next", 2026, 4.0),
        ("linear", 2022, 3.7),  # 3.5 + 2/3 × 0.3
        ("linear", 2024, 3.9),  # half way from 3.8 to 4
        ("linear", 2025, 4.0),
        ("linear", 2026, 4.0),
    ],
)
def test_targets_between_milestones(town_plan: NormSet, between, year: int, due: float | None):
    found = _gps(town_plan.at(year, between=between))
    assert found == ({} if due is None else {year: pytest.approx(due)})


def test_a_line_needs_a_beginning(town_plan: NormSet):
    """Childcare prints no figure before 2025, so 2023 lies on no line; a range has none either."""
    plan = town_plan.at(2023, between="linear")
    assert plan["childcare_places"].reads.values == {}
    assert plan["icu_beds_share"].reads.values == {}
    assert plan["beds_per_1000"].reads.values == {2023: pytest.approx(4.288)}  # 4 + 3/5 × 0.48


def test_years_are_sorted_and_counted_once(town_plan: NormSet):
    plan = town_plan.at(2025, 2023, 2025)
    assert plan.years == (2023, 2025)
    assert _gps(plan) == {2023: 3.8, 2025: 4.0}


def test_at_without_a_year_is_refused(town_plan: NormSet):
    with pytest.raises(InputError, match="no year was given"):
        town_plan.at()


def test_the_latest_target_is_asked_of_another_year(town_plan: NormSet):
    asked = town_plan.at(2023, 2025).asked_of(2020)
    assert _gps(asked) == {2020: 4.0}
    assert asked.years == (2020,)
    assert asked["healthy_life_expectancy"].reads.values == {}


# What the user sets


@pytest.mark.parametrize(
    ("text", "sense", "target", "binding"),
    [
        ("<=7.5", "<=", 7.5, True),
        ("≥ 8", ">=", 8.0, True),
        ("=8", "==", 8.0, True),
        ("~<=7.5", "<=", 7.5, False),
        ("2..5", "between", (2.0, 5.0), True),
        ("~ 2 .. 5.5", "between", (2.0, 5.5), False),
        ("-1..1e1", "between", (-1.0, 10.0), True),
    ],
)
def test_a_setting_replaces_sense_target_and_nature(
    town_plan: NormSet, text: str, sense: str, target: object, binding: bool
):
    plan = town_plan.at(2025).override({"beds_per_1000": text})
    reads = plan["beds_per_1000"].reads
    assert (reads.sense, reads.values, reads.binding) == (sense, {2025: target}, binding)
    assert plan.changes == (f"beds_per_1000: set to {text} by the user",)


@pytest.mark.parametrize(
    ("norm_id", "text", "words"),
    [
        ("bed_per_1000", ">=8", "Did you mean 'beds_per_1000'"),
        ("beds_per_1000", "eight", "'eight' is not a target"),
        ("beds_per_1000", "e", "'e' is not a target"),
        ("beds_per_1000", ">=1.2.3", "is not a target"),
        ("beds_per_1000", ">=nan", "is not a target"),
        ("beds_per_1000", "5..2", "the low end is above the high end"),
        ("healthy_life_expectancy", ">=70", "context only"),
    ],
)
def test_a_setting_that_cannot_be_read_is_refused(
    town_plan: NormSet, norm_id: str, text: str, words: str
):
    with pytest.raises(InputError, match=words):
        town_plan.at(2025).override({norm_id: text})


def test_all_bad_settings_are_reported_at_once(town_plan: NormSet):
    with pytest.raises(InputError) as caught:
        town_plan.at(2025).override({"beds_per_1000": "many", "no_such_norm": ">=1"})
    assert len(caught.value.faults) == 2


def test_a_norm_not_yet_due_is_due_once_it_is_set(town_plan: NormSet):
    plan = town_plan.at(2022).override({"childcare_places": ">=3"})
    assert plan["childcare_places"].reads.values == {2022: 3.0}


def test_relaxing_makes_a_norm_expected(town_plan: NormSet):
    plan = town_plan.at(2025).relax("reach_rural", "childcare_places")
    assert not plan["reach_rural"].reads.binding
    assert plan["reach_rural"].reads.values == {2025: 10.0}
    assert plan["mean_response_min"].reads.binding
    assert plan.changes == (
        "reach_rural: read as expected, not binding",
        "childcare_places: read as expected, not binding",
    )
    with pytest.raises(InputError, match="no norm 'reach'"):
        town_plan.relax("reach")


def test_nothing_is_changed_in_place(town_plan: NormSet):
    before = town_plan["beds_per_1000"]
    town_plan.at(2025).override({"beds_per_1000": "<=3"})
    assert town_plan["beds_per_1000"] == before
    assert town_plan.years == ()
