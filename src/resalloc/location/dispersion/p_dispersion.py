"""Sites as far from each other as possible: the p-dispersion problem."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault
from resalloc.location.confirm import confirmed
from resalloc.location.costs import AnyCosts, CostLike, Costs, Floats, Ints, Mask, as_costs
from resalloc.location.dispersion.apart import standing_apart
from resalloc.location.instance import Instance, checked
from resalloc.location.limits import limit_faults
from resalloc.location.siting import Siting
from resalloc.status import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

_STARTS = 64
"""Sites from which the farthest-first start is tried."""
_SYMMETRIC = 1e-9
"""Relative difference between the two directions that is arithmetic."""


def p_dispersion(
    cost: CostLike,
    p: int,
    *,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Choose sites so that the two nearest to each other are as far apart as possible.

    For stores that must not be lost together, depots that should not compete, stations that
    should not stand side by side.

    Parameters
    ----------
    cost
        Distances, sites × sites, see :func:`resalloc.location.costs.as_costs`; symmetric and
        finite. The diagonal is ignored.
    p
        Sites to open, the fixed ones included; at least 2.
    fixed, forbidden
        Sites by position or by name, or a mask with one truth value a site.
    time_limit_s
        Seconds it may take; no limit if not given.
    gap
        Relative gap at which it may stop.

    Returns
    -------
    Siting
        `objective` is the smallest distance between two open sites, `bound` a distance that
        no choice exceeds. Nobody is served: `assignment` is −1 and `covered` false throughout.

    Raises
    ------
    InputError
        A table that is not square or not symmetric, an infinite distance, p below 2.

    Notes
    -----
    .. math::

        \max\ z \quad z \le d_{jk} \text{ for all open } j < k, \quad \textstyle\sum_j y_j = p

    where :math:`d_{jk}` is the distance between sites *j* and *k*, and :math:`y_j` is 1 where
    site *j* is open (Kuby M. J. (1987), Geographical Analysis 19(4), 315-329).

    The answer is one of the distances in the table. Farthest-first choice and exchange give a
    first one; bisection over the larger ones asks each time whether p sites can be at least so
    far apart (:mod:`resalloc.location.dispersion.apart`). That the objective takes only the
    distances in the table, and that sites nearer than a distance exclude each other, is what
    Sayah D., Irnich S. (2017), European Journal of Operational Research 256(1), 62-67, build on.

    Examples
    --------
    Four sites on a line at 0, 4, 6 and 10 km; of three, the ends and either inner one.

    >>> at = np.array([0.0, 4.0, 6.0, 10.0])
    >>> found = p_dispersion(abs(at[:, None] - at[None, :]), 3)
    >>> found.open.tolist(), found.objective, found.status.value
    ([0, 1, 3], 4.0, 'optimal')
    """
    begun = time.perf_counter()
    table, faults = _distances(cost)
    faults += limit_faults(time_limit_s, gap)
    if p == 1:
        alone = Fault("p", "is 1: one site has no distance to another.", "Give at least 2.")
        faults.append(alone)
    instance = checked(table, p=p, fixed=fixed, forbidden=forbidden, others=faults)
    apart = table.values.copy()
    np.fill_diagonal(apart, np.inf)
    allowed = instance.allowed
    open_, found, bound = _bisect(
        apart[np.ix_(allowed, allowed)],
        p,
        instance.fixed[allowed],
        np.inf if time_limit_s is None else begun + time_limit_s,
        gap,
    )
    return _siting(instance, allowed[open_], found, bound, begun)


def _bisect(
    apart: Floats, p: int, fixed: Mask, until: float, gap: float
) -> tuple[Ints, float, float]:
    """Give the best choice found, its value, and the largest distance not proven impossible."""
    best, least = np.empty(0, dtype=np.int64), -1.0
    for start in _farthest_first(apart, p, fixed):
        value = _smallest(apart, start)
        if value > least:
            best, least = start, value
    best = _exchanged(apart, best, fixed)
    steps = np.unique(apart[np.triu_indices(len(apart), 1)])
    low, high = int(np.searchsorted(steps, _smallest(apart, best))), len(steps)
    while high - low > 1 and steps[high - 1] - steps[low] > gap * steps[low]:
        middle = (low + high) // 2
        left = until - time.perf_counter()
        if left <= 0:
            break
        status, found = standing_apart(_far(apart, steps[middle]), p, fixed, left)
        if status is Status.INFEASIBLE:
            high = middle
        elif status is Status.FEASIBLE:
            best = found
            low = int(np.searchsorted(steps, _smallest(apart, found)))
        else:
            break
    return best, float(steps[low]), float(steps[high - 1])


def _far(apart: Floats, distance: float) -> Mask:
    far: Mask = apart >= distance
    np.fill_diagonal(far, False)
    return far


def _smallest(apart: Floats, sites: Ints) -> float:
    return float(apart[np.ix_(sites, sites)].min())


def _farthest_first(apart: Floats, p: int, fixed: Mask) -> Iterator[Ints]:
    """Give choices that begin at different sites and always add the farthest one."""
    n = len(apart)
    kept = np.flatnonzero(fixed)
    free = np.flatnonzero(~fixed)
    starts = [[]] if len(kept) == p else [[j] for j in free[:: max(1, len(free) // _STARTS)]]
    for start in starts:
        chosen = [*kept.tolist(), *start]
        near = apart[chosen].min(axis=0)
        near[chosen] = -1.0
        while len(chosen) < min(p, n):
            j = int(near.argmax())
            chosen.append(j)
            near = np.minimum(near, apart[j])
            near[j] = -1.0
        yield np.sort(np.array(chosen, dtype=np.int64))


def _exchanged(apart: Floats, sites: Ints, fixed: Mask) -> Ints:
    """Replace a site of the nearest pair by one farther from all others, while there is one."""
    chosen = sites.copy()
    while True:
        among = apart[np.ix_(chosen, chosen)]
        least = among.min()
        best, swap = least, (-1, -1)
        for k in np.flatnonzero((among == least).any(axis=1) & ~fixed[chosen]):
            others = np.delete(chosen, k)
            near = apart[others].min(axis=0)
            near[chosen] = -1.0
            j = int(near.argmax())
            rest = min(float(near[j]), float(np.delete(np.delete(among, k, 0), k, 1).min()))
            if rest > best:
                best, swap = rest, (int(k), j)
        if swap[0] < 0:
            return np.sort(chosen)
        chosen[swap[0]] = swap[1]


def _distances(cost: CostLike) -> tuple[Costs, list[Fault]]:
    """Give the table with a zero diagonal and both directions equal, and the faults found."""
    try:
        costs = as_costs(cost)
        table = np.array(costs.dense(), dtype=float)
    except (TypeError, ValueError):
        checked(cost)
        raise
    if table.ndim != 2 or table.size == 0:
        checked(cost)
    names, n = costs.sites, len(table)
    if table.shape != (n, n):
        what = f"has {n} rows and {table.shape[1]} columns."
        fault = Fault("cost", what, "Give distances between the sites: as many rows as columns.")
        return Costs(table, costs.demand, names, costs.unit), [fault]
    np.fill_diagonal(table, 0.0)
    faults = []
    if np.isinf(table).any():
        pair = _pair(costs, np.argwhere(np.isinf(table))[0])
        faults.append(Fault(pair, "is infinite.", "Give a finite distance for every pair."))
    elif not np.isnan(table).any():
        uneven = np.argwhere(abs(table - table.T) > _SYMMETRIC * np.maximum(table, table.T))
        if len(uneven):
            j, k = uneven[0]
            what = f"is {table[j, k]:g} one way and {table[k, j]:g} the other."
            remedy = "Give one distance a pair, e.g. the smaller: numpy.minimum(cost, cost.T)."
            faults.append(Fault(_pair(costs, uneven[0]), what, remedy))
    return Costs(np.minimum(table, table.T), names, names, costs.unit), faults


def _pair(costs: AnyCosts, sites: Ints) -> str:
    return f"cost, {costs.site_name(int(sites[0]))} to {costs.site_name(int(sites[1]))}"


def _siting(instance: Instance, open_: Ints, found: float, bound: float, begun: float) -> Siting:
    n = instance.shape[0]

    def objective() -> float:
        among = instance.costs.dense()[np.ix_(open_, open_)]
        return float(among[np.triu_indices(len(open_), 1)].min())

    siting = Siting(
        model="p_dispersion",
        status=Status.FEASIBLE,
        objective=found,
        bound=bound,
        open=open_,
        assignment=np.full(n, -1, dtype=np.int64),
        covered=np.zeros(n, dtype=bool),
        served_cost=np.full(n, np.nan),
        seconds=time.perf_counter() - begun,
        costs=instance.costs,
    )
    return confirmed(siting, instance, objective, better="most", sites=instance.p)
