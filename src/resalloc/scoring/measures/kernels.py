"""The measures of one scenario, compiled, to be called from a loop over scenarios.

Each says of one scenario what its NumPy counterpart says of many: `weighted_quantile` what
:func:`~resalloc.scoring.measures.quantiles.weighted_quantiles` says, `gini_one` and `theil_one`
what :mod:`resalloc.scoring.equity` says, `two_step_access` what
:func:`resalloc.location.access_2sfca` says with steps for weights. They take arrays with one
axis and write into the arrays given for it. Amounts and people are finite and not
below zero, or NaN where not known; that is not checked here.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.scoring.measures.quantiles import ROUNDING

if TYPE_CHECKING:
    from resalloc.location.costs import Ints
    from resalloc.scoring.equity.shares import Floats

_FEW = 16
_DEPTH = 64


@compiled
def sort_by(keys: Floats, order: Ints, low: int, high: int) -> None:
    """Put ``order[low:high]``, positions in `keys`, in ascending order of their keys.

    Quicksort, with the shorter part first so that few are ever left over; insertion where
    there is little to sort.
    """
    if high - low <= _FEW:
        _insert(keys, order, low, high)
        return
    # Not a call within a call: numba keeps those on disk, but crashes when it reads them back.
    left_over = np.empty((_DEPTH, 2), dtype=np.int64)
    depth = 0
    while True:
        if high - low <= _FEW:
            _insert(keys, order, low, high)
            if depth == 0:
                return
            depth -= 1
            low, high = left_over[depth, 0], left_over[depth, 1]
            continue
        pivot = _middle(keys, order, low, high)
        less = _first(keys, order, low, high, pivot, False)
        more = _first(keys, order, low, high, pivot, True) if less == low else less
        if less - low < high - more:
            left_over[depth, 0], left_over[depth, 1] = more, high
            high = less
        else:
            left_over[depth, 0], left_over[depth, 1] = low, less
            low = more
        depth += 1


@compiled
def weighted_quantiles_one(
    values: Floats, people: Floats, shares: Floats, order: Ints, found: Floats
) -> None:
    """Write the quantiles of one scenario: the values that shares of the people do not exceed.

    Parameters
    ----------
    values, people
        By demand point.
    shares
        0 to 1; quickest in ascending order.
    order
        Scratch, as long as `values`.
    found
        As long as `shares`; filled. All NaN where a value is not known or there are no people.

    Notes
    -----
    Selection by partition about a pivot, the weighted form of Hoare's method: on average a few
    passes over the points, without sorting all of them.
    """
    total, count = _lived(values, people, order)
    low, below = 0, 0.0
    for s in range(len(shares)):
        if count == 0:
            found[s] = math.nan
            continue
        need = math.inf if shares[s] == 1.0 else shares[s] * total * (1.0 - ROUNDING)
        if need <= below:
            low, below = 0, 0.0
        found[s], low, below = _select(values, people, order, low, count, below, need)


@compiled
def weighted_quantile(values: Floats, people: Floats, order: Ints, share: float) -> float:
    """Give the smallest value that at least `share` of the people does not exceed.

    `order` is scratch, as long as `values`. NaN where a value is not known or there are no people.
    """
    total, count = _lived(values, people, order)
    if count == 0:
        return math.nan
    need = math.inf if share == 1.0 else share * total * (1.0 - ROUNDING)
    return _select(values, people, order, 0, count, 0.0, need)[0]


@compiled
def weighted_mean(values: Floats, people: Floats) -> float:
    """Give the mean over people; NaN where a value is not known or there are no people."""
    total, weight = 0.0, 0.0
    for i in range(len(values)):
        weight += people[i]
        if people[i] > 0.0 or math.isnan(values[i]):
            total += people[i] * values[i]
    return total / weight if weight > 0.0 else math.nan


@compiled
def gini_one(amount: Floats, people: Floats, rate: Floats, order: Ints) -> float:
    """Give the Gini coefficient by population; by area if `people` is the area.

    `rate` and `order` are scratch, as long as `amount`.
    """
    held, weight, count = 0.0, 0.0, 0
    for i in range(len(amount)):
        held += amount[i]
        weight += people[i]
        if people[i] > 0.0:
            rate[i] = amount[i] / people[i]
        elif amount[i] > 0.0:
            rate[i] = math.inf
        else:
            continue
        order[count] = i
        count += 1
    if not (held > 0.0 and weight > 0.0):
        return math.nan
    sort_by(rate, order, 0, count)
    under, upto = 0.0, 0.0
    for k in range(count):
        i = order[k]
        under += people[i] * (2.0 * upto + amount[i])
        upto += amount[i]
    return max(1.0 - under / (held * weight), 0.0)


@compiled
def theil_one(amount: Floats, people: Floats) -> float:
    """Give Theil's L, in natural logarithms; Theil's T is ``theil_one(people, amount)``."""
    held, weight = 0.0, 0.0
    for i in range(len(amount)):
        held += amount[i]
        weight += people[i]
    if not (held > 0.0 and weight > 0.0):
        return math.nan
    index, scale = 0.0, held / weight
    for i in range(len(amount)):
        if people[i] > 0.0:
            if amount[i] == 0.0:
                return math.inf
            index += people[i] * math.log(people[i] * scale / amount[i])
    return max(index / weight, 0.0)


@compiled
def two_step_access(
    supply: Floats,
    people: Floats,
    reach: Floats,
    start: Ints,
    site: Ints,
    away: Floats,
    ratio: Floats,
    access: Floats,
) -> None:
    """Write the supply per head within reach of each demand point (2SFCA, full weight within).

    Parameters
    ----------
    supply
        By site.
    people
        By demand point.
    reach
        How far away is still in reach, inclusive, by demand point.
    start, site, away
        The sites of each point, nearest first, as
        :func:`~resalloc.scoring.measures.nearest_first.nearest_first` gives them.
    ratio
        By site; filled with supply per head of its catchment, 0 where nobody is in reach.
    access
        By demand point; filled. NaN where the supply of a site in reach, or the people of its
        catchment, are not known.
    """
    for j in range(len(ratio)):
        ratio[j] = 0.0
    for i in range(len(people)):
        for k in range(start[i], start[i + 1]):
            if away[k] > reach[i]:
                break
            ratio[site[k]] += people[i]
    for j in range(len(ratio)):
        ratio[j] = 0.0 if ratio[j] == 0.0 else supply[j] / ratio[j]
    for i in range(len(people)):
        total = 0.0
        for k in range(start[i], start[i + 1]):
            if away[k] > reach[i]:
                break
            total += ratio[site[k]]
        access[i] = total


@compiled
def _lived(values: Floats, people: Floats, order: Ints) -> tuple[float, int]:
    """List the points with people in `order`; give their people, and how many points there are.

    None if there are no people, or a figure is not known.
    """
    total, count = 0.0, 0
    for i in range(len(values)):
        if math.isnan(values[i]) or math.isnan(people[i]):
            return 0.0, 0
        if people[i] > 0.0:
            order[count] = i
            count += 1
            total += people[i]
    return total, count


@compiled
def _select(
    values: Floats, people: Floats, order: Ints, low: int, high: int, below: float, need: float
) -> tuple[float, int, float]:
    """Give the first value at which the people reach `need`, or the last.

    Parameters
    ----------
    order
        ``order[low:high]`` are the points still in question; those before have no larger value.
    below
        People of the points before `low`.

    Returns
    -------
    tuple
        The value; from where on a larger share is to be sought, and the people before that.
    """
    while high - low > _FEW:
        pivot = _middle(values, order, low, high)
        less = _first(values, order, low, high, pivot, False)
        if less > low:
            upto = below + _people_of(people, order, low, less)
            if upto >= need:
                high = less
            else:
                low, below = less, upto
            continue
        more = _first(values, order, low, high, pivot, True)
        upto = below + _people_of(people, order, low, more)
        if more == high or upto >= need:
            return pivot, low, below
        low, below = more, upto
    _insert(values, order, low, high)
    upto = below
    for k in range(low, high):
        upto += people[order[k]]
        if upto >= need:
            return values[order[k]], low, below
    return values[order[high - 1]], low, below


@compiled
def _insert(keys: Floats, order: Ints, low: int, high: int) -> None:
    for k in range(low + 1, high):
        moved = order[k]
        key = keys[moved]
        to = k
        while to > low and keys[order[to - 1]] > key:
            order[to] = order[to - 1]
            to -= 1
        order[to] = moved


@compiled
def _middle(keys: Floats, order: Ints, low: int, high: int) -> float:
    """Give the middle one of the first, the middle and the last key."""
    a, b, c = keys[order[low]], keys[order[(low + high) // 2]], keys[order[high - 1]]
    middle: float = max(min(a, b), min(max(a, b), c))
    return middle


@compiled
def _first(keys: Floats, order: Ints, low: int, high: int, pivot: float, too: bool) -> int:
    """Put the keys below the pivot first, those that equal it `too`; give where they end.

    Every step does the same whatever the key, so that no processor guesses wrong.
    """
    end = low
    for k in range(low, high):
        i = order[k]
        order[k] = order[end]
        order[end] = i
        end += (keys[i] <= pivot) if too else (keys[i] < pivot)
    return end


@compiled
def _people_of(people: Floats, order: Ints, low: int, high: int) -> float:
    total = 0.0
    for k in range(low, high):
        total += people[order[k]]
    return total
