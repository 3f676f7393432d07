"""For each demand point, the sites it can reach, nearest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault, InputError

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints


@dataclass(frozen=True, eq=False)
class NearestFirst:
    """Sites by demand point, end to end: those of point i are ``start[i]:start[i + 1]``.

    Parameters
    ----------
    start
        Points + 1.
    site
        Positions of sites, nearest first; the first listed wins a tie.
    away
        How far away they are.
    """

    start: Ints
    site: Ints
    away: Floats


def nearest_first(cost: Any, longest: float = np.inf) -> NearestFirst:
    """List the sites of each demand point, nearest first.

    Parameters
    ----------
    cost
        Demand points × sites, minutes or km; infinite where there is no way.
    longest
        Sites farther away than this are left out, to keep the lists short. It must be the
        longest reach that any scenario asks for.

    Returns
    -------
    NearestFirst
        The lists. Where every speed changes by a factor of the point, minutes at today's speed
        stay in order: a reach of 30 minutes at factor f is one of 30·f at today's speed.

    Raises
    ------
    InputError
        Not a table, or a cost that is below zero or not known.

    Examples
    --------
    >>> lists = nearest_first([[10.0, 40.0], [20.0, 15.0]], longest=30.0)
    >>> lists.start.tolist(), lists.site.tolist(), lists.away.tolist()
    ([0, 1, 3], [0, 1, 0], [10.0, 15.0, 20.0])
    """
    table = np.asarray(cost, dtype=float)
    faults = []
    if table.ndim != 2:
        remedy = "Give demand points by sites."
        faults.append(Fault("nearest first, cost", f"has the shape {table.shape}.", remedy))
    if not (table >= 0).all():
        what = "has a number below 0 or none."
        faults.append(Fault("nearest first, cost", what, "Write inf where there is no way."))
    if faults:
        raise InputError(faults)
    order = np.argsort(table, axis=1, kind="stable")
    ordered = np.take_along_axis(table, order, axis=1)
    kept = np.isfinite(ordered) & (ordered <= longest)
    start = np.concatenate([[0], np.cumsum(kept.sum(axis=1))]).astype(np.int64)
    return NearestFirst(start, order[kept].astype(np.int64), ordered[kept])
