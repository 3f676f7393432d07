"""Beginning a solve at a plan: the same answers, whatever the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import sparse

from resalloc.milp import highs
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.problem.allocation import Allocation
from resalloc.problem.columns import Axis, Block, Columns
from resalloc.solver.parts import solve_in_parts
from resalloc.solver.solve import solve
from resalloc.solver.start import carried_over
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem
    from resalloc.result.result import Result


def _model(start: list[float] | None) -> LinearModel:
    """2x + 3y least where 3x + 5y ≥ 11, whole: 7 at (2, 1)."""
    matrix = sparse.csr_array(np.array([[3.0, 5.0]]))
    ends = np.zeros(2), np.full(2, 10.0)
    begin = None if start is None else np.array(start)
    row = (matrix, np.array([11.0]), np.array([np.inf]))
    return LinearModel(np.array([2.0, 3.0]), *ends, np.ones(2, dtype=bool), *row, begin)


STARTS = pytest.mark.parametrize("start", [[2, 1], [4, 0], [0, 0], [99, -5], [0.4, 2.6]])


@STARTS
def test_any_start_gives_the_optimum(start: list[float]):
    """The optimum, a dearer answer, one that keeps no row, out of bounds, not whole."""
    answer = solve_with_highs(_model(start), 10.0)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, pytest.approx(7))
    assert answer.x == pytest.approx([2, 1])


@STARTS
def test_no_start_mends_what_cannot_be(start: list[float]):
    model = replace(_model(start), row_hi=np.array([np.inf]), row_lo=np.array([81.0]))
    assert solve_with_highs(model, 10.0).status is Status.INFEASIBLE


def test_a_start_goes_with_its_columns():
    """Columns that are added begin at 0; each part of a model begins at its own columns."""
    model = _model([2, 1]).with_columns(np.zeros(1), np.ones(1), np.ones(1, dtype=bool))
    assert model.start is not None
    assert model.start.tolist() == [2, 1, 0]
    seen = []

    def note(part: LinearModel, limit: float, gap: float):
        seen.append(part.start)
        return solve_with_highs(part, limit, gap)

    assert solve_in_parts(model, 10.0, note).objective == pytest.approx(7)
    assert [part.tolist() for part in seen if part is not None] == [[2, 1, 0]]


def test_an_objective_that_is_not_its_solutions_is_not_believed(monkeypatch: pytest.MonkeyPatch):
    """The solver begins again, cold."""
    begun: list[list[float]] = []
    monkeypatch.setattr(highs, "_begin_at", lambda start, *_: begun.append(start.tolist()))
    monkeypatch.setattr(highs, "_is_its_own", lambda *_: False)
    answer = solve_with_highs(_model([4, 0]), 10.0)
    assert (answer.objective, begun) == (pytest.approx(7), [[4, 0]])


def test_what_is_its_own_is_told_from_what_is_not():
    model, x = _model([4, 0]), np.array([2.0, 1.0])
    assert highs._is_its_own(7.0, x, model)
    assert not highs._is_its_own(6.0, x, model)
    assert not highs._is_its_own(4.0, np.array([2.0, 0.0]), model)  # 6 < 11
    assert highs._is_its_own(np.nan, None, model)


def _crews(years: tuple[int, ...], *sites: str) -> Columns:
    cells = np.zeros(len(sites))
    return Columns.of([Block("crews", (Axis("site", sites),), years, cells, cells, cells)])


def test_a_plan_is_carried_over_by_the_names_of_its_cells():
    plan = Allocation(_crews((2023, 2025), "A", "B"), np.array([1.0, 2.0, 3.0, 4.0]))
    x = carried_over(plan, _crews((2025, 2030), "B", "C"))
    np.testing.assert_array_equal(x, [4, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(carried_over(plan, plan.columns), plan.x)


@pytest.mark.parametrize("share", [1.0, 0.0, 3.0])
def test_a_problem_begun_at_a_plan_has_the_same_answer(
    town_problem: Problem, town_result: Result, share: float
):
    """Its own plan; nothing at all; three times as much of everything."""
    plan = town_result.allocation
    assert plan is not None
    start = Allocation(plan.columns, plan.x * share)
    result = solve(town_problem, start=start)
    assert result.status is Status.OPTIMAL
    for mine, cold in zip(result.phases[:2], town_result.phases[:2], strict=True):
        assert mine.value == pytest.approx(cold.value, rel=1e-6)
    assert result.phases[2].value == pytest.approx(town_result.phases[2].value, rel=5e-3)
