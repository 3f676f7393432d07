"""The demand points as circles on a map; very many of them gathered in cells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from resalloc.location.costs import Floats, Ints, Mask

MOST = 5000
"""Points that are drawn one by one."""
_APART = 500
CELL = 7
"""Side of a cell in pixels where they are not."""


@dataclass(frozen=True)
class Dot:
    """A circle: where, how large, whose colour; and what it says when pointed at.

    `full`: within reach of an open site that has no room left. `parts`: the outline and colour
    of each sector, where the point is divided; an empty colour is the part nobody serves.
    """

    x: float
    y: float
    r: float
    colour: str
    missed: bool
    says: str
    full: bool = False
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Gathered:
    """Points, or cells of points: position, weight, the site that serves most, covered or not."""

    xy: Floats
    weights: Floats
    site: Ints
    missed: Mask


def gathered(xy: Floats, weights: Floats, site: Ints, missed: Mask) -> Gathered:
    """Gather points in cells of a few pixels, covered and not covered ones apart.

    A cell stands at the mean of its points, carries all their weight, and has the site that
    serves most of it; where nobody lives, most of its points.

    Examples
    --------
    >>> found = gathered(
    ...     np.array([[1.0, 1.0], [3.0, 1.0], [2.0, 2.0]]),
    ...     np.array([1.0, 3.0, 9.0]),
    ...     np.array([0, 4, 2]),
    ...     np.array([False, False, True]),
    ... )
    >>> found.xy.tolist(), found.weights.tolist(), found.site.tolist()
    ([[2.0, 1.0], [2.0, 2.0]], [4.0, 9.0], [4, 2])
    """
    cell = np.floor(xy / CELL).astype(np.int64)
    _, where = np.unique(
        np.column_stack([missed, cell[:, 1], cell[:, 0]]), axis=0, return_inverse=True
    )
    where = where.ravel()
    count = np.bincount(where)
    weight = np.bincount(where, weights).astype(float)
    middle = np.column_stack([np.bincount(where, xy[:, k]) / count for k in (0, 1)])
    pair, at = np.unique(np.column_stack([where, site]), axis=0, return_inverse=True)
    # The count breaks ties and stands in for weight where all of it is zero.
    votes = np.bincount(at.ravel(), weights + 1e-9 * max(float(weights.max()), 1.0))
    order = np.lexsort((pair[:, 1], -votes, pair[:, 0]))
    first = order[np.unique(pair[order, 0], return_index=True)[1]]
    apart = np.zeros(len(count), dtype=bool)
    apart[where] = missed
    return Gathered(middle, weight, pair[first, 1], apart)


def radii(weights: Floats, largest: float, smallest: float) -> Floats:
    """Give radii whose areas go as the weights; a middling one where all weigh the same."""
    most = float(weights.max(initial=0.0))
    if most <= 0 or weights.min() == most:
        return np.full(len(weights), max(smallest, 0.45 * largest))
    return np.maximum(smallest, largest * np.sqrt(weights / most))


def sectors(
    x: float, y: float, r: float, parts: Sequence[tuple[float, str]]
) -> tuple[tuple[str, str], ...]:
    """Give a circle cut into parts, from the top with the clock: outline and colour of each.

    Examples
    --------
    >>> sectors(0.0, 0.0, 4.0, [(0.25, "#111111"), (0.75, "")])[0]
    ('M0.0,0.0L0.00,-4.00A4.0,4.0 0 0 1 4.00,-0.00Z', '#111111')
    """
    outlines, turned = [], 0.0
    for part, colour in parts:
        ends = []
        for at in (turned, turned + part):
            angle = 2 * math.pi * at
            ends.append(f"{x + r * math.sin(angle):.2f},{y - r * math.cos(angle):.2f}")
        large = int(part > 0.5)
        outline = f"M{x},{y}L{ends[0]}A{r},{r} 0 {large} 1 {ends[1]}Z"
        outlines.append((outline, colour))
        turned += part
    return tuple(outlines)


def dots(
    shown: Gathered,
    r: Floats,
    colours: Sequence[str],
    says: Sequence[str],
    full: Mask | None = None,
    divided: Mapping[int, Sequence[tuple[float, str]]] = MappingProxyType({}),
) -> tuple[Dot, ...]:
    """Give the circles, the large ones first so that small ones lie on top.

    Where there are too many to tell apart the missed ones lie on top of all others.

    Parameters
    ----------
    shown, r, colours, says
        What to draw, how large, and what each says.
    full
        Which of the missed ones lie within reach of an open site.
    divided
        By position in `shown`, the parts of a point and their colours.
    """
    on_top = shown.missed & (len(r) > _APART)
    order = np.lexsort((np.arange(len(r)), shown.missed, -r, on_top))
    return tuple(
        Dot(
            round(float(shown.xy[i, 0]), 1),
            round(float(shown.xy[i, 1]), 1),
            round(float(r[i]), 1),
            colours[i],
            bool(shown.missed[i]),
            says[i] if says else "",
            full is not None and bool(full[i]),
            sectors(
                round(float(shown.xy[i, 0]), 1),
                round(float(shown.xy[i, 1]), 1),
                round(float(r[i]), 1),
                divided[i],
            )
            if i in divided
            else (),
        )
        for i in order.tolist()
    )
