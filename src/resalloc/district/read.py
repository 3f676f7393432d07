"""Read a district from its folder of CSV files and ``district.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from resalloc.district.assemble import assemble
from resalloc.district.assumptions import Assumptions, read_assumptions
from resalloc.district.check import (
    Findings,
    check_positions,
    check_references,
    check_shares,
    check_swapped,
    parse_table,
    slip_of,
)
from resalloc.district.csv_text import read_text
from resalloc.district.settings import Settings, read_settings
from resalloc.district.tables import TABLES
from resalloc.errors import InputError, did_you_mean, one_fault
from resalloc.paths import data_path

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from resalloc.district.district import District


def read_district(
    name_or_folder: str | Path,
    *,
    assumptions: Assumptions | None = None,
    replacing: Mapping[str, float | str] | None = None,
) -> District:
    """Read a district: a bundled one by name, or a folder of your own.

    Parameters
    ----------
    name_or_folder
        ``"tongliang"``, or the path of a folder with ``district.toml``,
        ``townships.csv``, ``institutions.csv`` and any of the other tables.
    assumptions
        Defaults to start from; by default the bundled ones and, over them, those in
        the folder's ``assumptions.toml``. ``[assumptions]`` in ``district.toml`` go over both.
    replacing
        Values of your own for some assumptions, over all others.

    Returns
    -------
    District
        Given tables as they are; the rest modelled and marked so.

    Raises
    ------
    InputError
        Anything in any file cannot be used: all faults of all files together.

    Examples
    --------
    >>> district = read_district("tongliang")
    >>> len(district.townships), round(district.total("residents", 2020))
    (28, 685729)
    """
    folder = _find(name_or_folder)
    findings = Findings()
    settings: Settings | None = None
    try:
        settings = read_settings(folder / "district.toml")
    except InputError as error:
        findings.faults.extend(error.faults)
    _check_files(folder, findings)
    frames = _read_tables(folder, findings)
    if {"townships", "institutions"} <= set(frames):
        unread = "unlisted" not in frames and (folder / TABLES["unlisted"].file).is_file()
        if not unread:  # else every name in it would count as unknown
            check_references(frames, findings)
        check_positions(frames, findings)
        check_shares(frames, findings)
    if findings.faults or settings is None:
        raise InputError(findings.faults)
    return assemble(settings, frames, assumptions or _assumptions(folder), replacing)


def read_candidates(path: Path) -> pd.DataFrame:
    """Read a list of places where an ambulance station may be built.

    Parameters
    ----------
    path
        A CSV file with ``site``, ``lon`` and ``lat``, and ``township`` if known.

    Returns
    -------
    pandas.DataFrame
        As :meth:`District.with_candidates` takes it.

    Raises
    ------
    InputError
        The file is missing or has faults; all of them.
    """
    findings, table = Findings(), TABLES["candidates"]
    if not path.is_file():
        raise one_fault(str(path), "there is no such file.", "Check the name.")
    raw = read_text(path, findings)
    frame = None if raw is None else parse_table(raw, table, findings)
    if frame is not None:
        check_swapped(frame, table.file, findings)
    if findings.faults or frame is None:
        raise InputError(findings.faults)
    return frame.rename(columns={"site": "name"})


def districts() -> list[str]:
    """Give the names of the bundled districts."""
    return sorted(path.parent.name for path in data_path("districts").glob("*/district.toml"))


def _assumptions(folder: Path) -> Assumptions:
    own = folder / "assumptions.toml"
    defaults = read_assumptions()
    return defaults.merge(read_assumptions(own)) if own.is_file() else defaults


def _find(name_or_folder: str | Path) -> Path:
    folder = Path(name_or_folder)
    bundled = districts()
    if isinstance(name_or_folder, str) and name_or_folder in bundled:
        return data_path("districts", name_or_folder)
    if folder.is_dir():
        return folder
    where = f"district '{name_or_folder}'"
    what = "there is no such folder and no bundled district of this name."
    raise one_fault(where, what, did_you_mean(str(name_or_folder), bundled))


def _check_files(folder: Path, findings: Findings) -> None:
    """Find files that would be left aside although their name is nearly one that is read."""
    known = {".csv": list(TABLES), ".toml": ["district", "assumptions"]}
    for path in sorted(folder.iterdir()):
        ending = path.suffix.lower()
        names = known.get(ending, [])
        if not path.is_file() or path.name in {f"{name}{ending}" for name in names}:
            continue
        if meant := slip_of(path.stem, names):
            what = f"a file of this name is not read; '{meant}{ending}' is."
            remedy = f"Rename it to {meant}{ending}, or move it out of the folder."
            findings.add(path.name, None, None, what, remedy)


def _read_tables(folder: Path, findings: Findings) -> dict[str, pd.DataFrame]:
    frames: dict[str, pd.DataFrame] = {}
    for name, table in TABLES.items():
        path = folder / table.file
        if not path.is_file():
            if table.needed:
                findings.add(table.file, None, None, "the file is missing.", f"Add it to {folder}.")
            continue
        raw = read_text(path, findings)
        if raw is not None:
            frames[name] = parse_table(raw, table, findings)
    return frames
