"""Rows: a norm, or a link between decisions, as arithmetic on the columns.

A norm bounds a linear-fractional indicator, so each place and year it speaks of
is one row::

    value = scale × (N x + n) / (D x + d)          compared with `bound`

where

======  ==========================================================
N, n    numerator: coefficients on the columns, and a constant
D, d    denominator: likewise; a population is a constant
scale   from the plain quotient to the printed unit (1000, 100 …)
x       one allocation, or many with a leading scenario axis
======  ==========================================================

The constants of a ratio are themselves linear in what is given (people by township): n = G g
and d = H g, with g the problem's :class:`~resalloc.problem.given.Given`. A sweep changes g.

The scorer divides. The model multiplies out, which is the same statement where
the denominator is positive: N x + n − bound/scale · (D x + d) ≥ 0 for a floor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.norms.norm import Norm
    from resalloc.problem.columns import Columns, Floats
    from resalloc.problem.given import Given
    from resalloc.problem.problem import Problem


@dataclass(frozen=True)
class NormRows:
    """The rows of one norm.

    Parameters
    ----------
    norm
        The clause.
    places
        What each row is about: the district, a township, an institution.
    years
        Year of each row.
    top, top_constant
        N (rows × columns) and n.
    bottom, bottom_constant
        D and d.
    scale
        Factor to the printed unit.
    sense
        ``>=``, ``<=`` or ``==`` by row; a ``between`` clause has two rows a place.
    bound
        Target by row, in the printed unit.
    unknown
        What the district would have to report before a row can be computed, by row;
        empty where nothing constant is missing.
    top_given, bottom_given
        G and H (rows × given); None for a rule whose weights are people at demand points.
    """

    norm: Norm
    places: tuple[str, ...]
    years: npt.NDArray[np.int64]
    top: sparse.csr_array
    top_constant: Floats
    bottom: sparse.csr_array
    bottom_constant: Floats
    scale: float
    sense: tuple[str, ...]
    bound: Floats
    unknown: tuple[str, ...]
    top_given: sparse.csr_array | None = None
    bottom_given: sparse.csr_array | None = None

    def __len__(self) -> int:
        return len(self.places)

    def value(self, x: Floats) -> Floats:
        """Give the indicator by row, in the printed unit.

        Parameters
        ----------
        x
            Columns, shape (..., n); NaN where not known.

        Returns
        -------
        ndarray
            Shape (..., rows). NaN where something needed is not known, and where
            there is nothing to measure (0 / 0); infinite for something over nothing.
        """
        above = _times(self.top, x) + self.top_constant
        below = _times(self.bottom, x) + self.bottom_constant
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.scale * (above / below)  # everyone is exactly 100 %

    def shortfall(self, x: Floats) -> Floats:
        """Give how far each row falls short, in the printed unit; 0 where it holds.

        Nothing to measure (0 / 0) falls short by nothing: no beds need no nurses.
        """
        value = self.value(x)
        gap = self.bound - value
        short = np.where(
            np.array(self.sense) == "<=",
            -gap,
            np.where(np.array(self.sense) == "==", abs(gap), gap),
        )
        above = _times(self.top, x) + self.top_constant
        below = _times(self.bottom, x) + self.bottom_constant
        nothing = (above == 0) & (below == 0)
        return np.where(nothing, 0.0, np.where(np.isnan(short), np.nan, np.maximum(short, 0.0)))

    def linear(self) -> tuple[sparse.csr_array, Floats, Floats]:
        """Give the rows multiplied out: A, lo, hi with lo ≤ A x ≤ hi.

        A x is (numerator − bound/scale × denominator) without its constants.
        """
        factor = self.bound / self.scale
        matrix = sparse.csr_array(self.top - sparse.diags_array(factor) @ self.bottom)
        side = factor * self.bottom_constant - self.top_constant
        sense = np.array(self.sense)
        lo = np.where(sense == "<=", -np.inf, side)
        hi = np.where(sense == ">=", np.inf, side)
        return matrix, lo, hi


@dataclass(frozen=True)
class Links:
    """Rows that tie decisions together and belong to no clause: lo ≤ A x ≤ hi.

    `why` says in a planner's words what they state. Those with `after` are not in the
    model: they are made true after the solve (see ``Rows.settle``) and checked then.
    """

    name: str
    why: str
    matrix: sparse.csr_array
    lo: Floats
    hi: Floats
    after: bool = False


class Derivation(Protocol):
    """Computes derived columns from the decisions, for one x or a batch of them."""

    def __call__(self, x: Floats) -> Floats:
        """Give x with the derived columns filled in."""
        ...


@dataclass(frozen=True)
class Rows:
    """A compiled problem: columns, norm rows, links and how to derive the rest.

    `settle` makes a solver's allocation true to the derived columns: as many crews at a
    station as the people who really are nearest to it keep busy.
    """

    problem: Problem
    columns: Columns
    given: Given
    norms: tuple[NormRows, ...]
    links: tuple[Links, ...] = ()
    derivations: tuple[Derivation, ...] = ()
    skipped: tuple[tuple[str, str], ...] = field(default=())
    settle: Derivation | None = None

    def derive(self, x: Floats) -> Floats:
        """Give x with covered residents and nearest stations computed from the decisions."""
        for derivation in self.derivations:
            x = derivation(x)
        return x

    def of(self, norm_id: str) -> NormRows:
        """Give the rows of one norm.

        Raises
        ------
        KeyError
            The norm has no rows (score or context only, or not due).
        """
        for rows in self.norms:
            if rows.norm.id == norm_id:
                return rows
        raise KeyError(norm_id)


def _times(matrix: sparse.csr_array, x: Floats) -> Floats:
    """Give matrix @ x along the last axis; unknown (NaN) columns spoil only rows that use them."""
    if x.ndim == 1:
        return np.asarray(matrix @ x)
    flat = x.reshape(-1, x.shape[-1])
    return np.asarray((matrix @ flat.T).T).reshape(*x.shape[:-1], matrix.shape[0])


def stack(entries: Sequence[tuple[npt.NDArray[np.int64], Floats]], size: int) -> sparse.csr_array:
    """Stack sparse rows given as (columns, coefficients); repeated columns add up.

    Examples
    --------
    >>> import numpy as np
    >>> stack([(np.array([0, 2]), np.array([1.0, 5.0]))], 3).toarray()
    array([[1., 0., 5.]])
    """
    lengths = [len(columns) for columns, _ in entries]
    rows = np.repeat(np.arange(len(entries)), lengths)
    columns = np.concatenate([c for c, _ in entries]) if entries else np.zeros(0, dtype=np.int64)
    values = np.concatenate([v for _, v in entries]) if entries else np.zeros(0)
    return sparse.csr_array((values, (rows, columns)), shape=(len(entries), size))
