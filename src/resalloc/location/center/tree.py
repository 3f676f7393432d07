"""Whether so many sites can cover all demand: a search tree with priced bounds, to a proof.

At every node demand points are given prices by subgradient steps; with *q* sites left to open,

    L(u) = Σ_i u_i + Σ_j min(0, 1 − Σ_{i covered by j} u_i)  >  q

proves that they do not suffice, and a site whose reduced cost would lift *L* above *q* need not
be looked at below that node (Balas and Carrera 1996; Caprara, Fischetti and Toth 1999, who price
set covering the same way). Children open, in turn, each site that still covers the demand point
with fewest of them; the sites tried before stay closed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.center.model import FOUND, IMPOSSIBLE, UNDECIDED
from resalloc.location.covering.incidence import incidence

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask

_MARGIN = 1e-6
"""A bound must pass `q` by more than this: far above what rounding can add up to."""
_ROOT_STEPS, _STEPS = 300, 60


def cover_with(reach: Mask, q: int, work: int) -> tuple[int, Ints]:
    """Say whether at most `q` sites cover all demand.

    Parameters
    ----------
    reach
        Demand × sites; every demand point has at least one site.
    q
        Sites.
    work
        Pairs that may be looked at before it gives up.

    Returns
    -------
    tuple
        FOUND with the sites, IMPOSSIBLE (proven), or UNDECIDED.

    Examples
    --------
    >>> ring = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    >>> cover_with(ring, 1, 10**6)[0] == IMPOSSIBLE, cover_with(ring, 2, 10**6)[0] == FOUND
    (True, True)
    """
    lists = incidence(reach)
    verdict, sites = _tree(
        lists.row_start, lists.row_sites, lists.column_start, lists.column_rows, q, work
    )
    return int(verdict), sites


@compiled
def _prices(
    column_start: Ints,
    column_rows: Ints,
    uncovered: Mask,
    usable: Mask,
    price: Floats,
    reduced: Floats,
    left: int,
    steps: int,
) -> tuple[bool, int]:
    """Raise the prices in place and drop sites that cannot be part of an answer.

    Returns whether `left` sites are proven not to suffice, and the pairs looked at.
    """
    n, m = len(uncovered), len(usable)
    missing, kept = np.zeros(n, dtype=np.int64), price.copy()
    best, size, stale, spent = -1.0, 1.0, 0, 0
    for _ in range(steps):
        bound = 0.0
        for i in range(n):
            if uncovered[i]:
                bound += price[i]
                missing[i] = 1
        for j in range(m):
            if not usable[j]:
                continue
            rest = 1.0
            for a in range(column_start[j], column_start[j + 1]):
                rest -= price[column_rows[a]]
            spent += column_start[j + 1] - column_start[j]
            reduced[j] = rest
            if rest < 0:
                bound += rest
                for a in range(column_start[j], column_start[j + 1]):
                    missing[column_rows[a]] -= 1
        if bound > left + _MARGIN:
            return True, spent
        for j in range(m):
            if usable[j] and bound + reduced[j] > left + _MARGIN and reduced[j] > 0:
                usable[j] = False
        if bound > best + 1e-4:
            best, stale = bound, 0
            kept[:] = price
        else:
            stale += 1
            if stale == 5:
                size, stale = 0.7 * size, 0
        square = 0.0
        for i in range(n):
            if uncovered[i] and (missing[i] > 0 or price[i] > 0):
                square += missing[i] * missing[i]
        if square == 0:
            break
        move = size * (left + 1.5 - bound) / square
        for i in range(n):
            if uncovered[i]:
                price[i] = max(0.0, price[i] + move * missing[i])
    price[:] = kept
    for j in range(m):
        if usable[j]:
            rest = 1.0
            for a in range(column_start[j], column_start[j + 1]):
                rest -= price[column_rows[a]]
            reduced[j] = rest
    return False, spent


@compiled
def _children(
    row_start: Ints,
    row_sites: Ints,
    uncovered: Mask,
    usable: Mask,
    price: Floats,
    reduced: Floats,
    order: Ints,
) -> int:
    """Fill in the sites to try for the demand point with fewest, cheapest first; how many."""
    chosen, fewest = -1, len(usable) + 1
    for i in range(len(uncovered)):
        if uncovered[i]:
            count = 0
            for a in range(row_start[i], row_start[i + 1]):
                count += usable[row_sites[a]]
            if count < fewest or (count == fewest and price[i] > price[chosen]):
                chosen, fewest = i, count
    many = 0
    for a in range(row_start[chosen], row_start[chosen + 1]):
        j = row_sites[a]
        if usable[j]:
            at = many
            while at > 0 and reduced[order[at - 1]] > reduced[j]:
                order[at] = order[at - 1]
                at -= 1
            order[at] = j
            many += 1
    return many


@compiled
def _tree(
    row_start: Ints, row_sites: Ints, column_start: Ints, column_rows: Ints, q: int, work: int
) -> tuple[int, Ints]:
    n, m = len(row_start) - 1, len(column_start) - 1
    levels = q + 1
    uncovered = np.ones((levels + 1, n), dtype=np.bool_)
    usable = np.ones((levels + 1, m), dtype=np.bool_)
    price, reduced = np.zeros((levels + 1, n)), np.zeros(m)
    order = np.zeros((levels, m), dtype=np.int64)
    many, tried = np.zeros(levels, dtype=np.int64), np.zeros(levels, dtype=np.int64)
    opened = np.zeros(levels, dtype=np.int64)
    for i in range(n):
        widest = 1
        for a in range(row_start[i], row_start[i + 1]):
            j = row_sites[a]
            widest = max(widest, int(column_start[j + 1] - column_start[j]))
        price[0, i] = 1.0 / widest
    depth, spent, fresh = 0, 0, True
    while depth >= 0:
        if fresh:
            if not uncovered[depth].any():
                return FOUND, opened[:depth].copy()
            closed = depth == q
            if not closed:
                closed, looked = _prices(
                    column_start,
                    column_rows,
                    uncovered[depth],
                    usable[depth],
                    price[depth],
                    reduced,
                    q - depth,
                    _STEPS if depth else _ROOT_STEPS,
                )
                spent += looked
            many[depth], tried[depth] = 0, 0
            if not closed:
                many[depth] = _children(
                    row_start,
                    row_sites,
                    uncovered[depth],
                    usable[depth],
                    price[depth],
                    reduced,
                    order[depth],
                )
        if tried[depth] == many[depth]:
            depth -= 1
            fresh = False
            continue
        if spent > work:
            return UNDECIDED, opened[:0].copy()
        if tried[depth] > 0:
            usable[depth, order[depth, tried[depth] - 1]] = False
        j = order[depth, tried[depth]]
        tried[depth] += 1
        opened[depth] = j
        usable[depth + 1] = usable[depth]
        usable[depth + 1, j] = False
        uncovered[depth + 1] = uncovered[depth]
        price[depth + 1] = price[depth]
        for a in range(column_start[j], column_start[j + 1]):
            uncovered[depth + 1, column_rows[a]] = False
            price[depth + 1, column_rows[a]] = 0.0
        depth += 1
        fresh = True
    return IMPOSSIBLE, opened[:0].copy()
