"""Costs from a table of travel the user brings: wide, sparse, or one row a pair."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault, InputError, did_you_mean, one_fault
from resalloc.location.costs import Costs, Floats, Ints, as_costs
from resalloc.location.doorways.names import names_of, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd


def costs_from_matrix(
    table: Any,
    *,
    demand: Iterable[object] | None = None,
    sites: Iterable[object] | None = None,
    unit: str = "",
) -> Costs:
    """Give the costs of a travel matrix, demand points as rows and sites as columns.

    Parameters
    ----------
    table
        An array; a DataFrame, whose index and columns are the names; or a SciPy sparse
        array, where a pair that is not stored cannot be reached. Infinite means the same.
    demand, sites
        Names, in the order of rows and columns; else those of the DataFrame, else none.
    unit
        Of the figures, e.g. ``"min"``; shown with results.

    Raises
    ------
    InputError
        Not a table; a figure missing (NaN) or negative; a name that is missing or stands
        twice; all at once.

    Examples
    --------
    >>> import pandas as pd
    >>> minutes = pd.DataFrame({"East": [3.0, 9.0], "West": [8.0, 2.0]}, index=["A", "B"])
    >>> costs = costs_from_matrix(minutes, unit="min")
    >>> costs.sites, costs.unit, costs.values[1].tolist()
    (('East', 'West'), 'min', [9.0, 2.0])
    """
    try:
        given = as_costs(table)
        values = given.dense()
    except (TypeError, ValueError) as error:
        raise one_fault("matrix", f"is not a table of numbers ({error}).", _TABLE) from None
    if values.ndim != 2 or 0 in values.shape:
        raise one_fault("matrix", f"has shape {values.shape}.", _TABLE)
    rows, faults = _given("demand", given.demand if demand is None else demand, values.shape[0])
    columns, wrong = _given("sites", given.sites if sites is None else sites, values.shape[1])
    faults += wrong
    costs = Costs(values, rows, columns, unit)
    if not faults:
        faults = _cell_faults(costs)
    if faults:
        raise InputError(faults)
    return costs


def _given(what: str, labels: Iterable[object], size: int) -> tuple[tuple[str, ...], list[Fault]]:
    names, faults = names_of(what, labels)
    if names and len(names) != size:
        count = f"{len(names)} are named, {size} are in the matrix."
        faults.append(Fault(what, count, "Name each."))
    return names, faults


def costs_from_pairs(
    pairs: pd.DataFrame,
    *,
    origin: str = "from",
    destination: str = "to",
    cost: str = "min",
    demand: Iterable[object] | None = None,
    sites: Iterable[object] | None = None,
    unit: str | None = None,
) -> Costs:
    """Give the costs of a long table: one row a pair, and no row where no way leads.

    Parameters
    ----------
    pairs
        A DataFrame.
    origin, destination, cost
        Its columns: the demand point, the site, and what it costs from one to the other.
    demand, sites
        All of them, in the order wanted; else those in the table, in the order they first
        stand there. A demand point that is only listed here can be reached from nowhere.
    unit
        Of the costs; else the name of the column.

    Raises
    ------
    InputError
        A column is missing; a pair stands twice; a cost is missing (NaN), negative or no
        number; a name is unknown; all at once.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"from": ["A", "B", "B"], "to": ["E", "E", "W"], "min": [3, 9, 2]})
    >>> costs = costs_from_pairs(table)
    >>> costs.values.tolist(), costs.unit
    ([[3.0, inf], [9.0, 2.0]], 'min')
    """
    missing = [
        Fault("pairs", f"have no column '{name}'.", did_you_mean(name, map(str, pairs.columns)))
        for name in (origin, destination, cost)
        if name not in pairs
    ]
    if missing:
        raise InputError(missing)
    faults: list[Fault] = []
    row, rows, wrong = _positions(pairs[origin], "demand", origin, demand)
    faults += wrong
    column, columns, wrong = _positions(pairs[destination], "sites", destination, sites)
    faults += wrong
    values, wrong = _figures(pairs[cost], cost)
    faults += wrong
    known = (row >= 0) & (column >= 0)
    together = row * max(len(columns), 1) + column
    first = np.unique(together[known], return_index=True)[1]
    again = np.setdiff1d(np.flatnonzero(known), np.flatnonzero(known)[first])
    faults += shortened(
        "pairs",
        [
            Fault(
                f"pairs, row {i}",
                f"'{rows[row[i]]}' to '{columns[column[i]]}' stands in an earlier row too.",
                "Keep one of the rows.",
            )
            for i in again
        ],
    )
    if not len(rows) or not len(columns):
        faults.append(Fault("pairs", "have no rows.", "Give at least one pair."))
    if faults:
        raise InputError(faults)
    table = np.full((len(rows), len(columns)), np.inf)
    table[row, column] = values
    return Costs(table, rows, columns, cost if unit is None else unit)


_TABLE = "Give demand points as rows and sites as columns."


def _cell_faults(costs: Costs) -> list[Fault]:
    bad = np.argwhere(~(costs.values >= 0))
    return shortened(
        "matrix",
        [
            Fault(
                f"matrix, {costs.demand_name(i)} to {costs.site_name(j)}",
                "is missing (NaN)."
                if np.isnan(costs.values[i, j])
                else f"is negative ({costs.values[i, j]:g}).",
                "Give a cost, or infinity where the site cannot be reached.",
            )
            for i, j in bad.tolist()
        ],
    )


def _positions(
    labels: pd.Series[Any], what: str, column: str, listed: Iterable[object] | None
) -> tuple[Ints, tuple[str, ...], list[Fault]]:
    """Give the position of each row's name among all names, -1 where there is none."""
    import pandas as pd

    given = [None if pd.isna(label) else str(label).strip() for label in labels]
    empty = [
        Fault(f"pairs, row {i}, column {column}", "is empty.", "Give a name.")
        for i, name in enumerate(given)
        if not name
    ]
    faults = shortened("pairs", empty)
    if listed is None:
        names = tuple(dict.fromkeys(name for name in given if name))
    else:
        names, wrong = names_of(what, listed)
        faults += wrong
    position = {name: i for i, name in enumerate(names)}
    unknown = dict.fromkeys(name for name in given if name and name not in position)
    faults += shortened(
        "pairs",
        [
            Fault(f"pairs, column {column}", f"'{name}' is unknown.", did_you_mean(name, names))
            for name in unknown
        ],
    )
    return np.array([position.get(name or "", -1) for name in given], np.int64), names, faults


def _figures(cells: pd.Series[Any], column: str) -> tuple[Floats, list[Fault]]:
    import pandas as pd

    values = pd.to_numeric(cells, errors="coerce").to_numpy(float)
    faults = []
    for i in np.flatnonzero(~(values >= 0)):
        cell = cells.iloc[i]
        what = "is missing." if pd.isna(cell) else f"is '{cell}', not a cost from 0 up."
        remedy = "Give a cost; leave the row out where no way leads."
        faults.append(Fault(f"pairs, row {i}, column {column}", what, remedy))
    return values, shortened("pairs", faults)
