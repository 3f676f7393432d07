import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.district.spread import spread
from resalloc.errors import InputError

weights = st.lists(st.floats(min_value=0, max_value=1e6), min_size=1, max_size=30)


@given(st.integers(0, 5000), weights.filter(lambda values: max(values) > 0))
@settings(deadline=None)
def test_the_parts_sum_to_the_total_and_lie_next_to_their_shares(total: int, values: list[float]):
    given_out = spread(total, values)
    share = np.array(values) / max(values)
    share = total * share / share.sum()
    assert given_out.sum() == total
    assert (np.abs(given_out - share) < 1 + 1e-6).all()


@given(st.data())
@settings(deadline=None)
def test_no_part_exceeds_its_cap(data: st.DataObject):
    caps = data.draw(st.lists(st.integers(0, 50), min_size=1, max_size=20))
    total = data.draw(st.integers(0, sum(caps)))
    positive = st.floats(min_value=1e-3, max_value=1e3)
    values = data.draw(st.lists(positive, min_size=len(caps), max_size=len(caps)))
    given_out = spread(total, values, caps)
    assert given_out.sum() == total
    assert (given_out <= caps).all()
    assert (given_out >= 0).all()


def test_places_without_a_weight_get_nothing():
    assert spread(5, [0, 1, 0]).tolist() == [0, 5, 0]


@pytest.mark.parametrize(("total", "values", "caps"), [(3, [1, 1], [1, 1]), (1, [0, 0], None)])
def test_what_does_not_fit_is_refused(total, values, caps):
    with pytest.raises(InputError, match="cannot be shared out"):
        spread(total, values, caps)


def test_a_negative_weight_is_refused():
    with pytest.raises(InputError, match="weights"):
        spread(3, [1, -1])
