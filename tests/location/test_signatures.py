from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.location.costs import Costs, PlanarCosts
from resalloc.location.covering.packed import lowest, ones, packed, unpacked
from resalloc.location.covering.signatures import largest_square, signatures


def test_points_that_the_same_sites_reach_become_one():
    cost = Costs(np.array([[1.0, 9.0], [9.0, 1.0], [2.0, 8.0], [9.0, 9.0]]))
    merged = signatures(cost, np.full(4, 5.0), np.array([3.0, 4.0, 5.0, 6.0]), np.arange(2))
    # Points 0 and 2 reach the first site, point 1 the second, point 3 none.
    assert merged.reach[merged.group].astype(int).tolist() == [[1, 0], [0, 1], [1, 0], [0, 0]]
    assert merged.weight[merged.group].tolist() == [8, 4, 8, 6]


def test_only_the_sites_asked_for_count():
    cost = Costs(np.array([[1.0, 9.0, 1.0], [1.0, 9.0, 9.0]]))
    merged = signatures(cost, np.full(2, 5.0), np.ones(2), np.array([0, 1]))
    assert merged.reach.tolist() == [[True, False]]


@pytest.mark.parametrize("radius", [0.0, 0.2, 0.5, 0.7, 1.0, 1.3, np.sqrt(0.05)])
def test_points_on_the_circle_are_judged_as_the_distances_say(radius):
    """A grid of tenths: many distances meet the radius, or miss it by rounding alone."""
    numbers = np.random.default_rng(0)
    points, sites = numbers.integers(0, 40, (3000, 2)) * 0.1, numbers.integers(0, 40, (70, 2)) * 0.1
    costs = PlanarCosts(points, sites)
    for limit in (np.full(3000, radius), costs.dense()[:, 0]):
        merged = signatures(costs, limit, np.ones(3000), np.arange(70))
        assert (merged.reach[merged.group] == (costs.dense() <= limit[:, None])).all()


@given(st.floats(0, 1e150))
@settings(deadline=None)
def test_the_largest_square_is_the_last_whose_root_is_within(radius):
    square = largest_square(radius)
    assert np.sqrt(square) <= radius < np.sqrt(np.nextafter(square, np.inf))


@given(st.integers(0, 10**6), st.integers(1, 300), st.integers(1, 130))
@settings(deadline=None, max_examples=30)
def test_the_order_of_demand_does_not_matter_and_no_weight_is_lost(seed, n, m):
    numbers = np.random.default_rng(seed)
    costs = PlanarCosts(numbers.random((n, 2)), numbers.random((m, 2)))
    weights, limit = numbers.integers(0, 9, n).astype(float), np.full(n, 0.3)
    order = numbers.permutation(n)
    one = signatures(costs, limit, weights, np.arange(m))
    moved = PlanarCosts(costs.demand_xy[order], costs.site_xy)
    other = signatures(moved, limit, weights[order], np.arange(m))
    table = signatures(Costs(costs.dense()), limit, weights, np.arange(m))
    assert (one.words == other.words).all()
    assert (one.weight == other.weight).all()
    assert (one.group[order] == other.group).all()
    assert (one.words == table.words).all()
    assert one.weight.sum() == weights.sum()
    assert len(np.unique(one.words, axis=0)) == len(one.words)


def test_more_signatures_than_one_chunk_holds_are_kept_apart():
    numbers = np.random.default_rng(1)
    costs = Costs(numbers.integers(0, 2, (150_000, 20)).astype(float))
    merged = signatures(costs, np.zeros(150_000), np.ones(150_000), np.arange(20))
    assert len(merged.words) == len(np.unique(costs.values, axis=0)) > 100_000
    assert (merged.reach[merged.group] == (costs.values == 0)).all()


def test_weights_are_added_without_loss():
    """Added one after the other, rounded each time, they would miss it by 10^-5."""
    costs = Costs(np.zeros((10_001, 1)))
    weights = np.concatenate([[1e9], np.full(10_000, 0.1)])
    merged = signatures(costs, np.ones(10_001), weights, np.arange(1))
    assert merged.weight[0] == 1e9 + 1000


@given(st.integers(0, 2**64 - 1))
@settings(deadline=None)
def test_bits_are_counted_and_found(word):
    assert ones(np.uint64(word)) == bin(word).count("1")
    if word:
        assert lowest(np.uint64(word)) == (word & -word).bit_length() - 1


@pytest.mark.parametrize("columns", [1, 63, 64, 65, 200])
def test_packed_tables_come_back(columns):
    table = np.random.default_rng(2).random((17, columns)) < 0.5
    assert (unpacked(packed(table), columns) == table).all()
