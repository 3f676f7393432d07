"""One sum over another, each with a part of the plan and a part of the population."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, InputError
from resalloc.scoring.products.arrays import extremes, floats, infinite, library, same_home
from resalloc.scoring.products.bounds import bounds_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from resalloc.problem.columns import Floats
    from resalloc.scoring.products.arrays import Array
    from resalloc.scoring.products.bounds import Sense


@dataclass(frozen=True, eq=False)
class Ratio:
    """One sum over another, each with a part of the plan and a part of the population.

    ::

        value[p, c] = scale × (a[c] + g[p]) / (b[c] + h[p])

    Beds per 1,000 residents have a (beds) and h (residents); nurses per doctor a and b.

    Parameters
    ----------
    above_plan, above_population
        a and g, one a plan and one a population; NaN where not known. One of a and b may be
        None, as may one of g and h: it is 0 throughout.
    below_plan, below_population
        b and h; likewise.
    sense, bounds
        How `value` is compared, and with what: a bound for every variant.
    scale
        From the plain quotient to the printed unit.
    name
        What the row is about; the worst case names it.

    Raises
    ------
    InputError
        A shape does not fit, or a number that must be there is not.

    Examples
    --------
    >>> beds = Ratio([300.0], None, None, [5e4, 6e4], ">=", [5.5], scale=1000)
    >>> (beds.populations, beds.plans, beds.range)
    (2, 1, (5.0, 6.0))
    """

    above_plan: Array | None
    above_population: Array | None
    below_plan: Array | None
    below_population: Array | None
    sense: Sense
    bounds: Floats
    scale: float = 1.0
    name: str = ""

    def __post_init__(self) -> None:
        where = self.name or "a ratio"
        bounds, faults = bounds_of(where, self.sense, self.bounds, self.scale)
        object.__setattr__(self, "bounds", bounds)
        object.__setattr__(self, "scale", float(self.scale))
        for axis in ("plan", "population"):
            faults += self._take(where, f"above_{axis}", f"below_{axis}")
        if not faults:
            faults += same_home(self.arrays)
        if faults:
            raise InputError(faults)

    def _take(self, where: str, above: str, below: str) -> list[Fault]:
        """Make arrays of two parts for the same plans or populations; give the faults."""
        given = {key: getattr(self, key) for key in (above, below)}
        found, faults = {}, []
        for key, array in given.items():
            if array is not None:
                found[key], bad = floats(f"{where}: {key}", array, 1)
                if not bad and infinite(found[key]):
                    bad = [Fault(f"{where}: {key}", "is infinite somewhere.", "NaN is: not known.")]
                faults += bad
        if not found:
            faults.append(
                Fault(f"{where}: {above}", f"and {below} are both left out.", "Give one.")
            )
        if faults:
            return faults
        one = next(iter(found.values()))
        for key in given:
            object.__setattr__(self, key, found.get(key, library(one).zeros_like(one)))
        first, second = getattr(self, above), getattr(self, below)
        if first.shape != second.shape:
            what = f"has {first.shape[0]} numbers, {below} {second.shape[0]}."
            return [Fault(f"{where}: {above}", what, "Give as many of both.")]
        return []

    @property
    def populations(self) -> int:
        """How many populations there are."""
        return int(self.arrays[1].shape[0])

    @property
    def plans(self) -> int:
        """How many plans there are."""
        return int(self.arrays[0].shape[0])

    @property
    def variants(self) -> int:
        """How many variants of the norms there are."""
        return len(self.bounds)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """Every array it holds that belongs to the array library."""
        return (
            self.above_plan, self.above_population, self.below_plan, self.below_population,
        )  # fmt: skip

    def moved(self, to: Callable[[Array], Array]) -> Ratio:
        """Give the row with its arrays handed through `to`."""
        return replace(
            self,
            above_plan=to(self.above_plan),
            above_population=to(self.above_population),
            below_plan=to(self.below_plan),
            below_population=to(self.below_population),
        )

    @property
    def range(self) -> tuple[float, float]:
        """Between which numbers the value must lie where it is finite.

        The quotient of two intervals; where the lower one touches or crosses zero, its
        ends nearest to zero are the nearest that a pair of plan and population comes.
        """
        above = _sum_range(self.above_plan, self.above_population)
        below = [*_sum_range(self.below_plan, self.below_population)]
        if not np.isfinite([*above, *below]).all():
            return 0.0, 0.0
        if below[0] <= 0.0 <= below[1]:
            below += _nearest_to_zero(self.below_plan, self.below_population)
        ends = [self.scale * top / bottom for top in above for bottom in below if bottom != 0]
        return (min(ends), max(ends)) if ends else (0.0, 0.0)


def _sum_range(one: Array, other: Array) -> tuple[float, float]:
    (a, b), (c, d) = extremes(one), extremes(other)
    return a + c, b + d


def _nearest_to_zero(plan: Array, population: Array) -> list[float]:
    """Give the sums of a plan's and a population's part nearest to zero on either side."""
    xp = library(plan)
    ordered = xp.sort(plan[~xp.isnan(plan)])
    against = -population[~xp.isnan(population)]
    count = ordered.shape[0]
    found = []
    above = xp.searchsorted(ordered, against, side="right")
    below = xp.searchsorted(ordered, against, side="left") - 1
    for at, fits in ((above, above < count), (below, below >= 0)):
        if bool(xp.any(fits)):
            sums = xp.take(ordered, at[fits]) - against[fits]
            sums = sums[sums != 0]
            if sums.shape[0]:
                found.append(float(sums[int(xp.argmin(xp.abs(sums)))]))
    return found
