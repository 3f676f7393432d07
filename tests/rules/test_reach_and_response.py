"""Service radius and response time: what is covered, who answers, what is not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.district.assumptions import read_assumptions
from resalloc.district.read import read_district
from resalloc.errors import InputError
from resalloc.norms.normset import NormSet
from resalloc.problem.problem import Problem
from resalloc.rules.compile import compile_rows
from resalloc.rules.reach import catchments
from resalloc.rules.response import crews_for_load, minutes
from tests.conftest import THREE_TOWNS

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import Rows

# sites in the order of the tables: hospital, 中心社区, 南镇, 北镇


def _with(rows: Rows, block: str, values: list[float]) -> Floats:
    x = np.zeros(rows.columns.size)
    x[rows.columns[block].ids[:, 0]] = values
    return rows.derive(x)


@pytest.mark.parametrize(
    ("stations", "share"),
    [
        ([1, 0, 0, 0], 12 / 62),  # 中/b alone, of 62,000 rural residents in 2025
        ([1, 1, 1, 0], 42 / 62),  # 北/a is 10.01 km from 中心社区: just outside
        ([1, 0, 1, 1], 1.0),
        ([0, 0, 0, 1], 32 / 62),  # 北镇 reaches its own and 中/b (7.78 km)
        ([0, 0, 0, 0], 0.0),
    ],
)
def test_rural_residents_within_ten_kilometres(town_rows: Rows, stations: list, share: float):
    value = town_rows.of("reach_rural").value(_with(town_rows, "station", stations))
    assert value.tolist() == [pytest.approx(100 * share)]


def test_an_unknown_station_matters_only_where_it_decides(town_rows: Rows):
    """中/a has the hospital anyway; whether 南镇 is a station decides the rural share."""
    x = _with(town_rows, "station", [1, 0, np.nan, 0])
    assert town_rows.of("reach_urban").value(x).tolist() == [100.0]
    assert np.isnan(town_rows.of("reach_rural").value(x)).all()


def test_a_point_at_the_radius_is_within_it(town_problem: Problem):
    """北/a to 中心社区 is 10.01 km: out at 10, in at 10.01."""

    def sites_of(radius: str) -> int:
        norms = town_problem.norms.override({"reach_rural": radius})
        found = catchments(norms["reach_rural"], Problem(town_problem.district, norms))
        return int(found.reach[:, 1].sum())

    assert sites_of("<=10") == 1
    assert sites_of("<=10.01") == 2


def test_points_with_the_same_sites_are_one_catchment(town_problem: Problem):
    """Five rural points, three sets of sites: 中/b, 南, 北 – and no resident is lost."""
    found = catchments(town_problem.norms["reach_rural"], town_problem)
    assert len(found.reach) == 3
    people = found.residents(town_problem.district.point_residents(2025))
    assert sorted(people.tolist()) == [12_000, 20_000, 30_000]
    assert found.beyond().tolist() == []


@pytest.mark.parametrize("radius", ["5..10", "~5..10"])
def test_a_radius_is_one_number(town_problem: Problem, radius: str):
    norms = town_problem.norms.override({"reach_rural": radius})
    with pytest.raises(InputError, match="service radius must be one upper limit"):
        compile_rows(Problem(town_problem.district, norms))


def test_a_radius_that_changes_with_the_years_is_refused(towns: District, town_plan: NormSet):
    """The catchments are drawn once; two radii would be read as the larger one."""
    norm = town_plan["reach_rural"]
    values = {2023: 12.0, 2025: 10.0}
    reads = norm.reads.model_copy(update={"values": values})
    changed = norm.model_copy(update={"reads": reads})
    plan = NormSet(town_plan.document, (changed,))
    with pytest.raises(InputError, match="same in every plan year"):
        compile_rows(Problem(towns, plan.at(2023, 2025)))
    assert compile_rows(Problem(towns, plan.at(2025))).of("reach_rural").bound.tolist() == [100.0]


@pytest.mark.parametrize(
    ("crewed", "mean"),
    [
        # residents of 2025 at the points: 48, 12, 15, 15, 10, 10 thousand; 4 minutes before driving
        ([1, 0, 0, 0], 1093 / 110 + 4),  # 96 + 72 + 240 + 315 + 160 + 210
        ([0, 1, 0, 0], (144 + 48 + 270 + 345 + 140 + 190) / 110 + 4),
        ([1, 0, 1, 0], 658 / 110 + 4),  # 南: 30 + 90 for 240 + 315
        ([1, 0, 1, 1], 368 / 110 + 4),  # 北: 20 + 60 for 160 + 210
        ([1, 1, 1, 1], 344 / 110 + 4),  # 中/b: 48 for 72
    ],
)
def test_mean_response_of_the_nearest_crew(town_rows: Rows, crewed: list, mean: float):
    value = town_rows.of("mean_response_min").value(_with(town_rows, "crewed", crewed))
    assert value.tolist() == [pytest.approx(mean)]


def test_without_a_crew_or_with_an_unknown_one_there_is_no_figure(town_rows: Rows):
    rows = town_rows.of("mean_response_min")
    assert np.isnan(rows.value(_with(town_rows, "crewed", [0, 0, 0, 0]))).all()
    assert np.isnan(rows.value(_with(town_rows, "crewed", [1, np.nan, 0, 0]))).all()


def test_minutes_start_at_the_call(town_problem: Problem):
    """1 for the call, 3 to turn out, 2 of driving."""
    assert minutes(town_problem)[0, 0] == 1 + 3 + 2


def test_crews_in_all_follow_littles_law(town_problem: Problem, town_rows: Rows):
    """110,000 × 13.4 / 1,000 a year × 1.4 h / 8,760 h = 0.2356 busy crews; a fifth busy: 1.178."""
    crews = crews_for_load(town_problem, town_rows.columns, trim=True)
    assert crews.need.sum() == pytest.approx(110 * 13.4 * 1.4 / 8760 / 0.2)
    assert crews.least().tolist() == [2]


def test_every_station_gets_the_crews_its_own_people_need(town_problem: Problem, town_rows: Rows):
    """A tenth of today's calls would do for the hospital; ten times as many need nine crews.

    Nearest to the hospital with 南镇 crewed are 80,000 people: 0.857 crews at a fifth busy,
    8.57 at ten times the calls; 30,000 at 南镇: 0.321 and 3.21.
    """
    busy = read_assumptions().value("ems.calls_per_1000_per_year") * 10
    many = read_district(THREE_TOWNS, replacing={"ems.calls_per_1000_per_year": busy})
    problem = Problem(many, town_problem.norms)
    rows = compile_rows(problem)
    x = np.nan_to_num(_with(town_rows, "crewed", [1, 0, 1, 0]))
    assert rows.settle is not None
    settled = rows.settle(rows.derive(x))
    assert settled[rows.columns["crews"].ids[:, 0]].tolist() == [9, 0, 4, 0]
    (load,) = [link for link in rows.links if link.name == "crew_load"]
    assert (load.matrix @ settled <= load.hi + 1e-9).all()
