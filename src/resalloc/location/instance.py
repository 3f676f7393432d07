"""A location problem's input, checked: every fault found before anything is solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault, InputError, did_you_mean
from resalloc.location.amounts import amounts, listed
from resalloc.location.costs import AnyCosts, CostLike, Costs, Floats, Ints, Mask, as_costs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXACT_LIMIT = 2.0**53
"""Whole numbers beyond this are no longer exact in floating point."""


@dataclass(frozen=True)
class Instance:
    """Checked input of a location model.

    Parameters
    ----------
    costs
        Costs to every site, forbidden ones too.
    weights
        By demand point: people, calls; never negative.
    fixed, forbidden
        By site: open whatever happens; never open.
    p
        Sites to open, fixed ones included; None where the model does not ask.
    """

    costs: AnyCosts
    weights: Floats
    fixed: Mask
    forbidden: Mask
    p: int | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Demand points and sites."""
        return self.costs.shape

    @property
    def allowed(self) -> Ints:
        """Positions of the sites that may open."""
        return np.flatnonzero(~self.forbidden)

    def names(self, demand: Iterable[int]) -> tuple[str, ...]:
        """Give the names of demand points."""
        return tuple(self.costs.demand_name(int(i)) for i in demand)


def checked(
    cost: CostLike,
    *,
    weights: Any = None,
    p: int | None = None,
    fixed: Any = (),
    forbidden: Any = (),
    others: Sequence[Fault] = (),
) -> Instance:
    """Give the input in checked form, or every fault in it at once.

    Parameters
    ----------
    cost
        Demand × sites, see :func:`resalloc.location.costs.as_costs`; infinite where a site
        cannot be reached, never NaN, never negative.
    weights
        By demand point, finite and not negative; 1 each if not given.
    p
        Sites to open in all, the fixed ones included.
    fixed, forbidden
        Sites by position or by name, or a mask with one truth value a site.
    others
        Faults found already, e.g. in a radius: reported together.

    Raises
    ------
    InputError
        Anything that would give a wrong answer or none.
    """
    try:
        costs = as_costs(cost)
        shape: tuple[int, ...] = costs.values.shape if isinstance(costs, Costs) else costs.shape
    except (TypeError, ValueError) as error:
        message = f"is not a table of numbers ({error})."
        raise InputError([Fault("cost", message, _TABLE), *others]) from None
    if len(shape) != 2:
        found = f"has {len(shape)} dimension{'s' if len(shape) != 1 else ''}."
        raise InputError([Fault("cost", found, _TABLE), *others])
    n, m = shape
    if n == 0 or m == 0:
        what = "no demand points" if n == 0 else "no sites"
        raise InputError([Fault("cost", f"has {what}.", "Give at least one of each."), *others])
    faults = [*others, *_cost_faults(cost, costs)]
    people, found_weights = amounts("weights", weights, n, costs.demand_name, default=1.0)
    faults += found_weights
    if not found_weights and not people.any():
        faults.append(Fault("weights", "are all zero: there is nobody to serve.", "Give weights."))
    faults += _overflow(cost, costs, people)
    keep, found_fixed = site_mask("fixed", fixed, costs)
    never, found_never = site_mask("forbidden", forbidden, costs)
    faults += [*found_fixed, *found_never]
    faults += [
        Fault(
            f"fixed, {costs.site_name(int(j))}",
            "is forbidden as well: it cannot be both open and closed.",
            "Take it out of one of the two.",
        )
        for j in np.flatnonzero(keep & never)
    ]
    if not found_fixed and not found_never:
        faults += _p_faults(p, keep, never)
    if faults:
        raise InputError(faults)
    return Instance(costs, people, keep, never, None if p is None else int(p))


_TABLE = "Give demand points as rows and sites as columns."


def _cost_faults(given: Any, costs: AnyCosts) -> list[Fault]:
    if not isinstance(costs, Costs):
        return _coordinate_faults("demand", costs.demand_xy) + _coordinate_faults(
            "sites", costs.site_xy
        )
    faults = [
        Fault("cost", f"{len(names)} {what} are named, {count} are in the table.", "Name each.")
        for what, names, count in (
            ("demand points", costs.demand, costs.shape[0]),
            ("sites", costs.sites, costs.shape[1]),
        )
        if names and len(names) != count
    ]
    if faults:
        return faults
    bad = np.isnan(costs.values) | (costs.values < 0)
    rows, columns = np.nonzero(bad) if bad.any() else (np.empty(0, int), np.empty(0, int))
    return listed(
        np.arange(len(rows)),
        lambda k: Fault(
            f"cost, {costs.demand_name(int(rows[k]))} to {costs.site_name(int(columns[k]))}",
            "is not a number (NaN)."
            if np.isnan(costs.values[rows[k], columns[k]])
            else f"is negative ({costs.values[rows[k], columns[k]]:g}).",
            "Give a cost, or infinity where the site cannot be reached.",
        ),
        "cost",
    )


def _coordinate_faults(what: str, xy: Floats) -> list[Fault]:
    if xy.ndim != 2 or xy.shape[1] != 2:
        shape = Fault(f"coordinates of {what}", f"have shape {xy.shape}.", "Give points × 2.")
        return [shape]
    bad = np.flatnonzero(~np.isfinite(xy).all(axis=1))
    return listed(
        bad,
        lambda i: Fault(f"coordinates of {what}, point {i}", "are not finite.", "Give x and y."),
        f"coordinates of {what}",
    )


def _overflow(given: Any, costs: AnyCosts, weights: Floats) -> list[Fault]:
    """Refuse sums of whole numbers that floating point can no longer hold exactly."""
    if not isinstance(costs, Costs):
        return []
    finite = costs.values[np.isfinite(costs.values)]
    most = float(finite.max(initial=0.0)) * max(float(weights.sum()), 1.0)
    if most < EXACT_LIMIT:
        return []
    largest = f"the largest cost times all weights is {most:.3g}, beyond 2^53 = {EXACT_LIMIT:.3g}"
    return [
        Fault(
            "cost",
            f"{largest}: sums would no longer be exact.",
            "Use a larger unit (km for m, thousands of people), or infinity for 'cannot be "
            "reached' instead of a huge number.",
        )
    ]


def site_mask(where: str, given: Any, costs: AnyCosts) -> tuple[Mask, list[Fault]]:
    """Give sites told by position, by name or as a mask as truth values, with the faults found."""
    m = costs.shape[1]
    mask = np.zeros(m, dtype=bool)
    if given is None:
        return mask, []
    items = list(np.atleast_1d(np.asarray(given, dtype=object)).ravel())
    if items and all(isinstance(item, bool | np.bool_) for item in items):
        if len(items) != m:
            count = f"is a mask of {len(items)} truth values for {m} sites."
            return mask, [Fault(where, count, "Give one a site, or positions or names.")]
        return np.array(items, dtype=bool), []
    words = {str(item).strip().lower() for item in items}
    if len(items) == m and words <= {"yes", "no", "是", "否"} and not words & set(costs.sites):
        what = "is a column of yes and no."
        return mask, [Fault(where, what, f'Give truth values: table["{where}"] == "yes".')]
    known = {name: j for j, name in enumerate(costs.sites)}
    faults = []
    for item in items:
        if isinstance(item, int | np.integer) and not isinstance(item, bool):
            if 0 <= item < m:
                mask[item] = True
                continue
            what, help_ = f"there is no site {item}.", f"Positions run from 0 to {m - 1}."
        elif str(item) in known:
            mask[known[str(item)]] = True
            continue
        elif known:
            what, help_ = f"there is no site '{item}'.", did_you_mean(str(item), known)
        else:
            what = f"'{item}' is not a position, and the sites have no names."
            help_ = "Give positions, or costs with names."
        faults.append(Fault(where, what, help_))
    return mask, faults


def _p_faults(p: Any, fixed: Mask, forbidden: Mask) -> list[Fault]:
    free = int((~forbidden).sum())
    if free == 0:
        return [Fault("forbidden", "every site is forbidden.", "Leave at least one.")]
    if p is None:
        return []
    if isinstance(p, bool) or not isinstance(p, int | np.integer):
        return [Fault("p", f"is {p!r}, not a whole number.", "Give how many sites to open.")]
    if p < 1:
        return [Fault("p", f"is {p}.", "At least one site must open.")]
    if p > free:
        left = f"is {p}, and only {free} of {len(forbidden)} sites may open."
        return [Fault("p", left, f"Give at most {free}.")]
    if p < int(fixed.sum()):
        many = f"is {p}, and {int(fixed.sum())} sites are fixed open already."
        return [Fault("p", many, "Count the fixed sites in p, or fix fewer.")]
    return []
