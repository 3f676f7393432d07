"""Rows of a project list: what is to be built, for how much, from when to when."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, get_args

from resalloc.norms.draft.numerals import narrowed
from resalloc.norms.draft.proposal import Clause, Spot
from resalloc.norms.project import Build, Project

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.draft.layout import Grid

_NAME = re.compile(r"项目名称|工程名称|^名称$|^项目$")
_OWNER = re.compile(r"业主|建设单位|实施单位|项目单位")
_BUILD = re.compile(r"建设性质|^性质$")
_PERIOD_COST = re.compile(r"(?:期内|期间|十[四五六]五).*(?:投资|金额|资金)")
_COST = re.compile(r"投资|金额|资金")
_YEARS = re.compile(r"年限|起止|建设(?:时间|周期|期)|工期")
_TEXT = re.compile(r"内容|规模")
_NUM = r"(\d+(?:[, ]\d{3})*(?:\.\d+)?)"
_BEDS = re.compile(
    rf"床位数?(?:为|共|达|约|增至|增加至|至)*{_NUM}\s?张|{_NUM}\s?张(?:编制|规划)?(?:床位|病床)"
)
_ADDED = re.compile(rf"(?:新增|增加|增设)(?:编制|规划)?床位{_NUM}\s?张|新增{_NUM}\s?张")
_PLACES = re.compile(rf"托位{_NUM}\s?个|{_NUM}\s?个(?:普惠)?托位")
_AREA = re.compile(
    rf"(?:总建筑面积|建筑面积|建面|建设规模|改造面积|业务用房面积|总面积)(?:约|为|共|达|计)*{_NUM}\s?(万)?\s?(?:平方米|㎡|m2|平米)"
)
_BUILDS = tuple(sorted(get_args(Build), key=len, reverse=True))
_TOTAL = re.compile(r"合\s*计|总\s*计")
_SUBTOTAL = re.compile(r"小\s*计")
_LONGEST = 120


def is_project_list(header: tuple[str, ...]) -> bool:
    """Tell a project list by its heading: names of projects, and their nature or cost.

    Examples
    --------
    >>> is_project_list(("序号", "项目名称", "建设性质", "总投资（万元）"))
    True
    >>> is_project_list(("序号", "指标名称", "2025年目标"))
    False
    """
    plain = [re.sub(r"\s", "", cell) for cell in header]
    named = any(_NAME.search(cell) for cell in plain)
    return named and any(_BUILD.search(cell) or _COST.search(cell) for cell in plain)


def project_clauses(grid: Grid, period: tuple[int, int]) -> Iterator[Clause]:
    """Give one clause per row of a project list, and the totals printed for them.

    Parameters
    ----------
    grid
        The list.
    period
        First and last year of the plan; a total stands for the last.

    Examples
    --------
    >>> from resalloc.norms.draft.layout import Grid
    >>> from resalloc.norms.draft.place import Place
    >>> rows = (
    ...     ("序号", "项目名称", "建设内容", "性质", "投资（亿元）"),
    ...     ("1", "甲镇卫生院", "建筑面积0.4万平方米，新增床位50张", "迁建", "0.3"),
    ... )
    >>> (clause,) = project_clauses(Grid(rows, Place().under("附件2")), (2021, 2025))
    >>> one = clause.project
    >>> clause.where, one.build, one.beds_added, one.area_m2, one.cost_wan
    ('附件2 第1项', ('迁建',), 50.0, 4000.0, 3000.0)
    """
    header = [re.sub(r"\s", "", cell) for cell in grid.rows[0]]
    first = next(n for n, cell in enumerate(header) if _NAME.search(cell))
    projects: list[Clause] = []
    sums: list[Clause] = []
    for row in grid.rows[1:]:
        cells = (*row, *[""] * (len(header) - len(row)))
        name = cells[first]
        label = "".join(cells[: first + 1])
        if _TOTAL.search(label) or _SUBTOTAL.search(label):
            sums += _sums(row, header, grid, period[1], subtotal=bool(_SUBTOTAL.search(label)))
            continue
        if not name:
            continue
        project = _project(name, header, cells)
        quote = _short(" ".join(cell for cell in cells[first:] if cell))
        number = cells[0] if cells[0].isdigit() else ""
        where = grid.place.row(number)
        projects.append(Clause(quote, where, (name,), kind="project", project=project))
    yield from projects
    spots = tuple(Spot(clause.quote, clause.where) for clause in projects)
    yield from (replace(each, rows=spots if each.indicator else ()) for each in sums)


def _sums(
    row: tuple[str, ...], header: list[str], grid: Grid, year: int, *, subtotal: bool
) -> Iterator[Clause]:
    """Give the sums of money of a total; of a subtotal, which has no indicator, the first."""
    columns = [n for n, title in enumerate(header) if _PERIOD_COST.search(title)]
    whole = [n for n, title in enumerate(header) if _COST.search(title) and n not in columns]
    columns = sorted([*whole[:1], *columns[:1]])
    printed = {n: row[n] for n in columns if len(row) >= len(header)}
    if len(row) < len(header):
        figures = [cell for cell in row if re.fullmatch(rf"{_NUM}\D{{0,2}}", narrowed(cell))]
        printed = dict(zip(columns, figures, strict=False)) if len(figures) <= len(columns) else {}
    quote = _short(" ".join(cell for cell in row if cell))
    label = next(cell for cell in row if _TOTAL.search(cell) or _SUBTOTAL.search(cell))
    where = grid.place.row(re.sub(r"\s|[（(].*", "", label))
    for column, cell in printed.items():
        cost = _cost(narrowed(cell), header[column])
        if cost is None:
            continue
        yi = "亿" in header[column] or "亿" in cell
        key = "projects_cost_wan" if column in whole else "projects_cost_in_period_wan"
        yield Clause(
            quote,
            where,
            unit="亿元" if yi else "万元",
            sense="==",
            firm=True,
            values={year: cost * 1e4},
            kind="total",
            indicator="" if subtotal else key,
        )
        if subtotal:
            return


def _project(name: str, header: list[str], cells: tuple[str, ...]) -> Project:
    found: dict[str, str | float | int | tuple[str, ...] | None] = {"name": name}
    texts = [name]
    for title, printed in zip(header, cells, strict=False):
        cell = narrowed(printed)
        if _OWNER.search(title):
            found["owner"] = re.sub(r"\s", "", printed)
        elif _BUILD.search(title):
            found["build"] = _builds(printed)
        elif _PERIOD_COST.search(title):
            found["cost_in_period_wan"] = _cost(cell, title)
        elif _COST.search(title):
            found["cost_wan"] = _cost(cell, title)
        elif _YEARS.search(title):
            years = [int(year) for year in re.findall(r"20\d\d", cell)]
            if years:
                found["start"], found["end"] = min(years), max(years)
        elif _TEXT.search(title):
            texts.append(cell)
    content = "。".join(texts)
    found["beds_added"] = _first(_ADDED, content)
    found["beds"] = None if found["beds_added"] is not None else _first(_BEDS, content)
    found["places"] = _first(_PLACES, content)
    found["area_m2"] = _first(_AREA, content)
    return Project.model_validate(found)


def _builds(printed: str) -> tuple[str, ...]:
    left, kept = printed, []
    for build in _BUILDS:
        if build in left:
            kept.append((printed.index(build), build))
            left = left.replace(build, "")
    return tuple(build for _, build in sorted(kept))


def _cost(cell: str, title: str) -> float | None:
    match = re.search(_NUM, cell)
    if match is None:
        return None
    times = 1e4 if "亿" in title or "亿" in cell else 1.0
    return float(re.sub(r"[ ,]", "", match[1])) * times


def _first(pattern: re.Pattern[str], text: str) -> float | None:
    match = pattern.search(text)
    if match is None:
        return None
    value = next(group for group in match.groups() if group)
    times = 1e4 if pattern is _AREA and match[2] else 1.0
    return float(re.sub(r"[ ,]", "", value)) * times


def _short(quote: str) -> str:
    if len(quote) <= _LONGEST:
        return quote
    cut = max(quote.rfind(sign, 40, _LONGEST) for sign in "，。；、 ")
    return quote[: cut if cut > 0 else _LONGEST]
