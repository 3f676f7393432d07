"""p-center: published instances, and points in a square."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.location.measured import measured
from resalloc.location.center.p_center import p_center
from tests.location.published import shortest_paths

if TYPE_CHECKING:
    from benchmarks.location.points import Floats

SORTING = "sorting all costs"


def orlib(folder: str, name: str, limit_s: float) -> dict[str, Any]:
    """Time an OR-Library instance; reading it and its shortest paths are not timed."""
    table, p = shortest_paths(Path(folder, f"{name}.txt"))
    optima = json.loads(Path(folder, "optima.json").read_text(encoding="utf-8"))
    return _timed(table, p, limit_s, float(optima[name]["pcenter"]))


def square(demand: int, sites: int, p: int, seed: int, limit_s: float) -> dict[str, Any]:
    """Time points and sites spread evenly over a square of side 100."""
    return _timed(_square(demand, sites, seed), p, limit_s)


def _square(demand: int, sites: int, seed: int) -> Floats:
    rng = np.random.default_rng(seed)
    people, places = rng.random((demand, 1, 2)) * 100, rng.random((1, sites, 2)) * 100
    return np.asarray(np.sqrt(((people - places) ** 2).sum(axis=2)))


def _timed(table: Floats, p: int, limit_s: float, known: float | None = None) -> dict[str, Any]:
    p_center(_square(60, 60, 1), 5, time_limit_s=20.0)
    return measured(
        lambda: p_center(table, p, time_limit_s=limit_s),
        p=p,
        yardstick=(SORTING, lambda: np.unique(table)),
        known=known,
    )
