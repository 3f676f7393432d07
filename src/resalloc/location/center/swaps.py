"""Better for the worst-off one after the other: swaps that make the sorted payments smaller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints


@compiled
def _two_nearest(cost: Floats, base: Floats, chosen: Ints) -> tuple[Ints, Floats, Floats]:
    """Give each row's nearest chosen site (−1 for `base`), its cost, and the second cost."""
    n = len(base)
    first = np.full(n, -1, dtype=np.int64)
    pay, then = base.copy(), np.full(n, np.inf)
    for i in range(n):
        for k in range(len(chosen)):
            c = cost[i, chosen[k]]
            if c < pay[i]:
                then[i] = pay[i]
                first[i], pay[i] = k, c
            elif c < then[i]:
                then[i] = c
    return first, pay, then


@compiled
def _insert(top: Floats, value: float) -> None:
    """Put a value into a descending list of fixed length, if it belongs there."""
    if value <= top[-1]:
        return
    at = len(top) - 1
    while at > 0 and top[at - 1] < value:
        top[at] = top[at - 1]
        at -= 1
    top[at] = value


@compiled
def swapped(cost: Floats, base: Floats, chosen: Ints, depth: int, work: int) -> Ints:
    """Give sites that one swap no longer improves for the `depth` worst-off.

    Payments sorted from the largest are compared as words in a dictionary. The first
    swap that makes them smaller is taken.

    Parameters
    ----------
    cost, base
        Demand × sites, and what each demand point pays at sites that are open anyway.
    chosen
        Sites to start from.
    depth
        How many of the worst-off count.
    work
        Pairs that may be looked at.
    """
    n, m = cost.shape
    sites = chosen.copy()
    top, new = np.empty(depth), np.empty(depth)
    spent, improved = 0, True
    while improved and spent < work:
        improved = False
        first, pay, then = _two_nearest(cost, base, sites)
        spent += n * len(sites)
        top[:] = -1.0
        for i in range(n):
            _insert(top, pay[i])
        inside = np.zeros(m, dtype=np.bool_)
        inside[sites] = True
        for j in range(m):
            helps = False
            for i in range(n):
                if pay[i] >= top[-1] and cost[i, j] < pay[i]:
                    helps = True
                    break
            if inside[j] or not helps:
                continue
            for k in range(len(sites)):
                new[:] = -1.0
                worse = False
                for i in range(n):
                    kept = then[i] if first[i] == k else pay[i]
                    value = min(cost[i, j], kept)
                    if value > top[0]:
                        worse = True
                        break
                    _insert(new, value)
                spent += n
                if worse:
                    continue
                for level in range(depth):
                    if new[level] != top[level]:
                        improved = new[level] < top[level]
                        break
                if improved:
                    sites[k] = j
                    break
            if improved or spent >= work:
                break
    return sites
