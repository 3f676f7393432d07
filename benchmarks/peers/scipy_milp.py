"""The textbook models on sparse arrays, by `scipy.optimize.milp` and the HiGHS inside it."""

from __future__ import annotations

import time

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from benchmarks.peers.problems import PROVEN, Answer, Floats, Problem

_WORDS = {0: "optimal", 1: "limit reached", 2: "infeasible", 3: "unbounded", 4: "other"}


def solve(given: Problem, limit_s: float) -> Answer:
    """Answer a problem; the sites are whole, the assignment is a share (it ends up whole)."""
    begun = time.perf_counter()
    sites = given.cost.shape[1]
    aim, rules = _assigned(given) if given.model in ("p-median", "p-center") else _covered(given)
    upper = np.ones(len(aim))
    if given.model == "p-center":
        upper[-1] = np.inf
    whole = np.zeros(len(aim), dtype=np.int64)
    whole[:sites] = 1
    built = time.perf_counter()
    found = milp(
        aim,
        integrality=whole,
        bounds=Bounds(0, upper),
        constraints=rules,
        options={"time_limit": limit_s, "mip_rel_gap": PROVEN},
    )
    ended = time.perf_counter()
    sign = -1.0 if given.model == "mclp" else 1.0
    bound = getattr(found, "mip_dual_bound", None)
    return Answer(
        build_s=built - begun,
        solve_s=ended - built,
        solver_s=float("nan"),
        says=_WORDS.get(found.status, str(found.status)),
        proven=found.status == 0,
        claimed=float("nan") if found.fun is None else sign * found.fun,
        bound=float("nan") if bound is None else sign * bound,
        open=np.flatnonzero(np.round(found.x[:sites] if found.x is not None else ())),
    )


def _covered(given: Problem) -> tuple[Floats, list[LinearConstraint]]:
    """Columns y_j, and for MCLP z_i: Σ y ≥ 1, or z_i ≤ Σ y and Σ y = p."""
    reach = sparse.csr_array((given.cost <= given.radius).astype(float))
    demand, sites = reach.shape
    if given.model == "lscp":
        return np.ones(sites), [LinearConstraint(reach, 1, np.inf)]
    rows = sparse.hstack([reach, -sparse.eye_array(demand)], format="csr")
    count = sparse.csr_array(np.concatenate([np.ones(sites), np.zeros(demand)])[None])
    aim = np.concatenate([np.zeros(sites), -given.weights])
    return aim, [LinearConstraint(rows, 0, np.inf), LinearConstraint(count, given.p, given.p)]


def _assigned(given: Problem) -> tuple[Floats, list[LinearConstraint]]:
    """Columns y_j, x_ij and for the p-center W: Σ_j x_ij = 1, x_ij ≤ y_j, Σ y = p, W ≥ Σ c x."""
    demand, sites = given.cost.shape
    last = int(given.model == "p-center")
    pairs = demand * sites
    i, j = np.divmod(np.arange(pairs), sites)
    x = sites + np.arange(pairs)
    width = sites + pairs + last
    ones = np.ones(pairs)
    once = sparse.csr_array((ones, (i, x)), shape=(demand, width))
    served = sparse.csr_array(
        (
            np.concatenate([ones, -ones]),
            (np.tile(np.arange(pairs), 2), np.concatenate([j, x])),
        ),
        shape=(pairs, width),
    )
    count = sparse.csr_array(
        (np.ones(sites), (np.zeros(sites, dtype=int), np.arange(sites))), shape=(1, width)
    )
    rules = [
        LinearConstraint(once, 1, 1),
        LinearConstraint(served, 0, np.inf),
        LinearConstraint(count, given.p, given.p),
    ]
    aim = np.zeros(width)
    if not last:
        aim[sites:] = (given.weights[:, None] * given.cost).ravel()
        return aim, rules
    aim[-1] = 1
    worst = sparse.csr_array(
        (
            np.concatenate([np.ones(demand), -given.cost.ravel()]),
            (
                np.concatenate([np.arange(demand), i]),
                np.concatenate([np.full(demand, width - 1), x]),
            ),
        ),
        shape=(demand, width),
    )
    return aim, [*rules, LinearConstraint(worst, 0, np.inf)]
