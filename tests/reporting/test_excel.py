"""The workbook: its formulas give what the tables say, and its sheets read back as tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import column_index_from_string

from resalloc.reporting.excel import SHEETS
from resalloc.reporting.figures import figures
from resalloc.reporting.tables import tables

if TYPE_CHECKING:
    from resalloc.reporting.table import Table


class Sheet:
    """A worksheet whose formulas are worked out: sums, differences and rounded quotients."""

    def __init__(self, sheet) -> None:
        self.sheet = sheet

    def value(self, letter: str, row: int):
        held = self.sheet.cell(row, column_index_from_string(letter)).value
        if not (isinstance(held, str) and held.startswith("=")):
            return held
        if found := re.fullmatch(r"=SUM\(([A-Z]+)(\d+):\1(\d+)\)", held):
            cells = [self.value(found[1], r) for r in range(int(found[2]), int(found[3]) + 1)]
            return sum(cell for cell in cells if cell is not None)
        if found := re.fullmatch(r"=([A-Z]+)(\d+)-([A-Z]+)(\d+)", held):
            return self.value(found[1], int(found[2])) - self.value(found[3], int(found[4]))
        found = re.fullmatch(r"=ROUND\(([A-Z]+)(\d+)/([A-Z]+)(\d+)(?:\*(\d+))?,(\d)\)", held)
        assert found is not None, f"formula not understood: {held}"
        above, below = self.value(found[1], int(found[2])), self.value(found[3], int(found[4]))
        return round(above / below * float(found[5] or 1), int(found[6]))


@pytest.fixture(scope="module")
def book(district_report):
    return openpyxl.load_workbook(district_report / "allocation.xlsx")


@pytest.fixture(scope="module")
def by_id(district_result) -> dict[str, Table]:
    return {table.id: table for table in tables(figures(district_result))}


def letters(table: Table) -> dict[str, str]:
    return {c.key: openpyxl.utils.get_column_letter(i) for i, c in enumerate(table.columns, 1)}


def test_sheets(book):
    assert book.sheetnames == ["指标对照表", *SHEETS.values(), "假设", "条款"]


@pytest.mark.parametrize("name", SHEETS)
def test_formulas_give_the_figures(book, by_id, name):
    table, sheet = by_id[name], Sheet(book[SHEETS[name]])
    values, letter = table.values(), letters(table)
    for column in table.columns:
        if column.holds == "text":
            continue
        for number, expected in enumerate(values[column.key], start=2):
            held = sheet.value(letter[column.key], number)
            if pd.isna(expected):
                assert held is None
            else:
                assert held == pytest.approx(expected, abs=0.5 * 10.0**-column.digits + 1e-9)


@pytest.mark.parametrize("name", SHEETS)
def test_totals_are_sums_over_exactly_the_rows(book, by_id, name):
    table, sheet = by_id[name], book[SHEETS[name]]
    total, letter, last = table.total(), letters(table), len(table.frame) + 1
    assert sheet.max_row == last + 1
    assert sheet.cell(last + 1, 1).value == "合计"
    for column in table.columns:
        if column.holds == "text":
            continue
        held = sheet[f"{letter[column.key]}{last + 1}"].value
        if pd.isna(total[column.key]):
            assert held is None
            continue
        if not column.derived:
            assert held == f"=SUM({letter[column.key]}2:{letter[column.key]}{last})"
        worked = Sheet(sheet).value(letter[column.key], last + 1)
        assert worked == pytest.approx(total[column.key], abs=0.5 * 10.0**-column.digits + 1e-9)


def test_rates_refer_to_the_population(book, by_id):
    table, sheet = by_id["townships"], book[SHEETS["townships"]]
    letter = letters(table)
    held = sheet[f"{letter['beds_rate_plan']}2"].value
    assert held == f"=ROUND({letter['beds_plan']}2/{letter['residents_plan']}2*1000,2)"


def test_district_total_of_beds(book, by_id, district_result):
    letter = letters(by_id["institution-beds"])
    sheet = Sheet(book["机构床位"])
    total = sheet.value(letter["total_today"], sheet.sheet.max_row)
    assert total == district_result.problem.district.providers()["beds_authorised"].sum()


FORMULA = re.compile(
    r"=SUM\([A-Z]+\d+:[A-Z]+\d+\)|=[A-Z]+\d+-[A-Z]+\d+"
    r"|=ROUND\([A-Z]+\d+/[A-Z]+\d+(\*\d+)?,\d\)"
)
"""The three formulas a workbook may hold."""


def test_no_cell_is_a_formula_by_accident(book):
    found = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" or str(cell.value).startswith("="):
                    assert sheet.title in SHEETS.values(), (sheet.title, cell.coordinate)
                    assert FORMULA.fullmatch(cell.value), (sheet.title, cell.value)
                    found += 1
    assert found > 100


@pytest.mark.parametrize("title", ["指标对照表", "条款"])
def test_senses_are_signs_and_no_formulas(book, title):
    rows = book[title].iter_rows(values_only=True)
    column = next(rows).index("要求")
    senses = {row[column] for row in rows}
    assert {"＝", "≥", "≤"} <= senses
    assert senses <= {"＝", "≥", "≤", "介于", "", None}


def test_clauses_show_the_years_of_their_targets(district_report):
    frame = pd.read_excel(district_report / "allocation.xlsx", sheet_name="条款")
    targets = frame.set_index("条款编号")["目标"]
    assert targets["beds_per_1000"] == "2025: 8"
    assert not targets.dropna().astype(str).str.contains("2020:").any()


def test_every_sheet_is_ready_to_read(book):
    for sheet in book:
        assert sheet.freeze_panes == "B2"
        assert not sheet.merged_cells.ranges
        heads = [cell.value for cell in sheet[1]]
        assert all(heads)
        assert len(heads) == len(set(heads))


def test_scorecard_reads_back(district_report, district_result):
    frame = pd.read_excel(district_report / "allocation.xlsx", sheet_name="指标对照表")
    assert list(frame["条款编号"]) == [norm.id for norm in district_result.problem.norms]
    row = frame.set_index("条款编号").loc["beds_per_1000"]
    assert row["目标"] == 8
    assert row["现值（2020）"] == pytest.approx(
        district_result.before["beds_per_1000"].value, abs=1e-6
    )
