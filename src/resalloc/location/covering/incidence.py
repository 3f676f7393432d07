"""Who covers whom as lists, both ways: what the covering searches walk along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from resalloc.location.costs import Ints, Mask


@dataclass(frozen=True)
class Incidence:
    """The sites that cover each demand point, and the demand each site covers.

    Parameters
    ----------
    row_start, row_sites
        ``row_sites[row_start[i]:row_start[i + 1]]`` cover demand point `i`, ascending.
    column_start, column_rows
        ``column_rows[column_start[j]:column_start[j + 1]]`` are covered by site `j`.
    """

    row_start: Ints
    row_sites: Ints
    column_start: Ints
    column_rows: Ints

    @property
    def shape(self) -> tuple[int, int]:
        """Demand points and sites."""
        return len(self.row_start) - 1, len(self.column_start) - 1


def incidence(reach: Mask) -> Incidence:
    """Give the lists of a table of who covers whom.

    Examples
    --------
    >>> lists = incidence(np.array([[True, True], [False, True]]))
    >>> lists.row_sites.tolist(), lists.column_start.tolist()
    ([0, 1, 1], [0, 1, 3])
    """
    by_row, by_column = np.nonzero(reach), np.nonzero(reach.T)
    return Incidence(
        _starts(np.count_nonzero(reach, axis=1)),
        by_row[1].astype(np.int64),
        _starts(np.count_nonzero(reach, axis=0)),
        by_column[1].astype(np.int64),
    )


def _starts(counts: Ints) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
