"""Work that comes in chunks, and what a chunk that has been computed looks like."""

from __future__ import annotations

import hashlib
import io
import platform
import re
from dataclasses import dataclass
from functools import cache
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, Protocol

from resalloc.errors import InputError, SweepError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Work(Protocol):
    """Work in chunks that do not depend on each other.

    It is sent once to each process that computes, so it must be picklable. A chunk must come
    out the same, to the last bit, whenever and wherever it is computed and on any number of
    threads: that is what makes it safe to go on with a run that was cut off.
    """

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        ...

    def size(self, chunk: int) -> int:
        """Say how many scenarios a chunk has, for the progress that is shown."""
        ...

    def identity(self) -> Mapping[str, Any]:
        """Give all that decides the results, as JSON: hashes of inputs, seeds, chunk size."""
        ...

    def run(self, chunk: int) -> Mapping[str, pa.Table]:
        """Compute a chunk, counted from 0: a table for each data set.

        Every chunk gives the same data sets with the same columns.
        """
        ...


@dataclass(frozen=True)
class Part:
    """What is known of one Parquet file: a chunk's part of a data set.

    Parameters
    ----------
    bytes
        Its size.
    rows
        How many rows it has.
    sha256
        Of the whole file, in hexadecimal.
    columns
        Name and type of each column, e.g. ``"scenario: int64"``.
    """

    bytes: int
    rows: int
    sha256: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A chunk that has been computed, not yet written.

    Parameters
    ----------
    chunk
        Its number, from 0.
    files
        By data set, the Parquet file.
    parts
        By data set, what is known of the file.
    versions
        What it was computed with; see :func:`versions`.
    """

    chunk: int
    files: Mapping[str, bytes]
    parts: Mapping[str, Part]
    versions: Mapping[str, str]


def compute(work: Work, chunk: int) -> Made:
    """Compute one chunk, here and now.

    Raises
    ------
    InputError
        As the work raises it.
    SweepError
        Anything else that went wrong, with the number of the chunk.
    """
    try:
        tables = work.run(chunk)
        if not tables:
            raise SweepError(f"Chunk {chunk} gives no table.")
        for name in tables:
            if _NAME.fullmatch(name) is None:
                raise SweepError(f"'{name}' cannot name a data set: use a-z, 0-9 and _.")
        files = {name: to_parquet(table) for name, table in tables.items()}
        parts = {name: _part(table, files[name]) for name, table in tables.items()}
    except (InputError, SweepError):
        raise
    except MemoryError as error:
        what = f"Chunk {chunk} does not fit in memory. Use fewer workers or smaller chunks."
        raise SweepError(what) from error
    except Exception as error:
        raise SweepError(f"Chunk {chunk} failed: {type(error).__name__}: {error}.") from error
    return Made(chunk, files, parts, versions())


def to_parquet(table: pa.Table) -> bytes:
    """Give a table as a Parquet file: one row group, zstd; same table, same bytes.

    Examples
    --------
    >>> import pyarrow as pa
    >>> data = to_parquet(pa.table({"gini": [0.25, 0.5]}))
    >>> data[:4], data == to_parquet(pa.table({"gini": [0.25, 0.5]}))
    (b'PAR1', True)
    """
    import pyarrow.parquet as pq

    file = io.BytesIO()
    pq.write_table(
        table.combine_chunks(), file, row_group_size=max(len(table), 1), version="2.6",
        data_page_version="1.0", compression="zstd", compression_level=3,
        use_dictionary=True, write_statistics=True, store_schema=True,
    )  # fmt: skip
    return file.getvalue()


def _part(table: pa.Table, data: bytes) -> Part:
    columns = tuple(f"{field.name}: {field.type}" for field in table.schema)
    return Part(len(data), len(table), hashlib.sha256(data).hexdigest(), columns)


@cache
def versions() -> Mapping[str, str]:
    """Give the versions that may change a result: resalloc, Python and what computes."""
    resalloc = import_module("resalloc")  # by name: what it offers lies in layers above this one
    others = {name: metadata.version(name) for name in ("numba", "numpy", "pyarrow", "scipy")}
    return {"python": platform.python_version(), "resalloc": resalloc.__version__, **others}
