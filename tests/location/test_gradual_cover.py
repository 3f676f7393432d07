from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.location.covering.gradual import worth
from resalloc.location.covering.max_cover import max_cover
from resalloc.status import Status
from tests.location.covering_cases import cases

ROAD = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]


def test_worth_falls_in_a_straight_line_between_the_two_radii():
    assert worth(np.array([0, 4, 5, 6, 8, 9.0]), np.array(4), np.array(8)).tolist() == [
        *(1, 1, 0.75, 0.5, 0, 0)
    ]


def test_part_cover_counts_in_part():
    answer = max_cover(ROAD, 5, p=1, weights=[400, 900, 100, 700], gradual=25)
    # Worth at 10: 0.75, at 20: 0.25, at 30: 0. Site 1: 300 + 900 + 75 + 175 = 1450;
    # site 2: 100 + 675 + 100 + 525 = 1400; site 0: 400 + 675 + 25; site 3: 225 + 75 + 700.
    assert answer.status is Status.OPTIMAL
    assert answer.open.tolist() == [1]
    assert answer.objective == pytest.approx(1450)
    assert answer.covered.tolist() == [False, True, False, False]
    assert answer.assignment.tolist() == [1, 1, 1, 1]


def test_where_nothing_is_worth_anything_nobody_is_served():
    answer = max_cover(ROAD, 2, p=1, gradual=10)
    assert (answer.assignment >= 0).sum() == 1
    assert np.isnan(answer.served_cost).sum() == 3


@given(cases(), st.integers(1, 4), st.integers(0, 4))
@settings(deadline=None, max_examples=50)
def test_p_sites_are_worth_the_most_of_all(case, p, more):
    p = max(min(p, int((~case.forbidden).sum())), int(case.fixed.sum()))
    outer = case.radius + more
    part = worth(case.cost, case.radius[:, None], outer[:, None])
    best = max(float(case.weights @ part[:, y].max(axis=1)) for y in case.choices() if y.sum() == p)
    answer = max_cover(case.cost, case.radius, p, gradual=outer, **case.common)
    assert answer.objective == pytest.approx(best)
    assert answer.bound == pytest.approx(best, rel=1e-5)
    if more == 0:
        assert best == max(case.covered(y) for y in case.choices() if y.sum() == p)
