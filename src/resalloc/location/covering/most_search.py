"""Sites that together cover much, fast: best per cost first, then tabu moves.

Greedy adding (Church and ReVelle 1974), then steps that drop the site missed least and add
what helps most; a site that just moved stays where it is for some steps (Glover 1989). Ties go
to the site that moved longest ago, then to the first: the same input gives the same answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.covering.search import flip

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.covering.incidence import Incidence


def good_coverage(
    lists: Incidence, weight: Floats, cost: Floats, budget: float, *, steps: int
) -> Mask:
    """Give sites within the budget that cover much weight.

    Parameters
    ----------
    lists
        Who covers whom.
    weight, cost
        By demand point; by site.
    budget
        The open sites may cost this much together.
    steps
        Moves it may try.
    """
    return tabu(
        lists.row_start,
        lists.row_sites,
        lists.column_start,
        lists.column_rows,
        weight,
        cost,
        budget,
        steps,
    )


@compiled
def most_helpful(
    is_open: Mask, cost: Floats, worth: Floats, moved: Ints, until: Ints, t: int, left: float
) -> int:
    """Give the closed site that adds most per cost among those that can be paid; −1 if none."""
    best = -1
    for j in range(len(is_open)):
        if is_open[j] or until[j] > t or cost[j] > left or worth[j] <= 0:
            continue
        if best >= 0:
            here, there = worth[j] * cost[best], worth[best] * cost[j]
            if here < there or (here == there and moved[j] >= moved[best]):
                continue
        best = j
    return best


@compiled
def least_useful(
    is_open: Mask, cost: Floats, worth: Floats, moved: Ints, until: Ints, t: int
) -> int:
    """Give the open site that is missed least per cost; −1 if all just moved."""
    best = -1
    for j in range(len(is_open)):
        if not is_open[j] or until[j] > t:
            continue
        if best >= 0:
            here, there = worth[j] * cost[best], worth[best] * cost[j]
            if here > there or (here == there and moved[j] >= moved[best]):
                continue
        best = j
    return best


@compiled
def tabu(
    row_start: Ints,
    row_sites: Ints,
    column_start: Ints,
    column_rows: Ints,
    weight: Floats,
    cost: Floats,
    budget: float,
    steps: int,
) -> Mask:
    """Add greedily, then drop and add; give the best set met."""
    n, m = len(row_start) - 1, len(column_start) - 1
    need, covers = np.ones(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
    is_open, worth = np.zeros(m, dtype=np.bool_), np.zeros(m)
    moved, until = np.zeros(m, dtype=np.int64), np.zeros(m, dtype=np.int64)
    for i in range(n):
        for s in range(row_start[i], row_start[i + 1]):
            worth[row_sites[s]] += weight[i]
    slack = 1e-9 * max(1.0, budget)
    record, record_value = is_open.copy(), 0.0
    value, left = 0.0, budget + slack
    for t in range(steps + 1):
        if t > 0:
            out = least_useful(is_open, cost, worth, moved, until, t)
            if out < 0:
                continue
            value -= worth[out]
            left += cost[out]
            flip(
                out,
                row_start,
                row_sites,
                column_start,
                column_rows,
                need,
                weight,
                is_open,
                covers,
                worth,
            )
            moved[out] = t
            until[out] = t + 2 + t % 7
        while True:
            best = most_helpful(is_open, cost, worth, moved, until, t, left)
            if best < 0:
                break
            value += worth[best]
            left -= cost[best]
            flip(
                best,
                row_start,
                row_sites,
                column_start,
                column_rows,
                need,
                weight,
                is_open,
                covers,
                worth,
            )
            moved[best] = t
            until[best] = t + 1 + t % 3 if t > 0 else 0
        if value > record_value * (1 + 1e-12):
            record_value = value
            record[:] = is_open
    return record
