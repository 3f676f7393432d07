"""The compiled loop that takes the measures of many scenarios laid out as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.compiled import compiled
from resalloc.scoring.measures.kernels import (
    gini_one,
    theil_one,
    two_step_access,
    weighted_mean,
    weighted_quantile,
    weighted_quantiles_one,
)

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints


class Lists(NamedTuple):
    """For each point the institutions in reach, nearest first, by driving time today."""

    start: Ints
    site: Ints
    away: Floats


class Laid(NamedTuple):
    """Scenarios laid out: people, ways and beds; `reach` is the catchment by point."""

    people: Floats
    residents: Floats
    near: Floats
    late: Floats
    beds: Floats
    supply: Floats
    reach: Floats


RESPONSE, STATION, BEDS, ACCESS = 0, 3, 4, 6
"""Where each group of measures stands in a row of the answer."""
WIDTH = 9


@compiled
def take_each(laid: Laid, lists: Lists, wanted: Ints, found: Floats) -> None:
    """Take groups of measures, scenario by scenario.

    Parameters
    ----------
    laid
        Scenarios × points, townships or sites.
    lists
        Institutions in reach.
    wanted
        For each of the four groups, 1 if it is wanted.
    found
        Written: scenarios × :data:`WIDTH`; median, ninth decile and longest response; farthest
        station; Gini and Theil of beds; Gini, mean and least of access.
    """
    n, t = laid.people.shape[1], laid.residents.shape[1]
    size = max(n, t)
    order, rate, shares = np.empty(size, np.int64), np.empty(size), np.array([0.5, 0.9, 1.0])
    access, held, ratio = np.empty(n), np.empty(n), np.empty(laid.supply.shape[1])
    for s in range(len(laid.people)):
        people, residents = laid.people[s], laid.residents[s]
        if wanted[0]:
            weighted_quantiles_one(laid.late[s], people, shares, order, found[s, :STATION])
        if wanted[1]:
            found[s, STATION] = weighted_quantile(laid.near[s], people, order, 1.0)
        if wanted[2]:
            found[s, BEDS] = gini_one(laid.beds[s], residents, rate, order)
            found[s, BEDS + 1] = theil_one(laid.beds[s], residents)
        if wanted[3]:
            two_step_access(
                laid.supply[s], people, laid.reach[s], lists.start, lists.site, lists.away,
                ratio, access,
            )  # fmt: skip
            for i in range(n):
                held[i] = access[i] * people[i]
            found[s, ACCESS] = gini_one(held, people, rate, order)
            found[s, ACCESS + 1] = 1000.0 * weighted_mean(access, people)
            found[s, ACCESS + 2] = 1000.0 * weighted_quantile(access, people, order, 0.0)
