"""The columns of a table, from its heading rows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from resalloc.norms.draft.dates import dates
from resalloc.norms.draft.numerals import narrowed

Role = Literal["number", "class", "name", "unit", "nature", "target", "state", "text"]

_STATE = re.compile(
    r"实际|现状|现有|实有|基期|基线|基数|情况|完成|配置数|当前|[“\"]?十[二三]五[”\"]?"
)
_TARGET = re.compile(r"目标|规划|计划数|指标值|末")
_BASE = re.compile(r"基期|基线|基数|基准|现状")
_SAID = re.compile(r"目标|规划|计划数|指标值")
_BARE_YEAR = re.compile(r"(20\d\d)(?:年?度)?")
_LABEL = re.compile(r"序号|编号|指标|名称|类别|类型|项目|机构|单位|任务|性质|属性|内容|领域")
_WORDS = re.compile(
    r"20\d\d年?(?:底|末)?|目标值?|规划数?|计划数?|实际值?|现状值?|现有|基期值?|基线值?|基准值?|基数|预计|年度|配置数|完成值?|情况|（?[%％张人个家]）?$"
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
    past
        A state only because its year lies before the plan.
    """

    role: Role
    header: str
    year: int | None = None
    measure: str = ""
    past: bool = False


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


def settled(
    columns: tuple[Column, ...], period: tuple[int, int], *, known: bool = True
) -> tuple[Column, ...]:
    """Tell the state from the targets by the plan's years.

    A column of a year before the plan's first is the state, whatever its heading. Where the
    plan's years are not known, the earliest of several bare years is.

    Parameters
    ----------
    columns
        As their headings say.
    period
        First and last year of the plan.
    known
        Whether the plan prints its years; else they are guessed from the years it names.

    Examples
    --------
    >>> columns, _ = headed((("序号", "指标", "2025年", "2030年"),))
    >>> [column.role for column in settled(columns, (2026, 2030))]
    ['number', 'name', 'state', 'target']
    >>> [column.role for column in settled(columns, (2025, 2030), known=False)]
    ['number', 'name', 'state', 'target']
    """
    years = {column.year for column in columns if column.role == "target" and column.year}
    told = any(column.role == "state" for column in columns)
    first = period[0]
    if not known and not told and len(years) > 1:
        first = min(years) + 1
    return _one_measure(
        tuple(
            replace(column, role="state", past=True)
            if column.role == "target"
            and column.year is not None
            and column.year < first
            and (known or not _SAID.search(column.header))
            else column
            for column in columns
        )
    )


def _one_measure(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Put a state beside its target where the heading of one of the two says but a year."""
    states = {column.measure for column in columns if column.role == "state"}
    targets = {column.measure for column in columns if column.role == "target"}
    for some, others, role in ((states, targets, "state"), (targets, states, "target")):
        if len(some) == 1 and "" not in some and others == {""}:
            return tuple(
                replace(column, measure="") if column.role == role else column for column in columns
            )
    return columns


def _figured(cells: list[str]) -> bool:
    return any(_LABEL.search(c) for c in cells) and any(
        _year(c) or _TARGET.search(c) for c in cells
    )


def _year(cell: str) -> int:
    """Give the year a heading names, 0 for none; of several, the first."""
    bare = _BARE_YEAR.fullmatch(narrowed(cell).strip())
    return int(bare[1]) if bare else next((date.year for date in dates(cell) if date.year), 0)


def _second(row: tuple[str, ...], first: list[str]) -> bool:
    """Tell a second heading row: it leaves the labels blank and names years or states."""
    filled = [cell for cell in row if cell.strip()]
    return (
        bool(filled)
        and not row[0].strip()
        and len(row) >= len(first)
        and all(_year(cell) or _TARGET.search(cell) or _STATE.search(cell) for cell in filled)
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
    year = _year(plain) or None
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
        based = bool(_BASE.search(plain)) or (state and (not planned or "三五" in plain))
        role: Role = "state" if based else "target"
        measure = group or re.sub(r"[（(][）)]", "", _WORDS.sub("", plain))
        return Column(role, header, year, measure if len(measure) > 1 else "")
    if re.search(r"名称|指标|机构|医院|区县|乡镇|项目$", plain):
        return Column("name", header)
    return Column("text", header)
