"""An answer is believed only when our own arithmetic confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.solver.check import faults, spoken, whole
from resalloc.solver.priorities import split

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.result.result import Result


@pytest.fixture
def rows(town_result: Result) -> Rows:
    return town_result.rows


@pytest.fixture
def plan(town_result: Result) -> Floats:
    """The plan with zeros for what it does not speak of, as the solver had it."""
    assert town_result.allocation is not None
    return np.nan_to_num(town_result.allocation.x)


def _hard(rows: Rows) -> list[NormRows]:
    return split(rows)[0]


def _cell(rows: Rows, block: str, *cell: int) -> int:
    return int(rows.columns[block].ids[cell])


def test_a_solved_plan_has_no_faults(rows: Rows, plan: Floats):
    assert faults(rows, plan, _hard(rows)) == ()


def test_below_what_stands_today(rows: Rows, plan: Floats):
    """中心社区 has an ambulance today; none is below its bound."""
    plan[_cell(rows, "vehicles", 1, 0)] = 0
    assert any("bounds of columns broken by 1" in fault for fault in faults(rows, plan, []))


def test_above_what_is_possible(rows: Rows, plan: Floats):
    plan[_cell(rows, "station", 0, 0)] = 2
    assert any("bounds of columns broken by 1" in fault for fault in faults(rows, plan, []))


def test_half_a_person(rows: Rows, plan: Floats):
    plan[_cell(rows, "staff", 0, 0, 0)] += 0.5
    assert faults(rows, plan, []) == ("whole numbers broken by 0.5",)


def test_parts_that_do_not_add_up(rows: Rows, plan: Floats):
    plan[_cell(rows, "beds", 1, 0, 0)] -= 5
    found = faults(rows, plan, [])
    assert len(found) == 1
    assert "beds of all kinds add up to the institution's total" in found[0]


def test_a_binding_clause_that_is_broken(rows: Rows, plan: Floats):
    """329 childcare places for 330."""
    places = rows.columns["supply"].ids[:, 3, 0]
    spare = next(i for i in places if plan[i] > rows.columns.lower[i])
    plan[spare] -= 1
    found = faults(rows, plan, _hard(rows))
    assert [fault.split(" broken")[0] for fault in found] == ["binding clause childcare_places"]


def test_an_expected_clause_is_not_a_fault(rows: Rows, plan: Floats):
    """A clinic fewer at 南镇 breaks no binding clause, and one of today's 18 a bound."""
    plan[_cell(rows, "supply", 1, 0, 0)] = 18
    assert faults(rows, plan, _hard(rows)) == ()


def test_a_column_without_a_value(rows: Rows, plan: Floats):
    plan[3] = np.nan
    assert faults(rows, plan, _hard(rows)) == ("some columns have no value",)


def test_several_things_at_once_are_all_named(rows: Rows, plan: Floats):
    plan[_cell(rows, "beds_total", 0, 0)] = 290
    found = " ".join(faults(rows, plan, _hard(rows)))
    assert "bounds of columns" in found
    assert "add up" in found
    assert "whole steps" in found
    assert "binding clause public_hospital_beds_per_1000" in found


def test_derived_columns_are_recomputed_not_believed(rows: Rows, plan: Floats):
    """A solver that claims 北镇 covered without a station there is corrected."""
    plan[_cell(rows, "station", 3, 0)] = 0
    cleaned = whole(rows, plan)
    value = rows.of("reach_rural").value(cleaned)
    assert value.tolist() == [pytest.approx(100 * 42 / 62)]  # 北 (20 thousand) is lost


def test_whole_numbers_are_made_whole(rows: Rows, plan: Floats):
    again = whole(rows, plan + 1e-7)
    np.testing.assert_array_equal(again[rows.columns.integer], plan[rows.columns.integer])


def test_score_only_norms_are_no_rows_of_the_model(rows: Rows):
    hard, soft = split(rows)
    assert [block.norm.id for block in hard] == [
        "public_hospital_beds_per_1000", "physicians_per_1000", "reach_rural",
        "mean_response_min", "fever_clinic_share", "childcare_places",
    ]  # fmt: skip
    assert sum(len(block) for block in soft) == 15  # see the README
    everything, nothing = split(rows, all_soft=True)[::-1]
    assert nothing == []
    assert len(everything) == len(hard) + len(soft)


def test_what_no_clause_mentions_and_no_table_gives_stays_unknown(rows: Rows, plan: Floats):
    """No clause speaks of village doctors (known today) or of community stations (not known)."""
    told = spoken(rows, plan)
    items = rows.columns["supply"].along("supply")
    supply = told[rows.columns["supply"].ids[..., 0]]
    assert supply[:, items.index("village_doctor")].tolist() == [10, 20, 10]
    assert np.isnan(supply[:, items.index("community_station")]).all()
    assert not np.isnan(supply[:, items.index("village_clinic")]).any()
    for block in (*split(rows)[0], *split(rows)[1]):
        np.testing.assert_array_equal(block.value(told), block.value(plan))
