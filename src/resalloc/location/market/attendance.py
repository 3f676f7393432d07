"""Sites that people come to although the way deters them: maximal attendance."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.location.access.asked import dimensions, edges
from resalloc.location.access.decay import Decay, Linear
from resalloc.location.confirm import confirmed, nearest
from resalloc.location.instance import Instance, checked
from resalloc.location.limits import limit_faults
from resalloc.location.median.p_median import p_median
from resalloc.location.siting import Siting, none_found
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike, Floats, Ints

MODEL = "max_attendance"
_ROUNDING = 1e-12
"""Of all weight: a difference that comes from subtracting what is lost from it."""
_UNITS = 1e8
"""Units all weight is counted in where losses are added up."""


def max_attendance(
    cost: CostLike,
    p: int,
    radius: Any,
    *,
    decay: Decay | None = None,
    weights: Any = None,
    classes: Any = None,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Choose sites so that as many people as possible come, fewer the farther they have to go.

    Everyone goes to the nearest open site; of those next door all come, of those at the
    cutoff nobody.

    Parameters
    ----------
    cost
        Demand × sites, see :func:`resalloc.location.costs.as_costs`; distance or minutes.
    p
        Sites to open, the fixed ones included.
    radius
        The cutoff: nobody comes from farther. One number, one a demand point, or by class
        (``{"urban": 2, "rural": 5}``).
    decay
        Which part comes from how far: :class:`~resalloc.location.access.decay.Linear` if not given;
        any of :mod:`resalloc.location.access.decay`, cut off at the radius.
    weights
        People by demand point; 1 each if not given.
    classes
        The class of each demand point, needed where `radius` is by class.
    fixed, forbidden
        Sites by position or by name, or a mask with one truth value a site.
    time_limit_s
        Seconds it may take; no limit if not given.
    gap
        Relative gap at which it may stop.

    Returns
    -------
    Siting
        `objective` is the weight that comes. A demand point is assigned to its nearest open
        site where that is within the radius, and is then `covered`.

    Raises
    ------
    InputError
        Input that cannot be used.

    Notes
    -----
    .. math::

        \max \sum_i w_i f(\min_{j\ \mathrm{open}} d_{ij})
        = \sum_i w_i f_i - \min \sum_i w_i \min_{j\ \mathrm{open}} (f_i - f(d_{ij}))

    where *f* is the decay, *w_i* the weight, *d_ij* the cost and *f_i* the most that any site
    gets of demand point *i*: a p-median of lost attendance, over the demand points in reach.
    Gradual coverage of Berman O., Krass D. (2002), Computers & Operations Research 29(6),
    563-581.

    Examples
    --------
    Two villages of 100 and 50 people, cutoff 10 km. Site 0 is 2 km from the first and out of
    reach of the second: 80 come. Site 1 is 5 km from both: 50 + 25.

    >>> found = max_attendance([[2, 5], [12, 5]], 1, 10, weights=[100, 50])
    >>> found.open.tolist(), round(found.objective, 6), found.covered.tolist()
    ([0], 80.0, [True, False])
    """
    begun = time.perf_counter()
    form = decay or Linear()
    n, _ = dimensions(cost)
    limit, faults = edges(radius, n, 1, classes, form)
    instance = checked(
        cost,
        weights=weights,
        p=p,
        fixed=fixed,
        forbidden=forbidden,
        others=[*faults, *limit_faults(time_limit_s, gap)],
    )
    limits = np.broadcast_to(limit, (n, 1))[:, 0]
    coming = form(instance.costs.dense(), limits[:, None])
    most = coming[:, instance.allowed].max(axis=1)
    ideal = float(instance.weights @ most)
    if ideal == 0 or p in (int(instance.fixed.sum()), len(instance.allowed)):
        # No choice matters: the fixed sites, and the first of the others.
        first = [*np.flatnonzero(instance.fixed), *instance.allowed]
        sites = np.sort(np.array(list(dict.fromkeys(first))[:p], dtype=np.int64))
        return _attendance(instance, sites, form, limits, None, begun)
    reach = np.flatnonzero(instance.weights * most > 0)
    # Lost attendance, not attendance, is what the p-median weighs and its gap refers to: what
    # no choice can keep is left out of it, and the unit is small.
    unit = 2.0 ** np.floor(np.log2(float(instance.weights[reach].sum()) / _UNITS))
    certain = float((instance.weights @ coming[:, instance.allowed]).max())
    lost = p_median(
        np.maximum(most[reach, None] - coming[reach], 0.0),
        p,
        weights=instance.weights[reach] / unit,
        fixed=instance.fixed,
        forbidden=instance.forbidden,
        time_limit_s=time_limit_s,
        gap=gap * certain / ideal,
    )
    if lost.status not in (Status.OPTIMAL, Status.FEASIBLE):
        seconds = time.perf_counter() - begun
        return none_found(MODEL, instance.costs, lost.status, lost.message, seconds)
    return _attendance(instance, lost.open, form, limits, ideal - unit * lost.bound, begun)


def _attendance(
    instance: Instance,
    sites: Ints,
    decay: Decay,
    limits: Floats,
    limit: float | None,
    begun: float,
) -> Siting:
    """Give the answer for open sites, confirmed; without a limit it is the only one."""
    site, away = nearest(instance.costs, sites)
    covered = away <= limits
    assignment = np.where(covered, site, -1)
    value = float(instance.weights @ decay(away, limits))

    def objective() -> float:
        coming = decay(instance.costs.dense()[:, sites], limits[:, None]).max(axis=1)
        return float(instance.weights @ coming)

    rounding = _ROUNDING * float(instance.weights.sum())
    bound = value if limit is None or abs(limit - value) <= rounding else limit
    siting = Siting(
        model=MODEL,
        status=Status.FEASIBLE,
        objective=value,
        bound=bound,
        open=sites,
        assignment=assignment,
        covered=covered,
        served_cost=instance.costs.of(assignment),
        seconds=time.perf_counter() - begun,
        costs=instance.costs,
    )
    return confirmed(siting, instance, objective, better="most", sites=instance.p)
