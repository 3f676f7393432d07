"""Where a solve may begin: a plan made for this problem, or for one like it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from resalloc.problem.allocation import Allocation
    from resalloc.problem.columns import Block, Columns, Floats
    from resalloc.problem.rows import Rows


def carried_over(allocation: Allocation, columns: Columns) -> Floats:
    """Give an allocation in the columns of another problem, by the names of its cells.

    Parameters
    ----------
    allocation
        Any allocation.
    columns
        The columns wanted.

    Returns
    -------
    ndarray
        One value a column; NaN where the allocation has no such cell, or no value there.

    Examples
    --------
    >>> from resalloc.problem.allocation import Allocation
    >>> from resalloc.problem.columns import Axis, Block, Columns
    >>> def crews(*sites):
    ...     cells = np.zeros(len(sites))
    ...     return Columns.of([Block("crews", (Axis("site", sites),), (2025,), *[cells] * 3)])
    >>> carried_over(Allocation(crews("A", "B"), np.array([1.0, 2.0])), crews("B", "C", "A"))
    array([ 2., nan,  1.])
    """
    x = np.full(columns.size, np.nan)
    for name, wanted in columns.blocks.items():
        if name in allocation.columns:
            own = allocation.columns[name]
            if len(own.axes) == len(wanted.axes):
                _copy(own, allocation.x, wanted, x)
    return x


def _copy(own: Block, values: Floats, wanted: Block, x: Floats) -> None:
    """Copy the cells both blocks have from `values` to `x`."""
    here, there = [], []
    ours = (*(axis.labels for axis in own.axes), own.years)
    theirs = (*(axis.labels for axis in wanted.axes), wanted.years)
    for mine, asked in zip(ours, theirs, strict=True):
        where = {label: i for i, label in enumerate(mine)}
        both = [(where[label], i) for i, label in enumerate(asked) if label in where]
        here.append([i for i, _ in both])
        there.append([i for _, i in both])
    x[wanted.ids[np.ix_(*there)]] = values[own.ids[np.ix_(*here)]]


def start_values(start: Allocation, rows: Rows) -> Floats:
    """Give a value for every column of a problem to begin at: the plan's, else today's, else 0."""
    x = carried_over(start, rows.columns)
    return np.nan_to_num(np.where(np.isnan(x), rows.columns.today, x))
