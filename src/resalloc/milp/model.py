"""A linear model as plain arrays, and what a solver answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.status import Status

EXACT = 1e-6
"""A relative gap below this is arithmetic, not doubt."""

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LinearModel:
    """Minimise cost · x with row_lo ≤ A x ≤ row_hi and lower ≤ x ≤ upper.

    Parameters
    ----------
    cost, lower, upper
        By column.
    integer
        Which columns take whole numbers only.
    matrix, row_lo, row_hi
        Rows.
    start
        Where a solver may begin, one value a column; None to begin cold. It need not keep
        the rows: it can save time and must not change the answer.
    """

    cost: Floats
    lower: Floats
    upper: Floats
    integer: Mask
    matrix: sparse.csr_array
    row_lo: Floats
    row_hi: Floats
    start: Floats | None = None

    def with_cost(self, cost: Floats) -> LinearModel:
        """Give the same model with another objective."""
        return replace(self, cost=cost)

    def with_columns(self, lower: Floats, upper: Floats, integer: Mask) -> LinearModel:
        """Give the model with continuous or whole columns added at the end, at no cost."""
        empty = sparse.csr_array((self.matrix.shape[0], len(lower)))
        return replace(
            self,
            cost=np.concatenate([self.cost, np.zeros(len(lower))]),
            lower=np.concatenate([self.lower, lower]),
            upper=np.concatenate([self.upper, upper]),
            integer=np.concatenate([self.integer, integer]),
            matrix=sparse.csr_array(sparse.hstack([self.matrix, empty])),
            start=None if self.start is None else np.append(self.start, np.zeros(len(lower))),
        )

    def with_rows(self, matrix: sparse.csr_array, lo: Floats, hi: Floats) -> LinearModel:
        """Give the model with rows added."""
        return replace(
            self,
            matrix=sparse.csr_array(sparse.vstack([self.matrix, matrix])),
            row_lo=np.concatenate([self.row_lo, lo]),
            row_hi=np.concatenate([self.row_hi, hi]),
        )

    @property
    def size(self) -> int:
        """How many columns."""
        return len(self.cost)

    @classmethod
    def stacked(
        cls,
        lower: Floats,
        upper: Floats,
        integer: Mask,
        rows: Sequence[tuple[sparse.csr_array, Floats, Floats]],
    ) -> LinearModel:
        """Build a model without objective from blocks of rows."""
        matrix = sparse.csr_array(sparse.vstack([m for m, _, _ in rows]))
        lo = np.concatenate([lo for _, lo, _ in rows])
        hi = np.concatenate([hi for _, _, hi in rows])
        return cls(np.zeros(len(lower)), lower, upper, integer, matrix, lo, hi)


@dataclass(frozen=True)
class Answer:
    """What a solver says of one model; not yet believed.

    Parameters
    ----------
    status
        Our status.
    x
        Values, or None where the solver has none.
    objective, bound
        Value of `x`, and the proven limit of any better one; NaN where unknown.
    seconds
        Time the solver took.
    message
        The solver's own word.
    """

    status: Status
    x: Floats | None
    objective: float
    bound: float
    seconds: float
    message: str

    @property
    def gap(self) -> float:
        """Relative distance from objective to bound; NaN where unknown."""
        distance = abs(self.objective - self.bound)
        gap = distance / max(1.0, abs(self.objective))
        return 0.0 if gap < EXACT else gap
