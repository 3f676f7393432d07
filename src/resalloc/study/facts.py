"""What an answer means on the ground: whom each open site serves, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.confirm import nearest
from resalloc.location.siting import PROVEN
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.siting import Siting


@dataclass(frozen=True)
class SiteFacts:
    """One open site.

    Parameters
    ----------
    site
        Its position.
    points
        Demand points it serves, in whole or in part.
    people, covered
        Weight it serves; that of it which is covered as well.
    mean, worst
        Cost of those it serves, the mean weighted by people; NaN where it serves none.
    """

    site: int
    points: int
    people: float
    covered: float
    mean: float
    worst: float


@dataclass(frozen=True)
class Facts:
    """The whole answer in figures.

    Parameters
    ----------
    sites
        By open site, in the order of the answer.
    people
        All weight.
    served, covered
        Weight that some site serves; weight that is covered as well. Of a point that is
        served in part, that part.
    mean, worst
        Over those served, the mean weighted by people; NaN where nobody is.
    farthest
        Position of the point with the worst cost; -1 where nobody is served.
    missed
        Positions of the points that are not covered, or only in part; where there is no
        answer, of those that are named as the reason.
    left
        By entry of `missed`, the weight that is not served.
    """

    sites: tuple[SiteFacts, ...]
    people: float
    served: float
    covered: float
    mean: float
    worst: float
    farthest: int
    missed: Ints
    left: Floats

    @property
    def covered_share(self) -> float:
        """Part of the people covered; NaN where there are none."""
        return self.covered / self.people if self.people > 0 else float("nan")


def facts(siting: Siting, weights: Floats) -> Facts:
    """Give the figures of an answer; a point that is divided counts at each of its sites.

    Examples
    --------
    >>> from resalloc.location.costs import Costs
    >>> from resalloc.location.siting import Siting
    >>> from resalloc.status import Status
    >>> costs = Costs(np.array([[1.0, 9.0], [2.0, 8.0], [7.0, 4.0]]))
    >>> siting = Siting(
    ...     "p_median",
    ...     Status.OPTIMAL,
    ...     0.0,
    ...     0.0,
    ...     np.array([0, 1]),
    ...     np.array([0, 0, 1]),
    ...     np.array([True, True, True]),
    ...     np.array([1.0, 2.0, 4.0]),
    ...     0.0,
    ...     costs,
    ... )
    >>> found = facts(siting, np.array([30.0, 10.0, 20.0]))
    >>> found.sites[0].people, found.sites[0].mean, found.worst, found.farthest
    (40.0, 1.25, 4.0, 2)
    """
    point, site, part, cost = served_from(siting, weights)
    people = weights[point] * part
    # Every part of a divided point is within reach; `covered` says that all of it is served.
    within = siting.covered[point] | (siting.split is not None)
    by_site = tuple(
        _one(int(j), point[here], people[here], cost[here], within[here])
        for j in siting.open
        for here in (site == j,)
    )
    whole = _one(-1, point, people, cost, within)
    missed = _missed(siting)
    got = np.bincount(point[within], people[within], len(weights))
    return Facts(
        sites=by_site,
        people=float(weights.sum()),
        served=whole.people,
        covered=whole.covered,
        mean=whole.mean,
        worst=whole.worst,
        farthest=int(point[int(cost.argmax())]) if len(cost) else -1,
        missed=missed,
        left=np.maximum(weights - got, 0.0)[missed],
    )


def _missed(siting: Siting) -> Ints:
    if siting.status in (Status.OPTIMAL, Status.FEASIBLE):
        return np.flatnonzero(~siting.covered)
    if not siting.unreached:
        return np.empty(0, dtype=np.int64)
    named = set(siting.unreached)
    n = siting.costs.shape[0]
    return np.array([i for i in range(n) if siting.costs.demand_name(i) in named], np.int64)


def within_reach(siting: Siting, radius: Floats) -> Mask:
    """Say by point whether any open site lies within its radius, with or without room."""
    _, cost = nearest(siting.costs, siting.open)
    return np.asarray(cost <= radius)


def served_part(siting: Siting, weights: Floats) -> Floats:
    """Give by point the part of its people that is served, all sites together; 0 to 1."""
    point, _, part, _ = served_from(siting, weights)
    whole = np.bincount(point, part, len(weights))
    # A part short of all of it by less than the solver's arithmetic is all of it.
    return np.where(np.abs(whole - 1) <= PROVEN, 1.0, whole)


def _one(site: int, point: Ints, people: Floats, cost: Floats, within: Mask) -> SiteFacts:
    if not len(point):
        return SiteFacts(site, 0, 0.0, 0.0, float("nan"), float("nan"))
    total = float(people.sum())
    # Where nobody lives there is no mean by people; then every point counts the same.
    mean = float(people @ cost / total) if total > 0 else float(cost.mean())
    covered = float(people[within].sum())
    return SiteFacts(site, len(np.unique(point)), total, covered, mean, float(cost.max()))


def served_from(siting: Siting, weights: Floats) -> tuple[Ints, Ints, Floats, Floats]:
    """Give who is served from where: point, site, the part of the point's people, its cost.

    One entry a point, and several where a point is divided; none for a point nobody serves.
    A point where nobody lives takes up no part: it counts whole at the site named for it.
    """
    if siting.split is None:
        point = np.flatnonzero(siting.assignment >= 0)
        return (
            point,
            siting.assignment[point],
            np.ones(len(point)),
            siting.served_cost[point],
        )
    parts = siting.split.tocoo()
    point, site = parts.coords[0].astype(np.int64), parts.coords[1].astype(np.int64)
    part = parts.data.astype(float)
    some = part > 1e-9
    point, site, part = point[some], site[some], part[some]
    empty = np.flatnonzero((siting.assignment >= 0) & (weights == 0))
    empty = empty[~np.isin(empty, point)]
    point = np.concatenate([point, empty])
    site = np.concatenate([site, siting.assignment[empty]])
    part = np.concatenate([part, np.ones(len(empty))])
    order = np.argsort(point, kind="stable")
    point, site, part = point[order], site[order], part[order]
    cost = np.empty(len(point))
    for j in np.unique(site):
        here = site == j
        cost[here] = siting.costs.only(np.array([j])).of(np.zeros(siting.costs.shape[0], np.int64))[
            point[here]
        ]
    return point, site, part, cost
