from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.costs import Costs, PlanarCosts
from resalloc.location.market import bound
from resalloc.location.market.huff import market_share
from resalloc.location.market.search import Market
from resalloc.status import Status

RIVAL = [[10.0], [10.0]]


def share(cost, sites, theirs, weights, size, exponent=2.0):
    """Weight won by open sites, straight from the definition."""
    with np.errstate(divide="ignore"):
        mine = (size[sites] * cost[:, sites] ** -exponent).sum(axis=1)
    rival = (theirs**-exponent).sum(axis=1)
    return float(weights @ np.divide(mine, mine + rival, out=np.zeros(len(mine)), where=mine > 0))


def world(seed, n=12, m=8, k=2):
    rng = np.random.default_rng(seed)
    cost = rng.uniform(0.5, 30, (n, m))
    cost[rng.random((n, m)) < 0.15] = np.inf
    theirs = rng.uniform(1, 30, (n, k))
    theirs[rng.random(n) < 0.15] = np.inf  # nobody competes there
    theirs[0] = 5.0
    weights = rng.integers(0, 50, n).astype(float)
    weights[0] = 3
    return cost, theirs, weights, rng.uniform(0.5, 4, m)


def test_by_hand():
    # Attractiveness 1, 4, 2; minutes² 100, 400, 25: pulls 0.01, 0.01, 0.08; the rival 0.01.
    found = market_share(
        [[10, 20, 5]], 1, competitors=[[10]], weights=[90], attractiveness=[1, 4, 2]
    )
    assert found.open.tolist() == [2]
    assert found.objective == pytest.approx(90 * 8 / 9)
    two = market_share([[10, 20, 5]], 2, competitors=[[10]], weights=[90], attractiveness=[1, 4, 2])
    assert two.objective == pytest.approx(90 * 9 / 10)


def test_parts_are_won_and_the_rest_is_the_competitors():
    found = market_share([[10, 5], [10, 40]], 2, competitors=RIVAL)
    # Village 0: 1 + 4 against 1; village 1: 1 + 1/16 against 1.
    assert found.split.toarray() == pytest.approx(np.array([[1 / 6, 4 / 6], [16 / 33, 1 / 33]]))
    assert found.assignment.tolist() == [1, 0]
    assert found.served_cost.tolist() == [5, 10]
    assert found.objective == pytest.approx(5 / 6 + 17 / 33)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), p=st.integers(1, 6), kept=st.integers(0, 1))
def test_best_of_all_choices_is_found(seed, p, kept):
    cost, theirs, weights, size = world(seed)
    special = np.random.default_rng(seed).permutation(8)[:2]
    fixed, forbidden = special[:kept].tolist(), special[1:].tolist()
    found = market_share(
        cost,
        p,
        competitors=theirs,
        weights=weights,
        attractiveness=size,
        fixed=fixed,
        forbidden=forbidden,
    )
    best = max(
        share(cost, list(sites), theirs, weights, size)
        for sites in combinations(range(8), p)
        if set(fixed) <= set(sites) and not set(forbidden) & set(sites)
    )
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(best, rel=1e-7)
    assert share(cost, found.open, theirs, weights, size) == pytest.approx(found.objective)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), target=st.floats(0.05, 0.98))
def test_fewest_sites_of_all_choices_are_found(seed, target):
    cost, theirs, weights, size = world(seed)
    found = market_share(
        cost, target=target, competitors=theirs, weights=weights, attractiveness=size
    )
    most = [
        max(share(cost, list(sites), theirs, weights, size) for sites in combinations(range(8), p))
        for p in range(1, 9)
    ]
    enough = [p for p, won in enumerate(most, 1) if won >= target * weights.sum()]
    if not enough:
        assert found.status is Status.INFEASIBLE
        assert "all 8 sites together win" in found.message
    else:
        assert found.status is Status.OPTIMAL
        assert found.objective == len(found.open) == enough[0]
        assert share(cost, found.open, theirs, weights, size) >= target * weights.sum() * (1 - 1e-8)


@settings(max_examples=80)
@given(seed=st.integers(0, 10**6))
def test_cut_lies_above_the_share_of_every_choice(seed):
    rng = np.random.default_rng(seed)
    n, m = 4, 7
    pull = rng.choice([0.0, 1e15, 1.0, 3.0], (n, m)) * rng.uniform(0.1, 1, (n, m)) ** 3
    state = rng.choice(np.array([1, 0, 0, 0, -1], dtype=np.int8), m)
    weights, y = rng.uniform(0, 5, n), np.where(state == 0, rng.random(m), 0.0)
    falling = np.argsort(-pull, axis=1, kind="stable").astype(np.int32)
    base, gain = np.zeros(n), np.zeros(m)
    bound.open_pull(pull, state, base)
    constant = bound.cut(pull, falling, weights, state, base, y, gain)
    free = np.flatnonzero(state == 0)
    for size in range(len(free) + 1):
        for chosen in combinations(free.tolist(), size):
            s = base + pull[:, list(chosen)].sum(axis=1)
            assert weights @ (s / (1 + s)) <= constant + gain[list(chosen)].sum() + 1e-9


@settings(max_examples=60)
@given(seed=st.integers(0, 10**6), p=st.integers(1, 7))
def test_bound_holds_and_decided_sites_are_those_of_every_better_choice(seed, p):
    cost, theirs, weights, size = world(seed)
    mine = np.where(np.isfinite(cost), size * cost**-2.0, 0.0)
    market = Market.of(mine, (theirs**-2.0).sum(axis=1), weights, np.zeros(8, dtype=bool))
    worth = {sites: market.captured(np.array(sites)) for sites in combinations(range(8), p)}
    enough = np.quantile(list(worth.values()), 0.9)
    state, y = market.state(), np.full(8, p / 8)
    arrays = market.pull, market.falling, market.weights
    limit = bound.tightened(*arrays, p, state, y, enough, 30)
    better = [set(sites) for sites, value in worth.items() if value > enough * (1 + 1e-12)]
    if p < 8 and limit > -np.inf:
        assert limit >= max(worth.values()) * (1 - 1e-12) or limit <= enough >= max(worth.values())
    for sites in better:
        assert set(np.flatnonzero(state == 1)) <= sites
        assert not set(np.flatnonzero(state == -1)) & sites


def test_competitors_may_be_sites_of_the_table():
    cost = Costs(np.array([[10.0, 20, 5], [8, 4, 6]]), sites=("ours", "rival", "new"))
    by_name = market_share(cost, 1, competitors=["rival"], attractiveness=[1, 3, 2])
    by_table = market_share(
        cost.values[:, [0, 2]],
        1,
        competitors=[[20], [4]],
        competitor_attractiveness=3,
        attractiveness=[1, 2],
    )
    assert by_name.open_names == ("new",)
    assert by_name.objective == pytest.approx(by_table.objective)
    with pytest.raises(InputError, match="only 2 of 3 sites may open"):
        market_share(cost, 3, competitors=[1])


def test_demand_without_competition_goes_to_whoever_can_be_reached():
    cost = np.array([[5.0, np.inf], [50.0, 5.0]])
    found = market_share(cost, 1, competitors=[[np.inf], [5]], weights=[10, 10])
    # Site 0: all of demand 0 and 1/101 of demand 1. Site 1: half of demand 1 only.
    assert found.open.tolist() == [0]
    assert found.objective == pytest.approx(10 + 10 / 101)


def test_smallest_cost_caps_the_pull():
    found = market_share([[0.0]], 1, competitors=[[2]], smallest=1)
    assert found.objective == pytest.approx(1 / (1 + 1 / 4))


def test_order_of_sites_and_demand_does_not_matter():
    cost, theirs, weights, size = world(5, 40, 15)
    rng = np.random.default_rng(0)
    rows, columns = rng.permutation(40), rng.permutation(15)
    found = market_share(cost, 4, competitors=theirs, weights=weights, attractiveness=size)
    again = market_share(
        cost[np.ix_(rows, columns)],
        4,
        competitors=theirs[rows],
        weights=weights[rows],
        attractiveness=size[columns],
    )
    assert again.objective == pytest.approx(found.objective)
    assert sorted(columns[again.open].tolist()) == found.open.tolist()


def test_more_sites_win_more_and_more_competitors_leave_less():
    cost, theirs, weights, size = world(6, 30, 12, 3)
    few = market_share(cost, 3, competitors=theirs[:, :2], weights=weights, attractiveness=size)
    many = market_share(cost, 4, competitors=theirs[:, :2], weights=weights, attractiveness=size)
    rivals = market_share(cost, 3, competitors=theirs, weights=weights, attractiveness=size)
    assert rivals.objective <= few.objective <= many.objective


def plane(n, m, k, seed):
    """Points in a square: demand, sites and competitors, with weights and attractiveness."""
    rng = np.random.default_rng(seed)
    demand, sites, rivals = (rng.uniform(0, 100, (count, 2)) for count in (n, m, k))
    weights, size = rng.integers(1, 100, n).astype(float), rng.uniform(1, 3, m)
    return PlanarCosts(demand, sites), PlanarCosts(demand, rivals), weights, size


def test_plane_of_two_hundred_by_fifty_agrees_with_a_linear_model():
    cost, rivals, weights, size = plane(200, 50, 5, 0)
    found = market_share(
        cost,
        5,
        competitors=rivals,
        competitor_attractiveness=2.0,
        weights=weights,
        attractiveness=size,
        smallest=1,
    )
    assert found.status is Status.OPTIMAL
    # Outer approximation by tangents and submodular cuts, solved by HiGHS to a gap of 1e-7.
    assert found.objective == pytest.approx(6636.0200, abs=1e-3)


def test_limit_gives_an_answer_with_its_gap():
    cost, rivals, weights, size = plane(300, 60, 5, 1)
    given = {"competitors": rivals, "weights": weights, "attractiveness": size, "smallest": 1}
    found = market_share(cost, 12, time_limit_s=1e-6, **given)
    assert found.status is Status.FEASIBLE
    assert 0 < found.gap < 0.1
    near = market_share(cost, 12, gap=0.05, **given)
    assert near.gap <= 0.05
    fewest = market_share(cost, target=0.6, time_limit_s=1e-6, **given)
    assert fewest.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert fewest.bound <= fewest.objective


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"p": 1, "competitors": ()}, "pull nobody"),
        ({"p": 1, "competitors": [[np.inf], [np.inf]]}, "pull nobody"),
        ({"p": 1, "competitors": [[1]]}, "1 rows, and there are 2 demand points"),
        ({"p": 1, "competitors": [[1], [-2]]}, "competitors, cost, demand 1.*negative"),
        ({"p": 1, "competitors": [[0], [1]]}, "smallest: is not given, and a cost is 0"),
        ({"p": 1, "competitors": ["rival"]}, "the sites have no names"),
        ({"p": 1, "competitors": [7]}, "there is no site 7"),
        ({"p": 1, "competitors": RIVAL, "attractiveness": -1}, "attractiveness, site 0"),
        (
            {"p": 1, "competitors": RIVAL, "competitor_attractiveness": [1, 2]},
            "competitor_attractiveness: has shape",
        ),
        ({"p": 1, "competitors": RIVAL, "exponent": 0}, "exponent: is 0"),
        ({"p": 1, "competitors": RIVAL, "smallest": -1}, "smallest: is -1"),
        ({"p": 1, "competitors": RIVAL, "target": 0.5}, "both are given"),
        ({"competitors": RIVAL}, "neither is given"),
        ({"competitors": RIVAL, "target": 30}, "target: is 30"),
        ({"p": 1, "competitors": RIVAL, "gap": 2}, "gap: is 2"),
        ({"p": 3, "competitors": RIVAL}, "only 2 of 2"),
        ({"p": 1, "competitors": RIVAL, "forbidden": [9]}, "forbidden: there is no site 9"),
    ],
)
def test_input_that_cannot_be_used_is_refused(given, word):
    with pytest.raises(InputError, match=word):
        market_share([[10.0, 5.0], [10.0, 40.0]], **given)


def test_zero_cost_needs_a_smallest_cost():
    with pytest.raises(InputError, match="smallest: is not given"):
        market_share([[0.0]], 1, competitors=[[1]])
