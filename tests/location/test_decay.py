import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.location.access.decay import Exponential, Gaussian, Linear, Power, Step, Zones

ALL = [
    Step(),
    Zones((10, 20, 30), (1, 0.68, 0.22)),
    Gaussian(),
    Linear(),
    Exponential(0.1),
    Power(2.0, smallest=1.0),
]


@pytest.mark.parametrize("decay", ALL)
@given(radius=st.floats(0, 40), costs=st.lists(st.floats(0, 60), min_size=2, max_size=6))
def test_weight_is_one_at_no_cost_never_rises_and_is_zero_beyond_the_radius(decay, radius, costs):
    costs = np.sort(costs)
    weights = decay(costs, radius)
    assert decay(0.0, radius) == 1
    assert (np.diff(weights) <= 0).all()
    assert ((weights >= 0) & (weights <= 1)).all()
    assert (weights[costs > radius] == 0).all()


@pytest.mark.parametrize("decay", ALL)
def test_what_cannot_be_reached_weighs_nothing(decay):
    assert decay(np.inf, 30.0) == 0


@pytest.mark.parametrize("decay", ALL)
def test_radius_may_differ_by_row(decay):
    both = decay(np.full((2, 3), 12.0), np.array([[5.0], [15.0]]))
    assert both[0].tolist() == [0, 0, 0]
    assert both[1].tolist() == decay(np.full(3, 12.0), 15.0).tolist()


@pytest.mark.parametrize("decay", ALL)
def test_decay_can_be_sent_to_another_process(decay):
    assert pickle.loads(pickle.dumps(decay)) == decay


def test_gaussian_by_hand():
    # (exp(-1/8) - exp(-1/2)) / (1 - exp(-1/2)) = (0.882497 - 0.606531) / 0.393469
    assert Gaussian()(5.0, 10.0) == pytest.approx(0.275966 / 0.393469, abs=2e-6)


def test_zone_limit_belongs_to_the_inner_zone_and_the_radius_cuts_zones():
    zones = Zones((10, 20, 30), (1, 0.68, 0.22))
    assert zones([10, 10.01, 20, 30], 30).tolist() == [1, 0.68, 0.68, 0.22]
    assert zones([10, 15, 16], 15).tolist() == [1, 0.68, 0]


@pytest.mark.parametrize(
    ("limits", "weights", "word"),
    [
        ((10, 10), (1, 0.5), "ascending"),
        ((10, 20), (0.5, 0.7), "never rise"),
        ((10, 20), (1.5, 0.7), "between 0 and 1"),
        ((10, 20), (1,), "one weight a limit"),
        ((10, np.nan), (1, 0.5), "ascending finite"),
        ((), (), "at least one"),
    ],
)
def test_zones_that_make_no_sense_are_refused(limits, weights, word):
    with pytest.raises(InputError, match=word):
        Zones(limits, weights)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_parameters_must_be_above_zero(value):
    for make in (Exponential, lambda v: Power(v, 1.0), lambda v: Power(1.0, v)):
        with pytest.raises(InputError, match="above 0"):
            make(value)
