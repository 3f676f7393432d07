"""Partial set covering: the fewest sites that put a share of the people within reach."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault
from resalloc.location.covering.answer import cheapest_answer
from resalloc.location.covering.asked import covering_input
from resalloc.location.covering.signatures import signatures
from resalloc.location.covering.weight import cheapest_for_weight
from resalloc.location.limits import limit_faults
from resalloc.location.siting import unreachable

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike
    from resalloc.location.siting import Siting

_MODEL = "min_sites_for_share"


def min_sites_for_share(
    cost: CostLike,
    radius: Any,
    share: float,
    *,
    weights: Any = None,
    site_cost: Any = None,
    classes: Any = None,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the fewest, or cheapest, sites that put a share of the people within reach.

    The answer's `assignment` is each point's nearest open site within its radius, −1 where
    there is none.

    Parameters
    ----------
    cost
        Demand × sites: distance, minutes; anything
        :func:`resalloc.location.costs.as_costs` takes.
    radius
        A site covers a demand point where the cost is at most this: one number, one a demand
        point, or by class, ``{"urban": 3.5, "rural": 10}``.
    share
        Part of the whole weight to be covered: above 0, at most 1 (0.9 for 90 %).
    weights
        By demand point: people; 1 each if not given.
    site_cost
        By site, not negative; without it sites are counted.
    classes
        The class of each demand point, where `radius` is by class.
    fixed, forbidden
        Sites, by position or name or as a mask: open in any case; never open.
    time_limit_s
        Seconds it may take; reached, the answer is FEASIBLE with its gap.
    gap
        Relative gap at which it may stop.

    Returns
    -------
    Siting
        `objective` is the number of sites, or their cost. INFEASIBLE where all sites together
        do not reach the share: the message says how much they reach, and `unreached` names
        the demand that none reaches.

    Raises
    ------
    InputError
        The input cannot be used; every fault is listed.
    SolverError
        The solver does not accept the model.

    Notes
    -----
    .. math:: \min \sum_j c_j y_j \quad\text{with}\quad
        \sum_i w_i z_i \ge \alpha \sum_i w_i, \quad
        z_i \le \sum_{j:\, d_{ij} \le r_i} y_j, \quad y_j, z_i \in \{0, 1\}

    =====  ==========================================================
    where  is
    =====  ==========================================================
    y_j    1 if site j is open
    z_i    1 if demand point i is covered
    c_j    cost of site j (`site_cost`)
    w_i    weight of demand point i
    α      `share`; it counts as reached within 10⁻⁹ of the weight
    d_ij   cost of serving demand point i from site j
    r_i    radius of demand point i
    =====  ==========================================================

    The partial set covering problem (Daskin and Owen 1999; Cordeau, Furini and Ljubić 2019).

    Examples
    --------
    Four villages along a road, sites in the same places; 75 % within 5 km.

    >>> km = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
    >>> answer = min_sites_for_share(km, 5, 0.75, weights=[400, 900, 100, 700])
    >>> answer.status.value, answer.objective, answer.open.tolist()
    ('optimal', 2.0, [1, 3])
    """
    begun = time.perf_counter()
    given = covering_input(
        cost,
        radius,
        classes=classes,
        weights=weights,
        site_cost=site_cost,
        fixed=fixed,
        forbidden=forbidden,
        others=[*_share_faults(share), *limit_faults(time_limit_s, gap)],
    )
    instance, allowed = given.instance, given.instance.allowed
    merged = signatures(instance.costs, given.radius, instance.weights, allowed)
    total = float(merged.weight.sum())
    some = np.count_nonzero(merged.words, axis=1) > 0
    most = float(merged.weight[some].sum())
    goal = share * total * (1 - 1e-9)
    if most < goal:
        missed = np.flatnonzero(~some[merged.group])
        spent, why = time.perf_counter() - begun, "can be reached by no site within the radius"
        none = unreachable(_MODEL, instance.costs, missed, spent, why=why)
        reached = f"all sites together reach {100 * most / total:.6g} % of the weight"
        message = f"{reached}, not {100 * share:.6g} %; {none.message}"
        return replace(none, message=message)
    if (merged.weight == np.rint(merged.weight)).all():
        goal = float(np.ceil(goal))
    spent = time.perf_counter() - begun
    sites, bound = cheapest_for_weight(
        merged.reach,
        merged.weight,
        given.site_cost[allowed],
        goal,
        fixed=instance.fixed[allowed],
        time_limit_s=None if time_limit_s is None else time_limit_s - spent,
        gap=gap,
    )
    return cheapest_answer(
        _MODEL, given, allowed[sites], bound, begun, covers_at_least=share * total
    )


def _share_faults(share: Any) -> list[Fault]:
    real = isinstance(share, int | float | np.number) and not isinstance(share, bool)
    if real and 0 < share <= 1:
        return []
    help_ = "Give a number above 0 and at most 1, 0.9 for 90 %."
    return [Fault("share", f"is {share!r}.", help_)]
