"""The tables a user brings: points and sites, strictly read, every fault at once."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.check import Findings, check_swapped, parse_table
from resalloc.district.csv_text import read_text
from resalloc.district.tables import Column, Table
from resalloc.errors import Fault, did_you_mean
from resalloc.study.headers import like_people, own_headers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from resalloc.location.costs import Floats, Mask

SHOWN = 8
"""How many faults of one kind in one column are spelled out."""

_PLACE = (
    Column("name", needed=True, filled=True),
    Column("lon", "longitude", filled=True),
    Column("lat", "latitude", filled=True),
    Column("x", "number", filled=True),
    Column("y", "number", filled=True),
)
_SITE = (
    Column("capacity", "count", filled=True),
    Column("site_cost", "count", filled=True),
    Column("fixed", "yes_no"),
    Column("forbidden", "yes_no"),
    Column("competitor", "yes_no"),
    Column("attraction", "count", filled=True),
)
_POINT = (
    Column("weight", "count", filled=True),
    Column("class", filled=True),
)
SITE_COLUMNS = tuple(column.name for column in _SITE)


@dataclass(frozen=True)
class _UserTable(Table):
    """A table whose file the user has named."""

    called: str = ""

    @property
    def file(self) -> str:
        """Name of the file."""
        return self.called


@dataclass(frozen=True)
class Places:
    """Places of a table: points where people live, possible sites, or both.

    Parameters
    ----------
    file
        Name of the file, for messages.
    names
        One a place, all different.
    kind
        ``"lonlat"`` (degrees, WGS84), ``"xy"`` (planar) or ``""`` where the table holds no
        positions.
    xy
        Places × 2; NaN where there are no positions.
    columns
        The other columns that were given, by name; one value a place.
    classes
        By place; empty where the table has none.
    headers
        How the table heads the columns it has.
    like_people
        Columns of numbers that are headed as if they held people.
    """

    file: str
    names: tuple[str, ...]
    kind: str
    xy: Floats
    columns: dict[str, Floats]
    classes: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    like_people: tuple[str, ...] = ()

    def called(self, column: str) -> str:
        """Give how the user's table heads a column."""
        return self.headers.get(column, column)

    def marked(self, column: str) -> Mask:
        """Say which places a yes-or-no column marks; none where there is no such column."""
        if column not in self.columns:
            return np.zeros(len(self.names), dtype=bool)
        return np.nan_to_num(self.columns[column]) > 0

    def only(self, which: Sequence[int]) -> Places:
        """Give some of the places, in the order asked."""
        at = np.asarray(which, dtype=np.int64)
        return Places(
            self.file,
            tuple(self.names[i] for i in at),
            self.kind,
            self.xy[at],
            {name: values[at] for name, values in self.columns.items()},
            tuple(self.classes[i] for i in at) if self.classes else (),
            self.headers,
            self.like_people,
        )


def read_points(
    path: Path, weight: str | None, findings: Findings, *, placed: bool
) -> Places | None:
    """Read demand points; None, with the faults noted, where that is impossible.

    Parameters
    ----------
    path
        CSV with ``name``; ``lon`` and ``lat``, or ``x`` and ``y``; and, where wanted,
        ``weight``, ``class`` and the columns of a site.
    weight
        Column that holds the people, if it is not called ``weight``.
    findings
        Receives the faults.
    placed
        It must have positions.
    """
    raw = _raw(path, findings)
    if raw is not None and weight is not None:
        if weight in raw:
            raw = raw.drop(columns=["weight"] if weight != "weight" else [], errors="ignore")
        elif weight != "weight" or "weight" not in own_headers(list(raw.columns), ("weight",)):
            what = f"there is no column '{weight}', which --weight names."
            findings.add(path.name, None, None, what, did_you_mean(weight, raw.columns))
            _places(raw, path, (*_PLACE, *_POINT, *_SITE), findings, placed)
            return None
    return _places(raw, path, (*_PLACE, *_POINT, *_SITE), findings, placed, weight)


def read_sites(path: Path, findings: Findings, *, placed: bool) -> Places | None:
    """Read possible sites; None, with the faults noted, where that is impossible."""
    return _places(_raw(path, findings), path, (*_PLACE, *_SITE), findings, placed)


def shortened(faults: Sequence[Fault]) -> list[Fault]:
    """Give the faults, of those alike only the first few and how many more there are.

    Examples
    --------
    >>> many = [Fault(f"p.csv, row {i}, column x", "is empty.", "Fill it in.") for i in range(20)]
    >>> print(shortened(many)[-1])
    p.csv, column x: 12 more of this kind.
    """
    kept, count = [], Counter[tuple[str, str]]()
    for fault in faults:
        kind = (re.sub(r", row \d+", "", fault.where), re.sub(r"'.*?'|[-\d.]+", "", fault.what))
        count[kind] += 1
        if count[kind] <= SHOWN:
            kept.append(fault)
    more = [(where, n - SHOWN) for (where, _), n in count.items() if n > SHOWN]
    return kept + [Fault(where, f"{n} more of this kind.", "") for where, n in more]


def _raw(path: Path, findings: Findings) -> pd.DataFrame | None:
    if not path.is_file():
        findings.add(str(path), None, None, "there is no such file.", "Check the name.")
        return None
    raw = read_text(path, findings)
    if raw is not None and not len(raw):
        findings.add(path.name, None, None, "it has no rows.", "Give at least one place.")
        return None
    return raw


def _places(
    raw: pd.DataFrame | None,
    path: Path,
    columns: tuple[Column, ...],
    findings: Findings,
    placed: bool,
    weight: str | None = None,
) -> Places | None:
    if raw is None:
        return None
    before = len(findings.faults)
    own = own_headers(list(raw.columns), [column.name for column in columns], weight)
    worded = tuple(replace(column, name=own.get(column.name, column.name)) for column in columns)
    key = (own.get("name", "name"),)
    table = _UserTable("places", worded, key=key, more=True, called=path.name)
    frame = parse_table(raw, table, findings).rename(columns={v: k for k, v in own.items()})
    _check_slips(list(raw.columns), table, findings)
    pair = _pair(set(own), path.name, findings, placed)
    if pair == ("lon", "lat"):
        check_swapped(frame, path.name, findings)
    if len(findings.faults) > before:
        return None
    numbers = {
        column.name: np.asarray(frame[column.name].astype(float), dtype=np.float64)
        for column in columns
        if column.name in own and column.name not in ("name", "class", *_PAIRS)
    }
    xy = frame[list(pair)].to_numpy(float) if pair else np.full((len(frame), 2), np.nan)
    classes = tuple(map(str, frame["class"])) if "class" in own else ()
    return Places(
        path.name, tuple(map(str, frame["name"])), "".join(pair), xy, numbers, classes,
        own, like_people(raw),
    )  # fmt: skip


def _check_slips(columns: list[str], table: Table, findings: Findings) -> None:
    """Find exchanged letters, as in wieght, which the check of a district's tables lets pass."""
    told = {fault.where for fault in findings.faults}
    for name in columns:
        near = difflib.get_close_matches(name.lower(), table.names(), n=1, cutoff=_ALIKE)
        if name in table.names() or not near or f"{table.file}, column {name}" in told:
            continue
        what = f"there is no column '{name}' in this table."
        remedy = f"Did you mean '{near[0]}'? If not, name the column otherwise."
        findings.add(table.file, None, name, what, remedy)


_ALIKE = 0.82
_PAIRS = ("lon", "lat", "x", "y")


def _pair(columns: set[str], file: str, findings: Findings, placed: bool) -> tuple[str, ...]:
    """Find which pair of coordinates a table has; none is no fault where a matrix is given."""
    found: list[tuple[str, ...]] = []
    if placed and not columns & set(_PAIRS):
        what = "it has no coordinates, and no travel matrix is given."
        remedy = "Add lon and lat (degrees, WGS84) or x and y (metres), or give --matrix."
        findings.add(file, None, None, what, remedy)
    for pair in (("lon", "lat"), ("x", "y")):
        there = [name for name in pair if name in columns]
        if len(there) == 1:
            other = next(name for name in pair if name not in columns)
            what = f"there is a column '{there[0]}' and no '{other}'."
            findings.add(file, None, None, what, f"Add {other}, or remove {there[0]}.")
        elif there:
            found.append(pair)
    if len(found) > 1:
        what = "it has lon and lat as well as x and y."
        remedy = "Keep one pair: lon, lat in degrees (WGS84), or x, y in metres."
        findings.add(file, None, None, what, remedy)
        return ()
    return found[0] if found else ()
