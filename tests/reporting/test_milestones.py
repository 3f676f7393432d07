"""A plan of several years: every milestone stands on the page, and a falling stock is said so."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from resalloc.problem.problem import Options, Problem
from resalloc.reporting.figures import figures
from resalloc.reporting.headline import sentence
from resalloc.reporting.lines import scorecard_lines
from resalloc.reporting.report import report
from resalloc.solver.solve import solve
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.result.result import Result


@pytest.fixture(scope="module")
def two_years(towns, town_plan) -> Result:
    """A ceiling of 3.8 beds in 2023 and 3.5 in 2025, below the 4.0 of today."""
    ceiling = town_plan["beds_per_1000"]
    reads = ceiling.reads.model_copy(
        update={"sense": "<=", "binding": True, "values": {2023: 3.8, 2025: 3.5}}
    )
    norms = tuple(n.model_copy(update={"reads": reads}) if n is ceiling else n for n in town_plan)
    plan = dataclasses.replace(town_plan, norms=norms)
    plan = plan.relax("public_hospital_beds_per_1000").at(2023, 2025)
    return solve(Problem(towns, plan, Options(shrink=True)), time_limit_s=60)


def test_every_milestone_has_its_own_target(two_years: Result):
    assert two_years.status is Status.OPTIMAL
    line = next(x for x in scorecard_lines(two_years) if x.norm.id == "beds_per_1000")
    (first,) = line.milestones
    assert (first.year, first.target, first.verdict) == (2023, "≤ 3.8", "met")
    assert float(first.value) <= 3.8
    assert line.target == "≤ 3.5"


def test_fewer_beds_are_said_to_be_fewer(two_years: Result):
    said = sentence(figures(two_years))
    assert said is not None
    assert "减少" in said.zh
    assert "-" not in said.zh


def test_the_page_shows_both_years(two_years: Result):
    page = report(two_years).html()
    head = page[page.index('id="score"') :][:3000]
    assert "2023" in head
    assert "2025" in head
