"""How far and how long from where residents live to where an ambulance may stand.

Only driving. What passes before the wheels turn (``ems.call_min``,
``ems.chute_min``) belongs to the clause on response time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from resalloc.district.basis import TRAVEL
from resalloc.errors import Fault, InputError
from resalloc.sphere import great_circle_km

if TYPE_CHECKING:
    from resalloc.district.assumptions import Assumptions

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Travel:
    """Distances and driving times, points by sites.

    Parameters
    ----------
    distance_km
        What a service radius is measured in: straight line, or the user's kilometres.
    travel_min
        Minutes of driving; infinite where there is no way.
    road_km
        Kilometres by road.
    basis
        How they were found.
    """

    distance_km: Floats
    travel_min: Floats
    road_km: Floats
    basis: str

    def __post_init__(self) -> None:
        for name in ("distance_km", "travel_min", "road_km"):
            array = np.array(getattr(self, name), dtype=float)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    def equals(self, other: Travel) -> bool:
        """Say whether two have the same figures and basis."""
        return self.basis == other.basis and all(
            np.array_equal(getattr(self, name), getattr(other, name))
            for name in ("distance_km", "travel_min", "road_km")
        )


@dataclass(frozen=True)
class Pace:
    """Driving times as they follow from speed, points by sites.

    Parameters
    ----------
    drive_min
        Minutes at today's speed, before the shortest drive is imposed.
    floor_min
        The shortest drive: that of the model where the time is modelled, 0 where it is given.
    """

    drive_min: Floats
    floor_min: Floats

    def minutes(self, factor: Floats) -> Floats:
        """Give the driving times when each point's speed is `factor` times today's."""
        return np.asarray(np.maximum(self.drive_min / factor[:, None], self.floor_min))


def pace_of(travel: Travel, points: pd.DataFrame, assumptions: Assumptions) -> Pace:
    """Find out which driving times are modelled, to scale them by speed.

    A time that is what :func:`travel_between` makes of the kilometres by road is modelled:
    its shortest drive stays when speeds change. Any other is the user's own and only scales.
    """
    urban = points["place_class"].to_numpy() == "urban"
    key = ("travel.speed_rural_kmh", "travel.speed_urban_kmh")
    speed = np.where(urban, assumptions.value(key[1]), assumptions.value(key[0]))
    shortest = assumptions.value("travel.intrazonal_min")
    with np.errstate(divide="ignore", invalid="ignore"):
        free = 60 * travel.road_km / speed[:, None]
    modelled = travel.travel_min == np.maximum(free, shortest)
    return Pace(np.where(modelled, free, travel.travel_min), np.where(modelled, shortest, 0.0))


def straight_km(points: pd.DataFrame, sites: pd.DataFrame) -> Floats:
    """Great-circle distances of points by sites; both have ``lon`` and ``lat``."""
    return great_circle_km(
        points["lon"].to_numpy(float)[:, None],
        points["lat"].to_numpy(float)[:, None],
        sites["lon"].to_numpy(float)[None, :],
        sites["lat"].to_numpy(float)[None, :],
    )


def nearest_townships(places: pd.DataFrame, townships: pd.DataFrame) -> list[str]:
    """Give the township whose seat is nearest to each place."""
    nearest = straight_km(places, townships).argmin(axis=1)
    return [str(townships.index[i]) for i in nearest]


def travel_between(points: pd.DataFrame, sites: pd.DataFrame, assumptions: Assumptions) -> Travel:
    """Model travel: great circle × detour ÷ the speed of the point's place class.

    Parameters
    ----------
    points
        With ``lon``, ``lat`` and ``place_class``.
    sites
        With ``lon`` and ``lat``.
    assumptions
        For ``travel.detour``, the two speeds and the shortest drive.
    """
    straight = straight_km(points, sites)
    detour = assumptions.value("travel.detour")
    urban = points["place_class"].to_numpy() == "urban"
    speed = np.where(
        urban,
        assumptions.value("travel.speed_urban_kmh"),
        assumptions.value("travel.speed_rural_kmh"),
    )
    road = straight * detour
    minutes = np.maximum(60 * road / speed[:, None], assumptions.value("travel.intrazonal_min"))
    return Travel(straight, minutes, road, TRAVEL.text(detour=f"{detour:g}"))


def travel_from_matrix(
    frame: pd.DataFrame,
    points: pd.DataFrame,
    sites: pd.DataFrame,
    basis: str = "given: travel.csv",
) -> Travel:
    """Take travel from a long table of the user's.

    Parameters
    ----------
    frame
        Columns ``from`` (point), ``to`` (site), ``km``, ``min`` and, if the kilometres
        by road differ, ``road_km``. A pair that is missing cannot be driven.
    points, sites
        Their indices are the names used in `frame`.
    basis
        How the figures were found.

    Raises
    ------
    InputError
        A name is unknown, or a point has no row at all; all at once.
    """
    row = points.index.get_indexer(pd.Index(frame["from"]))
    column = sites.index.get_indexer(pd.Index(frame["to"]))
    faults = [
        Fault(f"travel.csv, row {i + 2}", f"there is no {what} '{name}'.", f"See {file}.")
        for what, file, field, found in (
            ("point", "points.csv", "from", row),
            ("site", "sites.csv or institutions.csv", "to", column),
        )
        for i, (name, at) in enumerate(zip(frame[field], found, strict=True))
        if at < 0
    ]
    faults += [
        Fault("travel.csv", f"no way leads from '{point}'.", "Give at least one row for it.")
        for point in points.index.difference(pd.Index(frame["from"]), sort=False)
    ]
    if faults:
        raise InputError(faults)
    shape = (len(points), len(sites))
    km, minutes, road = (np.full(shape, np.inf) for _ in range(3))
    km[row, column] = frame["km"].to_numpy(float)
    minutes[row, column] = frame["min"].to_numpy(float)
    road[row, column] = frame["km"].to_numpy(float)
    if "road_km" in frame and frame["road_km"].notna().any():
        road[row, column] = frame["road_km"].fillna(frame["km"]).to_numpy(float)
    return Travel(km, minutes, road, basis)
