"""What makes a capacitated problem impossible, said in numbers."""

from __future__ import annotations

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.location.capacity.capacitated_facility import capacitated_facility
from resalloc.location.capacity.capacitated_median import capacitated_median
from resalloc.location.costs import Costs
from resalloc.status import Status

ROAD = np.array([[0.0, 4.0, 10.0], [4.0, 0.0, 6.0], [10.0, 6.0, 0.0]])


def test_demand_beyond_all_capacity_is_infeasible_with_both_numbers() -> None:
    answer = capacitated_median(ROAD, 2, [100, 90, 300], weights=[220, 50, 200])
    # 220 + 50 + 200 = 470 against 300 + 100
    assert answer.status is Status.INFEASIBLE
    assert answer.message == "demand 470 exceeds the capacity 400 of the 2 largest sites."


def test_a_fixed_site_takes_the_place_of_a_larger_one() -> None:
    answer = capacitated_median(ROAD, 2, [100, 90, 300], weights=[220, 50, 130], fixed=[1])
    # 220 + 50 + 130 = 400 would fit into 100 + 300, and not into 90 + 300
    assert answer.status is Status.INFEASIBLE
    assert "400 exceeds the capacity 390 of the 1 fixed and the largest site" in answer.message


def test_a_point_too_large_for_any_site_is_named_and_may_be_split() -> None:
    costs = Costs(ROAD, demand=("Upper", "Middle", "Lower"))
    whole = capacitated_median(costs, 2, 150, weights=[200, 20, 30])
    assert whole.status is Status.INFEASIBLE
    assert "Upper needs 200 and may not be split" in whole.message
    split = capacitated_median(costs, 2, 150, weights=[200, 20, 30], single_source=False)
    # 150 of Upper stay, 50 go 4 km to Middle, and Lower's 30 go there as well, 6 km
    assert split.open.tolist() == [0, 1]
    assert split.objective == pytest.approx(50 * 4 + 30 * 6)


def test_demand_nobody_reaches_is_named() -> None:
    cost = ROAD.copy()
    cost[1] = np.inf
    answer = capacitated_facility(Costs(cost, demand=("a", "b", "c")), 9, fixed_cost=1)
    assert (answer.status, answer.unreached) == (Status.INFEASIBLE, ("b",))


def test_a_packing_that_does_not_exist_is_infeasible_only_when_proven() -> None:
    # Three times 60 into two sites of 100: 180 of 200, but no two of 60 fit together.
    answer = capacitated_median(ROAD, 2, 100, weights=[60, 60, 60])
    assert answer.status is Status.INFEASIBLE
    assert "no way of serving all demand from 2 sites" in answer.message
    assert capacitated_median(ROAD, 2, 120, weights=[60, 60, 60]).status is Status.OPTIMAL


def test_a_split_that_does_not_exist_is_infeasible() -> None:
    # The second and third point reach only site 1, which holds 100 of their 120.
    cost = np.array([[1.0, 1.0], [np.inf, 1.0], [np.inf, 1.0]])
    for whole in (True, False):
        answer = capacitated_median(cost, 2, 100, weights=[1, 60, 60], single_source=whole)
        assert answer.status is Status.INFEASIBLE


def test_all_faults_come_at_once() -> None:
    with pytest.raises(InputError) as raised:
        capacitated_median(
            ROAD, 5, [1, 2], demand=[1, -1, 1], forbidden=[9], gap=2.0, time_limit_s=-1
        )
    text = str(raised.value)
    for word in ("capacity", "demand 1", "forbidden", "gap", "time_limit_s"):
        assert word in text
    with pytest.raises(InputError, match="p: is not given"):
        capacitated_median(ROAD, None, 3)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="fixed_cost: is not given"):
        capacitated_facility(ROAD, fixed_cost=None)


def test_points_that_need_nothing_take_no_part() -> None:
    cost = np.vstack([ROAD, [[np.inf] * 3], [[9.0, 8.0, 7.0]]])
    answer = capacitated_median(cost, 2, 250, weights=[220, 50, 200, 0, 0])
    assert answer.status is Status.OPTIMAL
    assert answer.assignment.tolist() == [0, 2, 2, -1, 2]
    assert answer.objective == 50 * 6
