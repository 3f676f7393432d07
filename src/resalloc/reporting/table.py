"""A table stated once: the page computes it, the workbook gets it as live formulas."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from resalloc.reporting.figures import known_sum
from resalloc.reporting.texts import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from resalloc.reporting.sources import Source

EMPTY = Text("", "")
Holds = Literal["text", "count", "number", "change"]


@dataclass(frozen=True)
class Column:
    """One column.

    Parameters
    ----------
    key
        Name in the table's frame; a derived column is not in the frame.
    head, group, unit
        Its head, the head it shares with its neighbours, and its unit.
    holds
        ``text``, ``count`` (whole), ``number`` or ``change`` (signed).
    digits
        Decimals shown.
    added_up
        Does the total row add it up?
    per
        Derived: scale × first column ÷ second column.
    minus
        Derived: first column − second column.
    sources
        What the column's numbers lead to.
    """

    key: str
    head: Text
    group: Text = EMPTY
    unit: Text = EMPTY
    holds: Holds = "count"
    digits: int = 0
    added_up: bool = True
    per: tuple[str, str, float] | None = None
    minus: tuple[str, str] | None = None
    sources: tuple[Source, ...] = ()

    @property
    def derived(self) -> bool:
        """Whether it is computed from other columns."""
        return self.per is not None or self.minus is not None

    def full_head(self, lang: str) -> str:
        """Give the head in one line, with group and unit."""
        parts = [part.label(lang) for part in (self.group, self.head) if part.label(lang)]
        name = (" · " if lang == "en" else "·").join(parts)
        unit = self.unit.label(lang)
        if not unit:
            return name
        return f"{name} ({unit})" if lang == "en" else f"{name}（{unit}）"


@dataclass(frozen=True)
class Table:
    """Rows by place, columns as declared.

    Parameters
    ----------
    id
        Anchor on the page.
    title, note
        Above and below it.
    columns
        The first is the place.
    frame
        Figures of the columns that are not derived; texts as :class:`Text` or str.
    links
        Anchor of single cells by (row, column key).
    totals
        Is there a total row?
    partial
        Cells (row, column key) of sums of which a part is not known.
    """

    id: str
    title: Text
    note: Text
    columns: tuple[Column, ...]
    frame: pd.DataFrame
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    totals: bool = True
    partial: frozenset[tuple[str, str]] = frozenset()

    def values(self) -> pd.DataFrame:
        """Give every column, derived ones computed."""
        found = self.frame.copy()
        for column in self.columns:
            if column.per is not None:
                top, bottom, scale = column.per
                found[column.key] = scale * found[top] / found[bottom].where(found[bottom] != 0)
            elif column.minus is not None:
                found[column.key] = found[column.minus[0]] - found[column.minus[1]]
        return found[[column.key for column in self.columns]]

    def total(self) -> dict[str, float]:
        """Give the total row; NaN where nothing is known or nothing adds up."""
        found: dict[str, float] = {}
        for column in self.columns:
            if column.holds == "text":
                continue
            if column.per is not None:
                top, bottom = found.get(column.per[0], math.nan), found.get(column.per[1], math.nan)
                found[column.key] = column.per[2] * top / bottom if bottom else math.nan
            elif column.minus is not None:
                found[column.key] = found[column.minus[0]] - found[column.minus[1]]
            elif column.added_up:
                found[column.key] = float(known_sum(self.frame[[column.key]]).iloc[0])
            else:
                found[column.key] = math.nan
        return found

    def at_least(self, row: str, column: Column) -> bool:
        """Say whether a cell is of a sum of which a part is not known."""
        return (row, column.per[0] if column.per else column.key) in self.partial

    def partly_known(self, key: str) -> bool:
        """Say whether some, but not all, of a column's figures are known."""
        if any(column == key for _, column in self.partial):
            return True
        if key not in self.frame:
            return False
        unknown = self.frame[key].isna()
        return bool(unknown.any() and not unknown.all())

    def sources(self) -> tuple[Source, ...]:
        """Give every source of the table, each once."""
        every = (source for column in self.columns for source in column.sources)
        return tuple(dict.fromkeys(every))


def today_plan(
    key: str,
    group: Text,
    unit: Text,
    years: tuple[int, int],
    *,
    change: bool = False,
    sources: tuple[tuple[Source, ...], tuple[Source, ...]] = ((), ()),
    digits: int = 0,
) -> tuple[Column, ...]:
    """Give the columns ``<key>_today``, ``<key>_plan`` and, if asked for, ``<key>_change``."""
    heads = [Text(str(year), str(year)) for year in years]
    holds: Holds = "count" if digits == 0 else "number"
    pair = [
        Column(f"{key}_{when}", head, group, unit, holds, digits, sources=of)
        for when, head, of in zip(("today", "plan"), heads, sources, strict=True)
    ]
    if change:
        head, minus = Text("增减", "change"), (f"{key}_plan", f"{key}_today")
        pair.append(Column(f"{key}_change", head, group, unit, "change", digits, minus=minus))
    return tuple(pair)
