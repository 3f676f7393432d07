"""Where the residents of a township live: points finer than the township, modelled.

The urban residents live in a round built-up area about the seat, the others
evenly over the rest of the township's cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from resalloc.district.assumptions import Assumptions

COLUMNS = ["township", "place_class", "lon", "lat", "share", "label", "seat"]
_RING = 6
_LARGE_KM = 1.0


def disaggregate(
    townships: pd.DataFrame,
    residents: pd.Series,
    urban: pd.Series,
    cells: Any,
    assumptions: Assumptions,
) -> pd.DataFrame:
    """Give demand points with the share of their township's residents at each.

    The built-up area of a township is a disc about its seat with
    ``demand.urban_density_per_km2`` urban residents per km². It is one point at
    the seat; beyond a radius of 1 km, the seat and six points around it, of one
    seventh each. The rest of the residents are spread evenly over a grid of
    ``demand.grid_km`` inside the cell and outside the disc. The grid is that of
    the map, not of the township, so neighbours do not move a township's points.
    Townships on one seat have one built-up area between them.

    Parameters
    ----------
    townships
        Indexed by township, with ``kind``, ``lon`` and ``lat``.
    residents
        Residents by township.
    urban
        Share of them that is urban (城镇人口), 0 to 1, by township.
    cells
        Polygons in metres by township.
    assumptions
        For the density, the grid and the rule for ``place_class``.

    Returns
    -------
    pandas.DataFrame
        Indexed by point; the shares of a township sum to 1.
    """
    import geopandas as gpd

    seats = gpd.GeoSeries.from_xy(
        townships["lon"], townships["lat"], index=townships.index, crs="EPSG:4326"
    ).to_crs(cells.crs)
    density = assumptions.value("demand.urban_density_per_km2")
    grid = 1000 * assumptions.value("demand.grid_km")
    whole_street = assumptions.choice("demand.urban_rule") == "street"
    urban_people = (residents * urban).groupby([townships["lon"], townships["lat"]])
    built_up_km2 = urban_people.transform("sum") / density
    rows: list[dict[str, object]] = []
    for township in townships.index:
        seat, part = seats[township], float(urban[township])
        radius = 1000 * float(np.sqrt(built_up_km2[township] / np.pi))
        street = townships.at[township, "kind"] == "street"
        built = _disc_points(seat.x, seat.y, radius)
        fields = _grid_points(cells[township], seat, radius, grid) if part < 1 else []
        if not fields:
            part = 1.0
        core = "城区" if street else "场镇"
        for i, (x, y) in enumerate(built):
            rows.append(
                {
                    "point": f"{township}/u{i:02d}",
                    "township": township,
                    "place_class": "urban" if street else "rural",
                    "x": x,
                    "y": y,
                    "share": part / len(built),
                    "label": f"{township}·{core}{i:02d}" if i else f"{township}·{core}",
                    "seat": i == 0,
                }
            )
        for i, (x, y) in enumerate(fields, start=1):
            rows.append(
                {
                    "point": f"{township}/v{i:02d}",
                    "township": township,
                    "place_class": "urban" if street and whole_street else "rural",
                    "x": x,
                    "y": y,
                    "share": (1 - part) / len(fields),
                    "label": f"{township}·村域{i:02d}",
                    "seat": False,
                }
            )
    frame = pd.DataFrame(rows).set_index("point")
    places = gpd.GeoSeries.from_xy(frame["x"], frame["y"], crs=cells.crs).to_crs("EPSG:4326")
    frame["lon"], frame["lat"] = places.x.round(6), places.y.round(6)
    for name in ("lon", "lat"):
        frame.loc[frame["seat"], name] = townships[name].to_numpy()
    return frame[COLUMNS]


def _disc_points(x: float, y: float, radius: float) -> list[tuple[float, float]]:
    """Seven parts of a disc of the same area: its core and six sectors of the ring."""
    if radius <= 1000 * _LARGE_KM:
        return [(x, y)]
    inner = radius / np.sqrt(_RING + 1)
    half = np.pi / _RING
    middle = 2 / 3 * (radius**3 - inner**3) / (radius**2 - inner**2) * np.sin(half) / half
    angles = 2 * np.pi * np.arange(_RING) / _RING
    ring = [(x + middle * float(np.sin(a)), y + middle * float(np.cos(a))) for a in angles]
    return [(x, y), *ring]


def _grid_points(cell: Any, seat: Any, radius: float, grid: float) -> list[tuple[float, float]]:
    """Grid points inside a cell and outside its built-up disc, north to south."""
    import shapely

    west, south, east, north = cell.bounds
    columns = np.arange(np.floor(west / grid), np.ceil(east / grid) + 1) * grid
    lines = np.arange(np.floor(south / grid), np.ceil(north / grid) + 1)[::-1] * grid
    x, y = (axis.ravel() for axis in np.meshgrid(columns, lines))
    outside = np.hypot(x - seat.x, y - seat.y) > radius
    keep = outside & shapely.contains_xy(cell, x, y)
    return [(float(a), float(b)) for a, b in zip(x[keep], y[keep], strict=True)]
