"""The one vector x: named blocks, their axes, and the way back from a position to a name."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.problem.allocation import Allocation
from resalloc.problem.columns import Axis, Block, Columns

if TYPE_CHECKING:
    from resalloc.problem.rows import Rows

TOWNS = Axis("township", ("A", "B"))
ITEMS = Axis("item", ("clinic", "doctor", "place"))


def _block(name: str, axes: tuple[Axis, ...], today: np.ndarray, **more: object) -> Block:
    upper = np.full(today.shape, np.inf)
    return Block(name, axes, (2023, 2025), today, np.zeros(today.shape), upper, **more)


@pytest.fixture
def columns() -> Columns:
    """First 2 × 2 years, then 2 × 3 × 2 years: 16 columns."""
    first = _block("station", (TOWNS,), np.array([1.0, np.nan]))
    second = _block("supply", (TOWNS, ITEMS), np.arange(6.0).reshape(2, 3), integer=False)
    return Columns.of([first, second])


def test_blocks_lie_side_by_side(columns: Columns):
    assert columns.size == 4 + 12
    assert columns["supply"].start == 4
    assert columns["supply"].ids.shape == (2, 3, 2)
    every = np.concatenate([block.ids.reshape(-1) for block in columns.blocks.values()])
    assert every.tolist() == list(range(16))


def test_today_repeats_over_the_years(columns: Columns):
    today = columns.today
    assert today[:2].tolist() == [1.0, 1.0]
    assert np.isnan(today[2:4]).all()
    assert today[4:8].tolist() == [0.0, 0.0, 1.0, 1.0]


def test_a_position_has_a_name(columns: Columns):
    # B is the second township, place the third item, 2025 the second year: the last column
    assert columns.name(15) == "supply[B, place, 2025]"
    assert columns.name(0) == "station[A, 2023]"
    with pytest.raises(IndexError, match="there are 16"):
        columns.name(16)


def test_whole_numbers_are_marked_by_block(columns: Columns):
    assert columns.integer.tolist() == [True] * 4 + [False] * 12


def test_columns_are_found_by_name(columns: Columns):
    assert "station" in columns
    assert "crews" not in columns
    assert columns["supply"].along("item") == ("clinic", "doctor", "place")


def test_columns_can_be_pickled(columns: Columns):
    again = pickle.loads(pickle.dumps(columns))
    np.testing.assert_array_equal(again.today, columns.today)
    assert again.name(15) == columns.name(15)


def test_every_column_has_a_name_of_its_own(town_rows: Rows):
    names = [town_rows.columns.name(i) for i in range(town_rows.columns.size)]
    assert len(set(names)) == len(names)


def test_an_allocation_is_read_by_name(columns: Columns):
    allocation = Allocation(columns, np.arange(16.0))
    assert allocation.array("station").tolist() == [[0.0, 1.0], [2.0, 3.0]]
    frame = allocation.frame("supply")
    row = frame[(frame.township == "A") & (frame.item == "doctor") & (frame.year == 2025)]
    # column 7 (4 + the fourth of the block), of which 1 was there before
    assert row[["today", "planned", "change"]].to_numpy().tolist() == [[1.0, 7.0, 6.0]]
    unknown = allocation.frame("station")
    assert np.isnan(unknown[unknown.township == "B"]["change"]).all()
