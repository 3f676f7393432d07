"""The capacitated p-median."""

from __future__ import annotations

import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.location.capacity.capacitated_median import capacitated_median
from resalloc.location.costs import Costs
from resalloc.status import Status

REFERENCE = os.environ.get("RESALLOC_REFERENCE_DATA")
needs_reference = pytest.mark.skipif(
    REFERENCE is None, reason="RESALLOC_REFERENCE_DATA does not name the published instances"
)
ROAD = np.array([[0.0, 4.0, 10.0], [4.0, 0.0, 6.0], [10.0, 6.0, 0.0]])


def test_a_full_site_turns_the_village_away() -> None:
    answer = capacitated_median(ROAD, 2, 250, weights=[220, 50, 200])
    # Middle's 50 would go 4 km to Upper, which holds 250 and has 220: they go 6 km to Lower.
    assert answer.status is Status.OPTIMAL
    assert answer.assignment.tolist() == [0, 2, 2]
    assert answer.objective == 50 * 6
    assert answer.bound == answer.objective
    assert answer.split is None


def test_split_demand_fills_the_nearer_site_first() -> None:
    answer = capacitated_median(ROAD, 2, 250, weights=[220, 50, 200], single_source=False)
    # 30 of Middle's 50 fit into Upper: 30 * 4 + 20 * 6 = 240
    assert answer.open.tolist() == [0, 2]
    assert answer.objective == pytest.approx(240)
    assert answer.split is not None
    assert answer.split.toarray()[1] == pytest.approx([0.6, 0.0, 0.4])
    assert answer.served_cost[1] == pytest.approx(0.6 * 4 + 0.4 * 6)
    assert answer.assignment[1] == 0


def test_demand_takes_space_and_weight_takes_cost() -> None:
    # By space Middle's 60 do not fit beside Upper's 220; each point counts once in the cost.
    answer = capacitated_median(ROAD, 2, 250, demand=[220, 60, 190], fixed=[0, 2])
    assert (answer.assignment.tolist(), answer.objective) == ([0, 2, 2], 6.0)


def test_fixed_and_forbidden_sites_are_kept() -> None:
    answer = capacitated_median(
        Costs(ROAD, sites=("U", "M", "L")), 2, 300, weights=[9, 5, 7], fixed=["M"], forbidden=["U"]
    )
    # Upper's 9 go 4 km to Middle
    assert (answer.open_names, answer.objective) == (("M", "L"), 36.0)


@st.composite
def small(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    n, m = draw(st.integers(2, 5)), draw(st.integers(2, 4))
    whole = draw(st.booleans())
    cost = np.array(
        draw(st.lists(st.integers(0, 20), min_size=n * m, max_size=n * m)), dtype=float
    ).reshape(n, m)
    if not whole:
        cost = cost * 0.37
    cost[draw(st.integers(0, n - 1)), draw(st.integers(0, m - 1))] = np.inf
    demand = np.array(draw(st.lists(st.integers(0, 6), min_size=n, max_size=n)), dtype=float)
    room = np.array(draw(st.lists(st.integers(0, 14), min_size=m, max_size=m)), dtype=float)
    return cost, demand, room, draw(st.integers(1, m))


def brute_force(cost: np.ndarray, demand: np.ndarray, room: np.ndarray, p: int) -> float:
    best = np.inf
    n, m = cost.shape
    for sites in itertools.combinations(range(m), p):
        for served in itertools.product(sites, repeat=n):
            load = np.bincount(served, demand, m)
            if (load <= room).all():
                best = min(best, float(cost[np.arange(n), served].sum()))
    return best


@given(small())
@settings(max_examples=60, deadline=None)
def test_it_agrees_with_trying_everything(
    problem: tuple[np.ndarray, np.ndarray, np.ndarray, int],
) -> None:
    cost, demand, room, p = problem
    best = brute_force(cost, demand, room, p)
    answer = capacitated_median(cost, p, room, demand=demand)
    if best == np.inf:
        assert answer.status is Status.INFEASIBLE
        return
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(best)
    assert len(answer.open) == p
    split = capacitated_median(cost, p, room, demand=demand, single_source=False)
    assert split.status is Status.OPTIMAL
    assert split.objective <= best + 1e-6


@given(small())
@settings(max_examples=25, deadline=None)
def test_the_order_of_points_and_sites_does_not_matter(
    problem: tuple[np.ndarray, np.ndarray, np.ndarray, int],
) -> None:
    cost, demand, room, p = problem
    n, m = cost.shape
    rows, columns = np.arange(n)[::-1], np.roll(np.arange(m), 1)
    one = capacitated_median(cost, p, room, demand=demand)
    other = capacitated_median(cost[rows][:, columns], p, room[columns], demand=demand[rows])
    assert one.status is other.status
    assert one.objective == pytest.approx(other.objective, nan_ok=True)


def plane(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points and demands as in the OR-Library's capacitated p-medians."""
    random = np.random.default_rng(seed)
    xy, demand = random.integers(1, 101, (n, 2)), random.integers(1, 21, n).astype(float)
    return np.floor(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))), demand


def test_more_capacity_and_more_sites_never_cost_more() -> None:
    cost, demand = plane(30, 3)
    by_room = [capacitated_median(cost, 4, room, demand=demand).objective for room in (90, 99, 150)]
    assert by_room == sorted(by_room, reverse=True)
    by_p = [capacitated_median(cost, p, 110, demand=demand).objective for p in (3, 4, 5)]
    assert by_p == sorted(by_p, reverse=True)


def test_the_same_input_gives_the_same_answer() -> None:
    cost, demand = plane(40, 5)
    one, two = (capacitated_median(cost, 5, 100, demand=demand) for _ in range(2))
    assert one.assignment.tolist() == two.assignment.tolist()


def test_a_gap_that_is_allowed_is_reported_and_kept() -> None:
    cost, demand = plane(50, 1)
    exact = capacitated_median(cost, 5, 120, demand=demand)
    loose = capacitated_median(cost, 5, 120, demand=demand, gap=0.05)
    assert exact.status is Status.OPTIMAL
    assert loose.gap <= 0.05 + 1e-9
    assert loose.bound <= exact.objective <= loose.objective


def test_a_time_limit_is_never_called_optimal() -> None:
    cost, demand = plane(120, 7)
    answer = capacitated_median(cost, 12, 110, demand=demand, time_limit_s=0.2)
    if answer.status is Status.FEASIBLE:
        assert answer.gap > 1e-6
        assert answer.bound < answer.objective
    else:
        assert answer.status is Status.UNKNOWN


def test_very_small_and_very_large_units_give_the_same_sites() -> None:
    cost, demand = plane(25, 2)
    one = capacitated_median(cost, 3, 100, demand=demand)
    for factor in (1e-6, 1e6):
        other = capacitated_median(cost * factor, 3, 100 * factor, demand=demand * factor)
        assert other.status is Status.OPTIMAL
        assert other.objective == pytest.approx(one.objective * factor)


def published(k: int) -> tuple[np.ndarray, np.ndarray, float, int, float]:
    folder = Path(REFERENCE or "") / "pmedcap"
    words = (folder / f"pmedcap{k:02d}.txt").read_text().split()
    n, p, room = (int(word) for word in words[2:5])
    table = np.array(words[5:], dtype=float).reshape(n, 4)
    apart = np.hypot(*(table[:, None, 1:3] - table[None, :, 1:3]).transpose(2, 0, 1))
    optimum = json.loads((folder / "optima.json").read_text())[f"pmedcap{k:02d}"]["optimum"]
    return np.floor(apart), table[:, 3], room, p, optimum


@needs_reference
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5, 6, 7, 9, 10])
def test_the_or_library_optimum_is_proven(k: int) -> None:
    cost, demand, room, p, optimum = published(k)
    answer = capacitated_median(cost, p, room, demand=demand)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, optimum)


@needs_reference
@pytest.mark.slow
def test_the_hardest_of_the_or_library_is_proven() -> None:
    cost, demand, room, p, optimum = published(8)
    answer = capacitated_median(cost, p, room, demand=demand)
    assert (answer.status, answer.objective) == (Status.OPTIMAL, optimum)


@needs_reference
@pytest.mark.parametrize(("name", "optimum"), [("SJC1", 17288.99), ("SJC2", 33270.94)])
def test_the_optimum_of_sao_jose_dos_campos_is_proven(name: str, optimum: float) -> None:
    words = (Path(REFERENCE or "") / "cpmp_sjc" / f"{name}.dat").read_text().split()
    n, p = int(words[0]), int(words[1])
    table = np.array(words[2:], dtype=float).reshape(n, 4)
    cost = np.hypot(*(table[:, None, :2] - table[None, :, :2]).transpose(2, 0, 1))
    answer = capacitated_median(cost, p, table[:, 2], demand=table[:, 3])
    assert answer.status is Status.OPTIMAL
    assert answer.objective == pytest.approx(optimum, abs=0.01)
