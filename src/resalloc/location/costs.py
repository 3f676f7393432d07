"""What it costs to serve each demand point from each site, with the names of both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

CHUNK = 1 << 16
"""Demand points whose distances are held at a time when they are computed on the way."""


@dataclass(frozen=True)
class Costs:
    """Cost of serving each demand point from each site: kilometres, minutes, money.

    Parameters
    ----------
    values
        Demand × sites; ``values[i, j]`` is from demand `i` to site `j`; infinite where
        the site cannot be reached.
    demand, sites
        Their names; empty where they have none.
    unit
        Of the values, e.g. ``"min"``; shown with results.

    Examples
    --------
    >>> costs = Costs(np.array([[3.0, 9.0], [8.0, 2.0]]), sites=("East", "West"), unit="min")
    >>> costs.shape, costs.site_name(1), costs.demand_name(0)
    ((2, 2), 'West', 'demand 0')
    """

    values: Floats
    demand: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    unit: str = ""

    def __repr__(self) -> str:
        return _said(self)

    @property
    def shape(self) -> tuple[int, int]:
        """Demand points and sites."""
        return self.values.shape[0], self.values.shape[1]

    def demand_name(self, i: int) -> str:
        """Give the name of a demand point, or its position."""
        return self.demand[i] if self.demand else f"demand {i}"

    def site_name(self, j: int) -> str:
        """Give the name of a site, or its position."""
        return self.sites[j] if self.sites else f"site {j}"

    def rows(self, low: int, high: int) -> Floats:
        """Give the costs of some demand points."""
        return self.values[low:high]

    def dense(self) -> Floats:
        """Give the whole table."""
        return self.values

    def of(self, assignment: Ints) -> Floats:
        """Give what each demand point pays at its site; NaN where it has none (-1)."""
        paid = self.values[np.arange(len(assignment)), np.maximum(assignment, 0)]
        return np.where(assignment >= 0, paid, np.nan)

    def only(self, sites: Ints) -> Costs:
        """Give the costs to some of the sites."""
        names = tuple(self.sites[j] for j in sites) if self.sites else ()
        return Costs(self.values[:, sites], self.demand, names, self.unit)


@dataclass(frozen=True)
class PlanarCosts:
    """Straight-line distances in the plane, computed when asked and never held as a table.

    For many demand points: ten million by a hundred sites are 8 GB as a table and 0.2 GB
    as coordinates. Any function takes it; only the covering models work without the table.

    Parameters
    ----------
    demand_xy, site_xy
        Coordinates, points × 2, in the unit the distances are to have.
    demand, sites
        Names; empty where they have none.
    unit
        Of the distances.

    Examples
    --------
    >>> costs = PlanarCosts(np.array([[0.0, 0.0], [3.0, 0.0]]), np.array([[0.0, 4.0]]))
    >>> costs.dense().tolist()
    [[4.0], [5.0]]
    """

    demand_xy: Floats
    site_xy: Floats
    demand: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    unit: str = ""

    def __repr__(self) -> str:
        return _said(self)

    @property
    def shape(self) -> tuple[int, int]:
        """Demand points and sites."""
        return len(self.demand_xy), len(self.site_xy)

    def demand_name(self, i: int) -> str:
        """Give the name of a demand point, or its position."""
        return self.demand[i] if self.demand else f"demand {i}"

    def site_name(self, j: int) -> str:
        """Give the name of a site, or its position."""
        return self.sites[j] if self.sites else f"site {j}"

    def rows(self, low: int, high: int) -> Floats:
        """Give the distances of some demand points."""
        return _distances(self.demand_xy[low:high, None, :], self.site_xy[None, :, :])

    def dense(self) -> Floats:
        """Give the whole table."""
        n = self.shape[0]
        table = np.empty(self.shape)
        for low in range(0, n, CHUNK):
            table[low : low + CHUNK] = self.rows(low, low + CHUNK)
        return table

    def of(self, assignment: Ints) -> Floats:
        """Give each demand point's distance to its site; NaN where it has none (-1)."""
        away = _distances(self.demand_xy, self.site_xy[np.maximum(assignment, 0)])
        return np.where(assignment >= 0, away, np.nan)

    def only(self, sites: Ints) -> PlanarCosts:
        """Give the distances to some of the sites."""
        names = tuple(self.sites[j] for j in sites) if self.sites else ()
        return PlanarCosts(self.demand_xy, self.site_xy[sites], self.demand, names, self.unit)


AnyCosts = Costs | PlanarCosts
CostLike = Any
"""What the models take as costs: `Costs`, `PlanarCosts`, an array, a SciPy sparse array
(what is not stored cannot be reached) or a DataFrame with sites as columns."""


def _said(costs: AnyCosts) -> str:
    """Give a table in a few words: what it is, how large, in what unit."""
    n, m = costs.shape
    unit = f", in {costs.unit}" if costs.unit else ""
    return f"<{type(costs).__name__}: {n:,} demand points × {m:,} sites{unit}>"


def _distances(a: Floats, b: Floats) -> Floats:
    """Euclidean distance over the last axis: the square root of the sum, as users compute it."""
    along, across = a[..., 0] - b[..., 0], a[..., 1] - b[..., 1]
    return np.asarray(np.sqrt(along * along + across * across))


def as_costs(cost: CostLike) -> AnyCosts:
    """Give costs in our form, whatever table they come as; values are not judged here.

    Parameters
    ----------
    cost
        `Costs` or `PlanarCosts` as they are; a SciPy sparse array, where a pair that is not
        stored cannot be reached and a stored zero is a zero; a pandas DataFrame, demand
        as rows and sites as columns; anything NumPy makes a two-dimensional array of.

    Raises
    ------
    TypeError, ValueError
        It is not a table of numbers; :func:`resalloc.location.instance.checked` words it.
    """
    if isinstance(cost, Costs | PlanarCosts):
        return cost
    if hasattr(cost, "tocoo"):
        return Costs(_from_sparse(cost))
    if hasattr(cost, "columns") and hasattr(cost, "index"):
        values = np.array(cost.to_numpy(), dtype=float)
        return Costs(values, _names(cost.index), _names(cost.columns))
    return Costs(np.asarray(cost, dtype=float))


def _from_sparse(cost: Any) -> Floats:
    pairs = cost.tocoo()
    table = np.full(pairs.shape, np.inf)
    np.minimum.at(table, (pairs.coords[0], pairs.coords[1]), pairs.data.astype(float))
    return table


def _names(labels: Sequence[object]) -> tuple[str, ...]:
    return tuple(str(label) for label in labels)
