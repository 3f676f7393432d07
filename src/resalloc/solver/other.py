"""Any solver PuLP knows, by name: CBC, Gurobi, CPLEX, COPT and others."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pulp

from resalloc.errors import SolverError
from resalloc.milp.model import Answer, LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats

_PROVEN = {
    pulp.LpSolutionOptimal: Status.OPTIMAL,
    pulp.LpSolutionIntegerFeasible: Status.FEASIBLE,
    pulp.LpSolutionInfeasible: Status.INFEASIBLE,
    pulp.LpSolutionUnbounded: Status.UNBOUNDED,
}
_WHEN_STOPPED = {Status.OPTIMAL: Status.FEASIBLE, Status.INFEASIBLE: Status.UNKNOWN}
_SHORT_NAMES = {"cbc": "PULP_CBC_CMD", "highs": "HiGHS", "gurobi": "GUROBI", "cplex": "CPLEX_PY",
                "copt": "COPT", "scip": "SCIP_PY", "glpk": "GLPK_CMD"}  # fmt: skip


def solve_with_pulp(
    model: LinearModel, solver_name: str, time_limit_s: float, gap: float = 1e-9
) -> Answer:
    """Solve a model with a solver PuLP knows.

    Parameters
    ----------
    model
        Arrays.
    solver_name
        PuLP's name (``PULP_CBC_CMD``) or a short one (``cbc``).
    time_limit_s
        Seconds it may take.
    gap
        Relative gap at which an answer counts as proven (CBC only; others use their own).

    Returns
    -------
    Answer
        PuLP reports "Optimal" also when a time limit was hit, so OPTIMAL and
        INFEASIBLE are said only when the solver ended well before its limit; otherwise
        FEASIBLE and UNKNOWN.

    Raises
    ------
    SolverError
        The solver is unknown or not installed.
    """
    name = _SHORT_NAMES.get(solver_name.lower(), solver_name)
    available = pulp.listSolvers(onlyAvailable=True)
    if name not in available:
        message = (
            f"The solver '{solver_name}' cannot be used here. "
            f"Installed are: highs, {', '.join(available)}."
        )
        raise SolverError(message)
    problem, variables = _pulp_problem(model)
    begun = time.perf_counter()
    limit = max(time_limit_s, 1.0)
    problem.solve(pulp.getSolver(name, msg=False, timeLimit=limit, **_exact(name, gap)))
    seconds = time.perf_counter() - begun
    status = _PROVEN.get(problem.sol_status, Status.UNKNOWN)
    if status is Status.UNKNOWN and problem.status == pulp.LpStatusInfeasible:
        status = Status.INFEASIBLE  # CBC's "integer infeasible" has no word among the solutions'
    if seconds >= 0.95 * limit:
        status = _WHEN_STOPPED.get(status, status)
    found = status in (Status.OPTIMAL, Status.FEASIBLE)
    x = _values(model, variables) if found else None
    objective = float(model.cost @ x) if x is not None else np.nan
    bound = objective if status is Status.OPTIMAL else np.nan
    word = str(pulp.LpSolution[problem.sol_status])
    return Answer(status, x, objective, bound, seconds, word)


def _values(model: LinearModel, variables: list[pulp.LpVariable]) -> Floats:
    """Give the values found; PuLP leaves out variables of no row, which stay nearest to 0."""
    free = np.clip(0.0, model.lower, model.upper)
    found = [variable.varValue for variable in variables]
    return np.array([z if v is None else v for v, z in zip(found, free, strict=True)])


def _exact(name: str, gap: float) -> dict[str, object]:
    return {"gapRel": gap} if name == "PULP_CBC_CMD" else {}


def _pulp_problem(model: LinearModel) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    problem = pulp.LpProblem("resalloc", pulp.LpMinimize)
    kinds = (pulp.LpContinuous, pulp.LpInteger)
    ends = zip(model.lower, model.upper, model.integer, strict=True)
    variables = [
        problem.add_variable(f"x{i}", _finite(lo), _finite(hi), kinds[int(whole)])
        for i, (lo, hi, whole) in enumerate(ends)
    ]
    problem.setObjective(
        pulp.LpAffineExpression([(variables[i], model.cost[i]) for i in np.flatnonzero(model.cost)])
    )
    matrix = model.matrix
    for r in range(matrix.shape[0]):
        cells = range(matrix.indptr[r], matrix.indptr[r + 1])
        row = pulp.LpAffineExpression(
            [(variables[matrix.indices[c]], float(matrix.data[c])) for c in cells]
        )
        lo, hi = model.row_lo[r], model.row_hi[r]
        if lo == hi:
            problem.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintEQ, rhs=lo))
            continue
        if np.isfinite(lo):
            problem.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintGE, rhs=lo))
        if np.isfinite(hi):
            problem.addConstraint(pulp.LpConstraint(row, pulp.LpConstraintLE, rhs=hi))
    return problem, variables


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
