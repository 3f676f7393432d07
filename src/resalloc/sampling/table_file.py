"""The cells of a CSV or Parquet file of numbers, and which of them hold something else."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from resalloc.errors import one_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from resalloc.problem.columns import Floats

_SHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".et", ".numbers")
_SHOWN = 5
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Part:
    """Some rows of the file.

    Parameters
    ----------
    values
        Rows × columns; NaN where a cell holds no number.
    texts
        Rows × columns: which cells hold something that is no number.
    words
        The first of these of every column, by row and column, as they stand in the file.
    """

    values: Floats
    texts: Bools
    words: Mapping[tuple[int, int], str] = field(default_factory=dict)


def is_parquet(path: Path) -> bool:
    """Tell a Parquet file by its name; every other is read as CSV."""
    return path.suffix.lower() in (".parquet", ".pq")


def columns_of(path: Path) -> tuple[list[str], int]:
    """Give the names of the columns and the number of rows.

    Raises
    ------
    InputError
        The file does not exist, or is neither CSV (UTF-8) nor Parquet.
    """
    if not path.is_file():
        raise one_fault(str(path), "the file does not exist.", "Check the name.")
    if path.suffix.lower() in _SHEETS:
        remedy = "Save the sheet as CSV UTF-8 and name that file."
        raise one_fault(path.name, "only CSV or Parquet can be read.", remedy)
    if is_parquet(path):
        metadata = _parquet(path)
        return list(metadata.schema_arrow.names), int(metadata.metadata.num_rows)
    names, whole = _csv(path, *_stamp(path))
    return list(names), len(whole.values)


def parts_of(path: Path, low: int, high: int, names: Sequence[str]) -> Iterator[Part]:
    """Give rows `low` to `high` − 1 of the named columns, part by part.

    A Parquet file is read by row groups, a CSV file whole, once in every process.

    Raises
    ------
    InputError
        The file cannot be read, or a column is no longer there.
    """
    found, _ = columns_of(path)
    gone = [name for name in names if name not in found]
    if gone:
        remedy = "Put the file back as it was, or start anew."
        raise one_fault(f"{path.name}, column {gone[0]}", "is no longer there.", remedy)
    if is_parquet(path):
        yield from _row_groups(path, low, high, names)
    else:
        _, whole = _csv(path, *_stamp(path))
        which = [found.index(name) for name in names]
        words = {
            (row - low, which.index(column)): word
            for (row, column), word in whole.words.items()
            if low <= row < high and column in which
        }
        yield Part(whole.values[low:high, which], whole.texts[low:high, which], words)


def _stamp(path: Path) -> tuple[int, int]:
    state = path.stat()
    return state.st_mtime_ns, state.st_size


@lru_cache(maxsize=4)
def _csv(path: Path, _changed_ns: int, _bytes: int) -> tuple[tuple[str, ...], Part]:
    import pandas as pd
    import pyarrow as pa

    try:
        header = _header(path)
        spots = [str(k) for k in range(len(header))]
        table = _csv_cells(path, spots)
    except UnicodeDecodeError:
        remedy = "Save it as CSV UTF-8 (in Excel too)."
        raise one_fault(path.name, "the file is not UTF-8.", remedy) from None
    except pa.ArrowInvalid as error:
        remedy = "Give every row one cell a column, and save it as CSV UTF-8."
        raise one_fault(path.name, f"it is no CSV file ({error}).", remedy) from None
    values = np.full((table.num_rows, len(spots)), np.nan)
    texts = np.zeros(values.shape, dtype=bool)
    words: dict[tuple[int, int], str] = {}
    for k, spot in enumerate(spots):
        cells = pd.Series(table.column(spot).to_pylist(), dtype="str").str.strip()
        values[:, k] = pd.to_numeric(cells, errors="coerce")
        texts[:, k] = np.isnan(values[:, k]) & (cells != "").to_numpy(dtype=bool)
        odd = np.flatnonzero(texts[:, k] | np.isinf(values[:, k]))[:_SHOWN]
        words.update({(int(row), k): str(cells[row]) for row in odd})
    values.setflags(write=False)
    return tuple(header), Part(values, texts, words)


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream), [])
    if not header:
        raise one_fault(path.name, "the file is empty.", "Add the header row.")
    return [name.strip() for name in header]


def _csv_cells(path: Path, spots: list[str]) -> Any:
    """Read all rows below the header as texts, the columns named by their places."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    text = pa.schema([(spot, pa.string()) for spot in spots])
    with path.open("rb") as stream:
        stream.readline()
        if not stream.read(1):
            return text.empty_table()
    return arrow_csv.read_csv(
        path,
        read_options=arrow_csv.ReadOptions(column_names=spots, skip_rows=1),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(column_types=text),
    )


def _parquet(path: Path) -> Any:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path)
    except pa.ArrowInvalid as error:
        raise one_fault(path.name, f"it is no Parquet file ({error}).", "Save it anew.") from None


def _row_groups(path: Path, low: int, high: int, names: Sequence[str]) -> Iterator[Part]:
    with _parquet(path) as file:
        start = 0
        for group in range(file.num_row_groups):
            stop = start + file.metadata.row_group(group).num_rows
            if start < high and low < stop:
                begin, end = max(low - start, 0), min(high, stop) - start
                rows = file.read_row_group(group, columns=list(names)).slice(begin, end - begin)
                columns = [_numbers(rows.column(name)) for name in names]
                words = {
                    (int(row), k): str(rows.column(names[k])[int(row)])
                    for k, (values, texts) in enumerate(columns)
                    for row in np.flatnonzero(texts | np.isinf(values))[:_SHOWN]
                }
                yield Part(
                    np.column_stack([values for values, _ in columns]),
                    np.column_stack([texts for _, texts in columns]),
                    words,
                )
            start = stop


def _numbers(column: Any) -> tuple[Floats, Bools]:
    import pyarrow as pa

    kind = column.type
    if (
        pa.types.is_boolean(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
    ):
        values = np.asarray(column.cast(pa.float64(), safe=False).to_numpy())
        return values, np.zeros(len(values), dtype=bool)
    return np.full(len(column), np.nan), np.asarray(column.is_valid().to_numpy())
