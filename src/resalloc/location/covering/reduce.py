"""Set covering made smaller without losing the best answer.

Three rules, repeated until none applies (Garfinkel and Nemhauser 1972, ch. 8; Toregas and
ReVelle 1973 for location):

- *essential site*: demand that no more sites can cover than it needs opens them all;
- *implied demand*: whoever covers the demand point with fewer coverers covers this one too;
- *dominated site*: another site costs no more and covers all that this one covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.covering.packed import lowest, ones, packed

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.covering.packed import Words


@dataclass(frozen=True)
class Reduced:
    """What is left of a set covering problem.

    Parameters
    ----------
    demand, sites
        Positions of the demand points and the sites that still need a decision.
    opened
        By site of the whole problem: open in some best cover, whatever else is.
    reach
        Left demand × left sites.
    need
        By left demand point: how many of the left sites have to cover it.
    short
        Positions of demand points that too few sites can cover; then nothing works.
    """

    demand: Ints
    sites: Ints
    opened: Mask
    reach: Mask
    need: Ints
    short: Ints


def reduced(reach: Mask, need: Ints, cost: Floats, fixed: Mask, allowed: Mask) -> Reduced:
    """Give a smaller set covering problem with the same best value.

    Parameters
    ----------
    reach
        Demand × sites: who covers whom.
    need
        By demand point: how many sites have to cover it.
    cost
        By site; not negative.
    fixed, allowed
        By site: open in any case; may open.

    Examples
    --------
    The second point is covered by the first site alone, which covers the first as well;
    the third point is left, and of its two sites the cheaper.

    >>> table = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 1, 1]], dtype=bool)
    >>> none, every = np.zeros(4, dtype=bool), np.ones(4, dtype=bool)
    >>> small = reduced(table, np.array([1, 1, 1]), np.array([1.0, 1.0, 2.0, 1.0]), none, every)
    >>> small.opened.tolist(), small.sites.tolist()
    ([True, False, False, True], [])
    """
    usable = reach & (allowed & ~fixed)
    left = need - np.count_nonzero(reach[:, fixed], axis=1)
    short = np.flatnonzero(np.count_nonzero(usable, axis=1) < left)
    rows, columns = packed(usable), packed(np.ascontiguousarray(usable.T))
    row_on, column_on = left > 0, allowed & ~fixed
    opened = fixed.copy()
    if len(short) == 0:
        settle(rows, columns, left, cost, row_on, column_on, opened)
    demand, sites = np.flatnonzero(row_on), np.flatnonzero(column_on)
    return Reduced(demand, sites, opened, usable[np.ix_(demand, sites)], left[demand], short)


def undominated(reach: Mask, cost: Floats) -> Mask:
    """Give the sites for which no other, no dearer, reaches all that they reach.

    Of sites that reach and cost the same the first is kept; a site that reaches nobody is not.

    Examples
    --------
    >>> table = np.array([[1, 1, 0, 0], [0, 1, 1, 0]], dtype=bool)
    >>> undominated(table, np.array([1.0, 2.0, 2.0, 0.0])).tolist()
    [True, True, False, False]
    """
    n, m = reach.shape
    rows, columns = packed(reach), packed(np.ascontiguousarray(reach.T))
    kept, need = np.ones(m, dtype=bool), np.ones(n, dtype=np.int64)
    live_rows, live_columns = packed(np.ones((1, n), bool))[0], packed(np.ones((1, m), bool))[0]
    close_dominated(rows, columns, need, cost, kept, live_rows, live_columns)
    return kept


@compiled
def settle(
    rows: Words,
    columns: Words,
    need: Ints,
    cost: Floats,
    row_on: Mask,
    column_on: Mask,
    opened: Mask,
) -> None:
    """Apply the three rules until none does; the last four arrays are changed in place."""
    n, m = len(row_on), len(column_on)
    live_rows, live_columns = np.zeros_like(columns[0]), np.zeros_like(rows[0])
    for i in range(n):
        if row_on[i]:
            live_rows[i >> 6] |= np.uint64(1) << np.uint64(i & 63)
    for j in range(m):
        if column_on[j]:
            live_columns[j >> 6] |= np.uint64(1) << np.uint64(j & 63)
    changed = True
    while changed:
        changed = open_essential(
            rows, columns, need, row_on, column_on, opened, live_rows, live_columns
        )
        changed |= drop_implied(rows, columns, need, row_on, live_rows, live_columns)
        changed |= close_dominated(rows, columns, need, cost, column_on, live_rows, live_columns)


@compiled
def open_essential(
    rows: Words,
    columns: Words,
    need: Ints,
    row_on: Mask,
    column_on: Mask,
    opened: Mask,
    live_rows: Words,
    live_columns: Words,
) -> bool:
    """Open every site some demand point cannot do without."""
    changed = False
    again = True
    while again:
        again = False
        for i in range(len(row_on)):
            if not row_on[i] or count_in(rows[i], live_columns) > need[i]:
                continue
            again = changed = True
            for w in range(len(live_columns)):
                word = rows[i, w] & live_columns[w]
                while word:
                    j = (w << 6) + lowest(word)
                    word &= word - np.uint64(1)
                    opened[j] = True
                    column_on[j] = False
                    live_columns[w] &= ~(np.uint64(1) << np.uint64(j & 63))
                    served(columns[j], need, row_on, live_rows)
    return changed


@compiled
def served(column: Words, need: Ints, row_on: Mask, live_rows: Words) -> None:
    """Take one off the need of every demand point an opened site covers."""
    for w in range(len(live_rows)):
        word = column[w] & live_rows[w]
        while word:
            i = (w << 6) + lowest(word)
            word &= word - np.uint64(1)
            need[i] -= 1
            if need[i] <= 0:
                row_on[i] = False
                live_rows[w] &= ~(np.uint64(1) << np.uint64(i & 63))


@compiled
def drop_implied(
    rows: Words,
    columns: Words,
    need: Ints,
    row_on: Mask,
    live_rows: Words,
    live_columns: Words,
) -> bool:
    """Drop demand whose coverers include all coverers of demand that needs as many."""
    changed = False
    for k in range(len(row_on)):
        if not row_on[k]:
            continue
        j = rarest(rows[k], live_columns, columns, live_rows)
        for w in range(len(live_rows)):
            word = columns[j, w] & live_rows[w]
            while word:
                i = (w << 6) + lowest(word)
                word &= word - np.uint64(1)
                if i == k or need[i] > need[k] or not within(rows[k], rows[i], live_columns):
                    continue
                same = need[i] == need[k] and within(rows[i], rows[k], live_columns)
                if same and i < k:
                    continue
                row_on[i] = False
                live_rows[w] &= ~(np.uint64(1) << np.uint64(i & 63))
                changed = True
    return changed


@compiled
def close_dominated(
    rows: Words,
    columns: Words,
    need: Ints,
    cost: Floats,
    column_on: Mask,
    live_rows: Words,
    live_columns: Words,
) -> bool:
    """Close sites that another, no dearer, can stand in for.

    Only where nobody the site covers needs two: else both may have to open.
    """
    changed = False
    for j in range(len(column_on)):
        if not column_on[j]:
            continue
        i = rarest(columns[j], live_rows, rows, live_columns)
        gone = i < 0
        if not gone and most(columns[j], live_rows, need) > 1:
            continue
        for w in range(len(live_columns)):
            if gone:
                break
            word = rows[i, w] & live_columns[w]
            while word and not gone:
                k = (w << 6) + lowest(word)
                word &= word - np.uint64(1)
                if k == j or cost[k] > cost[j] or not within(columns[j], columns[k], live_rows):
                    continue
                same = cost[k] == cost[j] and within(columns[k], columns[j], live_rows)
                gone = not (same and j < k)
        if gone:
            column_on[j] = False
            live_columns[j >> 6] &= ~(np.uint64(1) << np.uint64(j & 63))
            changed = True
    return changed


@compiled
def within(small: Words, large: Words, live: Words) -> bool:
    """Say whether one set lies within another, counting live members only."""
    for w in range(len(live)):  # noqa: SIM110 - a generator does not compile
        if small[w] & ~large[w] & live[w]:
            return False
    return True


@compiled
def count_in(members: Words, live: Words) -> int:
    """Give how many members of a set are live."""
    total = 0
    for w in range(len(live)):
        total += ones(members[w] & live[w])
    return total


@compiled
def rarest(members: Words, live: Words, sets: Words, live_there: Words) -> int:
    """Give the live member that is in the fewest sets of the other side; −1 if there is none."""
    best, fewest = -1, 1 << 62
    for w in range(len(live)):
        word = members[w] & live[w]
        while word:
            k = (w << 6) + lowest(word)
            word &= word - np.uint64(1)
            count = count_in(sets[k], live_there)
            if count < fewest:
                best, fewest = k, count
    return best


@compiled
def most(members: Words, live: Words, need: Ints) -> int:
    """Give the largest need among the live members of a set."""
    largest = 0
    for w in range(len(live)):
        word = members[w] & live[w]
        while word:
            k = (w << 6) + lowest(word)
            word &= word - np.uint64(1)
            largest = max(largest, int(need[k]))
    return largest
