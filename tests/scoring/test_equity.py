"""Equity indices: a case by hand, golden values, and what must hold of any shares."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from resalloc.errors import InputError
from resalloc.scoring import equity

PEOPLE = np.array([30.0, 50.0, 20.0])
AREA = np.array([100.0, 300.0, 600.0])
BEDS = np.array([200.0, 150.0, 50.0])
STEADY = settings(deadline=None, max_examples=40, derandomize=True)
UNKNOWN = math.nan


def amounts(count: int, least: float = 0.0, scenarios: int = 1) -> st.SearchStrategy[np.ndarray]:
    some = st.floats(max(least, 0.01), 1e5)
    elements = st.just(0.0) | some if least == 0.0 else some
    return npst.arrays(np.float64, (scenarios, count), elements=elements)


@st.composite
def shared_out(draw: st.DrawFn, least: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Amounts and people of up to 12 units, in two scenarios; not all of either are nothing."""
    count = draw(st.integers(1, 12))
    x, n = draw(amounts(count, least, 2)), draw(amounts(count, least, 2))
    x[:, 0] += 1.0
    n[:, -1] += 1.0
    return x, n


# By hand


def test_gini_of_two_halves_one_with_everything():
    # Curve (0,0) (0.5,0) (1,1): area under it 0.25 of 0.5, so G = 0.5
    assert equity.gini([0.0, 10.0], [5.0, 5.0]) == 0.5


def test_theil_of_one_to_three_among_equals():
    # p = (1/2, 1/2), y = (1/4, 3/4): L = ½ ln 2 + ½ ln ⅔ = ½ ln 4/3; T = ¼ ln ½ + ¾ ln 3/2
    assert equity.theil([1.0, 3.0], [1.0, 1.0]) == pytest.approx(0.5 * math.log(4 / 3))
    wanted = 0.25 * math.log(0.5) + 0.75 * math.log(1.5)
    assert equity.theil([1.0, 3.0], [1.0, 1.0], form="T") == pytest.approx(wanted)


def test_concentration_on_the_poor_is_below_zero():
    # Ranks 1/4, 3/4; the poor half has 3 of 4: 2 (¾ · ¼ + ¼ · ¾) − 1 = −1/4
    assert equity.concentration_index([3.0, 1.0], [1.0, 1.0], rank_by=[1, 2]) == -0.25


def test_units_of_one_rank_share_it_whatever_their_order():
    # Two of rank 5 hold 80 of 100 people: both at 0.2 + 0.4 = 0.6; the poor at 0.1.
    # y = (0.5, 0.3, 0.2): 2 (0.5 · 0.1 + 0.5 · 0.6) − 1 = −0.3
    found = equity.concentration_index([50, 30, 20], [20, 50, 30], rank_by=[1, 5, 5])
    assert found == pytest.approx(-0.3)
    assert equity.concentration_index([50, 20, 30], [20, 30, 50], [1, 5, 5]) == pytest.approx(found)


# Golden values


def test_golden_gini():
    assert equity.gini(BEDS, PEOPLE) == pytest.approx(0.2125, abs=5e-5)
    assert equity.gini(BEDS, AREA) == pytest.approx(0.5875, abs=5e-5)


def test_golden_theil():
    assert equity.theil(BEDS, PEOPLE) == pytest.approx(0.0845941, abs=5e-8)
    assert equity.theil(BEDS, PEOPLE, base=10) == pytest.approx(0.0367387, abs=5e-8)
    assert equity.theil(BEDS, PEOPLE, form="T") == pytest.approx(0.0887816, abs=5e-8)


def test_golden_groups():
    parts = equity.theil_groups(BEDS, PEOPLE, ["1", "2", "2"])
    assert parts.labels == ("1", "2")
    assert parts.between == pytest.approx(0.0822829, abs=5e-8)
    assert parts.within == pytest.approx(0.0023112, abs=5e-8)


def test_golden_agglomeration():
    found = equity.agglomeration(BEDS, PEOPLE, AREA, per=1.0)
    np.testing.assert_allclose(found.hrad, [5, 1.25, 0.20833], atol=5e-6)
    np.testing.assert_allclose(found.pad, [3, 1.66667, 0.33333], atol=5e-6)
    np.testing.assert_allclose(found.hrad_per_pad, [1.66667, 0.75, 0.625], atol=5e-6)
    np.testing.assert_allclose(found.hrdi, [3.65148, 1.22474, 0.45644], atol=5e-6)
    assert list(found.frame(["a", "b", "c"]).index) == ["a", "b", "c"]


# What must hold


@STEADY
@given(given_=shared_out())
def test_both_gini_formulas_agree(given_):
    x, n = given_
    y, p = (v / v.sum(axis=-1, keepdims=True) for v in given_)
    # p_i p_k |a_i − a_k| = |y_i p_k − y_k p_i|, which needs no division by people
    apart = np.abs(y[:, :, None] * p[:, None, :] - y[:, None, :] * p[:, :, None])
    np.testing.assert_allclose(equity.gini(x, n), apart.sum(axis=(1, 2)) / 2, atol=1e-12)


@STEADY
@given(given_=shared_out())
def test_gini_is_the_concentration_ranked_by_the_rate(given_):
    x, n = given_
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(n > 0, x / n, np.where(x > 0, 1e300, 0.0))
    found = equity.concentration_index(x, n, rate)
    np.testing.assert_allclose(found, equity.gini(x, n), atol=1e-12)
    np.testing.assert_allclose(equity.concentration_index(x, n, -rate), -found, atol=1e-12)


@STEADY
@given(given_=shared_out(), form=st.sampled_from("LT"), data=st.data())
def test_theil_is_between_and_within(given_, form, data):
    x, n = given_
    count = x.shape[-1]
    groups = data.draw(st.lists(st.sampled_from("abc"), min_size=count, max_size=count))
    parts = equity.theil_groups(x, n, groups, form)
    np.testing.assert_allclose(parts.total, equity.theil(x, n, form), atol=1e-12)
    np.testing.assert_allclose(parts.total, parts.between + parts.within, atol=1e-12)
    some = (parts.total > 1e-6) & np.isfinite(parts.total)
    np.testing.assert_allclose((parts.between_share + parts.within_share)[some], 1.0, atol=1e-6)
    alone = equity.theil_groups(x, n, [str(i) for i in range(count)], form)
    np.testing.assert_allclose(alone.within, 0.0, atol=1e-12)
    whole = equity.theil_groups(x, n, ["all"] * count, form)
    np.testing.assert_allclose(whole.by_group[:, 0], whole.total, atol=1e-12)


@STEADY
@given(given_=shared_out())
def test_the_two_theils_are_one_with_the_roles_changed(given_):
    x, n = given_
    np.testing.assert_allclose(equity.theil(x, n, "T"), equity.theil(n, x, "L"), atol=1e-12)


def _indices(x, n):
    return np.array([equity.gini(x, n), equity.theil(x, n), equity.theil(x, n, "T")])


@STEADY
@given(given_=shared_out(), factor=st.floats(0.01, 100.0), data=st.data())
def test_neither_scale_nor_order_nor_company_matters(given_, factor, data):
    x, n = given_
    base = _indices(x, n)
    assert (base >= 0).all()
    order = data.draw(st.permutations(range(x.shape[-1])))
    np.testing.assert_allclose(_indices(factor * x, n / factor), base, atol=1e-12)
    np.testing.assert_allclose(_indices(x[:, order], n[:, order]), base, atol=1e-12)
    np.testing.assert_allclose(_indices(x[1], n[1]), base[:, 1], atol=1e-12)
    twice = _indices(np.tile(x, 2), np.tile(n, 2))
    np.testing.assert_allclose(twice, base, atol=1e-12)


@STEADY
@given(given_=shared_out(0.01), part=st.floats(0.0, 1.0))
def test_beds_moved_to_the_worse_supplied_never_raise_an_index(given_, part):
    x, n = given_
    if x.shape[-1] < 2:
        return
    rate = x / n
    rich, poor = rate.argmax(axis=-1), rate.argmin(axis=-1)
    at = np.arange(len(x))
    # Moving this many makes the two equal; any part of it is a transfer from rich to poor.
    level = (rate[at, rich] - rate[at, poor]) / (1 / n[at, rich] + 1 / n[at, poor])
    moved = x.copy()
    np.subtract.at(moved, (at, rich), part * level)
    np.add.at(moved, (at, poor), part * level)
    assert (_indices(moved, n) <= _indices(x, n) + 1e-12).all()


@STEADY
@given(given_=shared_out(0.01), data=st.data())
def test_agglomeration_weighted_by_area_or_people_is_one(given_, data):
    x, n = given_
    area = data.draw(amounts(x.shape[-1], 0.01))[0]
    found = equity.agglomeration(x, n, area)
    s, p = area / area.sum(), n / n.sum(axis=-1, keepdims=True)
    np.testing.assert_allclose((s * found.hrad).sum(axis=-1), 1.0)
    np.testing.assert_allclose((p * found.hrad_per_pad).sum(axis=-1), 1.0)
    np.testing.assert_allclose(found.hrad / found.pad, found.hrad_per_pad)


# Nothing, and not known


@pytest.mark.parametrize(
    ("x", "n", "gini", "theil_l", "theil_t"),
    [
        ([7.0], [3.0], 0, 0, 0),
        ([5.0, 5.0], [1.0, 1.0], 0, 0, 0),
        ([10.0, 0.0], [5.0, 5.0], 0.5, math.inf, math.log(2)),
        ([5.0, 5.0], [10.0, 0.0], 0.5, math.log(2), math.inf),
        ([1.0, 3.0, 0.0], [2.0, 6.0, 0.0], 0, 0, 0),
        ([0.0, 0.0], [1.0, 1.0], UNKNOWN, UNKNOWN, UNKNOWN),
        ([1.0, 1.0], [0.0, 0.0], UNKNOWN, UNKNOWN, UNKNOWN),
        ([1.0, UNKNOWN], [1.0, 0.0], UNKNOWN, UNKNOWN, UNKNOWN),
        ([1.0, 0.0], [1.0, UNKNOWN], UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_nothing_and_not_known(x, n, gini, theil_l, theil_t):
    np.testing.assert_allclose(equity.gini(x, n), gini, atol=1e-12)
    np.testing.assert_allclose(equity.theil(x, n), theil_l, atol=1e-12)
    np.testing.assert_allclose(equity.theil(x, n, "T"), theil_t, atol=1e-12)


def test_one_unknown_scenario_leaves_the_others_known():
    x = np.array([BEDS, [1.0, UNKNOWN, 1.0], [0.0, 0.0, 0.0]])
    assert np.isnan(equity.gini(x, PEOPLE)).tolist() == [False, True, True]
    parts = equity.theil_groups(x, PEOPLE, ["a", "b", "b"])
    for part in (parts.total, parts.between, parts.within, parts.within_by_group[:, 0]):
        assert np.isnan(part).tolist() == [False, True, True]
    assert np.isnan(equity.agglomeration(x, PEOPLE, AREA).hrad[:, 0]).tolist() == [
        False,
        True,
        True,
    ]
    ranked = equity.concentration_index(x, PEOPLE, [1.0, 2.0, 3.0])
    assert np.isnan(ranked).tolist() == [False, True, True]
    assert np.isnan(equity.concentration_index(BEDS, PEOPLE, [1.0, UNKNOWN, 3.0]))


def test_a_group_without_beds_is_all_between():
    parts = equity.theil_groups([4.0, 0.0, 0.0], [1.0, 1.0, 1.0], ["a", "b", "b"])
    assert parts.total == parts.between == math.inf
    assert parts.within == 0
    assert np.isnan(parts.by_group).tolist() == [False, True]


def test_every_fault_is_found_at_once():
    with pytest.raises(InputError) as error:
        equity.theil([1.0, -2.0], [1.0, math.inf, 1.0], form="X", base=1.0)  # type: ignore[arg-type]
    assert len(error.value.faults) == 5
    with pytest.raises(InputError, match="one group a unit"):
        equity.theil_groups(BEDS, PEOPLE, ["a"])
    with pytest.raises(InputError, match="no units"):
        equity.gini([], PEOPLE)
    with pytest.raises(InputError, match="do not go together"):
        equity.gini(np.ones((2, 3)), np.ones((4, 3)))
