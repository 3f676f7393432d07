"""A CSV file as a table of texts, before anything in it is read as a number."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.district.check import Findings


def read_text(path: Path, findings: Findings) -> pd.DataFrame | None:
    """Read a CSV file as texts; None, with the fault noted, where that is impossible.

    Parameters
    ----------
    path
        The file: UTF-8, with or without a byte order mark; one header row.
    findings
        Receives the faults.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
    except UnicodeDecodeError:
        findings.add(
            path.name, None, None, "the file is not UTF-8.", "Save it as CSV UTF-8 (in Excel too)."
        )
        return None
    except csv.Error as error:
        findings.add(
            path.name, None, None, f"it is no CSV file ({error}).", "Save it as CSV UTF-8."
        )
        return None
    if not rows:
        findings.add(path.name, None, None, "the file is empty.", "Add the header row.")
        return None
    header = [name.strip() for name in rows[0]]
    for mark, shown in ((";", ";"), ("\t", "tabs")):
        if len(rows[0]) == 1 and mark in rows[0][0]:
            what = f"its cells are separated by {shown}, not by ','."
            findings.add(path.name, None, None, what, "Save it as CSV with commas.")
            return None
    body = rows[1:]
    while body and not any(cell.strip() for cell in body[-1]):
        body.pop()
    ragged = False
    for i, row in enumerate(body):
        if len(row) != len(header):
            what = f"it has {len(row)} cells, the header {len(header)}."
            findings.add(path.name, i, None, what, "Check for a missing or an extra comma.")
            ragged = True
    repeated = {name for name in header if header.count(name) > 1}
    for name in sorted(repeated):
        findings.add(path.name, None, name, "the column stands twice.", "Remove one.")
    if ragged or repeated:
        return None
    return pd.DataFrame(body, columns=pd.Index(header, dtype="str"), dtype="str")
