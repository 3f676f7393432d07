"""What pays best within one site's capacity: a knapsack, by branch and bound on its fraction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints

NODES = 20_000
"""Nodes after which a knapsack is content with its fractional bound."""


@compiled
def ordered(keys: Floats) -> Ints:
    """Give the positions in ascending order of keys, the first of equals first."""
    return np.argsort(keys, kind="mergesort")


@compiled
def _sort(keys: Floats, which: Ints) -> None:
    """Put `which` in ascending order of keys, in place; few as a rule, so by insertion."""
    if len(keys) > 64:
        which[:] = which[ordered(keys)]
        return
    for t in range(1, len(keys)):
        key, item, s = keys[t], which[t], t - 1
        while s >= 0 and keys[s] > key:
            keys[s + 1], which[s + 1] = keys[s], which[s]
            s -= 1
        keys[s + 1], which[s + 1] = key, item


@compiled
def within(costs: Floats) -> tuple[Ints, Ints]:
    """Give where each site's list begins, and the demand points it can serve, site by site."""
    m, n = costs.shape
    begins, members = np.zeros(m + 1, np.int64), np.empty(m * n, np.int64)
    k = 0
    for j in range(m):
        for i in range(n):
            if costs[j, i] < np.inf:
                members[k] = i
                k += 1
        begins[j + 1] = k
    return begins, members[:k].copy()


@compiled
def pack(
    row: Floats,
    members: Ints,
    prices: Floats,
    demand: Floats,
    room: float,
    without: int,
    whole: bool,
    part: Floats,
) -> float:
    """Give the least Σ (cost − price) x one site can reach, and what it takes in `part`.

    Parameters
    ----------
    row, prices, demand
        By demand point: cost at this site, price, demand.
    members
        The demand points this site can serve.
    room
        Capacity of the site.
    without
        A demand point left out; −1 for none.
    whole
        Each point all or nothing; if the search is cut off, the fractional value is given.
    part
        Filled with the part of each demand point taken, where it has the right length;
        an empty array asks for the fractional value alone.
    """
    n = len(row)
    keep = len(part) == n
    if keep:
        part[:] = 0.0
    k, taken, value = 0, 0.0, 0.0
    for i in members:
        if row[i] < prices[i] and i != without and (not whole or demand[i] <= room):
            k += 1
            taken += demand[i]
            value += prices[i] - row[i]
            if keep:
                part[i] = 1.0
    if taken <= room:
        return -value
    if keep:
        part[:] = 0.0
    which, worth = np.empty(k, np.int64), np.empty(k)
    k = 0
    for i in members:
        if row[i] < prices[i] and i != without and (not whole or demand[i] <= room):
            which[k] = i
            worth[k] = (row[i] - prices[i]) / demand[i] if demand[i] > 0 else -np.inf
            k += 1
    _sort(worth, which)
    gains, sizes = np.empty(k), np.empty(k)
    for t in range(k):
        gains[t], sizes[t] = prices[which[t]] - row[which[t]], demand[which[t]]
    left, relaxed = room, 0.0
    for t in range(k):
        if sizes[t] <= left:
            left -= sizes[t]
            relaxed += gains[t]
            if keep:
                part[which[t]] = 1.0
        else:
            relaxed += gains[t] * left / sizes[t]
            if keep:
                part[which[t]] = left / sizes[t]
            break
    if not keep or not whole:
        return -relaxed
    return -_whole(gains, sizes, which, room, relaxed, part)


@compiled
def _whole(
    gains: Floats, sizes: Floats, which: Ints, room: float, relaxed: float, part: Floats
) -> float:
    """Solve the knapsack in whole items, sorted by gain per size, depth first."""
    k = len(gains)
    taken, best_taken = np.zeros(k, np.bool_), np.zeros(k, np.bool_)
    best, value, left, at, nodes = -1.0, 0.0, room, 0, 0
    while True:
        nodes += 1
        bound, free = value, left
        for t in range(at, k):
            if sizes[t] <= free:
                free -= sizes[t]
                bound += gains[t]
            else:
                bound += gains[t] * free / sizes[t]
                break
        if bound > best:
            while at < k and sizes[at] <= left:
                taken[at] = True
                left -= sizes[at]
                value += gains[at]
                at += 1
            if at < k:
                taken[at] = False
                at += 1
                if at < k:
                    continue
            if value > best:
                best = value
                best_taken[:] = taken
        at -= 1
        while at >= 0 and not taken[at]:
            at -= 1
        if at < 0:
            break
        taken[at] = False
        left += sizes[at]
        value -= gains[at]
        taken[at + 1 :] = False
        at += 1
        if nodes > NODES:
            best = relaxed
            break
    for t in range(k):
        part[which[t]] = 1.0 if best_taken[t] else 0.0
    return best
