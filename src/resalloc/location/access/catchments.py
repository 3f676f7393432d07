"""Catchments that overlap: the weights of demand at sites, the two steps, and access."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from resalloc.location.access.decay import Decay
    from resalloc.location.costs import AnyCosts, Floats, Ints

BLOCK = 1 << 20
"""Pairs of demand and site that are weighed at a time."""
HELD = 1 << 26
"""Pairs up to which the weights are kept between the two steps (0.5 GB), not computed twice."""


@dataclass(frozen=True)
class Huff:
    """How people share themselves out among the sites in reach (Huff 1963).

    Parameters
    ----------
    attractiveness
        By site.
    exponent
        How fast a site's pull falls with the cost.
    smallest
        Costs below this count as this: the pull has no value at 0.
    """

    attractiveness: Floats
    exponent: float
    smallest: float

    def pull(self, cost: Floats) -> Floats:
        """Give ``attractiveness · cost ^ -exponent``, demand × sites; 0 at infinite cost."""
        near = np.maximum(cost, self.smallest)
        return np.asarray(self.attractiveness * near**-self.exponent)


@dataclass(frozen=True)
class Catchments:
    """Weights of demand at sites.

    Parameters
    ----------
    costs
        Demand × sites.
    radius
        Of each pair: demand or 1 × sites or 1.
    decay
        Weight by cost.
    selective
        Whether people divide themselves among the sites in reach, as in the three-step
        methods; else everyone counts in full at each.
    huff
        How they divide themselves; by the weights where there is none.
    """

    costs: AnyCosts
    radius: Floats
    decay: Decay
    selective: bool = False
    huff: Huff | None = None

    def rows(self, low: int, high: int) -> Floats:
        """Give the weights of some demand points at all sites."""
        cost = self.costs.rows(low, high)
        radius = self.radius if len(self.radius) == 1 else self.radius[low:high]
        weight: Floats = self.decay(cost, radius)
        if not self.selective:
            return weight
        pull = weight
        if self.huff is not None:
            pull = np.where((cost <= radius) & np.isfinite(cost), self.huff.pull(cost), 0.0)
        total = pull.sum(axis=1, keepdims=True)
        part: Floats = np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)
        return part * weight


def two_steps(catchments: Catchments, supply: Floats, population: Floats) -> tuple[Floats, Floats]:
    """Give access by demand point and the supply-to-population ratio by site.

    Parameters
    ----------
    catchments
        The weights.
    supply
        Scenarios or 1 × sites.
    population
        Scenarios or 1 × demand.

    Returns
    -------
    tuple
        Access, scenarios × demand, and ratios, scenarios × sites: NaN where nobody is in
        reach, which adds nothing to anybody's access.
    """
    n, m = catchments.costs.shape
    step = max(1, BLOCK // m)
    bounds = [(low, min(low + step, n)) for low in range(0, n, step)]
    held: list[Floats] = []
    in_reach = np.zeros((len(population), m))
    for low, high in bounds:
        weight = catchments.rows(low, high)
        in_reach += population[:, low:high] @ weight
        if n * m <= HELD:
            held.append(weight)
    scenarios = max(len(supply), len(population))
    ratio = np.full((scenarios, m), np.nan)
    np.divide(supply, in_reach, out=ratio, where=np.broadcast_to(in_reach > 0, ratio.shape))
    handed_out = np.nan_to_num(ratio, nan=0.0)
    access = np.empty((scenarios, n))
    for k, (low, high) in enumerate(bounds):
        weight = held[k] if held else catchments.rows(low, high)
        access[:, low:high] = handed_out @ weight.T
    return access, ratio


@dataclass(frozen=True)
class Access:
    """How much supply each demand point has within reach, per head.

    Parameters
    ----------
    method
        Which one, e.g. ``"2sfca"``.
    access
        By demand point; scenarios × demand where supply or population came by scenario. In
        supply per head (beds per person); 0 where no supply is in reach.
    ratio
        By site: supply over the people in its catchment. NaN where nobody is in reach: there
        is nobody to divide by, and the supply adds to nobody's access.
    unreached
        Positions of the sites with supply that nobody reaches (in some scenario).
    costs
        The costs the positions refer to.
    by_level
        Access to the sites of each level, where there are levels; `access` is their sum.
    """

    method: str
    access: Floats
    ratio: Floats
    unreached: Ints
    costs: AnyCosts
    by_level: Mapping[str, Floats] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Access {self.summary()}>"

    def __str__(self) -> str:
        return self.summary()

    def summary(self) -> str:
        """Give the answer in one line: least, median and largest access, and who is left out."""
        n, m = self.costs.shape
        least, middle, most = (float(np.quantile(self.access, q)) for q in (0.0, 0.5, 1.0))
        return (
            f"{self.method}: {n:,} demand points, {m:,} sites; access {least:.4g} to {most:.4g}, "
            f"median {middle:.4g}; {int((self.access == 0).sum()):,} without any, "
            f"{len(self.unreached)} sites nobody reaches"
        )

    @property
    def unreached_names(self) -> tuple[str, ...]:
        """Names of the sites in `unreached`."""
        return tuple(self.costs.site_name(int(j)) for j in self.unreached)

    def frame(self) -> pd.DataFrame:
        """Give one row a demand point (and scenario): access, in total and by level."""
        n = self.costs.shape[0]
        columns = {"access": self.access, **self.by_level}
        return self._table(columns, [self.costs.demand_name(i) for i in range(n)], "demand")

    def site_frame(self) -> pd.DataFrame:
        """Give one row a site (and scenario): the supply-to-population ratio."""
        m = self.costs.shape[1]
        return self._table(
            {"ratio": self.ratio}, [self.costs.site_name(j) for j in range(m)], "site"
        )

    def _table(self, columns: Mapping[str, Floats], names: list[str], what: str) -> pd.DataFrame:
        import pandas as pd

        index: pd.Index[Any] = pd.Index(names, name=what)
        if self.access.ndim > 1:
            scenarios = range(len(self.access))
            index = pd.MultiIndex.from_product([scenarios, names], names=["scenario", what])
        return pd.DataFrame({key: values.ravel() for key, values in columns.items()}, index=index)


def gathered(
    method: str,
    costs: AnyCosts,
    supply: Floats,
    access: Floats,
    ratio: Floats,
    several: bool,
    by_level: Mapping[str, Floats] = MappingProxyType({}),
) -> Access:
    """Give the result, without the scenario axis where there are no scenarios."""
    unreached = np.flatnonzero(((supply > 0) & np.isnan(ratio)).any(axis=0))
    if several:
        return Access(method, access, ratio, unreached, costs, by_level)
    parts = {level: part[0] for level, part in by_level.items()}
    return Access(method, access[0], ratio[0], unreached, costs, parts)
