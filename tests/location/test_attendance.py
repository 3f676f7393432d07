from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.access.decay import Exponential, Gaussian, Linear, Power, Step, Zones
from resalloc.location.costs import Costs
from resalloc.location.market.attendance import max_attendance
from resalloc.status import Status

DECAYS = [
    Linear(),
    Gaussian(),
    Exponential(0.1),
    Power(2.0, smallest=1.0),
    Zones((5, 15), (1, 0.4)),
    Step(),
]


def test_by_hand():
    # Cutoff 10. Site 0: 100·0.8. Site 1: 100·0.5 + 50·0.5 + 10·0.9. Site 2: 50·1 + 10·0.
    cost = [[2, 5, 30], [12, 5, 0], [11, 1, 10]]
    found = max_attendance(cost, 1, 10, weights=[100, 50, 10])
    assert found.open.tolist() == [1]
    assert found.objective == pytest.approx(84)
    two = max_attendance(cost, 2, 10, weights=[100, 50, 10])
    # Sites 0 and 2: 80 + 50 + 0; sites 1 and 2: 50 + 50 + 9; sites 0 and 1: 80 + 25 + 9.
    assert two.open.tolist() == [0, 2]
    assert two.objective == pytest.approx(130)
    assert two.status is Status.OPTIMAL
    assert two.assignment.tolist() == [0, 2, 2]
    assert two.covered.tolist() == [True, True, True]


@settings(max_examples=50)
@given(
    seed=st.integers(0, 10**6),
    p=st.integers(1, 4),
    decay=st.sampled_from(DECAYS),
    kept=st.integers(0, 1),
)
def test_best_of_all_choices_is_found(seed, p, decay, kept):
    rng = np.random.default_rng(seed)
    cost = rng.integers(0, 30, (9, 6)).astype(float)
    cost[rng.random((9, 6)) < 0.1] = np.inf
    weights = rng.integers(0, 20, 9).astype(float)
    weights[0] = 1
    radius = rng.integers(0, 20, 9).astype(float)
    special = rng.permutation(6)[:2]
    fixed, forbidden = special[:kept].tolist(), special[1:].tolist()
    found = max_attendance(
        cost, p, radius, decay=decay, weights=weights, fixed=fixed, forbidden=forbidden
    )
    coming = decay(cost, radius[:, None])
    best = max(
        weights @ coming[:, list(sites)].max(axis=1)
        for sites in combinations(range(6), p)
        if set(fixed) <= set(sites) and not set(forbidden) & set(sites)
    )
    # Little attendance beside much that is lost: a relative gap of it is hard to close.
    assert found.status is Status.OPTIMAL or found.bound - found.objective < 1e-6 * weights.sum()
    assert found.objective == pytest.approx(best, abs=1e-9)
    assert found.bound >= best - 1e-9
    least = cost[:, found.open].min(axis=1)
    assert found.covered.tolist() == (least <= radius).tolist()
    assert (found.served_cost[found.covered] == least[found.covered]).all()
    assert (found.assignment[~found.covered] == -1).all()


def test_nobody_in_reach_is_an_attendance_of_zero():
    found = max_attendance([[20.0, 30.0]], 1, 10, fixed=[1])
    assert (found.objective, found.status, found.open.tolist()) == (0.0, Status.OPTIMAL, [1])


def test_larger_cutoff_never_brings_fewer():
    rng = np.random.default_rng(3)
    cost = rng.uniform(0, 50, (40, 12))
    values = [max_attendance(cost, 3, radius).objective for radius in (5, 10, 20, 40)]
    assert (np.diff(values) >= 0).all()


def test_cutoff_by_class():
    cost = Costs(np.array([[4.0, 8.0], [8.0, 4.0]]), ("town", "farm"), ("A", "B"))
    found = max_attendance(
        cost, 1, {"urban": 5, "rural": 16}, classes=["urban", "rural"], weights=[10, 10]
    )
    # A: 10·(1 − 4/5) + 10·(1 − 8/16) = 7; B: 0 + 10·(1 − 4/16) = 7.5.
    assert found.open_names == ("B",)
    assert found.objective == pytest.approx(7.5)


def test_gap_is_kept():
    at = np.random.default_rng(4).uniform(0, 50, (120, 2))
    cost = np.sqrt(((at[:, None] - at[None, :40]) ** 2).sum(axis=2))
    near = max_attendance(cost, 6, 20, gap=0.05)
    best = max_attendance(cost, 6, 20)
    assert best.status is Status.OPTIMAL
    assert near.gap <= 0.05
    assert near.objective <= best.objective * (1 + 1e-9)
    assert best.objective <= near.bound * (1 + 1e-9)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"radius": None}, "Linear has no edge of its own"),
        ({"radius": -1}, "radius"),
        ({"radius": {"urban": 1}}, "no classes are given"),
        ({"radius": 5, "p": 3}, "only 2 of 2"),
        ({"radius": 5, "time_limit_s": 0}, "time_limit_s"),
        ({"radius": 5, "weights": [-1]}, "weights, demand 0"),
    ],
)
def test_input_that_cannot_be_used_is_refused(given, word):
    with pytest.raises(InputError, match=word):
        max_attendance([[1.0, 2.0]], **{"p": 1, **given})
