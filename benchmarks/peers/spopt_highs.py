"""spopt with HiGHS, reached through PuLP as spopt's users reach it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

import highspy
import numpy as np
import pulp
from spopt.locate import LSCP, MCLP, PCenter, PMedian

from benchmarks.peers.problems import PROVEN, Answer, Problem


def solve(given: Problem, limit_s: float) -> Answer:
    """Answer a problem. That PuLP calls a time limit “Optimal” is not believed."""
    begun = time.perf_counter()
    model = _model(given)
    built = time.perf_counter()
    solver = pulp.HiGHS(msg=False, timeLimit=limit_s, gapRel=PROVEN)
    with suppress(RuntimeError):  # spopt's word for "not solved"; the status says which
        model.solve(solver, results=False)
    ended = time.perf_counter()
    highs = model.problem.solverModel
    info = highs.getInfo()
    found = info.primal_solution_status == 2
    opened = [bool(found and round(variable.value() or 0)) for variable in model.fac_vars]
    return Answer(
        build_s=built - begun,
        solve_s=ended - built,
        solver_s=highs.getRunTime(),
        says=pulp.LpStatus[model.problem.status],
        proven=highs.getModelStatus() == highspy.HighsModelStatus.kOptimal,
        claimed=pulp.value(model.problem.objective) if found else float("nan"),
        bound=(-1 if given.model == "mclp" else 1) * info.mip_dual_bound,  # PuLP minimises
        open=np.flatnonzero(opened),
    )


def _model(given: Problem) -> Any:
    if given.model == "lscp":
        return LSCP.from_cost_matrix(given.cost, given.radius)
    if given.model == "mclp":
        return MCLP.from_cost_matrix(given.cost, given.weights, given.radius, given.p)
    if given.model == "p-median":
        return PMedian.from_cost_matrix(given.cost, given.weights, given.p)
    return PCenter.from_cost_matrix(given.cost, given.p)
