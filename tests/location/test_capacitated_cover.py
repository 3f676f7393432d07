from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import sparse
from scipy.optimize import linprog

from resalloc.location.covering.max_cover import max_cover
from resalloc.location.covering.shares import member_shares
from resalloc.status import Status
from tests.location.covering_cases import cases

ROAD = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
PEOPLE = [400, 900, 100, 700]


def test_a_site_serves_no_more_than_it_can():
    whole = max_cover(ROAD, 10, p=1, weights=PEOPLE, capacity=1000, split=False)
    # Of 400, 900, 100 (site 1) and of 900, 100, 700 (site 2) at most 900 + 100 = 1000 fit.
    assert whole.status is Status.OPTIMAL
    assert whole.objective == 1000
    assert whole.covered.tolist() == [False, True, True, False]
    assert whole.split is None


def test_demand_may_be_split_between_sites():
    answer = max_cover(
        ROAD, 10, p=2, weights=PEOPLE, capacity=[0, 600, 600, 0], fixed=[1, 2], split=True
    )
    assert answer.objective == pytest.approx(1200)
    parts = answer.split.toarray()
    load = np.array(PEOPLE) @ parts
    assert load == pytest.approx([0, 600, 600, 0])
    assert (parts.sum(axis=1) <= 1 + 1e-9).all()
    assert answer.covered.tolist() == (parts.sum(axis=1) > 1 - 1e-6).tolist()


def _most_split(case, capacity, chosen):
    pairs = np.argwhere(case.within & chosen)
    if len(pairs) == 0:
        return 0.0
    n, m = case.cost.shape
    table = np.zeros((n + m, len(pairs)))
    table[pairs[:, 0], np.arange(len(pairs))] = 1
    table[n + pairs[:, 1], np.arange(len(pairs))] = 1
    limits = np.concatenate([case.weights, capacity])
    return -linprog(-np.ones(len(pairs)), table, limits).fun


def _most_whole(case, capacity, chosen):
    states = {tuple(np.where(chosen, capacity, -1.0)): 0.0}
    for i, weight in enumerate(case.weights):
        more = dict(states)
        for room, served in states.items():
            for j in np.flatnonzero(case.within[i] & chosen):
                if room[j] >= weight:
                    left = (*room[:j], room[j] - weight, *room[j + 1 :])
                    more[left] = max(more.get(left, 0.0), served + weight)
        states = more
    return max(states.values())


@given(cases(demand=5, sites=4), st.integers(1, 3), st.integers(0, 10**6), st.booleans())
@settings(deadline=None, max_examples=60)
def test_p_sites_serve_the_most_of_all(case, p, seed, split):
    p = max(min(p, int((~case.forbidden).sum())), int(case.fixed.sum()))
    capacity = np.random.default_rng(seed).integers(0, 20, case.cost.shape[1]).astype(float)
    answer = max_cover(case.cost, case.radius, p, capacity=capacity, split=split, **case.common)
    most = _most_split if split else _most_whole
    best = max(most(case, capacity, y) for y in case.choices() if y.sum() == p)
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(best)
    somebody = case.weights > 0
    assert (
        case.within[np.arange(len(somebody)), answer.assignment] | (answer.assignment < 0)
    ).all()
    if not split:
        load = np.bincount(
            answer.assignment[answer.covered],
            case.weights[answer.covered],
            minlength=len(capacity),
        )
        assert (load <= capacity).all()


def test_enough_capacity_is_no_limit():
    for split in (True, False):
        answer = max_cover(ROAD, 10, p=1, weights=PEOPLE, capacity=10_000, split=split)
        assert answer.objective == 1700
        assert answer.covered.tolist() == [False, True, True, True]


@given(st.integers(0, 10**6))
@example(50045)  # a sliver of rounding next to a member without weight
@settings(deadline=None, max_examples=40)
def test_what_a_group_is_served_its_members_are(seed):
    numbers = np.random.default_rng(seed)
    count, m, n = numbers.integers(1, 6), numbers.integers(1, 5), numbers.integers(1, 30)
    group = numbers.integers(0, count, n).astype(np.int32)
    weights = numbers.random(n) * numbers.integers(0, 2, n)
    parts = numbers.dirichlet(np.ones(m + 1), count)[:, :m] * (numbers.random((count, m)) < 0.7)
    shares = member_shares(sparse.csr_array(parts), group, weights).toarray()
    total = np.bincount(group, weights, minlength=count)
    served = np.array([weights[group == g] @ shares[group == g] for g in range(count)])
    assert served == pytest.approx(parts * total[:, None])
    assert (shares.sum(axis=1) <= 1 + 1e-9).all()
