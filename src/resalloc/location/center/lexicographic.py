"""After the worst-off the second worst-off, and so on: each stage with its own proof."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.center.model import (
    IMPOSSIBLE,
    UNDECIDED,
    Verdict,
    sites_that_reach,
)
from resalloc.location.center.search import spread
from resalloc.location.center.swaps import swapped

if TYPE_CHECKING:
    from resalloc.location.center.points import Points
    from resalloc.location.costs import Floats, Ints, Mask

_WHOLE = 4_000_000
_SWAPS = 300_000_000
_JOIN = 12


class Stages:
    """Improve an answer that is best for the worst-off at the places after it.

    Parameters
    ----------
    points
        Demand and free sites.
    chosen
        Free sites with the least largest payment, proven.
    depth
        How many of the worst-off are looked after.
    deadline
        On the clock of `time.perf_counter`.
    """

    def __init__(self, points: Points, chosen: Ints, depth: int, deadline: float) -> None:
        self.points, self.chosen, self.deadline = points, chosen, deadline
        self.depth = min(depth, len(points.demand))
        self.limits: list[tuple[float, int]] = []
        self.proven = 1
        self.every = points.rows(np.arange(len(points.demand))) if points.size <= _WHOLE else None
        self.floors = np.zeros(self.depth)
        if self.every is not None:
            # Nobody pays less than at the nearest site of all.
            own = np.minimum(self.every.min(axis=1, initial=np.inf), points.base)
            self.floors = -np.sort(-own)
        self.polish()
        worst = np.argsort(-points.paid(self.chosen), kind="stable")
        self.few = worst[: 4 * len(chosen) + self.depth]
        self.table = points.rows(self.few)

    def run(self) -> None:
        """Go through the stages; `proven` says how many are."""
        self.limits = [(self.level(1), 0)]
        while self.proven < self.depth:
            stage = self.proven + 1
            if not self.settle(stage):
                return
            self.proven = stage
            # A stage that ended where the one before did adds nothing to what that demands.
            if self.level(stage) < self.limits[-1][0]:
                self.limits.append((self.level(stage), stage - 1))

    def polish(self) -> None:
        """Improve the answer by swaps, which never give up what earlier stages reached."""
        if self.every is not None:
            self.chosen = swapped(self.every, self.points.base, self.chosen, self.depth, _SWAPS)

    def level(self, stage: int) -> float:
        """Give what the demand point at this place from the worst pays."""
        return float(-np.sort(-self.points.paid(self.chosen))[stage - 1])

    def settle(self, stage: int) -> bool:
        """Bring the payment at one place down as far as it goes; whether that is proven."""
        lower, halve = float(self.floors[stage - 1]), False
        while True:
            upper = self.level(stage)
            if upper <= lower:
                return True
            radius = self.next_radius(lower, upper, halve=halve)
            verdict = self.ask(radius, stage - 1)
            if verdict.word == UNDECIDED:
                return False
            if verdict.word == IMPOSSIBLE:
                lower, halve = self.above(radius, upper), False
                continue
            asked = len(self.few)
            if self.take(verdict.sites, radius, stage - 1):
                halve = not halve
            elif len(self.few) == asked:  # the solver's answer does not hold: nothing to learn
                return False

    def next_radius(self, lower: float, upper: float, *, halve: bool) -> float:
        """Give the radius to ask about: just below the best, or halfway after a success."""
        below = float(np.nextafter(upper, -np.inf))
        if not halve:
            return below
        radii = self.radii(lower, upper)
        if len(radii) == 0:
            return below
        return float(np.partition(radii, len(radii) // 2)[len(radii) // 2])

    def radii(self, lower: float, upper: float) -> Floats:
        """Give what the few could pay, from one value up to below another."""
        inside = self.table[(self.table >= lower) & (self.table < upper)]
        base = self.points.base[self.few]
        return np.concatenate([inside, base[(base >= lower) & (base < upper)]])

    def above(self, radius: float, upper: float) -> float:
        """Give the least payment beyond a radius that no sites keep to."""
        beyond = self.radii(float(np.nextafter(radius, np.inf)), upper)
        return float(beyond.min(initial=upper))

    def ask(self, radius: float, most: int) -> Verdict:
        """Say whether sites leave at most so many beyond a radius and keep all earlier limits."""
        base, reaches = self.points.base[self.few], []
        for limit, out in [*self.limits, (radius, most)]:
            reaches.append((self.table[base > limit] <= limit, out))
        seconds = self.deadline - time.perf_counter()
        if seconds <= 0:
            return Verdict(UNDECIDED)
        kept = _distinct([reach for reach, _ in reaches])
        small = [(np.ascontiguousarray(reach[:, kept]), out) for reach, out in reaches]
        verdict = sites_that_reach(small, len(self.chosen), seconds)
        return Verdict(verdict.word, kept[verdict.sites])

    def take(self, sites: Ints, radius: float, most: int) -> bool:
        """Keep an answer that holds for everybody; else let those it leaves out join the few."""
        others = np.setdiff1d(np.arange(len(self.points.free)), sites)
        sites = np.concatenate([sites, others[: len(self.chosen) - len(sites)]])
        paid = self.points.paid(sites)
        holds = True
        for limit, out in [*self.limits, (radius, most)]:
            beyond = np.flatnonzero(paid > limit)
            if len(beyond) <= out:
                continue
            holds = False
            beyond = beyond[~np.isin(beyond, self.few)]
            if len(beyond) == 0:
                continue
            worst = beyond[np.argsort(-paid[beyond], kind="stable")[: 4 * _JOIN]]
            rows = self.points.rows(worst)
            new = spread(rows, paid[worst], limit, _JOIN)
            self.few = np.concatenate([self.few, worst[new]])
            self.table = np.vstack([self.table, rows[new]])
        if holds:
            self.chosen = sites
            self.polish()
        return holds


def _distinct(reaches: list[Mask]) -> Ints:
    """Give one site for each set of demand it reaches, over all limits together."""
    bits = np.packbits(np.vstack(reaches), axis=0)
    return np.sort(np.unique(bits, axis=1, return_index=True)[1])
