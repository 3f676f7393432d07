"""The sites within a budget that cover the most weight, on a table of who reaches whom.

Cheap things first: a search for good sites, the linear bound, sites the bound decides, demand
merged again among the sites that are left; only the rest goes to branch-and-bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.location.covering.incidence import incidence
from resalloc.location.covering.most_bound import upper_bound
from resalloc.location.covering.most_left import everything, shrunk
from resalloc.location.covering.most_search import good_coverage
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.covering.most_left import Left

_STEPS, _MORE = 3_000, 500
_HAIR = 1e-7
"""Where weights are not whole numbers, sites must cover more by this part to count as better."""


@dataclass(frozen=True)
class MostCovered:
    """Sites that cover much, and how far they are proven.

    Parameters
    ----------
    open
        Their positions, ascending.
    value
        Weight they cover.
    bound
        No affordable sites cover more.
    """

    open: Ints
    value: float
    bound: float


def most_covered(
    reach: Mask,
    weight: Floats,
    cost: Floats,
    budget: float,
    *,
    fixed: Mask | None = None,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> MostCovered:
    """Give the sites within a budget that cover the most weight.

    Parameters
    ----------
    reach
        Demand × sites: who is reached by whom.
    weight, cost
        By demand point; by site; neither negative.
    budget
        What the open sites may cost together, the fixed ones included.
    fixed
        By site: open in any case; they must be affordable.
    time_limit_s
        Seconds it may take; then value and bound may differ.
    gap
        Relative gap at which it may stop.

    Raises
    ------
    SolverError
        The solver does not accept the model.

    Examples
    --------
    >>> table = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=bool)
    >>> found = most_covered(table, np.array([5.0, 1.0, 1.0, 4.0]), np.ones(3), 2)
    >>> found.open.tolist(), found.value, found.bound
    ([0, 2], 11.0, 11.0)
    """
    until = time.perf_counter() + (np.inf if time_limit_s is None else time_limit_s)
    m = reach.shape[1]
    kept = np.zeros(m, dtype=bool) if fixed is None else fixed
    too_dear = ~kept & (cost > budget + 1e-9 * max(1.0, budget))
    left = shrunk(everything(reach, weight, cost, budget), kept, too_dear)
    counted = bool((weight == np.rint(weight)).all())
    best, value, bound = left.opened, left.base, np.inf
    goal, steps = 0.0, _STEPS
    while True:
        chosen = good_coverage(
            incidence(left.reach), left.weight, left.cost, left.budget, steps=steps
        )
        steps = _MORE
        sites = np.concatenate([left.opened, left.sites[chosen]])
        covered = float(weight[reach[:, sites].any(axis=1)].sum())
        if covered > value:
            best, value = sites, covered
        goal = max(goal, _next_above(value, gap, counted))
        room = until - time.perf_counter()
        raw, profit = upper_bound(left.reach, left.weight, left.cost, left.budget, room)
        # What the bound has excluded so far is worth less than the goal.
        bound = min(bound, max(_rounded(left.base + raw, counted), _below(goal, counted)))
        decided = left.base + raw - np.abs(profit) + _slack(bound) < goal
        opens, closes = decided & (profit > 0), decided & (profit < 0)
        if bound <= _below(goal, counted) or not (opens | closes).any():
            break
        left = shrunk(left, opens, closes)
        if left.budget < -1e-9 * max(1.0, budget):
            bound = _below(goal, counted)
            break
    if bound > _below(goal, counted):
        sites, limit = _branched(left, until - time.perf_counter(), gap)
        covered = float(weight[reach[:, sites].any(axis=1)].sum())
        if covered > value:
            best, value = sites, covered
        bound = min(bound, max(_rounded(limit, counted), _below(goal, counted)))
    return MostCovered(np.sort(best), value, max(value, bound))


def _slack(value: float) -> float:
    """Rounding to be allowed for in a sum of that size."""
    return 1e-6 + 1e-11 * abs(value) if np.isfinite(value) else 0.0


def _rounded(bound: float, counted: bool) -> float:
    """Give the bound that holds when weights are whole numbers."""
    return float(np.floor(bound + _slack(bound))) if counted and np.isfinite(bound) else bound


def _next_above(value: float, gap: float, counted: bool) -> float:
    """Give the least coverage that is still worth finding."""
    return max(value + 1 if counted else value * (1 + _HAIR), value * (1 + gap))


def _below(goal: float, counted: bool) -> float:
    """Give the most that something short of the goal can cover."""
    return float(np.ceil(goal)) - 1 if counted else goal


def _branched(left: Left, time_limit_s: float, gap: float) -> tuple[Ints, float]:
    """Give sites found by branch-and-bound and what no sites cover more than."""
    n, m = left.reach.shape
    size = float(left.weight.max(initial=1.0))
    rows = sparse.hstack([sparse.coo_array(left.reach.astype(float)), -sparse.eye_array(n)])
    price = sparse.coo_array(np.concatenate([left.cost, np.zeros(n)])[None, :])
    model = LinearModel(
        cost=np.concatenate([np.zeros(m), -left.weight / size]),
        lower=np.zeros(m + n),
        upper=np.ones(m + n),
        integer=np.arange(m + n) < m,
        matrix=sparse.csr_array(sparse.vstack([rows, price])),
        row_lo=np.concatenate([np.zeros(n), [-np.inf]]),
        row_hi=np.concatenate([np.full(n, np.inf), [left.budget]]),
    )
    answer = solve_with_highs(model, time_limit_s, gap)
    if answer.x is None:
        return left.opened, np.inf
    sites = np.concatenate([left.opened, left.sites[answer.x[:m] > 0.5]])
    return sites, left.base - answer.bound * size
