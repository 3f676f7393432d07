"""Every measure by hand on the three towns, and the same as the reports and the audit."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc import location
from resalloc.reporting.figures import Figures
from resalloc.reporting.response_facts import response_facts
from resalloc.reporting.township_tables import emergencies, townships
from resalloc.scoring.measures.measure import MEASURES, possible, taken
from resalloc.scoring.measures.situation import Situation
from resalloc.scoring.score import score
from resalloc.units import units

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import Rows

REACH_MIN = 20.0


@pytest.fixture(scope="module")
def today(town_problem: Problem, town_rows: Rows) -> Figures:
    """The figures of 2020, as the reports have them."""
    return Figures(town_problem, town_rows.columns, town_rows.columns.today, *_none(town_rows))


def _none(rows: Rows) -> tuple[np.ndarray, bool]:
    return np.full(rows.columns.size, np.nan), False


@pytest.fixture(scope="module")
def seen(towns: District, today: Figures) -> Situation:
    """The three towns in 2020, with made-up areas."""
    reach = today.reach(planned=False)
    people = reach["residents"].to_numpy()
    beds = towns.institutions["beds_authorised"].to_numpy(float)
    access = location.access_2sfca(towns.travel.travel_min, beds, people, radius=REACH_MIN)
    return Situation(
        point_people=people,
        township_people=towns.series("residents", 2020),
        response_min=reach["minutes"].to_numpy(),
        station_km=reach["km"].to_numpy(),
        access=access.access,
        township_beds=today.by_township(
            today.table("beds_total", planned=False)["beds_total"]
        ).to_numpy(),
        township_km2=np.array([50.0, 250.0, 100.0]),
    )


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        # Hospital alone, 4 min before the wheels turn: 40,000 people wait 6 min, 10,000 wait 10,
        # 25,000 wait 20 and 25,000 wait 25.
        ("response_median_min", 10),
        ("response_p90_min", 25),
        ("response_worst_min", 25),
        ("station_worst_km", 14.46),
        # Beds 350, 30, 20; people 50, 30, 20 thousand. Half of the people have an eighth of the
        # beds, all at one rate: 1 − 0.5 · 0.125 − 0.5 · 1.125 = 0.375
        ("gini_beds", 0.375),
        # Beds per km²: 南 0.12, 北 0.2, 中 7. F = 0.625, 0.875, 1; L = 0.075, 0.125, 1:
        # 1 − 0.625 · 0.075 − 0.25 · 0.2 − 0.125 · 1.125 = 0.7625
        ("gini_beds_area", 0.7625),
        ("theil_beds", 0.5 * math.log(4 / 7) + 0.5 * math.log(4)),
        # Within 20 min 75, 85, 70 and 70 thousand people reach the four. All 400 beds are
        # handed out to 100,000; 南/b reaches the 30 beds of 南镇 alone, with 70,000 others.
        ("access_mean", 4.0),
        ("access_least", 30 / 70),
    ],
)
def test_by_hand(seen, measure, value):
    assert taken(seen)[measure] == pytest.approx(value)


def test_gini_over_residents_by_hand(seen):
    # Beds per 1,000: 中/a 300/75 + 50/85 + 30/70 + 20/70, and so on
    h, c, s, n = 300 / 75, 50 / 85, 30 / 70, 20 / 70
    rate = np.array([h + c + s + n, h + c + n, h + c + s, s, h + c + n, c + n])
    p = np.array([0.4, 0.1, 0.15, 0.15, 0.1, 0.1])
    apart = np.abs(rate[:, None] - rate[None, :])
    wanted = p @ apart @ p / (2 * p @ rate)
    assert taken(seen)["gini_access"] == pytest.approx(wanted)


def test_farthest_is_what_the_audit_and_the_table_say(town_problem, today, seen):
    found = float(taken(seen)["station_worst_km"])
    remark = score(town_problem)["reach_rural"].remark
    far = re.search(r"the farthest live ([\d.]+) km away", remark)
    assert far is not None
    assert far[1] == f"{found:.1f}"
    table = emergencies(today).frame
    farthest = table[[c for c in table if c.startswith("farthest") and c.endswith("today")]]
    assert farthest.max().max() == pytest.approx(found)


def test_quantiles_and_the_share_above_a_target_are_two_readings_of_one_curve(
    towns, town_problem, town_rows, seen
):
    """Where the p90 were the target, at most a tenth of the residents would wait longer."""
    plan = town_rows.columns.today
    facts = response_facts(Figures(town_problem, town_rows.columns, plan, plan, True))
    assert facts is not None
    # People of 2025: 48,000 wait 6 min, 12,000 wait 10, the target; the others longer.
    people = towns.point_residents(2025)
    later = Situation(people, towns.series("residents", 2025), seen.response_min)
    wait = taken(later)
    assert facts.share == pytest.approx(100 * 50 / 110)
    assert (facts.share > 10) == (wait["response_p90_min"] > facts.target)
    assert (facts.share > 50) == (wait["response_median_min"] > facts.target)


def test_beds_by_township_are_those_of_the_table(today, seen):
    frame = townships(today).frame
    np.testing.assert_allclose(frame["beds_today"], seen.township_beds)
    np.testing.assert_allclose(frame["residents_today"], seen.township_people)


def test_many_scenarios_are_one_by_one(seen):
    rng = np.random.default_rng(1)
    people = seen.point_people * rng.uniform(0.5, 1.5, (5, 6))
    beds = seen.township_beds * rng.uniform(0.5, 1.5, (5, 3))
    many = Situation(
        people, seen.township_people, seen.response_min, seen.station_km, seen.access, beds
    )
    found = taken(many)
    assert "gini_beds_area" not in found
    for s in range(5):
        one = Situation(
            people[s], seen.township_people, seen.response_min, seen.station_km, seen.access,
            beds[s],
        )  # fmt: skip
        for name, value in taken(one).items():
            assert found[name].shape == (5,)
            assert found[name][s] == pytest.approx(float(value))


def test_where_nobody_lives_nobody_waits():
    people = np.array([10.0, 0.0])
    found = taken(Situation(people, people, response_min=np.array([9.0, 60.0])))
    assert found["response_worst_min"] == 9


def test_not_known_is_not_known():
    lost = np.array([1.0, math.nan])
    two = np.array([1.0, 1.0])
    found = taken(Situation(two, two, lost, lost, lost, lost, lost))
    assert set(found) == set(MEASURES)
    assert all(np.isnan(value) for value in found.values())


def test_people_without_a_bed_make_theil_infinite():
    two = np.array([1.0, 1.0])
    found = taken(Situation(two, two, township_beds=np.array([2.0, 0.0])), ["theil_beds"])
    assert found == {"theil_beds": math.inf}


def test_the_list_is_closed_and_labelled():
    for name, measure in MEASURES.items():
        assert name == measure.id
        assert measure.unit == "" or measure.unit in units()
        assert measure.label("zh") != measure.label("en")
        assert measure.needs
    for lang in ("zh", "en"):
        assert len({measure.label(lang) for measure in MEASURES.values()}) == len(MEASURES)
    assert possible((), None) == ()
    names = [measure.id for measure in possible({"station_km", "access"}, ["access_mean"])]
    assert names == ["access_mean"]
