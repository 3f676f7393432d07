"""The workbook: Chinese sheets, totals and rates as live formulas, one header row each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from resalloc.reporting.lines import Line, scorecard_lines
from resalloc.reporting.notes import data_notes, used_by
from resalloc.reporting.tables import tables
from resalloc.reporting.texts import Text, texts
from resalloc.result.scorecard import Clause, target_text

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from resalloc.reporting.figures import Figures
    from resalloc.reporting.table import Column, Table
    from resalloc.result.result import Result

SHEETS = {
    "institution-beds": "机构床位",
    "institution-staff": "机构人员",
    "institution-cadres": "机构人员_其中",
    "townships": "乡镇",
    "emergencies": "急救",
    "fever": "发热门诊",
    "equipment": "设备",
    "supply": "乡镇设施",
}
"""Sheet of each table of the report."""

Row = Sequence[object]
_SENSES = {">=": "≥", "<=": "≤", "==": "＝", "between": "介于"}
"""Signs that no spreadsheet takes for a formula."""


def write_workbook(result: Result, f: Figures, path: Path) -> None:
    """Write the workbook.

    Parameters
    ----------
    result
        What a solve gave.
    f
        Its figures.
    path
        The ``.xlsx`` file.
    """
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    lines = scorecard_lines(result)
    _plain_sheet(book, "指标对照表", _score_heads(f), list(_score_rows(result, lines)))
    for table in tables(f):
        _table_sheet(book.create_sheet(SHEETS[table.id]), table)
    heads = ["名称", "含义", "取值", "单位", "来源", "用于"]
    rows: list[Row] = [
        (a.key, a.zh, a.value, a.unit_in("zh"), a.source_in("zh"), used_by(a.key).zh)
        for a in f.problem.district.assumptions
    ]
    rows += [
        (f"data.{note.topic}", note.title.zh, None, "", "；".join(b.zh for b in note.bases), "")
        for note in data_notes(f.problem)
    ]
    _plain_sheet(book, "假设", heads, rows)
    _plain_sheet(book, "条款", _CLAUSE_HEADS, list(_clause_rows(lines)))
    book.save(path)


def _score_heads(f: Figures) -> list[str]:
    return [
        "条款编号", "出处", "指标", "范围", f"现值（{f.base_year}）", f"规划后（{f.plan_year}）",
        "要求", "目标", "目标上限", "差额", "单位", "状态", "性质", "地点数", "达到地点数",
        "所列地点", "依据", "备注", "原文",
    ]  # fmt: skip


def _score_rows(result: Result, lines: tuple[Line, ...]) -> Iterable[Row]:
    planned = result.scorecard if result.after else None
    for line in lines:
        before = result.before[line.norm.id]
        after = None if planned is None else planned[line.norm.id]
        shown = after or before
        low, high = _target(shown)
        yield (
            line.norm.id, line.norm.says.where, line.name.zh, line.scope.zh, _number(before.value),
            None if after is None else _number(after.value), _SENSES[shown.sense], low, high,
            _number(shown.gap), line.unit.zh, texts()[f"verdict.{line.verdict}"].zh,
            line.norm.says.nature.replace("none", ""), line.total_places or None,
            line.met_places if line.total_places else None, line.worst,
            texts()[f"basis.{line.basis}"].zh, line.remark.zh, line.norm.says.quote,
        )  # fmt: skip


def _target(clause: Clause) -> tuple[float | None, float | None]:
    target = clause.target
    if isinstance(target, tuple):
        return target
    return target, None


_CLAUSE_HEADS = [
    "条款编号", "出处", "原文", "性质", "指标", "公式", "范围", "要求", "目标",
    "原文基准值", "用途", "不入模型的原因", "解读说明",
]  # fmt: skip


def _clause_rows(lines: tuple[Line, ...]) -> Iterable[Row]:
    for line in lines:
        norm, reads = line.norm, line.norm.reads
        targets = "；".join(f"{year}: {target_text(t)}" for year, t in reads.values.items())
        yield (
            norm.id, norm.says.where, norm.says.quote, norm.says.nature.replace("none", ""),
            line.name.zh, line.formula.zh, line.scope.zh,
            _SENSES[reads.sense] if reads.values else "", targets,
            line.baseline, line.role.zh, line.because.zh, line.note.zh,
        )  # fmt: skip


def _plain_sheet(book: Any, title: str, heads: Sequence[str], rows: Sequence[Row]) -> None:
    sheet = book.create_sheet(title)
    sheet.append(list(heads))
    for row in rows:
        sheet.append([_cell(value) for value in row])
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    _finish(sheet, len(heads))


def _table_sheet(sheet: Worksheet, table: Table) -> None:
    """Write a table: figures as numbers, derived columns and the total row as formulas."""
    from openpyxl.utils import get_column_letter

    letter = {c.key: get_column_letter(i) for i, c in enumerate(table.columns, start=1)}
    sheet.append([column.full_head("zh") for column in table.columns])
    values = table.values()
    for number, (_, row) in enumerate(values.iterrows(), start=2):
        sheet.append([_entry(c, row[c.key], letter, number) for c in table.columns])
    last = len(values) + 1
    if table.totals:
        total = table.total()
        cells: list[object] = [texts()["tables.total"].zh]
        for column in table.columns[1:]:
            cells.append(_total(column, total.get(column.key, float("nan")), letter, last))
        sheet.append(cells)
    for column in table.columns:
        form = {
            "count": "#,##0",
            "change": "+#,##0;-#,##0;0",
            "number": "#,##0." + "0" * column.digits,
        }
        if column.holds != "text":
            for cell in sheet[letter[column.key]][1:]:
                cell.number_format = form[column.holds]
            for number, row in enumerate(values.index, start=2):
                if table.at_least(row, column):
                    sheet[
                        f"{letter[column.key]}{number}"
                    ].number_format = f'"≥ "{form[column.holds]}'
    _finish(sheet, len(table.columns), total=table.totals)


def _entry(column: Column, value: object, letter: dict[str, str], row: int) -> object:
    if column.derived and isinstance(value, float) and isnan(value):
        return None
    return _formula(column, letter, row) if column.derived else _cell(value)


def _total(column: Column, value: float, letter: dict[str, str], last: int) -> object:
    if column.holds == "text" or isnan(value):
        return None
    if column.derived:
        return _formula(column, letter, last + 1)
    return f"=SUM({letter[column.key]}2:{letter[column.key]}{last})"


def _formula(column: Column, letter: dict[str, str], row: int) -> str:
    if column.per is not None:
        top, bottom, scale = column.per
        times = "" if scale == 1 else f"*{scale:g}"
        return f"=ROUND({letter[top]}{row}/{letter[bottom]}{row}{times},{column.digits})"
    assert column.minus is not None
    one, other = column.minus
    return f"={letter[one]}{row}-{letter[other]}{row}"


def _cell(value: object) -> object:
    """Give what a cell holds; empty for what is not known."""
    if isinstance(value, Text):
        return value.zh
    if value is None or (isinstance(value, float) and isnan(value)):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() else float(value)
    return value


def _number(value: float | None) -> float | None:
    if value is None or isnan(value) or abs(value) == float("inf"):
        return None
    return round(float(value), 6)


def _finish(sheet: Worksheet, width: int, *, total: bool = False) -> None:
    """Heads bold and frozen, columns as wide as what they hold, ready to print."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    head = PatternFill("solid", fgColor="E3ECF0")
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), head
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    if total:
        for cell in sheet[sheet.max_row]:
            cell.font, cell.fill = Font(bold=True), head
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(width)}{sheet.max_row - int(total)}"
    for i in range(1, width + 1):
        letter = get_column_letter(i)
        held = [_width(cell.value) for cell in sheet[letter][1:]]
        longest = max([*held, _width(sheet[letter][0].value) // 2 + 2])
        sheet.column_dimensions[letter].width = min(max(longest + 2, 9), 46)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _width(value: object) -> int:
    """Give how wide a value is; Chinese characters take two places, formulas about eight."""
    text = str(value) if value is not None else ""
    return 8 if text.startswith("=") else sum(1 + (ord(char) > 0x2E80) for char in text)
