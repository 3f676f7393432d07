"""Believing an answer: objective and rules recomputed from the input with NumPy alone.

Nothing here is shared with the methods that find answers: no kernel, no reduction, no solver.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.siting import Siting, judged

if TYPE_CHECKING:
    from collections.abc import Callable

    from resalloc.location.costs import AnyCosts, Floats, Ints
    from resalloc.location.instance import Instance

_BLOCK = 1 << 14
TOLERANCE = 1e-6
"""Relative difference between the claimed and the recomputed objective that is arithmetic."""


def nearest(costs: AnyCosts, sites: Ints) -> tuple[Ints, Floats]:
    """Give each demand point's cheapest site among some, and what it costs.

    Ties go to the site that stands first. Where none can be reached the site is −1 and the
    cost infinite.

    Examples
    --------
    >>> from resalloc.location.costs import Costs
    >>> site, cost = nearest(Costs(np.array([[3.0, 3.0], [8.0, 2.0]])), np.array([0, 1]))
    >>> site.tolist(), cost.tolist()
    ([0, 1], [3.0, 2.0])
    """
    n = costs.shape[0]
    site, cost = np.full(n, -1, dtype=np.int64), np.full(n, np.inf)
    one_by_one = [(j, costs.only(np.array([j]))) for j in sites]
    for low in range(0, n, _BLOCK):
        # Site by site in blocks that stay in the cache: half the time of all sites at once.
        block = slice(low, low + _BLOCK)
        for j, alone in one_by_one:
            there = alone.rows(low, low + _BLOCK)[:, 0]
            nearer = there < cost[block]
            cost[block][nearer] = there[nearer]
            site[block][nearer] = j
    return site, cost


def confirmed(
    siting: Siting,
    instance: Instance,
    objective: Callable[[], float],
    *,
    better: str = "least",
    sites: int | None = None,
    rules: Callable[[], list[str]] | None = None,
) -> Siting:
    """Give the answer with the status it deserves, once it is recomputed from the input.

    Parameters
    ----------
    siting
        What the model found.
    instance
        The checked input.
    objective
        Computes the objective from the input and the open sites.
    better
        ``"least"`` or ``"most"``: which objectives are good, so which side the bound is on.
    sites
        How many sites must be open; None where the model decides.
    rules
        Gives what else the answer breaks, e.g. a capacity.
    """
    faults = []
    chosen = np.zeros(instance.shape[1], dtype=bool)
    chosen[siting.open] = True
    if len(siting.open) != int(chosen.sum()):
        faults.append("a site is listed twice")
    if (instance.fixed & ~chosen).any():
        faults.append("a fixed site is closed")
    if (instance.forbidden & chosen).any():
        faults.append("a forbidden site is open")
    if sites is not None and int(chosen.sum()) != sites:
        faults.append(f"{int(chosen.sum())} sites are open, not {sites}")
    served = siting.assignment >= 0
    if siting.split is None and not chosen[siting.assignment[served]].all():
        faults.append("demand is assigned to a closed site")
    faults += rules() if rules is not None else []
    value = objective()
    size = max(1.0, abs(value))
    if not abs(value - siting.objective) <= TOLERANCE * size:
        faults.append(f"the objective is {value:.9g}, not {siting.objective:.9g}")
    beyond = siting.bound - value if better == "least" else value - siting.bound
    if beyond > TOLERANCE * size:
        faults.append(f"the bound {siting.bound:.9g} excludes the answer {value:.9g}")
    return judged(siting, tuple(faults))
