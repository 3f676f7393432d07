"""Coordinates: which system they are in, and the way between WGS84 and GCJ-02.

GCJ-02 is the shifted system of Chinese web maps. The shift is a smooth function
of the position, a few hundred metres long; taken for WGS84 it moves everything.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from resalloc.errors import one_fault

Floats = NDArray[np.float64]

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
CHINA = (73.0, 135.1, 17.0, 54.0)
"""West, east, south and north of what the shift is defined for."""


def wgs84_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Shift WGS84 to GCJ-02 (published approximation, good to a metre or so).

    Parameters
    ----------
    lon, lat
        Degrees east and north; outside China they are left as they are.

    Examples
    --------
    >>> lon, lat = wgs84_to_gcj02(106.0505, 29.8486)
    >>> print(round(float(lon) - 106.0505, 3))
    0.004
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    wave = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (wave + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3)) * 2 / 3
    north += (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (wave + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3)) * 2 / 3
    east += (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30)) * 2 / 3
    phi = np.radians(lat)
    curve = 1 - _ECCENTRICITY * np.sin(phi) ** 2
    d_lat = np.degrees(north * curve**1.5 / (_AXIS * (1 - _ECCENTRICITY)))
    d_lon = np.degrees(east * np.sqrt(curve) / (_AXIS * np.cos(phi)))
    west, east_, south, north_ = CHINA
    inside = (lon >= west) & (lon <= east_) & (lat >= south) & (lat <= north_)
    return np.where(inside, lon + d_lon, lon), np.where(inside, lat + d_lat, lat)


def gcj02_to_wgs84(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    """Take the shift back, by iteration; exact to less than a centimetre.

    Parameters
    ----------
    lon, lat
        Degrees east and north in GCJ-02.
    """
    lon, lat = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    guess_lon, guess_lat = lon.copy(), lat.copy()
    for _ in range(12):
        there_lon, there_lat = wgs84_to_gcj02(guess_lon, guess_lat)
        guess_lon = guess_lon + (lon - there_lon)
        guess_lat = guess_lat + (lat - there_lat)
    return guess_lon, guess_lat


def looks_swapped(lon: ArrayLike, lat: ArrayLike) -> bool:
    """Say whether longitudes and latitudes were exchanged, China being meant.

    Examples
    --------
    >>> looks_swapped([29.8], [106.0]), looks_swapped([106.0], [29.8])
    (True, False)
    """
    x, y = _known(lon, lat)
    if not len(x):
        return False
    west, east, south, north = CHINA
    exchanged = (x >= south) & (x <= north) & (y >= west) & (y <= east)
    return bool(exchanged.all())


def looks_gcj02(lon: ArrayLike, lat: ArrayLike, near_lon: ArrayLike, near_lat: ArrayLike) -> bool:
    """Say whether places lie off known WGS84 points by just the GCJ-02 shift.

    Parameters
    ----------
    lon, lat
        Places to judge.
    near_lon, near_lat
        The WGS84 point each is meant to be at or near, e.g. its township's seat.

    Returns
    -------
    bool
        True when, of three places or more, most come within 60 m of that point once
        the shift is taken back, but not before.
    """
    places = [np.asarray(v, dtype=float) for v in (lon, lat, near_lon, near_lat)]
    known = np.isfinite(np.stack(places)).all(axis=0)
    x, y, u, v = (place[known] for place in places)
    if len(x) < 3:
        return False
    back_x, back_y = gcj02_to_wgs84(x, y)
    shifted = (_metres(x, y, u, v) > 60) & (_metres(back_x, back_y, u, v) < 60)
    return bool(shifted.mean() > 0.5)


def check_crs(frame: Any, name: str) -> Any:
    """Give a GeoDataFrame in WGS84 degrees, whatever system it came in.

    Parameters
    ----------
    frame
        A GeoDataFrame.
    name
        What to call it in an error.

    Raises
    ------
    InputError
        It does not say which coordinate system it is in.
    """
    if frame.crs is None:
        raise one_fault(
            name,
            "does not say which coordinate system it is in.",
            "Set it, e.g. frame.set_crs('EPSG:4326') for longitude and latitude.",
        )
    return frame.to_crs("EPSG:4326")


def _known(lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
    x, y = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    return x[known], y[known]


def _metres(x: Floats, y: Floats, u: Floats, v: Floats) -> Floats:
    east = (x - u) * np.cos(np.radians(v))
    return np.asarray(np.hypot(east, y - v) * 111_195.0)
