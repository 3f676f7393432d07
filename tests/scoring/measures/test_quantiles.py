from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from resalloc.errors import InputError
from resalloc.scoring.measures.quantiles import weighted_quantiles

STEADY = settings(deadline=None, max_examples=40, derandomize=True)


def test_ten_tenths_and_nine_of_them():
    # Ten points of a tenth each: 0.1 added nine times is 0.8999…, and is nine tenths all the same.
    values, people = np.arange(1.0, 11.0), np.full(10, 0.1)
    assert weighted_quantiles(values, people, [0.0, 0.1, 0.5, 0.9, 1.0]).tolist() == [
        1,
        1,
        5,
        9,
        10,
    ]
    assert weighted_quantiles(values, people, [0.51, 0.91]).tolist() == [6, 10]


def test_where_nobody_lives_does_not_count():
    found = weighted_quantiles([1.0, 5.0, 99.0], [0.0, 10.0, 0.0], [0.0, 0.5, 1.0])
    assert found.tolist() == [5, 5, 5]


def test_a_few_people_too_many_to_forget():
    # The last point has 1 in 10^13 of the people: still somebody.
    assert weighted_quantiles([1.0, 9.0], [1e7, 1e-6], [1.0]).tolist() == [9]


def test_nobody_comes_to_some():
    found = weighted_quantiles([4.0, math.inf], [90.0, 10.0], [0.5, 0.9, 1.0])
    assert found.tolist() == [4, 4, math.inf]


@pytest.mark.parametrize(
    ("values", "people"),
    [([1.0, math.nan], [1.0, 0.0]), ([1.0, 2.0], [1.0, math.nan]), ([1.0], [0.0]), ([], [])],
)
def test_not_known(values, people):
    assert np.isnan(weighted_quantiles(values, people, [0.0, 0.5, 1.0])).all()


def test_scenarios_side_by_side():
    values = np.array([[3.0, 1.0, 2.0], [3.0, math.nan, 2.0], [1.0, 1.0, 1.0]])
    found = weighted_quantiles(values, [1.0, 1.0, 1.0], [0.5])
    np.testing.assert_equal(found, [[2.0], [math.nan], [1.0]])


@STEADY
@given(data=st.data())
def test_the_smallest_value_that_the_share_does_not_exceed(data):
    n = data.draw(st.integers(1, 30))
    values = data.draw(npst.arrays(np.float64, n, elements=st.integers(0, 9).map(float)))
    people = data.draw(npst.arrays(np.float64, n, elements=st.integers(0, 5).map(float)))
    people[0] += 1
    share = data.draw(st.integers(0, 20)) / 20
    (found,) = weighted_quantiles(values, people, [share])
    total = people.sum()
    assert found in values[people > 0]
    assert people[values <= found].sum() >= share * total - 1e-9
    smaller = values < found
    assert people[smaller].sum() < share * total or not people[smaller].sum()


def test_every_fault_is_found_at_once():
    with pytest.raises(InputError) as error:
        weighted_quantiles([1.0, 2.0], [1.0, -1.0, 2.0], [1.5])
    assert len(error.value.faults) == 3
