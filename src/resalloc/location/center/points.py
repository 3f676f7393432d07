"""The demand of a centre problem: what each point would pay, weighted, a few rows at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.confirm import nearest
from resalloc.location.costs import Costs, PlanarCosts

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints
    from resalloc.location.instance import Instance


@dataclass(frozen=True)
class Points:
    """The demand points that count and the sites that are free to open.

    Parameters
    ----------
    instance
        The checked input.
    """

    instance: Instance

    @cached_property
    def demand(self) -> Ints:
        """Positions of the demand points with a weight: the others drop out."""
        return np.flatnonzero(self.instance.weights > 0)

    @cached_property
    def free(self) -> Ints:
        """Positions of the sites neither fixed nor forbidden."""
        return np.flatnonzero(~(self.instance.fixed | self.instance.forbidden))

    @cached_property
    def base(self) -> Floats:
        """What each point pays at the fixed sites; infinite where there are none."""
        return self._paid(np.flatnonzero(self.instance.fixed))

    @property
    def size(self) -> int:
        """Pairs of a demand point and a free site."""
        return len(self.demand) * len(self.free)

    def rows(self, which: Ints) -> Floats:
        """Give the weighted costs of some points (counted among `demand`) to the free sites."""
        rows, costs = self.demand[which], self.instance.costs
        if isinstance(costs, PlanarCosts):
            near = PlanarCosts(costs.demand_xy[rows], costs.site_xy[self.free]).dense()
        elif len(self.free) == costs.shape[1]:
            near = costs.values[rows]
        else:
            near = costs.values[np.ix_(rows, self.free)]
        near *= self.instance.weights[rows, None]
        return near

    def paid(self, chosen: Ints) -> Floats:
        """Give what every point pays when some free sites (by their place in `free`) are open."""
        return np.minimum(self.base, self._paid(self.free[chosen]))

    def unreachable(self) -> Ints:
        """Give the positions of the points that no site that may open can reach."""
        costs = self.instance.costs
        if not isinstance(costs, Costs):
            return np.empty(0, dtype=np.int64)
        never = self.instance.forbidden
        values = costs.values[:, ~never] if never.any() else costs.values
        least: Floats = values.min(axis=1)
        return self.demand[~np.isfinite(least[self.demand])]

    def _paid(self, sites: Ints) -> Floats:
        weights = self.instance.weights[self.demand]
        return weights * nearest(self.instance.costs, sites)[1][self.demand]


def farthest_first(points: Points, count: int) -> tuple[Ints, Ints]:
    """Give demand points far apart, and sites near them: a first answer.

    The point that pays most opens the site nearest to it, `count` times over (Gonzalez 1985;
    within twice the optimum where sites and demand are the same places and costs keep the
    triangle inequality). Where that site is open already, the first closed one opens.

    Returns
    -------
    tuple
        Points, one more than sites unless nobody is left to pay anything; free sites.
    """
    now = points.base.copy()
    found, chosen = [int(now.argmax())], np.empty(0, dtype=np.int64)
    closed = np.ones(len(points.free), dtype=bool)
    for _ in range(count):
        site = int(points.rows(np.array(found[-1:]))[0].argmin())
        if not closed[site]:
            site = int(closed.argmax())
        closed[site] = False
        chosen = np.append(chosen, site)
        now = np.minimum(now, points.paid(chosen[-1:]))
        found.append(int(now.argmax()))
    return np.array(list(dict.fromkeys(found)), dtype=np.int64), chosen
