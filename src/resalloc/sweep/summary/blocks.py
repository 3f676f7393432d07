"""Reading scenarios a block at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyarrow as pa
    import pyarrow.dataset as ds

    from resalloc.problem.columns import Floats, Ints
    from resalloc.sweep.summary.groups import Group
    from resalloc.sweep.summary.layout import Layout

ROWS = 16_384
"""Scenarios that are held at once."""


@dataclass(frozen=True, eq=False)
class Block:
    """Some scenarios, one a row; NaN where nothing can be said.

    Parameters
    ----------
    scenario
        Their numbers.
    factors
        Scenarios × factors, those taken together last.
    value, gap
        Scenarios × clauses.
    holds
        Scenarios × clauses: 1 where it holds, 0 where it does not.
    measures
        Scenarios × measures.
    """

    scenario: Ints
    factors: Floats
    value: Floats
    gap: Floats
    holds: Floats
    measures: Floats

    def __len__(self) -> int:
        return len(self.scenario)

    @property
    def amounts(self) -> Floats:
        """Everything that has a distribution: value, gap, measures, factors, side by side."""
        return np.hstack([self.value, self.gap, self.measures, self.factors])


def blocks(dataset: ds.Dataset, of: Layout, together: Sequence[Group]) -> Iterator[Block]:
    """Give the scenarios block by block, in the order of the data set's files.

    File by file, so that no more than one file is read ahead, however many there are.
    """
    batches = (
        batch
        for part in dataset.get_fragments()
        for batch in part.to_batches(columns=of.columns, batch_size=ROWS, batch_readahead=1)
    )
    clauses, factors = len(of.clauses), len(of.factors)
    for batch in batches:
        if not batch.num_rows:
            continue
        table = np.empty((batch.num_rows, batch.num_columns - 1))
        for k in range(1, batch.num_columns):
            table[:, k - 1] = _numbers(batch.column(k))
        parts = np.split(table, np.cumsum([factors, clauses, clauses, clauses]), axis=1)
        varied = np.hstack([parts[0], *(group.of(parts[0])[:, None] for group in together)])
        yield Block(np.asarray(batch.column(0)), varied, *parts[1:])


def _numbers(column: pa.Array) -> Floats:
    import pyarrow as pa

    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False))
