"""Which of the cheapest covers leaves the most people a further site within reach."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask


@dataclass(frozen=True)
class Backup:
    """A cover with backup, and what is known of it in words.

    Parameters
    ----------
    open
        Positions of the open sites.
    weight
        Weight that has one site more within reach than it must.
    words
        The same for a reader, with how far it is proven.
    """

    open: Ints
    weight: float
    words: str


def best_backup(
    reach: Mask,
    weight: Floats,
    need: Ints,
    fixed: Mask,
    cost: Floats,
    cover: Ints,
    time_limit_s: float,
) -> Backup:
    """Give a cover that costs no more than another and leaves the most weight backed up.

    The second model of Hogan and ReVelle (1986): the most weight with one site more within
    reach than it must have, the cost of the cover held.

    Parameters
    ----------
    reach
        Demand × sites: who is reached by whom.
    weight, need
        By demand point: people; sites that must reach it.
    fixed, cost
        By site.
    cover
        Open sites of the cover whose cost is held.
    time_limit_s
        Seconds it may take.
    """
    n, m = reach.shape
    # Backup is a matter only where more sites are in reach than must be.
    able = np.flatnonzero((np.count_nonzero(reach, axis=1) > need) & (weight > 0))
    k = len(able)
    held = float(cost[cover].sum())
    further = sparse.coo_array((np.full(k, -1.0), (able, np.arange(k))), shape=(n, k))
    rows = sparse.hstack([sparse.coo_array(reach.astype(float)), further])
    price = sparse.coo_array(np.concatenate([cost, np.zeros(k)])[None, :])
    model = LinearModel(
        cost=np.concatenate([np.zeros(m), -weight[able]]),
        lower=np.concatenate([fixed.astype(float), np.zeros(k)]),
        upper=np.ones(m + k),
        integer=np.concatenate([np.ones(m, dtype=bool), np.zeros(k, dtype=bool)]),
        matrix=sparse.csr_array(sparse.vstack([rows, price])),
        row_lo=np.concatenate([need.astype(float), [-np.inf]]),
        row_hi=np.concatenate([np.full(n, np.inf), [held]]),
    )
    answer = solve_with_highs(model, time_limit_s)
    best, backed, proven = cover, _backed(reach, weight, need, cover), False
    if answer.x is not None:
        other = np.flatnonzero(answer.x[:m] > 0.5)
        covers = (np.count_nonzero(reach[:, other], axis=1) >= need).all()
        if covers and cost[other].sum() <= held * (1 + 1e-9):
            value = _backed(reach, weight, need, other)
            if value >= backed:
                best, backed = other, value
                proven = answer.status is Status.OPTIMAL
    total = float(weight.sum())
    part = 100 * backed / total if total else 0.0
    said = "the most among covers of this cost" if proven else "not proven to be the most"
    words = (
        f"{backed:,.6g} of {total:,.6g} ({part:.2f} %) have a further site within reach, {said}."
    )
    return Backup(best, backed, words)


def _backed(reach: Mask, weight: Floats, need: Ints, sites: Ints) -> float:
    return float(weight[np.count_nonzero(reach[:, sites], axis=1) > need].sum())
