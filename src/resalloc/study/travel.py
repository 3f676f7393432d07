"""How far it is from the points to the sites, and on what that rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, did_you_mean
from resalloc.location.costs import Costs, PlanarCosts
from resalloc.sphere import great_circle_km

if TYPE_CHECKING:
    from resalloc.location.costs import Floats
    from resalloc.study.request import ByClass, Request
    from resalloc.study.tables import Places

LARGEST_TABLE = 130_000_000
"""Pairs of points and sites a run may hold: 1 GB."""
DEGREES = (180.0, 90.0)
FAR_KM, FAR_TIMES = 300.0, 10.0
"""A place farther than both from the middle of its table is taken for a slip: so many km, and so
many times the median distance. A table of all of Chongqing stays well within."""


@dataclass(frozen=True)
class Travel:
    """Costs of a study, and what they rest on.

    Parameters
    ----------
    costs
        Points × sites.
    basis
        Key of the phrase that says how they were found: ``great_circle``, ``planar``,
        ``matrix``.
    detour
        Road over straight line.
    speed
        km/h by point; None where the costs are no minutes of our own.
    """

    costs: Costs
    basis: str
    detour: float = 1.0
    speed: Floats | None = None

    def reach_km(self, radius: float, speed: float | None = None) -> float:
        """Give how far on the map, in km, a radius in the unit of the costs reaches."""
        km = radius if speed is None else radius * speed / 60
        return km / self.detour


def travel(points: Places, sites: Places, request: Request) -> tuple[Travel | None, list[Fault]]:
    """Give the travel between places with positions, with the faults found.

    Kilometres on the great circle or in the plane, times the detour; with a speed, minutes.
    """
    faults = _position_faults(points, sites, request)
    detour, wrong = _detour(request.detour)
    faults += wrong
    speed, wrong = spread_over_classes("--speed", request.speed, points)
    faults += wrong
    pairs = len(points.names) * len(sites.names)
    if pairs > LARGEST_TABLE:
        what = f"{len(points.names):,} points × {len(sites.names):,} possible sites are too many."
        remedy = "Give fewer possible sites: --sites sites.csv (or use the Python functions)."
        faults.append(Fault(points.file, what, remedy))
    if faults:
        return None, faults
    straight = _straight_km(points, sites, request.xy_unit or "m")
    road = straight if detour == 1 else straight * detour
    basis = "great_circle" if points.kind == "lonlat" else "planar"
    if speed is None:
        return Travel(Costs(road, points.names, sites.names, "km"), basis, detour), []
    minutes = 60 * road / speed[:, None]
    return Travel(Costs(minutes, points.names, sites.names, "min"), basis, detour, speed), []


def spread_over_classes(
    option: str, value: ByClass | None, points: Places
) -> tuple[Floats | None, list[Fault]]:
    """Give a number given for all or by class to each point, with the faults found."""
    if value is None:
        return None, []
    if isinstance(value, float | int):
        return np.full(len(points.names), float(value)), []
    if not points.classes:
        what = "is by class, and the points have no column 'class'."
        remedy = f"Add the column class to {points.file}, or give one number."
        return None, [Fault(option, what, remedy)]
    unknown = dict.fromkeys(label for label in points.classes if label not in value)
    faults = [
        Fault(
            option,
            f"has no number for the class '{label}' of {points.file}.",
            did_you_mean(label, value) + f" Write e.g. {option} {label}=10.",
        )
        for label in unknown
    ]
    return np.array([value.get(label, np.nan) for label in points.classes]), faults


def _straight_km(points: Places, sites: Places, xy_unit: str) -> Floats:
    if points.kind == "lonlat":
        (lon, lat), (to_lon, to_lat) = points.xy.T, sites.xy.T
        return great_circle_km(lon[:, None], lat[:, None], to_lon[None, :], to_lat[None, :])
    straight = PlanarCosts(points.xy, sites.xy).dense()
    # Divided after the root: 3,500 m are then 3.5 km to the last bit, and within a radius of 3.5.
    return straight / 1000 if xy_unit == "m" else straight


def _detour(detour: float | None) -> tuple[float, list[Fault]]:
    if detour is None:
        return 1.0, []
    if 1 <= detour < np.inf:
        return detour, []
    what = f"is {detour:g}: no road is shorter than the straight line."
    return 1.0, [Fault("--detour", what, "Give a number from 1 up, e.g. 1.4.")]


def _position_faults(points: Places, sites: Places, request: Request) -> list[Fault]:
    faults = []
    for places in {places.file: places for places in (points, sites)}.values():
        if not places.kind:
            what = "it has no coordinates, and no travel matrix is given."
            remedy = "Add lon and lat (degrees, WGS84) or x and y (metres), or give --matrix."
            faults.append(Fault(places.file, what, remedy))
    if points.kind == "xy" and request.xy_unit is None and _look_like_degrees(points, sites):
        what = "x and y look like degrees, and would be taken for metres."
        remedy = (
            "Name the columns lon and lat if they are degrees; "
            "else say what they are: --xy-unit m, or --xy-unit km."
        )
        faults.append(Fault(points.file, what, remedy))
    if points.kind and sites.kind and points.kind != sites.kind:
        what = f"its coordinates are {_SHOWN[sites.kind]}, those of {points.file} are "
        what += f"{_SHOWN[points.kind]}."
        faults.append(Fault(sites.file, what, "Give both in the same system."))
    faults += _strays(points) + (_strays(sites) if sites.file != points.file else [])
    if points.kind == "lonlat" and request.xy_unit is not None:
        what = "is given, and the coordinates are lon and lat."
        faults.append(Fault("--xy-unit", what, "Leave it out."))
    return faults


_SHOWN = {"lonlat": "lon and lat", "xy": "x and y"}


def _strays(places: Places) -> list[Fault]:
    """Find places far from all others: most often a slip in a coordinate, 16.012 for 106.012."""
    if places.kind != "lonlat":
        return []
    lon, lat = places.xy.T
    away = great_circle_km(lon, lat, np.median(lon), np.median(lat))
    far = max(FAR_KM, FAR_TIMES * float(np.median(away)))
    return [
        Fault(
            f"{places.file}, '{places.names[i]}'",
            f"lies at {lon[i]:g}, {lat[i]:g}: {away[i]:,.0f} km from the middle of the others.",
            "Check lon and lat.",
        )
        for i in np.flatnonzero(away > far)
    ]


def _look_like_degrees(points: Places, sites: Places) -> bool:
    """Say whether all positions would be on the Earth if they were degrees."""
    xy = np.concatenate([points.xy, sites.xy])
    return bool((np.abs(xy) <= DEGREES).all())
