"""The plan for the three towns against the figures of tests/data/three_towns/README.md."""

from __future__ import annotations

import itertools
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.errors import InputError, ResallocError, SolverError
from resalloc.problem.problem import Options, Problem
from resalloc.rules.cost import cost_of, cost_rates
from resalloc.solver.solve import solve
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.norms.normset import NormSet
    from resalloc.result.result import Result


def _solved(problem: Problem, *, solver: str = "highs", **settings: str) -> Result:
    names = {name.replace("__", "."): text for name, text in settings.items()}
    return solve(
        Problem(problem.district, problem.norms.override(names), problem.options), solver=solver
    )


def _planned(result: Result, block: str) -> list[float]:
    assert result.allocation is not None
    return result.allocation.array(block)[..., -1].tolist()


# Least cost


def test_the_plan_is_proven(town_result: Result):
    assert town_result.status is Status.OPTIMAL
    assert town_result.gap == pytest.approx(0, abs=1e-6)
    assert all(phase.status is Status.OPTIMAL for phase in town_result.phases)
    assert town_result.raise_for_status() is town_result


def test_beds_come_in_fifties_and_fives(town_result: Result):
    """330 → 350 in the hospital; 492.8 − 350 = 142.8 → 145 in primary care; 42 → 40 at 南镇."""
    assert _planned(town_result, "beds_total") == [350, 85, 40, 20]


def test_staff_follow_the_beds(town_result: Result):
    assert town_result.allocation is not None
    staff = town_result.allocation.frame("staff").groupby("cadre")["planned"].sum()
    top = ["physician", "nurse", "allied", "public_health", "other"]
    assert staff[top].sum() == 792  # 1.6 × 495
    assert staff["physician"] >= 286  # 2.6 × 110
    assert staff["nurse"] >= 1.2 * staff["physician"]
    assert staff["gp"] in (44, 45)  # 4 × 11; a thousandth of the tie-break is left open


def test_one_station_is_needed_for_the_radius_and_one_crew_for_the_minutes(town_result: Result):
    assert _planned(town_result, "station") == [1, 0, 1, 1]
    assert _planned(town_result, "crews") == [2, 0, 1, 0]  # 658 / 110 + 4 = 9.98 ≤ 10
    assert sum(_planned(town_result, "vehicles")) == 8  # 7.7
    assert _planned(town_result, "vehicles")[3] >= 1


def test_the_rest_is_as_worked_out(town_result: Result):
    fever = _planned(town_result, "fever")
    assert fever == [[1, 0, 0], [0, 0, 1], [0, 0, 1], [0, 0, 1]]
    supply = np.array(_planned(town_result, "supply"))
    assert supply[:, 0].tolist() == [10, 20, 10]  # a clinic per village
    assert supply[:, 3].sum() == 330  # 3 × 110 places


def test_cost_is_that_of_the_table(town_result: Result):
    rows = town_result.rows
    assert town_result.allocation is not None
    capital, running = cost_of(
        cost_rates(rows.problem, rows.columns), rows.columns, town_result.allocation.x, 5
    )
    assert (capital, running) == (5030, 9900 + 1500)
    assert town_result.objective == pytest.approx(16430)


def test_the_unavoidable_shortfall_is_found_first(town_result: Result):
    """2 of 42 beds at 南镇, worst and mean over 15 rows."""
    assert town_result.phases[0].value == pytest.approx(100 * 2 / 42 * (1 + 1 / 15), rel=1e-5)


def test_the_scorecard_after_is_recomputed(town_result: Result):
    after = town_result.after[2025]
    assert after.counts() == {
        "met": 17, "short": 1, "over": 0, "not_computable": 1, "not_due": 0, "context": 1,
    }  # fmt: skip
    assert after["primary_beds.01"].gap == pytest.approx(2)
    assert after["mean_response_min"].value == pytest.approx(658 / 110 + 4)
    assert after["life_expectancy"].remark.endswith("not moved by the model")
    assert town_result.scorecard is after


# Other objectives and ceilings


def _with(problem: Problem, **options: object) -> Result:
    return solve(Problem(problem.district, problem.norms, Options(**options)))


def test_fastest_response_crews_every_site(town_problem: Problem):
    result = _with(town_problem, objective="access")
    assert result.objective == pytest.approx(344 / 110 + 4)
    assert all(crew >= 1 for crew in _planned(result, "crews"))


def test_least_change_counts_units(town_problem: Problem):
    """95 + 95 + 132 + 9 + 2 + 1 + 2 + 2 + 80."""
    assert _with(town_problem, objective="least-change").objective == pytest.approx(418)


def test_equity_is_the_unevenness_of_primary_care(town_problem: Problem):
    """The objective recomputed: Σ share × |level − mean level|, beds and staff per 1,000."""
    result = _with(town_problem, objective="equity")
    people = np.array([60.0, 30.0, 20.0])
    beds = np.array(_planned(result, "beds_total")[1:])
    staff = np.array(_planned(result, "staff"))[1:, :5].sum(axis=1)
    uneven = sum(
        float((people / 110 * np.abs(have / people - have.sum() / 110)).sum())
        for have in (beds, staff)
    )
    assert result.objective == pytest.approx(uneven, abs=1e-6)


@pytest.mark.parametrize(
    ("budget", "cost", "shortfall"),
    [
        (5030, 16430, 2 / 42 * 16 / 15),
        (5029, 15630, 2 / 42 + (2 / 42 + 2.8 / 492.8) / 15),  # five beds fewer, eight staff
    ],
)
def test_a_ceiling_on_capital(town_problem: Problem, budget, cost, shortfall):
    result = _with(town_problem, budget_wan=budget)
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(cost)
    assert result.phases[0].value == pytest.approx(100 * shortfall, rel=1e-5)


def test_nothing_to_spend_names_every_binding_clause_that_needs_money(town_problem: Problem):
    """Beds of the hospital, stations, the crewed radius, fever clinic and childcare places."""
    result = _with(town_problem, budget_wan=0)
    assert result.status is Status.INFEASIBLE
    assert {c.norm_id for c in result.conflicts} >= {"childcare_places", "reach_rural"}
    assert _planned(result, "beds_total") == [300, 50, 30, 20]


def test_more_money_is_never_worse(town_problem: Problem):
    values = [_with(town_problem, budget_wan=b).phases[0].value for b in (4600, 4900, 5030, 9000)]
    assert all(later <= earlier + 1e-7 for earlier, later in itertools.pairwise(values))


# Clauses that collide


@pytest.mark.parametrize(
    ("settings", "norm_id", "value", "short_by"),
    [
        ({"beds_per_1000": "<=4"}, "beds_per_1000", 450 / 110, 450 / 110 - 4),
        (
            {"beds_per_1000": "<=4.1", "primary_beds__01": ">=40"},
            "beds_per_1000", 460 / 110, 460 / 110 - 4.1,
        ),
        ({"mean_response_min": "<=7"}, "mean_response_min", 344 / 110 + 4, 344 / 110 - 3),
        ({"reach_rural": "<=3"}, "reach_rural", 100 * 37 / 62, 100 * 25 / 62),
    ],
)  # fmt: skip
@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_a_conflict_is_named_with_its_shortfall(
    town_problem: Problem, solver, settings, norm_id, value, short_by
):
    result = _solved(town_problem, solver=solver, **settings)
    assert result.status is Status.INFEASIBLE
    (conflict,) = result.conflicts
    assert conflict.norm_id == norm_id
    assert conflict.value == pytest.approx(value)
    assert conflict.short_by == pytest.approx(short_by)
    assert "nearest miss" in result.message
    assert result.status.exit_code == 3
    with pytest.raises(ResallocError, match="infeasible"):
        result.raise_for_status()


def test_a_conflict_is_said_in_a_sentence(town_problem: Problem):
    (conflict,) = _solved(town_problem, beds_per_1000="<=4").conflicts
    english, chinese = conflict.sentence("en"), conflict.sentence("zh")
    assert "beds_per_1000 (一) at 三镇县, 2025: must be <= 4 beds per 1,000 residents" in english
    assert "4.09 at best, 0.09 beds per 1,000 residents off" in english
    assert "三镇县2025年：每千人口医疗卫生机构床位数（一）" in chinese
    assert "只能做到4.09，差0.09张/千人口" in chinese


@pytest.mark.parametrize(
    "relaxed", ["beds_per_1000", "primary_beds.01", "public_hospital_beds_per_1000"]
)
def test_relaxing_any_clause_of_a_conflict_mends_it(town_problem: Problem, relaxed: str):
    """The cap of 451 beds, 40 at 南镇 and 330 in the hospital: any two can hold together."""
    settings = {"beds_per_1000": "<=4.1", "primary_beds.01": ">=40"}
    norms = town_problem.norms.override(settings).relax(relaxed)
    result = solve(Problem(town_problem.district, norms))
    assert result.status is Status.OPTIMAL
    assert result.conflicts == ()


def test_places_out_of_reach_are_named(town_problem: Problem):
    result = _solved(town_problem, reach_rural="~<=3")
    assert result.status is Status.OPTIMAL
    found = [(p.township, p.residents, p.nearest_km, p.nearest_site) for p in result.out_of_reach]
    assert found == [("南镇", 15_000, 3.34, "南镇卫生院"), ("北镇", 10_000, 3.34, "北镇卫生院")]
    assert result.after[2025]["reach_rural"].value == pytest.approx(100 * 37 / 62)
    assert "25,000 residents at 2 points" in result.summary()


def test_candidate_sites_bring_them_within_reach(towns: District, town_problem: Problem):
    norms = town_problem.norms.override({"reach_rural": "<=3"})
    result = solve(Problem(towns.with_candidates(), norms))
    assert result.status is Status.OPTIMAL
    assert result.out_of_reach == ()
    sites = result.problem.district.sites.index
    opened = {site for site, open_ in zip(sites, _planned(result, "station"), strict=True) if open_}
    assert {"候选·南镇·村域", "候选·北镇·村域"} <= opened
    assert "候选·中心街道·村域" not in opened  # 中心社区 is 2.22 km away


# The same answer by every road


def test_highs_and_cbc_agree(town_problem: Problem, town_result: Result):
    other = solve(town_problem, solver="cbc", time_limit_s=60)
    assert other.status is Status.OPTIMAL
    assert other.solver == "cbc"
    clauses, cost, tie = zip(town_result.phases, other.phases, strict=True)
    for mine, theirs in (clauses, cost):
        assert theirs.value == pytest.approx(mine.value, rel=1e-5, abs=1e-5)
    mine, theirs = tie  # proven to within a thousandth
    assert theirs.value == pytest.approx(mine.value, rel=5e-3)


def test_two_runs_give_the_same_plan(town_problem: Problem, town_result: Result):
    again = solve(town_problem, time_limit_s=60)
    assert town_result.allocation is not None
    assert again.allocation is not None
    np.testing.assert_array_equal(again.allocation.x, town_result.allocation.x)


def test_nothing_is_printed(town_problem: Problem, capfd):
    solve(town_problem)
    solve(town_problem, solver="cbc")
    assert capfd.readouterr() == ("", "")


def test_a_result_can_be_pickled(town_result: Result):
    again = pickle.loads(pickle.dumps(town_result))
    assert again.summary() == town_result.summary()
    assert again.allocation is not None
    assert town_result.allocation is not None
    np.testing.assert_array_equal(again.allocation.x, town_result.allocation.x)


def test_a_result_shows_itself(town_result: Result):
    assert "三镇县 2025: optimal" in str(town_result)
    assert "最优" in town_result._repr_html_()


# What cannot be solved


def test_an_unknown_solver_names_the_installed_ones(town_problem: Problem):
    with pytest.raises(SolverError, match="Installed are: highs"):
        solve(town_problem, solver="no-such-solver")


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_time_limit_is_a_time(town_problem: Problem, limit: float):
    with pytest.raises(InputError, match="Give seconds above 0"):
        solve(town_problem, time_limit_s=limit)


def test_a_year_without_people_is_refused(towns: District, town_plan: NormSet):
    with pytest.raises(InputError, match="residents of 三镇县 in 2026 are not known"):
        solve(Problem(towns, town_plan.at(2026)))


# Several years


@pytest.mark.parametrize("between", ["last", "linear"])
def test_nothing_built_is_taken_away_from_year_to_year(
    towns: District, town_plan: NormSet, between
):
    norms = town_plan.at(2023, 2024, 2025, between=between)
    result = solve(Problem(towns, norms), time_limit_s=60)
    assert result.status is Status.OPTIMAL
    assert sorted(result.after) == [2023, 2024, 2025]
    assert result.allocation is not None
    for block in ("beds_total", "staff", "equipment", "supply", "station", "crews", "vehicles"):
        by_year = result.allocation.array(block)
        known = ~np.isnan(by_year).any(axis=-1)
        assert known.any()
        assert (np.diff(by_year[known], axis=-1) >= 0).all()
    assert result.after[2023]["gps_per_10000"].verdict == "met"
    # what stands in 2025 is what a plan for 2025 alone would build
    assert result.objective == pytest.approx(16430)


def test_where_shrinking_is_allowed_nothing_is_given_up_that_no_clause_asks_for(
    town_problem: Problem,
):
    result = _with(town_problem, shrink=True)
    assert result.status is Status.OPTIMAL
    assert result.objective == pytest.approx(16430)
    assert next(phase.value for phase in result.phases if phase.name == "given up") == 0


def test_only_what_a_ceiling_asks_is_given_up(town_problem: Problem):
    """110,000 people at 3.5 per 1,000 are 385 beds of the 400 there are, and no staff goes.

    15 beds go for the ceiling and 10 for those that 南镇's row of the table asks to add.
    Nothing is saved by it: cost counts what is added, so closing more would not be cheaper.
    """
    norms = town_problem.norms.override({"beds_per_1000": "<=3.5"}).relax(
        "public_hospital_beds_per_1000"
    )
    result = solve(Problem(town_problem.district, norms, Options(shrink=True)), time_limit_s=60)
    assert result.status is Status.OPTIMAL
    assert result.allocation is not None
    beds = result.allocation.frame("beds_total")
    assert beds["planned"].sum() == 385
    staff = result.allocation.frame("staff").dropna(subset=["today", "planned"])
    assert (staff["planned"] >= staff["today"]).all()
    given_up = next(phase for phase in result.phases if phase.name == "given up")
    assert given_up.value == 25
