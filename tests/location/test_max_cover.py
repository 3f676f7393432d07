from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.costs import PlanarCosts
from resalloc.location.covering.max_cover import max_cover
from resalloc.location.covering.most import most_covered
from resalloc.location.covering.most_bound import upper_bound
from resalloc.status import Status
from tests.location.covering_cases import benders_square, cases, optima, sao_jose, swain

ROAD = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
PEOPLE = [400, 900, 100, 700]


def test_one_site_covers_the_most_people_along_a_road():
    answer = max_cover(ROAD, 10, p=1, weights=PEOPLE)
    # Site 0: 400 + 900; 1: 400 + 900 + 100; 2: 900 + 100 + 700; 3: 100 + 700.
    assert answer.status is Status.OPTIMAL
    assert answer.open.tolist() == [2]
    assert (answer.objective, answer.bound) == (1700, 1700)
    assert answer.covered.tolist() == [False, True, True, True]
    assert answer.assignment.tolist() == [-1, 2, 2, 2]
    np.testing.assert_equal(answer.served_cost, [np.nan, 10, 0, 10])


def test_fixed_and_forbidden_sites_are_kept():
    answer = max_cover(ROAD, 10, p=2, weights=PEOPLE, fixed=[3], forbidden=[0, 1])
    assert answer.open.tolist() == [2, 3]
    assert answer.objective == 1700


def test_a_budget_buys_what_covers_most():
    # Within 10: 0 and 3 cost 5 and cover all; 2 alone costs 4 and covers 1700.
    asked = {"weights": PEOPLE, "site_cost": [2, 9, 4, 3]}
    assert max_cover(ROAD, 10, budget=5, **asked).open.tolist() == [0, 3]
    assert max_cover(ROAD, 10, budget=4, **asked).open.tolist() == [2]
    assert max_cover(ROAD, 10, budget=3, **asked).open.tolist() == [0]
    assert max_cover(ROAD, 10, budget=1, **asked).objective == 0


def test_sites_that_add_nothing_fill_up_the_number():
    answer = max_cover(ROAD, 30, p=3, weights=PEOPLE)
    assert answer.status is Status.OPTIMAL
    assert len(answer.open) == 3
    assert answer.objective == 2100


def test_the_nearest_open_site_serves_even_where_several_are_within_reach():
    answer = max_cover(ROAD, 20, p=2, fixed=[0, 3])
    assert answer.assignment.tolist() == [0, 0, 3, 3]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({}, "neither is a budget"),
        ({"p": 1, "budget": 3}, "a budget as well"),
        ({"budget": -1}, "budget"),
        ({"budget": 3, "gradual": 20}, "Give p instead"),
        ({"p": 1, "gradual": 20, "capacity": 3}, "with a capacity"),
        ({"p": 1, "gradual": 5}, "less than the radius"),
        ({"p": 1, "capacity": [1, 2]}, "capacity"),
        ({"budget": 1, "fixed": [0, 1]}, "the fixed sites cost 2 already"),
        ({"p": 9}, "only 4 of 4"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked, word):
    with pytest.raises(InputError, match=word):
        max_cover(ROAD, 10, **asked)


@given(cases(), st.integers(1, 5))
@settings(deadline=None, max_examples=60)
def test_p_sites_cover_the_most_of_all(case, p):
    p = max(min(p, int((~case.forbidden).sum())), int(case.fixed.sum()))
    answer = max_cover(case.cost, case.radius, p, **case.common)
    best = max(case.covered(y) for y in case.choices() if y.sum() == p)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == best
    assert answer.bound == best
    assert len(answer.open) == p


@given(cases(), st.floats(0, 12))
@settings(deadline=None, max_examples=60)
def test_a_budget_covers_the_most_of_all(case, more):
    budget = float(case.site_cost[case.fixed].sum()) + more
    answer = max_cover(
        case.cost, case.radius, budget=budget, site_cost=case.site_cost, **case.common
    )
    best = max(case.covered(y) for y in case.choices() if case.site_cost[y].sum() <= budget)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == best
    assert case.site_cost[answer.open].sum() <= budget + 1e-9


@given(st.integers(0, 10**6))
@settings(deadline=None, max_examples=8)
def test_order_does_not_matter_and_more_sites_never_cover_less(seed):
    numbers = np.random.default_rng(seed)
    reach, weight = numbers.random((40, 12)) < 0.2, numbers.integers(1, 50, 40).astype(float)
    rows, columns = numbers.permutation(40), numbers.permutation(12)
    values = [most_covered(reach, weight, np.ones(12), p).value for p in range(1, 6)]
    moved = most_covered(reach[rows][:, columns], weight[rows], np.ones(12), 3)
    assert moved.value == values[2]
    assert values == sorted(values)
    # Each further site adds at most what the one before added at most.
    assert values[1] - values[0] <= values[0]


@given(cases(), st.floats(0, 10))
@settings(deadline=None, max_examples=40)
def test_the_linear_bound_holds_and_so_does_what_it_says_of_each_site(case, budget):
    reach, cost = case.within, case.site_cost
    bound, profit = upper_bound(reach, case.weights, cost, budget, 10.0)
    sets = [y for y in case.choices() if cost[y].sum() <= budget]
    for y in sets:
        limit = bound - np.maximum(profit, 0)[~y].sum() - np.maximum(-profit, 0)[y].sum()
        assert case.covered(y) <= limit + 1e-6


def test_a_gap_that_is_allowed_is_reported():
    numbers = np.random.default_rng(3)
    costs = PlanarCosts(numbers.random((400, 2)), numbers.random((60, 2)))
    exact = max_cover(costs, 0.15, 6)
    near = max_cover(costs, 0.15, 6, gap=0.2)
    assert exact.status is Status.OPTIMAL
    assert near.gap <= 0.2
    assert near.objective <= exact.objective <= near.bound + 1e-9


def test_an_answer_cut_off_by_the_limit_has_an_honest_bound():
    numbers = np.random.default_rng(4)
    costs = PlanarCosts(numbers.random((1000, 2)), numbers.random((60, 2)))
    exact, cut = max_cover(costs, 0.18, 7), max_cover(costs, 0.18, 7, time_limit_s=1e-3)
    assert exact.status is Status.OPTIMAL
    assert cut.objective <= exact.objective <= cut.bound
    assert (cut.status is Status.OPTIMAL) == (cut.gap <= 1e-6)


def test_swain_covers_as_many_people_as_published():
    cost, weights = swain()
    for case, covered in optima("swain")["mclp"].items():
        radius, p = (int(part.split("=")[1]) for part in case.split(","))
        answer = max_cover(cost, radius, p, weights=weights)
        assert (answer.status, answer.objective) == (Status.OPTIMAL, covered)


def _sao_jose(name, keep):
    costs, weights = sao_jose(name)
    for case, published in optima("mclp/SJC")[name]["values"].items():
        radius, p = (int(part.split("=")[1]) for part in case.split(","))
        if keep(radius, p):
            answer = max_cover(costs, radius, p, weights=weights)
            assert (answer.status, answer.objective) == (Status.OPTIMAL, published["opt"])


@pytest.mark.parametrize("name", ["SJC324", "SJC402", "SJC500"])
def test_sao_jose_covers_as_many_people_as_published(name):
    _sao_jose(name, lambda radius, p: name == "SJC324" or (radius >= 1200 and p <= 2))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SJC402", "SJC500"])
def test_sao_jose_covers_as_many_people_as_published_for_every_radius_and_number(name):
    _sao_jose(name, lambda radius, p: True)


def _benders_square(name, keep):
    costs, weights = benders_square(name)
    for case, published in optima("mclp/BDS")[name]["values"].items():
        radius, budget = (float(part.split("=")[1]) for part in case.split(","))
        if keep(radius, budget):
            answer = max_cover(costs, radius, int(budget), weights=weights)
            assert (answer.status, answer.objective) == (Status.OPTIMAL, published["opt"])


@pytest.mark.parametrize(("name", "radius"), [("BDS1000", 5.5), ("BDS10000A", 6.25)])
def test_the_square_is_covered_as_published(name, radius):
    _benders_square(name, lambda r, b: r == radius and (b > 10 or name == "BDS1000"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["BDS1000", "BDS10000A"])
def test_the_square_is_covered_as_published_for_every_radius_and_budget(name):
    _benders_square(name, lambda r, b: True)


def test_a_radius_in_another_unit_is_asked_about():
    answer = max_cover(np.full((2, 2), 3500.0), 3.5, 1)
    assert answer.objective == 0
    assert "3500" in answer.message
    assert "same unit" in answer.message
