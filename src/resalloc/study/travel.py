"""How far it is from the points to the sites, and on what that rests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.geo import looks_swapped
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
    by_pair
        Of a matrix: it had one row a pair, and a pair that is not there cannot be reached.
    """

    costs: Costs
    basis: str
    detour: float = 1.0
    speed: Floats | None = None
    by_pair: bool = False

    def reach_km(self, radius: float, speed: float | None = None) -> float:
        """Give how far on the map, in km, a radius in the unit of the costs reaches."""
        km = radius if speed is None else radius * speed / 60
        return km / self.detour


def travel(points: Places, sites: Places, request: Request) -> tuple[Travel | None, list[Fault]]:
    """Give the travel between places with positions, with the faults found.

    Kilometres on the great circle or in the plane, times the detour; with a speed, minutes.
    """
    faults = _position_faults(points, sites, request)
    detour = 1.0 if request.detour is None else request.detour
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


def _position_faults(points: Places, sites: Places, request: Request) -> list[Fault]:
    faults = _degrees_as_planar(points, sites, request.xy_unit)
    if points.kind != sites.kind and not faults:
        what = f"its coordinates are {_SHOWN[sites.kind]}, those of {points.file} are "
        what += f"{_SHOWN[points.kind]}."
        faults.append(Fault(sites.file, what, "Give both in the same system."))
    faults += _strays(points, sites)
    if points.kind == "lonlat" and request.xy_unit is not None:
        what = "is given, and the coordinates are lon and lat."
        faults.append(Fault("--xy-unit", what, "Leave it out."))
    return faults


_SHOWN = {"lonlat": "lon and lat", "xy": "x and y"}


def _strays(points: Places, sites: Places) -> list[Fault]:
    """Find places far from all others: most often a slip in a coordinate, 16.012 for 106.012."""
    if points.kind != "lonlat" or sites.kind != "lonlat":
        return []
    tables = list({places.file: places for places in (points, sites)}.values())
    lon, lat = np.concatenate([places.xy for places in tables]).T
    middle = float(np.median(lon)), float(np.median(lat))
    far = max(FAR_KM, FAR_TIMES * float(np.median(great_circle_km(lon, lat, middle[0], middle[1]))))
    faults = []
    for places in tables:
        own_lon, own_lat = places.xy.T
        away = great_circle_km(own_lon, own_lat, middle[0], middle[1])
        for i in np.flatnonzero(away > far):
            lon_lat = f"{places.xy[i, 0]:g}, {places.xy[i, 1]:g}"
            what = f"lies at {lon_lat}: {away[i]:,.0f} km from the middle of the others."
            faults.append(Fault(f"{places.file}, '{places.names[i]}'", what, "Check lon and lat."))
    return faults


def _degrees_as_planar(points: Places, sites: Places, stated: str | None) -> list[Fault]:
    """Find degrees in columns called x and y, in either order.

    Where the unit is stated, small figures are believed; positions all within China are not.
    """
    planar = [places for places in (points, sites) if places.kind == "xy"]
    if not planar:
        return []
    xy = np.concatenate([places.xy for places in planar])
    exchanged = looks_swapped(*xy.T) or not _within(xy, *DEGREES)
    if stated is None:
        like = _within(xy, *DEGREES) or _within(xy[:, ::-1], *DEGREES)
        remedy = "else say what they are: --xy-unit m, or --xy-unit km."
    else:
        like = looks_swapped(*xy.T) or looks_swapped(*xy[:, ::-1].T)
        remedy = f"if they are {stated} after all, move the origin of the grid."
    if not like:
        return []
    what = f"x and y look like degrees, and would be taken for {stated or 'm'}."
    x, y = ("lat", "lon") if exchanged else ("lon", "lat")
    remedy = f"Call x {x} and y {y} if they are degrees; {remedy}"
    return [Fault(planar[0].file, what, remedy)]


def _within(xy: Floats, most_x: float, most_y: float) -> bool:
    return bool((np.abs(xy) <= (most_x, most_y)).all())
