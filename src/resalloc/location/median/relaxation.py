r"""Lower bounds for the p-median: Lagrangian relaxation of "every demand point is served once".

With a price :math:`\lambda_i` on serving demand point `i`, site `j` is worth

.. math:: \rho_j = \sum_i \min(0, c_{ij} - \lambda_i)

and no p sites cost less than :math:`\sum_i \lambda_i` plus the p smallest
:math:`\rho_j`, whatever the prices. Subgradient steps raise that bound (Cornuéjols, Fisher
and Nemhauser 1977; Beasley 1993); the direction is deflected (Camerini, Fratta and
Maffioli 1975). Where the bound with one site forced open, or closed, is above what is known
to be reachable, the site is settled the other way: that is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.median.neighbours import Neighbours, Places

States = npt.NDArray[np.int8]
FREE, IN, OUT = 0, 1, -1
OPEN_QUESTION, PRUNED, SETTLED = 0, 1, 2
"""What a relaxation ends with: nothing decided, no better answer here, every site settled."""

_DEFLECTION = 0.5
_AVERAGE = 0.1
_SHRINK = 0.6


@compiled
def _compact(
    site: Places, pay: Floats, limit: Floats, state: States
) -> tuple[Places, Floats, Ints, Floats]:
    """Give the lists without closed sites, each ended by the first site fixed open.

    Beyond that site nobody needs to look: the price need not exceed its payment either.
    """
    n, k = site.shape
    near = np.empty((n, k), dtype=np.int32)
    cost = np.empty((n, k))
    count = np.zeros(n, dtype=np.int64)
    top = limit.copy()
    for i in range(n):
        c = 0
        for s in range(k):
            j = site[i, s]
            if np.isinf(pay[i, s]):
                break
            if state[j] == OUT:
                continue
            near[i, c] = j
            cost[i, c] = pay[i, s]
            c += 1
            if state[j] == IN:
                top[i] = min(top[i], pay[i, s])
                break
        count[i] = c
    return near, cost, count, top


@compiled
def relax(
    site: Places,
    pay: Floats,
    limit: Floats,
    state: States,
    price: Floats,
    share: Floats,
    p: int,
    target: float,
    cutoff: float,
    steps: int,
    length: float,
    patience: int,
    least_length: float,
) -> tuple[float, int, float, Mask, Floats, float]:
    """Raise the lower bound of a p-median by subgradient steps.

    Parameters
    ----------
    site, pay, limit
        Lists of :class:`~resalloc.location.median.neighbours.Neighbours`.
    state
        By site: FREE, IN or OUT; sites that are settled on the way are marked in place.
    price
        By demand point; the starting prices, changed in place.
    share
        By site: how often it was open in recent steps, 0 to 1; changed in place.
    p
        Sites to open, those that are IN included.
    target
        A payment known to be reachable; steps aim at it.
    cutoff
        Where the bound exceeds it nothing better can be found.
    steps, length, patience, least_length
        Steps at most; the first step length (relative); steps without progress after which
        it is shortened; length below which it ends.

    Returns
    -------
    tuple
        Bound; OPEN_QUESTION, PRUNED or SETTLED; the smallest payment met and its sites (an
        over-estimate where lists are cut); the prices of the best bound; the last length.
    """
    n = site.shape[0]
    m = len(state)
    near, cost, count, top = _compact(site, pay, limit, state)
    for i in range(n):
        if count[i] == 0:
            nobody = np.zeros(m, dtype=np.bool_)
            return np.inf, PRUNED, np.inf, nobody, price.copy(), length
        price[i] = min(max(price[i], cost[i, 0]), top[i])
    best, best_price = -np.inf, price.copy()
    reached = np.inf
    reached_by = np.zeros(m, dtype=np.bool_)
    worth, key = np.zeros(m), np.empty(m)
    is_open = np.zeros(m, dtype=np.bool_)
    direction = np.zeros(n)
    stalled = 0
    for _ in range(steps):
        worth[:] = 0.0
        for i in range(n):
            a = price[i]
            for s in range(count[i]):
                c = cost[i, s]
                if c >= a:
                    break
                worth[near[i, s]] += c - a
        bound = price.sum()
        to_open, free = p, 0
        for j in range(m):
            is_open[j] = state[j] == IN
            if state[j] == IN:
                bound += worth[j]
                to_open -= 1
                key[j] = np.inf
            elif state[j] == FREE:
                free += 1
                key[j] = worth[j]
            else:
                key[j] = np.inf
        if to_open < 0 or free < to_open:
            return np.inf, PRUNED, reached, reached_by, best_price, length
        order = np.argsort(key, kind="mergesort")
        for t in range(to_open):
            bound += worth[order[t]]
            is_open[order[t]] = True
        last_in = worth[order[to_open - 1]] if to_open > 0 else -np.inf
        first_out = worth[order[to_open]] if free > to_open else np.inf
        for j in range(m):
            share[j] += _AVERAGE * ((1.0 if is_open[j] else 0.0) - share[j])
        paid = 0.0
        for i in range(n):
            found = np.inf
            for s in range(count[i]):
                if is_open[near[i, s]]:
                    found = cost[i, s]
                    break
            paid += found
        if paid < reached:
            reached = paid
            reached_by[:] = is_open
        if bound > best:
            stalled = 0 if bound > best + 1e-3 * (target - best) else stalled + 1
            best = bound
            best_price[:] = price
            if best > cutoff:
                return best, PRUNED, reached, reached_by, best_price, length
            for j in range(m):
                if state[j] != FREE:
                    continue
                if is_open[j]:
                    if bound - worth[j] + first_out > cutoff:
                        state[j] = IN
                elif to_open == 0 or bound + worth[j] - last_in > cutoff:
                    state[j] = OUT
        else:
            stalled += 1
        if to_open == 0 or free == to_open:
            return best, SETTLED, reached, is_open.copy(), best_price, length
        if stalled >= patience:
            stalled = 0
            length *= _SHRINK
            price[:] = best_price
            if length < least_length:
                break
            continue
        size = 0.0
        for i in range(n):
            a, served = price[i], 0.0
            for s in range(count[i]):
                if cost[i, s] >= a:
                    break
                if is_open[near[i, s]]:
                    served += 1.0
            direction[i] = 1.0 - served + _DEFLECTION * direction[i]
            size += direction[i] * direction[i]
        if size < 1e-12:
            break
        move = length * (1.02 * target - bound) / size
        for i in range(n):
            price[i] = min(max(price[i] + move * direction[i], cost[i, 0]), top[i])
    return best, OPEN_QUESTION, reached, reached_by, best_price, length


@dataclass(frozen=True)
class Node:
    """A part of the search: which sites are settled, and the prices to go on from.

    Parameters
    ----------
    state
        By site: FREE, IN or OUT.
    price
        By demand point.
    share
        By site: how often it was open in recent steps, 0 to 1.
    """

    state: States
    price: Floats
    share: Floats

    def settled(self, sites: Ints | int, state: int) -> Node:
        """Give the node with some sites marked IN or OUT."""
        changed = self.state.copy()
        changed[sites] = state
        return Node(changed, self.price, self.share)


@dataclass(frozen=True)
class Relaxed:
    """What a relaxation found.

    Parameters
    ----------
    bound
        No answer within the node costs less.
    end
        OPEN_QUESTION, PRUNED (the bound exceeds the cutoff) or SETTLED (one answer is left).
    reached, sites
        The smallest payment met and the sites that were open, by site; an over-estimate
        where lists are cut short.
    node
        With what is settled since, and the prices of the best bound.
    length
        The step length it ended with.
    """

    bound: float
    end: int
    reached: float
    sites: Mask
    node: Node
    length: float


def relaxed(
    lists: Neighbours,
    node: Node,
    p: int,
    target: float,
    cutoff: float,
    *,
    steps: int,
    length: float,
    patience: int = 8,
    least_length: float = 0.02,
) -> Relaxed:
    """Raise the bound of a node; see :func:`relax` for the parameters."""
    state = node.state.copy()
    price, share = node.price.astype(np.float64), node.share.astype(np.float64)
    bound, end, reached, sites, best_price, last = relax(
        lists.site, lists.pay, lists.limit, state, price, share, p, target, cutoff,
        steps, length, patience, least_length,
    )  # fmt: skip
    return Relaxed(bound, end, reached, sites, Node(state, best_price, share), last)
