"""Least and greatest value of each factor over many scenarios, in one pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled_ieee

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints


@compiled_ieee
def extremes(values: Floats) -> tuple[Floats, Floats, Ints]:
    """Give the least and greatest value of each column, and how many are neither 0 nor 1.

    Both are NaN where a value of the column is.

    Parameters
    ----------
    values
        Scenarios × factors, at least one scenario.

    Examples
    --------
    >>> low, high, others = extremes(np.array([[0.0, 2.0], [1.0, 0.5]]))
    >>> low.tolist(), high.tolist(), others.tolist()
    ([0.0, 0.5], [1.0, 2.0], [0, 2])
    """
    low, high = values[0].copy(), values[0].copy()
    unknown, others = np.zeros(values.shape[1]), np.zeros(values.shape[1], dtype=np.int64)
    for s in range(len(values)):
        row = values[s]
        for k in range(len(row)):
            low[k] = row[k] if row[k] < low[k] else low[k]
        for k in range(len(row)):
            high[k] = row[k] if row[k] > high[k] else high[k]
        for k in range(len(row)):
            unknown[k] += row[k] * 0.0
        for k in range(len(row)):
            others[k] += (row[k] != 0.0) & (row[k] != 1.0)
    return low + unknown, high + unknown, others
