"""Two-step floating catchments against the two loops they are usually written as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.stopwatch import seconds, spent
from resalloc.location.access.access import access_2sfca

if TYPE_CHECKING:
    from benchmarks.location.points import Floats

RADIUS = 15.0
LOOPS = {"python": "the two loops, pair by pair", "numpy": "the two loops, site by site in NumPy"}


def catchments(demand: int, sites: int, seed: int, loop: str) -> dict[str, Any]:
    """Time the accessibility of points in a square of side 100, and the loops on the same."""
    rng = np.random.default_rng(seed)
    people_xy, site_xy = rng.random((demand, 1, 2)) * 100, rng.random((1, sites, 2)) * 100
    cost = np.sqrt(((people_xy - site_xy) ** 2).sum(axis=2))
    people = rng.integers(1, 1000, demand).astype(np.float64)
    beds = rng.integers(10, 500, sites).astype(np.float64)
    access_2sfca(cost[:50], beds, people[:50], RADIUS)
    found, cost_of_it = spent(lambda: access_2sfca(cost, beds, people, RADIUS))
    expected: list[Floats] = []
    if loop == "python":
        table, beds_by_site, people_by_point = cost.tolist(), beds.tolist(), people.tolist()
        unit = seconds(lambda: expected.append(_pairs(table, beds_by_site, people_by_point)))
    else:
        unit = seconds(lambda: expected.append(_sites(cost, beds, people)))
    agree = bool(np.allclose(found.access, expected[0], rtol=1e-9, atol=0.0))
    return {
        "size": f"{demand:,} × {sites:,}",
        "demand": demand,
        "sites": sites,
        "status": "agrees" if agree else "DISAGREES",
        "objective": float(found.access @ people),
        "wall_s": cost_of_it.wall_s,
        "cpu_s": cost_of_it.cpu_s,
        "peak_mb": cost_of_it.peak_mb,
        "before_mb": cost_of_it.before_mb,
        "yardstick": LOOPS[loop],
        "yardstick_s": unit,
        "ratio": cost_of_it.wall_s / unit,
        "notes": ["access: the objective is Σ people × access, which is all the beds in reach"],
    }


def _pairs(cost: list[list[float]], beds: list[float], people: list[float]) -> Floats:
    ratio = []
    for j in range(len(beds)):
        near = 0.0
        for i in range(len(people)):
            if cost[i][j] <= RADIUS:
                near += people[i]
        ratio.append(beds[j] / near if near else 0.0)
    access = []
    for i in range(len(people)):
        total = 0.0
        for j in range(len(beds)):
            if cost[i][j] <= RADIUS:
                total += ratio[j]
        access.append(total)
    return np.array(access)


def _sites(cost: Floats, beds: Floats, people: Floats) -> Floats:
    access = np.zeros(len(people))
    for j in range(len(beds)):
        near = cost[:, j] <= RADIUS
        if near.any():
            access[near] += beds[j] / people[near].sum()
    return access
