"""Maximal covering: the sites that put the most people within reach."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from resalloc.errors import Fault
from resalloc.location.costs import CHUNK
from resalloc.location.covering.answer import most_answer
from resalloc.location.covering.asked import covering_input
from resalloc.location.covering.most import most_covered
from resalloc.location.covering.signatures import signatures
from resalloc.location.limits import limit_faults

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike
    from resalloc.location.covering.asked import Covering
    from resalloc.location.siting import Siting

_MODEL = "max_cover"


def max_cover(
    cost: CostLike,
    radius: Any,
    p: int | None = None,
    *,
    weights: Any = None,
    site_cost: Any = None,
    budget: float | None = None,
    classes: Any = None,
    gradual: Any = None,
    capacity: Any = None,
    split: bool = False,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the p sites, or the sites a budget pays, that put the most people within reach.

    The answer's `assignment` is each point's nearest open site within its radius, −1 where
    there is none. Where fewer than p sites cover all that can be covered, the first of the
    others fill up the number.

    Parameters
    ----------
    cost
        Demand × sites: distance, minutes; anything
        :func:`resalloc.location.costs.as_costs` takes. As
        :class:`~resalloc.location.costs.PlanarCosts` ten million points need no table.
    radius
        A site covers a demand point where the cost is at most this: one number, one a demand
        point, or by class, ``{"urban": 3.5, "rural": 10}``.
    p
        Sites to open, the fixed ones included; or give `budget`.
    weights
        By demand point: people; 1 each if not given.
    site_cost, budget
        What each site costs (1 each if not given), and what all may cost together, the fixed
        ones included. With `p` costs play no part.
    classes
        The class of each demand point, where `radius` is by class.
    gradual
        An outer radius: a point's worth falls in a straight line from 1 at `radius` to 0 here;
        given in any way `radius` can be. Only with `p`.
    capacity
        By site: how much weight it can serve. Each point is served whole by one site, or with
        `split` by several. `assignment` then says who serves whom, and `covered` who is
        served in full.
    fixed, forbidden
        Sites, by position or name or as a mask: open in any case; never open.
    time_limit_s
        Seconds it may take; reached, the answer is FEASIBLE with its gap.
    gap
        Relative gap at which it may stop.

    Returns
    -------
    Siting
        `objective` is the weight covered.

    Raises
    ------
    InputError
        The input cannot be used; every fault is listed.
    SolverError
        The solver does not accept the model.

    Notes
    -----
    .. math:: \max \sum_i w_i z_i \quad\text{with}\quad
        z_i \le \sum_{j:\, d_{ij} \le r_i} y_j, \quad \sum_j c_j y_j \le B,
        \quad y_j, z_i \in \{0, 1\}

    =====  ==========================================================
    where  is
    =====  ==========================================================
    y_j    1 if site j is open
    z_i    1 if demand point i is covered
    w_i    its weight
    d_ij   cost of serving demand point i from site j
    r_i    radius of demand point i
    c_j    cost of site j (`site_cost`); 1 each with `p`
    B      `budget`, or `p`
    =====  ==========================================================

    The maximal covering location problem (Church and ReVelle 1974). Points that the same sites
    reach are merged, which is exact; see also Cordeau, Furini and Ljubić (2019). Gradual:
    Church and Roberts (1983), Berman, Krass and Drezner (2003). With capacity: Current and
    Storbeck (1988).

    Examples
    --------
    Four villages along a road, sites in the same places; two sites, 5 km.

    >>> km = [[0, 10, 20, 30], [10, 0, 10, 20], [20, 10, 0, 10], [30, 20, 10, 0]]
    >>> answer = max_cover(km, 5, p=2, weights=[400, 900, 100, 700])
    >>> answer.status.value, answer.objective, answer.open.tolist()
    ('optimal', 1600.0, [1, 3])
    >>> answer.assignment.tolist()
    [-1, 1, -1, 3]
    """
    begun = time.perf_counter()
    given = covering_input(
        cost,
        radius,
        classes=classes,
        weights=weights,
        site_cost=site_cost,
        budget=budget,
        outer=gradual,
        capacity=capacity,
        p=p,
        fixed=fixed,
        forbidden=forbidden,
        others=[
            *_contradictions(p, budget, gradual, capacity),
            *limit_faults(time_limit_s, gap),
        ],
    )
    if gradual is not None:
        from resalloc.location.covering.gradual import gradual_cover

        return gradual_cover(given, time_limit_s, gap, begun)
    if capacity is not None:
        from resalloc.location.covering.capacitated import capacitated_cover

        return capacitated_cover(given, split, time_limit_s, gap, begun)
    instance, allowed = given.instance, given.instance.allowed
    merged = signatures(instance.costs, given.radius, instance.weights, allowed)
    price, limit = given.limit
    spent = time.perf_counter() - begun
    found = most_covered(
        merged.reach,
        merged.weight,
        price[allowed],
        limit,
        fixed=instance.fixed[allowed],
        time_limit_s=None if time_limit_s is None else time_limit_s - spent,
        gap=gap,
    )
    answer = most_answer(_MODEL, given, allowed[found.open], found.value, found.bound, begun)
    return replace(answer, message=_nobody_near(given)) if answer.objective == 0 else answer


def _nobody_near(given: Covering) -> str:
    """Say why an answer covers nobody: most often the radius is in another unit."""
    costs, n = given.instance.costs, given.instance.shape[0]
    near = min(float(costs.rows(low, low + CHUNK).min()) for low in range(0, n, CHUNK))
    unit = f" {costs.unit}" if costs.unit else ""
    return (
        f"No site is within the radius of anybody: the smallest cost is {near:.6g}{unit}, the "
        f"largest radius {given.radius.max():.6g}. Are both in the same unit?"
    )


def _contradictions(p: Any, budget: Any, gradual: Any, capacity: Any) -> list[Fault]:
    faults = []
    if p is None and budget is None:
        faults.append(Fault("p", "is not given, and neither is a budget.", "Give one of them."))
    if p is not None and budget is not None:
        faults.append(Fault("p", "is given, and a budget as well.", "Give only one of them."))
    if gradual is not None and p is None:
        faults.append(Fault("gradual", "is given with a budget.", "Give p instead."))
    if gradual is not None and capacity is not None:
        faults.append(Fault("gradual", "is given with a capacity.", "Give only one of them."))
    return faults
