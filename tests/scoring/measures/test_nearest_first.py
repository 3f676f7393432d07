from __future__ import annotations

import math

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.scoring.measures.nearest_first import nearest_first


def test_lists_end_at_the_longest_reach_and_leave_out_what_no_road_joins():
    lists = nearest_first([[30.0, 5.0, 5.0], [math.inf, 31.0, 99.0], [math.inf, 0.0, 30.0]], 30.0)
    assert lists.start.tolist() == [0, 3, 3, 5]
    assert lists.site.tolist() == [1, 2, 0, 1, 2]
    assert lists.away.tolist() == [5, 5, 30, 0, 30]


@pytest.mark.parametrize("cost", [[1.0, 2.0], [[math.nan]], [[-1.0]]])
def test_what_is_no_table_of_costs_is_refused(cost):
    with pytest.raises(InputError, match="nearest first, cost"):
        nearest_first(np.array(cost))
