"""A plan against the people and institutions of its district."""

from __future__ import annotations

from resalloc.linting.against_district import (
    projects_and_beds,
    staff_and_recruits,
    tables_and_beds,
)
from resalloc.linting.check import lint
from resalloc.linting.facts import Facts
from resalloc.linting.shares import whole_institutions
from resalloc.norms.read import read_norms
from tests.linting.plan_text import plan_of

FACTS = Facts("某县", (), {2020: 100_000.0, 2025: 100_000.0}, {"secondary_general": 3})


def test_a_share_of_three_hospitals():
    third = {"indicator": "geriatric_department_pct", "baseline": {2020: 66.67}, "quote": "66.67"}
    half = {"indicator": "geriatric_department_pct", "baseline": {2020: 50}, "quote": "50"}
    assert not list(whole_institutions(plan_of(third), FACTS))
    (finding,) = whole_institutions(plan_of(half), FACTS)
    assert finding.figures["institutions"] == 3


def test_recruits_against_the_rise_in_staff():
    """100,000 people: 0.5 more doctors and 1.0 more nurses per 1,000 are 150 people."""
    rates = [
        {"indicator": "physicians_per_1000", "baseline": {2020: 2.5}, "values": {2025: 3.0}},
        {"indicator": "nurses_per_1000", "baseline": {2020: 3.0}, "values": {2025: 4.0}},
    ]
    few = {"indicator": "recruited_professionals", "values": {2025: 120}}
    (finding,) = staff_and_recruits(plan_of(*rates, few), FACTS)
    assert finding.figures == {"recruits": 120, "rise": 150}
    enough = {**few, "values": {2025: 160}}
    assert not list(staff_and_recruits(plan_of(*rates, enough), FACTS))


def test_project_beds_against_floor_and_ceiling():
    """500 beds today; 7.0 per 1,000 is 700: 150 project beds are too few, 250 enough."""

    def beds(sense: str, target: float) -> dict[str, object]:
        return {
            "indicator": "beds_per_1000",
            "sense": sense,
            "baseline": {2020: 5.0},
            "values": {2025: target},
        }

    def project(**cells: float) -> dict[str, object]:
        return {"project": {"name": "甲院", **cells}}

    (finding,) = projects_and_beds(plan_of(beds(">=", 7.0), project(beds=150)), FACTS)
    assert finding.figures == {"today": 500, "projects": 150, "goal": 700}
    assert not list(projects_and_beds(plan_of(beds(">=", 7.0), project(beds=250)), FACTS))
    (over,) = projects_and_beds(plan_of(beds("<=", 5.5), project(beds_added=60)), FACTS)
    assert over.figures["goal"] == 550
    assert not list(projects_and_beds(plan_of(beds("<=", 5.5), project(beds=60)), FACTS))


def test_the_census_shows_what_the_plan_alone_hides(tongliang):
    """5,866 staff over 5.48 beds per 1,000 of 685,729 people are 1.56 per bed, not 1.47."""
    plan = read_norms("tongliang-2025")
    named = {norm for f in lint(plan, tongliang) if f.rule == "state_figures" for norm in f.norms}
    assert {"staff_per_bed", "public_hospital_beds_per_1000"} <= named
    facts = [p for f in lint(plan, tongliang) for p in f.places if "685,729" in p.quote]
    assert facts


def test_beds_nobody_plans():
    """600 beds asked, 450 in the table; today 500 and 400: 100 others would have to be 150."""

    def plan(target: float):
        return plan_of(
            {"indicator": "beds_per_1000", "baseline": {2020: 5.0}, "values": {2025: target}},
            {
                "id": "row",
                "indicator": "institution_beds",
                "scope": "each:institution[甲]",
                "values": {2025: 450},
            },
            {
                "indicator": "institution_beds",
                "scope": "where:institution@primary_care",
                "sense": "==",
                "baseline": {2020: 400},
                "values": {2025: 450},
                "total_of": ["row"],
            },
        )

    assert not list(tables_and_beds(plan(6.0), FACTS))
    (finding,) = tables_and_beds(plan(7.0), FACTS)  # 700 - 450 = 250 others
    assert finding.figures["others_today"] == 100
    assert finding.figures["others_asked"] == 250
