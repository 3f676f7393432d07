"""Service radius: every resident of a class within so many kilometres of a station."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from resalloc.errors import one_fault
from resalloc.problem.columns import Axis, Block, Columns, Floats
from resalloc.problem.rows import Links, NormRows, stack

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm
    from resalloc.problem.problem import Problem

EVERYONE = 100.0
EDGE_KM = 1e-9
"""A point so little beyond the radius is at it."""


@dataclass(frozen=True)
class Catchments:
    """Which sites are within the radius of which demand points.

    Points with the same set of sites are merged: they are covered together or not
    at all, so the merged model is exact.

    Parameters
    ----------
    points
        Positions of the points of the class in ``district.points``.
    group
        Signature number of each of those points.
    reach
        Signatures × sites: is the site within the radius?
    """

    points: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    reach: npt.NDArray[np.bool_]

    def residents(self, by_point: Floats) -> Floats:
        """Give the residents of each signature."""
        people = by_point[self.points]
        return np.asarray(
            np.bincount(self.group, weights=people, minlength=len(self.reach)), dtype=np.float64
        )

    def beyond(self) -> npt.NDArray[np.int64]:
        """Give the points no site can reach."""
        lost = ~np.asarray(self.reach.any(axis=1))
        return self.points[lost[self.group]]


def catchments(norm: Norm, problem: Problem) -> Catchments:
    """Give the catchments of a reach clause; its target is the radius in km.

    Distances are those of ``district.travel.distance_km``; a point exactly at the
    radius is within it.
    """
    points = points_of(norm, problem)
    within = problem.district.travel.distance_km[points] <= radius_km(norm) + EDGE_KM
    reach, group = np.unique(within, axis=0, return_inverse=True)
    return Catchments(points, group.reshape(-1).astype(np.int64), reach)


def points_of(norm: Norm, problem: Problem) -> npt.NDArray[np.int64]:
    """Give the positions of the demand points a clause speaks of: of one class, or all."""
    assert norm.indicator is not None
    classes = problem.district.points["place_class"].to_numpy()
    if norm.indicator.points == "all":
        return np.arange(len(classes))
    return np.flatnonzero(classes == norm.indicator.points)


def radius_km(norm: Norm) -> float:
    """Give the clause's radius in km: one number, the same in every year of the plan."""
    radii = set(norm.reads.values.values())
    radius = next(iter(radii))
    if len(radii) > 1 or isinstance(radius, tuple) or norm.reads.sense != "<=":
        raise one_fault(
            f"norm '{norm.id}'",
            "a service radius must be one upper limit, the same in every plan year.",
            "Write <= and one radius, or plan for one year at a time.",
        )
    return radius


def in_turn(values: Floats) -> float:
    """Add numbers up in turn, as a row does its terms: everyone is then exactly 100 %."""
    return float(np.cumsum(values)[-1]) if len(values) else 0.0


def covered_block(norm: Norm, problem: Problem) -> Block:
    """Give the derived columns that say whether a signature is covered."""
    found = catchments(norm, problem)
    count, unknown = len(found.reach), np.full(len(found.reach), np.nan)
    labels = tuple(f"catchment {i + 1}" for i in range(count))
    return Block(
        f"covered.{norm.id}",
        (Axis("catchment", labels),),
        problem.years,
        unknown,
        np.zeros(count),
        np.ones(count),
        integer=False,
        derived=True,
    )


@dataclass(frozen=True)
class CoverByStations:
    """Derives covered signatures from the open stations of the year."""

    covered: npt.NDArray[np.int64]
    station: npt.NDArray[np.int64]
    reach: npt.NDArray[np.bool_]

    def __call__(self, x: Floats) -> Floats:
        """Fill the covered columns; unknown where an unknown station decides."""
        stations = x[..., self.station]
        open_now = np.swapaxes(np.nan_to_num(stations) > 0.5, -1, -2)
        maybe = np.swapaxes(np.isnan(stations), -1, -2)
        sure = (open_now @ self.reach.T.astype(float)) > 0
        possible = (maybe @ self.reach.T.astype(float)) > 0
        value = np.where(sure, 1.0, np.where(possible, np.nan, 0.0))
        filled = x.copy()
        filled[..., self.covered] = np.swapaxes(value, -1, -2)
        return filled


def reach_rows(
    norm: Norm, problem: Problem, columns: Columns
) -> tuple[NormRows | None, tuple[Links, ...], CoverByStations]:
    """Give the rows, links and derivation of a service-radius clause.

    ::

        100 × Σ_g w_g z_g / Σ_g w_g ≥ 100
        z_g ≤ Σ_{j within r of g} station_j          (link)

    ======  =======================================================
    g       signatures: demand points with the same sites in reach
    w_g     residents of g in the year
    z_g     covered (0 … 1)
    r       the clause's radius, km
    ======  =======================================================

    The set covering statement of a service radius (Toregas et al. 1971), with
    people outside every radius counted instead of the model failing.

    Parameters
    ----------
    norm
        Norm whose indicator's rule is ``reach``.
    problem, columns
        What it is compiled against; `columns` holds ``covered.<norm>``.
    """
    found = catchments(norm, problem)
    block, station = columns[f"covered.{norm.id}"], columns["station"]
    tops, totals, years = [], [], []
    for year in norm.reads.values:
        weights = found.residents(problem.district.point_residents(year))
        tops.append((block.ids[:, problem.years.index(year)], weights))
        totals.append(in_turn(weights))
        years.append(year)
    derive = CoverByStations(block.ids, station.ids, found.reach)
    if not years or not len(found.points):
        return None, (), derive
    count = len(years)
    rows = NormRows(
        norm=norm,
        places=(problem.district.name,) * count,
        years=np.array(years),
        top=stack(tops, columns.size),
        top_constant=np.zeros(count),
        bottom=sparse.csr_array((count, columns.size)),
        bottom_constant=np.array(totals),
        scale=EVERYONE,
        sense=(">=",) * count,
        bound=np.full(count, EVERYONE),
        unknown=tuple("residents" if np.isnan(total) else "" for total in totals),
    )
    return rows, (_cover_links(norm, problem, columns, found.reach),), derive


def _cover_links(
    norm: Norm, problem: Problem, columns: Columns, reach: npt.NDArray[np.bool_]
) -> Links:
    block, station = columns[f"covered.{norm.id}"], columns["station"]
    entries = []
    for y in range(len(problem.years)):
        for g, sites in enumerate(reach):
            near = station.ids[np.flatnonzero(sites), y]
            ids = np.concatenate([block.ids[g : g + 1, y], near])
            entries.append((ids, np.concatenate([[1.0], -np.ones(len(near))])))
    count = len(entries)
    why = "people are within reach only where a station is open inside the radius"
    return Links(
        f"cover.{norm.id}",
        why,
        stack(entries, columns.size),
        np.full(count, -np.inf),
        np.zeros(count),
    )
