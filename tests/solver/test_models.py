"""Small models with known answers: both roads, parts, limits, what is unbounded or infeasible."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import Answer, LinearModel
from resalloc.solver.other import solve_with_pulp
from resalloc.solver.parts import parts_of, solve_in_parts
from resalloc.status import Status


def _model(
    cost: list[float],
    rows: list[tuple[list[float], float, float]],
    upper: float = np.inf,
    *,
    integer: bool = True,
) -> LinearModel:
    size = len(cost)
    matrix = sparse.csr_array(np.array([row for row, _, _ in rows]).reshape(len(rows), size))
    return LinearModel(
        np.array(cost),
        np.zeros(size),
        np.full(size, upper),
        np.full(size, integer),
        matrix,
        np.array([lo for _, lo, _ in rows]),
        np.array([hi for _, _, hi in rows]),
    )


def _highs(model: LinearModel, limit: float = 10.0) -> Answer:
    return solve_with_highs(model, limit)


def _cbc(model: LinearModel, limit: float = 10.0) -> Answer:
    return solve_with_pulp(model, "cbc", limit)


ROADS = pytest.mark.parametrize("solve", [_highs, _cbc], ids=["highs", "cbc"])
NONE = (-np.inf, np.inf)


@ROADS
def test_whole_numbers_cost_more_than_fractions(solve):
    """3x + 5y ≥ 11 at costs 2 and 3: as fractions 6.6 (y = 2.2), whole 7 (x = 2, y = 1)."""
    rows = [([3.0, 5.0], 11.0, np.inf)]
    whole, part = _model([2.0, 3.0], rows), _model([2.0, 3.0], rows, integer=False)
    assert solve(whole).objective == pytest.approx(7)
    assert solve(part).objective == pytest.approx(6.6)
    assert solve(whole).status is Status.OPTIMAL
    assert solve(whole).gap == 0


@ROADS
def test_no_solution_is_infeasible(solve):
    answer = solve(_model([1.0], [([1.0], 3.0, np.inf), ([1.0], -np.inf, 2.0)]))
    assert answer.status is Status.INFEASIBLE
    assert answer.x is None


@ROADS
def test_no_whole_solution_is_infeasible(solve):
    """2x + 2y = 3 holds for fractions only."""
    answer = solve(_model([1.0, 1.0], [([2.0, 2.0], 3.0, 3.0)], upper=5))
    assert answer.status is Status.INFEASIBLE


@ROADS
def test_an_endless_gain_is_unbounded(solve):
    answer = solve(_model([-1.0, 1.0], [([1.0, -1.0], 0.0, np.inf)], integer=False))
    assert answer.status is Status.UNBOUNDED
    assert answer.x is None


@ROADS
def test_a_column_of_no_row_stays_nearest_to_zero(solve):
    """A cadre no clause speaks of keeps today's people: its lower bound, not zero."""
    model = _model([1.0, 0.0], [([1.0, 0.0], 2.0, np.inf)])
    kept = LinearModel(
        model.cost, np.array([0.0, 7.0]), model.upper, model.integer, model.matrix,
        model.row_lo, model.row_hi,
    )  # fmt: skip
    assert solve(kept).x == pytest.approx([2, 7])


def _knapsack(size: int, seed: int = 5) -> LinearModel:
    """Equal weight and value, hard to prove: choose as much as fits."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(1000, 9000, size=(3, size)).astype(float)
    rows = [(list(w), -np.inf, float(w.sum() // 2)) for w in weight]
    return _model(list(-weight.sum(axis=0) / 3), rows, upper=1.0)


@ROADS
def test_a_time_limit_is_never_optimal(solve):
    """Stopped early: with something found FEASIBLE, with nothing UNKNOWN; never a proof."""
    answer = solve(_knapsack(120), 1.0)
    assert answer.status in (Status.FEASIBLE, Status.UNKNOWN)
    assert (answer.x is None) == (answer.status is Status.UNKNOWN)


def test_a_stopped_search_tells_its_gap():
    answer = _highs(_knapsack(120), 1.0)
    assert answer.status is Status.FEASIBLE
    assert answer.bound <= answer.objective
    assert 0 < answer.gap < 0.5


def _side_by_side(count: int) -> LinearModel:
    """Chains of 500 columns that no row connects, with a loose column between them."""
    length = 500
    blocks, costs = [], []
    rng = np.random.default_rng(1)
    for _ in range(count):
        step = np.arange(length - 1)
        entries = np.concatenate([np.ones(length - 1), np.ones(length - 1)])
        chain = sparse.csr_array(
            (entries, (np.concatenate([step, step]), np.concatenate([step, step + 1]))),
            shape=(length - 1, length),
        )
        blocks += [chain, sparse.csr_array((0, 1))]
        costs += [rng.uniform(1, 2, size=length), np.array([1.0])]
    matrix = sparse.csr_array(sparse.block_diag(blocks))
    cost, rows = np.concatenate(costs), matrix.shape[0]
    return LinearModel(
        cost, np.zeros(len(cost)), np.full(len(cost), 9.0), np.ones(len(cost), dtype=bool),
        matrix, np.ones(rows), np.full(rows, np.inf),
    )  # fmt: skip


def test_parts_are_found_and_no_row_is_lost():
    """Three long chains apart, the loose columns together as part 0."""
    model = _side_by_side(3)
    parts = parts_of(model)
    assert parts.count == 4
    assert sorted(np.bincount(parts.column).tolist()) == [3, 500, 500, 500]
    for r in range(model.matrix.shape[0]):
        used = model.matrix.indices[model.matrix.indptr[r] : model.matrix.indptr[r + 1]]
        assert len(set(parts.column[used])) == 1


def test_parts_together_are_the_whole():
    model = _side_by_side(3)
    apart = solve_in_parts(model, 30.0, solve_with_highs)
    whole = solve_with_highs(model, 30.0)
    assert apart.status is whole.status is Status.OPTIMAL
    assert apart.objective == pytest.approx(whole.objective)
    assert apart.bound == pytest.approx(whole.objective)
    assert apart.x is not None
    assert model.cost @ apart.x == pytest.approx(whole.objective)
    assert (model.matrix @ apart.x >= model.row_lo - 1e-6).all()


def test_one_infeasible_part_makes_the_whole_infeasible():
    model = _side_by_side(2)
    row_lo = model.row_lo.copy()
    row_lo[-1] = 19.0  # two columns of at most 9
    broken = LinearModel(
        model.cost, model.lower, model.upper, model.integer, model.matrix, row_lo, model.row_hi
    )
    answer = solve_in_parts(broken, 30.0, solve_with_highs)
    assert answer.status is Status.INFEASIBLE
    assert answer.x is None


def test_an_empty_row_that_cannot_hold_is_noticed():
    """0 ≥ 1, in a model with several parts: some part must own the row."""
    model = _side_by_side(2)
    empty = sparse.csr_array((1, model.size))
    broken = model.with_rows(empty, np.ones(1), np.full(1, np.inf))
    assert solve_in_parts(broken, 30.0, solve_with_highs).status is Status.INFEASIBLE


@pytest.mark.parametrize(
    ("status", "code"),
    [(Status.OPTIMAL, 0), (Status.FEASIBLE, 0), (Status.INFEASIBLE, 3), (Status.UNBOUNDED, 4),
     (Status.UNKNOWN, 4)],
)  # fmt: skip
def test_exit_codes(status: Status, code: int):
    assert status.exit_code == code
    assert status.label("zh") != status.label("en") == status.value
