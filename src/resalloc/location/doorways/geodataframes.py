"""Costs from two GeoDataFrames: straight distances, or minutes at a speed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from resalloc.errors import Fault, InputError, one_fault
from resalloc.location.costs import AnyCosts, Costs, Floats, PlanarCosts
from resalloc.location.doorways.names import names_of, shortened
from resalloc.sphere import great_circle_km

Metric = Literal["great_circle", "planar"]
TABLE_LIMIT = 25_000_000
"""Pairs up to which planar distances are held as a table (200 MB)."""
_STRETCHED = ("Mercator (variant", "Popular Visualisation Pseudo Mercator")
"""Projections that keep angles and stretch distances away from the equator."""


def costs_from_geodataframes(
    demand: Any,
    sites: Any,
    *,
    metric: Metric | None = None,
    demand_name: str | None = None,
    site_name: str | None = None,
    detour: float = 1.0,
    speed_kmh: float | None = None,
) -> AnyCosts:
    """Give the distances, or minutes, between the places of two GeoDataFrames.

    Parameters
    ----------
    demand, sites
        GeoDataFrames in the same stated coordinate system. A geometry that is no point
        stands for itself by a point inside it (its representative point).
    metric
        ``"great_circle"``: kilometres on the sphere of mean radius, the default for a
        geographic system (degrees). ``"planar"``: straight lines in the plane, the default
        for a projected one, in its own unit.
    demand_name, site_name
        Columns with the names; else the index.
    detour
        Road over straight line; distances are multiplied by it. At least 1.
    speed_kmh
        Gives minutes instead of distances.

    Returns
    -------
    Costs or PlanarCosts
        The second for planar distances of more than 25 million pairs, which are then
        computed when asked. There, a detour or a speed scales the coordinates.

    Raises
    ------
    InputError
        A frame without coordinate system; two different ones; planar distances asked in
        degrees or in a projection that stretches them (Mercator, as in web maps); a missing
        or empty geometry; a name that is missing or stands twice; all at once.

    Notes
    -----
    Positions from Chinese web maps are in GCJ-02, some 500 m off WGS84, whatever system a
    file states; mixing the two moves everything. See :mod:`resalloc.district.geo`.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import Point
    >>> homes = gpd.GeoDataFrame(index=["A"], geometry=[Point(106.0, 29.8)], crs="EPSG:4326")
    >>> clinics = gpd.GeoDataFrame(index=["C"], geometry=[Point(106.0, 29.9)], crs="EPSG:4326")
    >>> costs = costs_from_geodataframes(homes, clinics)
    >>> round(float(costs.values[0, 0]), 2), costs.unit
    (11.12, 'km')
    >>> costs = costs_from_geodataframes(homes, clinics, detour=1.4, speed_kmh=35)
    >>> round(float(costs.values[0, 0]), 1), costs.unit
    (26.7, 'min')
    """
    faults = _frame_faults(demand, sites)
    if faults:
        raise InputError(faults)
    crs = demand.crs
    chosen = metric or ("great_circle" if crs.is_geographic else "planar")
    faults = _factor_faults(detour, speed_kmh) + _metric_faults(chosen, crs, demand)
    people, wrong = _places("demand", demand, demand_name)
    faults += wrong
    places, wrong = _places("sites", sites, site_name)
    faults += wrong
    if faults:
        raise InputError(faults)
    if chosen == "great_circle":
        if not crs.is_geographic:
            people, places = (p.moved(crs) for p in (people, places))
        (lon, lat), (to_lon, to_lat) = people.xy.T, places.xy.T
        km = great_circle_km(lon[:, None], lat[:, None], to_lon[None, :], to_lat[None, :])
        out = "min" if speed_kmh else "km"
        return Costs(_minutes(km, detour, speed_kmh, 1.0), people.names, places.names, out)
    unit, metres = _planar_unit(crs)
    pairs = len(people.xy) * len(places.xy)
    out = "min" if speed_kmh else unit
    if pairs > TABLE_LIMIT:
        factor = float(_minutes(np.array(1.0), detour, speed_kmh, metres / 1000))
        return PlanarCosts(factor * people.xy, factor * places.xy, people.names, places.names, out)
    straight = PlanarCosts(people.xy, places.xy).dense()
    return Costs(
        _minutes(straight, detour, speed_kmh, metres / 1000), people.names, places.names, out
    )


@dataclass(frozen=True)
class _Places:
    names: tuple[str, ...]
    xy: Floats

    def moved(self, crs: Any) -> _Places:
        """Give the same places in degrees."""
        import geopandas as gpd

        at = gpd.GeoSeries.from_xy(self.xy[:, 0], self.xy[:, 1], crs=crs).to_crs("EPSG:4326")
        return _Places(self.names, np.column_stack([at.x.to_numpy(), at.y.to_numpy()]))


def _minutes(straight: Floats, detour: float, speed_kmh: float | None, km: float) -> Floats:
    """Give distances by road, or the minutes they take; `km` is how long a unit is."""
    road = straight if detour == 1 else straight * detour
    return road if speed_kmh is None else np.asarray(road * (60 * km) / speed_kmh)


def _frame_faults(demand: Any, sites: Any) -> list[Fault]:
    faults = []
    for what, frame in (("demand", demand), ("sites", sites)):
        if not hasattr(frame, "geometry") or not hasattr(frame, "crs"):
            remedy = "Give a GeoDataFrame, e.g. geopandas.GeoDataFrame(df, geometry=…, crs=…)."
            faults.append(Fault(what, f"is a {type(frame).__name__}.", remedy))
        elif not len(frame):
            faults.append(Fault(what, "has no rows.", "Give at least one place."))
        elif frame.crs is None:
            faults.append(
                Fault(
                    what,
                    "does not say which coordinate system it is in.",
                    "Set it, e.g. frame.set_crs('EPSG:4326') for longitude and latitude.",
                )
            )
    if not faults and demand.crs != sites.crs:
        a, b = _called(demand.crs), _called(sites.crs)
        remedy = "Bring one to the other: sites = sites.to_crs(demand.crs)."
        faults.append(Fault("sites", f"are in {b}, demand is in {a}.", remedy))
    return faults


def _called(crs: Any) -> str:
    code = crs.to_string()
    return f"{code} ({crs.name})" if len(code) < 20 else str(crs.name)


def _metric_faults(metric: str, crs: Any, demand: Any) -> list[Fault]:
    if metric == "great_circle":
        return []
    if metric != "planar":
        return [Fault("metric", f"is {metric!r}.", "Use 'great_circle' or 'planar'.")]
    if crs.is_geographic:
        what = f"planar distances are asked of {_called(crs)}, whose unit is the degree."
        return [Fault("metric", what, f"Use metric='great_circle', or project: {_utm(demand)}.")]
    operation = crs.coordinate_operation
    if operation is not None and operation.method_name.startswith(_STRETCHED):
        what = f"{_called(crs)} stretches distances, by 15 % at 30° of latitude."
        remedy = f"Use metric='great_circle', or project: {_utm(demand)}."
        return [Fault("demand", what, remedy)]
    return []


def _utm(demand: Any) -> str:
    try:
        code = demand.estimate_utm_crs().to_string()
    except (RuntimeError, ValueError):  # nothing there to estimate from
        return "frame.to_crs(…) with a metric system"
    return f"frame.to_crs('{code}')"


def _planar_unit(crs: Any) -> tuple[str, float]:
    """Give the name of a projected system's unit and how many metres it is."""
    axis = crs.axis_info[0]
    short = {"metre": "m", "meter": "m", "kilometre": "km"}.get(axis.unit_name, axis.unit_name)
    return short, float(axis.unit_conversion_factor)


def _factor_faults(detour: float, speed_kmh: float | None) -> list[Fault]:
    faults = []
    if not 1 <= detour < np.inf:
        what = f"is {detour:g}: no road is shorter than the straight line."
        faults.append(Fault("detour", what, "Give a number from 1 up."))
    if speed_kmh is not None and not 0 < speed_kmh < np.inf:
        faults.append(Fault("speed_kmh", f"is {speed_kmh:g}.", "Give kilometres per hour above 0."))
    return faults


def _places(what: str, frame: Any, name: str | None) -> tuple[_Places, list[Fault]]:
    if name is not None and name not in frame:
        raise one_fault(what, f"has no column '{name}'.", "Name a column with the names.")
    names, faults = names_of(what, frame.index if name is None else frame[name])
    shapes = frame.geometry
    missing = (shapes.isna() | shapes.is_empty).to_numpy()
    faults += shortened(
        what,
        [
            Fault(f"{what}, {names[i]}", "has no geometry.", "Give a place, or drop the row.")
            for i in np.flatnonzero(missing)
        ],
    )
    if missing.any():
        return _Places(names, np.zeros((0, 2))), faults
    other = (shapes.geom_type != "Point").to_numpy()
    points = shapes.copy()
    points[other] = shapes[other].representative_point()
    xy = np.column_stack([points.x.to_numpy(float), points.y.to_numpy(float)])
    bad = ~np.isfinite(xy).all(axis=1)
    if frame.crs.is_geographic:
        bad |= (np.abs(xy[:, 0]) > 360) | (np.abs(xy[:, 1]) > 90)
    faults += shortened(
        what,
        [
            Fault(
                f"{what}, {names[i]}",
                f"lies at ({xy[i, 0]:g}, {xy[i, 1]:g}), which is nowhere in {_called(frame.crs)}.",
                _remedy(xy[i]) if frame.crs.is_geographic else _CHECK,
            )
            for i in np.flatnonzero(bad)
        ],
    )
    return _Places(names, xy), faults


_CHECK = "Check the coordinates, and the coordinate system the frame states."


def _remedy(xy: Floats) -> str:
    """Say what to do about degrees that lie nowhere: most often the two are exchanged."""
    exchanged = abs(xy[0]) <= 90 < abs(xy[1]) <= 180
    return "Longitude and latitude look exchanged: x is east, y is north." if exchanged else _CHECK
