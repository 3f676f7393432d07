"""One report of the three towns, and of Tongliang with a plan that needs no solve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.problem.allocation import Allocation
from resalloc.reporting.report import report
from resalloc.result.result import Phase, Result
from resalloc.rules.compile import compile_rows
from resalloc.scoring.score import score, score_allocation
from resalloc.status import Status

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.problem.problem import Problem


@pytest.fixture(scope="session")
def town_report(town_result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the saved report of the three towns."""
    folder = tmp_path_factory.mktemp("three_towns")
    report(town_result).save(folder)
    return folder


def with_allocation(problem: Problem) -> Result:
    """Give a result whose plan is what is there today, with every site a crewed station.

    It is no good plan, but a whole one: every page and file has figures to show.
    """
    rows = compile_rows(problem)
    x = np.nan_to_num(rows.columns.today)
    for block in ("station", "crewed", "crews", "vehicles"):
        ids = rows.columns[block].ids
        x[ids] = np.maximum(x[ids], 1.0)
    x = rows.derive(x)
    year = problem.years[-1]
    return Result(
        rows=rows,
        status=Status.FEASIBLE,
        allocation=Allocation(rows.columns, x),
        phases=(Phase("cost", "万元", Status.FEASIBLE, 1.0, float("nan"), 0.5, 0.1),),
        before=score(problem),
        after={year: score_allocation(rows, x, year, title=f"plan {year}")},
        conflicts=(),
        out_of_reach=(),
        solver="none",
        seconds=0.1,
        message="not solved",
    )


@pytest.fixture(scope="session")
def district_result(tongliang_problem: Problem) -> Result:
    return with_allocation(tongliang_problem)


@pytest.fixture(scope="session")
def district_report(district_result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the saved report of Tongliang."""
    folder = tmp_path_factory.mktemp("tongliang")
    report(district_result).save(folder)
    return folder
