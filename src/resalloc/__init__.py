"""resalloc: from the clauses of a regional health plan to an allocation that can be defended.

>>> import resalloc as ra
>>> norms = ra.read_norms("tongliang-2025")
>>> district = ra.read_district("tongliang")
>>> problem = ra.Problem(district, norms.at(2025))
>>> audit = ra.score(problem)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resalloc.district.assumptions import Assumptions as Assumptions
    from resalloc.district.district import District as District
    from resalloc.district.read import districts as districts
    from resalloc.district.read import read_district as read_district
    from resalloc.district.write import write_district as write_district
    from resalloc.errors import InputError as InputError
    from resalloc.errors import ResallocError as ResallocError
    from resalloc.errors import SolverError as SolverError
    from resalloc.linting.check import lint as lint
    from resalloc.linting.compare import Comparison as Comparison
    from resalloc.linting.compare import compare as compare
    from resalloc.linting.finding import Finding as Finding
    from resalloc.norms.norm import Norm as Norm
    from resalloc.norms.normset import NormSet as NormSet
    from resalloc.norms.read import plans as plans
    from resalloc.norms.read import read_norms as read_norms
    from resalloc.problem.allocation import Allocation as Allocation
    from resalloc.problem.problem import Options as Options
    from resalloc.problem.problem import Problem as Problem
    from resalloc.problem.rows import Rows as Rows
    from resalloc.reporting.report import Report as Report
    from resalloc.reporting.report import report as report
    from resalloc.reporting.run import read_run as read_run
    from resalloc.result.result import Result as Result
    from resalloc.result.scorecard import Clause as Clause
    from resalloc.result.scorecard import Scorecard as Scorecard
    from resalloc.rules.compile import compile_rows as compile_rows
    from resalloc.scoring.score import score as score
    from resalloc.solver.solve import solve as solve
    from resalloc.status import Status as Status

__version__ = "0.1.0"

_HOMES = {
    "Allocation": "problem.allocation",
    "Assumptions": "district.assumptions",
    "Clause": "result.scorecard",
    "Comparison": "linting.compare",
    "District": "district.district",
    "Finding": "linting.finding",
    "InputError": "errors",
    "Norm": "norms.norm",
    "NormSet": "norms.normset",
    "Options": "problem.problem",
    "Problem": "problem.problem",
    "Report": "reporting.report",
    "ResallocError": "errors",
    "Result": "result.result",
    "Rows": "problem.rows",
    "Scorecard": "result.scorecard",
    "SolverError": "errors",
    "Status": "status",
    "compare": "linting.compare",
    "compile_rows": "rules.compile",
    "districts": "district.read",
    "lint": "linting.check",
    "plans": "norms.read",
    "read_district": "district.read",
    "read_norms": "norms.read",
    "read_run": "reporting.run",
    "report": "reporting.report",
    "score": "scoring.score",
    "solve": "solver.solve",
    "write_district": "district.write",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        message = f"module 'resalloc' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"resalloc.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
