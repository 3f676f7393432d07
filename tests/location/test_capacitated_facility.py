"""Facility location with fixed costs, with and without capacities."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.location.capacity.capacitated_facility import capacitated_facility
from resalloc.status import Status

REFERENCE = os.environ.get("RESALLOC_REFERENCE_DATA")
needs_reference = pytest.mark.skipif(
    REFERENCE is None, reason="RESALLOC_REFERENCE_DATA does not name the published instances"
)
ROAD = np.array([[0.0, 8.0], [8.0, 0.0]])


def test_a_second_site_opens_when_it_pays() -> None:
    # One site: 500 + 60 * 8 = 980; two: 1000. At 450 each: 930 against 900.
    one = capacitated_facility(ROAD, fixed_cost=500, weights=[100, 60])
    assert (one.status, one.open.tolist(), one.objective) == (Status.OPTIMAL, [0], 980.0)
    two = capacitated_facility(ROAD, fixed_cost=450, weights=[100, 60])
    assert (two.open.tolist(), two.objective) == ([0, 1], 900.0)


def test_both_readings_of_the_cost_agree() -> None:
    people = np.array([100.0, 60.0])
    by_unit = capacitated_facility(ROAD, 120, fixed_cost=500, weights=people)
    by_point = capacitated_facility(ROAD * people[:, None], 120, fixed_cost=500, demand=people)
    assert by_unit.objective == by_point.objective == 1000.0


def test_a_split_answer_keeps_every_capacity() -> None:
    # Site 0 holds 130 of 160, so site 1 opens as well; where it holds all 60, they stay.
    answer = capacitated_facility(ROAD, [130, 160], fixed_cost=[0, 100], weights=[100, 60])
    assert answer.objective == pytest.approx(100)
    crowded = capacitated_facility(ROAD, [130, 40], fixed_cost=[0, 100], weights=[100, 60])
    # 40 stay, 20 travel 8 km: 100 + 160
    assert crowded.objective == pytest.approx(260)
    assert crowded.split is not None
    assert crowded.split.toarray()[1] == pytest.approx([1 / 3, 2 / 3])
    assert crowded.covered.all()


def test_p_fixed_and_forbidden_are_kept() -> None:
    cost = np.array([[1.0, 5.0, 9.0], [9.0, 5.0, 1.0]])
    three = capacitated_facility(cost, fixed_cost=10, p=3)
    assert (three.open.tolist(), three.objective) == ([0, 1, 2], 32.0)
    kept = capacitated_facility(cost, fixed_cost=10, fixed=[0])
    # site 0 for both: 10 + 1 + 9 = 20
    assert (kept.open.tolist(), kept.objective) == ([0], 20.0)
    # The middle site alone is 10 + 5 + 5 = 20, and cheaper to open it would win.
    cheap = [10, 7, 10]
    assert capacitated_facility(cost, fixed_cost=cheap).open.tolist() == [1]
    without = capacitated_facility(cost, fixed_cost=cheap, forbidden=[1])
    assert without.objective == 20.0


@st.composite
def small(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n, m = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    numbers = st.lists(st.integers(0, 20), min_size=n * m, max_size=n * m)
    cost = np.array(draw(numbers), dtype=float).reshape(n, m)
    demand = np.array(draw(st.lists(st.integers(1, 6), min_size=n, max_size=n)), dtype=float)
    room = np.array(draw(st.lists(st.integers(3, 16), min_size=m, max_size=m)), dtype=float)
    opening = np.array(draw(st.lists(st.integers(0, 25), min_size=m, max_size=m)), dtype=float)
    return cost, demand, room, opening


@given(small())
@settings(max_examples=50, deadline=None)
def test_it_agrees_with_trying_everything(
    problem: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    cost, demand, room, opening = problem
    n, m = cost.shape
    free, whole = np.inf, np.inf
    for served in itertools.product(range(m), repeat=n):
        total = cost[np.arange(n), served].sum() + opening[list(set(served))].sum()
        free = min(free, float(total))
        if (np.bincount(served, demand, m) <= room).all():
            whole = min(whole, float(total))
    endless = capacitated_facility(cost, fixed_cost=opening, demand=demand)
    assert endless.status is Status.OPTIMAL
    assert endless.objective == pytest.approx(free)
    single = capacitated_facility(cost, room, fixed_cost=opening, demand=demand, single_source=True)
    assert (single.status is Status.OPTIMAL) == (whole < np.inf)
    split = capacitated_facility(cost, room, fixed_cost=opening, demand=demand)
    if whole < np.inf:
        assert single.objective == pytest.approx(whole)
        assert split.status is Status.OPTIMAL
        assert free - 1e-6 <= split.objective <= whole + 1e-6


def published(name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    words = (Path(REFERENCE or "") / "cap" / f"{name}.txt").read_text().split()
    m, n = int(words[0]), int(words[1])
    numbers = np.array(words[2:], dtype=float)
    rows = numbers[2 * m :].reshape(n, m + 1)
    return rows[:, 1:], rows[:, 0], numbers[: 2 * m : 2], numbers[1 : 2 * m : 2]


@needs_reference
def test_the_or_library_warehouse_optima_are_proven() -> None:
    optima = json.loads((Path(REFERENCE or "") / "cap" / "optima.json").read_text())
    for kind, known in optima.items():
        for name, optimum in known.items():
            cost, demand, room, opening = published(name)
            capacity = room if kind == "capacitated" else None
            answer = capacitated_facility(cost, capacity, fixed_cost=opening, demand=demand)
            assert answer.status is Status.OPTIMAL, name
            assert answer.objective == pytest.approx(optimum, abs=1e-3), name
