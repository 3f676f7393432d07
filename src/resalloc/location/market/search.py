"""The choice of sites that takes most of a market: first by exchange, then to a proof."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.market.bound import FREE, OPEN, Ranks, States, tightened

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask

_ARITHMETIC = 1e-9
"""Relative difference between a bound and a value that is arithmetic."""
_CUTS, _ROOT_CUTS = 10, 200
"""Cuts a branch may take, and the root."""
_PAIRS = 100_000_000
"""Pairs of demand and site a batch of branches looks at, about a second: then the clock is read."""
_HUGE = 1e15
"""Pull over competitors' pull beyond which a share is 1 in floating point."""


@dataclass(frozen=True)
class Market:
    """What sites pull from each demand point, over what competitors pull.

    Parameters
    ----------
    pull
        Demand × sites; very large where there is no competitor.
    falling
        By demand point, the sites from the largest pull to the smallest.
    weights
        By demand point.
    fixed
        By site: must be open.
    """

    pull: Floats
    falling: Ranks
    weights: Floats
    fixed: Mask

    @classmethod
    def of(cls, pull: Floats, competing: Floats, weights: Floats, fixed: Mask) -> Market:
        """Build it from pulls; demand nobody can win is left out."""
        won = (weights > 0) & pull.any(axis=1)
        mine, theirs = pull[won], competing[won, None]
        relative = np.full(mine.shape, _HUGE)
        with np.errstate(over="ignore"):
            np.divide(mine, theirs, out=relative, where=theirs > 0)
        relative = np.where(mine > 0, np.minimum(relative, _HUGE), 0.0)
        falling = np.argsort(-relative, axis=1, kind="stable").astype(np.int32)
        return cls(relative, falling, weights[won], fixed)

    def captured(self, sites: Ints) -> float:
        """Give the weight that open sites take."""
        s = self.pull[:, sites].sum(axis=1)
        return float(self.weights @ (s / (1.0 + s)))

    def state(self) -> States:
        """Give the state of the sites before anything is decided."""
        return np.where(self.fixed, OPEN, FREE).astype(np.int8)


def exchanged(market: Market, p: int, until: float) -> Ints:
    """Give p sites found by adding the best one, then swapping one for another while it pays."""
    m = market.pull.shape[1]
    is_open = market.fixed.copy()
    base = market.pull[:, is_open].sum(axis=1)
    while is_open.sum() < p:
        j, _ = best_added(market.pull, market.weights, base, is_open)
        is_open[j] = True
        base += market.pull[:, j]
    value = market.captured(np.flatnonzero(is_open))
    improving = True
    while improving and p < m and time.perf_counter() < until:
        improving = False
        for out in np.flatnonzero(is_open & ~market.fixed):
            rest = is_open.copy()
            rest[out] = False
            base = market.pull[:, rest].sum(axis=1)
            j, found = best_added(market.pull, market.weights, base, is_open)
            if found > value * (1 + _ARITHMETIC):
                is_open, value, improving = rest, found, True
                is_open[j] = True
    return np.flatnonzero(is_open)


@compiled
def best_added(pull: Floats, weights: Floats, base: Floats, is_open: Mask) -> tuple[int, float]:
    """Give the closed site that takes most with those of `base`, and what they then take."""
    n, m = pull.shape
    value = np.zeros(m)
    for i in range(n):
        for j in range(m):
            s = base[i] + pull[i, j]
            value[j] += weights[i] * s / (1.0 + s)
    best = -1
    for j in range(m):
        if not is_open[j] and (best < 0 or value[j] > value[best]):
            best = j
    return best, value[best]


def most_captured(market: Market, p: int, until: float, gap: float) -> tuple[Ints, float]:
    """Give the p sites that take most, and what no p sites can exceed.

    Parameters
    ----------
    market
        Pulls.
    p
        Sites to open, the fixed ones included.
    until
        When to stop, on the clock of :func:`time.perf_counter`.
    gap
        Relative gap at which it may stop.
    """
    start = exchanged(market, p, until)
    value = market.captured(start)
    best, bound = _branched(market, p, value, max(gap, _ARITHMETIC), until)
    sites = start if best is None else best
    return sites, max(bound, market.captured(sites))


def fewest_that_capture(market: Market, target: float, until: float) -> tuple[Ints, int]:
    """Give the fewest sites that take a target, and a number below which none do, proven.

    Parameters
    ----------
    market
        Pulls; all its sites together take the target.
    target
        Weight to take.
    until
        When to stop, on the clock of :func:`time.perf_counter`.
    """
    enough = target * (1 - _ARITHMETIC)
    best = _added_until(market, enough)
    fewest, works = max(1, int(market.fixed.sum())), len(best)
    while fewest < works:
        middle = (fewest + works) // 2
        if at_most_captured(market, middle, enough) < enough:
            fewest = middle + 1
        else:
            works = middle
    while len(best) > fewest and time.perf_counter() < until:
        fewer = exchanged(market, len(best) - 1, until)
        if market.captured(fewer) < enough:
            found, bound = _branched(market, len(fewer), enough, 0.0, until, first=True)
            if found is None:
                fewest = len(best) if bound <= enough else fewest
                break
            fewer = found
        best = fewer
    return best, fewest


def _added_until(market: Market, enough: float) -> Ints:
    """Add the best site again and again until they take enough."""
    is_open = market.fixed.copy()
    while not is_open.any() or market.captured(np.flatnonzero(is_open)) < enough:
        base = market.pull[:, is_open].sum(axis=1)
        j, _ = best_added(market.pull, market.weights, base, is_open)
        if j < 0:
            break
        is_open[j] = True
    return np.flatnonzero(is_open)


def at_most_captured(market: Market, p: int, enough: float) -> float:
    """Give a bound on what p sites can take, without branching; it may stop at `enough`."""
    m = market.pull.shape[1]
    kept = np.flatnonzero(market.fixed)
    if p in (m, len(kept)):
        return market.captured(np.arange(m) if p == m else kept)
    y = np.full(m, p / m)
    arrays = market.pull, market.falling, market.weights
    return float(tightened(*arrays, p, market.state(), y, enough, _ROOT_CUTS))


def _branched(
    market: Market, p: int, value: float, slack: float, until: float, *, first: bool = False
) -> tuple[Ints | None, float]:
    """Give the best choice above a value, or the first found, and what none exceeds."""
    m = market.pull.shape[1]
    arrays = market.pull, market.falling, market.weights
    states, ys = np.zeros((2 * m + 2, m), dtype=np.int8), np.zeros((2 * m + 2, m))
    bounds, best = np.zeros(2 * m + 2), np.zeros(m, dtype=bool)
    states[0], ys[0] = market.state(), p / m
    root = tightened(*arrays, p, states[0], ys[0], value * (1 + slack), _ROOT_CUTS)
    bounds[0], top = root, 1
    batch = max(1, _PAIRS // (market.pull.size * _CUTS + 1))
    while top > 0 and time.perf_counter() < until and not (first and best.any()):
        top, value = branch(
            *arrays, p, states, ys, bounds, top, best, value, slack, first, _CUTS, batch
        )
    open_ = float(bounds[:top].max(initial=-np.inf))
    bound = min(float(root), max(open_, value * (1 + slack)))
    return (np.flatnonzero(best) if best.any() else None), bound


@compiled
def branch(
    pull: Floats,
    falling: Ranks,
    weights: Floats,
    p: int,
    states: States,
    ys: Floats,
    bounds: Floats,
    top: int,
    best: Mask,
    value: float,
    slack: float,
    first: bool,
    cuts: int,
    most: int,
) -> tuple[int, float]:
    """Take branches from the top of a stack; give its new height and the best value.

    Parameters
    ----------
    pull, falling, weights, p
        As in :func:`~resalloc.location.market.bound.tightened`.
    states, ys, bounds
        The stack: what is decided, the fractions and the bound of each branch; the bound of
        the root is there already.
    top
        Its height.
    best
        Filled with the best choice, where one above `value` is found.
    value
        Of the best choice so far.
    slack
        Relative difference to it that is not looked into.
    first
        Whether to stop at the first choice above `value`.
    cuts
        Cuts a branch may take.
    most
        Branches it may take.
    """
    n, m = pull.shape
    for _ in range(most):
        if top == 0:
            break
        top -= 1
        enough = value * (1.0 + slack)
        if bounds[top] <= enough:
            continue
        state, y = states[top].copy(), ys[top].copy()
        bound = min(bounds[top], tightened(pull, falling, weights, p, state, y, enough, cuts))
        if bound <= enough:
            continue
        opened, free = 0, 0
        for j in range(m):
            opened += state[j] == 1
            free += state[j] == 0
        if opened == p or opened + free == p:
            lowest = 1 if opened == p else 0
            found = 0.0
            for i in range(n):
                s = 0.0
                for j in range(m):
                    if state[j] >= lowest:
                        s += pull[i, j]
                found += weights[i] * s / (1.0 + s)
            if found > value:
                value = found
                for j in range(m):
                    best[j] = state[j] >= lowest
                if first:
                    break
            continue
        undecided, between = -1, -1.0
        for j in range(m):
            if state[j] == 0 and min(y[j], 1.0 - y[j]) > between:
                undecided, between = j, min(y[j], 1.0 - y[j])
        for side in (-1, 1):
            states[top] = state
            states[top, undecided] = side
            ys[top] = y
            bounds[top] = bound
            top += 1
    return top, value
