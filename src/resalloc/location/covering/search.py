"""Good covers fast: cheapest per newly covered point, then swaps with weights on hard demand.

The greedy rule is Chvátal's (1979). The search drops the site that is missed least and adds
one for a point left uncovered; points that stay uncovered weigh more from step to step, which
carries it out of dead ends (row weighting; Gao, Weise and Li 2015). Ties go to the site that
moved longest ago, then to the first, and the random numbers are a fixed sequence: the same
input gives the same cover.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.covering.incidence import Incidence


def good_cover(
    lists: Incidence, need: Ints, cost: Floats, *, steps: int, enough: float
) -> tuple[Mask, float]:
    """Give a cover and its cost, as cheap as the search finds.

    Parameters
    ----------
    lists
        Who covers whom; every point has at least as many coverers as it needs.
    need, cost
        By demand point, how many have to cover it; by site.
    steps
        Swaps it may try.
    enough
        A cover that costs no more ends the search.
    """
    chosen = search(
        lists.row_start,
        lists.row_sites,
        lists.column_start,
        lists.column_rows,
        need,
        cost,
        steps,
        enough,
    )
    return chosen, float(cost[chosen].sum())


@compiled
def flip(
    j: int,
    row_start: Ints,
    row_sites: Ints,
    column_start: Ints,
    column_rows: Ints,
    need: Ints,
    weight: Floats,
    is_open: Mask,
    covers: Ints,
    worth: Floats,
) -> None:
    """Open a closed site or close an open one, keeping up what every site is worth.

    A closed site is worth the weight of the points it would help; an open one the weight
    of the points that would miss it.
    """
    step = -1 if is_open[j] else 1
    is_open[j] = not is_open[j]
    for r in range(column_start[j], column_start[j + 1]):
        i = column_rows[r]
        before = covers[i]
        after = before + step
        covers[i] = after
        missed_before, missed_after = before <= need[i], after <= need[i]
        helped_before, helped_after = before < need[i], after < need[i]
        if missed_before == missed_after and helped_before == helped_after:
            continue
        for s in range(row_start[i], row_start[i + 1]):
            k = row_sites[s]
            if k == j:
                continue
            if is_open[k]:
                worth[k] += weight[i] * (missed_after - missed_before)
            else:
                worth[k] += weight[i] * (helped_after - helped_before)
    total = 0.0
    for r in range(column_start[j], column_start[j + 1]):
        i = column_rows[r]
        counts = covers[i] <= need[i] if is_open[j] else covers[i] < need[i]
        total += weight[i] if counts else 0.0
    worth[j] = total


@compiled
def least_missed(is_open: Mask, cost: Floats, worth: Floats, moved: Ints, kept: int) -> int:
    """Give the open site with the least worth per cost; −1 if there is none."""
    best = -1
    for j in range(len(is_open)):
        if not is_open[j] or j == kept:
            continue
        if best < 0:
            best = j
            continue
        # Worth per cost compared without dividing: a site may cost nothing.
        here, there = worth[j] * cost[best], worth[best] * cost[j]
        if here < there or (here == there and moved[j] < moved[best]):
            best = j
    return best


@compiled
def search(
    row_start: Ints,
    row_sites: Ints,
    column_start: Ints,
    column_rows: Ints,
    need: Ints,
    cost: Floats,
    steps: int,
    enough: float,
) -> Mask:
    """Find a cover greedily, then improve it by swaps."""
    n, m = len(row_start) - 1, len(column_start) - 1
    weight, covers = np.ones(n), np.zeros(n, dtype=np.int64)
    is_open, moved = np.zeros(m, dtype=np.bool_), np.zeros(m, dtype=np.int64)
    ready, worth = np.ones(m, dtype=np.bool_), np.zeros(m)
    for j in range(m):
        worth[j] = column_start[j + 1] - column_start[j]
    while True:
        best = -1
        for j in range(m):
            if is_open[j] or worth[j] <= 0:
                continue
            if best < 0 or worth[j] * cost[best] > worth[best] * cost[j]:
                best = j
        if best < 0:
            break
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
    record = is_open.copy()
    value = cost[is_open].sum()
    record_value = np.inf
    left = np.empty(n, dtype=np.int64)
    newest, state = -1, np.uint64(88172645463325252)
    for t in range(1, steps + 2):
        # Drop what nobody misses; every time all are covered it is a cheaper cover.
        while True:
            missing = 0
            for i in range(n):
                if covers[i] < need[i]:
                    left[missing] = i
                    missing += 1
            if missing > 0:
                break
            value = cost[is_open].sum()
            if value < record_value:
                record_value = value
                record[:] = is_open
            out = least_missed(is_open, cost, worth, moved, -1)
            if out < 0 or (record_value <= enough and worth[out] > 0):
                return record
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
            loosen(out, row_start, row_sites, column_start, column_rows, ready)
            ready[out] = False
        if t > steps:
            break
        out = least_missed(is_open, cost, worth, moved, newest)
        if out >= 0:
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
            loosen(out, row_start, row_sites, column_start, column_rows, ready)
            ready[out] = False
        missing = 0
        for i in range(n):
            if covers[i] < need[i]:
                left[missing] = i
                missing += 1
        total = cost[is_open].sum()
        while missing > 0:
            state ^= state << np.uint64(13)
            state ^= state >> np.uint64(7)
            state ^= state << np.uint64(17)
            i = left[np.int64(state % np.uint64(missing))]
            best = -1
            for s in range(row_start[i], row_start[i + 1]):
                j = row_sites[s]
                if is_open[j] or not ready[j]:
                    continue
                if best >= 0:
                    here, there = worth[j] * cost[best], worth[best] * cost[j]
                    if here < there or (here == there and moved[j] >= moved[best]):
                        continue
                best = j
            if best < 0 or total + cost[best] >= record_value:
                break
            total += cost[best]
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
            newest = best
            loosen(best, row_start, row_sites, column_start, column_rows, ready)
            missing = 0
            for r in range(n):
                if covers[r] < need[r]:
                    left[missing] = r
                    missing += 1
        for r in range(missing):
            i = left[r]
            weight[i] += 1
            for s in range(row_start[i], row_start[i + 1]):
                worth[row_sites[s]] += 1
    return record


@compiled
def loosen(
    j: int, row_start: Ints, row_sites: Ints, column_start: Ints, column_rows: Ints, ready: Mask
) -> None:
    """Let the sites that share demand with a site that moved open again."""
    for r in range(column_start[j], column_start[j + 1]):
        i = column_rows[r]
        for s in range(row_start[i], row_start[i + 1]):
            ready[row_sites[s]] = True
