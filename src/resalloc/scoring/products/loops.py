"""Compiled loops over a tile: some populations × the plans `first` to `last` (exclusive).

A loop's plans are its own, so that several may run at once; what is kept by population is
kept for each stretch of plans apart and added up afterwards in their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.scoring.products.partial import FAILS, HOLDS, NOT_COMPUTABLE

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats, Ints

    Rows = npt.NDArray[np.int16]
    Marks = npt.NDArray[np.uint8]
    Senses = npt.NDArray[np.int64]


@compiled
def over(above: float, below: float) -> float:
    """Give a quotient: NaN for 0 / 0, infinite for something over nothing."""
    if below == 0.0:
        if above > 0.0:
            return np.inf
        if above < 0.0:
            return -np.inf
        return np.nan
    return above / below


@compiled
def excess(sense: int, bound: float, value: float) -> float:
    """Give how far a value is on the wrong side of its bound; negative on the right side."""
    if sense > 0:
        return bound - value
    if sense < 0:
        return value - bound
    return abs(bound - value)


@compiled
def fold_mean(
    sums: Floats,
    totals: Floats,
    scale: float,
    index: int,
    senses: Senses,
    bounds: Floats,
    sizes: Floats,
    value: Floats,
    row: Rows,
    first: int,
    last: int,
) -> None:
    """Put a weighted mean into the tile where it is the worst row so far."""
    for p in range(sums.shape[0]):
        total = totals[p]
        for c in range(first, last):
            found = over(scale * sums[p, c], total)
            if index == 0:
                value[p, c] = found
                row[p, c] = 0
            else:
                _keep_worse(found, index, senses, bounds, sizes, value, row, p, c)


@compiled
def fold_ratio(
    a: Floats,
    g: Floats,
    b: Floats,
    h: Floats,
    scale: float,
    index: int,
    senses: Senses,
    bounds: Floats,
    sizes: Floats,
    value: Floats,
    row: Rows,
    first: int,
    last: int,
) -> None:
    """Put a ratio into the tile where it is the worst row so far."""
    for p in range(len(g)):
        for c in range(first, last):
            found = over(scale * (a[c] + g[p]), b[c] + h[p])
            if index == 0:
                value[p, c] = found
                row[p, c] = 0
            else:
                _keep_worse(found, index, senses, bounds, sizes, value, row, p, c)


@compiled
def _keep_worse(
    found: float,
    index: int,
    senses: Senses,
    bounds: Floats,
    sizes: Floats,
    value: Floats,
    row: Rows,
    p: int,
    c: int,
) -> None:
    if np.isnan(found):
        return
    old = value[p, c]
    if not np.isnan(old):
        k = row[p, c]
        before = excess(senses[k], bounds[k], old) / sizes[k]
        if not excess(senses[index], bounds[index], found) / sizes[index] > before:
            return
    value[p, c] = found
    row[p, c] = index


@compiled
def tally(
    value: Floats,
    row: Rows,
    senses: Senses,
    bounds: Floats,
    sizes: Floats,
    slacks: Floats,
    low: float,
    per_width: float,
    bins: int,
    first: int,
    last: int,
    plan_counts: Ints,
    plan_values: Floats,
    population_counts: Ints,
    population_values: Floats,
    histogram: Ints,
    worst: Floats,
    worst_at: Ints,
    joint: Marks,
    in_joint: bool,
) -> None:
    """Count a clause's scenarios in the tile, by plan and by population.

    `…_values` hold total, least and most in rows; `worst` one excess and `worst_at` its
    population, plan and row. `joint` is raised to the status where that is worse, if the clause
    is `in_joint`.
    """
    single = len(senses) == 1
    sense, bound, size, slack = senses[0], bounds[0], sizes[0], slacks[0]
    for p in range(value.shape[0]):
        total, least, most, known, failed = 0.0, np.inf, -np.inf, 0, 0
        for c in range(first, last):
            found = value[p, c]
            status = NOT_COMPUTABLE
            if not np.isnan(found):
                if not single:
                    k = row[p, c]
                    sense, bound, size, slack = senses[k], bounds[k], sizes[k], slacks[k]
                beyond = excess(sense, bound, found)
                fails = beyond > slack
                status = FAILS if fails else HOLDS
                known += 1
                failed += fails
                total += found
                least = min(least, found)
                most = max(most, found)
                plan_values[0, c] += found
                plan_values[1, c] = min(plan_values[1, c], found)
                plan_values[2, c] = max(plan_values[2, c], found)
                place = (found - low) * per_width
                at = 0 if place < 0.0 else bins + 1 if place >= bins else int(place) + 1
                histogram[at] += 1
                if beyond / size > worst[0]:
                    worst[0] = beyond / size
                    worst_at[0], worst_at[1], worst_at[2] = p, c, row[p, c]
            plan_counts[c, status] += 1
            if in_joint:
                joint[p, c] = max(joint[p, c], status)
        population_counts[p, HOLDS] += known - failed
        population_counts[p, NOT_COMPUTABLE] += last - first - known
        population_counts[p, FAILS] += failed
        population_values[0, p] = total
        population_values[1, p] = least
        population_values[2, p] = most


@compiled
def best_values(value: Floats, sign: float, best: Floats) -> None:
    """Give the best value of each population in the tile; NaN where there is none.

    `sign` is 1 where lower is better, -1 where higher is.
    """
    for p in range(value.shape[0]):
        least = np.inf
        some = False
        for c in range(value.shape[1]):
            found = sign * value[p, c]
            if found <= least:
                least = found
                some = True
        best[p] = least if some else np.nan


@compiled
def add_regret(
    value: Floats,
    sign: float,
    best: Floats,
    first: int,
    last: int,
    largest: Floats,
    total: Floats,
    unknown: Ints,
) -> None:
    """Add each plan's regret over the tile's populations."""
    for p in range(value.shape[0]):
        for c in range(first, last):
            regret = sign * value[p, c] - best[p]
            if np.isnan(regret):
                unknown[c] += 1
            else:
                largest[c] = max(largest[c], regret)
                total[c] += regret
