"""Small data sets of a sweep, written out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.dataset as ds

if TYPE_CHECKING:
    from collections.abc import Sequence

BEDS, HOSPITAL, PHYSICIANS = (
    "beds_per_1000",
    "public_hospital_beds_per_1000",
    "physicians_per_1000",
)
"""Clauses of the three towns; the last two are binding."""


def scenarios(
    factors: dict[str, Sequence[float]],
    clauses: dict[str, tuple[Sequence[Any], Sequence[Any], Sequence[Any]]],
    measures: dict[str, Sequence[Any]] | None = None,
    *,
    first: int = 0,
    cut: int = 0,
) -> ds.Dataset:
    """Give a data set ``scenarios``; with `cut`, as files of so many rows."""
    size = len(next(iter(factors.values())))
    columns: dict[str, pa.Array] = {"scenario": pa.array(range(first, first + size), pa.int64())}
    columns |= {name: _numbers(values) for name, values in factors.items()}
    for name, (value, gap, holds) in clauses.items():
        columns[f"{name}.value"], columns[f"{name}.gap"] = _numbers(value), _numbers(gap)
        columns[f"{name}.holds"] = pa.array(list(holds), pa.bool_())
    columns |= {name: _numbers(values) for name, values in (measures or {}).items()}
    table = pa.table(columns)
    if not cut:
        return ds.dataset(table)
    return ds.dataset([ds.dataset(table.slice(at, cut)) for at in range(0, size, cut)])


def places(rows: Sequence[tuple[str, str, int, int]] = ()) -> ds.Dataset:
    """Give a data set ``places``: clause, place, failing, known."""
    clause, place, failing, known = zip(*rows, strict=True) if rows else ((), (), (), ())
    return ds.dataset(
        pa.table(
            {
                "clause": pa.array(clause, pa.string()),
                "place": pa.array(place, pa.string()),
                "failing": pa.array(failing, pa.int64()),
                "known": pa.array(known, pa.int64()),
            }
        )
    )


def _numbers(values: Sequence[Any]) -> pa.Array:
    return pa.array([None if v is None else float(v) for v in values], pa.float64())
