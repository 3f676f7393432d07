from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.costs import Costs, PlanarCosts
from resalloc.location.covering.max_cover import max_cover
from resalloc.location.covering.min_sites import min_sites_for_share
from resalloc.status import Status
from tests.location.covering_cases import cases, swain

ROAD = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
PEOPLE = [400, 900, 100, 700]


@pytest.mark.parametrize(("share", "sites"), [(1700 / 2100, 1), (0.81, 2), (1, 2), (0.01, 1)])
def test_a_share_of_the_people_along_a_road(share, sites):
    # One site covers at most 1700 of 2100, 80.95 %; two cover all.
    answer = min_sites_for_share(ROAD, 10, share, weights=PEOPLE)
    assert answer.status is Status.OPTIMAL
    assert (answer.objective, answer.bound) == (sites, sites)


def test_the_cheapest_sites_need_not_be_the_fewest():
    # Site 2 alone covers 1700 for 9; sites 1 and 3 cover all for 8.
    answer = min_sites_for_share(ROAD, 10, 0.8, weights=PEOPLE, site_cost=[9, 4, 9, 4])
    assert answer.open.tolist() == [1, 3]
    assert answer.objective == 8


def test_a_share_reached_to_the_last_person_counts_despite_rounding():
    # 0.7 × 10 is 7.000000000000001 in floating point.
    assert 0.7 * 10 == 7
    answer = min_sites_for_share([[0.0, 9.0], [9.0, 0.0]], 1, 0.1 + 0.6, weights=[7, 3])
    assert answer.objective == 1


def test_a_share_out_of_reach_says_what_is_in_reach_and_who_is_not():
    costs = Costs(np.array([[1.0], [9.0], [1.0]]), ("A", "B", "C"), ("S",))
    answer = min_sites_for_share(costs, 5, 0.9, weights=[5, 2, 1])
    assert answer.status is Status.INFEASIBLE
    assert answer.unreached == ("B",)
    assert answer.message == (
        "all sites together reach 75 % of the weight, not 90 %; "
        "B can be reached by no site within the radius."
    )


@pytest.mark.parametrize("share", [0, -0.1, 1.01, np.nan, "half", True, None])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(InputError, match="share"):
        min_sites_for_share(ROAD, 10, share)


@given(cases(), st.sampled_from([0.2, 0.5, 0.75, 0.9, 1.0]))
@settings(deadline=None, max_examples=80)
def test_the_sites_are_the_cheapest_of_all(case, share):
    enough = share * case.weights.sum() * (1 - 1e-9)
    prices = [case.site_cost[y].sum() for y in case.choices() if case.covered(y) >= enough]
    answer = min_sites_for_share(
        case.cost, case.radius, share, site_cost=case.site_cost, **case.common
    )
    if not prices:
        assert answer.status is Status.INFEASIBLE
        assert answer.unreached
        return
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(min(prices), rel=1e-6)
    assert case.weights[answer.covered].sum() >= enough


def test_fewest_sites_for_a_share_and_most_people_for_those_sites_agree():
    cost, weights = swain()
    for share in (0.5, 0.8, 0.9, 0.95, 1.0):
        sites = int(min_sites_for_share(cost, 10, share, weights=weights).objective)
        enough = share * weights.sum()
        assert max_cover(cost, 10, sites, weights=weights).objective >= enough - 1e-6
        if sites > 1:
            assert max_cover(cost, 10, sites - 1, weights=weights).objective < enough


def test_an_answer_cut_off_by_the_limit_has_an_honest_bound():
    numbers = np.random.default_rng(4)
    costs = PlanarCosts(numbers.random((1000, 2)), numbers.random((60, 2)))
    exact = min_sites_for_share(costs, 0.18, 0.6)
    cut = min_sites_for_share(costs, 0.18, 0.6, time_limit_s=1e-3)
    assert exact.status is Status.OPTIMAL
    assert cut.bound <= exact.objective <= cut.objective
    assert (cut.status is Status.OPTIMAL) == (cut.gap <= 1e-6)
    assert cut.covered.mean() >= 0.6
