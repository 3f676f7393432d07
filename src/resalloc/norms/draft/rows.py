"""Clauses of the rows of a table of figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from resalloc.norms.draft.cell import cell_figure, unit_in, without_unit
from resalloc.norms.draft.numerals import narrowed
from resalloc.norms.draft.printed_unit import PER, factor
from resalloc.norms.draft.proposal import Clause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.draft.columns import Column
    from resalloc.norms.draft.figure import Figure
    from resalloc.norms.draft.layout import Grid
    from resalloc.norms.draft.proposal import Nature, Target
    from resalloc.norms.norm import Sense

_TABLE_UNIT = re.compile(r"单位[：:]\s*([^\s，。]+)")
_SUM = re.compile(r"合\s*计|总\s*计|小\s*计")
_YEAR = re.compile(r"20\d\d年?")
_RELATIVE = re.compile(r"同比例|持续|逐步|提高|降低|下降|下达|完成|达标")
_PER = re.compile(r"每\S{0,3}?[万千百亿]\s?\S{0,4}?(?:人口|儿童|床位|人|名)")


@dataclass(frozen=True)
class Row:
    """A row laid under the columns, with what merged cells leave out put back.

    Parameters
    ----------
    cells
        One per column; a name split over several cells is joined.
    number
        The number of the item it belongs to.
    name
        What it is about, without its unit.
    per
        每千人口 of the item it is a part of.
    quote
        Its cells from the name on, as printed.
    """

    cells: tuple[str, ...]
    number: str
    name: str
    per: str
    quote: str


def rows_of(grid: Grid, columns: tuple[Column, ...], heading: int) -> Iterator[Row]:
    """Lay the rows of a table under its columns.

    Examples
    --------
    >>> from resalloc.norms.draft.columns import headed
    >>> from resalloc.norms.draft.layout import Grid
    >>> from resalloc.norms.draft.place import Place
    >>> grid = Grid((("序号", "指标", "2025年目标"), ("1", "使用率（%）", "门诊", "60"),
    ...              ("", "", "住院", "70")), Place())  # fmt: skip
    >>> [(row.number, row.name, row.quote) for row in rows_of(grid, *headed(grid.rows))]
    [('1', '使用率（%）门诊', '使用率（%） 门诊 60'), ('1', '使用率（%）住院', '住院 70')]
    """
    roles = [column.role for column in columns]
    at = roles.index("name")
    numbered = roles.index("number") if "number" in roles else -1
    item, whole, per = "", "", ""
    for cells in grid.rows[heading:]:
        extra = max(0, len(cells) - len(columns))
        cells = (*cells, *[""] * (len(columns) - len(cells)))
        names = cells[at : at + 1 + extra]
        own = cells[numbered] if numbered >= 0 else ""
        item = own or item
        whole = names[0] or whole
        name = "".join((whole, *names[1:])) if extra or not names[0] else names[0]
        if own or numbered < 0:
            found = _PER.search(narrowed(name))
            per = found[0] if found else ""
        begin = numbered if _SUM.search(own) else at if any(cells[at:]) else 0
        quote = " ".join(cell for cell in cells[begin:] if cell)
        laid = (*cells[:at], name, *cells[at + 1 + extra :])
        label = own if _SUM.search(own) else name if _SUM.search(name) else item
        part = not own and numbered >= 0 and not _SUM.search(name)
        label += "其中" if part and label and name.startswith("其中") else ""
        yield Row(laid, label, name, "" if PER.search(narrowed(name)) else per, quote)


def row_clauses(
    grid: Grid, columns: tuple[Column, ...], heading: int, period: tuple[int, int]
) -> Iterator[Clause]:
    """Give the clauses of a table of figures: one per row and thing counted.

    Examples
    --------
    >>> from resalloc.norms.draft.columns import headed
    >>> from resalloc.norms.draft.layout import Grid
    >>> from resalloc.norms.draft.place import Place
    >>> rows = (("序号", "指标", "2020年实际值", "2025年目标", "性质"),
    ...         ("1", "吸烟率（%）", "24.8", "≤22", "预期性"))  # fmt: skip
    >>> grid = Grid(rows, Place().under("专栏1"))
    >>> (clause,) = row_clauses(grid, *headed(rows), (2021, 2025))
    >>> clause.where, clause.values, clause.baseline, clause.sense, clause.unit, clause.nature
    ('专栏1 第1项', {2025: 22.0}, {2020: 24.8}, '<=', '%', '预期性')
    """
    above = _TABLE_UNIT.search(narrowed(grid.above))
    measures = list(dict.fromkeys(c.measure for c in columns if c.role in ("target", "state")))
    for row in rows_of(grid, columns, heading):
        for measure in measures:
            chosen = [
                (column, cell)
                for column, cell in zip(columns, row.cells, strict=False)
                if column.role in ("target", "state") and column.measure == measure and cell
            ]
            if chosen:
                given = above[1] if above else ""
                yield from _clause(row, measure, chosen, columns, grid, given, period)


def _clause(
    row: Row,
    measure: str,
    chosen: list[tuple[Column, str]],
    columns: tuple[Column, ...],
    grid: Grid,
    given: str,
    period: tuple[int, int],
) -> Iterator[Clause]:
    by_role = dict(zip((column.role for column in columns), row.cells, strict=False))
    values: dict[int, Target] = {}
    baseline: dict[int, float] = {}
    sense: Sense | Literal[""] = ""
    word, unit = "", ""
    for column, cell in sorted(chosen, key=lambda each: each[0].past):
        figure = cell_figure(cell)
        if figure is None:
            continue
        unit = unit or figure.times + figure.unit
        if column.role == "state":
            baseline.setdefault(column.year or period[0] - 1, figure.low)
            continue
        target = figure.low if figure.low == figure.high else (figure.low, figure.high)
        values[column.year or period[1]] = target
        sense = _sense(figure) or sense
        word = figure.word or word
    if not values and not baseline and not any(_RELATIVE.search(c) for _, c in chosen):
        return
    quota = bool(measure) or (bool(baseline) and not values)
    name, about = row.name, measure or row.name
    headed = next((unit_in(column.header) for column, _ in chosen if unit_in(column.header)), "")
    unit = unit_in(about) or unit_in(name) or headed or unit or by_role.get("unit", "") or given
    texts = (
        [row.per + without_unit(about), without_unit(about)] if row.per else [without_unit(about)]
    )
    if measure:
        texts += [without_unit(_YEAR.sub("", column.header)) for column, _ in chosen]
        texts.append(measure + without_unit(name))
    by = factor(unit[:1] if unit[:1] in {"万", "亿"} else "", None)
    nature: Nature = "none"
    for printed in ("约束性", "预期性"):
        if printed in by_role.get("nature", ""):
            nature = "约束性" if printed == "约束性" else "预期性"
    yield Clause(
        row.quote[:120],
        grid.place.row(row.number),
        tuple(texts),
        unit,
        "==" if quota and not sense else sense,
        word,
        bool(sense),
        {year: _times(target, by) for year, target in values.items()},
        {year: value * by for year, value in baseline.items()},
        nature,
        years_printed=any(column.year for column, _ in chosen),
        kind="row",
    )


def _times(target: Target, by: float) -> Target:
    return (target[0] * by, target[1] * by) if isinstance(target, tuple) else target * by


def _sense(figure: Figure) -> Sense | Literal[""]:
    if figure.low != figure.high:
        return "between"
    return ">=" if figure.sense == ">=" else "<=" if figure.sense == "<=" else ""
