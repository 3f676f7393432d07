"""Fast interchange for the p-median: swap an open site for a closed one while it pays.

Teitz and Bart (1968), in the form of Whitaker (1983) and Resende and Werneck (2007): what a
site gains and what closing one loses are added up separately, so that all p × m swaps are
valued in one walk along the lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.median.neighbours import Neighbours, Places


@compiled
def two_nearest(
    site: Places, pay: Floats, is_open: Mask, beyond: float
) -> tuple[Ints, Floats, Floats]:
    """Give each demand point's cheapest open site and its two smallest payments.

    `beyond` stands for a site that is not on the list.
    """
    n, k = site.shape
    first = np.full(n, -1, dtype=np.int64)
    near, next_near = np.full(n, beyond), np.full(n, beyond)
    for i in range(n):
        for s in range(k):
            value = pay[i, s]
            if value >= beyond:
                break
            if is_open[site[i, s]]:
                if first[i] < 0:
                    first[i] = site[i, s]
                    near[i] = value
                else:
                    next_near[i] = value
                    break
    return first, near, next_near


@compiled
def swap_while_it_pays(
    site: Places,
    pay: Floats,
    is_open: Mask,
    fixed: Mask,
    allowed: Mask,
    beyond: float,
    saved: Floats,
) -> tuple[float, int]:
    """Improve a set of open sites in place by best swaps; give its total payment and the effort.

    Closing `a` and opening `j` changes the total by ``loss[a] - gain[j] - saved[a, j]``. Few
    pairs have something saved; of all others the best joins the least loss with the largest
    gain, so that no pass looks at all p × m of them.

    Parameters
    ----------
    site, pay
        Lists of :class:`~resalloc.location.median.neighbours.Neighbours`.
    is_open
        By site; changed in place.
    fixed, allowed
        Sites that may not close, and sites that may open.
    beyond
        Payment counted for a demand point none of whose listed sites is open: larger than
        any other, so that such sets are left.
    saved
        Room for p × m numbers, all zero; zero again at the end.

    Returns
    -------
    tuple
        Total payment; entries of the lists looked at.
    """
    n, k = site.shape
    m = len(is_open)
    slot = np.full(m, -1, dtype=np.int64)
    count = 0
    for j in range(m):
        if is_open[j]:
            slot[j] = count
            count += 1
    pair_out = np.empty(n * k, dtype=np.int32)
    pair_in = np.empty(n * k, dtype=np.int32)
    loss, gain = np.zeros(m), np.zeros(m)
    effort = 0
    while True:
        loss[:] = 0.0
        gain[:] = 0.0
        pairs, total = 0, 0.0
        for i in range(n):
            nearest, near, second, end = -1, beyond, beyond, k
            for s in range(k):
                value = pay[i, s]
                if value >= beyond:
                    end = s
                    break
                if is_open[site[i, s]]:
                    if nearest < 0:
                        nearest, near = site[i, s], value
                    else:
                        second, end = value, s
                        break
            total += near
            effort += end
            if nearest >= 0:
                loss[nearest] += second - near
            for s in range(end):
                j = site[i, s]
                if is_open[j] or not allowed[j]:
                    continue
                value = pay[i, s]
                if value < near:
                    gain[j] += near - value
                    spare = second - near
                else:
                    spare = second - value
                if nearest >= 0 and spare > 0.0:
                    a = slot[nearest]
                    if saved[a, j] == 0.0:
                        pair_out[pairs] = nearest
                        pair_in[pairs] = j
                        pairs += 1
                    saved[a, j] += spare
        closes, opens = -1, -1
        for j in range(m):
            if is_open[j]:
                if not fixed[j] and (closes < 0 or loss[j] < loss[closes]):
                    closes = j
            elif allowed[j] and (opens < 0 or gain[j] > gain[opens]):
                opens = j
        least, enters, leaves = -1e-9 * max(1.0, abs(total)), -1, -1
        if closes >= 0 and opens >= 0:
            change = loss[closes] - saved[slot[closes], opens] - gain[opens]
            if change < least:
                least, enters, leaves = change, opens, closes
        for t in range(pairs):
            a, j = pair_out[t], pair_in[t]
            if not fixed[a]:
                change = loss[a] - saved[slot[a], j] - gain[j]
                if change < least:
                    least, enters, leaves = change, j, a
        for t in range(pairs):
            saved[slot[pair_out[t]], pair_in[t]] = 0.0
        effort += pairs + 2 * m
        if enters < 0:
            return total, effort
        is_open[leaves] = False
        is_open[enters] = True
        slot[enters] = slot[leaves]
        slot[leaves] = -1


def improved(lists: Neighbours, is_open: Mask, fixed: Mask, beyond: float) -> tuple[Mask, float]:
    """Give a set of open sites no swap improves, and its total payment.

    The payment counts `beyond` where no listed site is open, so it is never too small.
    """
    better = is_open.copy()
    every = np.ones(lists.sites, dtype=bool)
    saved = np.zeros((int(better.sum()), lists.sites))
    total, _ = swap_while_it_pays(lists.site, lists.pay, better, fixed, every, beyond, saved)
    return better, float(total)
