"""p-median: published instances, points of three kinds, and TSPLIB files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.location.measured import measured
from benchmarks.location.points import Floats, floor_distances, points
from benchmarks.stopwatch import peak_mb
from resalloc.location.median.p_median import p_median
from tests.location.published import shortest_paths

if TYPE_CHECKING:
    from collections.abc import Callable

SORTING = "sorting every row of the costs"
MODEL_BYTES = 100
"""Assumed of the textbook model, a column x_ij: its bounds, cost, row and three nonzeros."""


def orlib(folder: str, name: str, limit_s: float) -> dict[str, Any]:
    """Time an OR-Library instance; reading it and its shortest paths are not timed."""
    optima = json.loads(Path(folder, "optima.json").read_text(encoding="utf-8"))
    given = optima[name]
    return _timed(
        lambda: shortest_paths(Path(folder, f"{name}.txt"))[0],
        int(given["p"]),
        limit_s,
        float(given["pmedian"]),
    )


def generated(kind: str, n: int, p: int, seed: int, limit_s: float) -> dict[str, Any]:
    """Time points made here; every point is demand and site."""
    return _timed(lambda: floor_distances(points(kind, n, seed)), p, limit_s)


def tsplib(path: str, p: int, limit_s: float) -> dict[str, Any]:
    """Time the points of a TSPLIB file; every point is demand and site."""
    return _timed(lambda: floor_distances(coordinates(Path(path))), p, limit_s)


def coordinates(path: Path) -> Floats:
    """Give the points of a TSPLIB file."""
    _, _, body = path.read_text(encoding="utf-8").partition("NODE_COORD_SECTION")
    if not body:
        message = f"{path.name} has no NODE_COORD_SECTION"
        raise ValueError(message)
    lines = [line.split() for line in body.splitlines() if line.strip()]
    rows = [line for line in lines if line[0].isdigit()]
    return np.array([[float(x), float(y)] for _, x, y in rows])


def _timed(
    build: Callable[[], Floats], p: int, limit_s: float, known: float | None = None
) -> dict[str, Any]:
    p_median(floor_distances(points("uniform", 150, 1)), 10, time_limit_s=20.0)
    base_mb = peak_mb()
    table = build()
    return measured(
        lambda: p_median(table, p, time_limit_s=limit_s),
        p=p,
        yardstick=(SORTING, lambda: np.sort(table, axis=1)),
        known=known,
        base_mb=base_mb,
        model_mb=table.size * MODEL_BYTES / 1e6,
    )
