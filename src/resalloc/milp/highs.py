"""HiGHS, straight from the arrays."""

from __future__ import annotations

import time
from dataclasses import replace

import highspy
import numpy as np

from resalloc.errors import SolverError
from resalloc.milp.model import Answer, Floats, LinearModel
from resalloc.status import Status

_DONE = {
    highspy.HighsModelStatus.kOptimal: Status.OPTIMAL,
    highspy.HighsModelStatus.kInfeasible: Status.INFEASIBLE,
    highspy.HighsModelStatus.kUnbounded: Status.UNBOUNDED,
}
_FEASIBLE_POINT = 2
_AGREE = 1e-6
"""Relative difference between an objective and its own solution that arithmetic explains."""


class _QuietHighs(highspy.Highs):
    """HiGHS without its Python callbacks.

    Registering them in the constructor logs a banner to standard output before
    ``output_flag`` can be switched off (ERGO-Code/HiGHS#1932).
    """

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()


def solve_with_highs(model: LinearModel, time_limit_s: float, gap: float = 1e-7) -> Answer:
    """Solve a model with HiGHS.

    Parameters
    ----------
    model
        Arrays. Its start, if it has one, is handed on; of the continuous columns HiGHS
        computes the best itself. An answer so begun whose objective is not that of its own
        solution is not believed: the model is solved again, cold.
    time_limit_s
        Seconds it may take.
    gap
        Relative gap at which an answer counts as proven.

    Returns
    -------
    Answer
        OPTIMAL only when HiGHS proved it; stopped early with a solution is
        FEASIBLE, without one UNKNOWN.

    Raises
    ------
    SolverError
        HiGHS refuses the model.
    """
    begun = time.perf_counter()
    solver = _QuietHighs()
    for option, value in {
        "output_flag": False,
        "time_limit": max(time_limit_s, 0.01),
        "random_seed": 0,
        "mip_rel_gap": gap,
        "mip_abs_gap": 1e-7,
    }.items():
        solver.setOptionValue(option, value)
    if solver.passModel(_lp(model)) == highspy.HighsStatus.kError:
        message = "HiGHS does not accept the model; please report it with the input."
        raise SolverError(message)
    if model.start is not None:
        _begin_at(model.start, model, solver)
    solver.run()
    word = solver.getModelStatus()
    if word == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        solver.setOptionValue("presolve", "off")
        solver.run()
        word = solver.getModelStatus()
    info = solver.getInfo()
    found = info.primal_solution_status == _FEASIBLE_POINT
    status = _DONE.get(word, Status.FEASIBLE if found else Status.UNKNOWN)
    has_point = found and status in (Status.OPTIMAL, Status.FEASIBLE)
    x = np.array(solver.getSolution().col_value) if has_point else None
    if model.start is not None and not _is_its_own(info.objective_function_value, x, model):
        left = time_limit_s - (time.perf_counter() - begun)
        answer = solve_with_highs(replace(model, start=None), left, gap)
        return replace(answer, seconds=time.perf_counter() - begun)
    whole = bool(model.integer.any())
    bound = info.mip_dual_bound if whole else info.objective_function_value
    return Answer(
        status=status,
        x=x,
        objective=info.objective_function_value if has_point else np.nan,
        bound=bound if status in (Status.OPTIMAL, Status.FEASIBLE) else np.nan,
        seconds=time.perf_counter() - begun,
        message=solver.modelStatusToString(word),
    )


def _begin_at(start: Floats, model: LinearModel, solver: highspy.Highs) -> None:
    """Hand HiGHS a solution to begin at, within the bounds."""
    solution = highspy.HighsSolution()
    within = np.clip(start, model.lower, model.upper)
    solution.col_value = np.where(model.integer, np.round(within), within).tolist()
    solver.setSolution(solution)


def _is_its_own(objective: float, x: Floats | None, model: LinearModel) -> bool:
    """Say whether an objective is that of the solution it comes with, which keeps the rows."""
    if x is None:
        return True
    level = model.matrix @ x
    size = np.maximum(1.0, np.abs(level))
    broken = np.maximum(model.row_lo - level, level - model.row_hi) / size
    agrees = abs(objective - float(model.cost @ x)) <= _AGREE * max(1.0, abs(objective))
    return agrees and bool(broken.max(initial=0.0) <= _AGREE)


def _lp(model: LinearModel) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = model.size, len(model.row_lo)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = model.cost, model.lower, model.upper
    lp.row_lower_, lp.row_upper_ = model.row_lo, model.row_hi
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = model.matrix.indptr
    lp.a_matrix_.index_ = model.matrix.indices
    lp.a_matrix_.value_ = model.matrix.data
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in model.integer]
    return lp
