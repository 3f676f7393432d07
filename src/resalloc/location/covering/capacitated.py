"""Maximal covering where each site can serve only so many people."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.location.confirm import confirmed
from resalloc.location.covering.answer import answer, filled_up, over_limit
from resalloc.location.covering.asked import served_within
from resalloc.location.covering.shares import member_shares
from resalloc.location.covering.signatures import signatures
from resalloc.location.siting import none_found
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask
    from resalloc.location.covering.asked import Covering
    from resalloc.location.siting import Siting

_MODEL = "max_cover"
_NOISE = 1e-9


def capacitated_cover(
    given: Covering, split: bool, time_limit_s: float | None, gap: float, begun: float
) -> Siting:
    """Give the sites that serve the most weight within reach and within their capacity.

    Parameters
    ----------
    given
        Checked input with `capacity`.
    split
        Whether a demand point may be served from several sites. If so, points that the same
        sites reach are merged, which is exact.
    time_limit_s, gap, begun
        Seconds it may take; relative gap at which it may stop; when it began.
    """
    instance, allowed = given.instance, given.instance.allowed
    merged = signatures(instance.costs, given.radius, instance.weights, allowed)
    if split:
        reach, weight = merged.reach, merged.weight
    else:
        reach, weight = merged.reach[merged.group], instance.weights
    who, where = np.nonzero(reach & (weight > 0)[:, None])
    until = np.inf if time_limit_s is None else begun + time_limit_s
    model = _model(given, weight, who, where, split)
    found = solve_with_highs(model, until - time.perf_counter(), gap)
    if found.x is None:
        spent = time.perf_counter() - begun
        message = "no answer was found within the time limit."
        return none_found(_MODEL, instance.costs, Status.UNKNOWN, message, spent)
    parts = np.where(found.x[len(allowed) :] > _NOISE, found.x[len(allowed) :], 0.0)
    if not split:
        parts = np.rint(parts)
    is_open = found.x[: len(allowed)] > 0.5
    parts[~is_open[where]] = 0.0
    sites = filled_up(given, allowed[is_open])
    flows = sparse.csr_array((parts, (who, allowed[where])), shape=_shape(given, weight))
    table = member_shares(flows, merged.group, instance.weights) if split else flows
    siting = _answered(given, sites, table, found.bound, begun)
    if not split:
        siting = replace(siting, split=None)
    return confirmed(
        siting,
        instance,
        lambda: float(instance.weights @ table.sum(axis=1)),
        better="most",
        sites=instance.p,
        rules=lambda: [*over_limit(given, siting.open), *_broken(given, siting.open, table)],
    )


def _shape(given: Covering, weight: Floats) -> tuple[int, int]:
    return len(weight), given.instance.shape[1]


def _model(given: Covering, weight: Floats, who: Ints, where: Ints, split: bool) -> LinearModel:
    """Columns: open sites, then the part of each demand point served from each site."""
    allowed = given.instance.allowed
    price, limit = given.limit
    room = given.capacity if given.capacity is not None else np.full(len(price), np.inf)
    m, k, n = len(allowed), len(who), len(weight)
    each, one = np.arange(k), np.ones(k)
    once = sparse.coo_array((one, (who, m + each)), shape=(n, m + k))
    load = sparse.coo_array(
        (
            np.concatenate([weight[who], -room[allowed]]),
            (np.concatenate([where, np.arange(m)]), np.concatenate([m + each, np.arange(m)])),
        ),
        shape=(m, m + k),
    )
    linked = sparse.coo_array(
        (
            np.concatenate([one, -one]),
            (np.concatenate([each, each]), np.concatenate([m + each, where])),
        ),
        shape=(k, m + k),
    )
    paid = sparse.coo_array(np.concatenate([price[allowed], np.zeros(k)])[None, :])
    rows = sparse.csr_array(sparse.vstack([once, load, linked, paid]))
    fixed = given.instance.fixed[allowed].astype(float)
    return LinearModel(
        cost=np.concatenate([np.zeros(m), -weight[who]]),
        lower=np.concatenate([fixed, np.zeros(k)]),
        upper=np.ones(m + k),
        integer=np.concatenate([np.ones(m, dtype=bool), np.full(k, not split)]),
        matrix=rows,
        row_lo=np.full(rows.shape[0], -np.inf),
        row_hi=np.concatenate([np.ones(n), np.zeros(m + k), [limit]]),
    )


def _answered(
    given: Covering, sites: Ints, table: sparse.csr_array, bound: float, begun: float
) -> Siting:
    """Give the answer: each point's site is the one with its largest part, then the first."""
    weights = given.instance.weights
    site, paid = served_within(given, sites)
    served = np.asarray(table.sum(axis=1))
    somebody = weights > 0
    # Points without people take up no room; they go to the nearest.
    site[somebody] = np.where(served > _NOISE, np.asarray(table.argmax(axis=1)), -1)[somebody]
    paid = given.instance.costs.of(site)
    value = float(weights @ served)
    siting = answer(_MODEL, given, sites, site, paid, value, -bound, begun)
    whole = np.where(somebody, served >= 1 - 1e-6, site >= 0)
    return replace(siting, covered=whole, split=table)


def _broken(given: Covering, sites: Ints, table: sparse.csr_array) -> list[str]:
    """Say which rules the served parts break."""
    weights, faults = given.instance.weights, []
    chosen: Mask = np.zeros(given.instance.shape[1], dtype=bool)
    chosen[sites] = True
    pairs = table.tocoo()
    who, where = pairs.coords
    some = pairs.data > 0
    if not chosen[where[some]].all():
        faults.append("demand is served from a closed site")
    if np.asarray(table.sum(axis=1)).max(initial=0.0) > 1 + 1e-6:
        faults.append("a demand point is served more than once")
    load = weights @ table
    room = given.capacity if given.capacity is not None else np.full(len(load), np.inf)
    if (load > room + 1e-6 * np.maximum(1.0, room)).any():
        faults.append("a site serves more than its capacity")
    assigned = np.full(given.instance.shape[0], -1)
    for j in np.unique(where[some]):
        mine = who[some & (where == j)]
        assigned[:] = -1
        assigned[mine] = j
        if not (given.instance.costs.of(assigned)[mine] <= given.radius[mine]).all():
            faults.append("demand is served from beyond its radius")
            break
    return faults
