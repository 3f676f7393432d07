"""Demand points that the same sites reach, merged: exact, and millions become thousands.

A demand point matters to a covering model only through the set of sites within its radius, its
*signature*. Points with equal signatures are one point with their weights added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.compiled import compiled
from resalloc.location.costs import CHUNK, Costs
from resalloc.location.covering.packed import BITS, unpacked

if TYPE_CHECKING:
    from resalloc.location.costs import AnyCosts, Floats, Ints, Mask
    from resalloc.location.covering.packed import Words

Groups = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Signatures:
    """The distinct sets of sites in reach, and which demand points have which.

    Parameters
    ----------
    words
        Signature × words, see :func:`resalloc.location.covering.packed.packed`; in ascending order.
    weight
        By signature: weights of its demand points, added up.
    group
        By demand point: its signature.
    sites
        Positions of the sites the bits stand for.
    """

    words: Words
    weight: Floats
    group: Groups
    sites: Ints

    @property
    def reach(self) -> Mask:
        """Who is reached by whom: signature × sites, as a table."""
        return unpacked(self.words, len(self.sites))


def signatures(costs: AnyCosts, radius: Floats, weights: Floats, sites: Ints) -> Signatures:
    """Merge the demand points that the same sites reach.

    Time grows with demand × sites, memory only with demand.

    Parameters
    ----------
    costs
        Costs to every site; the table is never made where they are coordinates.
    radius
        By demand point; a site is in reach where its cost is at most that.
    weights
        By demand point.
    sites
        Positions of the sites that count.

    Examples
    --------
    >>> costs = Costs(np.array([[1.0, 9.0], [2.0, 8.0], [9.0, 3.0]]))
    >>> found = signatures(costs, np.full(3, 3.0), np.array([5.0, 6.0, 7.0]), np.array([0, 1]))
    >>> found.group.tolist(), found.weight.tolist(), found.reach.astype(int).tolist()
    ([0, 0, 1], [11.0, 7.0], [[1, 0], [0, 1]])
    """
    n, width = costs.shape[0], max(1, -(-len(sites) // BITS))
    group = np.empty(n, dtype=np.int32)
    keys, sums = np.zeros((CHUNK, width), dtype=np.uint64), np.zeros((CHUNK, 2))
    slots = np.full(4 * CHUNK, -1, dtype=np.int32)
    words = np.empty((min(n, CHUNK), width), dtype=np.uint64)
    count = 0
    for low in range(0, n, CHUNK):
        part = words[: min(CHUNK, n - low)]
        _fill(costs, radius, sites, low, part)
        if count + len(part) > len(keys):
            keys = np.concatenate([keys, np.zeros_like(keys)])
            sums = np.concatenate([sums, np.zeros_like(sums)])
            slots = placed(keys, count, 4 * len(keys))
        count = merged(part, weights[low:], keys, sums, slots, count, group[low:])
    order = np.lexsort(keys[:count].T)
    rank = np.empty(count, dtype=np.int32)
    rank[order] = np.arange(count, dtype=np.int32)
    for low in range(0, n, CHUNK):
        group[low : low + CHUNK] = rank[group[low : low + CHUNK]]
    return Signatures(keys[order], sums[order].sum(axis=1), group, np.asarray(sites))


def _fill(costs: AnyCosts, radius: Floats, sites: Ints, low: int, words: Words) -> None:
    high = low + len(words)
    if isinstance(costs, Costs):
        words_of_table(costs.values[low:high], radius[low:high], sites, words)
        return
    words_of_points(costs.demand_xy[low:high], costs.site_xy[sites], radius[low:high], words)


@compiled
def words_of_table(values: Floats, radius: Floats, sites: Ints, words: Words) -> None:
    """Fill in the words of some demand points from their costs."""
    for i in range(len(values)):
        for w in range(words.shape[1]):
            word = np.uint64(0)
            for j in range(w << 6, min(len(sites), (w + 1) << 6)):
                within = values[i, sites[j]] <= radius[i]
                word |= np.uint64(within) << np.uint64(j & 63)
            words[i, w] = word


@compiled
def words_of_points(demand: Floats, site: Floats, radius: Floats, words: Words) -> None:
    """Fill in the words of some demand points from coordinates.

    Block by block, and within a block site by site, so that several points go through the
    processor at once.
    """
    block = 512
    x, y, limit = np.empty(block), np.empty(block), np.empty(block)
    word = np.empty(block, dtype=np.uint64)
    for low in range(0, len(demand), block):
        count = min(block, len(demand) - low)
        for k in range(count):
            x[k], y[k] = demand[low + k, 0], demand[low + k, 1]
            limit[k] = largest_square(radius[low + k])
        for w in range(words.shape[1]):
            word[:] = 0
            for j in range(w << 6, min(len(site), (w + 1) << 6)):
                east, north = site[j, 0], site[j, 1]
                bit = np.uint64(1) << np.uint64(j & 63)
                for k in range(count):
                    dx, dy = x[k] - east, y[k] - north
                    word[k] |= bit if dx * dx + dy * dy <= limit[k] else np.uint64(0)
            for k in range(count):
                words[low + k, w] = word[k]


@compiled
def largest_square(radius: float) -> float:
    """Give the largest number whose square root, as computed, is at most the radius.

    The rounded root never falls as its argument rises: holding squares against this number
    says exactly what holding distances against the radius says, without a root a pair.
    """
    square = radius * radius
    while np.sqrt(square) > radius:
        square = np.nextafter(square, 0.0)
    while np.isfinite(square):
        above = np.nextafter(square, np.inf)
        if np.sqrt(above) > radius:
            break
        square = above
    return square


@compiled
def hashed(words: Words) -> int:
    """Give a number that spreads signatures evenly over a table."""
    mixed = np.uint64(0x9E3779B97F4A7C15)
    for w in range(len(words)):
        mixed = (mixed ^ words[w]) * np.uint64(0xD6E8FEB86659FD93)
        mixed ^= mixed >> np.uint64(32)
    return int(mixed >> np.uint64(1))


@compiled
def placed(keys: Words, count: int, size: int) -> Groups:
    """Give a hash table of that size, a power of two, with the first `count` signatures in it."""
    slots = np.full(size, -1, dtype=np.int32)
    for g in range(count):
        at = hashed(keys[g]) & (size - 1)
        while slots[at] >= 0:
            at = (at + 1) & (size - 1)
        slots[at] = g
    return slots


@compiled
def merged(
    words: Words,
    weights: Floats,
    keys: Words,
    sums: Floats,
    slots: Groups,
    count: int,
    group: Groups,
) -> int:
    """Give demand points their signature's number, in order of appearance; give how many.

    Weights are added with the rounding error carried along (Neumaier 1974).
    """
    size, width = len(slots), words.shape[1]
    for i in range(len(words)):
        at = hashed(words[i]) & (size - 1)
        while slots[at] >= 0:
            same = True
            for w in range(width):
                same &= keys[slots[at], w] == words[i, w]
            if same:
                break
            at = (at + 1) & (size - 1)
        if slots[at] < 0:
            slots[at] = count
            keys[count] = words[i]
            count += 1
        g = slots[at]
        group[i] = g
        before = sums[g, 0]
        after = before + weights[i]
        if abs(before) >= abs(weights[i]):
            sums[g, 1] += (before - after) + weights[i]
        else:
            sums[g, 1] += (weights[i] - after) + before
        sums[g, 0] = after
    return count
