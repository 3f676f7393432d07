"""Districts, plans and one solved result that many tests look at and none changes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resalloc.district.read import read_district
from resalloc.norms.read import read_norms
from resalloc.problem.problem import Problem
from resalloc.rules.compile import compile_rows
from resalloc.solver.solve import solve

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.norms.normset import NormSet
    from resalloc.problem.rows import Rows
    from resalloc.result.result import Result

DATA = Path(__file__).parent / "data"
THREE_TOWNS = DATA / "three_towns"


@pytest.fixture(scope="session")
def towns() -> District:
    """The three made-up towns."""
    return read_district(THREE_TOWNS)


@pytest.fixture(scope="session")
def town_plan() -> NormSet:
    """The made-up plan, every milestone."""
    return read_norms(THREE_TOWNS / "three_towns.toml")


@pytest.fixture(scope="session")
def town_problem(towns: District, town_plan: NormSet) -> Problem:
    return Problem(towns, town_plan.at(2025))


@pytest.fixture(scope="session")
def town_rows(town_problem: Problem) -> Rows:
    return compile_rows(town_problem)


@pytest.fixture(scope="session")
def town_result(town_problem: Problem) -> Result:
    return solve(town_problem, time_limit_s=60)


@pytest.fixture(scope="session")
def tongliang() -> District:
    return read_district("tongliang")


@pytest.fixture(scope="session")
def tongliang_problem(tongliang: District) -> Problem:
    return Problem(tongliang, read_norms("tongliang-2025").at(2025))


@pytest.fixture(scope="session")
def tongliang_rows(tongliang_problem: Problem) -> Rows:
    return compile_rows(tongliang_problem)


@pytest.fixture(scope="session")
def tongliang_result(tongliang_problem: Problem) -> Result:
    """The integrated solve; the only one of the fast suite."""
    return solve(tongliang_problem, time_limit_s=120)
