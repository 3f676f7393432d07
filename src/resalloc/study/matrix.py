"""A travel matrix from a CSV file: one row a pair, or points as rows and sites as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.cell import Unusable, number
from resalloc.district.csv_text import read_text
from resalloc.errors import did_you_mean
from resalloc.location.costs import Costs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from resalloc.district.check import Findings
    from resalloc.location.costs import Floats

_NO_WAY = frozenset({"inf", "∞", "不可达", "unreachable"})
_COST_COLUMNS = {"min": "min", "km": "km", "m": "m", "cost": ""}
"""Columns of a long table that may hold the cost, and the unit each says."""
UNSTATED = "unstated"
"""Unit of figures that do not say what they are."""


def read_matrix(
    path: Path,
    points: Sequence[str],
    sites: Sequence[str] | None,
    findings: Findings,
    *,
    cost_column: str | None = None,
    unit: str | None = None,
) -> tuple[Costs, bool] | None:
    """Read travel between points and sites, and say whether it came one row a pair.

    None, with the faults noted, where that is impossible.

    Parameters
    ----------
    path
        Long: columns ``from``, ``to`` and a cost; a pair that is missing cannot be reached.
        Wide: points in the first column, sites as the other columns; ``inf`` where a site
        cannot be reached. An empty cell is a fault in both: it would be a guess.
    points
        Their names, in the order wanted.
    sites
        Likewise; None takes the sites the matrix names.
    findings
        Receives the faults.
    cost_column
        Of a long table; else ``min``, ``km``, ``m`` or ``cost``.
    unit
        Of the figures; else what the column's name says.
    """
    if not path.is_file():
        findings.add(str(path), None, None, "there is no such file.", "Check the name.")
        return None
    raw = read_text(path, findings)
    if raw is None or not len(raw.columns):
        return None
    if not len(raw):
        findings.add(path.name, None, None, "it has no rows.", "Give travel.")
        return None
    before = len(findings.faults)
    raw = raw.apply(lambda column: column.str.strip())
    by_pair = {"from", "to"} <= set(raw.columns)
    if by_pair:
        found = _long(raw, path.name, points, sites, findings, cost_column)
    else:
        found = _wide(raw, path.name, points, sites, findings)
        if cost_column is not None:
            what = "names a column of a long matrix, and this one is wide."
            findings.add("--cost", None, None, what, "Leave it out.")
    if found is None or len(findings.faults) > before:
        return None
    table, names, own_unit = found
    return Costs(table, tuple(points), names, unit or own_unit or UNSTATED), by_pair


_Found = tuple["Floats", tuple[str, ...], str]


def _long(
    raw: pd.DataFrame,
    file: str,
    points: Sequence[str],
    sites: Sequence[str] | None,
    findings: Findings,
    cost_column: str | None,
) -> _Found | None:
    column = _cost_column(list(raw.columns), file, findings, cost_column)
    if column is None:
        return None
    given = tuple(dict.fromkeys(name for name in raw["to"] if name))
    names = given if sites is None else tuple(sites)
    row_of = {name: i for i, name in enumerate(points)}
    column_of = {name: j for j, name in enumerate(names)}
    table = np.full((len(points), len(names)), np.nan)
    for k, (a, b, cell) in enumerate(zip(raw["from"], raw["to"], raw[column], strict=True)):
        i = _known(file, k, "from", a, row_of, "point", findings)
        j = _known(file, k, "to", b, column_of, "site", findings)
        value = _cost(file, k, column, cell, findings)
        if i is None or j is None or value is None:
            continue
        if not np.isnan(table[i, j]):
            what = f"'{a}' to '{b}' stands in an earlier row too."
            findings.add(file, k, None, what, "Keep one of the rows.")
        table[i, j] = value
    for name, nothing in zip(points, np.isnan(table).all(axis=1), strict=True):
        if not nothing:
            continue
        what = f"no way leads from '{name}'."
        findings.add(file, None, None, what, "Give at least one row for it.")
    table[np.isnan(table)] = np.inf
    return table, names, _COST_COLUMNS.get(column, "")


def _cost_column(
    columns: list[str], file: str, findings: Findings, wanted: str | None
) -> str | None:
    if wanted is not None:
        if wanted in columns:
            return wanted
        what = f"there is no column '{wanted}', which --cost names."
        findings.add(file, None, None, what, did_you_mean(wanted, columns))
        return None
    found = [column for column in columns if column in _COST_COLUMNS]
    if len(found) == 1:
        return found[0]
    known = ", ".join(_COST_COLUMNS)
    what = f"more than one column may be the cost: {', '.join(found)}." if found else (
        f"no column holds the cost: there is none of {known}."
    )  # fmt: skip
    findings.add(file, None, None, what, "Say which: --cost COLUMN.")
    return None


def _wide(
    raw: pd.DataFrame,
    file: str,
    points: Sequence[str],
    sites: Sequence[str] | None,
    findings: Findings,
) -> _Found | None:
    given = tuple(map(str, raw.columns[1:]))
    if not given or not all(given):
        what = "a column has no name." if given else "it has one column only."
        remedy = "Give points in the first column and a named column for each site; "
        findings.add(file, None, None, what, remedy + "or the columns from, to, min.")
        return None
    names = given if sites is None else tuple(sites)
    row_of = {name: i for i, name in enumerate(points)}
    column_of = {name: j for j, name in enumerate(names)}
    table = np.full((len(points), len(names)), np.nan)
    for name in given:
        if name not in column_of:
            what = f"there is no site '{name}'."
            findings.add(file, None, name, what, did_you_mean(name, names))
    for name in names:
        if name not in given:
            findings.add(file, None, None, f"the site '{name}' has no column.", "Add it.")
    seen: set[str] = set()
    for k, cells in enumerate(raw.itertuples(index=False, name=None)):
        i = _known(file, k, str(raw.columns[0]), cells[0], row_of, "point", findings)
        if cells[0] in seen:
            what = f"'{cells[0]}' stands in an earlier row too."
            findings.add(file, k, None, what, "Keep one of the rows.")
        seen.add(cells[0])
        for name, cell in zip(given, cells[1:], strict=True):
            value = _cost(file, k, name, cell, findings)
            if i is not None and name in column_of and value is not None:
                table[i, column_of[name]] = value
    for name in points:
        if name not in seen:
            findings.add(file, None, None, f"the point '{name}' has no row.", "Add it.")
    return table, names, ""


def _known(
    file: str,
    row: int,
    column: str,
    name: str,
    position: dict[str, int],
    what: str,
    findings: Findings,
) -> int | None:
    if name in position:
        return position[name]
    if name:
        missing = f"there is no {what} '{name}'."
        findings.add(file, row, column, missing, did_you_mean(name, position))
    else:
        findings.add(file, row, column, "the cell is empty.", "Fill it in.")
    return None


def _cost(file: str, row: int, column: str, cell: str, findings: Findings) -> float | None:
    if cell.lower() in _NO_WAY:
        return float("inf")
    value = number(cell)
    if isinstance(value, Unusable):
        remedy = value.remedy.split(", or leave")[0].rstrip(".") + "."
        findings.add(file, row, column, value.what, f"{remedy} 'inf' says that no way leads there.")
    elif np.isnan(value):
        remedy = "Write the cost, or 'inf' where no way leads."
        findings.add(file, row, column, "the cell is empty.", remedy)
    elif value < 0:
        findings.add(file, row, column, f"{value:g} is negative.", "Give a number from 0 up.")
    else:
        return value
    return None
