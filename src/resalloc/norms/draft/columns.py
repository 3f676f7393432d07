"""The columns of a table, from its heading rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from resalloc.norms.draft.dates import dates
from resalloc.norms.draft.numerals import narrowed

Role = Literal["number", "class", "name", "unit", "nature", "target", "state", "text"]

_STATE = re.compile(
    r"实际|现状|现有|实有|基期|基线|基数|情况|完成|配置数|当前|[“\"]?十[二三]五[”\"]?"
)
_TARGET = re.compile(r"目标|规划|计划数|指标值|末")
_LABEL = re.compile(r"序号|编号|指标|名称|类别|类型|项目|机构|单位|任务|性质|属性|内容|领域")
_WORDS = re.compile(
    r"20\d\d年?(?:底|末)?|目标值?|规划数?|计划数?|实际值?|现状值?|现有|基期值?|基线值?|配置数|完成值?|情况|（?[%％张人个家]）?$"
)


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Parameters
    ----------
    role
        What its cells are.
    header
        As printed; of two heading rows, both joined.
    year
        Of a target or state, if it is printed.
    measure
        What a target or state column counts, where the heading says more than a year.
    """

    role: Role
    header: str
    year: int | None = None
    measure: str = ""


def headed(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[Column, ...], int]:
    """Read the heading of a table.

    Parameters
    ----------
    rows
        All rows of the table.

    Returns
    -------
    columns
        Empty where the first row is no heading.
    count
        How many rows the heading takes.

    Examples
    --------
    >>> columns, count = headed(
    ...     (("序号", "指标", "2020年实际值", "2025年目标值", "指标性质"), ("1",))
    ... )
    >>> [(column.role, column.year) for column in columns], count
    ([('number', None), ('name', None), ('state', 2020), ('target', 2025), ('nature', None)], 1)
    >>> two = (("序号", "机构", "CT", "MRI"), ("", "", "2020年", "2025年", "2020年", "2025年"))
    >>> [column.measure for column in headed(two)[0]]
    ['', '', 'CT', 'CT', 'MRI', 'MRI']
    """
    first = [re.sub(r"\s", "", cell) for cell in rows[0]]
    if sum(bool(_LABEL.search(cell)) for cell in first) < 2 and not _figured(first):
        return (), 0
    if len(rows) > 1 and _second(rows[1], first):
        headers, measures = _spread(first, [re.sub(r"\s", "", cell) for cell in rows[1]])
        return tuple(map(_column, headers, measures)), 2
    return tuple(_column(header, "") for header in first), 1


def _figured(cells: list[str]) -> bool:
    return any(_LABEL.search(c) for c in cells) and any(
        dates(c) or _TARGET.search(c) for c in cells
    )


def _second(row: tuple[str, ...], first: list[str]) -> bool:
    """Tell a second heading row: it leaves the labels blank and names years or states."""
    filled = [cell for cell in row if cell.strip()]
    return (
        bool(filled)
        and not row[0].strip()
        and len(row) >= len(first)
        and all(dates(cell) or _TARGET.search(cell) or _STATE.search(cell) for cell in filled)
    )


def _spread(first: list[str], second: list[str]) -> tuple[list[str], list[str]]:
    """Lay the first heading row over the second, each merged cell over as many as it spans."""
    blank = next((n for n, cell in enumerate(second) if cell), 0)
    labels, groups = first[:blank], first[blank:]
    each = max(1, (len(second) - blank) // max(1, len(groups)))
    over = [groups[min(n // each, len(groups) - 1)] for n in range(len(second) - blank)]
    if len(first) == len(second):
        over, filled = [], ""
        for cell in groups:
            filled = cell or filled
            over.append(filled)
    return [*labels, *second[blank:]], [*[""] * blank, *over]


def _column(header: str, group: str) -> Column:
    plain = narrowed(header)
    found = [date for date in dates(plain) if date.year]
    year = found[0].year if found else None
    if re.search(r"性质|属性", plain) and "建设" not in plain:
        return Column("nature", header)
    if plain in {"序号", "编号", "号"}:
        return Column("number", header)
    if plain in {"单位", "计量单位"}:
        return Column("unit", header)
    if re.search(r"类别|类型|领域|分类", plain):
        return Column("class", header)
    planned, state = bool(_TARGET.search(plain)), bool(_STATE.search(plain))
    if year is not None or planned or (state and "名称" not in plain):
        role: Role = "state" if state and (not planned or "三五" in plain) else "target"
        measure = group or _WORDS.sub("", plain)
        return Column(role, header, year, measure if len(measure) > 1 else "")
    if re.search(r"名称|指标|机构|医院|区县|乡镇|项目$", plain):
        return Column("name", header)
    return Column("text", header)
