"""Where places lie on a picture, and how long a kilometre is there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.sphere import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from resalloc.location.costs import Floats

WIDEST, TALLEST = 900.0, 980.0
NARROWEST, LOWEST = 460.0, 430.0
MARGIN = 40.0


@dataclass(frozen=True)
class Canvas:
    """A picture of `width` by `height` pixels with `km` pixels a kilometre."""

    width: float
    height: float
    km: float
    west: float
    north: float

    def place(self, plane: Floats) -> Floats:
        """Give places in pixels from places in the plane, in km."""
        return np.column_stack(
            [(plane[:, 0] - self.west) * self.km, (self.north - plane[:, 1]) * self.km]
        )

    @property
    def bar_km(self) -> float:
        """Length of a scale bar: a round figure, at most a fifth of the width."""
        return round_below(self.width / 5 / self.km)


def in_plane(xy: Floats, kind: str, xy_unit: str, middle: float) -> Floats:
    """Give positions in km; degrees by an even projection about the middle latitude.

    Parameters
    ----------
    xy
        Places × 2.
    kind
        ``"lonlat"`` or ``"xy"``.
    xy_unit
        Of planar positions: ``"m"`` or ``"km"``.
    middle
        Latitude at which east and north are to the same scale.
    """
    if kind == "lonlat":
        angle = np.radians(xy)
        return np.column_stack([angle[:, 0] * math.cos(math.radians(middle)), angle[:, 1]]) * (
            EARTH_RADIUS_KM
        )
    return xy / 1000 if xy_unit == "m" else xy


def canvas(plane: Floats) -> Canvas:
    """Give the canvas that shows all of some places.

    Examples
    --------
    >>> shown = canvas(np.array([[0.0, 0.0], [41.0, 20.0]]))
    >>> shown.width, round(shown.km, 1), shown.bar_km
    (900.0, 20.0, 5.0)
    """
    low, high = plane.min(axis=0), plane.max(axis=0)
    wide, tall = (float(v) for v in high - low)
    longest = max(wide, tall, 1e-6)
    if longest <= 1e-6:  # all in one spot
        longest = 1.0
    wide, tall = max(wide, longest * 1e-3), max(tall, longest * 1e-3)
    km = min((WIDEST - 2 * MARGIN) / wide, (TALLEST - 2 * MARGIN) / tall)
    width = max(wide * km + 2 * MARGIN, NARROWEST)
    height = max(tall * km + 2 * MARGIN, LOWEST)
    middle = (low + high) / 2
    return Canvas(
        width=round(width, 1),
        height=round(height, 1),
        km=km,
        west=float(middle[0]) - width / 2 / km,
        north=float(middle[1]) + height / 2 / km,
    )


def round_below(value: float) -> float:
    """Give the largest of 1, 2, 5, 10, 20 … that is not above a value.

    Examples
    --------
    >>> round_below(37.0), round_below(0.6), round_below(10.0)
    (20.0, 0.5, 10.0)
    """
    if not value > 0:
        return 1.0
    power: float = 10.0 ** math.floor(math.log10(value) + 1e-12)
    step = next(s for s in (5.0, 2.0, 1.0) if s * power <= value * (1 + 1e-9))
    return step * power
