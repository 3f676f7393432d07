"""Siting with capacities in the form the methods work on, and what makes it impossible."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault
from resalloc.location.amounts import amounts, in_order
from resalloc.location.costs import Floats, Ints, Mask, as_costs
from resalloc.location.instance import Instance, checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import CostLike

SLACK = 1e-9
"""Relative excess over a capacity that is arithmetic: 0.1 + 0.2 fits into 0.3."""

Arguments = tuple[Floats, Floats, Floats, Floats, Mask, Mask, int, int, bool]


@dataclass(frozen=True)
class CapacityProblem:
    """Serve every demand point at least cost from sites with capacities.

    Parameters
    ----------
    instance
        The checked input.
    people
        Positions of the demand points that need anything: a weight or a demand above zero.
    costs
        Sites × people: cost of serving all of a point, its weight included; infinite where
        the site cannot serve it.
    demand
        By point of `people`: what it takes of a capacity.
    capacity
        By site, finite: no more than all demand together.
    opening
        By site: cost of opening it.
    fixed, allowed
        By site: open in any case; may open.
    fewest, most
        Sites to open.
    whole
        Each point is served from one site; otherwise it may be split.
    """

    instance: Instance
    people: Ints
    costs: Floats
    demand: Floats
    capacity: Floats
    opening: Floats
    fixed: Mask
    allowed: Mask
    fewest: int
    most: int
    whole: bool

    @property
    def room(self) -> Floats:
        """Capacities with room for rounding."""
        return np.asarray(self.capacity * (1 + SLACK))

    @property
    def arguments(self) -> Arguments:
        """What the compiled loops take."""
        return (
            self.costs,
            self.demand,
            self.room,
            self.opening,
            self.fixed,
            self.allowed,
            self.fewest,
            self.most,
            self.whole,
        )

    @property
    def steps(self) -> float:
        """Two different objectives differ by at least this: 1 where all costs are whole."""
        amounts_ = np.concatenate([self.costs[np.isfinite(self.costs)], self.opening])
        whole = self.whole and bool((amounts_ == np.rint(amounts_)).all())
        return 1.0 if whole else 0.0

    def value(self, sites: Ints, served: Ints) -> float:
        """Give the objective of an assignment of `people` to sites."""
        paid = self.costs[served, np.arange(len(served))]
        return float(paid.sum() + self.opening[sites].sum())


def posed(
    cost: CostLike,
    capacity: Any,
    *,
    demand: Any,
    weights: Any,
    fixed_cost: Any,
    p: int | None,
    fixed: Any,
    forbidden: Any,
    whole: bool,
    median: bool,
    others: Sequence[Fault] = (),
) -> CapacityProblem:
    """Give the problem in the form the methods work on, or every fault in the input at once."""
    n, m, demand_name, site_name = _places(cost)
    takes, faults = amounts(
        "demand", weights if demand is None else demand, n, demand_name, default=1.0
    )
    faults = [] if demand is None else faults
    holds, more = capacities(capacity, m, site_name)
    opening, wrong = amounts(
        "fixed_cost", fixed_cost, m, site_name, default=0.0 if median else None
    )
    if median and p is None:
        faults.append(Fault("p", "is not given.", "Give how many sites to open."))
    instance = checked(
        cost,
        weights=weights,
        p=p,
        fixed=fixed,
        forbidden=forbidden,
        others=[*others, *faults, *more, *wrong] if n and m else others,
    )
    people = np.flatnonzero((instance.weights > 0) | (takes > 0))
    takes = takes[people]
    holds = np.minimum(holds, takes.sum())
    table = instance.costs.dense()[people]
    weighted = np.where(np.isfinite(table), table, 0.0) * instance.weights[people, None]
    weighted[~np.isfinite(table)] = np.inf
    weighted[:, instance.forbidden] = np.inf
    if whole:
        weighted[takes[:, None] > (holds * (1 + SLACK))[None, :]] = np.inf
    allowed = ~instance.forbidden
    most = int(allowed.sum()) if instance.p is None else instance.p
    fewest = instance.p if instance.p is not None else _fewest(holds, takes.sum(), instance)
    return CapacityProblem(
        instance=instance,
        people=people,
        costs=np.ascontiguousarray(weighted.T),
        demand=takes,
        capacity=holds,
        opening=opening.copy(),
        fixed=instance.fixed,
        allowed=allowed,
        fewest=fewest,
        most=most,
        whole=whole,
    )


def _places(cost: CostLike) -> tuple[int, int, Any, Any]:
    """Give the shape and what names places; zeros where `checked` will word what is wrong."""
    try:
        costs = as_costs(cost)
        n, m = costs.shape
    except (TypeError, ValueError, IndexError):
        return 0, 0, "demand {}".format, "site {}".format
    return n, m, costs.demand_name, costs.site_name


def capacities(capacity: Any, m: int, site_name: Any) -> tuple[Floats, list[Fault]]:
    """Give the capacity of each site; None and infinity are no limit."""
    if capacity is None:
        return np.full(m, np.inf), []
    capacity, strangers = in_order("capacity", capacity, m, site_name)
    if strangers:
        return np.full(m, np.inf), strangers
    try:
        given = np.asarray(capacity, dtype=float)
    except (TypeError, ValueError):
        return amounts("capacity", capacity, m, site_name)
    endless = np.broadcast_to(np.isposinf(given), (m,)) if given.size in (1, m) else np.zeros(m)
    held, faults = amounts("capacity", np.where(np.isposinf(given), 0.0, given), m, site_name)
    return np.where(endless, np.inf, held), faults


def _fewest(capacity: Floats, total: float, instance: Instance) -> int:
    """Give how many sites it takes at least to hold all demand, the fixed ones included."""
    kept = capacity[instance.fixed]
    others = np.sort(capacity[~instance.fixed & ~instance.forbidden])[::-1]
    held = kept.sum() + np.concatenate([[0.0], np.cumsum(others)])
    enough = np.flatnonzero(held * (1 + SLACK) >= total)
    more = int(enough[0]) if len(enough) else len(others)
    return max(1, len(kept) + more)


def unservable(problem: CapacityProblem) -> Ints:
    """Give the positions (in the input) of demand points that no allowed site can reach."""
    rows = problem.instance.costs.dense()[problem.people][:, problem.allowed]
    return np.asarray(problem.people[~np.isfinite(rows).any(axis=1)])


def shortage(problem: CapacityProblem) -> str:
    """Say why the capacities cannot hold the demand, in numbers; empty if they might.

    Three reasons are cheap to see: all demand is more than the largest sites hold together; a
    point is more than any site within reach holds (where it must be served whole); or more
    than all of them hold.
    """
    given = problem.instance
    holds, total = problem.capacity, float(problem.demand.sum())
    kept = problem.fixed
    others = np.sort(holds[problem.allowed & ~kept])[::-1][: problem.most - int(kept.sum())]
    held = float(holds[kept].sum() + others.sum())
    if total > held * (1 + SLACK):
        count = f"the {len(others)} largest sites" if len(others) != 1 else "the largest site"
        if kept.any():
            count = f"the {int(kept.sum())} fixed and {count}"
        return f"demand {total:,.10g} exceeds the capacity {held:,.10g} of {count}."
    reach = np.isfinite(given.costs.dense()[problem.people]) & problem.allowed[None, :]
    within = np.where(reach, holds[None, :], 0.0)
    limit = within.max(axis=1) if problem.whole else within.sum(axis=1)
    short = np.flatnonzero(problem.demand > limit * (1 + SLACK))
    if len(short) == 0:
        return ""
    i = int(short[0])
    name = given.costs.demand_name(int(problem.people[i]))
    sites = "the largest site" if problem.whole else "all sites"
    more = f" ({len(short) - 1} more like it)" if len(short) > 1 else ""
    serve = " and may not be split" if problem.whole else ""
    return (
        f"{name} needs {problem.demand[i]:,.10g}{serve}; {sites} within its reach hold"
        f"{'s' if problem.whole else ''} {limit[i]:,.10g}{more}."
    )
