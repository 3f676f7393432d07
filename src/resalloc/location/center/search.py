"""Looking for p sites that reach every demand point within a radius, by weighted swaps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints


@compiled
def _reach(cost: Floats, base: Floats, radius: float) -> tuple[Ints, Ints, Ints, Ints]:
    """Give the pairs within the radius twice: by demand point and by site, as index lists.

    A demand point that `base` serves already has no pairs.
    """
    n, m = cost.shape
    by_row = np.zeros(n + 1, dtype=np.int64)
    by_site = np.zeros(m + 1, dtype=np.int64)
    for i in range(n):
        by_row[i + 1] = by_row[i]
        if base[i] > radius:
            for j in range(m):
                if cost[i, j] <= radius:
                    by_row[i + 1] += 1
                    by_site[j + 1] += 1
    for j in range(m):
        by_site[j + 1] += by_site[j]
    sites = np.empty(by_row[n], dtype=np.int64)
    rows = np.empty(by_row[n], dtype=np.int64)
    free = by_site[:-1].copy()
    at = 0
    for i in range(n):
        if base[i] > radius:
            for j in range(m):
                if cost[i, j] <= radius:
                    sites[at] = j
                    at += 1
                    rows[free[j]] = i
                    free[j] += 1
    return by_row, sites, by_site, rows


@compiled
def search_within(
    cost: Floats, base: Floats, radius: float, start: Ints, weight: Ints, work: int, seed: int
) -> tuple[bool, Ints]:
    """Look for as many sites as `start` has that leave nobody beyond the radius.

    Parameters
    ----------
    cost, base
        Demand × sites, and what each demand point pays at sites that are open anyway.
    radius
        Inclusive.
    start
        Sites to start from.
    weight
        By demand point: how hard it was to reach so far, at least 1; grows in place.
    work
        Pairs that may be looked at before it gives up: a limit that, unlike time, gives
        the same answer on every machine.
    seed
        Of the order in which uncovered demand is taken up.

    Returns
    -------
    tuple
        Whether nobody is left, and the sites.

    Notes
    -----
    Row weighting local search for set covering (Gao, Weise and Li 2015, European Journal of
    Operational Research 246, 750–761) with the number of sites held: close the site
    that loses least weight, open one near an uncovered demand point that gains most, and
    let what stays uncovered weigh more. A site just closed waits until a neighbour changes.
    """
    n, m = cost.shape
    by_row, sites, by_site, rows = _reach(cost, base, radius)
    chosen = start.copy()
    inside = np.zeros(m, dtype=np.bool_)
    count = np.zeros(n, dtype=np.int64)
    who = np.zeros(n, dtype=np.int64)  # sum of the open sites in reach: the only one, if one
    for j in chosen:
        inside[j] = True
        for a in range(by_site[j], by_site[j + 1]):
            count[rows[a]] += 1
            who[rows[a]] += j
    score = np.zeros(m, dtype=np.int64)  # weight lost by closing, or gained by opening
    left = np.empty(n, dtype=np.int64)
    place = np.full(n, -1, dtype=np.int64)
    many = 0
    for i in range(n):
        if base[i] <= radius:
            continue
        if count[i] == 0:
            left[many] = i
            place[i] = many
            many += 1
            for a in range(by_row[i], by_row[i + 1]):
                score[sites[a]] += weight[i]
        elif count[i] == 1:
            score[who[i]] += weight[i]
    changed = np.zeros(m, dtype=np.int64)
    ready = np.ones(m, dtype=np.bool_)
    state = np.uint64(seed * 2 + 1)
    spent = 0
    step = 0
    newest = -1
    while many > 0 and spent < work and len(chosen) > 0:
        step += 1
        out = -1
        for k in range(len(chosen)):
            j = chosen[k]
            if j == newest and len(chosen) > 1:
                continue
            if (
                out < 0
                or score[j] < score[chosen[out]]
                or (score[j] == score[chosen[out]] and changed[j] < changed[chosen[out]])
            ):
                out = k
        closing = chosen[out]
        inside[closing] = False
        lost = np.int64(0)
        for a in range(by_site[closing], by_site[closing + 1]):
            i = rows[a]
            count[i] -= 1
            who[i] -= closing
            if count[i] == 0:
                lost += weight[i]
                left[many] = i
                place[i] = many
                many += 1
                spent += by_row[i + 1] - by_row[i]
                for b in range(by_row[i], by_row[i + 1]):
                    score[sites[b]] += weight[i]
                    ready[sites[b]] = True
            elif count[i] == 1:
                score[who[i]] += weight[i]
        score[closing] = lost
        ready[closing] = False
        changed[closing] = step
        state = state * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
        i = left[np.int64((state >> np.uint64(33)) % np.uint64(many))]
        opening = -1
        for a in range(by_row[i], by_row[i + 1]):
            j = sites[a]
            if not ready[j]:
                continue
            if (
                opening < 0
                or score[j] > score[opening]
                or (score[j] == score[opening] and changed[j] < changed[opening])
            ):
                opening = j
        if opening < 0:
            opening = closing
        chosen[out] = opening
        inside[opening] = True
        newest = opening
        changed[opening] = step
        lost = np.int64(0)
        spent += by_site[closing + 1] - by_site[closing] + len(chosen)
        spent += by_site[opening + 1] - by_site[opening]
        for a in range(by_site[opening], by_site[opening + 1]):
            i = rows[a]
            count[i] += 1
            if count[i] == 1:
                lost += weight[i]
                many -= 1
                last = left[many]
                left[place[i]] = last
                place[last] = place[i]
                place[i] = -1
                spent += by_row[i + 1] - by_row[i]
                for b in range(by_row[i], by_row[i + 1]):
                    score[sites[b]] -= weight[i]
                    ready[sites[b]] = True
            elif count[i] == 2:
                score[who[i]] -= weight[i]
            who[i] += opening
        score[opening] = lost
        for k in range(many):
            i = left[k]
            weight[i] += 1
            spent += by_row[i + 1] - by_row[i]
            for a in range(by_row[i], by_row[i + 1]):
                score[sites[a]] += 1
    return many == 0, chosen


def spread(cost: Floats, paid: Floats, radius: float, most: int) -> Ints:
    """Give demand beyond the radius that is far apart: the worst, then the worst of the rest.

    Parameters
    ----------
    cost
        Demand × sites.
    paid
        What each demand point pays now.
    radius, most
        Only those who pay more, and at most so many.
    """
    now = paid.copy()
    found: list[int] = []
    while len(found) < most and now.max() > radius:
        i = int(now.argmax())
        found.append(i)
        now = np.minimum(now, cost[:, int(cost[i].argmin())])
        now[i] = 0.0
    return np.array(found, dtype=np.int64)
