"""What a future means for a plan: people, targets, what stands today, sites."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.problem.problem import Options, Problem
from resalloc.problem.scenario import Factor
from resalloc.status import Status
from resalloc.sweep.reoptimise.evaluate import standing
from resalloc.sweep.reoptimise.future import Future, planning_under
from resalloc.sweep.reoptimise.outcome import Outcome, outcome_of

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.norms.normset import NormSet

HOSPITAL, CENTRE, SOUTH, NORTH = "县人民医院", "中心社区卫生服务中心", "南镇卫生院", "北镇卫生院"


def _under(problem: Problem, of: str, value: float, **more: object) -> Future:
    return planning_under(problem, {Factor(of, **more): value})


def _today(future: Future, block: str) -> list[float]:
    columns = future.columns()
    return columns.today[columns[block].ids[..., 0]].tolist()


def _planned(outcome: Outcome, future: Future, block: str) -> list[float]:
    assert outcome.x is not None
    return outcome.x[future.columns()[block].ids[..., -1]].tolist()


def test_nothing_differs_where_nothing_is_said(town_problem: Problem):
    future = planning_under(town_problem, {})
    assert future.problem.district.equals(town_problem.district)
    assert future.problem.norms == town_problem.norms


def test_people_and_targets_change_in_every_plan_year(towns: District, town_plan: NormSet):
    """Residents of 2023 are on the line, 106,000."""
    problem = Problem(towns, town_plan.at(2023, 2025))
    scenario = {Factor("residents"): 2.0, Factor("norm.gps_per_10000"): 5.0}
    future = planning_under(problem, scenario).problem
    assert future.district.total("residents", 2023) == 212_000
    assert future.district.total("residents", 2025) == 220_000
    assert future.norms["gps_per_10000"].reads.values == {2023: 5.0, 2025: 5.0}
    assert future.years == (2023, 2025)


def test_speed_minutes_and_budget(town_problem: Problem):
    scenario = {Factor("speed.rural"): 0.5, Factor("ems.call_min"): 2.0, Factor("budget_wan"): 9.0}
    future = planning_under(town_problem, scenario).problem
    assert future.district.travel.travel_min[:, 0].tolist() == [2, 12, 32, 42, 32, 42]
    assert future.district.assumptions.value("ems.call_min") == 2
    assert future.options.budget_wan == 9


def test_amounts_of_today_change_in_whole_units_and_parts_stay_within(town_problem: Problem):
    """0.55 × 300, 50, 30, 20; 0.1 × 200, 30, 20, 10 physicians; the GPs are cut to 2 and 1."""
    beds = _under(town_problem, "beds", 0.55)
    assert _today(beds, "beds_total") == [165, 28, 17, 11]  # halves up
    few = _under(town_problem, "staff.physician", 0.1)
    assert np.array(_today(few, "staff"))[:, 0].tolist() == [20, 3, 2, 1]
    cadres = few.columns()["staff"].along("cadre")
    assert np.array(_today(few, "staff"))[:, cadres.index("gp")].tolist() == [5, 3, 2, 1]
    fleet = _under(town_problem, "vehicles", 2.0)
    assert _today(fleet, "vehicles") == [8, 2, 2, 0]


def test_fewer_beds_today_cost_the_plan_more(town_problem: Problem):
    """270, 45, 27 and 18 stand: 80 × 60 + (40 + 13 + 2) × 40; the rest as in README.md."""
    outcome = outcome_of(0, _under(town_problem, "beds", 0.9))
    assert outcome.value("cost") == pytest.approx(16430 + 30 * 60 + (5 + 3 + 2) * 40)


def test_a_project_is_there_at_no_cost(town_problem: Problem):
    """Fifty beds at the hospital for nothing: 3,000 万元 less."""
    adds = {f"beds[{HOSPITAL}]": 50.0}
    done = _under(town_problem, "project", 1.0, name="wing", adds=adds, counted=False)
    assert _today(done, "beds_total")[0] == 350
    assert outcome_of(0, done).value("cost") == pytest.approx(16430 - 3000)
    slips = _under(town_problem, "project", 0.0, name="wing", adds=adds)
    assert _today(slips, "beds_total")[0] == 250


def test_a_site_that_is_shut_has_no_station_and_no_crew(town_problem: Problem):
    """Without 南镇's, 南/a and 南/b are 11 km and more from any."""
    future = _under(town_problem, f"site[{SOUTH}]", 0.0)
    lost = outcome_of(0, future)
    assert lost.status is Status.INFEASIBLE
    assert "reach_rural" in lost.conflicts
    centre = _under(town_problem, f"site[{CENTRE}]", 0.0)
    assert outcome_of(0, centre).value("cost") == pytest.approx(16430)
    assert _today(centre, "vehicles")[1] == 1


def test_where_the_hospitals_site_is_shut_its_crews_are_gone(town_problem: Problem):
    """Its two crews are gone; 中心社区, 2.22 km away at most, can stand in for the town."""
    future = _under(town_problem, f"site[{HOSPITAL}]", 0.0)
    outcome = outcome_of(0, future)
    assert outcome.status is Status.OPTIMAL
    assert _planned(outcome, future, "crews")[0] == 0
    assert _planned(outcome, future, "station")[0] == 0
    assert _planned(outcome, future, "vehicles")[0] == 4


def test_a_site_that_is_open_costs_nothing(town_problem: Problem):
    """北镇 need not be made a station (20); its crew counts, but 南镇's is still needed."""
    future = _under(town_problem, f"site[{NORTH}]", 1.0)
    outcome = outcome_of(0, future)
    assert _planned(outcome, future, "crewed")[3] == 1
    assert outcome.value("cost") == pytest.approx(16430 - 20)


def test_a_candidate_site_can_be_open(towns: District, town_plan: NormSet):
    problem = Problem(towns.with_candidates(), town_plan.at(2025))
    name = "候选·南镇·村域"
    future = _under(problem, f"site[{name}]", 1.0)
    where = future.columns()["station"].along("site").index(name)
    assert _today(future, "station")[where] == 1
    assert future.rows(useful=True).columns["crewed"].lower[where] == 1


def test_what_cannot_change_for_a_plan_is_refused(town_problem: Problem):
    with pytest.raises(InputError, match="is no count of today"):
        _under(town_problem, "fever", 2.0)
    adds = {f"beds.infectious[{SOUTH}]": 5.0}
    with pytest.raises(InputError, match="is not known"):
        _under(town_problem, "project", 1.0, name="ward", adds=adds, counted=False)
    slips = {f"beds[{SOUTH}]": 31.0}
    with pytest.raises(InputError, match="comes to -1"):
        _under(town_problem, "project", 0.0, name="wing", adds=slips)


# A plan as it stands in another future


def test_a_plan_stands_in_full_and_what_is_more_stays(town_problem: Problem):
    """350 planned at the hospital; where 360 stand there are 360, the ten more general beds."""
    columns = planning_under(town_problem, {}).columns()
    plan = np.nan_to_num(columns.today)
    hospital = columns["beds_total"].ids[0, 0]
    plan[hospital] = 350
    beds = columns["beds"]
    plan[beds.ids[0, beds.along("bed_kind").index("general"), 0]] = 340
    more = _under(town_problem, "beds", 1.2).columns()
    x = standing(plan, more)
    assert x[hospital] == 360
    assert x[beds.ids[0, :, 0]].sum() == 360
    assert x[beds.ids[0, beds.along("bed_kind").index("icu"), 0]] == 10
    np.testing.assert_array_equal(standing(plan, columns), plan)


def test_at_a_site_that_is_shut_a_plan_has_nothing_but_vehicles(town_problem: Problem):
    columns = _under(town_problem, f"site[{HOSPITAL}]", 0.0).columns()
    x = standing(np.nan_to_num(planning_under(town_problem, {}).columns().today), columns)
    blocks = ("station", "crewed", "crews", "vehicles")
    assert [x[columns[name].ids[0, 0]] for name in blocks] == [0, 0, 0, 4]


def test_with_shrinking_less_may_stay(town_problem: Problem):
    problem = Problem(town_problem.district, town_problem.norms, Options(shrink=True))
    columns = _under(problem, "beds", 1.2).columns()
    plan = np.zeros(columns.size)
    np.testing.assert_array_equal(standing(plan, columns), plan)
