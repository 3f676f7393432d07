"""Plans of one future in another, worked out by hand.

Expected is the plan of tests/data/three_towns/README.md: 495 beds, 792 staff, 330 childcare
places, 16,430 万元. A: four places per 1,000 are 440, at 1 万元 each 110 more: 16,540. B: 4.9 beds
per 1,000 are 539, in fives 540, 45 more in primary care at 40 万元, and 1.6 × 45 = 72 more staff
at 15 × 5: 16,430 + 1,800 + 5,400 = 23,630. C: no site is within 3 km of 南/b and 北/b; no plan.

Of 15 rows of expected clauses 南镇's beds are 2 / 42 short; at 4.9 the 495 beds are
44 / 539 short too.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.result.scorecard import TOLERANCE
from resalloc.scoring.score import score_allocation
from resalloc.sweep.reoptimise.evaluate import BROKEN, SHORT, Measure
from resalloc.sweep.reoptimise.future import planning_under
from resalloc.sweep.reoptimise.outcome import BASE
from resalloc.sweep.reoptimise.regret import Regret
from resalloc.sweep.reoptimise.reoptimised import from_outcomes

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Batch
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised

V = 100 * 2 / 42 * 16 / 15
W = 100 * (44 / 539 + (44 / 539 + 2 / 42) / 15)
PLANS = (BASE, 0, 1, 2)


def _regret(again: Reoptimised) -> Regret:
    assert again.regret is not None
    return again.regret


def test_every_plan_is_a_candidate_and_every_future_is_judged(again: Reoptimised):
    regret = _regret(again)
    assert regret.plans == PLANS
    assert regret.futures == (0, 1, 2, 3)
    assert [measure.name for measure in regret.measures] == [BROKEN, SHORT, "cost"]


def test_values_by_hand(again: Reoptimised):
    expected = [[(0, V), (1, V), (0, W), (1, V)]] * 4
    expected[2] = [(0, V), (0, V), (0, W), (1, V)]
    expected[3] = [(0, V), (1, V), (0, V), (1, V)]
    np.testing.assert_allclose(_regret(again).values[..., :2], expected, rtol=1e-9)
    cost = np.array([16430, 16430, 16540, 23630])
    np.testing.assert_allclose(_regret(again).values[..., 2], np.tile(cost[:, None], 4))
    np.testing.assert_allclose(_regret(again).cost_wan, np.tile(cost[:, None], 4))


def test_regret_by_hand(again: Reoptimised):
    """Best are: expected; A; B; and, where all break the radius, the cheapest, expected."""
    regret = _regret(again).regret
    assert regret[..., 0].tolist() == [[0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 1, 0, 0]]
    short = np.zeros((4, 4))
    short[:3, 2] = W - V
    np.testing.assert_allclose(regret[..., 1], short, atol=1e-9)
    cost = [[0, -110, -7200, 0]] * 2 + [[110, 0, -7090, 110], [7200, 7090, 0, 7200]]
    np.testing.assert_allclose(regret[..., 2], cost)


def test_the_plan_to_regret_least_breaks_the_fewest_clauses(again: Reoptimised):
    regret = _regret(again)
    np.testing.assert_allclose(regret.greatest[:, 0], [1, 1, 0, 1])
    np.testing.assert_allclose(regret.greatest[:, 2], [0, 0, 110, 7200])
    np.testing.assert_allclose(regret.expected[:, 0], [0.5, 0.5, 0.25, 0.5])
    assert (regret.minimax, regret.best_expected) == (1, 1)


def test_a_broken_binding_clause_is_named(again: Reoptimised):
    regret = _regret(again)
    assert regret.breaks(BASE) == {1: ("childcare_places",), 3: ("reach_rural",)}
    assert "breaks a binding clause in 1 of 4 futures: scenario 4 (reach_rural)" in str(again)
    assert "在 4 种情形中的 1 种违反约束性条款：情形 4 (reach_rural)" in again.summary("zh")
    frame = regret.frame().set_index(["plan", "future"])
    assert frame.loc[("base", "scenario 2"), "breaks"] == "childcare_places"
    assert regret.plan_frame()["minimax regret"].tolist() == [False, False, True, False]


def test_weights_decide_what_is_best_on_average(again: Reoptimised):
    """Only the expected future counts: its own plan and the base plan cost least; base first."""
    only = replace(_regret(again), weights=np.array([1.0, 0, 0, 0]))
    assert (only.best_expected, only.minimax) == (BASE, 1)
    beds = replace(_regret(again), weights=np.array([0.1, 0, 0.9, 0]))
    assert beds.best_expected == 2


@pytest.mark.parametrize("weights", [[1, 1], [1, 1, 1, -1], [0, 0, 0, 0], [1, 1, 1, np.nan]])
def test_weights_that_do_not_fit_are_refused(
    again: Reoptimised, town_problem: Problem, futures: Batch, weights
):
    outcomes = (again.base, *again.outcomes)
    with pytest.raises(InputError, match="4 numbers from 0 up"):
        from_outcomes(town_problem, futures, outcomes, weights=np.array(weights))


def test_a_plan_in_its_own_future_is_worth_what_the_solver_said(again: Reoptimised):
    regret = _regret(again)
    for outcome in again.outcomes:
        if outcome.usable:
            own = regret.values[regret.plans.index(outcome.scenario), outcome.scenario]
            clauses, cost, _ = outcome.phases
            np.testing.assert_allclose(own, [0, clauses.value, cost.value], rtol=1e-6)


def test_what_a_plan_breaks_is_what_the_scorecard_says(
    again: Reoptimised, town_problem: Problem, futures: Batch
):
    regret = _regret(again)
    for s, scenario in enumerate(futures.scenarios()):
        rows = planning_under(town_problem, scenario).rows()
        x = rows.columns.today.copy()
        plan = again.outcomes[1].x
        assert plan is not None
        x[: len(plan)] = plan
        card = score_allocation(rows, x, 2025, title="")
        broken = [
            c.norm.id
            for c in card
            if c.norm.reads.binding and c.norm.id in regret.binding and c.verdict != "met"
        ]
        assert tuple(broken) == regret.breaks(1).get(s, ())


def _table(values: list[list[tuple[float, float]]], cost: list[list[float]]) -> Regret:
    plans, scenarios = len(values), len(values[0])
    measures = (Measure("clauses", "", TOLERANCE), Measure("cost", "万元", TOLERANCE))
    broken = np.zeros((plans, scenarios, 0), dtype=bool)
    weights = np.full(scenarios, 1 / scenarios)
    names = tuple(range(plans)), tuple(range(scenarios))
    return Regret(*names, weights, measures, np.array(values), (), broken, np.array(cost))


def test_savages_example_by_hand():
    """Costs alone; regrets (0, 5), (3, 1), (6, 0): the middle plan, 3 at worst."""
    costs = [[10.0, 25.0], [13.0, 21.0], [16.0, 20.0]]
    table = _table([[(0.0, c) for c in row] for row in costs], costs)
    assert table.regret[..., 1].tolist() == [[0, 5], [3, 1], [6, 0]]
    assert (table.minimax, table.best_expected) == (1, 1)  # 17.5, 17, 18 on average


def test_equal_regret_is_decided_by_cost_then_by_order():
    """Regrets (0, 2) and (2, 0); the second costs less on average; then all alike."""
    table = _table([[(0.0, 1.0), (0.0, 3.0)], [(0.0, 3.0), (0.0, 1.0)]], [[9, 9], [9, 8]])
    assert table.minimax == 1
    same = _table([[(0.0, 1.0), (0.0, 3.0)], [(0.0, 3.0), (0.0, 1.0)]], [[9, 9], [9, 9]])
    assert same.minimax == 0


def test_what_cannot_be_said_is_no_better_than_anything():
    table = _table([[(np.inf, 1.0)], [(0.0, 5.0)]], [[1.0], [5.0]])
    assert table.regret.tolist() == [[[np.inf, -4.0]], [[0.0, 0.0]]]
    assert table.minimax == 1
    lost = _table([[(np.inf, 1.0)], [(np.inf, 5.0)]], [[1.0], [5.0]])
    assert lost.regret[..., 0].tolist() == [[0.0], [0.0]]
