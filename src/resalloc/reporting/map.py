"""The map: schematic cells, institutions, stations with their radius, and layers to colour by."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.reporting.figures import ON, Figures
from resalloc.reporting.layers import Layer, layers
from resalloc.reporting.shared_seats import drawn_apart
from resalloc.reporting.texts import Text
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.problem.columns import Floats

WIDTH, TALLEST = 900.0, 1320.0
_MARGIN = 26.0
_RING = 13.0


@dataclass(frozen=True)
class Cell:
    """A township on the map."""

    name: str
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Marker:
    """An institution on the map; `dx`, `dy` part those that stand on one spot."""

    name: str
    kind: Text
    shape: str
    dx: float
    dy: float
    station: bool
    crewed: bool
    tier: str


@dataclass(frozen=True)
class Spot:
    """A place with its markers, or a station of its own where there are none."""

    x: float
    y: float
    markers: tuple[Marker, ...]


@dataclass(frozen=True)
class Dot:
    """A demand point; `beyond` where no station is within the radius of its class."""

    x: float
    y: float
    residents: float
    beyond: bool


@dataclass(frozen=True)
class Station:
    """An ambulance station of the plan."""

    name: str
    x: float
    y: float
    urban: bool
    crewed: bool
    candidate: bool


@dataclass(frozen=True)
class MapView:
    """Everything the map template draws, in pixels of a canvas of `width` by `height`."""

    width: float
    height: float
    km: float
    cells: tuple[Cell, ...]
    spots: tuple[Spot, ...]
    stations: tuple[Station, ...]
    dots: tuple[Dot, ...]
    radii: tuple[tuple[str, float, str], ...]
    layers: tuple[Layer, ...]
    schematic: bool
    scale_km: float

    @property
    def town(self) -> tuple[float, float]:
        """Where most institutions stand together."""
        spot = max(self.spots, key=lambda spot: len(spot.markers))
        return spot.x, spot.y

    @property
    def crowded(self) -> bool:
        """Whether that place needs a larger picture of its own."""
        return max(len(spot.markers) for spot in self.spots) > 3


def map_view(f: Figures) -> MapView:
    """Lay the district out on a canvas."""
    district = f.problem.district
    shapes = district.cells()
    crs = shapes.estimate_utm_crs()
    metric = shapes.to_crs(crs)
    west, south, east, north = metric.total_bounds
    km = min(
        (WIDTH - 2 * _MARGIN) * 1000 / (east - west),
        (TALLEST - 2 * _MARGIN) * 1000 / (north - south),
    )
    height = (north - south) / 1000 * km + 2 * _MARGIN
    left = (WIDTH - (east - west) / 1000 * km) / 2

    def place(lon: Any, lat: Any) -> tuple[Floats, Floats]:
        import geopandas as gpd

        at = gpd.GeoSeries.from_xy(list(lon), list(lat), crs="EPSG:4326").to_crs(crs)
        return to_x(at.x.to_numpy()), to_y(at.y.to_numpy())

    def to_x(metres: Any) -> Any:
        return left + (metres - west) / 1000 * km

    def to_y(metres: Any) -> Any:
        return _MARGIN + (north - metres) / 1000 * km

    names = [str(name) for name in district.townships.index]
    at = _metric_seats(district, crs)
    shapes_apart, label_at = drawn_apart({n: metric[n] for n in names}, at)
    cells = tuple(
        Cell(
            name,
            _path(shapes_apart[name], to_x, to_y),
            float(to_x(label_at[name][0])),
            float(to_y(label_at[name][1])),
        )
        for name in names
    )
    return MapView(
        width=WIDTH,
        height=height,
        km=km,
        cells=cells,
        spots=_spots(f, place),
        stations=_stations(f, place),
        dots=_dots(f, place),
        radii=_radii(f),
        layers=layers(f),
        schematic=district.boundaries is None,
        scale_km=10.0 if east - west > 30000 else 2.0,
    )


def _metric_seats(district: District, crs: Any) -> dict[str, tuple[float, float]]:
    import geopandas as gpd

    seats = district.townships
    points = gpd.GeoSeries.from_xy(seats["lon"], seats["lat"], crs="EPSG:4326").to_crs(crs)
    return {str(n): (float(p.x), float(p.y)) for n, p in zip(seats.index, points, strict=True)}


def _path(shape: Any, to_x: Any, to_y: Any) -> str:
    parts = getattr(shape, "geoms", [shape])
    texts_of = []
    for part in parts:
        if part.is_empty:
            continue
        for ring in (part.exterior, *part.interiors):
            spots = [f"{to_x(px):.1f},{to_y(py):.1f}" for px, py in ring.coords[:-1]]
            texts_of.append("M" + "L".join(spots) + "Z")
    return "".join(texts_of)


def _spots(f: Figures, place: Any) -> tuple[Spot, ...]:
    providers = f.problem.district.providers()
    kinds = vocabulary().list("institution_kind")
    planned = f.planned
    station = f.by_provider_site("station", planned=planned).fillna(0) > ON
    crewed = f.by_provider_site("crewed", planned=planned).fillna(0) > ON
    tier = f.fever_tier(planned=planned)
    x, y = place(providers["lon"], providers["lat"])
    spots = []
    together: dict[tuple[float, float], list[int]] = {}
    for i in range(len(providers)):
        together.setdefault((round(float(x[i]), 1), round(float(y[i]), 1)), []).append(i)
    for (px, py), members in together.items():
        markers = []
        for turn, i in enumerate(members):
            angle = 2 * math.pi * turn / len(members) - math.pi / 2
            away = 0.0 if len(members) == 1 else _RING + 1.2 * len(members)
            name, kind = str(providers.index[i]), kinds[providers["kind"].iloc[i]]
            markers.append(
                Marker(
                    name, Text(kind.zh, kind.en), str(kind.extra["sector"]),
                    round(away * math.cos(angle), 1), round(away * math.sin(angle), 1),
                    bool(station[name]), bool(crewed[name]), tier[name].strip("?"),
                )
            )  # fmt: skip
        spots.append(Spot(px, py, tuple(markers)))
    return tuple(spots)


def _stations(f: Figures, place: Any) -> tuple[Station, ...]:
    planned = f.planned
    sites = f.problem.district.sites
    x, y = place(sites["lon"], sites["lat"])
    is_open = f.open_sites("station", planned=planned).to_numpy() > ON
    crewed = f.open_sites("crewed", planned=planned).to_numpy() > ON
    return tuple(
        Station(
            name=str(sites.index[i]),
            x=float(x[i]),
            y=float(y[i]),
            urban=sites["place_class"].iloc[i] == "urban",
            crewed=bool(crewed[i]),
            candidate=bool(sites["candidate"].iloc[i]),
        )
        for i in map(int, np.flatnonzero(is_open))
    )


def _dots(f: Figures, place: Any) -> tuple[Dot, ...]:
    planned = f.planned
    reach = f.reach(planned=planned)
    radius = {points: km for points, km, _ in _radii(f)}
    x, y = place(reach["lon"], reach["lat"])
    found = []
    for i, (kind, km, people) in enumerate(
        zip(reach["place_class"], reach["km"], reach["residents"], strict=True)
    ):
        limit = radius.get(kind, radius.get("all", math.inf))
        found.append(Dot(float(x[i]), float(y[i]), float(people), bool(km > limit + 1e-9)))
    return tuple(found)


def _radii(f: Figures) -> tuple[tuple[str, float, str], ...]:
    """Give the service radii the clauses ask for: class of points, km, clause."""
    found = []
    for norm in f.problem.norms:
        indicator, targets = norm.indicator, norm.reads.values
        if indicator is not None and indicator.rule == "reach" and targets:
            target = targets[max(targets)]
            if isinstance(target, float):
                found.append((str(indicator.points), target, norm.id))
    return tuple(found)
