"""Scenarios from a file of the user's own: CSV or Parquet, one row each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, InputError, did_you_mean, one_fault
from resalloc.problem.scenario import Batch, Factor
from resalloc.sampling.allowed import Allowed, unknown_word
from resalloc.sampling.design import check_rows, name_faults, refuse
from resalloc.sampling.table_file import columns_of, is_parquet, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from resalloc.problem.columns import Floats, Ints
    from resalloc.sampling.table_file import Bools

_SHOWN = 5
_NUMBER = "scenario"
_PLAIN = "Write plain numbers: 0.8 for 80 %, 1000 for 1,000."


@dataclass(frozen=True)
class OwnTable:
    """Scenarios from a file; made by :func:`read_own_table`, which checks the file.

    Parameters
    ----------
    path
        A ``.csv`` or ``.parquet`` file.
    factors
        What the columns are, in the file's order.
    size
        Number of scenarios.
    """

    path: Path
    factors: tuple[Factor, ...]
    size: int

    def __len__(self) -> int:
        return self.size

    def rows(self, low: int, high: int) -> Batch:
        """Give the scenarios `low` to `high` − 1, counted from 0.

        A Parquet file is read by row groups, a CSV file whole, once in every process.

        Raises
        ------
        InputError
            The scenarios do not exist, or the file is no longer what it was.
        """
        check_rows(self, low, high)
        names = [factor.name for factor in self.factors]
        parts = [part.values for part in parts_of(self.path, low, high, names)]
        values = np.concatenate([np.empty((0, len(names))), *parts])
        if len(values) != high - low:
            what = "the file has changed since it was checked."
            raise one_fault(self.path.name, what, "Put it back, or start the run anew.")
        return Batch(self.factors, values)


def read_own_table(path: Path, factors: Sequence[Factor] = ()) -> OwnTable:
    """Check a file of scenarios and give it as a design.

    Parameters
    ----------
    path
        A CSV file (UTF-8, commas, one header row) or a Parquet file. One row is one scenario,
        one column one factor, named as :class:`~resalloc.problem.scenario.Factor` says.
    factors
        Factors that take more than a column's name to describe (projects), by their names.

    Raises
    ------
    InputError
        The file cannot be read; a column is missing, stands twice or is no factor; a cell is
        blank, is text or is a value that its factor cannot take. All faults at once, with the
        column and the rows: lines of a CSV file, of which the header is the first; scenarios
        of a Parquet file, counted from 1.

    Notes
    -----
    A column ``scenario``, the number of a scenario in results of a sweep, is left out.
    """
    found, count = columns_of(path)
    names = [name for name in found if name != _NUMBER]
    if not names:
        raise one_fault(path.name, "it has no factor.", "Add a column for each.")
    said = {factor.name: factor for factor in factors}
    faults = [
        Fault(f"{path.name}, column {name}", "is missing.", did_you_mean(name, names))
        for name in said
        if name not in names
    ]
    columns: list[Factor | None] = []
    for name in names:
        try:
            columns.append(said.get(name) or _factor(name))
        except InputError as error:
            columns.append(None)
            for fault in error.faults:
                where = f"{path.name}, column {found.index(name) + 1}"
                faults.append(Fault(where, fault.what, fault.remedy))
    for fault in name_faults([column for column in columns if column]):
        faults.append(Fault(f"{path.name}, {fault.where}", fault.what, fault.remedy))
    if len(set(names)) < len(names):  # a column cannot be read by a name that stands twice
        raise InputError(faults)
    refuse([*faults, *_check_cells(path, count, names, columns)])
    return OwnTable(path, tuple(column for column in columns if column), count)


def _factor(name: str) -> Factor:
    if not name.strip():
        raise one_fault("", "its header is empty.", "Name the factor, or remove the column.")
    factor = Factor(name)
    if factor.kind == "project":
        what = f"'{name}' does not say what the project adds."
        raise one_fault("", what, "Describe it in a [[factor]] of the same name.")
    if unknown := unknown_word(factor):
        raise one_fault("", unknown.what, unknown.remedy)
    return factor


def _check_cells(
    path: Path, count: int, names: Sequence[str], columns: Sequence[Factor | None]
) -> Iterator[Fault]:
    """Tell which cells cannot be used."""
    if not count:
        yield Fault(path.name, "it has no scenario.", "Add a row for each.")
    bad: dict[tuple[int, str, str], list[int]] = {}
    words: dict[tuple[int, int], str] = {}
    line = 1 if is_parquet(path) else 2
    for part in parts_of(path, 0, count, names):
        for k, factor in enumerate(columns):
            for what, remedy, rows in _bad_cells(factor, part.values[:, k], part.texts[:, k]):
                bad.setdefault((k, what, remedy), []).extend((rows + line).tolist())
        words.update({(row + line, k): word for (row, k), word in part.words.items()})
        line += len(part.values)
    for (k, what, remedy), lines in sorted(bad.items()):
        shown = ", ".join(map(str, lines[:_SHOWN]))
        more = f" and {len(lines) - _SHOWN:,} more" if len(lines) > _SHOWN else ""
        where = f"{path.name}, row{'s' if len(lines) > 1 else ''} {shown}{more}, column {names[k]}"
        cells = [words[row, k] for row in lines[:_SHOWN] if (row, k) in words]
        quoted = ", ".join(f"'{cell[:20]}'" for cell in dict.fromkeys(cells))
        yield Fault(where, f"{quoted} {what}" if quoted else what, remedy)


def _bad_cells(
    factor: Factor | None, values: Floats, text: Bools
) -> Iterator[tuple[str, str, Ints]]:
    """Tell which cells of a column are blank, text, or not for this factor."""
    unknown = np.isnan(values)
    give = "Give every scenario a value."
    yield from _some("is blank.", give, np.flatnonzero(unknown & ~text))
    odd = (unknown & text) | np.isinf(values)
    yield from _some("is not a number.", _PLAIN, np.flatnonzero(odd))
    if factor is not None:
        allowed = Allowed(factor)
        refused = allowed.refuses(values) & np.isfinite(values)
        yield from _some(f"must be {allowed.says}.", give, np.flatnonzero(refused))
        what = f"must be a factor of at most {allowed.most:g}, not percent."
        percent = np.flatnonzero(allowed.percent(values))
        yield from _some(what, "Write 0.9 for 90 %.", percent)


def _some(what: str, remedy: str, rows: Ints) -> Iterator[tuple[str, str, Ints]]:
    if len(rows):
        yield what, remedy, rows
