"""Each demand point's cheapest sites in order: what the p-median methods walk along."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.location.costs import CHUNK

if TYPE_CHECKING:
    from resalloc.location.costs import AnyCosts, Floats, Ints

Places = npt.NDArray[np.int32]

_SHARE = 8
_LEAST = 64


@dataclass(frozen=True)
class Neighbours:
    """The cheapest sites of each demand point, cheapest first.

    Parameters
    ----------
    site
        Demand × k: positions among the sites the lists were made for.
    pay
        Demand × k: weight × cost, ascending; infinite where the site cannot be reached.
    limit
        By demand point: the largest `pay` up to which the list is complete; infinite
        where it holds every site.
    sites
        How many sites there are.
    """

    site: Places
    pay: Floats
    limit: Floats
    sites: int


def neighbours(costs: AnyCosts, weights: Floats, sites: Ints, p: int) -> Neighbours:
    """Give the lists a p-median with `p` sites needs.

    With p sites open a demand point is served by one of its first few times m ÷ p; the
    rest of the list is left out where that saves memory. What is cut off is remembered in
    `limit`, so that bounds stay bounds.

    Parameters
    ----------
    costs
        Costs to every site.
    weights
        By demand point.
    sites
        Which sites the lists are for; positions in the lists count along these.
    p
        Sites that will be open.
    """
    n, m = costs.shape[0], len(sites)
    k = min(m, max(_LEAST, _SHARE * m // max(p, 1)))
    site = np.empty((n, k), dtype=np.int32)
    pay = np.empty((n, k))
    among = costs.only(sites)
    step = max(1, CHUNK * 16 // max(m, 1))
    for low in range(0, n, step):
        part = among.rows(low, low + step)
        if k < m:
            first = np.argpartition(part, k - 1, axis=1)[:, :k]
            first.sort(axis=1)
            order = np.take_along_axis(part, first, axis=1).argsort(axis=1, kind="stable")
            order = np.take_along_axis(first, order, axis=1)
        else:
            order = part.argsort(axis=1, kind="stable")
        site[low : low + step] = order
        pay[low : low + step] = np.take_along_axis(part, order, axis=1)
    pay *= weights[:, None]
    limit = np.full(n, np.inf) if k == m else np.where(np.isinf(pay[:, -1]), np.inf, pay[:, -1])
    return Neighbours(site, pay, limit, m)
