"""The answer of a covering model, with the status it deserves once it is recomputed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.confirm import confirmed
from resalloc.location.covering.asked import over, served_within, times_covered
from resalloc.location.siting import Siting
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints
    from resalloc.location.covering.asked import Covering


def cheapest_answer(
    model: str,
    given: Covering,
    sites: Ints,
    bound: float,
    begun: float,
    *,
    covers_at_least: float | None = None,
    message: str = "",
) -> Siting:
    """Give the answer of a model that asks for the cheapest sites.

    Parameters
    ----------
    model, given
        Its name and its input.
    sites
        Positions of the open sites.
    bound
        No other sites that will do cost less.
    begun
        When it began, by :func:`time.perf_counter`.
    covers_at_least
        Weight that must be covered; None where every demand point must be, as often as it
        needs.
    message
        What else is to be said.
    """
    price = float(given.site_cost[sites].sum())
    siting = _siting(model, given, sites, price, bound, begun, message)

    def rules() -> list[str]:
        if covers_at_least is not None:
            covered = float(given.instance.weights[siting.covered].sum())
            enough = covered >= covers_at_least * (1 - 1e-9)
            return [] if enough else [f"only {covered:.9g} is covered, not {covers_at_least:.9g}"]
        missed = int(np.count_nonzero(times_covered(given, siting.open) < given.need))
        return [f"{missed} demand points have too few sites within reach"] if missed else []

    return confirmed(
        siting,
        given.instance,
        lambda: float(np.add.reduce(given.site_cost[siting.open])),
        rules=rules,
    )


def most_answer(
    model: str, given: Covering, sites: Ints, value: float, bound: float, begun: float
) -> Siting:
    """Give the answer of a model that asks for the most covered weight.

    Parameters
    ----------
    model, given, sites, begun
        See :func:`cheapest_answer`.
    value
        Weight the model says they cover.
    bound
        No other sites that will do cover more.
    """
    siting = _siting(model, given, filled_up(given, sites), value, bound, begun, "")
    weights = given.instance.weights
    return confirmed(
        siting,
        given.instance,
        lambda: float(weights[siting.covered].sum()),
        better="most",
        sites=given.instance.p,
        rules=lambda: over_limit(given, siting.open),
    )


def filled_up(given: Covering, sites: Ints) -> Ints:
    """Give the sites with the first of the others added until there are p."""
    if given.instance.p is None:
        return np.sort(sites)
    others = given.instance.allowed[~np.isin(given.instance.allowed, sites)]
    return np.sort(np.concatenate([sites, others[: given.instance.p - len(sites)]]))


def over_limit(given: Covering, sites: Ints) -> list[str]:
    """Give the fault that the open sites cost more than the budget, if they do."""
    if given.budget is None:
        return []
    spent = float(given.site_cost[sites].sum())
    return [f"the sites cost {spent:g} of {given.budget:g}"] if over(spent, given.budget) else []


def _siting(
    model: str,
    given: Covering,
    sites: Ints,
    objective: float,
    bound: float,
    begun: float,
    message: str,
) -> Siting:
    assignment, paid = served_within(given, sites)
    return answer(model, given, sites, assignment, paid, objective, bound, begun, message)


def answer(
    model: str,
    given: Covering,
    sites: Ints,
    assignment: Ints,
    paid: Floats,
    objective: float,
    bound: float,
    begun: float,
    message: str = "",
) -> Siting:
    """Give the answer with some sites open, not yet confirmed."""
    return Siting(
        model=model,
        status=Status.FEASIBLE,
        objective=objective,
        bound=bound,
        open=np.sort(sites),
        assignment=assignment,
        covered=assignment >= 0,
        served_cost=paid,
        seconds=time.perf_counter() - begun,
        costs=given.instance.costs,
        message=message,
    )
