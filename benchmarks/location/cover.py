"""Maximal covering with millions of demand points that are read from a file."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.location.measured import measured
from resalloc.location.costs import PlanarCosts
from resalloc.location.covering.max_cover import max_cover
from resalloc.location.covering.signatures import signatures

if TYPE_CHECKING:
    from benchmarks.location.points import Floats

SIDE, RADIUS = 30.0, 5.5
READING = "reading the points once and merging them by signature"
NOTES = (
    f"cover: sites and demand spread evenly over a square of side {SIDE:g}, radius {RADIUS:g}, "
    "weights 1 to 100 (the generator of Cordeau, Furini and Ljubić 2019)",
)


def million(demand: int, sites: int, p: int, seed: int, limit_s: float) -> dict[str, Any]:
    """Time reading and solving, whole, against reading and merging."""
    with tempfile.TemporaryDirectory(prefix="resalloc-bench-") as folder:
        site_xy = _write(Path(folder), demand, sites, seed)

        def read() -> tuple[PlanarCosts, Floats]:
            people = np.load(Path(folder, "points.npy"))
            return PlanarCosts(people, site_xy), np.load(Path(folder, "weights.npy"))

        def solve() -> Any:
            costs, weights = read()
            return max_cover(costs, RADIUS, p, weights=weights, time_limit_s=limit_s)

        def merge() -> Any:
            costs, weights = read()
            return signatures(costs, np.full(demand, RADIUS), weights, np.arange(sites))

        some = np.random.default_rng(1).random((3000, 2)) * SIDE
        max_cover(PlanarCosts(some, site_xy), RADIUS, min(p, 5), time_limit_s=20.0)
        return measured(solve, p=p, yardstick=(READING, merge), notes=NOTES)


def _write(folder: Path, demand: int, sites: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    site_xy = rng.random((sites, 2)) * SIDE
    np.save(folder / "points.npy", rng.random((demand, 2)) * SIDE)
    np.save(folder / "weights.npy", rng.integers(1, 101, demand).astype(np.float64))
    return site_xy
