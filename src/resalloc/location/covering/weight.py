"""The cheapest sites that cover at least some weight, on a table of who reaches whom."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.location.covering.incidence import incidence
from resalloc.location.covering.most_bound import upper_bound
from resalloc.location.covering.most_left import Left, everything, shrunk
from resalloc.location.covering.most_search import good_coverage
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask

_STEPS = 1_000
_HAIR = 1e-7
"""Where costs are not whole numbers, sites have to be cheaper by this part to count as better."""


def cheapest_for_weight(
    reach: Mask,
    weight: Floats,
    cost: Floats,
    goal: float,
    *,
    fixed: Mask,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> tuple[Ints, float]:
    """Give the cheapest sites that cover at least `goal`, and what no such sites cost less than.

    Parameters
    ----------
    reach
        Demand × sites: who is reached by whom.
    weight, cost
        By demand point; by site; neither negative.
    goal
        Weight to be covered; all sites together cover it.
    fixed
        By site: open in any case.
    time_limit_s
        Seconds it may take; then cost and bound may differ.
    gap
        Relative gap at which it may stop.

    Raises
    ------
    SolverError
        The solver does not accept the model.

    Examples
    --------
    >>> table = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 0, 1]], dtype=bool)
    >>> people, none = np.array([5.0, 1.0, 1.0, 4.0]), np.zeros(3, dtype=bool)
    >>> sites, bound = cheapest_for_weight(table, people, np.ones(3), 6.0, fixed=none)
    >>> sites.tolist(), bound
    ([0], 1.0)
    """
    until = time.perf_counter() + (np.inf if time_limit_s is None else time_limit_s)
    counted = bool((cost == np.rint(cost)).all())
    best = np.arange(len(cost))
    price, bound = float(cost.sum()), float(cost[fixed].sum())
    sites = _searched(reach, weight, cost, goal, fixed)
    if cost[sites].sum() < price:
        best, price = sites, float(cost[sites].sum())
    # From here on only sites that cost at most this are of interest.
    target = _next_below(price, gap, counted)
    left = shrunk(everything(reach, weight, cost, target), fixed, ~fixed & (cost > target))
    while left.budget >= -1e-9 * max(1.0, target):
        if left.base >= goal:
            # The sites opened so far will do, and whatever is cheap enough has them open.
            if left.spent < price:
                best, price = left.opened, left.spent
            break
        room = until - time.perf_counter()
        raw, profit = upper_bound(left.reach, left.weight, left.cost, left.budget, room)
        most = left.base + raw + 1e-6 + 1e-11 * (left.base + raw)
        if most < goal:
            break
        decided = most - np.abs(profit) < goal
        opens, closes = decided & (profit > 0), decided & (profit < 0)
        if (opens | closes).any():
            left = shrunk(left, opens, closes)
            continue
        other, limit, ended = _branched(left, goal, until - time.perf_counter(), gap)
        if other is not None and _covered(reach, weight, other) >= goal:
            spent = float(cost[other].sum())
            best, price = (other, spent) if spent < price else (best, price)
        if not ended:
            limit = float(np.ceil(limit - 1e-6)) if counted else limit
            above = target + 1 if counted else target
            return np.sort(best), min(price, max(bound, min(limit, above)))
        break
    return np.sort(best), min(price, max(bound, target + 1 if counted else target))


def _next_below(price: float, gap: float, counted: bool) -> float:
    """Give the most that a better answer may cost."""
    below = price * (1 - max(gap, _HAIR))
    return min(price - 1, float(np.floor(below))) if counted else below


def _covered(reach: Mask, weight: Floats, sites: Ints) -> float:
    return float(weight[reach[:, sites].any(axis=1)].sum())


def _searched(reach: Mask, weight: Floats, cost: Floats, goal: float, fixed: Mask) -> Ints:
    """Give cheap sites that cover the goal: the search for most coverage, budget by bisection."""
    low, high = 0.0, float(cost[~fixed].sum())
    left = shrunk(everything(reach, weight, cost, np.inf), fixed, np.zeros_like(fixed))
    if left.base >= goal:
        return left.opened
    lists, best = incidence(left.reach), np.arange(len(cost))
    whole = bool((cost == np.rint(cost)).all())
    for _ in range(40):
        if high - low <= (1.0 if whole else 1e-3 * high):
            break
        budget = float(np.floor((low + high) / 2)) if whole else (low + high) / 2
        chosen = good_coverage(lists, left.weight, left.cost, budget, steps=_STEPS)
        sites = np.concatenate([left.opened, left.sites[chosen]])
        if _covered(reach, weight, sites) >= goal:
            best, high = sites, min(budget, float(left.cost[chosen].sum()))
        else:
            low = budget
    return best


def _branched(
    left: Left, goal: float, time_limit_s: float, gap: float
) -> tuple[Ints | None, float, bool]:
    """Give sites found by branch-and-bound, a bound on the cost, and whether there are none."""
    n, m = left.reach.shape
    base = float(left.spent)
    rows = sparse.hstack([sparse.coo_array(left.reach.astype(float)), -sparse.eye_array(n)])
    price = sparse.coo_array(np.concatenate([left.cost, np.zeros(n)])[None, :])
    people = sparse.coo_array(np.concatenate([np.zeros(m), left.weight])[None, :])
    # Half a person less is asked of whole numbers: no tolerance then tips the balance.
    half = 0.5 if (left.weight == np.rint(left.weight)).all() and goal == np.rint(goal) else 0.0
    model = LinearModel(
        cost=np.concatenate([left.cost, np.zeros(n)]),
        lower=np.zeros(m + n),
        upper=np.ones(m + n),
        integer=np.arange(m + n) < m,
        matrix=sparse.csr_array(sparse.vstack([rows, price, people])),
        row_lo=np.concatenate([np.zeros(n), [-np.inf, goal - left.base - half]]),
        row_hi=np.concatenate([np.full(n, np.inf), [left.budget, np.inf]]),
    )
    answer = solve_with_highs(model, time_limit_s, gap)
    if answer.status is Status.INFEASIBLE:
        return None, np.inf, True
    limit = base + answer.bound if np.isfinite(answer.bound) else 0.0
    if answer.x is None:
        return None, limit, False
    return np.concatenate([left.opened, left.sites[answer.x[:m] > 0.5]]), limit, False
