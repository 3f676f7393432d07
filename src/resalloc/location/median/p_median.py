"""The p-median: p sites so that travel to the nearest, weighted by people, is least."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault
from resalloc.location.amounts import amounts
from resalloc.location.confirm import confirmed, nearest
from resalloc.location.costs import Costs
from resalloc.location.covering.cover import smallest_cover
from resalloc.location.instance import Instance, checked
from resalloc.location.limits import limit_faults
from resalloc.location.median.fewest import fewest_for_mean
from resalloc.location.median.problem import Median
from resalloc.location.median.proof import prove
from resalloc.location.siting import Siting, none_found, unreachable
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike, Floats, Ints
    from resalloc.location.median.problem import Proof

MODEL = "p_median"
_LARGEST_STEP = 2.0**40


def p_median(
    cost: CostLike,
    p: int | None = None,
    *,
    weights: Any = None,
    mean_cap: float | None = None,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the p sites with the least total travel, or the fewest that keep the mean in a cap.

    Everybody goes to the nearest open site; `cost` is the travel (or what it costs), `weights`
    are the people. Existing sites that stay open are `fixed` and count within `p`.

    Parameters
    ----------
    cost
        Demand × sites, ``cost[i, j]`` from demand `i` to site `j`; infinite where the site
        cannot be reached. See :func:`resalloc.location.costs.as_costs`.
    p
        Sites to open in all.
    weights
        By demand point; 1 each if not given. Points of weight 0 count for nothing.
    mean_cap
        In place of `p`: open the fewest sites with which the weighted mean cost is at most
        this (≤), and among such sets of sites the one with the least total.
    fixed, forbidden
        Sites by position or name, or a mask: open whatever happens; never open.
    time_limit_s
        Seconds after which the best answer so far is given, with its bound; None for none.
    gap
        Relative gap at which the search may end: 0.01 for "within one per cent".

    Returns
    -------
    Siting
        `objective` is the total weighted cost; with `mean_cap` it is the number of sites. The
        same input gives the same answer every time, but for answers cut off by the limit.
        INFEASIBLE where no p sites reach everybody, with names where single points are why.

    Raises
    ------
    InputError
        Costs, weights, sites or p cannot be used; all faults at once.

    Notes
    -----
    .. math::
        \min \sum_i \sum_j w_i c_{ij} x_{ij}, \quad \sum_j x_{ij} = 1, \quad
        x_{ij} \le y_j, \quad \sum_j y_j = p, \quad y_j \in \{0, 1\}

    ========== =========================================================
    symbol     meaning
    ========== =========================================================
    w_i        weight of demand point i
    c_ij       cost from demand point i to site j
    y_j        1 if site j is open
    x_ij       1 if demand point i is served from site j
    ========== =========================================================

    Hakimi (1964) and ReVelle and Swain (1970). No such model is built: Lagrangian bounds
    settle most sites (Cornuéjols, Fisher and Nemhauser 1977; Beasley 1993), interchange
    finds answers (Teitz and Bart 1968; Resende and Werneck 2007), and a tree, or the radius
    formulation of what is left (Elloumi 2010), closes the gap.

    Examples
    --------
    Three villages on a road, 4 and 6 km apart, and one clinic:

    >>> import numpy as np
    >>> road_km = np.array([[0, 4, 10], [4, 0, 6], [10, 6, 0]])
    >>> answer = p_median(road_km, 1, weights=[100, 50, 200])
    >>> answer.open.tolist(), answer.objective, answer.status.value
    ([2], 1300.0, 'optimal')
    >>> p_median(road_km, mean_cap=2.0, weights=[100, 50, 200]).objective
    2.0
    """
    begun = time.perf_counter()
    instance = checked(
        cost,
        weights=weights,
        p=p,
        fixed=fixed,
        forbidden=forbidden,
        others=[*_faults(p, mean_cap), *limit_faults(time_limit_s, gap)],
    )
    asking = np.flatnonzero(instance.weights > 0)
    allowed = instance.allowed
    table = instance.costs.only(allowed).dense()[asking]
    alone = asking[~np.isfinite(table).any(axis=1)]
    if len(alone):
        return unreachable(MODEL, instance.costs, alone, time.perf_counter() - begun)
    median = Median(
        costs=Costs(table),
        weights=instance.weights[asking],
        fixed=instance.fixed[allowed],
        p=p or 1,
        step=_step(table, instance.weights[asking]),
        gap=gap,
        deadline=np.inf if time_limit_s is None else begun + time_limit_s,
    )
    if mean_cap is not None:
        return _with_fewest(instance, median, mean_cap, begun)
    start, excuse = _start(median)
    if start is None:
        seconds = time.perf_counter() - begun
        status = Status.INFEASIBLE if excuse else Status.UNKNOWN
        words = excuse or "no set of sites that reaches everybody was found within the limit"
        return none_found(MODEL, instance.costs, status, words, seconds)
    proof = prove(median, start if len(start) else None)
    siting = _siting(instance, proof, proof.payment, proof.bound, begun)
    return confirmed(siting, instance, lambda: _total(instance, siting), sites=p)


def _faults(p: int | None, mean_cap: float | None) -> list[Fault]:
    faults = []
    if (p is None) == (mean_cap is None):
        what = "neither is given." if p is None else "both are given."
        faults.append(Fault("p, mean_cap", what, "Give how many sites, or the largest mean."))
    if mean_cap is not None:
        faults += amounts("mean_cap", mean_cap, 1, lambda _: "value")[1]
    return faults


def _start(median: Median) -> tuple[Ints | None, str]:
    """Give a first set of sites that reaches everybody (empty: any does), or why there is none."""
    table = median.costs.dense()
    if np.isfinite(table).all():
        return np.empty(0, dtype=np.int64), ""
    left = median.deadline - time.perf_counter()
    cover = smallest_cover(
        np.isfinite(table),
        fixed=median.fixed,
        at_most=float(median.p),
        time_limit_s=None if np.isinf(left) else max(left, 0.01),
    )
    if cover.status is Status.INFEASIBLE:
        return None, f"no set of {median.p} reaches everybody; more sites are needed."
    if len(cover.open) == 0 or len(cover.open) > median.p:
        return None, ""
    is_open = median.fixed.copy()
    is_open[cover.open] = True
    for j in np.flatnonzero(~is_open)[: median.p - int(is_open.sum())]:
        is_open[j] = True
    return np.flatnonzero(is_open), ""


def _with_fewest(instance: Instance, median: Median, mean_cap: float, begun: float) -> Siting:
    people = float(instance.weights.sum())
    found = fewest_for_mean(median, mean_cap * people, _start)
    if found.proof is None:
        seconds = time.perf_counter() - begun
        if found.proven:
            words = (
                f"with every site open the mean is {found.least / people:.6g}, above {mean_cap:g}."
            )
            return none_found(MODEL, instance.costs, Status.INFEASIBLE, words, seconds)
        words = "no set of sites that keeps the cap was found within the limit"
        return none_found(MODEL, instance.costs, Status.UNKNOWN, words, seconds)
    count = len(found.proof.sites)
    siting = _siting(instance, found.proof, float(count), float(found.at_least), begun)

    def rules() -> list[str]:
        mean = _total(instance, siting) / people
        return [] if mean <= mean_cap * (1 + 1e-9) else [f"the mean is {mean:.6g}"]

    return confirmed(siting, instance, lambda: float(len(siting.open)), sites=count, rules=rules)


def _siting(
    instance: Instance, proof: Proof, objective: float, bound: float, begun: float
) -> Siting:
    sites = instance.allowed[proof.sites]
    assignment, paid = nearest(instance.costs, sites)
    served = assignment >= 0
    return Siting(
        model=MODEL,
        status=Status.FEASIBLE,
        objective=objective,
        bound=bound,
        open=sites,
        assignment=assignment,
        covered=served,
        served_cost=np.where(served, paid, np.nan),
        seconds=time.perf_counter() - begun,
        costs=instance.costs,
    )


def _total(instance: Instance, siting: Siting) -> float:
    """Give the total weighted cost, from the costs of the assignment itself."""
    asking = instance.weights > 0
    return float((instance.weights * instance.costs.of(siting.assignment))[asking].sum())


def _step(table: Floats, weights: Floats) -> float:
    """Give what every total is a multiple of: 0 unless costs and weights are whole numbers."""
    finite = table[np.isfinite(table)]
    whole = np.array_equal(weights, np.rint(weights)) and np.array_equal(finite, np.rint(finite))
    if not whole or len(finite) == 0:
        return 0.0
    if max(float(finite.max()), float(weights.max())) > _LARGEST_STEP:
        return 1.0
    common = np.gcd.reduce(weights.astype(np.int64)) * np.gcd.reduce(finite.astype(np.int64))
    return float(max(common, 1))
