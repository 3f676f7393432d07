"""Input of the floating-catchment methods and of Huff's model, checked: every fault found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault
from resalloc.location.access.catchments import BLOCK, Huff
from resalloc.location.amounts import amounts, thresholds
from resalloc.location.costs import AnyCosts, CostLike, Floats, as_costs
from resalloc.location.instance import checked

if TYPE_CHECKING:
    from resalloc.location.access.decay import Decay


def dimensions(cost: CostLike) -> tuple[int, int]:
    """Give demand points and sites, so that the faults of other input can be found as well.

    Raises
    ------
    InputError
        It is not a table.
    """
    try:
        n, m = as_costs(cost).shape
    except (TypeError, ValueError, IndexError):
        checked(cost)
        raise
    if n == 0 or m == 0:
        checked(cost)
    return n, m


def edges(
    radius: Any, n: int, m: int, classes: Any, decay: Decay, where: str = "radius"
) -> tuple[Floats, list[Fault]]:
    """Give the radius of each pair, demand or 1 × sites or 1, with the faults found.

    Parameters
    ----------
    radius
        What :func:`resalloc.location.instance.thresholds` takes; or a table, demand × sites
        or 1 × sites; or None, which takes the edge the decay has by itself.
    n, m
        Demand points and sites.
    classes
        The class of each demand point, needed where `radius` is by class.
    decay
        Asked for its edge.
    where
        What to call it in messages.
    """
    if radius is None:
        if decay.edge is None:
            what = f"is not given, and {type(decay).__name__} has no edge of its own."
            return np.zeros((1, 1)), [Fault(where, what, "Give the cost that is still in reach.")]
        return np.full((1, 1), decay.edge), []
    if isinstance(radius, Mapping) or np.ndim(radius) < 2:
        by_demand, faults = thresholds(radius, n, classes, where=where)
        return by_demand[:, None], faults
    table = np.asarray(radius)
    if table.dtype.kind not in "iuf" or table.shape not in {(n, m), (1, m), (n, 1)}:
        what = f"has shape {table.shape}, and there are {n} demand points and {m} sites."
        return np.zeros((1, 1)), [Fault(where, what, f"Give numbers, {n} or 1 × {m}.")]
    flat, faults = amounts(where, table.ravel(), table.size, lambda k: f"entry {k}")
    return flat.reshape(table.shape), faults


def amounts_by_scenario(
    where: str, values: Any, size: int, name: Any
) -> tuple[Floats, list[Fault]]:
    """Give amounts as scenarios × places, one row where there are no scenarios, and the faults.

    Parameters
    ----------
    where
        What they are, for the messages.
    values
        One number for all, one each, or scenarios × places.
    size
        How many places there are.
    name
        Gives the name of the place at a position.
    """
    if values is None or np.ndim(values) < 2:
        given, faults = amounts(where, values, size, name)
        return given[None, :], faults
    shape = np.shape(values)
    if len(shape) != 2 or shape[0] == 0 or shape[1] != size:
        what = f"has shape {shape}, and there are {size} places."
        return np.zeros((1, size)), [Fault(where, what, f"Give scenarios × {size}.")]
    flat, faults = amounts(
        where,
        np.asarray(values).ravel(),
        shape[0] * size,
        lambda k: f"{name(k % size)} in scenario {k // size}",
    )
    return flat.reshape(shape), faults


def huff_choice(
    attractiveness: Any,
    exponent: float,
    smallest: float | None,
    cost: AnyCosts,
    where: str = "attractiveness",
) -> tuple[Huff, list[Fault]]:
    """Give how people share themselves out, with the faults found.

    Parameters
    ----------
    attractiveness
        By site, one number for all or one each.
    exponent
        Above 0.
    smallest
        Above 0; None where no cost is 0.
    cost
        Demand × sites.
    where
        What to call the attractiveness in messages.
    """
    given, faults = amounts(where, attractiveness, cost.shape[1], cost.site_name)
    for what, value in (("exponent", exponent), ("smallest", smallest)):
        if value is not None and not (np.isfinite(value) and value > 0):
            faults.append(Fault(what, f"is {value:g}.", "Give a finite number above 0."))
    if smallest is None and any((block == 0).any() for block in _blocks(cost)):
        what = "is not given, and a cost is 0: the pull of a site next door would be infinite."
        faults.append(Fault("smallest", what, "Give the cost below which all costs count as it."))
    return Huff(given, float(exponent), float(smallest or 0.0)), faults


def _blocks(costs: AnyCosts) -> Iterator[Floats]:
    n, m = costs.shape
    step = max(1, BLOCK // m)
    return (costs.rows(low, low + step) for low in range(0, n, step))


def checked_amounts(
    cost: CostLike, supply: Any, population: Any, faults: Sequence[Fault]
) -> tuple[AnyCosts, Floats, Floats]:
    """Give costs, supply and population (by scenario), or raise every fault at once."""
    costs = as_costs(cost)
    n, m = costs.shape
    supplies, found_supply = amounts_by_scenario("supply", supply, m, costs.site_name)
    people, found_people = amounts_by_scenario("population", population, n, costs.demand_name)
    found = [*faults, *found_supply, *found_people]
    if len({len(supplies), len(people)} - {1}) > 1:
        what = f"has {len(people)} scenarios, and supply has {len(supplies)}."
        found.append(Fault("population", what, "Give equally many, or one for all."))
    return checked(cost, others=found).costs, supplies, people
