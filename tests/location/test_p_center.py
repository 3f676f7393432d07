from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.sparse.csgraph import shortest_path

from resalloc.errors import InputError
from resalloc.location.center import lexicographic as stages
from resalloc.location.center import radius as hunt
from resalloc.location.center.model import FOUND, IMPOSSIBLE, sites_that_reach
from resalloc.location.center.p_center import p_center
from resalloc.location.center.points import Points, farthest_first
from resalloc.location.center.search import search_within
from resalloc.location.center.swaps import swapped
from resalloc.location.center.tree import cover_with
from resalloc.location.costs import Costs, PlanarCosts
from resalloc.location.instance import checked
from resalloc.status import Status

ROAD = np.array([0.0, 4.0, 10.0, 12.0])
ROAD_KM = abs(ROAD[:, None] - ROAD)


def _reference(folder: str) -> Path:
    given_folder = os.environ.get("RESALLOC_REFERENCE_DATA")
    if not given_folder:
        pytest.skip("RESALLOC_REFERENCE_DATA is not set: published instances are not at hand")
    return Path(given_folder) / folder


def _worst(cost, weights, sites, depth):
    counts = weights > 0
    paid = weights[counts] * cost[np.ix_(counts, list(sites))].min(axis=1)
    return tuple(-np.sort(-paid)[:depth].astype(float))


def _by_trying_all(cost, p, weights, fixed, forbidden, depth):
    allowed = [j for j in range(cost.shape[1]) if j not in forbidden]
    return min(
        _worst(cost, weights, sites, depth)
        for sites in itertools.combinations(allowed, p)
        if set(fixed) <= set(sites)
    )


def _plane(n, m, seed):
    rng = np.random.default_rng(seed)
    demand, sites = rng.random((n, 2)), rng.random((m, 2))
    return np.sqrt(((demand[:, None] - sites) ** 2).sum(axis=2))


@st.composite
def _instances(draw):
    n, m = draw(st.integers(1, 7)), draw(st.integers(1, 6))
    value = st.integers(0, draw(st.sampled_from([2, 9, 40]))).map(float)
    value = draw(st.sampled_from([value, st.one_of(value, st.just(np.inf))]))
    cost = np.array(draw(st.lists(value, min_size=n * m, max_size=n * m))).reshape(n, m)
    weights = np.array(draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)), dtype=float)
    weights[draw(st.integers(0, n - 1))] = 1.0
    order = draw(st.permutations(range(m)))
    p = draw(st.integers(1, m))
    kept = draw(st.integers(0, p))
    never = draw(st.integers(0, m - p))
    return cost, p, weights, list(order[:kept]), list(order[m - never :])


def test_one_clinic_on_a_road_leaves_the_farthest_village_nearest():
    # From km 0, 4, 10, 12 the farthest village is 12, 8, 10, 12 km away.
    answer = p_center(ROAD_KM, 1)
    assert answer.status is Status.OPTIMAL
    assert (answer.objective, answer.bound, answer.gap) == (8.0, 8.0, 0.0)
    assert answer.open.tolist() == [1]
    assert answer.served_cost.tolist() == [4.0, 0.0, 6.0, 8.0]
    assert answer.assignment.tolist() == [1, 1, 1, 1]
    assert answer.covered.all()


def test_a_weight_counts_as_so_much_farther():
    # From km 4: 3 × 4 = 12 for the first village; from km 0: 4, 10, 12. Both are 12 at most;
    # with weight 4 the first village pays 16 from km 4, and km 0 is better.
    assert p_center(ROAD_KM, 1, weights=[4, 1, 1, 1]).open.tolist() == [0]
    assert p_center(ROAD_KM, 1, weights=[4, 1, 1, 1]).objective == 12.0


def test_a_point_without_weight_drops_out_even_where_nobody_reaches_it():
    cost = np.vstack([ROAD_KM, np.full(4, np.inf)])
    answer = p_center(cost, 1, weights=[1, 1, 1, 1, 0])
    assert (answer.status, answer.objective) == (Status.OPTIMAL, 8.0)
    assert answer.assignment.tolist() == [1, 1, 1, 1, -1]
    assert answer.covered.tolist() == [True] * 4 + [False]


def test_a_fixed_site_counts_within_p_and_changes_the_rest():
    # With km 0 kept, the second clinic serves 4, 10, 12: from km 10 or 12 the village at
    # km 4 still goes to km 0, 4 km away.
    answer = p_center(ROAD_KM, 2, fixed=[0], lexicographic=4)
    assert answer.open[0] == 0
    assert np.sort(answer.served_cost).tolist() == [0.0, 0.0, 2.0, 4.0]
    alone = p_center(ROAD_KM, 1, fixed=[0])
    assert (alone.status, alone.objective) == (Status.OPTIMAL, 12.0)


def test_a_forbidden_site_stays_closed():
    # Without km 4, km 10 is best: 10 km for the first village.
    answer = p_center(ROAD_KM, 1, forbidden=[1])
    assert (answer.open.tolist(), answer.objective) == ([2], 10.0)


def test_the_second_worst_off_are_looked_after_where_asked():
    # Two clinics and one far village (20 km from either): the worst is 20 whatever is done.
    # The other three villages then have 1, 1, 0 from sites 0 and 1 but 9, 9, 0 from 1 and 2.
    cost = np.array([[20, 20, 20.0], [1, 9, 9], [9, 1, 9], [0, 9, 0]])
    answer = p_center(cost, 2, lexicographic=3)
    assert answer.open.tolist() == [0, 1]
    assert answer.message == (
        "The 3 worst-off pay 20, 1, 1, each the least there is given those before."
    )


def test_demand_that_no_site_reaches_is_named():
    cost = Costs(np.array([[1.0, np.inf], [np.inf, np.inf]]), demand=("A", "B"))
    answer = p_center(cost, 1)
    assert answer.status is Status.INFEASIBLE
    assert answer.unreached == ("B",)
    assert p_center([[np.inf, 1.0], [2.0, 3.0]], 1, forbidden=[1]).unreached == ("demand 0",)


def test_too_few_sites_for_those_that_can_be_reached_are_called_so():
    apart = np.array([[1.0, np.inf], [np.inf, 1.0]])
    answer = p_center(apart, 1)
    assert answer.status is Status.INFEASIBLE
    assert answer.message == (
        "1 site cannot reach everybody, though each demand point can be reached."
    )
    assert answer.unreached == ()
    assert p_center(apart, 2).objective == 1.0


def test_all_faults_are_reported_at_once():
    with pytest.raises(InputError) as caught:
        p_center([[1.0, -1.0]], 3, lexicographic=0, time_limit_s=0, gap=1)
    said = str(caught.value)
    assert said.startswith("5 faults")
    for part in ("is negative (-1)", "p: is 3", "lexicographic: is 0", "time_limit_s", "gap: is 1"):
        assert part in said


@given(_instances(), st.integers(1, 5), st.booleans(), st.booleans(), st.integers(0, 2))
@settings(max_examples=150, deadline=None)
def test_it_is_what_trying_all_sites_finds(instance, depth, whole, tree, effort):
    cost, p, weights, fixed, forbidden = instance
    best = _by_trying_all(cost, p, weights, fixed, forbidden, depth)
    with pytest.MonkeyPatch.context() as patch:
        # Every road to the answer: searches and swaps or none, the tree or the solver alone,
        # all rows in view or few.
        patch.setattr(hunt, "_WHOLE", 10**6 if whole else 0)
        patch.setattr(stages, "_WHOLE", 10**6 if whole else 0)
        patch.setattr(hunt, "_TREE", 10**6 if tree else 0)
        patch.setattr(hunt, "_SEARCH", (0, 50, 10**5)[effort])
        patch.setattr(stages, "_SWAPS", (0, 50, 10**5)[effort])
        answer = p_center(
            cost, p, weights=weights, fixed=fixed, forbidden=forbidden, lexicographic=depth
        )
    if best[0] == np.inf:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.objective == best[0]
    assert _worst(cost, weights, answer.open, depth) == best


@given(st.integers(0, 10**6), st.integers(1, 6))
@settings(max_examples=10, deadline=None)
def test_few_rows_prove_what_all_rows_prove(seed, p):
    cost = _plane(60, 25, seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hunt, "_WHOLE", 0)
        few = p_center(cost, p)
    assert few.status is Status.OPTIMAL
    assert few.objective == p_center(cost, p).objective


@given(st.integers(0, 10**6))
@settings(max_examples=10, deadline=None)
def test_the_order_of_places_does_not_change_the_radius(seed):
    cost = _plane(40, 15, seed)
    rng = np.random.default_rng(seed)
    mixed = cost[rng.permutation(40)][:, rng.permutation(15)]
    assert p_center(cost, 4).objective == p_center(mixed, 4).objective


def test_more_sites_never_make_it_farther():
    cost = _plane(80, 30, 5)
    radii = [p_center(cost, p).objective for p in range(1, 12)]
    assert radii == sorted(radii, reverse=True)
    assert radii[0] > radii[-1]


def test_the_same_input_gives_the_same_sites():
    cost = _plane(120, 60, 6)
    first, again = (p_center(cost, 6, lexicographic=3) for _ in range(2))
    assert first.open.tolist() == again.open.tolist()


def test_coordinates_give_what_their_table_gives():
    rng = np.random.default_rng(7)
    costs = PlanarCosts(rng.random((150, 2)), rng.random((40, 2)))
    weights = rng.integers(0, 4, 150)
    there = p_center(costs, 5, weights=weights, fixed=[3], lexicographic=2)
    table = p_center(costs.dense(), 5, weights=weights, fixed=[3], lexicographic=2)
    assert there.status is Status.OPTIMAL
    assert (there.objective, there.message) == (table.objective, table.message)


def test_a_time_limit_gives_an_answer_with_an_honest_bound():
    cost = _plane(900, 900, 8)
    answer = p_center(cost, 25, time_limit_s=1.0)
    assert answer.status is Status.FEASIBLE
    assert 0 < answer.bound < answer.objective
    again = p_center(cost, 25, time_limit_s=1.0, lexicographic=2)
    assert again.message == "The worst-off is not proven, so nothing was done for those after."


def test_a_gap_ends_the_search_within_it():
    cost = _plane(300, 100, 9)
    exact, rough = p_center(cost, 8), p_center(cost, 8, gap=0.2)
    assert rough.gap <= 0.2
    assert rough.bound <= exact.objective <= rough.objective


def test_swaps_never_give_up_the_worst_off():
    cost = _plane(60, 30, 10)
    base = np.full(60, np.inf)
    start = np.array([0, 1, 2, 3])
    ones = np.ones(60)
    before = _worst(cost, ones, start, 5)
    assert _worst(cost, ones, swapped(cost, base, start, 5, 10**8), 5) < before


def test_a_search_stops_where_everybody_is_within_the_radius():
    found, sites = search_within(
        ROAD_KM, np.full(4, np.inf), 4.0, np.array([0, 1]), np.ones(4, dtype=np.int64), 10**4, 1
    )
    assert found
    assert (ROAD_KM[:, sites].min(axis=1) <= 4.0).all()


@given(st.integers(0, 10**6), st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_tree_and_solver_agree(seed, q):
    rng = np.random.default_rng(seed)
    reach = rng.random((14, 12)) < 0.3
    reach[~reach.any(axis=1), 0] = True
    word, sites = cover_with(reach, q, 10**8)
    assert word == sites_that_reach([(reach, 0)], q, 60.0).word
    assert word in (FOUND, IMPOSSIBLE)
    if word == FOUND:
        assert len(sites) <= q
        assert reach[:, sites].any(axis=1).all()


def test_the_first_answer_opens_sites_far_apart():
    points = Points(checked(ROAD_KM, p=2))
    # The first village pays most (infinite: ties go to the first), then the last.
    few, sites = farthest_first(points, 2)
    assert sites.tolist() == [0, 3]
    assert few.tolist() == [0, 3, 1]


@pytest.mark.parametrize("name", [f"pmed{k}" for k in range(1, 40, 2)])
def test_published_centres_of_the_p_median_library(name):
    folder = _reference("pmed")
    known = json.loads((folder / "optima.json").read_text())[name]
    numbers = np.array((folder / f"{name}.txt").read_text().split(), dtype=int)
    n, edges, p = numbers[:3]
    length = {}
    for i, j, step in numbers[3 : 3 + 3 * edges].reshape(-1, 3):
        length[min(i, j) - 1, max(i, j) - 1] = step
    ends = np.array(list(length))
    roads = sparse.csr_array((list(length.values()), (ends[:, 0], ends[:, 1])), shape=(n, n))
    answer = p_center(shortest_path(roads.astype(float), directed=False), int(p))
    assert answer.status is Status.OPTIMAL
    assert answer.objective == known["pcenter"]


@pytest.mark.parametrize("name", ["pr226", "pr264"])
def test_published_centres_of_drilling_boards(name):
    folder = _reference("pcenter_tsplib")
    exact = json.loads((folder / "optima.json").read_text())[name]["exact"]
    lines = (folder / f"{name}.tsp").read_text().split("NODE_COORD_SECTION")[1].split("EOF")[0]
    xy = np.array(lines.split(), dtype=float).reshape(-1, 3)[:, 1:]
    for p, radius in exact.items():
        if (name, p) == ("pr264", "40"):
            continue  # in the slow test below
        answer = p_center(PlanarCosts(xy, xy), int(p))
        assert answer.status is Status.OPTIMAL
        assert answer.objective == pytest.approx(radius, abs=1e-6)


@pytest.mark.slow
def test_forty_sites_among_the_holes_of_a_drilling_board():
    folder = _reference("pcenter_tsplib")
    lines = (folder / "pr264.tsp").read_text().split("NODE_COORD_SECTION")[1].split("EOF")[0]
    xy = np.array(lines.split(), dtype=float).reshape(-1, 3)[:, 1:]
    answer = p_center(PlanarCosts(xy, xy), 40)
    # 100 and 300 apart: √(100² + 300²) = 316.2278
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(100000**0.5)


def test_a_thousand_points_and_sites_are_proven():
    rng = np.random.default_rng(1)
    xy = rng.random((1000, 2))
    answer = p_center(PlanarCosts(xy, xy), 10)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(0.21302241694)
