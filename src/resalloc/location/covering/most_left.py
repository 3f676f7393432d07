"""What a covering model with a budget has still to decide, made smaller step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.covering.packed import packed, unpacked
from resalloc.location.covering.reduce import undominated

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask


@dataclass(frozen=True)
class Left:
    """Sites without a decision, and the demand no open site covers yet.

    Parameters
    ----------
    reach
        Demand × sites: who is reached by whom.
    weight, cost
        By demand point; by site.
    sites, opened
        Positions in the whole problem: of the columns of `reach`; of the sites opened.
    base, budget, spent
        Weight the opened sites cover; what the rest may cost; what the opened ones cost.
    """

    reach: Mask
    weight: Floats
    cost: Floats
    sites: Ints
    opened: Ints
    base: float
    budget: float
    spent: float


def everything(reach: Mask, weight: Floats, cost: Floats, budget: float) -> Left:
    """Give the whole problem, nothing decided."""
    nothing = np.empty(0, dtype=np.int64)
    return Left(reach, weight, cost, np.arange(len(cost)), nothing, 0.0, budget, 0.0)


def shrunk(left: Left, opens: Mask, closes: Mask) -> Left:
    """Open and close sites, and drop and merge what that decides.

    Dropped are covered and unreachable demand, and sites for which another, no dearer, reaches
    all that they reach; demand that the same sites reach is merged. The best coverage within
    the budget stays the same.

    Parameters
    ----------
    left
        What needed a decision before.
    opens, closes
        By site of `left`.
    """
    done = left.reach[:, opens].any(axis=1)
    base = left.base + float(left.weight[done].sum())
    stays = np.flatnonzero(~opens & ~closes)
    reach, weight = _merged(left.reach[np.ix_(~done, stays)], left.weight[~done])
    useful = undominated(reach, left.cost[stays])
    stays = stays[useful]
    reach, weight = _merged(reach[:, useful], weight)
    return Left(
        reach,
        weight,
        left.cost[stays],
        left.sites[stays],
        np.concatenate([left.opened, left.sites[opens]]),
        base,
        left.budget - float(left.cost[opens].sum()),
        left.spent + float(left.cost[opens].sum()),
    )


def _merged(reach: Mask, weight: Floats) -> tuple[Mask, Floats]:
    """Add up the weights of demand with equal sites in reach; drop what none reaches."""
    useful = reach.any(axis=1) & (weight > 0)
    reach, weight = reach[useful], weight[useful]
    if len(reach) == 0:
        return reach, weight
    words = packed(reach)
    order = np.lexsort(words.T)
    words = words[order]
    first = np.ones(len(words), dtype=bool)
    first[1:] = (words[1:] != words[:-1]).any(axis=1)
    start = np.flatnonzero(first)
    return unpacked(words[start], reach.shape[1]), np.add.reduceat(weight[order], start)
