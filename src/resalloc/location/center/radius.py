"""The smallest radius within which p sites reach everybody: search from above, proof from below.

The proof looks at few demand points only (row generation; Chen and Chen 2009, Contardo, Iori
and Kramer 2019): where p sites cannot even reach those, they cannot reach all. What an answer
for the few leaves beyond the radius joins them, so each question is a small set covering.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.center.model import (
    FOUND,
    IMPOSSIBLE,
    UNDECIDED,
    Verdict,
    sites_that_reach,
)
from resalloc.location.center.points import farthest_first
from resalloc.location.center.search import search_within, spread
from resalloc.location.center.tree import cover_with
from resalloc.location.covering.reduce import reduced

if TYPE_CHECKING:
    from resalloc.location.center.points import Points
    from resalloc.location.costs import Floats, Ints

_WHOLE = 4_000_000
"""Tables up to this size are searched as a whole; of larger ones only the rows that matter."""
_SEARCH, _LONG_SEARCH = 5_000_000, 100_000_000
_TREE, _LARGE_TREE = 200_000_000, 4_000_000_000
_GLANCE = 3_000_000
"""Pairs looked at: by one search, at first and once it is hard; by a tree, likewise, before the
solver takes over; by a bound alone."""
_FEW_SITES = 12
"""Up to so many sites a large tree is faster than the solver."""
_PACE = 250_000_000
"""Pairs looked at in a second, at least."""
_JOIN, _JOIN_HARD = 12, 30
"""Demand points that join the few at a time; once the tree no longer suffices."""


@dataclass
class Radius:
    """The best sites found so far and what is proven of any others.

    Parameters
    ----------
    points
        Demand and free sites.
    q
        Free sites to open.
    chosen
        The best so far, by place among the free sites.
    upper
        What the worst-off pays there.
    lower
        No sites can do better than this.
    """

    points: Points
    q: int
    chosen: Ints
    upper: float
    lower: float


def least_radius(points: Points, q: int, deadline: float, gap: float) -> Radius:
    """Give the `q` free sites that bring the worst-off nearest, and what is proven of it.

    Parameters
    ----------
    points
        Demand and free sites.
    q
        Free sites to open besides the fixed ones.
    deadline
        On the clock of `time.perf_counter`.
    gap
        Relative gap at which to stop.
    """
    return _Hunt(points, q, deadline, gap).run()


class _Hunt:
    def __init__(self, points: Points, q: int, deadline: float, gap: float) -> None:
        self.points, self.q, self.deadline, self.gap = points, q, deadline, gap
        self.few, chosen = farthest_first(points, q)
        paid = points.paid(chosen)
        self.answer = Radius(points, q, chosen, float(paid.max()), 0.0)
        self.table = points.rows(self.few)
        self.whole = points.size <= _WHOLE
        every = np.arange(len(points.demand))
        self.searched = points.rows(every) if self.whole else self.table
        self.names = every if self.whole else self.few
        self.weight = np.ones(len(self.searched), dtype=np.int64)
        self.seed, self.work, self.hard = 0, _SEARCH, False
        own = np.minimum(self.searched.min(axis=1, initial=np.inf), points.base[self.names])
        self.answer.lower = min(float(own.max()), self.answer.upper)

    def run(self) -> Radius:
        self.descend()
        self.join(self.hardest(4 * self.q))
        self.prove()
        return self.answer

    @property
    def done(self) -> bool:
        answer = self.answer
        if answer.upper == np.inf:
            return bool(answer.lower == np.inf)
        return answer.upper - answer.lower <= self.gap * answer.upper

    def late(self) -> bool:
        return time.perf_counter() > self.deadline

    def within(self, work: int) -> int:
        """Give the work that fits into what is left of the time."""
        left = self.deadline - time.perf_counter()
        return work if left == np.inf else max(_GLANCE, min(work, int(left * _PACE)))

    def descend(self) -> None:
        """Bring the best answer down by searching at radii halfway to the lower bound."""
        floor = self.answer.lower
        while not self.late():
            inside = (self.searched >= floor) & (self.searched < self.answer.upper)
            open_radii = self.searched[inside]
            if len(open_radii) == 0:
                return
            middle = len(open_radii) // 2
            radius = float(np.partition(open_radii, middle)[middle])
            found = self.search(radius, self.answer.chosen)
            if not found and self.hard:
                self.weight[:] = 1
                found = self.search(radius, self.answer.chosen)
            if not found:
                floor = float(np.nextafter(radius, np.inf))

    def search(self, radius: float, start: Ints) -> bool:
        """Search for sites within a radius; where only few are searched, let others join."""
        while True:
            self.seed += 1
            base = self.points.base[self.names]
            found, sites = search_within(
                self.searched, base, radius, start, self.weight, self.within(self.work), self.seed
            )
            if not found:
                return False
            if self.take(sites, radius):
                return True
            if self.late():
                return False
            start = sites

    def take(self, sites: Ints, radius: float) -> bool:
        """Keep an answer if it is the best; else let those it leaves beyond the radius join."""
        sites = self.filled(sites)
        paid = self.points.paid(sites)
        worst = float(paid.max())
        if worst < self.answer.upper:
            self.answer.chosen, self.answer.upper = sites, worst
        if worst <= radius:
            return True
        self.join(self.beyond(paid, radius))
        return False

    def filled(self, sites: Ints) -> Ints:
        """Give as many sites as may open: those given, then the first of the others."""
        others = np.setdiff1d(np.arange(len(self.points.free)), sites)
        return np.concatenate([sites, others[: self.q - len(sites)]])

    def beyond(self, paid: Floats, radius: float) -> Ints:
        """Give demand beyond the radius, far apart."""
        worst = np.argsort(-paid, kind="stable")[: max(4 * _JOIN, 64)]
        worst = worst[paid[worst] > radius]
        return worst[spread(self.points.rows(worst), paid[worst], radius, _JOIN)]

    def join(self, rows: Ints) -> None:
        """Add demand points to the few."""
        new = np.array([i for i in dict.fromkeys(rows.tolist()) if i not in set(self.few.tolist())])
        if len(new) == 0:
            return
        new = new.astype(np.int64)
        self.few = np.concatenate([self.few, new])
        self.table = np.vstack([self.table, self.points.rows(new)])
        if not self.whole:
            self.searched, self.names = self.table, self.few
            self.weight = np.concatenate([self.weight, np.ones(len(new), dtype=np.int64)])

    def prove(self) -> None:
        """Ask whether anything better exists until it does not."""
        halve = False
        while not self.done:
            radius = self.next_radius(halve)
            verdict = self.ask(
                radius,
                _LARGE_TREE if self.hard and self.q <= _FEW_SITES else _TREE,
                solver=self.hard,
            )
            if verdict.word == UNDECIDED and not self.hard:
                self.hard, self.work = True, _LONG_SEARCH
                self.weight[:] = 1
                self.descend()
                self.join(self.hardest(_JOIN_HARD))
                continue
            if verdict.word == UNDECIDED:
                self.raise_lower()
                return
            if verdict.word == IMPOSSIBLE:
                self.excluded(radius)
                halve = False
                continue
            asked = len(self.few)
            start = self.filled(verdict.sites)
            if self.take(start, radius) or self.search(radius, start):
                self.descend()
                halve = not halve
            elif self.hard:
                self.join(self.hardest(_JOIN_HARD))
            elif len(self.few) == asked:  # the solver's answer does not hold: nothing to learn
                self.raise_lower()
                return

    def hardest(self, most: int) -> Ints:
        """Give the demand outside the few that searches had most trouble to reach."""
        outside = np.flatnonzero(~np.isin(self.names, self.few))
        order = np.argsort(-self.weight[outside], kind="stable")
        return self.names[outside[order[:most]]]

    def next_radius(self, halve: bool) -> float:
        """Give the radius to ask about: just below the best, or halfway after a success."""
        upper = self.answer.upper
        radius = float(np.nextafter(upper, -np.inf))
        if self.gap > 0:
            radius = min(radius, upper * (1 - self.gap))
        if halve:
            radii = self.table[(self.table >= self.answer.lower) & (self.table < upper)]
            if len(radii):
                radius = min(radius, float(np.partition(radii, len(radii) // 2)[len(radii) // 2]))
        return max(radius, self.answer.lower)

    def excluded(self, radius: float) -> None:
        """Note that no sites reach even the few within a radius."""
        base = self.points.base[self.few]
        above = min(
            float(self.table[self.table > radius].min(initial=np.inf)),
            float(base[base > radius].min(initial=np.inf)),
        )
        self.answer.lower = min(above, self.answer.upper)

    def raise_lower(self) -> None:
        """Raise the lower bound as far as cheap proofs go, by bisection."""
        ceiling = self.answer.upper
        while True:
            radii = self.table[(self.table >= self.answer.lower) & (self.table < ceiling)]
            if len(radii) == 0:
                return
            radius = float(np.partition(radii, len(radii) // 2)[len(radii) // 2])
            if self.ask(radius, _GLANCE, solver=False).word == IMPOSSIBLE:
                self.excluded(radius)
            else:
                ceiling = radius

    def ask(self, radius: float, work: int, *, solver: bool = True) -> Verdict:
        """Say whether the sites can reach the few within a radius."""
        reach = self.table[self.points.base[self.few] > radius] <= radius
        if len(reach) == 0:
            return Verdict(FOUND)
        if not reach.any(axis=1).all():
            return Verdict(IMPOSSIBLE)
        n, m = reach.shape
        # Sites that reach the same are one site: far fewer to compare afterwards.
        sites = np.sort(np.unique(np.packbits(reach, axis=0), axis=1, return_index=True)[1])
        reach = np.ascontiguousarray(reach[:, sites])
        m = len(sites)
        rest = reduced(
            reach,
            np.ones(n, dtype=np.int64),
            np.ones(m),
            np.zeros(m, dtype=bool),
            np.ones(m, dtype=bool),
        )
        opened = sites[rest.opened]
        q = self.q - len(opened)
        if q < 0 or (q == 0 and len(rest.demand)):
            return Verdict(IMPOSSIBLE)
        if len(rest.demand) == 0:
            return Verdict(FOUND, opened)
        word, more = cover_with(rest.reach, q, self.within(work))
        if word == UNDECIDED and solver:
            seconds = max(self.deadline - time.perf_counter(), 0.01)
            solved = sites_that_reach([(rest.reach, 0)], q, seconds)
            word, more = solved.word, solved.sites
        return Verdict(word, np.concatenate([opened, sites[rest.sites[more]]]))
