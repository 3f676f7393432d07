"""Colours of open sites: few and distinct, and never the same for two neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from resalloc.location.costs import Floats

PALETTE = (
    "#1f6f8b", "#d98e32", "#5b8c4a", "#8a5a9e", "#3b59a3", "#b0698f", "#3f9d96", "#9a6a3c",
    "#7c8b2d", "#6f7fc4",
)  # fmt: skip
"""None of them is red or grey: those say that a point is not covered."""
MISSED, UNSERVED, NEUTRAL = "#c0392b", "#8c979d", "#4a5a64"


def colours(xy: Floats) -> tuple[str, ...]:
    """Give each site a colour that its nearest neighbour does not have, nor any near it if it can.

    Parameters
    ----------
    xy
        Where the sites are, sites × 2.

    Examples
    --------
    >>> near = colours(np.array([[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]]))
    >>> len(set(near))
    3
    """
    from scipy.spatial import cKDTree

    count = len(xy)
    if count == 0:
        return ()
    _, near = cKDTree(xy).query(xy, k=min(2, count))
    beside: list[set[int]] = [set() for _ in range(count)]
    for i, row in enumerate(np.asarray(near).reshape(count, -1).tolist()):
        for j in row:
            if i != j:
                beside[i].add(j)
                beside[j].add(i)
    chosen = np.full(count, -1)
    for i in range(count):
        # A site is the nearest of six others at most: some colour is always left.
        taken = {int(chosen[j]) for j in beside[i]}
        away = ((xy[:i] - xy[i]) ** 2).sum(axis=1)
        best, farthest = 0, -1.0
        for colour in range(len(PALETTE)):
            same = away[chosen[:i] == colour]
            distance = float(same.min()) if len(same) else float("inf")
            if colour not in taken and distance > farthest:
                best, farthest = colour, distance
        chosen[i] = best
    return tuple(PALETTE[c] for c in chosen)
