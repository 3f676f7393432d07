"""Solving a problem by priorities: clauses first, then the objective, then least change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault
from resalloc.milp.model import EXACT, Answer, LinearModel
from resalloc.problem.allocation import Allocation
from resalloc.result.result import Conflict, Phase, Result
from resalloc.result.scorecard import NEAREST_MISS
from resalloc.rules.candidates import with_useful_candidates
from resalloc.rules.compile import compile_rows
from resalloc.rules.objective import goal, loss_goal, tie_break_goal
from resalloc.scoring.score import score, score_allocation
from resalloc.solver.check import faults, settled, spoken, whole
from resalloc.solver.diagnose import conflicts, out_of_reach
from resalloc.solver.parts import solve_in_parts
from resalloc.solver.priorities import capped, priced, priced_model, split, with_goal
from resalloc.solver.start import start_values
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import Rows

Run = Callable[[LinearModel, float, float], Answer]
SHORTFALL = "expected clauses: worst plus mean share short of target"
NEAREST = "binding clauses: worst plus mean share short of target"
_CLOSE = 0.05
"""Crews set by who is nearest may cost more than was proven: up to a twentieth it is the gap."""
_NOT_CLOSE = (
    "The clauses hold; crews set by who is nearest cost more than the proven bound, so a "
    "cheaper plan is not ruled out.",
    "条款均成立；按最近车组实际承担的任务配备车组后，费用高于已证明的下界，不排除有更省的方案。",
)
_TIME_OUT = ("Time ran out before the answer was proven best.", "时间用尽，尚未证明最优。")
_TIE_OUT = (
    "Proven best; time ran out before the tie-break among equals was.",
    "已证明最优；时间用尽，同等方案之间的取舍尚未证明。",
)
_AGREE = 1e-4
"""Relative difference between solver and rows that arithmetic explains."""


def solve(
    problem: Problem,
    *,
    solver: str = "highs",
    time_limit_s: float = 60.0,
    start: Allocation | None = None,
) -> Result:
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
    start
        A plan to begin at, of this problem or of one like it. It changes no value beyond the
        gaps to which the priorities are proven; among equals it may come to another. It
        seldom saves time. HiGHS only; others begin cold.

    Returns
    -------
    Result
        Never an exception for a hard problem: INFEASIBLE names the clauses, a time
        limit gives FEASIBLE with its gap, or UNKNOWN.

    Raises
    ------
    InputError
        A norm cannot be compiled, the residents of a plan year are not known, or the
        time limit is not positive.
    SolverError
        The solver is not installed.

    Examples
    --------
    >>> import resalloc as ra
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> result = ra.solve(problem, time_limit_s=60)  # doctest: +SKIP
    """
    rows = compile_rows(with_useful_candidates(problem))
    return solve_rows(rows, solver=solver, time_limit_s=time_limit_s, start=start)


def solve_rows(
    rows: Rows,
    *,
    solver: str = "highs",
    time_limit_s: float = 60.0,
    start: Allocation | None = None,
) -> Result:
    """Solve a problem that is compiled already; see :func:`solve`."""
    if not time_limit_s > 0:
        raise one_fault("time limit", f"{time_limit_s} s is not a time.", "Give seconds above 0.")
    _require_people(rows.problem)
    desk = _Desk(rows, _road(solver), time.perf_counter(), time_limit_s)
    begin = None if start is None else start_values(start, rows)
    binding = priced_model(rows, start=begin)
    first = desk.run(binding.model.with_cost(binding.priority()))
    if first.status is Status.INFEASIBLE:
        return _nearest_miss(desk, solver)
    if first.x is None:
        return _result(desk, solver, first.status, None, [], message=_why(first))
    clauses = Step(SHORTFALL, "%", first, binding.value)
    done = _go_on(desk, binding.holding(first.x), [clauses])
    status: Status = Status.OPTIMAL if done.proven else Status.FEASIBLE
    if done.status is Status.UNBOUNDED:
        status = Status.UNBOUNDED
    return _result(desk, solver, status, done.x, done.steps, message=done.message)


@dataclass(frozen=True)
class _Done:
    """What the priorities after the clauses came to."""

    x: Floats | None
    steps: list[Step]
    proven: bool
    status: Status
    message: tuple[str, str]


def _go_on(desk: _Desk, held: LinearModel, steps: list[Step]) -> _Done:
    """Solve the priorities after the clauses: little given up, the objective, the tie-break."""
    rows = desk.rows
    last = steps[-1].answer
    if rows.problem.options.shrink:
        loss = loss_goal(rows)
        smaller = with_goal(held, rows.columns.size, loss)
        given_up = desk.run(smaller, loss.tolerance)
        if given_up.x is None:
            return _Done(last.x, steps, False, given_up.status, _why(given_up))
        steps = [*steps, Step(loss.name, loss.unit, given_up, loss.value)]
        held = capped(smaller, given_up.x, EXACT)
    aim = goal(rows)
    wanted = with_goal(held, rows.columns.size, aim)
    second = desk.run(wanted, aim.tolerance)
    if second.x is None:
        return _Done(steps[-1].answer.x, steps, False, second.status, _why(second))
    tie = tie_break_goal(rows)
    held = capped(wanted, second.x, max(aim.tolerance, EXACT))
    third = desk.run(with_goal(held, rows.columns.size, tie), tie.tolerance)
    steps = [
        *steps,
        Step(aim.name, aim.unit, second, aim.value, aim.constant, max(_AGREE, 2 * aim.tolerance)),
        Step(tie.name, tie.unit, third, tie.value, tie.constant),
    ]
    proven = all(step.answer.status is Status.OPTIMAL for step in steps[:-1])
    message = ("", "") if proven else _TIME_OUT
    if proven and third.status is not Status.OPTIMAL:
        message = _TIE_OUT
    return _Done(second.x if third.x is None else third.x, steps, proven, second.status, message)


def _require_people(problem: Problem) -> None:
    """Refuse to plan for a year whose residents are not known."""
    for year in problem.years:
        if np.isnan(problem.district.point_residents(year)).any():
            raise one_fault(
                f"plan year {year}",
                f"the residents of {problem.district.name} in {year} are not known.",
                f"Give population_{year} in townships.csv, or plan for another year.",
            )


@dataclass(frozen=True)
class _Desk:
    """What every step of one solve needs."""

    rows: Rows
    road: Run
    begun: float
    limit_s: float

    def run(self, model: LinearModel, gap: float = 1e-7) -> Answer:
        left = self.limit_s - (time.perf_counter() - self.begun)
        return solve_in_parts(model, max(left, 0.5), self.road, gap)


def _road(solver: str) -> Run:
    if solver.lower() == "highs":
        from resalloc.milp.highs import solve_with_highs

        return solve_with_highs
    from resalloc.solver.other import solve_with_pulp

    return lambda model, limit, gap: solve_with_pulp(model, solver, limit, gap)


@dataclass(frozen=True)
class Step:
    """One priority as it was solved, and how its value is computed from an allocation.

    `constant` is what the solver's objective lacks of the printed value, `slack` the
    share of it by which a later priority may have made it worse.
    """

    name: str
    unit: str
    answer: Answer
    value: Callable[[Floats], float]
    constant: float = 0.0
    slack: float = _AGREE

    def phase(self, x: Floats | None) -> Phase:
        """Give the step as it is reported, with the value recomputed."""
        answer = self.answer
        value = float("nan") if x is None else self.value(x)
        bound = answer.bound + self.constant
        gap = abs(value - bound) / max(1.0, abs(value))
        return Phase(
            self.name,
            self.unit,
            answer.status,
            value,
            bound,
            0.0 if gap < _AGREE else gap,
            answer.seconds,
        )

    def doubt(self, x: Floats) -> str:
        """Say so where the recomputed value is worse than the solver's; empty where not."""
        if self.answer.x is None:
            return ""
        claimed, found = self.answer.objective + self.constant, self.value(x)
        if found > claimed + self.slack * max(1.0, abs(claimed)):
            return f"{self.name}: the solver said {claimed:.6g}, the rows say {found:.6g}"
        return ""


def _nearest_miss(desk: _Desk, solver: str) -> Result:
    """The binding clauses cannot all hold: say which and by how much."""
    elastic = priced_model(desk.rows, elastic=True)
    answer = desk.run(elastic.model.with_cost(elastic.priority()))
    if answer.x is None:
        message = (
            "No allocation keeps even the links between decisions (budget, bounds, rounding): "
            "raise the budget or allow shrinking.",
            "没有任何配置能满足决策之间的基本联系（投资上限、上下界、取整）："
            "请提高投资上限，或允许减少现有资源。",
        )
        return _result(desk, solver, Status.INFEASIBLE, None, [], message=message)
    hard, _ = split(desk.rows)
    x = whole(desk.rows, answer.x)
    named = conflicts(desk.rows, x, hard)
    count = len({c.norm_id for c in named})
    message = (
        f"{count} binding clause(s) cannot hold beside the others; "
        "the allocation shown is the nearest miss, not a plan.",
        f"有{count}条约束性条款无法与其他条款同时成立；所示配置是最接近的结果，不是规划方案。",
    )
    if not desk.rows.problem.options.shrink:
        message = (
            f"{message[0]} No institution may lose what it has today; --shrink lifts that.",
            f"{message[1]}前提是各机构现有床位、人员和车辆不减少；用 --shrink 可放开。",
        )
    nearest = Step(NEAREST, "%", answer, elastic.value)
    _, expected = split(desk.rows)
    again = priced(elastic.holding(answer.x), desk.rows, expected)
    second = desk.run(again.model.with_cost(again.priority()))
    found: Floats | None = answer.x
    steps = [nearest]
    if second.x is not None:
        clauses = Step(SHORTFALL, "%", second, again.value)
        done = _go_on(desk, again.holding(second.x), [nearest, clauses])
        found, steps = done.x, done.steps
    return _result(desk, solver, Status.INFEASIBLE, found, steps, message=message, named=named)


def _result(
    desk: _Desk,
    solver: str,
    status: Status,
    raw: Floats | None,
    steps: list[Step],
    *,
    message: tuple[str, str] = ("", ""),
    named: tuple[Conflict, ...] = (),
) -> Result:
    rows = desk.rows
    problem = rows.problem
    claimed = None if raw is None else whole(rows, raw)
    x = None if claimed is None else settled(rows, claimed)
    if claimed is not None and x is not None and status in (Status.OPTIMAL, Status.FEASIBLE):
        hard, _ = split(rows)
        doubts = filter(None, (step.doubt(claimed) for step in steps))
        broken = [*faults(rows, x, hard), *doubts]
        if broken:
            status = Status.UNKNOWN
            told_of = "; ".join(broken)
            message = (
                f"The answer was not confirmed from the rows: {told_of}",
                f"结果未能通过算式复核：{told_of}",
            )
    phases = tuple(step.phase(x) for step in steps)
    wide = max((phase.gap for phase in phases[:-1]), default=0.0)
    if status is Status.OPTIMAL and wide > _CLOSE:
        status, message = Status.FEASIBLE, _NOT_CLOSE
    after = {}
    told = None if x is None else spoken(rows, x)
    if told is not None:
        label = NEAREST_MISS["en"] if status is Status.INFEASIBLE else ""
        for year in problem.years:
            title = f"{problem.district.name} {year}{label}"
            after[year] = score_allocation(rows, told, year, title=title)
    return Result(
        rows=rows,
        status=status,
        allocation=None if told is None else Allocation(rows.columns, told),
        phases=phases,
        before=score(problem),
        after=after,
        conflicts=named,
        out_of_reach=out_of_reach(rows),
        solver=solver,
        seconds=time.perf_counter() - desk.begun,
        message=message[0],
        message_zh=message[1],
    )


def _why(answer: Answer) -> tuple[str, str]:
    return (
        f"The solver stopped without an answer ({answer.message}).",
        f"求解器未给出结果（{answer.message}）。",
    )
