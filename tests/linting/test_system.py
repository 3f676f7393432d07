"""The plan's figures as one system: worked by hand, and no false alarm on any true district."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.linting.consistency import state_figures
from resalloc.linting.figures import last_place
from resalloc.linting.quantity import contains, parts_apart
from resalloc.linting.system import Bound, System
from tests.linting.plan_text import plan_of

BEDS = Bound("beds", ("beds",), (), 3757, 3759, 1)
STAFF = Bound("staff", ("staff.health_workers",), (), 5865, 5867, 1)
RATIO = Bound("ratio", ("staff.health_workers",), ("beds",), 1.46, 1.48, 1)


def test_a_conflict_is_smallest():
    people = Bound("people", ("residents",), (), 685728, 685730, 1)
    clash = System((people, BEDS, STAFF, RATIO)).conflict()
    assert {bound.name for bound in clash} == {"beds", "staff", "ratio"}
    for left_out in clash:
        assert System(tuple(b for b in clash if b is not left_out)).holds()


def test_what_the_others_imply():
    """5,866 / 3,758 = 1.561 staff per bed, where 1.47 is printed."""
    low, high = System((BEDS, STAFF, RATIO)).implied(RATIO)
    assert low == pytest.approx(5865 / 3759)
    assert high == pytest.approx(5867 / 3757)


def test_nothing_is_implied_without_a_link():
    assert System((BEDS, RATIO)).implied(RATIO)[0] == pytest.approx(0, abs=1e-9)


def test_parts_and_wholes():
    """Disjoint parts add up: 8.3 doctors and nurses leave no room in 8.0 technical staff."""
    assert contains("staff.technical", "staff.physician")
    assert not contains("staff.physician", "staff.technical")
    assert parts_apart(["staff.technical", "staff.physician", "staff.nurse", "staff.gp"]) == {
        "staff.technical": ("staff.physician", "staff.nurse")
    }
    per_1000 = [
        Bound("technical", ("staff.technical",), ("residents",), 0, 8.0, 1000),
        Bound("physicians", ("staff.physician",), ("residents",), 3.6, math.inf, 1000),
        Bound("nurses", ("staff.nurse",), ("residents",), 4.7, math.inf, 1000),
    ]
    assert len(System(tuple(per_1000)).conflict()) == 3


def test_how_exact_a_figure_is_printed():
    assert last_place(1.0, "0.74 1.0 预期性") == 0.1
    assert last_place(1475, "合计 1380 1475") == 1
    assert last_place(1250, "1 250张") == 1


@settings(max_examples=40, deadline=None)
@given(
    residents=st.integers(100_000, 1_500_000),
    per_1000=st.tuples(*[st.floats(0.5, 9)] * 4),
    digits=st.integers(0, 2),
)
def test_no_false_alarm_on_a_true_district(
    residents: int, per_1000: tuple[float, ...], digits: int
):
    """Figures worked out of one real state and rounded as printed never contradict each other."""
    beds, physicians, nurses, others = (round(rate * residents / 1000) for rate in per_1000)
    technical = physicians + nurses + others

    def printed(indicator: str, value: float, places: int = 0) -> dict[str, object]:
        text = f"{value:.{places}f}"
        return {
            "indicator": indicator,
            "baseline": {2020: float(text)},
            "quote": f"{indicator} {text}",
        }

    plan = plan_of(
        printed("institution_beds", beds),
        printed("technical_staff_reported", technical),
        printed("beds_per_1000", beds / residents * 1000, digits),
        printed("physicians_per_1000", physicians / residents * 1000, digits),
        printed("nurses_per_1000", nurses / residents * 1000, digits),
        printed("nurses_per_physician", nurses / physicians, 2),
    )
    assert list(state_figures(plan)) == []


def test_populations_implied_by_two_figures():
    """3,758 beds at 5.48 per 1,000 are 685,800 people; 1,954 doctors at 2.50 are 781,600."""
    plan = plan_of(
        {"indicator": "institution_beds", "baseline": {2020: 3758}, "quote": "3758张"},
        {"indicator": "beds_per_1000", "baseline": {2020: 5.48}, "quote": "5.48"},
        {"indicator": "health_workers_reported", "baseline": {2020: 5866}, "quote": "5866名"},
        {"indicator": "technical_staff_reported", "baseline": {2020: 4606}, "quote": "4606名"},
        {"indicator": "physicians_per_1000", "baseline": {2020: 6.90}, "quote": "6.90"},
    )
    (finding,) = state_figures(plan)  # 4,606 / 685.8 = 6.72 at most
    assert "clause_4" in finding.norms
    assert finding.severity == "low"


def test_rounded_words_are_no_exact_figures():
    plan = plan_of(
        {"indicator": "institution_beds", "baseline": {2020: 3758}, "quote": "约3758张"},
        {"indicator": "beds_per_1000", "baseline": {2020: 5.48}, "quote": "5.48"},
        {"indicator": "health_workers_reported", "baseline": {2020: 5866}, "quote": "5866名"},
        {"indicator": "staff_per_bed", "baseline": {2020: 1.47}, "quote": "1:1.47"},
    )
    assert list(state_figures(plan)) == []
