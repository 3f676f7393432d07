"""Solving a problem by priorities: clauses first, then the objective, then least change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from resalloc.errors import one_fault
from resalloc.problem.allocation import Allocation
from resalloc.problem.columns import Floats
from resalloc.problem.problem import Problem
from resalloc.problem.rows import Rows
from resalloc.result.result import Conflict, Phase, Result
from resalloc.result.status import Status
from resalloc.rules.compile import compile_rows
from resalloc.rules.objective import goal, tie_break_goal
from resalloc.scoring.score import score, score_allocation
from resalloc.solver.check import faults, whole
from resalloc.solver.diagnose import conflicts, out_of_reach
from resalloc.solver.model import Answer, LinearModel
from resalloc.solver.parts import solve_in_parts
from resalloc.solver.priorities import capped, priced_model, split, with_goal

Run = Callable[[LinearModel, float, Floats | None], Answer]
SHORTFALL = "expected clauses: worst and mean share short of target"


def solve(problem: Problem, *, solver: str = "highs", time_limit_s: float = 60.0) -> Result:
    """Solve a problem.

    Lexicographic: binding clauses hold; expected clauses fall short as little as
    possible (smallest worst share of target, then smallest mean share); then the
    objective of ``problem.options``; then least change from today and even shares as
    the tie-break. The answer is recomputed from the rows before it is believed.

    Parameters
    ----------
    problem
        District, norms due and options.
    solver
        ``"highs"``, or any solver PuLP knows, e.g. ``"cbc"``.
    time_limit_s
        Seconds for all priorities together.

    Returns
    -------
    Result
        Never an exception for a hard problem: INFEASIBLE names the clauses, a time
        limit gives FEASIBLE with its gap, or UNKNOWN.

    Raises
    ------
    InputError
        A norm cannot be compiled, or the time limit is not positive.
    SolverError
        The solver is not installed.

    Examples
    --------
    >>> import resalloc as ra
    >>> problem = ra.Problem(ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025))
    >>> result = ra.solve(problem, time_limit_s=60)  # doctest: +SKIP
    """
    if not time_limit_s > 0:
        raise one_fault("time limit", f"{time_limit_s} s is not a time.", "Give seconds above 0.")
    rows = compile_rows(problem)
    desk = _Desk(rows, _road(solver), time.perf_counter(), time_limit_s)
    priced = priced_model(rows)
    first = desk.run(priced.model.with_cost(priced.priority()))
    if first.status is Status.INFEASIBLE:
        return _nearest_miss(desk, solver)
    if first.x is None:
        return _result(desk, solver, first.status, None, [], message=_why(first))
    phases = [_phase(SHORTFALL, "", first, float(first.objective))]
    aim = goal(rows)
    second = desk.run(with_goal(priced.holding(first.x), rows.columns.size, aim), first.x)
    if second.x is None:
        status = Status.UNBOUNDED if second.status is Status.UNBOUNDED else Status.FEASIBLE
        return _result(desk, solver, status, first.x, phases, message=_why(second))
    phases.append(_phase(aim.name, aim.unit, second, second.objective + aim.constant))
    tie = tie_break_goal(rows)
    held = capped(with_goal(priced.holding(first.x), rows.columns.size, aim), second.x)
    third = desk.run(with_goal(held, rows.columns.size, tie), second.x)
    final = second if third.x is None else third
    phases.append(_phase(tie.name, tie.unit, third, third.objective + tie.constant))
    proven = all(phase.status is Status.OPTIMAL for phase in phases)
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    message = "" if proven else "The time limit was reached before every priority was proven."
    allowed = first.x[priced.first : priced.first + priced.count]
    return _result(desk, solver, status, final.x, phases, message=message, allowed=allowed)


@dataclass(frozen=True)
class _Desk:
    """What every step of one solve needs."""

    rows: Rows
    road: Run
    begun: float
    limit_s: float

    def run(self, model: LinearModel, start: Floats | None = None) -> Answer:
        left = self.limit_s - (time.perf_counter() - self.begun)
        if start is not None:
            start = np.concatenate([start, np.zeros(model.size - len(start))])
        return solve_in_parts(model, max(left, 0.5), start, self.road)


def _road(solver: str) -> Run:
    if solver.lower() == "highs":
        from resalloc.solver.highs import solve_with_highs

        return solve_with_highs
    from resalloc.solver.other import solve_with_pulp

    return lambda model, limit, start: solve_with_pulp(model, solver, limit, start)


def _nearest_miss(desk: _Desk, solver: str) -> Result:
    """The binding clauses cannot all hold: say which and by how much."""
    elastic = priced_model(desk.rows, elastic=True)
    answer = desk.run(elastic.model.with_cost(elastic.priority()))
    if answer.x is None:
        message = (
            "No allocation keeps even the links between decisions (budget, bounds, rounding): "
            "raise the budget or allow shrinking."
        )
        return _result(desk, solver, Status.INFEASIBLE, None, [], message=message)
    hard, _ = split(desk.rows)
    x = whole(desk.rows, answer.x)
    named = conflicts(desk.rows, x, hard)
    message = (
        f"{len({c.norm_id for c in named})} binding clause(s) cannot hold beside the others; "
        "the allocation shown is the nearest miss, not a plan."
    )
    phase = _phase("binding clauses: worst and mean share short of target", "", answer,
                   float(answer.objective))  # fmt: skip
    return _result(
        desk, solver, Status.INFEASIBLE, answer.x, [phase], message=message, named=named
    )


def _result(
    desk: _Desk,
    solver: str,
    status: Status,
    raw: Floats | None,
    phases: list[Phase],
    *,
    message: str = "",
    named: tuple[Conflict, ...] = (),
    allowed: Floats | None = None,
) -> Result:
    rows = desk.rows
    problem = rows.problem
    x = None if raw is None else whole(rows, raw)
    if x is not None and status in (Status.OPTIMAL, Status.FEASIBLE):
        broken = _doubts(rows, x, allowed)
        if broken:
            status = Status.UNKNOWN
            message = "The answer was not confirmed from the rows: " + "; ".join(broken)
    after = {}
    if x is not None:
        label = "nearest miss" if status is Status.INFEASIBLE else "plan"
        for year in problem.years:
            title = f"{problem.district.name} {year} ({label})"
            after[year] = score_allocation(rows, x, year, title=title)
    return Result(
        rows=rows,
        status=status,
        allocation=None if x is None else Allocation(rows.columns, x),
        phases=tuple(phases),
        before=score(problem),
        after=after,
        conflicts=named,
        out_of_reach=out_of_reach(rows),
        solver=solver,
        seconds=time.perf_counter() - desk.begun,
        message=message,
    )


def _doubts(rows: Rows, x: Floats, allowed: Floats | None) -> tuple[str, ...]:
    """What our own arithmetic holds against an answer."""
    hard, soft = split(rows)
    broken = faults(rows, x, hard)
    if broken or allowed is None or not soft:
        return broken
    start = 0
    for block in soft:
        matrix, lo, hi = block.linear()
        level = matrix @ x
        short = np.maximum(np.maximum(lo - level, level - hi), 0.0)
        more = short - allowed[start : start + len(block)]
        start += len(block)
        if (more > 1e-4 * (1.0 + np.abs(block.bound))).any():
            return (f"expected clause {block.norm.id} falls shorter than the solver said",)
    return ()


def _phase(name: str, unit: str, answer: Answer, value: float) -> Phase:
    shift = value - answer.objective
    return Phase(
        name, unit, answer.status, value, answer.bound + shift, answer.gap, answer.seconds
    )


def _why(answer: Answer) -> str:
    return f"The solver stopped without an answer ({answer.message})."
