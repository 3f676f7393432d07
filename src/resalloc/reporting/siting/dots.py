"""The demand points as circles on a map; very many of them gathered in cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Floats, Ints, Mask

MOST = 5000
"""Points that are drawn one by one."""
CELL = 7
"""Side of a cell in pixels where they are not."""


@dataclass(frozen=True)
class Dot:
    """A circle: where, how large, whose colour; and what it says when pointed at."""

    x: float
    y: float
    r: float
    colour: str
    missed: bool
    says: str


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


def dots(
    shown: Gathered, r: Floats, colours: Sequence[str], says: Sequence[str]
) -> tuple[Dot, ...]:
    """Give the circles, the large ones first so that small ones lie on top, missed ones last."""
    order = np.lexsort((np.arange(len(r)), -r, shown.missed))
    return tuple(
        Dot(
            round(float(shown.xy[i, 0]), 1),
            round(float(shown.xy[i, 1]), 1),
            round(float(r[i]), 1),
            colours[i],
            bool(shown.missed[i]),
            says[i] if says else "",
        )
        for i in order.tolist()
    )
