from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.costs import Costs, PlanarCosts
from resalloc.location.covering.set_cover import set_cover
from resalloc.status import Status
from tests.location.covering_cases import cases, optima, swain

ROAD = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]


def test_two_sites_cover_four_villages_along_a_road():
    answer = set_cover(ROAD, 10)
    # A site covers itself and its neighbours: at most 3 of 4, so one is not enough.
    assert answer.status is Status.OPTIMAL
    assert (answer.objective, answer.bound) == (2, 2)
    assert answer.covered.all()
    assert (answer.served_cost <= 10).all()


def test_the_radius_itself_is_within_reach():
    assert set_cover(ROAD, 10).objective == 2
    assert set_cover(ROAD, np.nextafter(10, 0)).objective == 4


def test_costs_are_added_instead_of_sites():
    # Pairs that cover: 0 and 2 cost 3 + 4; 0 and 3 cost 3 + 5; 1 and 2, 1 and 3 more.
    answer = set_cover(ROAD, 10, site_cost=[3, 9, 4, 5])
    assert answer.open.tolist() == [0, 2]
    assert answer.objective == 7


def test_a_radius_for_each_class():
    by_class = set_cover(ROAD, {"town": 0, "country": 10}, classes=["town", "country"] * 2)
    # The towns 0 and 2 need a site of their own; those cover their neighbours.
    assert by_class.open.tolist() == [0, 2]


def test_two_sites_within_reach_of_everybody():
    answer = set_cover(ROAD, 10, at_least=2)
    # Villages 0 and 3 have two sites within reach each, 0, 1 and 2, 3: all four open.
    assert answer.objective == 4
    one_of_them = set_cover(ROAD, 10, at_least=[2, 1, 1, 1])
    # Village 0 needs 0 and 1; village 3 needs 2 or 3.
    assert one_of_them.objective == 3


def test_backup_is_the_most_among_the_cheapest_covers():
    weights = [1, 5, 7, 1]
    answer = set_cover(ROAD, 10, weights=weights, backup=True)
    # Pairs that cover: {0,2} backs up village 1 (5), {0,3} none, {1,2} villages 1 and 2 (12),
    # {1,3} village 2 (7).
    assert answer.open.tolist() == [1, 2]
    assert answer.message == (
        "12 of 14 (85.71 %) have a further site within reach, the most among covers of this cost."
    )


def test_demand_out_of_reach_is_named():
    costs = Costs(np.array([[1.0], [9.0], [8.0]]), ("A", "B", "C"), ("S",))
    answer = set_cover(costs, 5)
    assert answer.status is Status.INFEASIBLE
    assert answer.unreached == ("B", "C")
    assert answer.message == "B, C can be reached by no site within the radius."
    assert set_cover(costs, 9, at_least=[1, 1, 2]).unreached == ("C",)


def test_demand_that_asks_for_no_site_may_be_out_of_reach():
    assert set_cover([[1.0], [9.0]], 5, at_least=[1, 0]).objective == 1


def test_every_fault_is_reported_at_once():
    with pytest.raises(InputError) as caught:
        set_cover(ROAD, -1, site_cost=[1, 2], at_least=1.5, fixed=[9])
    said = str(caught.value)
    assert "4 faults" in said or "7 faults" in said
    for word in ("radius", "site_cost", "at_least", "fixed"):
        assert word in said


@pytest.mark.parametrize("cost", ["nothing", [1.0, 2.0], [[1.0, "x"]], np.zeros((0, 3))])
def test_what_is_no_table_is_refused(cost):
    with pytest.raises(InputError):
        set_cover(cost, 1)


@given(cases(), st.integers(0, 2))
@settings(deadline=None, max_examples=60)
def test_cover_and_backup_are_the_best_of_all(case, spread):
    need = np.arange(len(case.radius)) % (spread + 1)
    times = {tuple(y): case.within[:, y].sum(axis=1) for y in case.choices()}
    covers = [np.array(y) for y, count in times.items() if (count >= need).all()]
    answer = set_cover(
        case.cost,
        case.radius,
        site_cost=case.site_cost,
        at_least=need,
        backup=True,
        **case.common,
    )
    if not covers:
        assert answer.status is Status.INFEASIBLE
        assert answer.unreached
        return
    least = min(case.site_cost[y].sum() for y in covers)
    backed = max(
        case.weights[times[tuple(y)] > need].sum()
        for y in covers
        if case.site_cost[y].sum() <= least + 1e-9
    )
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(least, rel=1e-6)
    assert answer.message.startswith(f"{backed:,.6g} of {case.weights.sum():,.6g} ")


def test_coordinates_and_their_table_give_the_same_answer():
    numbers = np.random.default_rng(1)
    costs = PlanarCosts(numbers.random((300, 2)), numbers.random((40, 2)))
    one, other = set_cover(costs, 0.4), set_cover(costs.dense(), 0.4)
    assert one.open.tolist() == other.open.tolist()
    assert (one.assignment == other.assignment).all()


def test_an_answer_cut_off_by_the_limit_has_an_honest_bound():
    xy = np.random.default_rng(2).random((250, 2))
    exact = set_cover(PlanarCosts(xy, xy), 0.12)
    cut = set_cover(PlanarCosts(xy, xy), 0.12, time_limit_s=1e-3, backup=True)
    assert exact.status is Status.OPTIMAL
    assert cut.bound <= exact.objective <= cut.objective
    assert (cut.status is Status.OPTIMAL) == (cut.gap <= 1e-6)
    assert cut.covered.all()
    assert "have a further site within reach" in cut.message


def test_swain_needs_as_many_sites_as_published():
    cost, weights = swain()
    for radius, sites in optima("swain")["lscp"].items():
        answer = set_cover(cost, float(radius), weights=weights)
        assert answer.status is Status.OPTIMAL
        assert answer.objective == sites
