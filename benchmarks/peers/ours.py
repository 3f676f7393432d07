"""resalloc, as its users call it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from benchmarks.peers.problems import Answer, Problem
from resalloc.location.center.p_center import p_center
from resalloc.location.covering.max_cover import max_cover
from resalloc.location.covering.set_cover import set_cover
from resalloc.location.median.p_median import p_median
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.siting import Siting


def solve(given: Problem, limit_s: float) -> Answer:
    """Answer a problem: one call, from checking the input to confirming the answer."""
    begun = time.perf_counter()
    siting = _siting(given, limit_s)
    return Answer(
        build_s=0.0,
        solve_s=time.perf_counter() - begun,
        solver_s=float("nan"),
        says=siting.status.value,
        proven=siting.status is Status.OPTIMAL,
        claimed=siting.objective,
        bound=siting.bound,
        open=siting.open,
    )


def _siting(given: Problem, limit_s: float) -> Siting:
    if given.model == "lscp":
        return set_cover(given.cost, given.radius, time_limit_s=limit_s)
    if given.model == "mclp":
        return max_cover(
            given.cost, given.radius, given.p, weights=given.weights, time_limit_s=limit_s
        )
    if given.model == "p-median":
        return p_median(given.cost, given.p, weights=given.weights, time_limit_s=limit_s)
    return p_center(given.cost, given.p, time_limit_s=limit_s)
