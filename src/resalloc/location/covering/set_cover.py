"""Set covering: the fewest or cheapest sites that put everybody within reach."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.location.covering.answer import cheapest_answer
from resalloc.location.covering.asked import covering_input
from resalloc.location.covering.backup import best_backup
from resalloc.location.covering.cover import smallest_cover
from resalloc.location.covering.signatures import signatures
from resalloc.location.limits import limit_faults
from resalloc.location.siting import none_found, unreachable
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike, Floats, Ints, Mask
    from resalloc.location.covering.signatures import Signatures
    from resalloc.location.siting import Siting

_MODEL = "set_cover"
_NONE = "can be reached by no site within the radius"
_TOO_FEW = "can be reached by fewer sites within the radius than must reach it"


def set_cover(
    cost: CostLike,
    radius: Any,
    *,
    site_cost: Any = None,
    weights: Any = None,
    classes: Any = None,
    fixed: Any = (),
    forbidden: Any = (),
    at_least: Any = 1,
    backup: bool = False,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the fewest, or cheapest, sites that put every demand point within reach.

    Every demand point must be covered, those of weight zero too. The answer's `assignment` is
    each point's nearest open site.

    Parameters
    ----------
    cost
        Demand × sites: distance, minutes; anything
        :func:`resalloc.location.costs.as_costs` takes.
    radius
        A site covers a demand point where the cost is at most this: one number, one a demand
        point, or by class, ``{"urban": 3.5, "rural": 10}``.
    site_cost
        By site, not negative; without it sites are counted.
    weights
        By demand point: people; only `backup` uses them.
    classes
        The class of each demand point, where `radius` is by class.
    fixed, forbidden
        Sites, by position or name or as a mask: open in any case; never open.
    at_least
        How many open sites each demand point must have within reach: one number, or one a
        demand point.
    backup
        Among the cheapest covers take one that gives the most weight a further site within
        reach, one more than it must have; the message says how much.
    time_limit_s
        Seconds it may take; reached, the answer is FEASIBLE with its gap, or UNKNOWN.
    gap
        Relative gap at which it may stop.

    Returns
    -------
    Siting
        `objective` is the number of sites, or their cost. INFEASIBLE names in `unreached` the
        demand that too few sites can reach.

    Raises
    ------
    InputError
        The input cannot be used; every fault is listed.
    SolverError
        The solver does not accept the model.

    Notes
    -----
    .. math:: \min \sum_j c_j y_j \quad\text{with}\quad
        \sum_{j:\, d_{ij} \le r_i} y_j \ge b_i \text{ for all } i, \quad y_j \in \{0, 1\}

    =====  =============================================
    where  is
    =====  =============================================
    y_j    1 if site j is open
    c_j    cost of site j (`site_cost`)
    d_ij   cost of serving demand point i from site j
    r_i    radius of demand point i
    b_i    how many sites must reach it (`at_least`)
    =====  =============================================

    The location set covering problem (Toregas, Swain, ReVelle and Bergman 1971); with
    `backup`, Hogan and ReVelle (1986).

    Examples
    --------
    Four villages along a road, sites in the same places; everybody within 10 km.

    >>> km = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
    >>> answer = set_cover(km, 10)
    >>> answer.status.value, answer.objective, answer.open.tolist()
    ('optimal', 2.0, [0, 2])
    >>> set_cover(km, 5, forbidden=[3]).message
    'demand 3 can be reached by no site within the radius.'
    """
    begun = time.perf_counter()
    given = covering_input(
        cost,
        radius,
        classes=classes,
        weights=weights,
        site_cost=site_cost,
        at_least=at_least,
        fixed=fixed,
        forbidden=forbidden,
        others=limit_faults(time_limit_s, gap),
    )
    instance, allowed = given.instance, given.instance.allowed
    merged = signatures(instance.costs, given.radius, instance.weights, allowed)
    reach, weight, need = _with_need(merged, instance.weights, given.need)
    short = np.flatnonzero(np.count_nonzero(merged.reach, axis=1)[merged.group] < given.need)
    if len(short):
        why = _TOO_FEW if (given.need[short] > 1).any() else _NONE
        return unreachable(_MODEL, instance.costs, short, time.perf_counter() - begun, why=why)
    found = smallest_cover(
        reach,
        fixed=instance.fixed[allowed],
        site_cost=given.site_cost[allowed],
        need=need,
        time_limit_s=time_limit_s,
        gap=gap,
    )
    if found.status not in (Status.OPTIMAL, Status.FEASIBLE):
        spent = time.perf_counter() - begun
        message = "no cover was found within the time limit."
        return none_found(_MODEL, instance.costs, Status.UNKNOWN, message, spent, bound=found.bound)
    open_, message = allowed[found.open], ""
    if backup:
        until = np.inf if time_limit_s is None else begun + time_limit_s
        second = best_backup(
            reach,
            weight,
            need,
            instance.fixed[allowed],
            given.site_cost[allowed],
            found.open,
            until - time.perf_counter(),
        )
        open_, message = allowed[second.open], second.words
    return cheapest_answer(_MODEL, given, open_, found.bound, begun, message=message)


def _with_need(merged: Signatures, weights: Floats, need: Ints) -> tuple[Mask, Floats, Ints]:
    """Give reach, weight and need of the demand that differs in whom it reaches or in need."""
    if (need == need[0]).all():
        return merged.reach, merged.weight, np.full(len(merged.words), need[0])
    step = int(need.max()) + 1
    kinds, kind = np.unique(merged.group.astype(np.int64) * step + need, return_inverse=True)
    weight = np.bincount(kind, weights, minlength=len(kinds)).astype(float)
    return merged.reach[kinds // step], weight, kinds % step
