"""The compiled measures of one scenario say what their NumPy counterparts say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from resalloc import location
from resalloc.scoring import equity
from resalloc.scoring.measures import kernels
from resalloc.scoring.measures.nearest_first import nearest_first
from resalloc.scoring.measures.quantiles import weighted_quantiles

STEADY = settings(deadline=None, max_examples=60, derandomize=True)
SHARES = np.array([0.0, 0.25, 0.5, 0.9, 1.0])


def drawn(count: int, top: float = 1e4, unknown: bool = True) -> st.SearchStrategy[np.ndarray]:
    """Amounts with zeros and ties among them, now and then one that is not known."""
    some = st.just(0.0) | st.integers(1, 4).map(float) | st.floats(0.01, top)
    arrays = npst.arrays(np.float64, count, elements=some)
    if not unknown:
        return arrays
    lost = npst.arrays(np.float64, count, elements=some | st.just(math.nan))
    return st.one_of(arrays, arrays, arrays, lost)


def order(count: int) -> np.ndarray:
    return np.full(count, -1, dtype=np.int64)


def quantiles_one(values: np.ndarray, people: np.ndarray, shares: np.ndarray) -> np.ndarray:
    found = np.zeros(len(shares))
    kernels.weighted_quantiles_one(values, people, shares, order(len(values)), found)
    return found


@STEADY
@given(count=st.integers(0, 60), data=st.data())
def test_quantiles(count, data):
    values, people = data.draw(drawn(count)), data.draw(drawn(count))
    wanted = weighted_quantiles(values, people, SHARES)
    np.testing.assert_array_equal(quantiles_one(values, people, SHARES), wanted)
    np.testing.assert_array_equal(quantiles_one(values, people, SHARES[::-1]), wanted[::-1])
    for share, one in zip(SHARES, wanted, strict=True):
        found = kernels.weighted_quantile(values, people, order(count), share)
        np.testing.assert_array_equal(found, one)


@pytest.mark.parametrize("count", [28, 300, 1000, 3000])
@pytest.mark.parametrize("kind", ["any", "ties", "rising", "falling", "organ pipes", "one far"])
def test_quantiles_of_many(count, kind):
    rng = np.random.default_rng(count)
    values = {
        "any": rng.gamma(2, 8, count),
        "ties": rng.integers(0, 4, count).astype(float),
        "rising": np.arange(count, dtype=float),
        "falling": np.arange(count, 0, -1.0),
        "organ pipes": np.minimum(np.arange(count), np.arange(count)[::-1]).astype(float),
        "one far": np.where(np.arange(count) == count // 3, math.inf, 5.0),
    }[kind]
    people = rng.gamma(1, 300, count) * (rng.random(count) > 0.1)
    wanted = weighted_quantiles(values, people, SHARES)
    np.testing.assert_array_equal(quantiles_one(values, people, SHARES), wanted)


@STEADY
@given(count=st.integers(0, 60), data=st.data())
def test_mean_is_numpys(count, data):
    values, people = data.draw(drawn(count)), data.draw(drawn(count))
    wanted = np.average(values, weights=people) if people.sum() > 0 else math.nan
    if np.isnan(values).any():
        wanted = math.nan
    np.testing.assert_allclose(kernels.weighted_mean(values, people), wanted, rtol=1e-12)


@STEADY
@given(count=st.integers(1, 60), data=st.data())
def test_gini_and_theil(count, data):
    amount, people = data.draw(drawn(count)), data.draw(drawn(count))
    found = kernels.gini_one(amount, people, np.empty(count), order(count))
    np.testing.assert_allclose(found, equity.gini(amount, people), rtol=0, atol=1e-12)
    for form, pair in (("L", (amount, people)), ("T", (people, amount))):
        wanted = equity.theil(amount, people, form)
        np.testing.assert_allclose(kernels.theil_one(*pair), wanted, rtol=0, atol=1e-12)


@pytest.mark.parametrize("count", [28, 300, 1000, 3000])
def test_gini_and_theil_of_many(count):
    rng = np.random.default_rng(count)
    amount, people = rng.gamma(1, 80, count), rng.gamma(1, 3000, count)
    found = kernels.gini_one(amount, people, np.empty(count), order(count))
    assert found == pytest.approx(float(equity.gini(amount, people)), abs=1e-12)
    wanted = float(equity.theil(amount, people))
    assert kernels.theil_one(amount, people) == pytest.approx(wanted, abs=1e-12)


@STEADY
@given(n=st.integers(1, 12), m=st.integers(1, 6), data=st.data())
def test_access_is_that_of_location(n, m, data):
    minutes = data.draw(npst.arrays(np.float64, (n, m), elements=st.integers(0, 60).map(float)))
    minutes[data.draw(npst.arrays(np.bool_, (n, m)))] = math.inf
    people = data.draw(drawn(n, unknown=False))
    supply = data.draw(drawn(m, unknown=False))
    reach = data.draw(npst.arrays(np.float64, n, elements=st.sampled_from([15.0, 30.0, 45.0])))
    ratio, access = np.full(m, 9.0), np.full(n, 9.0)
    lists = nearest_first(minutes, longest=45.0)
    kernels.two_step_access(
        supply, people, reach, lists.start, lists.site, lists.away, ratio, access
    )
    if np.isinf(minutes).all() or not people.sum():
        np.testing.assert_array_equal(access, 0.0)
        return
    wanted = location.access_2sfca(minutes, supply, people, radius=reach)
    np.testing.assert_allclose(access, wanted.access, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ratio, np.nan_to_num(wanted.ratio), rtol=1e-12)
    handed_out = supply[~np.isnan(wanted.ratio)].sum()
    np.testing.assert_allclose((people * access).sum(), handed_out, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("supply", "people", "wanted"),
    [
        ([6.0, math.nan], [100.0, 200.0, 50.0], [0.02, math.nan, 0.0]),
        ([6.0, 4.0], [100.0, math.nan, 50.0], [math.nan, math.nan, 0.0]),
        ([6.0, 4.0], [100.0, 200.0, math.nan], [0.02, 0.04, 0.0]),
    ],
)
def test_what_is_not_known_spreads_as_far_as_the_catchment(supply, people, wanted):
    lists = nearest_first([[10.0, 40.0], [20.0, 15.0], [90.0, 90.0]])
    ratio, access = np.empty(2), np.empty(3)
    kernels.two_step_access(
        np.array(supply), np.array(people), np.full(3, 30.0),
        lists.start, lists.site, lists.away, ratio, access,
    )  # fmt: skip
    np.testing.assert_allclose(access, wanted)


def test_a_faster_road_is_a_longer_reach():
    """Minutes at 1.5 times the speed within 30 are today's minutes within 45."""
    minutes = np.array([[44.0, 46.0], [20.0, 45.0]])
    lists = nearest_first(minutes)
    ratio, access = np.empty(2), np.empty(2)
    people, supply, faster = np.array([10.0, 20.0]), np.array([3.0, 4.0]), np.array([1.5, 1.0])
    kernels.two_step_access(
        supply, people, 30.0 * faster, lists.start, lists.site, lists.away, ratio, access
    )
    wanted = location.access_2sfca(minutes / faster[:, None], supply, people, radius=30.0)
    np.testing.assert_allclose(access, wanted.access)
