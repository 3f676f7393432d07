"""The p-median: worked by hand, against enumeration, and at published optima."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.costs import Costs
from resalloc.location.median.p_median import p_median
from resalloc.status import Status
from tests.location.published import odd_medians, shortest_paths

REFERENCE = os.environ.get("RESALLOC_REFERENCE_DATA")
needs_reference = pytest.mark.skipif(
    REFERENCE is None, reason="published instances are not at hand (RESALLOC_REFERENCE_DATA)"
)


def _plane(n: int, m: int, seed: int, side: float = 100.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    people, sites = rng.random((n, 2)) * side, rng.random((m, 2)) * side
    return np.sqrt(((people[:, None] - sites[None]) ** 2).sum(axis=2))


def _least(cost, weights, p, fixed=(), forbidden=()):
    """Give the least total by trying every set of p sites."""
    m = cost.shape[1]
    totals = [
        float((weights[weights > 0] * cost[weights > 0][:, list(sites)].min(axis=1)).sum())
        for sites in itertools.combinations(range(m), p)
        if set(fixed) <= set(sites) and not set(sites) & set(forbidden)
    ]
    return min(totals)


# By hand


def test_two_clinics_for_five_villages_on_a_road():
    # Villages at km 0, 2, 5, 9, 10. Two clinics: {2, 9} costs 2+0+3+0+1 = 6, {2, 10} 2+0+3+1+0 = 6,
    # {5, 9}: 5+3+0+0+1 = 9. Weights 1; the best is 6.
    at = np.array([0.0, 2, 5, 9, 10])
    answer = p_median(np.abs(at[:, None] - at[None]), 2)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == answer.bound == 6.0
    assert answer.gap == 0.0


def test_weights_move_the_clinic():
    # One clinic for km 0 (1 person) and km 10 (3 people): at 10 it costs 10, at 0 it costs 30.
    answer = p_median([[0.0, 10.0], [10.0, 0.0]], 1, weights=[1, 3])
    assert (answer.open.tolist(), answer.objective) == ([1], 10.0)


def test_everybody_goes_to_the_nearest_open_site_and_ties_to_the_first():
    answer = p_median([[5.0, 5.0, 9.0], [9.0, 9.0, 1.0]], 3)
    assert answer.assignment.tolist() == [0, 2]
    assert answer.served_cost.tolist() == [5.0, 1.0]


def test_a_fixed_site_stays_open_though_it_is_poor():
    cost = np.array([[0.0, 9.0, 8.0], [9.0, 0.0, 8.0], [9.0, 9.0, 7.0]])
    # Free, {0, 1} costs 0 + 0 + 9 = 9; with site 2 open, {0, 2}: 0 + 8 + 7 = 15.
    assert p_median(cost, 2).objective == 9.0
    kept = p_median(cost, 2, fixed=[2])
    assert kept.objective == 15.0
    assert 2 in kept.open


def test_a_forbidden_site_stays_closed_and_positions_are_those_of_the_input():
    answer = p_median([[1.0, 2.0, 3.0]], 1, forbidden=[0])
    assert (answer.open.tolist(), answer.objective) == ([1], 2.0)


def test_names_are_understood_and_given_back():
    costs = Costs(np.array([[1.0, 2.0]]), demand=("Town",), sites=("East", "West"))
    answer = p_median(costs, 1, forbidden=["East"])
    assert answer.open_names == ("West",)
    assert answer.frame().loc["Town", "site"] == "West"


def test_points_without_people_count_for_nothing():
    cost = np.array([[0.0, 9.0], [np.inf, np.inf], [9.0, 1.0]])
    answer = p_median(cost, 1, weights=[5, 0, 1])
    assert (answer.open.tolist(), answer.objective) == ([0], 9.0)
    assert answer.assignment.tolist() == [0, -1, 0]


def test_opening_every_site_needs_no_search():
    answer = p_median(_plane(6, 4, 0), 4)
    assert answer.status is Status.OPTIMAL
    assert answer.open.tolist() == [0, 1, 2, 3]


def test_all_costs_zero():
    answer = p_median(np.zeros((5, 4)), 2)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, 0.0)


# What cannot be done


def test_a_point_no_site_reaches_is_named():
    costs = Costs(np.array([[1.0], [np.inf]]), demand=("Valley", "Ridge"), sites=("Clinic",))
    answer = p_median(costs, 1)
    assert answer.status is Status.INFEASIBLE
    assert answer.unreached == ("Ridge",)
    assert "Ridge" in answer.message


def test_a_point_only_a_forbidden_site_reaches_is_named():
    answer = p_median([[1.0, np.inf], [np.inf, 1.0]], 1, forbidden=[1])
    assert answer.unreached == ("demand 1",)


def test_too_few_sites_to_reach_everybody_is_infeasible_and_says_so():
    apart = np.where(np.eye(4) > 0, 1.0, np.inf)
    answer = p_median(apart, 3)
    assert answer.status is Status.INFEASIBLE
    assert "no set of 3 reaches everybody" in answer.message
    assert p_median(apart, 4).objective == 4.0


def test_reaching_everybody_comes_before_being_near():
    # Site 0 is near two points and cannot be reached by the third; sites 1 and 2 reach all.
    cost = np.array([[0.0, 5.0, 6.0], [0.0, 5.0, 6.0], [np.inf, 5.0, 4.0]])
    answer = p_median(cost, 1)
    assert (answer.open.tolist(), answer.objective) == ([1], 15.0)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cost": [[1.0, np.nan]]}, "not a number"),
        ({"cost": [[1.0, -2.0]]}, "negative"),
        ({"cost": np.empty((0, 3))}, "no demand points"),
        ({"cost": np.empty((3, 0))}, "no sites"),
        ({"cost": [1.0, 2.0]}, "1 dimension"),
        ({"cost": [["near", "far"]]}, "not a table of numbers"),
        ({"cost": [[2.0**60, 1.0]]}, "no longer be exact"),
        ({"p": 3}, "only 2 of 2 sites"),
        ({"p": 0}, "At least one"),
        ({"p": 1.5}, "not a whole number"),
        ({"p": None}, "neither is given"),
        ({"mean_cap": 3.0}, "both are given"),
        ({"fixed": [0], "forbidden": [0]}, "both open and closed"),
        ({"fixed": [0, 1]}, "2 sites are fixed open"),
        ({"forbidden": [0, 1]}, "every site is forbidden"),
        ({"fixed": [7]}, "no site 7"),
        ({"weights": [-1.0]}, "not negative"),
        ({"weights": [np.nan]}, "finite"),
        ({"weights": [1.0, 2.0]}, "shape"),
        ({"weights": [0.0]}, "nobody to serve"),
        ({"time_limit_s": 0}, "seconds"),
        ({"gap": 2.0}, "share"),
    ],
)
def test_unusable_input_is_refused_with_a_reason(change, words):
    arguments = {"cost": [[1.0, 2.0]], "p": 1, **change}
    with pytest.raises(InputError, match=words):
        p_median(arguments.pop("cost"), **arguments)


def test_all_faults_are_told_at_once():
    with pytest.raises(InputError) as caught:
        p_median([[1.0, np.nan]], 5, weights=[-1.0], forbidden=["x"])
    assert len(caught.value.faults) == 3


# Laws


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(2, 9),
    st.integers(2, 7),
    st.booleans(),
    st.booleans(),
)
def test_no_set_of_sites_is_better(seed, n, m, whole, holes):
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 30, (n, m)).astype(float) if whole else rng.random((n, m)) * 30
    weights = rng.integers(0, 5, n).astype(float)
    weights[0] = 2.0
    if holes:
        cost[rng.random((n, m)) < 0.2] = np.inf
    p = int(rng.integers(1, m + 1))
    fixed = [0] if p > 1 and rng.random() < 0.3 else []
    forbidden = [m - 1] if p < m and m - 1 not in fixed and rng.random() < 0.3 else []
    if p > m - len(forbidden):
        p = m - len(forbidden)
    answer = p_median(cost, p, weights=weights, fixed=fixed, forbidden=forbidden)
    best = _least(cost, weights, p, fixed, forbidden)
    if np.isinf(best):
        assert answer.status is Status.INFEASIBLE
    else:
        assert answer.status is Status.OPTIMAL
        assert answer.objective == pytest.approx(best, rel=1e-6, abs=1e-9)
        assert answer.bound <= best * (1 + 1e-9) + 1e-9


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_the_order_of_points_and_sites_does_not_matter(seed):
    rng = np.random.default_rng(seed)
    cost, weights = _plane(30, 12, seed), rng.integers(1, 9, 30)
    rows, columns = rng.permutation(30), rng.permutation(12)
    one = p_median(cost, 4, weights=weights)
    other = p_median(cost[rows][:, columns], 4, weights=weights[rows])
    assert other.objective == pytest.approx(one.objective, rel=2e-7)


def test_one_more_site_never_costs_more_and_scaling_scales():
    cost = _plane(60, 20, 3)
    totals = [p_median(cost, p).objective for p in range(1, 9)]
    assert all(b <= a * (1 + 1e-7) for a, b in itertools.pairwise(totals))
    assert p_median(7 * cost, 4).objective == pytest.approx(7 * totals[3], rel=1e-6)


def test_the_same_input_gives_the_same_answer():
    cost = np.floor(_plane(150, 60, 11))
    one, other = p_median(cost, 6), p_median(cost, 6)
    assert np.array_equal(one.open, other.open)
    assert np.array_equal(one.assignment, other.assignment)


def test_lists_that_are_cut_short_do_not_change_the_answer():
    """With more than 64 sites and many open, only part of each list is kept."""
    cost = np.floor(_plane(200, 200, 5))
    answer = p_median(cost, 40)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == cost[:, answer.open].min(axis=1).sum()
    costlier = [p_median(cost, 40, forbidden=[j]).objective for j in answer.open[:5]]
    assert min(costlier) >= answer.objective


# Proofs


def test_a_limit_that_is_reached_is_not_called_optimal():
    cost = _plane(400, 400, 1)
    answer = p_median(cost, 10, time_limit_s=0.02)
    assert answer.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert answer.bound <= answer.objective
    if answer.status is Status.FEASIBLE:
        assert answer.gap > 1e-6


def test_a_gap_that_is_allowed_is_reported():
    cost = np.floor(_plane(300, 300, 2))
    rough, exact = p_median(cost, 8, gap=0.05), p_median(cost, 8)
    assert rough.gap <= 0.05 + 1e-9
    assert rough.bound <= exact.objective <= rough.objective


# The fewest sites for a mean


@pytest.mark.parametrize("cap", [4.0, 8.0, 15.0, 30.0])
def test_the_fewest_sites_for_a_mean_are_the_fewest(cap):
    cost, weights = _plane(40, 15, 9), np.arange(1.0, 41.0)
    answer = p_median(cost, weights=weights, mean_cap=cap)
    means = [_least_mean(cost, weights, p) for p in range(1, 16)]
    enough = [p for p, mean in enumerate(means, start=1) if mean <= cap]
    if not enough:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.objective == answer.bound == enough[0] == len(answer.open)
    assert (weights @ answer.served_cost) / weights.sum() == pytest.approx(means[enough[0] - 1])


def _least_mean(cost, weights, p):
    return p_median(cost, p, weights=weights).objective / weights.sum()


def test_a_mean_no_sites_can_keep_is_infeasible_with_the_best_there_is():
    answer = p_median([[3.0, 4.0], [4.0, 3.0]], mean_cap=2.0)
    assert answer.status is Status.INFEASIBLE
    assert "the mean is 3" in answer.message


# Published values


@needs_reference
@pytest.mark.parametrize("name", odd_medians(REFERENCE))
def test_the_or_library_optima_are_proven(name):
    folder = Path(REFERENCE) / "pmed"
    told = json.loads((folder / "optima.json").read_text(encoding="utf-8"))[name]
    cost, p = shortest_paths(folder / f"{name}.txt")
    answer = p_median(cost, p)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == answer.bound == told["pmedian"]


@needs_reference
def test_swains_nodes_are_proven():
    folder = Path(REFERENCE) / "swain"
    told = json.loads((folder / "optima.json").read_text(encoding="utf-8"))
    lines = (folder / "swain55.txt").read_text(encoding="utf-8").splitlines()
    rows = [[float(cell) for cell in line.split()] for line in lines[1:] if line.strip()]
    xy, people = np.array(rows)[:, 1:3], np.array(rows)[:, 3]
    cost = np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))
    for p, value in told["pmedian"].items():
        assert p_median(cost, int(p), weights=people).objective == pytest.approx(value, abs=0.01)


# Names


def test_a_series_is_taken_by_name_not_by_position():
    costs = Costs(np.array([[0.0, 10.0], [10.0, 0.0]]), ("Upper", "Lower"), ("Upper", "Lower"))
    by_name = pd.Series([3, 1], index=["Lower", "Upper"])
    # Lower has 3 people: the clinic there costs Upper's one person 10; the other way it is 30.
    answer = p_median(costs, 1, weights=by_name)
    assert (answer.open_names, answer.objective) == (("Lower",), 10.0)
    assert p_median(costs, 1, weights=pd.Series([1, 3])).objective == 10.0


def test_a_series_that_names_other_places_is_refused():
    costs = Costs(np.array([[0.0, 10.0], [10.0, 0.0]]), ("Upper", "Lower"), ("Upper", "Lower"))
    with pytest.raises(InputError, match="names 'Middle'"):
        p_median(costs, 1, weights=pd.Series([3, 1], index=["Lower", "Middle"]))


def test_a_column_of_yes_and_no_is_told_how_to_become_a_mask():
    with pytest.raises(InputError, match="column of yes and no"):
        p_median([[1.0, 2.0]], 1, fixed=["yes", "no"])


def test_what_is_printed_of_an_answer_is_short():
    answer = p_median(np.zeros((500, 400)), 3)
    assert len(repr(answer)) < 120
    assert repr(answer.costs) == "<Costs: 500 demand points × 400 sites>"
