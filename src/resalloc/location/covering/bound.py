"""How cheap a cover can be at best, and what each site costs beyond its worth.

The linear relaxation of set covering is solved in its dual form, as prices on demand; where that
may take long, prices are first raised by subgradient steps (Held, Wolfe and Crowder 1974). The
bound is then computed from the prices alone (Lagrangian relaxation of the covering rows; Beasley
1987):

    L(u) = Σ_i need_i u_i + Σ_j min(0, c_j − Σ_{i covered by j} u_i)  ≤  cost of every cover

for any prices *u ≥ 0*. So the bound holds however exact the solver was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.compiled import compiled
from resalloc.location.covering.incidence import incidence
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask


_LARGE = 50_000
"""Pairs within reach from which on subgradient steps come first."""


def lower_bound(
    reach: Mask,
    need: Ints,
    cost: Floats,
    time_limit_s: float,
    *,
    upper: float = np.inf,
    enough: float = np.inf,
) -> tuple[float, Floats]:
    """Give a cost no cover can be below, and every site's reduced cost.

    A site whose reduced cost *r* is positive adds *r* to the bound when it opens, and one
    whose *r* is negative adds *−r* when it stays closed.

    Parameters
    ----------
    reach
        Demand × sites: who is reached by whom.
    need, cost
        By demand point, how many have to cover it; by site.
    time_limit_s
        Seconds the relaxation may take.
    upper
        Cost of a known cover; subgradient steps are measured against it.
    enough
        A bound above this need not be improved.

    Examples
    --------
    Three points in a ring, each covered by two of three sites: half a site each.

    >>> ring = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    >>> bound, beyond = lower_bound(ring, np.ones(3, dtype=int), np.ones(3), 10.0)
    >>> round(bound, 9)
    1.5
    """
    prices = np.zeros(len(need))
    if np.isfinite(upper) and np.count_nonzero(reach) > _LARGE:
        lists = incidence(reach)
        prices = raised(
            lists.row_start, lists.row_sites, lists.column_start, need, cost, upper, enough
        )
    first = _bound(reach, need, cost, prices)
    if first[0] > enough:
        return first
    answer = solve_with_highs(_dual(reach, need, cost), time_limit_s)
    if answer.x is None:
        return first
    second = _bound(reach, need, cost, np.maximum(answer.x[: len(need)], 0.0))
    return second if second[0] >= first[0] else first


def _bound(reach: Mask, need: Ints, cost: Floats, prices: Floats) -> tuple[float, Floats]:
    beyond = cost - prices @ reach
    return float(need @ prices + np.minimum(beyond, 0.0).sum()), beyond


def _dual(reach: Mask, need: Ints, cost: Floats) -> LinearModel:
    n, m = reach.shape
    # Opening a site twice is worth nothing: with needs above one its limit of one has a price.
    limits = m if (need > 1).any() else 0
    return LinearModel(
        cost=np.concatenate([-need.astype(float), np.ones(limits)]),
        lower=np.zeros(n + limits),
        upper=np.full(n + limits, np.inf),
        integer=np.zeros(n + limits, dtype=bool),
        matrix=sparse.csr_array(np.hstack([reach.T.astype(float), -np.eye(m, limits)])),
        row_lo=np.full(m, -np.inf),
        row_hi=cost,
    )


@compiled
def raised(
    row_start: Ints,
    row_sites: Ints,
    column_start: Ints,
    need: Ints,
    cost: Floats,
    upper: float,
    enough: float,
) -> Floats:
    """Give prices raised by subgradient steps with momentum: the best bound on the way."""
    n, m = len(row_start) - 1, len(column_start) - 1
    price, move = np.empty(n), np.zeros(n)
    for i in range(n):
        # Every site hands its cost out evenly: prices that no site exceeds.
        price[i] = np.inf
        for s in range(row_start[i], row_start[i + 1]):
            j = row_sites[s]
            price[i] = min(price[i], cost[j] / (column_start[j + 1] - column_start[j]))
    kept, beyond = price.copy(), np.empty(m)
    best, step, stale = -np.inf, 1.0, 0
    while step > 0.01:
        beyond[:] = cost
        value = 0.0
        for i in range(n):
            value += need[i] * price[i]
            for s in range(row_start[i], row_start[i + 1]):
                beyond[row_sites[s]] -= price[i]
        for j in range(m):
            value += min(0.0, beyond[j])
        stale = 0 if value > best + 1e-4 * abs(best) else stale + 1
        if value > best:
            best = value
            kept[:] = price
            if best > enough:
                break
        if stale == 20:
            stale, step = 0, 0.6 * step
            price[:] = kept
            move[:] = 0.0
            continue
        square = 0.0
        for i in range(n):
            covers = 0
            for s in range(row_start[i], row_start[i + 1]):
                covers += beyond[row_sites[s]] < 0
            move[i] = need[i] - covers + 0.9 * move[i]
            if move[i] < 0 and price[i] <= 0:
                move[i] = 0.0
            square += move[i] * move[i]
        if square == 0 or value >= upper:
            break
        for i in range(n):
            price[i] = max(0.0, price[i] + step * (upper - value) / square * move[i])
    return kept
