"""Checks of a district's tables: every fault of every file, found before anything is built."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.district.cell import Unusable, number, yes_no
from resalloc.district.geo import looks_gcj02, looks_swapped
from resalloc.district.tables import SERIES, TABLES, Column, Table
from resalloc.errors import Fault, did_you_mean
from resalloc.sphere import great_circle_km
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HEADER_ROWS = 1
_SERIES = "population|" + "|".join(SERIES)
_YEAR_COLUMN = rf"({_SERIES})_(\d{{4}})"
FAR_KM = 150.0
"""A seat farther than this from the median seat is taken for a mistake."""
_SLIP = 0.85
_ROUNDING = 0.5
_PARTS = tuple(name for name in SERIES if name != "residents")


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


def slip_of(name: str, known: Iterable[str]) -> str | None:
    """Give the known name that `name` is likely a slip of, or None.

    Other digits and words added at the end make another name, not a slip.

    Examples
    --------
    >>> slip_of("beds_planed", ["beds_actual", "beds_planned"])
    'beds_planned'
    >>> slip_of("source_2", ["source"]), slip_of("beds_14fyp", ["beds_13fyp"])
    (None, None)
    """
    plain = re.sub(r"[\s\-.]+", "_", name.strip().lower())
    digits = re.sub(r"\D", "", name)
    alike = [
        word
        for word in known
        if re.sub(r"\D", "", word) == digits and not plain.startswith(f"{word}_")
    ]
    near = difflib.get_close_matches(plain, alike, n=1, cutoff=_SLIP)
    return near[0] if near else None


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
    for name in raw.columns:
        if name in table.names() or (table.more and re.fullmatch(_YEAR_COLUMN, name)):
            continue
        what = f"there is no column '{name}' in this table."
        if not table.more:
            findings.add(table.file, None, name, what, did_you_mean(name, table.names()))
        elif meant := slip_of(name, _names_near(name, table)):
            remedy = f"Did you mean '{meant}'? If not, name the column otherwise."
            findings.add(table.file, None, name, what, remedy)


def _names_near(name: str, table: Table) -> list[str]:
    """Give the table's columns and, where `name` ends in a year, those of that year."""
    year = re.search(r"\d{4}$", name.strip())
    by_year = ("population", *SERIES) if year and table.name == "townships" else ()
    return [*table.names(), *(f"{series}_{year[0]}" for series in by_year if year)]


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
    if column.holds in ("count", "whole") and value < 0:
        return Unusable(f"{value:g} is negative.", "Give a number from 0 up.")
    if column.holds == "whole" and not value.is_integer():
        return Unusable(f"{value:.15g} is not a whole number.", "Give a whole number from 0 up.")
    if column.holds == "percent" and not 0 <= value <= 100:
        return Unusable(f"{value:g} is no per cent.", "Give per cent of residents, from 0 to 100.")
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
        check_swapped(frames[name], TABLES[name].file, findings)
    _check_far(frames["townships"], findings)
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


def check_swapped(frame: pd.DataFrame, file: str, findings: Findings) -> None:
    """Find longitudes and latitudes that were exchanged, in all rows or in some."""
    known = np.flatnonzero(frame[["lon", "lat"]].notna().all(axis=1).to_numpy())
    pairs = [(float(frame["lon"].iloc[i]), float(frame["lat"].iloc[i])) for i in known]
    rows = [int(i) for i, (x, y) in zip(known, pairs, strict=True) if looks_swapped([x], [y])]
    if len(rows) > 1 and len(rows) == len(known):
        findings.forget(f"{file}, ", "is no latitude")
        what = "longitude and latitude are exchanged."
        findings.add(file, None, "lon", what, "Swap the columns lon and lat.")
        return
    for row in rows:
        findings.forget(f"{file}, row {row + HEADER_ROWS + 1}, ", "is no latitude")
        x, y = frame["lon"].iloc[row], frame["lat"].iloc[row]
        what = f"longitude {x:g} and latitude {y:g} are exchanged."
        findings.add(file, row, "lon", what, "Swap the two cells.")


def _check_far(seats: pd.DataFrame, findings: Findings) -> None:
    """Find seats that cannot be of the same district as the others."""
    lon, lat = seats["lon"].to_numpy(float), seats["lat"].to_numpy(float)
    good = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    good &= [not looks_swapped([x], [y]) for x, y in zip(lon, lat, strict=True)]
    if not good.any():
        return
    away = great_circle_km(lon, lat, np.median(lon[good]), np.median(lat[good]))
    for row in np.flatnonzero(good & (away > FAR_KM)).tolist():
        what = f"the seat lies {away[row]:.0f} km from the middle of the district."
        remedy = f"Check lon and lat; a seat may lie {FAR_KM:g} km from it at most."
        findings.add(TABLES["townships"].file, row, "lon", what, remedy)


def check_shares(frames: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Find parts that do not fit their whole: shares of points, ages, beds by kind."""
    _check_points(frames, findings)
    _check_ages(frames["townships"], findings)
    _check_people(frames, findings)
    _check_beds(frames, findings)


def _check_ages(townships: pd.DataFrame, findings: Findings) -> None:
    file = TABLES["townships"].file
    young, middle = townships["share_0_14_2020"], townships["share_15_59_2020"]
    old, older = townships["share_60_plus_2020"], townships["share_65_plus_2020"]
    total = young.fillna(0) + middle.fillna(0) + old.fillna(older).fillna(0)
    parts = pd.concat([young, middle, old, older], axis=1)
    valid = ((parts >= 0) & (parts <= 100) | parts.isna()).all(axis=1)
    for row in np.flatnonzero((valid & (total > 100 + _ROUNDING)).to_numpy()).tolist():
        what = f"the age groups together are {total.iloc[row]:g} per cent of residents."
        remedy = "Check the shares of the row: together they are 100 at most."
        findings.add(file, row, "share_0_14_2020", what, remedy)
    for row in np.flatnonzero((valid & (older > old + _ROUNDING)).to_numpy()).tolist():
        what = f"{older.iloc[row]:g} per cent are 65 and over, but {old.iloc[row]:g} 60 and over."
        findings.add(file, row, "share_65_plus_2020", what, "Check both shares.")


def _check_people(frames: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Find groups of people larger than all residents of their township."""
    if "population" in frames:
        frame, file = frames["population"], TABLES["population"].file
        cells = [
            (row, "value", str(series), float(value), (township, year))
            for row, (township, year, series, value) in enumerate(
                zip(*(frame[n] for n in ("township", "year", "series", "value")), strict=True)
            )
        ]
    else:
        frame, file = frames["townships"], TABLES["townships"].file
        cells = []
        for column in frame.columns:
            if match := re.fullmatch(_YEAR_COLUMN, column):
                series = "residents" if match[1] == "population" else match[1]
                for row, value in enumerate(frame[column]):
                    cells.append((row, column, series, float(value), (row, match[2])))
    residents = {key: value for _, _, series, value, key in cells if series == "residents"}
    ages: dict[tuple[object, object], float] = {}
    for row, column, series, value, key in cells:
        most = residents.get(key, np.nan) * (1 + 1e-9)
        if series in _PARTS and value > most:
            what = f"{value:.15g} {series} are more than all residents ({residents[key]:.15g})."
            findings.add(file, row, column, what, "Check both figures.")
        elif series in ("children_0_14", "aged_65_plus") and value >= 0:
            ages[key] = ages.get(key, 0.0) + value
            if ages[key] > most:
                what = (
                    f"children_0_14 and aged_65_plus together ({ages[key]:.15g}) "
                    f"are more than all residents ({residents[key]:.15g})."
                )
                findings.add(file, row, column, what, "Check the three figures.")


def _check_beds(frames: Mapping[str, pd.DataFrame], findings: Findings) -> None:
    """Find institutions whose kinds of bed add up to more than their authorised beds."""
    if "beds" not in frames:
        return
    authorised: dict[str, float] = {}
    for name in ("institutions", "unlisted"):
        if name in frames:
            columns = (frames[name]["institution"], frames[name]["beds_authorised"])
            authorised |= {str(k): float(v) for k, v in zip(*columns, strict=True)}
    beds = frames["beds"]
    sums = beds["count"].clip(lower=0).groupby(beds["institution"]).sum()
    last = {str(name): row for row, name in enumerate(beds["institution"])}
    for name, row in last.items():
        total, most = float(sums.get(name, 0.0)), authorised.get(name, np.nan)
        if total > most + 1e-9:
            what = f"the kinds of {name} add up to {total:g} beds, beds_authorised is {most:g}."
            remedy = "Count each bed under one kind, or mend beds_authorised in institutions.csv."
            findings.add(TABLES["beds"].file, row, "count", what, remedy)


def _check_points(frames: Mapping[str, pd.DataFrame], findings: Findings) -> None:
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
