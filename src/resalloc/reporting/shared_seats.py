"""Townships drawn apart where their seats are known only as one point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Spot = tuple[float, float]


def drawn_apart(
    shapes: Mapping[str, Any], seats: Mapping[str, Spot]
) -> tuple[dict[str, Any], dict[str, Spot]]:
    """Give each township a shape and a place for its name of its own.

    Townships that share a seat share a cell; on the map each is drawn as an equal slice
    of it, so that its colour and its name can be seen. The slices say nothing of where
    its border is, no more than the cells do.

    Parameters
    ----------
    shapes
        Cell by township, in metres.
    seats
        Seat by township, in metres.

    Returns
    -------
    tuple of dict
        Shapes and name places by township; unchanged where a seat is not shared.

    Examples
    --------
    >>> from shapely.geometry import Point, box
    >>> square, at = box(-1, -1, 1, 1), {"甲": (0.0, 0.0), "乙": (0.0, 0.0)}
    >>> slices, names = drawn_apart({"甲": square, "乙": square}, at)
    >>> [round(slices[name].area, 6) for name in ("甲", "乙")]
    [2.0, 2.0]
    >>> slices["甲"].contains(Point(names["甲"]))
    True
    """
    together: dict[Spot, list[str]] = {}
    for name, (x, y) in seats.items():
        together.setdefault((round(x), round(y)), []).append(name)
    apart, places = dict(shapes), dict(seats)
    for names in together.values():
        if len(names) < 2:
            continue
        for turn, name in enumerate(names):
            piece = shapes[name].intersection(_slice(seats[name], shapes[name], turn, len(names)))
            if not piece.is_empty:
                apart[name] = piece
                inside = piece.representative_point()
                places[name] = (float(inside.x), float(inside.y))
    return apart, places


def _slice(seat: Spot, shape: Any, turn: int, count: int) -> Any:
    """Give one of `count` equal slices of a disk around the seat that covers the shape."""
    from shapely.geometry import Polygon

    west, south, east, north = shape.bounds
    radius = 2 * math.hypot(east - west, north - south)
    first = 2 * math.pi * turn / count + math.pi / 2
    arc = [first + 2 * math.pi / count * step / 16 for step in range(17)]
    rim = [(seat[0] + radius * math.cos(a), seat[1] + radius * math.sin(a)) for a in arc]
    return Polygon([seat, *rim])
