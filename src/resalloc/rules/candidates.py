"""Candidate station sites: keeping those that can matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.rules.reach import catchments

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem

FEW = 60
"""A list of at most this many candidates is kept whole."""


def with_useful_candidates(problem: Problem) -> Problem:
    """Give the problem without candidate sites that bring no one within reach.

    A long list (every village point, say) is cut to the candidates that reach some
    residents whom no existing site reaches, less those whose every such resident
    another candidate reaches too. For the service radius this loses nothing: any
    cover can be had with the kept ones. A list of at most 60 is kept whole, so that a
    planner's own sites may also be chosen for their response time.
    """
    district = problem.district
    candidate = district.sites["candidate"].to_numpy(dtype=bool)
    if candidate.sum() <= FEW:
        return problem
    wins = _wins(problem, candidate)
    keep = ~candidate
    keep[np.flatnonzero(candidate)[_undominated(wins)]] = True
    travel = district.travel
    narrowed = replace(
        travel,
        distance_km=travel.distance_km[:, keep],
        travel_min=travel.travel_min[:, keep],
        road_km=travel.road_km[:, keep],
    )
    return replace(problem, district=district.replace(sites=district.sites[keep], travel=narrowed))


def _wins(problem: Problem, candidate: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Say which out-of-reach groups of residents each candidate reaches (groups × candidates)."""
    found = [np.zeros((0, int(candidate.sum())), dtype=bool)]
    for norm in problem.norms:
        if norm.indicator and norm.indicator.rule == "reach" and norm.reads.values:
            reach = catchments(norm, problem).reach
            lost = ~reach[:, ~candidate].any(axis=1)
            found.append(reach[np.ix_(lost, candidate)])
    return np.concatenate(found)


def _undominated(wins: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Give the columns that are not empty and not contained in another; ties keep the first.

    Examples
    --------
    >>> import numpy as np
    >>> _undominated(np.array([[1, 1, 0], [0, 1, 0]], dtype=bool))
    array([1])
    """
    sizes = wins.sum(axis=0)
    order = np.lexsort((np.arange(len(sizes)), -sizes))
    kept: list[int] = []
    for column in order:
        mine = wins[:, column]
        if sizes[column] and not any((wins[:, k] >= mine).all() for k in kept):
            kept.append(int(column))
    return np.array(sorted(kept), dtype=np.int64)
