"""The summary of a block of populations with all plans, and how blocks become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault
from resalloc.scoring.products.product import BINS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.products.product import Product

HOLDS, NOT_COMPUTABLE, FAILS = 0, 1, 2
"""Status of a scenario, from best to worst: of several clauses the greatest is the joint one."""


@dataclass(frozen=True, eq=False)
class Tally:
    """Counts and values along one axis; its last axis is plans, or populations.

    Parameters
    ----------
    counts
        Scenarios that hold, are not computable, and fail (last axis, in this order).
    total, least, most
        Of the values that are numbers; 0, inf and -inf where there is none.
    """

    counts: Ints
    total: Floats
    least: Floats
    most: Floats

    @classmethod
    def empty(cls, *shape: int) -> Tally:
        """Give the tally of nothing."""
        return cls(
            np.zeros((*shape, 3), dtype=np.int64),
            np.zeros(shape),
            np.full(shape, np.inf),
            np.full(shape, -np.inf),
        )

    @property
    def mean(self) -> Floats:
        """Mean of the values that are numbers; NaN where there is none."""
        known = self.counts[..., HOLDS] + self.counts[..., FAILS]
        with np.errstate(invalid="ignore"):
            return np.where(known > 0, self.total / np.maximum(known, 1), np.nan)

    def added(self, other: Tally) -> Tally:
        """Give the tally of both, of the same plans."""
        with np.errstate(invalid="ignore"):
            total = self.total + other.total
        return Tally(
            self.counts + other.counts,
            total,
            np.minimum(self.least, other.least),
            np.maximum(self.most, other.most),
        )


@dataclass(frozen=True, eq=False)
class Worst:
    """The scenario furthest from its bound, by clause and variant.

    `excess` is how far, as a share of the bound: negative while it still holds, -inf where
    there is none. `population`, `plan` and `row` say which; -1 where there is none. The
    first of equals.
    """

    excess: Floats
    population: Ints
    plan: Ints
    row: Ints

    @classmethod
    def empty(cls, *shape: int) -> Worst:
        """Give the worst of nothing."""
        nobody = [np.full(shape, -1, dtype=np.int64) for _ in range(3)]
        return cls(np.full(shape, -np.inf), *nobody)

    def take(self, k: int, n: int, excess: float, population: int, plan: int, row: int) -> None:
        """Note a scenario of clause `k` under variant `n` where it is the worst so far.

        Of equals the first population counts, then the first plan.
        """
        best = self.excess[k, n]
        if excess > best or (excess == best and population < self.population[k, n]):
            self.excess[k, n] = excess
            self.population[k, n], self.plan[k, n], self.row[k, n] = population, plan, row

    def or_worse(self, later: Worst) -> Worst:
        """Give the worse of two; the first where they are equal."""
        worse = later.excess > self.excess
        return Worst(
            np.where(worse, later.excess, self.excess),
            np.where(worse, later.population, self.population),
            np.where(worse, later.plan, self.plan),
            np.where(worse, later.row, self.row),
        )


@dataclass(frozen=True, eq=False)
class Regret:
    """How much worse each plan does than the best plan for the same population.

    By measure and plan: `largest` and `total` over populations, and in how many populations
    it is `unknown`: there it is in neither.
    """

    largest: Floats
    total: Floats
    unknown: Ints

    @classmethod
    def empty(cls, *shape: int) -> Regret:
        """Give the regret over no population."""
        return cls(np.full(shape, -np.inf), np.zeros(shape), np.zeros(shape, dtype=np.int64))

    def added(self, other: Regret) -> Regret:
        """Give the regret over both blocks."""
        return Regret(
            np.maximum(self.largest, other.largest),
            self.total + other.total,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, eq=False)
class Partial:
    """What is kept of populations `low` to `high` (exclusive), all plans and variants.

    Parameters
    ----------
    low, high
        The block.
    by_plan
        Clauses × variants × plans, over the block's populations.
    by_population
        Clauses × variants × populations of the block, over all plans.
    bins
        Clauses × variants × (below the range, the bins, above it): how many values.
    worst
        Clauses × variants.
    joint_by_plan, joint_by_population
        Variants × plans × 3 and variants × populations × 3: in how many scenarios all
        chosen clauses hold, none fails but some are not computable, some fail.
    regret
        Measures × plans.
    """

    low: int
    high: int
    by_plan: Tally
    by_population: Tally
    bins: Ints
    worst: Worst
    joint_by_plan: Ints
    joint_by_population: Ints
    regret: Regret

    @classmethod
    def empty(cls, product: Product, low: int, high: int) -> Partial:
        """Give a block of which nothing is counted yet."""
        _, plans, variants = product.shape
        clauses = len(product.clauses)
        return cls(
            low,
            high,
            Tally.empty(clauses, variants, plans),
            Tally.empty(clauses, variants, high - low),
            np.zeros((clauses, variants, BINS + 2), dtype=np.int64),
            Worst.empty(clauses, variants),
            np.zeros((variants, plans, 3), dtype=np.int64),
            np.zeros((variants, high - low, 3), dtype=np.int64),
            Regret.empty(len(product.measures), plans),
        )


def merge(parts: Iterable[Partial]) -> Partial:
    """Give the summary of adjoining blocks as if they had been one.

    Counts, extremes, worst cases and quantiles do not depend on how the populations were
    divided. Totals are added block by block in the order of populations, so the same blocks
    give the same bytes whoever computed them, and other blocks the same to rounding.

    Parameters
    ----------
    parts
        Blocks of the same product, in the order of populations, without a gap.

    Raises
    ------
    InputError
        There is none, or a block does not follow on the one before.
    """
    whole: Partial | None = None
    populations = []
    for part in parts:
        populations.append(part)
        whole = part if whole is None else _both(whole, part)
    if whole is None:
        raise one_fault("blocks", "are none.", "Give at least one.")
    if len(populations) == 1:
        return whole
    every = [part.by_population for part in populations]
    by_population = Tally(
        np.concatenate([one.counts for one in every], axis=2),
        np.concatenate([one.total for one in every], axis=2),
        np.concatenate([one.least for one in every], axis=2),
        np.concatenate([one.most for one in every], axis=2),
    )
    joint = np.concatenate([part.joint_by_population for part in populations], axis=1)
    return Partial(
        whole.low, whole.high, whole.by_plan, by_population, whole.bins, whole.worst,
        whole.joint_by_plan, joint, whole.regret,
    )  # fmt: skip


def _both(one: Partial, other: Partial) -> Partial:
    """Add two blocks, but for what is kept by population."""
    if other.low != one.high:
        what = f"starts at population {other.low}; the one before ends at {one.high}."
        raise one_fault("a block", what, "Give them in order, each once.")
    if other.by_plan.total.shape != one.by_plan.total.shape:
        raise one_fault("a block", "belongs to another product.", "Merge blocks of one product.")
    return Partial(
        one.low,
        other.high,
        one.by_plan.added(other.by_plan),
        one.by_population,
        one.bins + other.bins,
        one.worst.or_worse(other.worst),
        one.joint_by_plan + other.joint_by_plan,
        one.joint_by_population,
        one.regret.added(other.regret),
    )
