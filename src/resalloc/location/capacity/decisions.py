"""What the bound becomes once a site is open, or closed, or serves all of a demand point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.capacity.bounds import choose, relaxation
from resalloc.location.capacity.knapsack import pack, within

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Mask


@compiled
def pair_bounds(
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
    cutoff: float,
) -> tuple[Floats, Floats, Floats]:
    """Give what the bound becomes once a decision is taken, or any number above `cutoff`.

    Returns
    -------
    Floats
        By site: if it is open.
    Floats
        By site: if it is closed; infinite where it is fixed, or too few would be left.
    Floats
        Sites × demand: if all of this demand point is served there.
    """
    m, n = costs.shape
    begins, members = within(costs)
    part = np.zeros((m, n))
    total, values, chosen = relaxation(
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
    is_open = np.zeros(m, np.bool_)
    is_open[chosen] = True
    none, scratch = np.empty(0), np.empty(n)
    if_open, if_closed = np.full(m, np.inf), np.full(m, np.inf)
    if_served = np.full((m, n), np.inf)
    for j in range(m):
        if not allowed[j]:
            continue
        if is_open[j]:
            rest = total - values[j]
            if not fixed[j]:
                held = values[j]
                values[j] = np.inf
                others = choose(values, fixed, fewest, most)
                values[j] = held
                if len(others) >= fewest:
                    if_closed[j] = prices.sum() + values[others].sum()
        else:
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
            forced = fixed.copy()
            forced[j] = True
            if fixed.sum() + 1 > most:
                continue
            others = choose(values, forced, fewest, most)
            rest = prices.sum() + values[others].sum() - values[j]
            if_closed[j] = total
        if_open[j] = rest + values[j]
        if if_open[j] > cutoff:
            continue
        for i in range(n):
            if costs[j, i] == np.inf or (whole and demand[i] > room[j]):
                continue
            extra = costs[j, i] - prices[i]
            served = if_open[j] + max(extra, 0.0)
            if part[j, i] < 1.0 and served <= cutoff:
                left = max(room[j] - demand[i], 0.0)
                base = rest + opening[j] + extra
                served = base + pack(
                    costs[j],
                    members[begins[j] : begins[j + 1]],
                    prices,
                    demand,
                    left,
                    i,
                    whole,
                    none,
                )
                if whole and served <= cutoff:
                    served = base + pack(
                        costs[j],
                        members[begins[j] : begins[j + 1]],
                        prices,
                        demand,
                        left,
                        i,
                        whole,
                        scratch,
                    )
            if_served[j, i] = served
    return if_open, if_closed, if_served
