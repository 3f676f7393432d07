"""Points as location benchmarks have them: spread evenly, in towns, on a board with holes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
KINDS = ("uniform", "clustered", "board")
SIDE = 10_000.0
_PITCH = 50.0


def points(kind: str, n: int, seed: int) -> Floats:
    """Give `n` points, `n` × 2: the same for the same seed.

    Parameters
    ----------
    kind
        ``uniform`` in a square; ``clustered`` about one town in fifty points, of unequal size;
        ``board``: a regular grid with rectangular holes, as drilled boards have, full of ties.
    n, seed
        How many; which ones.
    """
    rng = np.random.default_rng(seed)
    if kind == "uniform":
        return rng.random((n, 2)) * SIDE
    if kind == "clustered":
        towns = max(2, n // 50)
        share = rng.dirichlet(np.full(towns, 0.7))
        town = rng.choice(towns, n, p=share)
        spread = rng.uniform(0.01, 0.04, towns) * SIDE
        return rng.random((towns, 2))[town] * SIDE + rng.normal(size=(n, 2)) * spread[town, None]
    if kind == "board":
        return _board(n, rng)
    message = f"no such kind of points: {kind}"
    raise ValueError(message)


def _board(n: int, rng: np.random.Generator) -> Floats:
    """Punch holes into a grid of 1.5 n points as long as n are left, then drop the last few."""
    wide = int(np.ceil(np.sqrt(1.5 * n)))
    kept = np.ones((wide, wide), dtype=bool)
    for _ in range(100 * wide):
        x, y = rng.integers(0, wide, 2)
        w, h = rng.integers(1, max(2, wide // 6), 2)
        left = kept.sum() - kept[x : x + w, y : y + h].sum()
        if left >= n:
            kept[x : x + w, y : y + h] = False
    at = np.argwhere(kept)
    return at[np.sort(rng.permutation(len(at))[:n])].astype(np.float64) * _PITCH


def floor_distances(xy: Floats) -> Floats:
    """Give Euclidean distances between all points, rounded down to whole numbers."""
    x, y = xy.T
    table = np.empty((len(x), len(x)))
    for i in range(len(x)):  # row by row: one table, and no more, counts as memory
        table[i] = np.floor(np.sqrt((x[i] - x) ** 2 + (y[i] - y) ** 2))
    return table
