"""The files of a saved run: how each is written, read and checked."""

from __future__ import annotations

import csv
import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault, InputError, one_fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from resalloc.problem.allocation import Allocation
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import Rows

AGAIN = "Solve again, or take the folder from a copy."


def write_allocation(allocation: Allocation, path: Path) -> None:
    """Write every decision at full precision; derived columns are left out."""
    with path.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(["block", "place", "kind", "year", "value"])
        for block in allocation.columns.blocks.values():
            if block.derived:
                continue
            for position in block.ids.reshape(-1):
                *labels, year = block.cell(int(position))
                kind = labels[1] if len(labels) > 1 else ""
                value = float(allocation.x[position]) + 0.0
                out.writerow([block.name, labels[0], kind, year, repr(value)])


def read_allocation(path: Path, rows: Rows) -> Floats:
    """Give x from the file; derived columns are computed, not read."""
    columns = rows.columns
    places = {}
    for block in columns.blocks.values():
        if not block.derived:
            for position in block.ids.reshape(-1):
                *labels, year = block.cell(int(position))
                kind = labels[1] if len(labels) > 1 else ""
                places[block.name, labels[0], kind, year] = int(position)
    x = np.full(columns.size, np.nan)
    with path.open(encoding="utf-8", newline="") as handle:
        for number, row in enumerate(csv.reader(handle), start=1):
            if number == 1:
                continue
            where = f"allocation.csv, row {number}"
            if len(row) != 5 or tuple(row[:4]) not in places:
                raise one_fault(where, "it names no decision of this run.", AGAIN)
            x[places.pop((row[0], row[1], row[2], row[3]))] = float(row[4])
    if places:
        name = "/".join(next(iter(places)))
        raise one_fault("allocation.csv", f"{len(places)} rows are missing, e.g. {name}.", AGAIN)
    return rows.derive(x)


def hashes(home: Path) -> dict[str, str]:
    """Give the SHA-256 of every file of a run but ``run.json``."""
    files = (path for path in home.rglob("*") if path.is_file() and path.name != "run.json")
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(files)
    }


def check_hashes(home: Path, written: Mapping[str, str]) -> None:
    """Refuse a run of which a file is missing or was changed."""
    faults: list[Fault] = []
    for name, digest in written.items():
        path = home / name
        if not path.is_file():
            faults += one_fault(str(path), "the file is missing.", AGAIN).faults
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            what = "it was changed after the run was saved, so the run no longer proves it."
            faults += one_fault(str(path), what, AGAIN).faults
    if faults:
        raise InputError(faults)


def write_json(path: Path, content: object) -> None:
    """Write plain data as readable JSON."""
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds one record."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise one_fault(
            str(path), "the file is missing.", "Name a folder of a saved run."
        ) from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise one_fault(str(path), f"it is not JSON ({error}).", AGAIN) from None
    if not isinstance(content, dict):
        raise one_fault(str(path), "it is not a saved run.", AGAIN)
    return content
