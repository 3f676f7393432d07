"""A plan judged in a future: the budget, sites that are gone, what may shrink."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.problem.problem import Options, Problem
from resalloc.problem.scenario import Batch, Factor
from resalloc.sweep.reoptimise.evaluate import (
    BUDGET,
    GIVEN_UP,
    Judged,
    binding_of,
    judge,
    measures_of,
)
from resalloc.sweep.reoptimise.future import Future, planning_under
from resalloc.sweep.reoptimise.outcome import BASE
from resalloc.sweep.reoptimise.reoptimised import Reoptimised, from_outcomes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.problem.columns import Floats
    from resalloc.result.result import Result


@pytest.fixture(scope="module")
def plan(town_problem: Problem, town_result: Result) -> Floats:
    """The plan of README.md in the decision columns."""
    assert town_result.allocation is not None
    return town_result.allocation.x[: Future(town_problem).columns().size]


def _judged(
    problem: Problem, plan: Floats, scenario: Mapping[Factor, float]
) -> tuple[Judged, tuple[str, ...]]:
    future = planning_under(problem, scenario)
    binding = binding_of(Future(problem).rows())
    return judge(future.rows(), [plan], future.columns(), binding), binding


def test_a_ceiling_that_a_plan_goes_beyond_is_broken(town_problem: Problem, plan: Floats):
    """The plan takes 5,030 of capital."""
    for ceiling, broken in ((5030.0, False), (5029.0, True)):
        rows = planning_under(town_problem, {Factor("budget_wan"): ceiling}).rows()
        columns = Future(town_problem).columns()
        assert binding_of(rows)[-1] == BUDGET
        found = judge(rows, [plan], columns, (BUDGET,))
        assert (found.broken.tolist(), found.values[0, 0]) == ([[broken]], broken)


def test_a_ceiling_of_the_futures_is_a_binding_clause_of_all(
    again: Reoptimised, town_problem: Problem
):
    batch = Batch((Factor("budget_wan"),), np.array([[5029.0], [9000.0]]))
    found = from_outcomes(town_problem, batch, (again.base, *again.outcomes[:2])).regret
    assert found is not None
    assert found.breaks(BASE) == {0: (BUDGET,)}
    assert found.breaks(1) == {0: (BUDGET,)}


def test_where_nobody_is_on_duty_a_response_clause_is_broken(town_problem: Problem, plan: Floats):
    """All four sites are shut: no point is reached, so nothing can be said to hold of it."""
    sites = town_problem.district.sites.index
    judged, binding = _judged(town_problem, plan, {Factor(f"site[{s}]"): 0.0 for s in sites})
    broken = {norm for norm, fails in zip(binding, judged.broken[0], strict=True) if fails}
    assert broken == {"reach_rural", "mean_response_min"}


def test_less_than_stands_today_in_a_future_is_no_saving(town_problem: Problem, plan: Floats):
    """Fifty beds stand at the hospital already, and it has the 350 of the plan: 3,000 less."""
    wing = Factor("project", "wing", {"beds[县人民医院]": 50.0}, counted=False)
    judged, _ = _judged(town_problem, plan, {wing: 1.0})
    assert judged.cost_wan.tolist() == [16430 - 3000]
    assert judged.values[0, -1] == pytest.approx(16430 - 3000)
    assert not judged.broken.any()


def test_where_institutions_may_shrink_what_is_given_up_comes_before_cost(
    town_problem: Problem, plan: Floats
):
    """More nurses in the hospital in that future than the plan has: the rest is given up."""
    problem = Problem(town_problem.district, town_problem.norms, Options(shrink=True))
    assert [m.name for m in measures_of(Future(problem).rows())][2:] == [GIVEN_UP, "cost"]
    columns = Future(problem).columns()
    nurse = columns["staff"].along("cadre").index("nurse")
    planned = plan[columns["staff"].ids[0, nurse, 0]]
    judged, _ = _judged(problem, plan, {Factor("staff.nurse[县人民医院]"): 2.0})
    assert judged.values[0, 2] == 480 - planned


def test_another_objective_is_measured_by_its_own_goal(town_problem: Problem, plan: Floats):
    """Crews at the hospital and at 南镇: 658 / 110 + 4 minutes."""
    problem = Problem(town_problem.district, town_problem.norms, Options(objective="access"))
    judged, _ = _judged(problem, plan, {})
    assert judged.values[0, -1] == pytest.approx(658 / 110 + 4)
    assert judged.cost_wan.tolist() == [16430]


def test_a_goal_that_cannot_be_said_is_as_bad_as_can_be(town_problem: Problem, plan: Floats):
    """Nobody on duty, no minutes."""
    problem = Problem(town_problem.district, town_problem.norms, Options(objective="access"))
    sites = town_problem.district.sites.index
    judged, _ = _judged(problem, plan, {Factor(f"site[{s}]"): 0.0 for s in sites})
    assert judged.values[0, -1] == np.inf
