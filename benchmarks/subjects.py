"""The registry: what is timed."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import resalloc as ra
from benchmarks.subject import Phase, Subject
from resalloc.milp.highs import solve_with_highs
from resalloc.rules.objective import goal
from resalloc.solver.other import solve_with_pulp
from resalloc.solver.parts import solve_in_parts
from resalloc.solver.priorities import Priced, priced_model, with_goal
from resalloc.status import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from resalloc.milp.model import Answer, LinearModel

PLAN, DISTRICT = "tongliang-2025", "tongliang"
LIMIT_S = 120.0
"""A ceiling for every solve, so that a bad day does not take the afternoon."""
READING = "tongliang: read_district"
MODEL = "tongliang: compile and build the model"
SCRIPT = "from resalloc.cli import app; app()"


@dataclass(frozen=True)
class Case:
    """A problem with its compiled rows and its model."""

    problem: ra.Problem
    rows: ra.Rows
    priced: Priced


@dataclass(frozen=True)
class Models:
    """The models of the first two priorities."""

    clauses: LinearModel
    cost: LinearModel
    cost_gap: float


def tongliang(*years: int) -> Case:
    """Build the bundled district with its plan at `years`."""
    problem = ra.Problem(ra.read_district(DISTRICT), ra.read_norms(PLAN).at(*years))
    rows = ra.compile_rows(problem)
    return Case(problem, rows, priced_model(rows))


def size(case: Case) -> Mapping[str, int]:
    """Count what the solver gets."""
    model = case.priced.model
    return {
        "clauses": len(case.problem.norms),
        "columns": model.size,
        "whole-number columns": int(model.integer.sum()),
        "rows": model.matrix.shape[0],
        "nonzeros": model.matrix.nnz,
    }


def build_model(case: Case) -> Priced:
    """Compile a problem and build its model, as ``solve`` does first."""
    return priced_model(ra.compile_rows(case.problem))


def solve(case: Case) -> ra.Result:
    """Solve with HiGHS; an answer that is not proven is not timed."""
    result = ra.solve(case.problem, time_limit_s=LIMIT_S)
    _require_proof(result.status)
    return result


def by_priority(result: ra.Result) -> Mapping[str, float]:
    """Give the seconds of every priority."""
    return {f"priority {i + 1}: {p.name}": p.seconds for i, p in enumerate(result.phases)}


def two_models() -> Models:
    """Build the models of the clauses, and of the cost once the clauses are settled."""
    case = tongliang(2025)
    clauses = case.priced.model.with_cost(case.priced.priority())
    first = by_highs(clauses)
    assert first.x is not None
    aim = goal(case.rows)
    cost = with_goal(case.priced.holding(first.x), case.rows.columns.size, aim)
    return Models(clauses, cost, aim.tolerance)


def by_highs(model: LinearModel, gap: float = 1e-7) -> Answer:
    """Solve a model with HiGHS."""
    return _proven(solve_in_parts(model, LIMIT_S, solve_with_highs, gap))


def by_cbc(model: LinearModel, gap: float = 1e-7) -> Answer:
    """Solve a model with CBC, by way of PuLP and the file it writes."""
    return _proven(solve_in_parts(model, LIMIT_S, _cbc, gap))


def _cbc(model: LinearModel, time_limit_s: float, gap: float) -> Answer:
    return solve_with_pulp(model, "cbc", time_limit_s, gap)


def _proven(answer: Answer) -> Answer:
    _require_proof(answer.status)
    return answer


def _require_proof(status: Status) -> None:
    if status is not Status.OPTIMAL:
        message = f"the answer is {status.value}, not proven: there is no time to report"
        raise RuntimeError(message)


def process(*words: str) -> Callable[[object], object]:
    """Give a phase that runs Python with `words` as a process of its own, start to end."""

    def run(case: object) -> object:
        del case
        return subprocess.run([sys.executable, *words], check=True, capture_output=True)

    return run


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        "process",
        lambda: None,
        (
            Phase("python -c pass", process("-c", "pass"), repeats=7),
            Phase("import resalloc", process("-c", "import resalloc"),
                  "process: python -c pass", repeats=7),
            Phase("resalloc --help", process("-c", SCRIPT, "--help"),
                  "process: python -c pass", repeats=7),
        ),
    ),
    Subject(
        "tongliang",
        lambda: tongliang(2025),
        (
            Phase("read_district", lambda _: ra.read_district(DISTRICT)),
            Phase("read_norms", lambda _: ra.read_norms(PLAN), READING),
            Phase("compile", lambda case: ra.compile_rows(case.problem), READING),
            Phase("compile and build the model", build_model, READING),
            Phase("score", lambda case: ra.score(case.problem), READING),
            Phase("solve", solve, MODEL, repeats=3, warm=False, cheap=False, details=by_priority),
        ),
        size,
    ),
    Subject(
        "tongliang, five years",
        lambda: tongliang(2021, 2022, 2023, 2024, 2025),
        (
            Phase("compile and build the model", build_model, MODEL, repeats=3),
            Phase("score", lambda case: ra.score(case.problem), "tongliang: score", repeats=3),
        ),
        size,
    ),
    Subject(
        "solvers",
        two_models,
        (
            Phase("clauses by HiGHS", lambda m: by_highs(m.clauses), repeats=3),
            Phase("clauses by CBC", lambda m: by_cbc(m.clauses), "solvers: clauses by HiGHS",
                  repeats=1, warm=False, cheap=False),
            Phase("cost by HiGHS", lambda m: by_highs(m.cost, m.cost_gap), repeats=3, cheap=False),
            Phase("cost by CBC", lambda m: by_cbc(m.cost, m.cost_gap), "solvers: cost by HiGHS",
                  repeats=3, warm=False, cheap=False),
        ),
        lambda m: {"columns": m.clauses.size, "rows": m.clauses.matrix.shape[0]},
    ),
)  # fmt: skip
