from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from resalloc.errors import InputError
from resalloc.scoring.products import pareto
from tests.test_properties import STEADY

VALUES = st.sampled_from([-0.0, 0.0, 1.0, 2.0, 3.0, np.inf, np.nan])


@STEADY
@given(
    costs=st.tuples(st.integers(0, 12), st.integers(1, 4)).flatmap(
        lambda shape: npst.arrays(float, shape, elements=VALUES)
    )
)
def test_a_plan_is_kept_unless_another_dominates_it(costs: np.ndarray):
    known = ~np.isnan(costs).any(axis=1)
    expected = [
        known[i]
        and not any(
            known[j] and (costs[j] <= costs[i]).all() and (costs[j] < costs[i]).any()
            for j in range(len(costs))
        )
        for i in range(len(costs))
    ]
    assert pareto(costs).tolist() == expected


def test_a_list_is_refused():
    with pytest.raises(InputError, match="plans × indicators"):
        pareto(np.ones(3))
