"""Sites that win people from competitors: Huff's model of who goes where."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault
from resalloc.location.confirm import confirmed
from resalloc.location.limits import limit_faults
from resalloc.location.market.contest import Contest, contested
from resalloc.location.market.search import fewest_that_capture, most_captured
from resalloc.location.siting import Siting, none_found
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import CostLike

MODEL = "market_share"
_EXACT, _SHORT = 1e-10, 1e-8
"""Relative shortfall of a target that is arithmetic: when it is searched for, when confirmed."""


def market_share(
    cost: CostLike,
    p: int | None = None,
    *,
    competitors: Any,
    target: float | None = None,
    competitor_attractiveness: Any = 1.0,
    weights: Any = None,
    attractiveness: Any = 1.0,
    exponent: float = 2.0,
    smallest: float | None = None,
    fixed: Any = (),
    forbidden: Any = (),
    time_limit_s: float | None = None,
    gap: float = 0.0,
) -> Siting:
    r"""Give the sites that win most people from competitors, or the fewest that win enough.

    People divide themselves among all sites, ours and the competitors', in proportion to
    attractiveness over a power of the distance (Huff 1963).

    Parameters
    ----------
    cost
        Demand × sites, see :func:`resalloc.location.costs.as_costs`; distance or minutes.
        An infinite cost pulls nobody.
    p
        Sites to open, the fixed ones included.
    competitors
        Where others are open already: sites of the table by position, by name or as a mask
        (they are then not ours to open), or a table of costs, demand × competitors.
    target
        In place of `p`: the part of all weight to win at least, with as few sites as
        possible; 0.3 is 30 %.
    competitor_attractiveness
        One number for all or one each, where `competitors` is a table.
    weights
        People by demand point; 1 each if not given.
    attractiveness
        Of our sites: one number for all or one each, e.g. beds or doctors.
    exponent
        How fast the pull falls with the cost.
    smallest
        Costs below this count as this: at cost 0 the pull would be infinite. Needed where a
        cost is 0.
    fixed, forbidden
        Sites by position or by name, or a mask with one truth value a site.
    time_limit_s
        Seconds it may take; no limit if not given.
    gap
        Relative gap at which it may stop.

    Returns
    -------
    Siting
        `objective` is the weight won; with `target` it is the number of sites, and `bound` a
        number with fewer than which it is proven not to work. `split` says which part of each
        demand point goes to which open site (the rest goes to competitors), `assignment`
        where its largest part goes; a demand point is `covered` where an open site pulls it
        at all. INFEASIBLE where all sites together miss the target.

    Raises
    ------
    InputError
        Input that cannot be used; no competitor that pulls anybody: all would then be won
        whatever is opened.

    Notes
    -----
    .. math::

        \max \sum_i w_i \frac{\sum_j a_j d_{ij}^{-\beta} y_j}
        {\sum_j a_j d_{ij}^{-\beta} y_j + c_i} \quad \sum_j y_j = p, \ y_j \in \{0, 1\}

    =========== ==================================================================
    *w_i*       weight of demand point *i*
    *d_ij*      cost to site *j*, at least `smallest`
    *a_j*       attractiveness
    *β*         exponent
    *c_i*       pull of all competitors on *i*, of the same form
    *y_j*       1 where site *j* is open
    =========== ==================================================================

    Huff D. L. (1963), Land Economics 39(1), 81-90. The share is concave in the pull of the
    open sites, so linear cuts bound it (Ljubić and Moreno 2018; here lowered further, see
    :mod:`resalloc.location.market.bound`); a search over open and closed sites proves the best.
    With a target, bounds without search exclude small numbers of sites; from a number that
    exchange finds to work, one site fewer is asked for until that is proven not to work.

    Examples
    --------
    Two villages of 100, a competitor 10 km from both. Site 0 is 10 km from both and takes half
    of each; site 1 is 5 km from the first, 40 km from the second:
    100 · (4/5 + (1/16)/(17/16)) = 85.9.

    >>> found = market_share([[10, 5], [10, 40]], 1, competitors=[[10], [10]], weights=100)
    >>> found.open.tolist(), found.objective, found.split.toarray().tolist()
    ([0], 100.0, [[0.5, 0.0], [0.5, 0.0]])
    >>> market_share([[10, 5], [10, 40]], target=0.6, competitors=[[10], [10]]).objective
    2.0
    """
    begun = time.perf_counter()
    contest = contested(
        cost,
        weights=weights,
        attractiveness=attractiveness,
        competitors=competitors,
        competitor_attractiveness=competitor_attractiveness,
        exponent=exponent,
        smallest=smallest,
        fixed=fixed,
        forbidden=forbidden,
        p=p,
        others=[*_faults(p, target), *limit_faults(time_limit_s, gap)],
    )
    until = np.inf if time_limit_s is None else begun + time_limit_s
    if target is not None:
        return _fewest(contest, target, until, begun)
    market, instance = contest.market(), contest.instance
    found, bound = most_captured(market, instance.p or 1, until, gap)
    sites = instance.allowed[found]
    siting = contest.siting(MODEL, sites, market.captured(found), bound, begun)
    return confirmed(siting, instance, lambda: contest.won(sites), better="most", sites=p)


def _fewest(contest: Contest, target: float, until: float, begun: float) -> Siting:
    """Give the fewest sites that win a part of all weight."""
    instance = contest.instance
    total = float(instance.weights.sum())
    everywhere = contest.won(instance.allowed) / total
    if everywhere < target * (1 - _EXACT):
        words = f"{100 * everywhere:.4g} %, and the target is {100 * target:.4g} %."
        return none_found(
            MODEL,
            instance.costs,
            Status.INFEASIBLE,
            f"all {len(instance.allowed)} sites together win {words}",
            time.perf_counter() - begun,
        )
    found, fewest = fewest_that_capture(contest.market(), target * total, until)
    sites = instance.allowed[found]

    def rules() -> list[str]:
        share = contest.won(sites) / total
        enough = share >= target * (1 - _SHORT)
        return [] if enough else [f"the sites win {share:.9g} of all, not {target:.9g}"]

    siting = contest.siting(MODEL, sites, float(len(sites)), float(fewest), begun)
    return confirmed(siting, instance, lambda: float(len(set(sites.tolist()))), rules=rules)


def _faults(p: int | None, target: float | None) -> list[Fault]:
    faults = []
    if (p is None) == (target is None):
        what = "neither is given." if p is None else "both are given."
        faults.append(Fault("p, target", what, "Give how many sites, or the part to win."))
    if target is not None and not 0 < target <= 1:
        remedy = "Give the part to win, above 0 and at most 1."
        faults.append(Fault("target", f"is {target:g}.", remedy))
    return faults
