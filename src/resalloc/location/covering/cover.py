"""The smallest cover of a table of who reaches whom, or whether there is one of a given size.

Cheap things first: reductions, a search for a good cover, the linear bound, sites that the
bound rules out; only what is left goes to branch-and-bound.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from resalloc.location.covering.packed import unpacked
from resalloc.location.covering.proof import Left, Quest, decided, shrunk
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.covering.packed import Words


@dataclass(frozen=True)
class CoverAnswer:
    """A cover, and how far it is proven.

    Parameters
    ----------
    status
        OPTIMAL: the cheapest. FEASIBLE: a cover, or with `at_most` one that is cheap enough.
        INFEASIBLE: there is none, or none that cheap. UNKNOWN: time ran out.
    open
        Positions of the open sites, ascending; empty where there is no cover.
    objective
        Their cost; NaN where there is no cover.
    bound
        No cover costs less.
    seconds
        Time taken.
    short
        Positions of demand points that fewer sites reach than have to.
    """

    status: Status
    open: Ints
    objective: float
    bound: float
    seconds: float
    short: Ints


def smallest_cover(
    reach: Mask | Words,
    *,
    sites: int | None = None,
    fixed: Mask | None = None,
    forbidden: Mask | None = None,
    site_cost: Floats | None = None,
    need: Ints | None = None,
    at_most: float | None = None,
    time_limit_s: float | None = None,
    gap: float = 0.0,
    branch: bool = True,
) -> CoverAnswer:
    """Give the cheapest sites that reach every demand point, or any that cost at most so much.

    Parameters
    ----------
    reach
        Demand × sites: who is reached by whom; or the same as words of
        :func:`resalloc.location.covering.packed.packed`, and `sites` says how many columns
        they hold.
    sites
        Sites, where `reach` is packed.
    fixed, forbidden
        By site: open in any case (and counted); never open.
    site_cost
        By site, not negative; 1 each if not given, so that sites are counted.
    need
        By demand point: how many sites have to reach it; 1 each if not given.
    at_most
        Only whether there is a cover this cheap is asked: FEASIBLE or OPTIMAL with the sites,
        INFEASIBLE when proven that there is none, UNKNOWN when time ran out.
    time_limit_s
        Seconds it may take.
    gap
        Relative gap at which it may stop.
    branch
        False leaves branch-and-bound out: an answer in a fraction of a second that may be
        UNKNOWN (or FEASIBLE, without `at_most`).

    Returns
    -------
    CoverAnswer
        The same for the same input.

    Raises
    ------
    SolverError
        The solver does not accept the model.

    Examples
    --------
    >>> ring = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    >>> answer = smallest_cover(ring)
    >>> answer.status.value, len(answer.open)
    ('optimal', 2)
    >>> smallest_cover(ring, at_most=1).status.value
    'infeasible'
    """
    begun = time.perf_counter()
    table = _table(reach, sites)
    n, m = table.shape
    needs = np.ones(n, dtype=np.int64) if need is None else np.array(need, dtype=np.int64)
    kept = np.zeros(m, dtype=bool) if fixed is None else np.asarray(fixed, dtype=bool)
    never = np.zeros(m, dtype=bool) if forbidden is None else np.asarray(forbidden, dtype=bool)
    cost = np.ones(m) if site_cost is None else np.asarray(site_cost, dtype=float)
    nothing = np.empty(0, dtype=np.int64)
    left, short = shrunk(Left(table, needs, cost, np.arange(m), nothing, 0.0), kept, ~never)
    if len(short):
        spent = time.perf_counter() - begun
        return CoverAnswer(Status.INFEASIBLE, nothing, np.nan, np.inf, spent, short)
    quest = Quest(at_most, gap, bool((cost == np.rint(cost)).all()), left.paid)
    until = begun + (np.inf if time_limit_s is None else time_limit_s)
    status = decided(left, quest, until, branch)
    if status in (Status.OPTIMAL, Status.FEASIBLE):
        open_ = np.sort(quest.best)
        if (np.count_nonzero(table[:, open_], axis=1) < needs).any():
            status = Status.UNKNOWN
    if status not in (Status.OPTIMAL, Status.FEASIBLE):
        open_, quest.upper = nothing, np.nan
    spent = time.perf_counter() - begun
    return CoverAnswer(status, open_, quest.upper, quest.bound, spent, short)


def _table(reach: Mask | Words, sites: int | None) -> Mask:
    if reach.dtype != np.uint64:
        return np.asarray(reach, dtype=bool)
    return unpacked(cast("Words", reach), 64 * reach.shape[1] if sites is None else sites)
