"""Whether q sites keep all but so many demand points within given radii: the model for HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Ints, Mask

FOUND, IMPOSSIBLE, UNDECIDED = 1, 0, -1


@dataclass(frozen=True)
class Verdict:
    """Whether the sites suffice: FOUND with the sites, IMPOSSIBLE (proven) or UNDECIDED."""

    word: int
    sites: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))


def sites_that_reach(limits: Sequence[tuple[Mask, int]], q: int, seconds: float) -> Verdict:
    r"""Say whether at most `q` sites keep every limit.

    Parameters
    ----------
    limits
        Who reaches whom within one radius (demand × sites; the demand may differ from
        limit to limit), and how many demand points may be left out there.
    q
        Sites.
    seconds
        Time it may take.

    Notes
    -----
    Find *x* binary, *u* ≥ 0 with

    .. math::

        \sum_j a_{ij}^l x_j + u_i^l \ge 1, \qquad \sum_i u_i^l \le k_l, \qquad
        \sum_j x_j \le q

    ========= ==================================================
    *x_j*     1 if site *j* opens
    *a_ij^l*  1 if *i* reaches *j* within the radius of limit *l*
    *u_i^l*   1 if *i* is left out there (whole by itself when *x* is)
    *k_l*     demand points that may be left out
    ========= ==================================================

    Examples
    --------
    Two places, each served by its own site; one site leaves one of them out.

    >>> own = np.eye(2, dtype=bool)
    >>> sites_that_reach([(own, 0)], 1, 10.0).word == IMPOSSIBLE
    True
    >>> sites_that_reach([(own, 1)], 1, 10.0).word == FOUND
    True
    """
    m = limits[0][0].shape[1]
    slack = [len(reach) if most > 0 else 0 for reach, most in limits]
    starts = m + np.concatenate([[0], np.cumsum(slack)]).astype(int)
    size = int(starts[-1])
    blocks, low, high = [], [], []
    for (reach, most), at, wide in zip(limits, starts[:-1], slack, strict=True):
        n = len(reach)
        out = sparse.csr_array(
            (np.ones(wide), (np.arange(wide), np.arange(at, at + wide))), shape=(n, size)
        )
        blocks.append(_wide(sparse.csr_array(reach.astype(float)), size) + out)
        low.append(np.ones(n))
        high.append(np.full(n, np.inf))
        if wide:
            blocks.append(_ones_row(np.arange(at, at + wide), size))
            low.append(np.zeros(1))
            high.append(np.full(1, float(most)))
    blocks.append(_ones_row(np.arange(m), size))
    low.append(np.zeros(1))
    high.append(np.full(1, float(q)))
    model = LinearModel(
        cost=np.zeros(size),
        lower=np.zeros(size),
        upper=np.ones(size),
        integer=np.arange(size) < m,
        matrix=sparse.csr_array(sparse.vstack(blocks)),
        row_lo=np.concatenate(low),
        row_hi=np.concatenate(high),
    )
    answer = solve_with_highs(model, seconds)
    if answer.status is Status.INFEASIBLE:
        return Verdict(IMPOSSIBLE)
    if answer.x is None:
        return Verdict(UNDECIDED)
    return Verdict(FOUND, np.flatnonzero(answer.x[:m] > 0.5).astype(np.int64))


def _wide(matrix: sparse.csr_array, columns: int) -> sparse.csr_array:
    empty = sparse.csr_array((matrix.shape[0], columns - matrix.shape[1]))
    return sparse.csr_array(sparse.hstack([matrix, empty]))


def _ones_row(columns: Ints, size: int) -> sparse.csr_array:
    many = len(columns)
    return sparse.csr_array((np.ones(many), (np.zeros(many, dtype=int), columns)), shape=(1, size))
