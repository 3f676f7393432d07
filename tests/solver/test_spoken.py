"""What no clause of the model speaks of and no table gives stays unknown in the plan."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.district.read import read_district
from resalloc.norms.read import read_norms
from resalloc.problem.problem import Problem
from resalloc.rules.compile import compile_rows
from resalloc.solver.check import spoken

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import Rows

SERVICE = ("station", "crewed", "crews", "vehicles")


def _rows(district: str, plan: str) -> Rows:
    return compile_rows(Problem(read_district(district), read_norms(plan).at(2025)))


@pytest.fixture(scope="module")
def wansheng() -> Rows:
    """No table gives beds, fever clinics or ambulances; the plan asks for a service radius."""
    return _rows("wansheng", "wansheng-2025")


def _left_at_zero(rows: Rows) -> Floats:
    return rows.derive(np.nan_to_num(rows.columns.today))


def test_beds_no_table_gives_and_no_clause_asks_for(wansheng: Rows):
    told = spoken(wansheng, _left_at_zero(wansheng))
    for name in ("beds_total", "beds"):
        block = wansheng.columns[name]
        unknown = np.isnan(block.today) & (block.upper > 0)
        assert unknown.any()
        assert np.isnan(told[block.ids[unknown]]).all()
        assert (told[block.ids[~unknown]] == 0).all()


def test_fever_clinics_no_clause_asks_for(wansheng: Rows):
    block = wansheng.columns["fever"]
    told = spoken(wansheng, _left_at_zero(wansheng))
    may = block.upper > 0
    assert np.isnan(block.today[may]).all()
    assert np.isnan(told[block.ids[may]]).all()
    assert (told[block.ids[~may]] == 0).all()


def test_a_tier_chosen_says_that_there_is_no_other(wansheng: Rows):
    x, fever = _left_at_zero(wansheng), wansheng.columns["fever"]
    x[fever.ids[0, 0]] = 1.0
    told = spoken(wansheng, x)[fever.ids[..., 0]]
    assert told[0].tolist() == [1, 0, 0]
    assert np.isnan(told[1][fever.upper[1] > 0]).all()


def test_a_service_radius_speaks_of_every_station(wansheng: Rows):
    told = spoken(wansheng, _left_at_zero(wansheng))
    assert not np.isnan(told[wansheng.columns["station"].ids]).any()


def test_without_a_clause_on_ambulances_none_are_planned_away():
    rows = _rows("wushan", "wushan-2025")
    told = spoken(rows, _left_at_zero(rows))
    for name in SERVICE:
        block = rows.columns[name]
        unknown = np.isnan(block.today)
        assert unknown.any()
        assert np.isnan(told[block.ids[unknown]]).all()
        assert (told[block.ids[~unknown]] == 0).all()  # new sites


def test_general_beds_are_unknown_while_another_kind_is(town_rows: Rows):
    """The rest of a known total says nothing where a kind beside it is not known."""
    block = town_rows.columns["beds"]
    kinds = block.along("bed_kind")
    asked = town_rows.columns["beds_total"].ids[:, 0]
    today = block.today.copy()
    today[0] = np.nan
    blocks = [
        dataclasses.replace(b, today=today) if b.name == "beds" else b
        for b in town_rows.columns.blocks.values()
    ]
    rows = dataclasses.replace(town_rows, columns=type(town_rows.columns).of(blocks))
    x = np.nan_to_num(town_rows.columns.today)
    told = spoken(rows, x)
    assert np.isnan(told[block.ids[0, kinds.index("general"), 0]])
    assert told[block.ids[1, kinds.index("general"), 0]] == x[block.ids[1, 0, 0]]
    assert not np.isnan(told[asked]).any()
