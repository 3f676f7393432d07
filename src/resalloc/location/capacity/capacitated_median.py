"""The capacitated p-median: p sites that can hold everybody, with the least total travel."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from resalloc.location.capacity.answer import answered
from resalloc.location.capacity.problem import capacities, posed
from resalloc.location.limits import limit_faults

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike
    from resalloc.location.siting import Siting


def capacitated_median(
    cost: CostLike,
    p: int,
    capacity: Any,
    *,
    demand: Any = None,
    weights: Any = None,
    single_source: bool = True,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the p sites, none overfull, from which everybody is served with the least travel.

    Unlike in the p-median, a full site turns people away, so not everybody goes to the nearest.

    Parameters
    ----------
    cost
        Demand × sites, ``cost[i, j]`` from demand `i` to site `j`; infinite where the site
        cannot be reached. See :func:`resalloc.location.costs.as_costs`.
    p
        Sites to open in all, fixed ones included.
    capacity
        By site, or one number for all, in the unit of `demand`; infinite for no limit.
    demand
        By demand point: what it takes up of a capacity (visits, beds). If not given, the
        weights: a capacity is then a number of people.
    weights
        By demand point: what its cost is multiplied with in the objective (people); 1 each if
        not given. With `demand` and without `weights`, each point counts once whatever its
        demand, as in the published test problems.
    single_source
        Each demand point is served whole, from one site. Otherwise it may be split.
    fixed, forbidden
        Sites by position or name, or a mask: open whatever happens; never open.
    time_limit_s
        Seconds after which the best answer so far is given, with its bound; None for none.
    gap
        Relative gap at which the search may end: 0.01 for "within one per cent".

    Returns
    -------
    Siting
        `objective` is the total weighted cost. Demand that no site reaches, or that the
        capacities cannot hold, is INFEASIBLE, with the names or the numbers in `message`. Where
        demand is split, `split` has the parts and `served_cost` is their mean.

    Raises
    ------
    InputError
        Costs, weights, demand, capacities, sites or p cannot be used; all faults at once.

    Notes
    -----
    .. math::
        \min \sum_i \sum_j w_i c_{ij} x_{ij}, \quad \sum_j x_{ij} = 1, \quad
        \sum_i q_i x_{ij} \le Q_j y_j, \quad \sum_j y_j = p, \quad
        x_{ij}, y_j \in \{0, 1\}

    ========== =====================================================================
    symbol     meaning
    ========== =====================================================================
    w_i        weight of demand point i
    c_ij       cost from demand point i to site j
    q_i, Q_j   demand of point i, capacity of site j
    y_j        1 if site j is open
    x_ij       1 if demand point i is served from site j; a share where it may split
    ========== =====================================================================

    A point with neither weight nor demand takes no part and goes to the nearest open site.
    Bounds by relaxing the assignment, which leaves one knapsack a site (Pirkul 1987); answers
    by local search (Lorena and Senne 2003); proof by branch and bound on the sites a demand
    point may use (Ceselli and Righini 2005). Split demand is proven by a mixed-integer program
    over the sites that the bounds leave.

    Examples
    --------
    Three villages on a road and one clinic of 250 places in each of two; the second village
    does not fit where it would rather go:

    >>> import numpy as np
    >>> road_km = np.array([[0, 4, 10], [4, 0, 6], [10, 6, 0]])
    >>> answer = capacitated_median(road_km, 2, 250, weights=[220, 50, 200])
    >>> answer.open.tolist(), answer.assignment.tolist(), answer.objective
    ([0, 2], [0, 2, 2], 300.0)
    >>> capacitated_median(road_km, 1, 250, weights=[220, 50, 200]).message
    'demand 470 exceeds the capacity 250 of the largest site.'
    """
    begun = time.perf_counter()
    problem = posed(
        cost,
        capacity,
        demand=demand,
        weights=weights,
        fixed_cost=None,
        p=p,
        median=True,
        fixed=fixed,
        forbidden=forbidden,
        whole=single_source,
        others=limit_faults(time_limit_s, gap),
    )
    costs = problem.instance.costs
    held = capacities(capacity, costs.shape[1], costs.site_name)[0]
    return answered("capacitated_median", problem, held, time_limit_s, gap, begun)
