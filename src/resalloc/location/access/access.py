"""Spatial accessibility: supply per head within reach, by the floating-catchment methods.

All of them are the same two steps over a table of weights *F* (demand × sites), and differ only
in the weights:

1. at every site, its supply over the people who reach it: *R_j = S_j / Σ_i F_ij P_i*;
2. at every demand point, the sum of the ratios it reaches: *A_i = Σ_j F_ij R_j*.

where *S_j* is the supply of site *j* and *P_i* the people of demand point *i*. So
*Σ_i P_i A_i = Σ_j S_j* over the sites somebody reaches, whatever the weights: access is supply
handed out, none lost and none counted twice. And *A* is linear in *S*: the access that one unit
at each site gives is the answer for ``supply=np.eye(m)``, one scenario a site.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from resalloc.errors import Fault, did_you_mean
from resalloc.location.access.asked import checked_amounts, dimensions, edges, huff_choice
from resalloc.location.access.catchments import Access, Catchments, Huff, gathered, two_steps
from resalloc.location.access.decay import Decay, Step
from resalloc.location.costs import CostLike, as_costs


def access_2sfca(
    cost: CostLike,
    supply: Any,
    population: Any,
    radius: Any = None,
    *,
    decay: Decay | None = None,
    classes: Any = None,
) -> Access:
    r"""Supply per head within reach of each demand point: two-step floating catchment areas.

    Parameters
    ----------
    cost
        Demand × sites, see :func:`resalloc.location.costs.as_costs`; travel minutes or km.
    supply
        Beds, doctors by site: one number for all, one each, or scenarios × sites.
    population
        People by demand point: likewise, or scenarios × demand. Scenarios of both must be
        equally many.
    radius
        Largest cost still in reach, inclusive: one number, one a demand point, by class
        (``{"urban": 15, "rural": 30}``), or a table, demand or 1 × sites.
    decay
        Weight by cost within the radius: :class:`~resalloc.location.access.decay.Step` if not given
        (the plain method), :class:`~resalloc.location.access.decay.Zones` for the enhanced method
        (E2SFCA; the radius may then be left out),
        :class:`~resalloc.location.access.decay.Gaussian` for the Gaussian one.
    classes
        The class of each demand point, needed where `radius` is by class.

    Returns
    -------
    Access
        By demand point; sites nobody reaches are listed in `unreached`.

    Raises
    ------
    InputError
        Costs, amounts or radii that cannot be used, all of them at once.

    Notes
    -----
    .. math::

        R_j = S_j / \sum_i f(d_{ij}) P_i, \qquad A_i = \sum_j f(d_{ij}) R_j

    ====== ==========================================
    *S_j*  supply of site *j*
    *P_i*  people of demand point *i*
    *d_ij* cost between them
    *f*    decay, 0 beyond the radius
    *R_j*  supply-to-population ratio of site *j*
    *A_i*  access of demand point *i*
    ====== ==========================================

    Plain: Luo W., Wang F. (2003), Environment and Planning B 30(6), 865-884. Zones: Luo W.,
    Qi Y. (2009), Health & Place 15(4), 1100-1107. Gaussian: Dai D. (2010), Health & Place
    16(5), 1038-1052.

    Examples
    --------
    Two villages; the second reaches both clinics. Clinic 0 has 6 beds for 100 + 200 people,
    clinic 1 has 4 for 200.

    >>> cost = [[10, 40], [20, 15]]
    >>> found = access_2sfca(cost, supply=[6, 4], population=[100, 200], radius=30)
    >>> found.ratio.tolist(), found.access.tolist()
    ([0.02, 0.02], [0.02, 0.04])
    """
    return _floating("2sfca", cost, supply, population, radius, decay or Step(), classes)


def access_3sfca(
    cost: CostLike,
    supply: Any,
    population: Any,
    radius: Any = None,
    *,
    decay: Decay,
    classes: Any = None,
) -> Access:
    r"""Supply per head where people divide themselves among the sites in reach (3SFCA).

    The plain methods count everybody in full at every site in reach, and so overstate demand
    where there is choice. Here each demand point first divides itself among them by weight.

    Parameters
    ----------
    cost, supply, population, radius, classes
        As in :func:`access_2sfca`.
    decay
        Weight by cost; :class:`~resalloc.location.access.decay.Zones` in the original.

    Returns
    -------
    Access
        By demand point.

    Raises
    ------
    InputError
        Costs, amounts or radii that cannot be used, all of them at once.

    Notes
    -----
    .. math::

        G_{ij} = f(d_{ij}) / \sum_k f(d_{ik}), \quad
        R_j = S_j / \sum_i G_{ij} f(d_{ij}) P_i, \quad
        A_i = \sum_j G_{ij} f(d_{ij}) R_j

    where *G* is the part of demand point *i* that selects site *j*; other symbols as in
    :func:`access_2sfca`. Wan N., Zou B., Sternberg T. (2012), International Journal of
    Geographical Information Science 26(6), 1073-1089.

    Examples
    --------
    >>> from resalloc.location.access.decay import Zones
    >>> cost = [[5, 15], [25, 5]]
    >>> found = access_3sfca(cost, [6, 4], [100, 200], decay=Zones((10, 20), (1.0, 0.5)))
    >>> found.ratio.round(4).tolist()
    [0.09, 0.0185]
    """
    return _floating("3sfca", cost, supply, population, radius, decay, classes, selective=True)


def access_huff_3sfca(
    cost: CostLike,
    supply: Any,
    population: Any,
    radius: Any = None,
    *,
    decay: Decay,
    attractiveness: Any = None,
    exponent: float = 2.0,
    smallest: float | None = None,
    classes: Any = None,
) -> Access:
    r"""Supply per head where people prefer large and near sites (Huff-3SFCA).

    Parameters
    ----------
    cost, supply, population, radius, decay, classes
        As in :func:`access_3sfca`.
    attractiveness
        Of each site; its supply if not given, which then must not be by scenario.
    exponent
        How fast the pull falls with the cost.
    smallest
        Costs below this count as this in the pull; needed where a cost is 0.

    Returns
    -------
    Access
        By demand point.

    Raises
    ------
    InputError
        Costs, amounts or radii that cannot be used, all of them at once.

    Notes
    -----
    As :func:`access_3sfca`, with Huff's probability for the part that selects a site:

    .. math:: G_{ij} = a_j d_{ij}^{-\beta} / \sum_{k: d_{ik} \le r} a_k d_{ik}^{-\beta}

    where *a* is the attractiveness, *β* the exponent and *r* the radius. Luo J. (2014),
    Transactions in GIS 18(3), 436-448.

    Examples
    --------
    >>> from resalloc.location.access.decay import Step
    >>> found = access_huff_3sfca([[10, 20]], [4, 4], [100], 30, decay=Step())
    >>> found.ratio.tolist(), found.access.round(4).tolist()
    ([0.05, 0.2], [0.08])
    """
    faults = []
    if attractiveness is None:
        attractiveness = supply
        if np.ndim(supply) > 1:
            what = "is not given, and supply is by scenario."
            faults.append(Fault("attractiveness", what, "Give one number a site."))
            attractiveness = 1.0
    dimensions(cost)
    choice, found = huff_choice(attractiveness, exponent, smallest, as_costs(cost))
    return _floating(
        "huff_3sfca",
        cost,
        supply,
        population,
        radius,
        decay,
        classes,
        selective=True,
        choice=choice,
        others=[*faults, *found],
    )


def access_hierarchical(
    cost: CostLike,
    supply: Any,
    population: Any,
    radius: Mapping[str, Any],
    *,
    levels: Sequence[str],
    decay: Decay | Mapping[str, Decay] | None = None,
    classes: Any = None,
) -> Access:
    """Supply per head by level of site, each with its own reach, and in total.

    Village clinics are walked to, district hospitals driven to: one radius for all would
    shut people out of the one or let them walk to the other.

    Parameters
    ----------
    cost, supply, population, classes
        As in :func:`access_2sfca`.
    radius
        By level, each as in :func:`access_2sfca`: ``{"village": 2, "district": {"urban": 15,
        "rural": 30}}``.
    levels
        Level of each site.
    decay
        One for all or by level; :class:`~resalloc.location.access.decay.Step` if not given.

    Returns
    -------
    Access
        In total, and by level in `by_level`, in the order of `radius`.

    Raises
    ------
    InputError
        Costs, amounts or radii that cannot be used, a level without radius or decay; all of
        them at once.

    Notes
    -----
    The two steps of :func:`access_2sfca` at each level by itself, and their sum: Tao Z.,
    Cheng Y., Liu J. (2020), International Journal for Equity in Health 19, 164.

    Examples
    --------
    >>> found = access_hierarchical(
    ...     [[1, 20], [5, 25]],
    ...     supply=[2, 30],
    ...     population=[100, 200],
    ...     radius={"village": 2, "district": 30},
    ...     levels=["village", "district"],
    ... )
    >>> {level: values.round(3).tolist() for level, values in found.by_level.items()}
    {'village': [0.02, 0.0], 'district': [0.1, 0.1]}
    >>> found.access.round(3).tolist()
    [0.12, 0.1]
    """
    n, m = dimensions(cost)
    labels, faults = _levels(levels, m)
    decays = decay if isinstance(decay, Mapping) else dict.fromkeys(radius, decay or Step())
    table = np.zeros((n, m))
    for level in dict.fromkeys(labels.tolist()):
        missing = [
            Fault(f"levels, '{level}'", f"has no {what}.", did_you_mean(level, known))
            for what, known in (("radius", radius), ("decay", decays))
            if level not in known
        ]
        faults += missing
        if not missing:
            sites, where = labels == level, f"radius of level '{level}'"
            given = edges(radius[level], n, int(sites.sum()), classes, decays[level], where)
            table[:, sites] = given[0]
            faults += given[1]
    costs, supplies, people = checked_amounts(cost, supply, population, faults)
    scenarios = max(len(supplies), len(people))
    ratio, parts = np.full((scenarios, m), np.nan), {}
    for level in radius:
        sites = np.flatnonzero(labels == level)
        parts[level] = np.zeros((scenarios, n))
        if len(sites):
            reach = Catchments(costs.only(sites), table[:, sites], decays[level])
            parts[level], ratio[:, sites] = two_steps(reach, supplies[:, sites], people)
    total = np.sum(list(parts.values()), axis=0)
    several = np.ndim(supply) > 1 or np.ndim(population) > 1
    return gathered("hierarchical", costs, supplies, total, ratio, several, parts)


def _floating(
    method: str,
    cost: CostLike,
    supply: Any,
    population: Any,
    radius: Any,
    decay: Decay,
    classes: Any,
    *,
    selective: bool = False,
    choice: Huff | None = None,
    others: Sequence[Fault] = (),
) -> Access:
    n, m = dimensions(cost)
    limit, faults = edges(radius, n, m, classes, decay)
    costs, supplies, people = checked_amounts(cost, supply, population, [*others, *faults])
    reach = Catchments(costs, limit, decay, selective, choice)
    access, ratio = two_steps(reach, supplies, people)
    several = np.ndim(supply) > 1 or np.ndim(population) > 1
    return gathered(method, costs, supplies, access, ratio, several)


def _levels(levels: Sequence[str], m: int) -> tuple[npt.NDArray[np.str_], list[Fault]]:
    labels = np.array([str(level) for level in levels])
    if len(labels) == m:
        return labels, []
    what = f"{len(labels)} are given for {m} sites."
    return np.array([]), [Fault("levels", what, "Give one a site.")]
