"""Iterated interchange: disturb a good set of sites a little, improve it by swaps, keep the better.

Lourenço, Martin and Stützle (2003) on iterated local search. The disturbances come from a
generator with a fixed seed, and the search ends by effort, not by the clock: the same input
gives the same sites.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.median.interchange import swap_while_it_pays

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Mask
    from resalloc.location.median.neighbours import Neighbours, Places
    from resalloc.location.median.problem import Best, Median

_SEED = 20_251_125
_MOST_AT_ONCE = 4
_ATTEMPTS = 50
_PATIENCE = 200


@compiled
def _next(state: np.uint64) -> np.uint64:
    """Give the next number of a xorshift generator (Marsaglia 2003)."""
    state ^= state << np.uint64(13)
    state ^= state >> np.uint64(7)
    state ^= state << np.uint64(17)
    return state


@compiled
def kick(
    site: Places,
    pay: Floats,
    start: Mask,
    fixed: Mask,
    allowed: Mask,
    beyond: float,
    effort: int,
    seed: int,
) -> tuple[Mask, float]:
    """Disturb and improve until the effort is spent; give the best set and its payment.

    A disturbance closes up to four open sites taken at random and opens as many near
    demand points taken at random. The parameters are those of
    :func:`~resalloc.location.median.interchange.swap_while_it_pays`; `effort` is how many
    entries of the lists may be looked at.
    """
    n, k = site.shape
    m = len(start)
    p = int(start.sum())
    saved = np.zeros((p, m))
    near = min(k, max(2, 2 * m // p))
    now = start.copy()
    now_total, spent = swap_while_it_pays(site, pay, now, fixed, allowed, beyond, saved)
    best, best_total = now.copy(), now_total
    random = np.uint64(seed)
    stale = 0
    while spent < effort:
        trial = now.copy()
        chosen = np.flatnonzero(trial)
        random = _next(random)
        for _ in range(1 + int(random % np.uint64(_MOST_AT_ONCE))):
            for _ in range(_ATTEMPTS):
                random = _next(random)
                i = int(random % np.uint64(n))
                random = _next(random)
                s = int(random % np.uint64(near))
                random = _next(random)
                c = int(random % np.uint64(p))
                j = site[i, s]
                if pay[i, s] >= beyond or trial[j] or not allowed[j] or fixed[chosen[c]]:
                    continue
                trial[chosen[c]] = False
                trial[j] = True
                chosen[c] = j
                break
        total, looked = swap_while_it_pays(site, pay, trial, fixed, allowed, beyond, saved)
        spent += looked + m
        stale += 1
        if total <= now_total:
            if total < now_total - 1e-9 * abs(now_total):
                stale = 0
            now, now_total = trial, total
        if total < best_total:
            best, best_total = trial.copy(), total
        if stale > _PATIENCE:
            stale = 0
            now, now_total = best.copy(), best_total
    return best, best_total


def kicked(
    median: Median,
    lists: Neighbours,
    best: Best,
    allowed: Mask,
    beyond: float,
    effort: float,
    turn: int = 0,
) -> Best:
    """Give the better of the best set and what disturbing and improving it leads to.

    Parameters
    ----------
    median, lists, best
        The problem, its lists, and the set to start from; where it has fewer than p sites
        (the others are settled to stay closed) it is filled up.
    allowed
        Sites that may open.
    beyond
        Payment of a demand point none of whose listed sites is open.
    effort
        Entries of the lists that may be looked at.
    turn
        Another turn disturbs in other places.
    """
    start = np.zeros(lists.sites, dtype=bool)
    start[best.sites] = True
    spare = np.flatnonzero(allowed & ~start)
    start[spare[: median.p - int(start.sum())]] = True
    sites, _ = kick(
        lists.site, lists.pay, start, median.fixed, allowed, beyond, int(effort), _SEED + turn
    )
    return best.or_better(median, np.flatnonzero(sites))
