from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.location.covering.bound import lower_bound
from resalloc.location.covering.cover import smallest_cover
from resalloc.location.covering.packed import packed
from resalloc.location.covering.reduce import reduced, undominated
from resalloc.status import Status

FOUND = (Status.OPTIMAL, Status.FEASIBLE)


def _cheapest(reach, need, cost, fixed, forbidden):
    m = reach.shape[1]
    best = np.inf
    for bits in itertools.product([False, True], repeat=m):
        y = np.array(bits, dtype=bool)
        if (fixed & ~y).any() or (forbidden & y).any():
            continue
        if (reach[:, y].sum(axis=1) >= need).all():
            best = min(best, cost[y].sum())
    return best


@st.composite
def _tables(draw):
    n, m = draw(st.integers(1, 10)), draw(st.integers(1, 7))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    state = numbers.random(m)
    kinds = (np.ones(m), numbers.integers(0, 6, m).astype(float), numbers.random(m) * 5)
    return (
        numbers.random((n, m)) < numbers.uniform(0.2, 0.7),
        numbers.integers(0, 3, n) if draw(st.booleans()) else np.ones(n, dtype=np.int64),
        kinds[draw(st.integers(0, 2))],
        state < 0.15,
        state > 0.85,
    )


@given(_tables())
@settings(deadline=None, max_examples=150)
def test_the_cover_is_the_cheapest_of_all(table):
    reach, need, cost, fixed, forbidden = table
    best = _cheapest(reach, need, cost, fixed, forbidden)
    asked = {"need": need, "site_cost": cost, "fixed": fixed, "forbidden": forbidden}
    found = smallest_cover(reach, **asked)
    if np.isinf(best):
        assert found.status is Status.INFEASIBLE
        assert len(found.short) > 0
        return
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(best, rel=1e-6)
    assert found.objective == pytest.approx(cost[found.open].sum())
    assert found.bound <= best * (1 + 1e-9)
    assert (reach[:, found.open].sum(axis=1) >= need).all()
    for most in (best - 1, best * 0.9 - 0.01, best, best + 0.5):
        answer = smallest_cover(reach, **asked, at_most=most)
        assert (answer.status in FOUND) == (most >= best)
        assert answer.status is not Status.UNKNOWN
        assert not answer.objective > most + 1e-9
        assert answer.bound <= best * (1 + 1e-9)


@given(_tables())
@settings(deadline=None, max_examples=60)
def test_reductions_keep_the_best_value(table):
    reach, need, cost, fixed, forbidden = table
    best = _cheapest(reach, need, cost, fixed, forbidden)
    small = reduced(reach, need, cost, fixed, ~forbidden)
    if len(small.short):
        assert np.isinf(best)
        return
    nothing = np.zeros(len(small.sites), dtype=bool)
    rest = _cheapest(small.reach, small.need, cost[small.sites], nothing, nothing)
    assert cost[small.opened].sum() + rest == pytest.approx(best)


@given(_tables())
@settings(deadline=None, max_examples=60)
def test_the_linear_bound_never_exceeds_a_cover_nor_what_a_site_adds(table):
    reach, need, cost, _, _ = table
    nothing = np.zeros(len(cost), dtype=bool)
    best = _cheapest(reach, need, cost, nothing, nothing)
    bound, beyond = lower_bound(reach, need, cost, 10.0)
    assert bound <= best + 1e-9
    for j in range(len(cost)):
        decided = np.arange(len(cost)) == j
        if beyond[j] > 0:
            assert bound + beyond[j] <= _cheapest(reach, need, cost, decided, nothing) + 1e-9
        else:
            assert bound - beyond[j] <= _cheapest(reach, need, cost, nothing, decided) + 1e-9


def test_a_site_that_another_stands_in_for_is_dropped():
    # Site 1 reaches what site 0 reaches and more; sites 1 and 3 are alike; site 2 is cheaper.
    table = np.array([[1, 1, 0, 1], [0, 1, 1, 1]], dtype=bool)
    assert undominated(table, np.ones(4)).tolist() == [False, True, False, False]
    cheap = np.array([1.0, 2.0, 1.0, 2.0])
    assert undominated(table, cheap).tolist() == [True, True, True, False]


def _plane(n, radius, seed=0):
    xy = np.random.default_rng(seed).random((n, 2))
    return np.sqrt(((xy[:, None] - xy) ** 2).sum(axis=2)) <= radius


def test_words_give_the_same_answer_as_a_table():
    reach = _plane(150, 0.2)
    one, other = smallest_cover(reach), smallest_cover(packed(reach), sites=150)
    assert one.open.tolist() == other.open.tolist()
    assert one.status is Status.OPTIMAL


def test_the_order_of_demand_and_sites_does_not_change_the_number():
    reach, numbers = _plane(120, 0.17), np.random.default_rng(3)
    moved = reach[numbers.permutation(120)][:, numbers.permutation(120)]
    assert smallest_cover(reach).objective == smallest_cover(moved).objective


def test_one_site_less_than_the_smallest_cover_is_proven_too_few():
    reach = _plane(200, 0.18)
    best = smallest_cover(reach)
    assert best.status is Status.OPTIMAL
    assert smallest_cover(reach, at_most=best.objective).status in FOUND
    assert smallest_cover(reach, at_most=best.objective - 1).status is Status.INFEASIBLE


def test_no_time_is_no_proof():
    reach = _plane(400, 0.1)
    answer = smallest_cover(reach, time_limit_s=0.0)
    assert answer.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert answer.bound <= answer.objective
    assert reach[:, answer.open].any(axis=1).all()
    exact = smallest_cover(reach)
    assert answer.bound <= exact.objective <= answer.objective


def test_without_branching_the_answer_may_be_unknown_but_never_wrong():
    reach = _plane(300, 0.15, seed=5)
    best = smallest_cover(reach).objective
    for most in range(int(best) - 3, int(best) + 3):
        status = smallest_cover(reach, at_most=most, branch=False).status
        assert status is Status.UNKNOWN or (status in FOUND) == (most >= best)
