"""Tiles of any array library, on its device: only what is kept of a tile comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.scoring.products.arrays import host, library, like, place
from resalloc.scoring.products.mean import WeightedMean
from resalloc.scoring.products.partial import FAILS, HOLDS, NOT_COMPUTABLE
from resalloc.scoring.products.product import BINS

if TYPE_CHECKING:
    from types import TracebackType

    from resalloc.problem.columns import Floats
    from resalloc.scoring.products.arrays import Array
    from resalloc.scoring.products.clauses import Clause, Limits, Row
    from resalloc.scoring.products.partial import Partial
    from resalloc.scoring.products.product import Product


class DeviceTiles:
    """Works through a product some populations at a time, by the functions of the standard.

    Parameters
    ----------
    product
        What is asked.
    populations
        The most at a time.
    """

    def __init__(self, product: Product, populations: int) -> None:
        self._product = product
        self._example = product.clauses[0].rows[0].arrays[0]
        self._xp = library(self._example)
        self._edges = self._to(np.arange(BINS + 1, dtype=float))
        self._nan, self._inf = self._to(np.array(np.nan)), self._to(np.array(np.inf))

    def __enter__(self) -> DeviceTiles:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass

    def start(self, low: int, high: int) -> None:
        """Begin with populations `low` to `high` (exclusive)."""
        self._low, self._count = low, high - low
        _, plans, variants = self._product.shape
        shape = (high - low, plans)
        whole = self._xp.full(shape, HOLDS, dtype=self._xp.uint8, device=place(self._example))
        self._joint = [whole for _ in range(variants)]

    def compute(self, clause: Clause) -> None:
        """Fill the tile with a clause's value and its row, under every variant."""
        variants = self._product.shape[2]
        limits = [clause.limits(n) for n in range(variants)]
        self._value: list[Array] = [None] * variants
        self._row: list[Array] = [None] * variants
        with np.errstate(divide="ignore", invalid="ignore"):
            for index, row in enumerate(clause.rows):
                found: dict[int, Array] = {}
                for n, limit in enumerate(limits):
                    field = row.field_of[n] if isinstance(row, WeightedMean) else 0
                    if field not in found:
                        found[field] = self._values(row, field)
                    self._fold(n, index, limit, found[field])

    def count(self, k: int, n: int, into: Partial, in_joint: bool) -> None:
        """Count what the tile holds of clause `k` under variant `n`."""
        xp, value = self._xp, self._value[n]
        beyond, slack, size = self._beyond(n, self._product.clauses[k].limits(n))
        known = ~xp.isnan(value)
        one = xp.asarray(1, dtype=xp.uint8, device=place(value))
        status = xp.where(beyond > slack, one * FAILS, one * HOLDS)
        status = xp.where(known, status, one * NOT_COMPUTABLE)
        if in_joint:
            self._joint[n] = xp.where(status > self._joint[n], status, self._joint[n])
        at = slice(self._low - into.low, self._low - into.low + self._count)
        plans, people = into.by_plan, into.by_population
        zero = xp.zeros_like(value)
        total = xp.where(known, value, zero)
        least, most = xp.where(known, value, self._inf), xp.where(known, value, -self._inf)
        plans.counts[k, n] += self._counts(status, 0)
        people.counts[k, n, at] = self._counts(status, 1)
        with np.errstate(invalid="ignore"):
            plans.total[k, n] += host(xp.sum(total, axis=0))
            people.total[k, n, at] = host(xp.sum(total, axis=1))
        plans.least[k, n] = np.minimum(plans.least[k, n], host(xp.min(least, axis=0)))
        plans.most[k, n] = np.maximum(plans.most[k, n], host(xp.max(most, axis=0)))
        people.least[k, n, at] = host(xp.min(least, axis=1))
        people.most[k, n, at] = host(xp.max(most, axis=1))
        into.bins[k, n] += self._histogram(k, value, known)
        relative = xp.reshape(xp.where(known, beyond / size, -self._inf), (-1,))
        worst = int(xp.argmax(relative))
        p, c = divmod(worst, value.shape[1])
        row = int(self._row[n][p, c])
        into.worst.take(k, n, float(relative[worst]), self._low + p, c, row)

    def regret(self, measure: int, n: int, sign: float, into: Partial) -> None:
        """Add the regret of every plan by the clause the tile holds."""
        xp, found = self._xp, into.regret
        value = sign * self._value[n]
        best = xp.min(xp.where(xp.isnan(value), self._inf, value), axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            regret = value - best
        unknown = xp.isnan(regret)
        largest = xp.max(xp.where(unknown, -self._inf, regret), axis=0)
        found.largest[measure] = np.maximum(found.largest[measure], host(largest))
        summed = xp.sum(xp.where(unknown, xp.zeros_like(regret), regret), axis=0)
        found.total[measure] += host(summed)
        found.unknown[measure] += host(xp.sum(xp.astype(unknown, xp.int64), axis=0))

    def count_joint(self, into: Partial) -> None:
        """Count in how many scenarios all chosen clauses hold."""
        at = slice(self._low - into.low, self._low - into.low + self._count)
        for n, joint in enumerate(self._joint):
            into.joint_by_plan[n] += self._counts(joint, 0)
            into.joint_by_population[n, at] = self._counts(joint, 1)

    def _values(self, row: Row, field: int) -> Array:
        """Give a row's value for every population of the tile and every plan."""
        xp, part = self._xp, slice(self._low, self._low + self._count)
        if isinstance(row, WeightedMean):
            weights = row.weights[part, :]
            people = weights if row.shares is None else weights * row.shares[None, :]
            below = xp.sum(people, axis=1)[:, None]
            above = row.scale * (weights @ xp.matrix_transpose(row.fields[field]))
        else:
            a, g, b, h = row.arrays
            above = row.scale * (a[None, :] + g[part][:, None])
            below = b[None, :] + h[part][:, None]
        return above / below

    def _fold(self, n: int, index: int, limits: Limits, value: Array) -> None:
        """Put a row's value into the tile where it is the worst so far."""
        xp = self._xp
        if index == 0:
            self._value[n] = value
            shape = value.shape
            self._row[n] = xp.zeros(shape, dtype=xp.int16, device=place(value))
            return
        beyond, _, size = self._beyond(n, limits)
        before = xp.where(xp.isnan(self._value[n]), -self._inf, beyond / size)
        sense, bound = int(limits.senses[index]), float(limits.bounds[index])
        after = self._excess(sense, bound, value) / float(limits.sizes[index])
        first = xp.isnan(self._value[n]) & ~xp.isnan(value)
        worse = first | (after > before)
        self._value[n] = xp.where(worse, value, self._value[n])
        number = xp.asarray(index, dtype=xp.int16, device=place(value))
        self._row[n] = xp.where(worse, number, self._row[n])

    def _beyond(self, n: int, limits: Limits) -> tuple[Array, Array, Array]:
        """Give how far the tile's values are beyond their bound, the slack and the size."""
        xp, value, row = self._xp, self._value[n], self._row[n]
        if len(limits.senses) == 1:
            beyond = self._excess(int(limits.senses[0]), float(limits.bounds[0]), value)
            return beyond, self._to(limits.slacks[0]), self._to(limits.sizes[0])
        beyond, slack, size = value, xp.zeros_like(value), xp.ones_like(value)
        for index in range(len(limits.senses)):
            sense, bound = int(limits.senses[index]), float(limits.bounds[index])
            mine = row == index
            beyond = xp.where(mine, self._excess(sense, bound, value), beyond)
            slack = xp.where(mine, self._to(limits.slacks[index]), slack)
            size = xp.where(mine, self._to(limits.sizes[index]), size)
        return beyond, slack, size

    def _excess(self, sense: int, bound: float, value: Array) -> Array:
        if sense > 0:
            return bound - value
        return value - bound if sense < 0 else self._xp.abs(bound - value)

    def _counts(self, status: Array, axis: int) -> Floats:
        """Give how many have each status, along the other axis."""
        xp = self._xp
        each = [xp.sum(xp.astype(status == one, xp.int64), axis=axis) for one in range(3)]
        return np.stack([host(one) for one in each], axis=-1)

    def _histogram(self, k: int, value: Array, known: Array) -> Floats:
        """Give how many values lie below the range, in each bin, and above it."""
        xp = self._xp
        low, width = float(self._product.ranges[k, 0]), float(self._product.widths[k])
        place_in = xp.where(known, (value - low) * (1.0 / width), self._inf)
        ordered = xp.sort(xp.reshape(place_in, (-1,)))
        before = host(xp.searchsorted(ordered, self._edges, side="left")).astype(np.int64)
        count = int(host(xp.sum(xp.astype(known, xp.int64))))
        return np.diff(np.concatenate([[0], before, [count]]))

    def _to(self, values: Floats) -> Array:
        return like(np.asarray(values), self._example)
