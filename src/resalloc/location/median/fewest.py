"""The fewest sites with which total travel stays within a cap: a search over p.

The least total falls as sites are added, so the number is found by halving; each trial only
has to say on which side of the cap it is, which the bounds at the root mostly do.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.median.problem import Median, Proof
from resalloc.location.median.proof import prove

if TYPE_CHECKING:
    from collections.abc import Callable

    from resalloc.location.costs import Ints

_ROUNDING = 1e-12


@dataclass(frozen=True)
class Fewest:
    """The fewest sites that keep a cap.

    Parameters
    ----------
    proof
        The best set found; None where none keeps the cap or none was found in time.
    at_least
        No fewer sites can keep it.
    proven
        Whether the search ended.
    least
        The total with every site open.
    """

    proof: Proof | None
    at_least: int
    proven: bool
    least: float


def fewest_for_mean(
    median: Median, cap: float, start: Callable[[Median], tuple[Ints | None, str]]
) -> Fewest:
    """Give the fewest sites whose total weighted cost is at most `cap`.

    Parameters
    ----------
    median
        The problem; its `p` is not looked at.
    cap
        The largest total.
    start
        Gives a first set of sites that reaches everybody, empty if any does, or None.
    """
    cap *= 1 + _ROUNDING
    m = len(median.fixed)
    least = median.payment(np.arange(m))
    if least > cap:
        return Fewest(None, m, True, least)
    low, high = max(1, int(median.fixed.sum())), m
    at_least, best = low, Proof(np.arange(m), least, least, 0, True)
    while low < high and time.perf_counter() < median.deadline:
        middle = (low + high) // 2
        trial = replace(median, p=middle, enough=cap)
        first, excuse = start(trial)
        if first is None:
            if not excuse:
                break
            low = at_least = middle + 1
            continue
        found = prove(trial, first if len(first) else None)
        if found.payment <= cap:
            high, best = middle, found
        elif found.closed:
            low = at_least = middle + 1
        else:
            low = middle + 1  # not proven: go on above, and say so
    final = replace(median, p=len(best.sites))
    best = prove(final, best.sites)
    return Fewest(best, at_least, at_least == len(best.sites), least)
