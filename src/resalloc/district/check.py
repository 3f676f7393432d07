"""Checks of a district's tables: every fault of every file, found before anything is built."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.district.cell import Unusable, number, yes_no
from resalloc.district.geo import looks_gcj02, looks_swapped
from resalloc.district.tables import SERIES, TABLES, Column, Table
from resalloc.errors import Fault, did_you_mean
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HEADER_ROWS = 1
_SERIES = "population|" + "|".join(SERIES)
_YEAR_COLUMN = rf"({_SERIES})_(\d{{4}})"


@dataclass
class Findings:
    """Faults found so far, file by file."""

    faults: list[Fault] = field(default_factory=list)

    def add(self, file: str, row: int | None, column: str | None, what: str, remedy: str) -> None:
        """Note one fault; `row` counts data rows from 0 and is shown as in a spreadsheet."""
        parts = [file]
        if row is not None:
            parts.append(f"row {row + HEADER_ROWS + 1}")
        if column is not None:
            parts.append(f"column {column}")
        self.faults.append(Fault(", ".join(parts), what, remedy))

    def forget(self, where: str, what: str) -> None:
        """Drop faults that another one explains better."""
        self.faults = [f for f in self.faults if not (f.where.startswith(where) and what in f.what)]


def parse_table(raw: pd.DataFrame, table: Table, findings: Findings) -> pd.DataFrame:
    """Turn a table of texts into a typed one; what cannot be read becomes a fault.

    Parameters
    ----------
    raw
        All cells as text, as read from the file.
    table
        What the file should hold.
    findings
        Receives the faults.

    Returns
    -------
    pandas.DataFrame
        The table's columns in order (missing ones empty) and its columns by year.
        Text is NaN where the cell is empty.
    """
    _check_headers(raw, table, findings)
    parsed: dict[str, object] = {}
    for column in table.columns:
        cells = raw[column.name] if column.name in raw else pd.Series("", index=raw.index)
        present = column.name in raw
        parsed[column.name] = _parse_column(cells.str.strip(), column, table, findings, present)
    if table.more:
        for name in raw.columns:
            if name in table.names() or not pd.Series([name]).str.fullmatch(_YEAR_COLUMN)[0]:
                continue
            column = Column(name, "count")
            parsed[name] = _parse_column(raw[name].str.strip(), column, table, findings, True)
    frame = pd.DataFrame(parsed, index=raw.index)
    _check_repeats(frame, table, findings)
    return frame


def _check_headers(raw: pd.DataFrame, table: Table, findings: Findings) -> None:
    for column in table.columns:
        if column.needed and column.name not in raw:
            remedy = did_you_mean(column.name, raw.columns) if len(raw.columns) else ""
            what = f"the column '{column.name}' is missing."
            findings.add(table.file, None, None, what, f"Add it. {remedy}".strip())
    if not table.more:
        for name in raw.columns:
            if name not in table.names():
                what = f"there is no column '{name}' in this table."
                findings.add(table.file, None, None, what, did_you_mean(name, table.names()))


def _parse_column(
    cells: pd.Series, column: Column, table: Table, findings: Findings, present: bool
) -> pd.Series:
    if present and column.filled:
        for row in np.flatnonzero((cells == "").to_numpy()).tolist():
            findings.add(table.file, row, column.name, "the cell is empty.", "Fill it in.")
    if column.holds == "text":
        if column.words is not None:
            _check_words(cells, column, table, findings)
        return cells.where(cells != "", np.nan).astype("str")
    read = [yes_no(text) if column.holds == "yes_no" else number(text) for text in cells]
    for row, value in enumerate(read):
        fault = value if isinstance(value, Unusable) else _out_of_range(value, column)
        if fault is not None:
            findings.add(table.file, row, column.name, fault.what, fault.remedy)
    good = [None if isinstance(value, Unusable) else value for value in read]
    if column.holds == "yes_no":
        return pd.Series(good, index=cells.index, dtype="boolean")
    values = pd.Series(good, index=cells.index, dtype=float)
    if column.holds == "year" and values.notna().all() and len(values):
        return values.astype(int)
    return values


def _out_of_range(value: float | bool | None, column: Column) -> Unusable | None:
    if value is None or isinstance(value, bool) or np.isnan(value):
        return None
    if column.holds == "count" and value < 0:
        return Unusable(f"{value:g} is negative.", "Give a number from 0 up.")
    if column.holds == "year" and not (value.is_integer() and 1949 <= value <= 2100):
        return Unusable(f"{value:g} is no year.", "Give a year such as 2020.")
    limit = {"longitude": 180.0, "latitude": 90.0}.get(column.holds)
    if limit is not None and abs(value) > limit:
        return Unusable(
            f"{value:g} is no {column.holds} in degrees.",
            "Give WGS84 degrees (EPSG:4326); convert projected metres first.",
        )
    return None


def _check_words(cells: pd.Series, column: Column, table: Table, findings: Findings) -> None:
    assert column.words is not None
    known: Iterable[str] = column.words
    if isinstance(column.words, str):
        known = vocabulary().list(column.words)
    options = set(known)
    for row, word in enumerate(cells):
        if word and word not in options:
            what = f"'{word}' is not a known {column.name}."
            findings.add(table.file, row, column.name, what, did_you_mean(word, options))


def _check_repeats(frame: pd.DataFrame, table: Table, findings: Findings) -> None:
    keys = list(table.key)
    for row in np.flatnonzero(frame.duplicated(keys).to_numpy()).tolist():
        values = frame.iloc[row][keys]
        if values.isna().any():
            continue
        what = f"'{' '.join(map(str, values))}' stands in an earlier row too."
        findings.add(table.file, row, None, what, "Keep one of the rows, or rename.")


def check_references(frames: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Find names of townships and institutions that no row of theirs declares."""
    townships = set(frames["townships"]["township"].dropna())
    providers = set(frames["institutions"]["institution"].dropna())
    if "unlisted" in frames:
        names = frames["unlisted"]["institution"]
        for row, name in enumerate(names):
            if name in providers:
                what = f"'{name}' stands in institutions.csv too."
                findings.add("unlisted.csv", row, "institution", what, "Keep it in one of them.")
        providers |= set(names.dropna())
    for name, frame in frames.items():
        for column in TABLES[name].columns:
            if column.refers is None:
                continue
            known = townships if column.refers == "townships" else providers
            what = "township" if column.refers == "townships" else "institution"
            for row, word in enumerate(frame[column.name]):
                if isinstance(word, str) and word not in known:
                    fault = f"there is no {what} '{word}'."
                    remedy = did_you_mean(word, known)
                    findings.add(TABLES[name].file, row, column.name, fault, remedy)


def check_positions(frames: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Find coordinates that were exchanged or are in GCJ-02."""
    for name in (
        "townships",
        "institutions",
        "unlisted",
        "points",
        "sites",
        "candidates",
        "neighbours",
    ):
        if name not in frames:
            continue
        frame, file = frames[name], TABLES[name].file
        if looks_swapped(frame["lon"], frame["lat"]):
            findings.forget(f"{file}, ", "is no latitude")
            findings.add(
                file,
                None,
                "lon",
                "longitude and latitude are exchanged.",
                "Swap the columns lon and lat.",
            )
    seats = frames["townships"].drop_duplicates("township").set_index("township")
    places = frames["institutions"]
    near = seats.reindex(places["township"])
    if looks_gcj02(places["lon"], places["lat"], near["lon"], near["lat"]):
        findings.add(
            "institutions.csv",
            None,
            "lon",
            "the positions lie off their townships by the GCJ-02 shift of Chinese web maps.",
            "Convert them to WGS84 (resalloc.district.geo.gcj02_to_wgs84).",
        )


def check_shares(frames: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Find townships whose demand points do not carry all their residents."""
    if "points" not in frames:
        return
    sums = frames["points"].groupby("township")["share"].sum()
    for township, share in sums.items():
        if abs(share - 1) > 1e-6:
            findings.add(
                "points.csv",
                None,
                "share",
                f"the shares of {township} sum to {share:g}.",
                "Make them sum to 1.",
            )
    for township in frames["townships"]["township"].dropna():
        if township not in sums.index:
            findings.add(
                "points.csv", None, None, f"{township} has no demand point.", "Give it one or more."
            )
