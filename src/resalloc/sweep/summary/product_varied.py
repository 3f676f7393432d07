"""What differed between the scenarios of a product, and how it was drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.sweep.summary.groups import groups
from resalloc.sweep.summary.spread import Spread
from resalloc.sweep.summary.varied import LEVELS, Drawn, Factors, Varied, distributions, drawn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.problem.columns import Floats
    from resalloc.problem.problem import Problem
    from resalloc.sweep.axes import Axis
    from resalloc.sweep.summary.product_axes import Side


def factors_of(axes: Sequence[Axis], sides: Sequence[Side], problem: Problem) -> Factors:
    """Give each factor with its values over the scenarios, those of one sort taken together."""
    each: list[Varied] = []
    from_axes = {name: how for axis in axes for name, how in distributions(axis.design).items()}
    for side in sides:
        factors, values = side.batch.factors, side.batch.values
        together = groups(factors, problem)
        within = {k: group.name for group in together for k in group.members}
        each += [
            Varied(
                factor.name, factor, None, within.get(k, ""), _spread(values[:, k]),
                _few(values[:, k]), from_axes.get(factor.name),
            )
            for k, factor in enumerate(factors)
        ]  # fmt: skip
        each += [
            Varied(g.name, None, g, "", _spread(g.of(values)), _few(g.of(values)), None)
            for g in together
        ]
    return Factors(tuple(each), _drawn(axes))


def _drawn(axes: Sequence[Axis]) -> Drawn:
    own = [drawn(axis.design) for axis in axes]
    return Drawn(
        " × ".join(one.sampler for one in own),
        tuple(seed for one in own for seed in one.seeds),
        tuple(pair for one in own for pair in one.correlated),
    )


def _spread(values: Floats) -> Spread:
    low, median, high = np.quantile(values, (0.05, 0.5, 0.95), method="inverted_cdf")
    return Spread(
        len(values), float(values.mean()), float(values.min()), float(values.max()),
        float(low), float(median), float(high), 0.0,
    )  # fmt: skip


def _few(values: Floats) -> tuple[float, ...]:
    distinct = np.unique(values)
    return tuple(map(float, distinct)) if len(distinct) <= LEVELS else ()
