"""Tiles of NumPy arrays: sums by matrix product, everything else by compiled loops."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numba
import numpy as np

from resalloc.scoring.products.loops import add_regret, best_values, fold_mean, fold_ratio, tally
from resalloc.scoring.products.mean import WeightedMean
from resalloc.scoring.products.partial import HOLDS
from resalloc.scoring.products.product import BINS

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from resalloc.problem.columns import Floats
    from resalloc.scoring.products.clauses import Clause, Limits
    from resalloc.scoring.products.partial import Partial
    from resalloc.scoring.products.product import Product


_STRETCH = 512
"""Plans that one loop works on: what it keeps by plan stays near the processor."""


def weighted_sums(weights: Floats, field: Floats, out: Floats) -> None:
    """Give Σ_i w[p, i] f[c, i] for every population and plan, as one matrix product."""
    np.matmul(weights, field.T, out=out)


class HostTiles:
    """Works through a product some populations at a time, always in the same room.

    Parameters
    ----------
    product
        What is asked; NumPy arrays.
    populations
        The most at a time.
    """

    def __init__(self, product: Product, populations: int) -> None:
        _, plans, variants = product.shape
        self._product = product
        self._sums = np.empty((populations, plans))
        self._value = np.empty((variants, populations, plans))
        self._row = np.empty((variants, populations, plans), dtype=np.int16)
        self._joint = np.empty((variants, populations, plans), dtype=np.uint8)
        self._stretches = [(c, min(c + _STRETCH, plans)) for c in range(0, plans, _STRETCH)]
        threads = min(numba.get_num_threads(), len(self._stretches))
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def __enter__(self) -> HostTiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    def start(self, low: int, high: int) -> None:
        """Begin with populations `low` to `high` (exclusive)."""
        self._low, self._count = low, high - low
        self._joint[:, : self._count] = HOLDS

    def compute(self, clause: Clause) -> None:
        """Fill the tile with a clause's value and its row, under every variant."""
        part = slice(self._low, self._low + self._count)
        limits = [clause.limits(n) for n in range(len(self._value))]
        sums = self._sums[: self._count]
        summed: tuple[int, int] | None = None
        for index, row in enumerate(clause.rows):
            if isinstance(row, WeightedMean):
                weights = row.weights[part]
                totals = weights.sum(axis=1) if row.shares is None else weights @ row.shares
                for n in sorted(range(len(limits)), key=row.field_of.__getitem__):
                    field = row.fields[row.field_of[n]]
                    if summed != (id(row.weights), id(field)):
                        weighted_sums(weights, field, sums)
                        summed = (id(row.weights), id(field))
                    self._fold(fold_mean, (sums, totals), row.scale, index, limits[n], n)
            else:
                a, g, b, h = row.arrays
                for n, limit in enumerate(limits):
                    self._fold(fold_ratio, (a, g[part], b, h[part]), row.scale, index, limit, n)

    def _fold(
        self,
        loop: Callable[..., None],
        given: tuple[Floats, ...],
        scale: float,
        index: int,
        limits: Limits,
        n: int,
    ) -> None:
        """Put a row's value into the tile where it is the worst so far, under variant `n`."""
        value, row = self._value[n, : self._count], self._row[n, : self._count]
        into = (scale, index, *limits[:3], value, row)
        self._each(lambda _, first, last: loop(*given, *into, first, last))

    def count(self, k: int, n: int, into: Partial, in_joint: bool) -> None:
        """Count what the tile holds of clause `k` under variant `n`."""
        count, at = self._count, self._low - into.low
        limits = self._product.clauses[k].limits(n)
        low, width = self._product.ranges[k, 0], self._product.widths[k]
        plans = into.by_plan
        values = np.stack([plans.total[k, n], plans.least[k, n], plans.most[k, n]])
        kept = [
            (
                np.zeros((count, 3), dtype=np.int64),
                np.empty((3, count)),
                np.zeros(BINS + 2, dtype=np.int64),
                np.array([-np.inf]),
                np.full(3, -1, dtype=np.int64),
            )
            for _ in self._stretches
        ]

        def one(number: int, first: int, last: int) -> None:
            counts, population_values, histogram, worst, worst_at = kept[number]
            tally(
                self._value[n, :count], self._row[n, :count], *limits, low, 1.0 / width, BINS,
                first, last, plans.counts[k, n], values, counts, population_values,
                histogram, worst, worst_at, self._joint[n, :count], in_joint,
            )  # fmt: skip

        self._each(one)
        plans.total[k, n], plans.least[k, n], plans.most[k, n] = values
        people = into.by_population
        part = slice(at, at + count)
        for counts, (total, least, most), histogram, worst, worst_at in kept:
            people.counts[k, n, part] += counts
            people.total[k, n, part] += total
            people.least[k, n, part] = np.minimum(people.least[k, n, part], least)
            people.most[k, n, part] = np.maximum(people.most[k, n, part], most)
            into.bins[k, n] += histogram
            if worst_at[0] >= 0:
                into.worst.take(k, n, worst[0], self._low + worst_at[0], *worst_at[1:])

    def regret(self, measure: int, n: int, sign: float, into: Partial) -> None:
        """Add the regret of every plan by the clause the tile holds."""
        value = self._value[n, : self._count]
        best = np.empty(self._count)
        best_values(value, sign, best)
        found = into.regret
        to = (found.largest[measure], found.total[measure], found.unknown[measure])
        self._each(lambda _, first, last: add_regret(value, sign, best, first, last, *to))

    def count_joint(self, into: Partial) -> None:
        """Count in how many scenarios all chosen clauses hold."""
        at = self._low - into.low
        joint = self._joint[:, : self._count]
        for status in range(3):
            same = joint == status
            into.joint_by_plan[:, :, status] += same.sum(axis=1)
            into.joint_by_population[:, at : at + self._count, status] = same.sum(axis=2)

    def _each(self, one: Callable[[int, int, int], None]) -> None:
        """Run a loop over every stretch of plans, several at once."""
        numbered = [(number, *stretch) for number, stretch in enumerate(self._stretches)]
        if self._pool is None:
            for each in numbered:
                one(*each)
        else:
            for _ in self._pool.map(lambda each: one(*each), numbered):
                pass
