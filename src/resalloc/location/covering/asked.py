"""What the covering models share: their input, checked, and who is in reach of what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault, InputError
from resalloc.location.amounts import amounts, thresholds
from resalloc.location.confirm import nearest
from resalloc.location.costs import CHUNK, as_costs
from resalloc.location.instance import Instance, checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import AnyCosts, CostLike, Floats, Ints


@dataclass(frozen=True)
class Covering:
    """Checked input of a covering model.

    Parameters
    ----------
    instance
        Costs, weights, fixed and forbidden sites, p.
    radius
        By demand point: a site whose cost is at most that covers it.
    site_cost
        By site; 1 each where none were given.
    need
        By demand point: how many sites have to cover it.
    budget
        What the open sites may cost together; None where there is no budget.
    outer
        By demand point: where its worth has fallen to nothing; None where it falls at once.
    capacity
        By site: the weight it can serve; None where there is no limit.
    """

    instance: Instance
    radius: Floats
    site_cost: Floats
    need: Ints
    budget: float | None = None
    outer: Floats | None = None
    capacity: Floats | None = None

    @property
    def limit(self) -> tuple[Floats, float]:
        """What opening each site uses up, and of how much: of p, or of the budget."""
        if self.instance.p is not None:
            return np.ones(self.instance.shape[1]), float(self.instance.p)
        return self.site_cost, np.inf if self.budget is None else self.budget


def covering_input(
    cost: CostLike,
    radius: Any,
    *,
    classes: Any = None,
    weights: Any = None,
    site_cost: Any = None,
    at_least: Any = 1,
    budget: Any = None,
    outer: Any = None,
    capacity: Any = None,
    p: int | None = None,
    fixed: Any = (),
    forbidden: Any = (),
    others: Sequence[Fault] = (),
) -> Covering:
    """Give a covering model's input in checked form, or every fault in it at once.

    Parameters
    ----------
    cost, weights, p, fixed, forbidden, others
        See :func:`resalloc.location.instance.checked`.
    radius, classes, outer
        See :func:`resalloc.location.instance.thresholds`.
    site_cost, capacity
        By site, finite and not negative; without costs, 1 each.
    at_least
        How many sites have to cover each demand point: one whole number, or one each.
    budget
        One amount.

    Raises
    ------
    InputError
        Anything that would give a wrong answer or none.
    """
    try:
        costs = as_costs(cost)
        n, m = costs.shape
    except (TypeError, ValueError, IndexError):
        checked(cost, others=others)
        raise
    limits, faults = thresholds(radius, n, classes, name=costs.demand_name)
    prices, found = amounts("site_cost", site_cost, m, costs.site_name, default=1.0)
    need, found_need = _whole("at_least", at_least, n, costs)
    money, found_money = amounts("budget", budget, 1, lambda _: "in all", default=0.0)
    room, found_room = amounts("capacity", capacity, m, costs.site_name, default=0.0)
    faults += [*found, *found_need, *found_money, *found_room]
    edge = None
    if outer is not None:
        edge, found_edge = thresholds(outer, n, classes, where="gradual", name=costs.demand_name)
        faults += found_edge or _inside(limits, edge, costs)
    instance = checked(
        costs,
        weights=weights,
        p=p,
        fixed=fixed,
        forbidden=forbidden,
        others=(*others, *faults),
    )
    given = Covering(
        instance,
        limits,
        prices,
        need,
        None if budget is None else float(money[0]),
        edge,
        None if capacity is None else room,
    )
    _affordable(given)
    return given


def _whole(where: str, values: Any, n: int, costs: AnyCosts) -> tuple[Ints, list[Fault]]:
    given, faults = amounts(where, values, n, costs.demand_name)
    faults += [
        Fault(where, f"is {value:g}, not a whole number.", "Give how many sites.")
        for value in np.unique(given[given != np.rint(given)])[:1]
    ]
    return given.astype(np.int64), faults


def _inside(radius: Floats, outer: Floats, costs: AnyCosts) -> list[Fault]:
    return [
        Fault(
            f"gradual, {costs.demand_name(int(i))}",
            f"is {outer[i]:g}, less than the radius {radius[i]:g}.",
            "Give a radius at least as large as the one within which a point counts in full.",
        )
        for i in np.flatnonzero(outer < radius)[:5]
    ]


def _affordable(given: Covering) -> None:
    spent = float(given.site_cost[given.instance.fixed].sum())
    if given.budget is not None and over(spent, given.budget):
        what = f"is {given.budget:g}, and the fixed sites cost {spent:g} already."
        raise InputError([Fault("budget", what, "Give more, or fix fewer sites.")])


def over(spent: float, budget: float) -> bool:
    """Say whether a budget is exceeded by more than rounding."""
    return spent > budget + 1e-9 * max(1.0, budget)


def served_within(given: Covering, sites: Ints) -> tuple[Ints, Floats]:
    """Give each demand point's nearest site within its radius and what it costs to go there.

    Where none is within the radius the site is −1 and the cost NaN.
    """
    site, cost = nearest(given.instance.costs, sites)
    away = ~(cost <= given.radius)
    site[away] = -1
    cost[away] = np.nan
    return site, cost


def times_covered(given: Covering, sites: Ints) -> Ints:
    """Give how many of some sites each demand point has within its radius."""
    n = given.instance.shape[0]
    times = np.zeros(n, dtype=np.int64)
    among = given.instance.costs.only(sites)
    for low in range(0, n, CHUNK):
        part = among.rows(low, low + CHUNK) <= given.radius[low : low + CHUNK, None]
        times[low : low + CHUNK] = np.count_nonzero(part, axis=1)
    return times
