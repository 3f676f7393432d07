"""Lower bounds for capacitated siting, by relaxing that every demand point is served once.

With a price *u_i* on serving demand point *i*, the sites no longer compete for demand: each
packs what pays best into its own capacity, a knapsack, and the best sites are opened:

    L(u) = Σ_i u_i + min_S Σ_{j∈S} (f_j + v_j(u)),
    v_j(u) = min { Σ_i (c_ij − u_i) x_i : Σ_i q_i x_i ≤ Q_j, 0 ≤ x_i ≤ 1 }

where *c* is the cost of serving all of *i* from *j*, *q* its demand, *Q* the capacity, *f* the
cost of opening, and *S* may hold between `fewest` and `most` sites, every fixed one among them.
Any *u* gives a bound; subgradient steps look for a good one. Where demand may not be split,
*x* is 0 or 1, and the bound is that of the set-partitioning formulation, which no bound of the
compact formulation without cuts can pass.

Sources: Pirkul, "Efficient algorithms for the capacitated concentrator location problem",
Computers & Operations Research 14 (1987); Beasley, "Lagrangean heuristics for location
problems", European Journal of Operational Research 65 (1993).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.capacity.knapsack import ordered, pack, within

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask


@compiled
def choose(values: Floats, fixed: Mask, fewest: int, most: int) -> Ints:
    """Give the sites with the least sum of values: fixed ones, and as few or many as allowed."""
    order = ordered(values)
    count = 0
    for j in range(len(fixed)):
        count += fixed[j]
    chosen = np.empty(max(most, count), np.int64)
    k = 0
    for j in range(len(fixed)):
        if fixed[j]:
            chosen[k] = j
            k += 1
    for j in order:
        if k >= most or values[j] == np.inf:
            break
        if fixed[j]:
            continue
        if k >= fewest and values[j] >= 0:
            break
        chosen[k] = j
        k += 1
    return chosen[:k]


@compiled
def relaxation(
    costs: Floats,
    demand: Floats,
    room: Floats,
    opening: Floats,
    fixed: Mask,
    allowed: Mask,
    fewest: int,
    most: int,
    whole: bool,
    prices: Floats,
    part: Floats,
    begins: Ints,
    members: Ints,
) -> tuple[float, Floats, Ints]:
    """Give L(u), the value f_j + v_j of each site, and the sites opened.

    `begins` and `members` are those of `within`. `part` (sites × demand) is filled in the rows
    of the sites opened. Where demand is whole, a site's knapsack is solved exactly only once
    the site is among the best by its fractional value, which never exceeds the exact one: the
    bound holds all the same.
    """
    m = len(room)
    none = np.empty(0)
    values = np.full(m, np.inf)
    for j in range(m):
        if allowed[j]:
            values[j] = opening[j] + pack(
                costs[j],
                members[begins[j] : begins[j + 1]],
                prices,
                demand,
                room[j],
                -1,
                whole,
                none,
            )
    exact = np.zeros(m, np.bool_)
    while True:
        chosen = choose(values, fixed, fewest, most)
        again = False
        for j in chosen:
            if not exact[j]:
                exact[j] = True
                again = again or whole
                values[j] = opening[j] + pack(
                    costs[j],
                    members[begins[j] : begins[j + 1]],
                    prices,
                    demand,
                    room[j],
                    -1,
                    whole,
                    part[j],
                )
        if not again:
            break
    total = prices.sum() if len(chosen) >= fewest else np.inf
    for j in chosen:
        total += values[j]
    return total, values, chosen


@compiled
def ascend(
    costs: Floats,
    demand: Floats,
    room: Floats,
    opening: Floats,
    fixed: Mask,
    allowed: Mask,
    fewest: int,
    most: int,
    whole: bool,
    start: Floats,
    target: float,
    cutoff: float,
    steps: int,
    scale: float,
    patience: int,
) -> tuple[float, Floats, Ints, Floats, float]:
    """Give a bound, its prices, the sites opened there, the mean packing, and the scale.

    The mean packing (sites × demand, up to a factor) counts later steps more: it approximates
    the linear solution behind the bound, and says what to branch on.

    Parameters
    ----------
    start
        Prices to start from.
    target
        Objective of a known answer: sets the length of the steps.
    steps
        How many to take.
    scale
        Of the steps; halved where they no longer help, and given back for the next call.
    """
    m, n = costs.shape
    begins, members = within(costs)
    part = np.zeros((m, n))
    prices, best_prices = start.copy(), start.copy()
    best, best_chosen = -np.inf, np.empty(0, np.int64)
    mean, weight = np.zeros((m, n)), 1.0
    direction = np.zeros(n)
    stuck = 0
    for step in range(steps):
        bound, _values, chosen = relaxation(
            costs,
            demand,
            room,
            opening,
            fixed,
            allowed,
            fewest,
            most,
            whole,
            prices,
            part,
            begins,
            members,
        )
        short = np.ones(n)
        weight *= 1.04
        for j in chosen:
            short -= part[j]
            mean[j] += weight * part[j]
        if bound > best + 1e-9 * abs(best) or step == 0:
            best, stuck = bound, 0
            best_prices[:] = prices
            best_chosen = chosen.copy()
        else:
            stuck += 1
        if bound > cutoff:
            break
        if stuck >= patience:
            stuck, scale = 0, scale / 2
            prices[:] = best_prices
            direction[:] = 0.0
            continue
        direction = 0.4 * direction + short
        length = (direction * direction).sum()
        if (short * short).sum() == 0.0 or scale < 1e-4:
            break
        if length == 0.0:
            direction[:] = short
            length = (direction * direction).sum()
        prices += scale * max(target - bound, 1e-6 * abs(target)) / length * direction
    return best, best_prices, best_chosen, mean, scale
