"""The integrated plan of the bundled district: proven, confirmed, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.milp.highs import solve_with_highs
from resalloc.norms.normset import NormSet
from resalloc.norms.read import read_norms
from resalloc.problem.problem import Problem
from resalloc.rules.compile import compile_rows
from resalloc.rules.objective import goal
from resalloc.solver.check import faults
from resalloc.solver.parts import solve_in_parts
from resalloc.solver.priorities import priced_model, split, with_goal
from resalloc.solver.solve import solve
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.result.result import Result


def _only(plan: NormSet, prefixes: tuple[str, ...]) -> NormSet:
    """The plan's clauses whose ids begin so."""
    norms = tuple(norm for norm in plan if norm.id.startswith(prefixes))
    return NormSet(plan.document, norms, plan.years, plan.changes)


def test_the_plan_is_proven(tongliang_result: Result):
    assert tongliang_result.status is Status.OPTIMAL, tongliang_result.message
    assert tongliang_result.gap < 1e-2  # crews are set by who is really nearest, after the solve
    assert len(tongliang_result.phases) == 3


def test_binding_clauses_hold_and_the_scorecard_says_so(tongliang_result: Result):
    card = tongliang_result.scorecard
    binding = [c for c in card if c.norm.reads.binding and c.norm.use == "constraint"]
    assert len(binding) >= 9
    assert {clause.verdict for clause in binding} == {"met"}


def test_the_plan_is_better_than_today(tongliang_result: Result):
    before, after = tongliang_result.before.counts(), tongliang_result.scorecard.counts()
    assert after["met"] > before["met"]
    assert after["short"] < before["short"]


def test_every_row_confirms_the_plan(tongliang_result: Result):
    rows = tongliang_result.rows
    assert tongliang_result.allocation is not None
    x = np.nan_to_num(tongliang_result.allocation.x)
    assert faults(rows, x, split(rows)[0]) == ()


def test_beds_are_rounded_in_the_model_and_totals_agree(tongliang_result: Result):
    """Institutions add up to the district's figure; fifties in hospitals, fives elsewhere."""
    allocation, problem = tongliang_result.allocation, tongliang_result.problem
    assert allocation is not None
    beds = allocation.array("beds_total")[:, -1]
    kinds = problem.district.providers()["kind"]
    big = kinds.isin(
        ["general_hospital", "tcm_hospital", "maternal_child_hospital", "psychiatric_hospital"]
    ).to_numpy()
    assert not (beds[big] % 50).any()
    assert not (beds[~big] % 5).any()
    people = problem.district.total("residents", 2025)
    figure = tongliang_result.scorecard["beds_per_1000"].value
    assert figure == pytest.approx(1000 * beds.sum() / people)


def test_no_institution_shrinks(tongliang_result: Result):
    assert tongliang_result.allocation is not None
    for block in ("beds_total", "staff", "vehicles", "crews", "station"):
        change = tongliang_result.allocation.frame(block)["change"].dropna()
        assert (change >= 0).all()


def test_a_tiny_time_limit_is_never_optimal(tongliang_problem: Problem):
    """Half a second is the least the solver is given; FEASIBLE keeps the binding clauses."""
    result = solve(tongliang_problem, time_limit_s=0.01)
    assert result.status in (Status.FEASIBLE, Status.UNKNOWN)
    assert result.message
    if result.status is Status.FEASIBLE:
        rows = result.rows
        assert result.allocation is not None
        assert faults(rows, np.nan_to_num(result.allocation.x), split(rows)[0]) == ()


def test_a_cap_against_the_floors_names_the_clauses(tongliang_problem: Problem):
    """Today's beds exceed 5 per 1,000, and nothing shrinks unless asked."""
    norms = _only(tongliang_problem.norms, ("beds_per_1000", "primary_care_beds"))
    norms = norms.override({"beds_per_1000": "<=5"})
    result = solve(Problem(tongliang_problem.district, norms))
    assert result.status is Status.INFEASIBLE
    assert [conflict.norm_id for conflict in result.conflicts] == ["beds_per_1000"]
    assert result.conflicts[0].value > 5
    assert "专栏1" in result.conflicts[0].sentence("zh")


BEDS_AND_AMBULANCES = (
    "beds_per_1000", "public_", "primary_care_beds", "reach_", "mean_response", "ambulances",
    "fever_clinic_share", "childcare",
)  # fmt: skip


def test_the_parts_are_the_whole(tongliang_problem: Problem):
    """Beds, ambulances and childcare share no clause: side by side or at once, one optimum."""
    norms = _only(tongliang_problem.norms, BEDS_AND_AMBULANCES)
    rows = compile_rows(Problem(tongliang_problem.district, norms))
    priced = priced_model(rows)
    first = priced.model.with_cost(priced.priority())
    apart, whole = solve_in_parts(first, 60.0, solve_with_highs), solve_with_highs(first, 60.0)
    assert apart.status is whole.status is Status.OPTIMAL
    assert apart.objective == pytest.approx(whole.objective, rel=1e-5, abs=1e-5)
    assert whole.x is not None
    cost = with_goal(priced.holding(whole.x), rows.columns.size, goal(rows))
    apart, whole = solve_in_parts(cost, 60.0, solve_with_highs), solve_with_highs(cost, 60.0)
    assert apart.objective == pytest.approx(whole.objective, rel=1e-5)


def test_highs_and_cbc_agree_on_a_reduced_plan(tongliang_problem: Problem):
    norms = _only(tongliang_problem.norms, BEDS_AND_AMBULANCES)
    problem = Problem(tongliang_problem.district, norms)
    one, other = solve(problem, time_limit_s=120), solve(problem, solver="cbc", time_limit_s=120)
    assert one.status is other.status is Status.OPTIMAL
    assert other.phases[0].value == pytest.approx(one.phases[0].value, rel=1e-4, abs=1e-4)
    assert other.objective == pytest.approx(one.objective, rel=1e-4)


def test_two_runs_give_the_same_plan(tongliang_problem: Problem, tongliang_result: Result):
    again = solve(tongliang_problem, time_limit_s=120)
    assert again.allocation is not None
    assert tongliang_result.allocation is not None
    np.testing.assert_array_equal(again.allocation.x, tongliang_result.allocation.x)


def test_two_years_build_up(tongliang_problem: Problem):
    norms = read_norms("tongliang-2025").at(2023, 2025, between="linear")
    norms = _only(norms, ("beds_per_1000", "public_hospital_beds_per_1000", "childcare"))
    result = solve(Problem(tongliang_problem.district, norms), time_limit_s=120)
    assert result.status is Status.OPTIMAL
    assert result.allocation is not None
    beds = result.allocation.array("beds_total")
    assert (np.diff(beds, axis=-1) >= 0).all()
