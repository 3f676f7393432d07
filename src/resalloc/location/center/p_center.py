"""The p-centre: p sites so that the worst-off is as near as can be, then the next worst-off."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault
from resalloc.location.center.lexicographic import Stages
from resalloc.location.center.points import Points
from resalloc.location.center.radius import least_radius
from resalloc.location.confirm import confirmed, nearest
from resalloc.location.instance import Instance, checked
from resalloc.location.limits import limit_faults
from resalloc.location.siting import Siting, none_found, unreachable
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike, Floats, Ints

MODEL = "p_center"


def p_center(
    cost: CostLike,
    p: int,
    *,
    weights: Any = None,
    fixed: Any = (),
    forbidden: Any = (),
    lexicographic: int = 1,
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the p sites with which the worst-off demand point is as near as can be.

    Everybody goes to the nearest open site; what counts is the largest cost anybody pays there
    (“no village farther than …”). Existing sites that stay are `fixed` and count within `p`:
    the conditional p-centre.

    Parameters
    ----------
    cost
        Demand × sites, ``cost[i, j]`` from demand `i` to site `j`; infinite where the site
        cannot be reached. See :func:`resalloc.location.costs.as_costs`. For
        :class:`~resalloc.location.costs.PlanarCosts` the table is never made as a whole.
    p
        Sites to open in all.
    weights
        By demand point; 1 each if not given. They multiply the cost, so that a point of
        weight 2 counts as twice as far: urgency, not a number of people to add up. Points of
        weight 0 count for nothing, reached or not.
    fixed, forbidden
        Sites by position or name, or a mask: open whatever happens; never open.
    lexicographic
        How many of the worst-off are looked after in turn. With 1, any sites that are best
        for the worst-off will do; with *k*, among those the second worst-off is as near as
        can be, among what remains the third, and so on to the *k*-th. Each stage is proven;
        the message lists what they came to.
    time_limit_s
        Seconds after which the best answer so far is given, with its bound; None for none.
    gap
        Relative gap at which the search may end. The later stages ask for an exact first one
        and are left out where that was not reached.

    Returns
    -------
    Siting
        `objective` is the largest weighted cost. The same input gives the same answer every
        time, but for answers cut off by the limit. FEASIBLE, with words, also where the
        worst-off is proven but a later stage is not. INFEASIBLE where no p sites reach
        everybody, with names where single points are why.

    Raises
    ------
    InputError
        Costs, weights, sites or numbers cannot be used; all faults at once.

    Notes
    -----
    .. math::

        \min_{|S| = p,\; F \subseteq S} \; \max_i \; w_i \min_{j \in S} c_{ij}

    ======= ================================================
    *w_i*   weight of demand point *i*
    *c_ij*  cost from demand point *i* to site *j*
    *S*     open sites
    *F*     fixed sites
    ======= ================================================

    Hakimi (1964); conditional: Minieka (1980). The radius is always one of the (weighted)
    costs, so each step asks whether *p* sites reach everybody within a radius (Minieka 1970).
    Answers come from a search with weights on demand that is hard to reach (Gao, Weise and Li
    2015); the proof that there is no better one looks at few demand points and adds those that
    are left out (Chen and Chen 2009; Contardo, Iori and Kramer 2019), with a priced search tree
    and, where that grows too large, a model for HiGHS. Later stages, for *r_1 ≥ r_2 ≥ …*
    found so far:

    .. math::

        \min r_k \quad \text{with at most } l - 1 \text{ points beyond } r_l,
        \quad l = 1, \dots, k

    Lexicographic centre: Ogryczak (1997), European Journal of Operational Research 100,
    154-162.

    Examples
    --------
    Villages at km 0, 4, 10 and 12 of a road, each of which could have the clinic. From the
    third the farthest is 10 km away, from the second 8:

    >>> import numpy as np
    >>> at_km = np.array([0, 4, 10, 12])
    >>> answer = p_center(abs(at_km[:, None] - at_km), 1)
    >>> answer.open.tolist(), answer.objective, answer.status.value
    ([1], 8.0, 'optimal')

    With two clinics nobody needs more than 4 km, in four ways; with the next two worst-off
    in view, they have 2 km and nothing:

    >>> two = p_center(abs(at_km[:, None] - at_km), 2, lexicographic=3)
    >>> np.sort(two.served_cost).tolist()
    [0.0, 0.0, 2.0, 4.0]
    >>> two.message
    'The 3 worst-off pay 4, 2, 0, each the least there is given those before.'
    """
    begun = time.perf_counter()
    instance = checked(
        cost,
        weights=weights,
        p=p,
        fixed=fixed,
        forbidden=forbidden,
        others=_faults(p, lexicographic, time_limit_s, gap),
    )
    points = Points(instance)
    alone = points.unreachable()
    if len(alone):
        return unreachable(MODEL, instance.costs, alone, time.perf_counter() - begun)
    deadline = np.inf if time_limit_s is None else begun + time_limit_s
    found = least_radius(points, p - int(instance.fixed.sum()), deadline, gap)
    if found.upper == np.inf:
        proven = found.lower == np.inf
        status = Status.INFEASIBLE if proven else Status.UNKNOWN
        many = "1 site" if p == 1 else f"{p} sites"
        words = f"{many} cannot reach everybody, though each demand point can be reached."
        if not proven:
            words = "no sites that reach everybody were found within the limit."
        seconds = time.perf_counter() - begun
        bound = np.nan if proven else found.lower
        return none_found(MODEL, instance.costs, status, words, seconds, bound=bound)
    chosen, message, complete = found.chosen, "", True
    if lexicographic > 1:
        if found.lower == found.upper:
            stages = Stages(points, chosen, lexicographic, deadline)
            stages.run()
            chosen, complete = stages.chosen, stages.proven == stages.depth
            message = _stage_words(instance, points.paid(chosen), stages)
        else:
            complete = False
            message = "The worst-off is not proven, so nothing was done for those after."
    siting = _siting(instance, points, chosen, found.lower, message, begun)
    siting = confirmed(siting, instance, lambda: _largest(instance, siting), sites=p)
    if siting.status is Status.OPTIMAL and not complete:
        return replace(siting, status=Status.FEASIBLE)
    return siting


def _siting(
    instance: Instance, points: Points, chosen: Ints, bound: float, message: str, begun: float
) -> Siting:
    open_ = np.sort(np.concatenate([np.flatnonzero(instance.fixed), points.free[chosen]]))
    site, paid = nearest(instance.costs, open_)
    return Siting(
        model=MODEL,
        status=Status.FEASIBLE,
        objective=float(points.paid(chosen).max()),
        bound=bound,
        open=open_,
        assignment=site,
        covered=site >= 0,
        served_cost=np.where(site >= 0, paid, np.nan),
        seconds=time.perf_counter() - begun,
        costs=instance.costs,
        message=message,
    )


def _largest(instance: Instance, siting: Siting) -> float:
    """Give the objective again, from the input and the open sites alone."""
    counts = instance.weights > 0
    paid = nearest(instance.costs, siting.open)[1][counts]
    return float((instance.weights[counts] * paid).max())


def _stage_words(instance: Instance, paid: Floats, stages: Stages) -> str:
    worst = ", ".join(f"{value:.6g}" for value in -np.sort(-paid)[: stages.depth])
    unit = f" {instance.costs.unit}" if instance.costs.unit else ""
    said = f"The {stages.depth} worst-off pay {worst}{unit}, "
    if stages.proven == stages.depth:
        return said + "each the least there is given those before."
    return said + f"of which the first {stages.proven} are proven least given those before."


def _faults(p: Any, lexicographic: Any, time_limit_s: float | None, gap: float) -> list[Fault]:
    faults = []
    if p is None:
        faults.append(Fault("p", "is not given.", "Give how many sites to open."))
    whole = isinstance(lexicographic, int | np.integer) and not isinstance(lexicographic, bool)
    if not whole or lexicographic < 1:
        remedy = "Give how many of the worst-off to look after, 1 or more."
        faults.append(Fault("lexicographic", f"is {lexicographic!r}.", remedy))
    return [*faults, *limit_faults(time_limit_s, gap)]
