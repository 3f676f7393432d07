"""Schematic cells of the townships: who is nearest to which seat.

No open boundaries of townships exist; these cells only show where a township
lies and hold its demand points. They are no boundaries.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from resalloc.errors import one_fault


def project(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Give points in WGS84 and the metric projection of their surroundings.

    Parameters
    ----------
    lon, lat
        Degrees east and north.

    Returns
    -------
    geopandas.GeoSeries
        The points in metres, UTM zone of their middle.
    pyproj.CRS
        That projection.
    """
    import geopandas as gpd

    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat), crs="EPSG:4326")
    crs = points.estimate_utm_crs()
    return points.to_crs(crs), crs


def schematic_cells(
    townships: pd.DataFrame, edge_km: float, neighbours: pd.DataFrame | None = None
) -> Any:
    """Voronoi cells of the seats, cut at the hull of the seats widened by `edge_km`.

    Parameters
    ----------
    townships
        Indexed by township, with ``lon`` and ``lat``. Those of one ``population_group``
        may stand on one point: parts of a town whose own seats are not known. They
        share one cell.
    edge_km
        How far the cells reach beyond the hull of the outermost seats.
    neighbours
        Seats of townships of other districts, with ``lon`` and ``lat``: what is nearer
        to one of them than to any of ours is not ours.

    Returns
    -------
    geopandas.GeoSeries
        One polygon per township in metres (UTM), indexed by township.

    Raises
    ------
    InputError
        Two townships of no common group stand on the same point.
    """
    import geopandas as gpd
    import shapely

    if apart := _standing_together(townships):
        raise one_fault(
            "townships.csv",
            f"{', '.join(apart)} stand on the same point.",
            "Give each its own seat, one population_group, or the cells in boundaries.csv.",
        )
    own, crs = project(townships["lon"], townships["lat"])
    outline = shapely.MultiPoint(list(own)).convex_hull.buffer(max(edge_km * 1000, 1.0))
    spot_of = townships.groupby(["lon", "lat"], sort=False).ngroup()
    places = townships[["lon", "lat"]].assign(ours=spot_of).drop_duplicates()
    if neighbours is not None and len(neighbours):
        others = neighbours[["lon", "lat"]].assign(ours=-1)
        places = pd.concat([places, others]).drop_duplicates(["lon", "lat"])
    if len(places) == 1:
        return gpd.GeoSeries([outline] * len(own), index=townships.index, crs=crs)
    places = places.sort_values(["lon", "lat"])
    spots = gpd.GeoSeries.from_xy(places["lon"], places["lat"], crs="EPSG:4326").to_crs(crs)
    parts = shapely.voronoi_polygons(
        shapely.MultiPoint(list(spots)), extend_to=outline, ordered=True
    )
    shapes = [shapely.Polygon()] * (int(spot_of.max()) + 1)
    for ours, part in zip(places["ours"], parts.geoms, strict=True):
        if ours >= 0:
            shapes[ours] = part.intersection(outline)
    shared = [shapes[spot] for spot in spot_of]
    return gpd.GeoSeries(shared, index=townships.index, crs=crs)


def _standing_together(townships: pd.DataFrame) -> list[str]:
    """Give the townships on a point with others that are not of their group."""
    groups = pd.Series(townships.get("population_group"), index=townships.index, dtype="object")
    own = groups.where(groups.notna(), pd.Series(townships.index, index=townships.index))
    spots = [townships["lon"], townships["lat"]]
    mixed = own.groupby(spots).transform("nunique") > 1
    return [str(name) for name in townships.index[mixed]]


def given_cells(townships: pd.DataFrame, boundaries: pd.DataFrame) -> Any:
    """Boundaries the user gave as WKT in degrees, projected like the schematic cells."""
    import geopandas as gpd

    _, crs = project(townships["lon"], townships["lat"])
    shapes = gpd.GeoSeries.from_wkt(boundaries["wkt"], crs="EPSG:4326")
    shapes.index = pd.Index(boundaries["township"])
    return shapes.reindex(townships.index).to_crs(crs)
