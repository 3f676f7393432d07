"""From a capacitated problem to a confirmed answer: methods run, nothing believed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.location.capacity.problem import shortage, unservable
from resalloc.location.capacity.split import solve_split
from resalloc.location.capacity.tree import Found, Tree
from resalloc.location.confirm import confirmed, nearest
from resalloc.location.siting import Siting, none_found, unreachable
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.capacity.problem import CapacityProblem
    from resalloc.location.costs import Floats

TOLERANCE = 1e-6
"""Relative excess over a capacity that is the solver's arithmetic."""


def answered(
    model: str,
    problem: CapacityProblem,
    capacity: Floats,
    time_limit_s: float | None,
    gap: float,
    begun: float,
) -> Siting:
    """Give the answer to a capacitated problem, confirmed from the input.

    Parameters
    ----------
    model
        Its name.
    problem
        What to solve.
    capacity
        By site, as given: infinite where there is no limit.
    time_limit_s, gap, begun
        Seconds it may take; relative gap at which it may stop; when it began.
    """
    costs = problem.instance.costs
    alone = unservable(problem)
    if len(alone):
        return unreachable(model, costs, alone, time.perf_counter() - begun)
    short = shortage(problem)
    if short:
        return none_found(model, costs, Status.INFEASIBLE, short, time.perf_counter() - begun)
    deadline = np.inf if time_limit_s is None else begun + time_limit_s
    if problem.whole:
        found = Tree(problem, deadline, gap).solve()
        part = found.served[:, None] == found.sites[None, :]
    else:
        found, part = solve_split(problem, deadline, gap)
    if not np.isfinite(found.objective):
        return _without(model, problem, found, begun)
    siting = _siting(model, problem, found, np.asarray(part, dtype=float), begun)
    return confirmed(
        siting,
        problem.instance,
        lambda: _objective(siting, problem),
        sites=problem.most if problem.fewest == problem.most else None,
        rules=lambda: _broken(siting, problem, capacity),
    )


def _without(model: str, problem: CapacityProblem, found: Found, begun: float) -> Siting:
    costs, seconds = problem.instance.costs, time.perf_counter() - begun
    if found.finished:
        count = f"{problem.most} sites" if problem.fewest == problem.most else "the sites"
        split = "" if not problem.whole else ", each demand point whole"
        said = f"no way of serving all demand from {count} keeps every capacity{split}."
        return none_found(model, costs, Status.INFEASIBLE, said, seconds)
    said = "no answer was found within the time limit, and none was ruled out."
    bound = found.bound if np.isfinite(found.bound) else float("nan")
    return none_found(model, costs, Status.UNKNOWN, said, seconds, bound=bound)


def _siting(
    model: str, problem: CapacityProblem, found: Found, part: Floats, begun: float
) -> Siting:
    """Give the answer by demand point of the input; who needs nothing goes to the nearest."""
    costs, people = problem.instance.costs, problem.people
    n, m = costs.shape
    assignment, served_cost = nearest(costs, found.sites)
    table = np.zeros((n, len(found.sites)))
    at = np.searchsorted(found.sites, np.maximum(assignment, 0))
    rest = np.setdiff1d(np.flatnonzero(assignment >= 0), people)
    table[rest, at[rest]] = 1.0
    table[people] = part
    assignment[people] = found.sites[part.argmax(axis=1)]
    paid = costs.only(found.sites).dense()[people]
    served_cost[people] = (part * np.where(part > 0, paid, 0.0)).sum(axis=1)
    served_cost[assignment < 0] = np.nan
    who, where = np.nonzero(table)
    split = sparse.csr_array((table[who, where], (who, found.sites[where])), shape=(n, m))
    return Siting(
        model=model,
        status=Status.FEASIBLE,
        objective=found.objective,
        bound=min(found.bound, found.objective),
        open=found.sites,
        assignment=assignment,
        covered=assignment >= 0,
        served_cost=served_cost,
        seconds=time.perf_counter() - begun,
        costs=costs,
        split=None if problem.whole else split,
    )


def _parts(siting: Siting) -> sparse.coo_array:
    """Give who is served from where, as the answer states it."""
    if siting.split is not None:
        return siting.split.tocoo()
    who = np.flatnonzero(siting.assignment >= 0)
    pairs = (np.ones(len(who)), (who, siting.assignment[who]))
    return sparse.coo_array(pairs, shape=siting.costs.shape)


def _objective(siting: Siting, problem: CapacityProblem) -> float:
    """Add up the objective from the input's own costs, weights and fixed costs."""
    parts = _parts(siting)
    who, where = parts.coords
    table = siting.costs.dense()
    weights = problem.instance.weights[who]
    asked = weights > 0
    paid = weights[asked] * table[who, where][asked] * parts.data[asked]
    return float(paid.sum() + problem.opening[siting.open].sum())


def _broken(siting: Siting, problem: CapacityProblem, capacity: Floats) -> list[str]:
    """Give what an answer breaks: everybody served, within reach, from open sites that hold it."""
    parts = _parts(siting)
    who, where = parts.coords
    n, m = siting.costs.shape
    served = np.bincount(who, parts.data, n)[problem.people]
    takes = np.zeros(n)
    takes[problem.people] = problem.demand
    load = np.bincount(where, parts.data * takes[who], m)
    is_open = np.isin(where, siting.open)
    faults = []
    if (parts.data < 0).any() or (np.abs(served - 1) > TOLERANCE).any():
        faults.append("a demand point is not served once")
    if not is_open.all():
        faults.append("a closed site serves demand")
    if not np.isfinite(siting.costs.dense()[who, where]).all():
        faults.append("a demand point is served from a site it cannot reach")
    full = np.flatnonzero(load > capacity * (1 + TOLERANCE))
    faults += [
        f"{siting.costs.site_name(int(j))} serves {load[j]:.9g} of a capacity of {capacity[j]:.9g}"
        for j in full
    ]
    return faults
