from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.costs import Costs, PlanarCosts
from resalloc.location.dispersion import apart
from resalloc.location.dispersion.p_dispersion import p_dispersion
from resalloc.status import Status


def plane(n, seed):
    xy = np.random.default_rng(seed).uniform(0, 100, (n, 2))
    return np.sqrt(((xy[:, None] - xy[None]) ** 2).sum(axis=2))


def best_of_all(table, p, fixed=(), forbidden=()):
    allowed = set(range(len(table))) - set(forbidden)
    return max(
        min(table[j, k] for j, k in combinations(sites, 2))
        for sites in combinations(sorted(allowed), p)
        if set(fixed) <= set(sites)
    )


def test_by_hand():
    # On a line at 0, 3, 5, 6 and 10: of three, 0-5-10 has 5; no three can be 6 apart on 10 km.
    at = np.array([0.0, 3.0, 5.0, 6.0, 10.0])
    found = p_dispersion(abs(at[:, None] - at[None]), 3)
    assert found.open.tolist() == [0, 2, 4]
    assert (found.objective, found.bound, found.status) == (5.0, 5.0, Status.OPTIMAL)
    assert (found.assignment == -1).all()
    assert not found.covered.any()


def test_square_grid_gives_its_corners():
    x, y = np.meshgrid(np.arange(5.0), np.arange(5.0))
    xy = np.column_stack([x.ravel(), y.ravel()])
    found = p_dispersion(PlanarCosts(xy, xy), 4)
    assert found.open.tolist() == [0, 4, 20, 24]
    assert found.objective == 4.0


@settings(max_examples=60)
@given(
    seed=st.integers(0, 10**6),
    p=st.integers(2, 5),
    whole=st.booleans(),
    by_highs=st.booleans(),
    kept=st.integers(0, 2),
)
def test_best_of_all_choices_is_found(seed, p, whole, by_highs, kept):
    rng = np.random.default_rng(seed)
    table = plane(9, seed)
    if whole:
        table = np.round(table / 10)
    special = rng.permutation(9)[:3]
    fixed, forbidden = special[:kept], special[2:]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apart, "_STEPS", 0 if by_highs else 50_000)
        found = p_dispersion(table, p, fixed=fixed, forbidden=forbidden)
    assert found.status is Status.OPTIMAL
    assert found.objective == best_of_all(table, p, fixed, forbidden)
    assert set(fixed) <= set(found.open.tolist())
    assert not set(forbidden) & set(found.open.tolist())


def test_more_sites_are_never_farther_apart():
    table = plane(40, 3)
    values = [p_dispersion(table, p).objective for p in range(2, 12)]
    assert (np.diff(values) <= 0).all()
    assert values[0] == table.max()


def test_order_of_sites_does_not_matter():
    table = plane(60, 4)
    order = np.random.default_rng(0).permutation(60)
    again = p_dispersion(table[np.ix_(order, order)], 9)
    assert again.objective == p_dispersion(table, 9).objective


def test_both_ways_of_proving_agree(monkeypatch):
    table = plane(80, 5)
    searched = p_dispersion(table, 12)
    monkeypatch.setattr(apart, "_STEPS", 0)
    packed = p_dispersion(table, 12)
    assert searched.status is packed.status is Status.OPTIMAL
    assert searched.objective == packed.objective


def test_two_hundred_sites_are_proven():
    table = plane(200, 0)
    found = p_dispersion(table, 20)
    assert found.status is Status.OPTIMAL
    # From HiGHS alone, by bisection on the packing model.
    assert found.objective == pytest.approx(22.983703201065055)


def test_no_time_gives_an_answer_with_its_gap():
    found = p_dispersion(plane(60, 6), 8, time_limit_s=1e-9)
    assert found.status is Status.FEASIBLE
    assert found.bound > found.objective
    assert found.gap > 0


def test_gap_allows_to_stop():
    table = plane(60, 6)
    found = p_dispersion(table, 8, gap=0.2)
    best = p_dispersion(table, 8).objective
    assert found.gap <= 0.2
    assert found.objective <= best <= found.bound


def test_all_sites_may_be_open_and_all_fixed():
    table = plane(5, 7)
    least = table[np.triu_indices(5, 1)].min()
    assert p_dispersion(table, 5).objective == least
    found = p_dispersion(table, 2, fixed=[1, 3])
    assert (found.open.tolist(), found.objective) == ([1, 3], table[1, 3])
    assert found.status is Status.OPTIMAL


def test_two_sites_in_one_place_are_no_distance_apart():
    found = p_dispersion(np.zeros((3, 3)), 2)
    assert (found.objective, found.status) == (0.0, Status.OPTIMAL)


def test_diagonal_is_ignored():
    table = plane(6, 8)
    blank = table.copy()
    np.fill_diagonal(blank, np.nan)
    assert p_dispersion(blank, 3).open.tolist() == p_dispersion(table, 3).open.tolist()


def test_sites_are_fixed_by_name():
    names = tuple("ABCDEF")
    found = p_dispersion(Costs(plane(6, 9), names, names), 2, fixed=["C"])
    assert "C" in found.open_names


@pytest.mark.parametrize(
    ("cost", "p", "word"),
    [
        (np.ones((2, 3)), 2, "2 rows and 3 columns"),
        ([[0, 1], [2, 0]], 2, "site 0 to site 1: is 1 one way and 2 the other"),
        ([[0, np.inf], [np.inf, 0]], 2, "site 0 to site 1: is infinite"),
        ([[0, np.nan], [np.nan, 0]], 2, "NaN"),
        ([[0, -1], [-1, 0]], 2, "negative"),
        (np.zeros((3, 3)), 1, "one site has no distance to another"),
        (np.zeros((3, 3)), 4, "only 3 of 3"),
        (np.zeros(3), 2, "1 dimension"),
        (np.zeros((0, 0)), 2, "no demand points"),
        ("x", 2, "not a table"),
    ],
)
def test_input_that_cannot_be_used_is_refused(cost, p, word):
    with pytest.raises(InputError, match=word):
        p_dispersion(cost, p)
