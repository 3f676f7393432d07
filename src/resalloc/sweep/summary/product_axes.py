"""The axes of a product as the file has them: which one a number stands for, and its levels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.scoring.crossing import axis_of
from resalloc.sweep.summary.groups import groups
from resalloc.sweep.summary.varied import LEVELS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Batch, Factor
    from resalloc.scoring.crossing import Axes
    from resalloc.sweep.axes import Axis

CHOICES = ("site", "amount", "project")
"""Kinds of factors that a planner chooses; the other factors of a plan befall it."""
_FIFTHS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True, eq=False)
class Side:
    """One axis of a product: the axes of the file that were crossed to make it.

    Parameters
    ----------
    name
        ``populations``, ``plans`` or ``variants``.
    axes
        Those of the file, the last one fastest; none where nothing varies.
    batch
        Their scenarios, crossed.
    """

    name: str
    axes: tuple[Axis, ...]
    batch: Batch

    def __len__(self) -> int:
        return len(self.batch)

    def of(self, number: int) -> dict[Factor, float]:
        """Give what each factor is in a scenario of this axis."""
        return dict(zip(self.batch.factors, map(float, self.batch.values[number]), strict=True))

    def varying(self) -> tuple[Factor, ...]:
        """Give the factors that have more than one value."""
        spread = np.ptp(self.batch.values, axis=0)
        return tuple(f for f, wide in zip(self.batch.factors, spread, strict=True) if wide > 0)


def sides_of(axes: Sequence[Axis], crossed: Axes) -> tuple[Side, Side, Side]:
    """Say which axes of the file make the populations, the plans and the variants."""
    own: dict[str, list[Axis]] = {name: [] for name in crossed._fields}
    for axis in axes:
        own[axis_of(axis.design.factors, axis.name)].append(axis)
    people, plans, variants = (
        Side(name, tuple(own[name]), batch)
        for name, batch in zip(crossed._fields, crossed, strict=True)
    )
    return people, plans, variants


@dataclass(frozen=True, eq=False)
class Options:
    """Plans by what is chosen in them, and by the conditions that befall them.

    Stations, amounts and projects are chosen; speeds and minutes are not: an option is the
    same choice under every condition. Where nothing is chosen, each plan is an option.

    Parameters
    ----------
    factors
        What the options differ in.
    values
        Options × factors.
    plans
        Options × conditions: the number of the plan.
    chosen
        Whether something is chosen.
    """

    factors: tuple[Factor, ...]
    values: Floats
    plans: Ints
    chosen: bool

    def __len__(self) -> int:
        return len(self.plans)

    @property
    def conditions(self) -> int:
        """Under how many conditions each option was scored."""
        return int(self.plans.shape[1])

    def of_plan(self, plan: int) -> int:
        """Say which option a plan is."""
        return int(np.flatnonzero((self.plans == plan).any(axis=1))[0])

    @property
    def open_sites(self) -> Floats | None:
        """How many of the sites that differ are open, by option; None where all are alike."""
        sites = [k for k, factor in enumerate(self.factors) if factor.kind == "site"]
        count = self.values[:, sites].sum(axis=1)
        return count if len(sites) and np.ptp(count) > 0 else None


def options_of(plans: Side) -> Options:
    """Tell what is chosen from what befalls.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.sampling.crossed import Crossed
    >>> from resalloc.sampling.distribution import Levels
    >>> from resalloc.sampling.factorial import Factorial
    >>> from resalloc.sampling.variable import Variable
    >>> from resalloc.sweep.axes import Axis
    >>> speed = Factorial((Variable(Factor("speed"), Levels((0.8, 1.0))),))
    >>> beds = Factorial((Variable(Factor("beds"), Levels((1.0, 1.1, 1.2))),))
    >>> batch = Crossed((speed, beds)).rows(0, 6)
    >>> options_of(Side("plans", (Axis("s", speed), Axis("b", beds)), batch)).plans.tolist()
    [[0, 3], [1, 4], [2, 5]]
    """
    shape = [len(axis.design) for axis in plans.axes]
    kinds = [{factor.kind for factor in axis.design.factors} for axis in plans.axes]
    own = [k for k, kind in enumerate(kinds) if kind & set(CHOICES)]
    numbers = np.arange(len(plans), dtype=np.int64)
    if not own:
        return Options(plans.batch.factors, plans.batch.values, numbers[:, None], chosen=False)
    rest = [k for k in range(len(shape)) if k not in own]
    order = numbers.reshape(shape).transpose([*own, *rest])
    members = order.reshape(math.prod(shape[k] for k in own), -1)
    ends = np.cumsum([0, *(len(axis.design.factors) for axis in plans.axes)])
    columns = [c for k in own for c in range(ends[k], ends[k + 1])]
    return Options(
        tuple(plans.batch.factors[c] for c in columns),
        plans.batch.values[members[:, 0]][:, columns],
        members,
        chosen=True,
    )


class Level(NamedTuple):
    """Some scenarios of an axis: those in which a factor lies from `low` to `high`.

    `number` counts the levels of a factor from 0; `fifth` is true of the fifths of a factor
    that has more values than can be told one by one.
    """

    factor: str
    number: int
    low: float
    high: float
    fifth: bool
    members: Ints


def levels_of(side: Side, problem: Problem) -> Iterator[Level]:
    """Give the levels of each factor of an axis that varies.

    Townships and sites are taken together; a factor with more than a dozen values goes by
    fifths of the axis's scenarios.
    """
    factors = side.batch.factors
    together = groups(factors, problem)
    within = {k for group in together for k in group.members}
    told = [(f.name, side.batch.values[:, k]) for k, f in enumerate(factors) if k not in within]
    told += [(group.name, group.of(side.batch.values)) for group in together]
    for name, values in told:
        distinct = np.unique(values)
        if len(distinct) < 2:
            continue
        few = len(distinct) <= LEVELS
        edges = distinct[:-1] if few else np.unique(np.quantile(values, _FIFTHS))
        bins = np.searchsorted(edges, values, side="left")
        for number, at in enumerate(np.unique(bins)):
            members = np.flatnonzero(bins == at)
            low, high = float(values[members].min()), float(values[members].max())
            yield Level(name, number, low, high, not few, members)
