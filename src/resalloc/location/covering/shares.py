"""Who of a group is served from which site, once it is known how much of the group is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.location.costs import Floats


def member_shares(
    parts: sparse.csr_array, group: npt.NDArray[np.int32], weights: Floats
) -> sparse.csr_array:
    """Give the part of each demand point served from each site.

    Within a group, first come first served: in the order of the demand points and of the
    sites, so that few points are split.

    Parameters
    ----------
    parts
        Group × sites: part of the group's weight served from each site.
    group, weights
        By demand point: its group; its weight.

    Examples
    --------
    Three quarters of a group of 4 go to the first site, the rest to nobody.

    >>> parts = sparse.csr_array(np.array([[0.75, 0.0]]))
    >>> member_shares(parts, np.array([0, 0], dtype=np.int32), np.array([2.0, 2.0])).toarray()
    array([[1. , 0. ],
           [0.5, 0. ]])
    """
    count, m = parts.shape
    total = np.bincount(group, weights, minlength=count).astype(float)
    flows = parts.tocoo()
    by_group = np.lexsort((flows.coords[1], flows.coords[0]))
    of, to = flows.coords[0][by_group], flows.coords[1][by_group]
    amount = flows.data[by_group] * total[of]
    # What nobody serves stands last in each group, as a site of its own.
    served = np.bincount(of, amount, minlength=count)
    of = np.concatenate([of, np.arange(count)])
    to = np.concatenate([to, np.full(count, m)])
    amount = np.concatenate([amount, np.maximum(total - served, 0.0)])
    order = np.lexsort((to, of))
    of, to, amount = of[order], to[order], amount[order]
    # Both are laid along one line of weight; where they overlap, one serves the other.
    starts = np.concatenate([[0.0], np.cumsum(total)])
    ends = np.minimum(_run(amount, of) + starts[of], starts[of + 1])
    who = np.argsort(group, kind="stable")
    reached = np.minimum(
        _run(weights[who], group[who]) + starts[group[who]], starts[1:][group[who]]
    )
    marks = np.unique(np.concatenate([ends, reached]))
    left = np.concatenate([[0.0], marks[:-1]])
    middle, length = (left + marks) / 2, marks - left
    at, into = np.searchsorted(reached, middle), np.searchsorted(ends, middle)
    good = (at < len(who)) & (into < len(to))
    at, into, length = at[good], into[good], length[good]
    person, site = who[at], to[into]
    some = weights[person] > 0
    share = np.minimum(length / np.where(some, weights[person], 1.0), 1.0)
    # Rounding may leave slivers between the groups: nobody is in them.
    real = some & (site < m) & (share > 1e-12) & (group[person] == of[into])
    return sparse.csr_array((share[real], (person[real], site[real])), shape=(len(group), m))


def _run(amount: Floats, of: npt.NDArray[np.integer]) -> Floats:
    """Give running totals that begin anew with every group."""
    along = np.cumsum(amount)
    first = np.flatnonzero(np.concatenate([[True], of[1:] != of[:-1]]))
    before = np.zeros(len(amount))
    before[first] = along[first] - amount[first]
    return along - np.maximum.accumulate(before)
