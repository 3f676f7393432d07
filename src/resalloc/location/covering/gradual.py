"""Maximal covering where what a point is worth falls off with distance instead of at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.confirm import confirmed, nearest
from resalloc.location.costs import Costs
from resalloc.location.covering.answer import answer
from resalloc.location.siting import none_found
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats
    from resalloc.location.covering.asked import Covering
    from resalloc.location.siting import Siting

_MODEL = "max_cover"


def gradual_cover(given: Covering, time_limit_s: float | None, gap: float, begun: float) -> Siting:
    """Give the p sites with the most weight covered, part cover counted in part.

    A p-median in disguise (Church and Roberts 1983): with cost 1 − f(d) between each point and
    site, the least Σ w (1 − f) is the most Σ w f.

    Parameters
    ----------
    given
        Checked input with `outer`.
    time_limit_s, gap, begun
        Seconds it may take; relative gap at which it may stop; when it began.
    """
    from resalloc.location.median.p_median import p_median

    instance = given.instance
    costs = instance.costs.dense()
    total = float(instance.weights.sum())
    missed = p_median(
        Costs(1.0 - worth(costs, given.radius[:, None], _outer(given)[:, None])),
        instance.p,
        weights=instance.weights,
        fixed=instance.fixed,
        forbidden=instance.forbidden,
        time_limit_s=time_limit_s,
        gap=gap,
    )
    if missed.status not in (Status.OPTIMAL, Status.FEASIBLE):
        return none_found(_MODEL, instance.costs, missed.status, missed.message, missed.seconds)
    site, paid = nearest(instance.costs, missed.open)
    part = worth(paid, given.radius, _outer(given))
    site[part <= 0] = -1
    paid[part <= 0] = np.nan
    value, bound = float(instance.weights @ part), total - missed.bound
    if abs(bound - value) <= 1e-9 * total:
        # What is left of the difference is the rounding of the subtraction.
        bound = value
    siting = answer(_MODEL, given, missed.open, site, paid, value, bound, begun)
    siting = replace(siting, covered=paid <= given.radius)
    return confirmed(
        siting,
        instance,
        lambda: float(instance.weights @ part),
        better="most",
        sites=instance.p,
    )


def worth(cost: Floats, radius: Floats, outer: Floats) -> Floats:
    """Give 1 up to the radius, 0 from the outer radius on, and a straight line between.

    Examples
    --------
    >>> worth(np.array([3.0, 5.0, 8.0, np.inf]), np.array(4.0), np.array(8.0)).tolist()
    [1.0, 0.75, 0.0, 0.0]
    """
    cost, radius, outer = np.broadcast_arrays(cost, radius, outer)
    between = (cost > radius) & (cost < outer)
    value = (cost <= radius).astype(float)
    value[between] = ((outer - cost)[between]) / (outer - radius)[between]
    return value


def _outer(given: Covering) -> Floats:
    return given.radius if given.outer is None else given.outer
