"""Facility location with fixed costs: how many sites pay for themselves, and which."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from resalloc.location.capacity.answer import answered
from resalloc.location.capacity.problem import capacities, posed
from resalloc.location.limits import limit_faults

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike
    from resalloc.location.siting import Siting


def capacitated_facility(
    cost: CostLike,
    capacity: Any = None,
    *,
    fixed_cost: Any,
    demand: Any = None,
    weights: Any = None,
    single_source: bool = False,
    p: int | None = None,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the sites for which opening and serving everybody costs least together.

    Parameters
    ----------
    cost
        Demand × sites, ``cost[i, j]`` of serving demand `i` from site `j`; infinite where the
        site cannot. It is multiplied with `weights`, so give one of

        - the cost for one unit of demand, and the demand as `weights`;
        - the cost for all of the point's demand, the demand as `demand`, and no weights. This is
          how the OR-Library's warehouse problems print it.

        See :func:`resalloc.location.costs.as_costs`.
    capacity
        By site, or one number for all, in the unit of `demand`; None or infinite for no limit.
    fixed_cost
        By site, or one number for all: cost of opening it, in the unit of cost × weight.
    demand
        By demand point: what it takes up of a capacity. If not given, the weights.
    weights
        By demand point: what its cost is multiplied with; 1 each if not given.
    single_source
        Each demand point is served whole, from one site. Otherwise it may be split.
    p
        Exactly how many sites to open; None leaves it to the costs.
    fixed, forbidden
        Sites by position or name, or a mask: open whatever happens (their fixed cost is
        counted); never open.
    time_limit_s
        Seconds after which the best answer so far is given, with its bound; None for none.
    gap
        Relative gap at which the search may end: 0.01 for "within one per cent".

    Returns
    -------
    Siting
        `objective` is the fixed costs plus the weighted costs. Demand that no site reaches, or
        that the capacities cannot hold, is INFEASIBLE, with the names or the numbers in
        `message`. Where demand is split, `split` has the parts and `served_cost` is their mean.

    Raises
    ------
    InputError
        Costs, weights, demand, capacities, sites or p cannot be used; all faults at once.

    Notes
    -----
    .. math::
        \min \sum_j f_j y_j + \sum_i \sum_j w_i c_{ij} x_{ij}, \quad \sum_j x_{ij} = 1, \quad
        x_{ij} \le y_j, \quad \sum_i q_i x_{ij} \le Q_j y_j, \quad y_j \in \{0, 1\}

    ========== =====================================================================
    symbol     meaning
    ========== =====================================================================
    f_j        fixed cost of site j
    w_i        weight of demand point i
    c_ij       cost of serving a unit of weight of demand point i from site j
    q_i, Q_j   demand of point i, capacity of site j
    y_j        1 if site j is open
    x_ij       share of demand point i served from site j; 0 or 1 if single-source
    ========== =====================================================================

    A point with neither weight nor demand takes no part and goes to the nearest open site.
    Bounds by relaxing the assignment (Geoffrion and McBride 1978; Beasley 1993) close most
    sites; what is left is proven by a mixed-integer program where demand may be split, and
    by branch and bound on the same bounds where it may not.

    Examples
    --------
    Two villages 8 km apart, at 1 yuan for a person and kilometre; a clinic costs 500 a day:

    >>> import numpy as np
    >>> road_km = np.array([[0.0, 8.0], [8.0, 0.0]])
    >>> one = capacitated_facility(road_km, fixed_cost=500, weights=[100, 60])
    >>> one.open.tolist(), one.objective
    ([0], 980.0)

    With 120 places each, one is not enough:

    >>> two = capacitated_facility(road_km, 120, fixed_cost=500, weights=[100, 60])
    >>> two.open.tolist(), two.objective
    ([0, 1], 1000.0)
    """
    begun = time.perf_counter()
    problem = posed(
        cost,
        capacity,
        demand=demand,
        weights=weights,
        fixed_cost=fixed_cost,
        p=p,
        median=False,
        fixed=fixed,
        forbidden=forbidden,
        whole=single_source,
        others=limit_faults(time_limit_s, gap),
    )
    costs = problem.instance.costs
    held = capacities(capacity, costs.shape[1], costs.site_name)[0]
    return answered("capacitated_facility", problem, held, time_limit_s, gap, begun)
