"""A block's summary as tables that can be stored, and back, without loss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from resalloc.errors import one_fault
from resalloc.scoring.products.partial import Partial, Regret, Tally, Worst
from resalloc.scoring.products.product import BINS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from resalloc.scoring.products.product import Product

    Columns = dict[str, npt.NDArray[Any]]

_STATUS = ("holds", "not_computable", "fails")
_TALLY = ("total", "least", "most")
_WORST = ("excess", "population", "plan", "row")
_REGRET = ("largest", "total", "unknown")


def to_tables(part: Partial) -> dict[str, pa.Table]:
    """Give a block's summary as tables, one a data set.

    ======================  =========================================  ===================
    data set                a line for every                           columns
    ======================  =========================================  ===================
    ``plans``               clause, variant, plan                      counts, values
    ``populations``         clause, variant, population of the block   counts, values
    ``bins``                clause, variant, bin that is not empty     count
    ``worst``               clause, variant                            which, and how far
    ``joint_plans``         variant, plan                              counts
    ``joint_populations``   variant, population of the block           counts
    ``regret``              measure, plan                              largest, total
    ======================  =========================================  ===================

    Every table says of which block it is (`low`, `high`); clauses, variants, plans and
    measures go by their number.

    Parameters
    ----------
    part
        From :func:`summarise_block` or :func:`merge`.
    """
    plans, people = part.by_plan, part.by_population
    k, n, at = np.nonzero(part.bins)
    tables: dict[str, Columns] = {
        "plans": {
            **_places(plans.total.shape, ("clause", "variant", "plan")),
            **_tally_columns(plans),
        },
        "populations": {
            **_places(people.total.shape, ("clause", "variant", "population"), part.low),
            **_tally_columns(people),
        },
        "bins": {"clause": k, "variant": n, "bin": at, "count": part.bins[k, n, at]},
        "worst": {
            **_places(part.worst.excess.shape, ("clause", "variant")),
            **{name: getattr(part.worst, name).ravel() for name in _WORST},
        },
        "joint_plans": {
            **_places(part.joint_by_plan.shape[:-1], ("variant", "plan")),
            **_status_columns(part.joint_by_plan),
        },
        "joint_populations": {
            **_places(part.joint_by_population.shape[:-1], ("variant", "population"), part.low),
            **_status_columns(part.joint_by_population),
        },
        "regret": {
            **_places(part.regret.total.shape, ("measure", "plan")),
            **{name: getattr(part.regret, name).ravel() for name in _REGRET},
        },
    }
    return {name: _table(part, columns) for name, columns in tables.items()}


def from_tables(product: Product, tables: Mapping[str, pa.Table]) -> Partial:
    """Give a block's summary from its tables, as :func:`to_tables` made them.

    Parameters
    ----------
    product
        What was asked.
    tables
        All data sets, of one block each.

    Raises
    ------
    InputError
        A table is missing, or does not hold what the block of this product must hold.
    """
    missing = [name for name in _DATA_SETS if name not in tables]
    if missing:
        raise one_fault(f"table '{missing[0]}'", "is missing.", "Give all tables of the block.")
    ends = tables["plans"]
    if not ends.num_rows:
        raise one_fault("table 'plans'", "is empty.", "Give all tables of the block.")
    low, high = int(ends["low"][0].as_py()), int(ends["high"][0].as_py())
    populations, plans, variants = product.shape
    if not 0 <= low < high <= populations:
        what = f"is of populations {low} to {high} of {populations}."
        raise one_fault("a block", what, "Give tables of this product.")
    clauses, count = len(product.clauses), high - low
    shapes: dict[str, tuple[int, ...]] = {
        "plans": (clauses, variants, plans),
        "populations": (clauses, variants, count),
        "worst": (clauses, variants),
        "joint_plans": (variants, plans),
        "joint_populations": (variants, count),
        "regret": (len(product.measures), plans),
    }
    for name, shape in shapes.items():
        _fits(name, tables[name], int(np.prod(shape)), low, high)
    _fits("bins", tables["bins"], tables["bins"].num_rows, low, high)
    bins = np.zeros((clauses, variants, BINS + 2), dtype=np.int64)
    where = tuple(tables["bins"][name].to_numpy() for name in ("clause", "variant", "bin"))
    bins[where] = tables["bins"]["count"].to_numpy()
    worst, regret = tables["worst"], tables["regret"]
    return Partial(
        low,
        high,
        _tally(tables["plans"], shapes["plans"]),
        _tally(tables["populations"], shapes["populations"]),
        bins,
        Worst(*(_column(worst, name, shapes["worst"]) for name in _WORST)),
        _counts(tables["joint_plans"], shapes["joint_plans"]),
        _counts(tables["joint_populations"], shapes["joint_populations"]),
        Regret(*(_column(regret, name, shapes["regret"]) for name in _REGRET)),
    )


_DATA_SETS = (
    "plans", "populations", "bins", "worst", "joint_plans", "joint_populations", "regret",
)  # fmt: skip


def _places(shape: Sequence[int], names: Sequence[str], low: int = 0) -> Columns:
    """Give the position of every cell of an array, one column an axis."""
    found = np.indices(tuple(shape)).reshape(len(names), -1)
    columns: Columns = dict(zip(names, found, strict=True))
    columns[names[-1]] = found[-1] + low
    return columns


def _status_columns(counts: npt.NDArray[np.int64]) -> Columns:
    return dict(zip(_STATUS, counts.reshape(-1, 3).T, strict=True))


def _tally_columns(tally: Tally) -> Columns:
    values = {name: getattr(tally, name).ravel() for name in _TALLY}
    return {**_status_columns(tally.counts), **values}


def _table(part: Partial, columns: Columns) -> pa.Table:
    length = len(next(iter(columns.values())))
    block = {"low": np.full(length, part.low), "high": np.full(length, part.high)}
    arrays = {name: pa.array(np.ascontiguousarray(c)) for name, c in {**block, **columns}.items()}
    return pa.table(arrays)


def _fits(name: str, table: pa.Table, lines: int, low: int, high: int) -> None:
    right = table.num_rows == lines and all(
        set(table[end].unique().to_pylist()) <= {value}
        for end, value in (("low", low), ("high", high))
    )
    if not right:
        what = f"does not hold the {lines:,} lines of populations {low} to {high}."
        raise one_fault(f"table '{name}'", what, "Give the tables of one block, unchanged.")


def _column(table: pa.Table, name: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    return np.asarray(table[name].to_numpy()).reshape(shape)


def _counts(table: pa.Table, shape: tuple[int, ...]) -> npt.NDArray[np.int64]:
    return np.stack([_column(table, name, shape) for name in _STATUS], axis=-1).astype(np.int64)


def _tally(table: pa.Table, shape: tuple[int, ...]) -> Tally:
    return Tally(_counts(table, shape), *(_column(table, name, shape) for name in _TALLY))
