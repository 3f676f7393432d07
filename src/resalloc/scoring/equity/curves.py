r"""The Lorenz curve, and the indices that are areas beside such a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from resalloc.scoring.equity.shares import Floats, checked, quotient, shares


@dataclass(frozen=True, eq=False)
class Lorenz:
    """A Lorenz curve, from (0, 0) to (1, 1); the diagonal where all have the same.

    Parameters
    ----------
    base
        Cumulative share of the people (or area), those with least first.
    amount
        Cumulative share of the beds they have. Both have one number more than there are units.
    """

    base: Floats
    amount: Floats


def lorenz(amount: Any, base: Any) -> Lorenz:
    """Give the share of beds that the least supplied share of the people has.

    Parameters
    ----------
    amount
        What is shared out (beds, staff) by unit, scenarios × units.
    base
        Whom or what it is measured against: people for the curve by population, area for that
        by area. Likewise, or units alone.

    Returns
    -------
    Lorenz
        Scenarios × (units + 1); NaN where a figure is not known or a total is nothing. A unit
        with an amount and no base is better supplied than any other; one with neither counts
        for nothing.

    Raises
    ------
    InputError
        Numbers below zero or infinite, or shapes that do not go together.

    Examples
    --------
    >>> curve = lorenz([200, 150, 50], [30, 50, 20])
    >>> curve.base.round(4).tolist(), curve.amount.tolist()
    ([0.0, 0.2, 0.7, 1.0], [0.0, 0.125, 0.5, 1.0])
    """
    x, b = checked("lorenz", amount=amount, base=base)
    order = np.argsort(quotient(x, b), axis=-1, kind="stable")
    return Lorenz(*(_cumulative(np.take_along_axis(shares(v), order, axis=-1)) for v in (b, x)))


def gini(amount: Any, base: Any) -> Floats:
    r"""Gini coefficient of what units have against their people, or against their area.

    0 where all have the same per head, towards 1 where few people have everything. Chinese
    papers report it twice: with people as the base (按人口) and with area (按面积). The second
    is large wherever people live unevenly, and is not a figure to aim at.

    Parameters
    ----------
    amount
        What is shared out (beds, staff) by unit, scenarios × units.
    base
        People by unit for the coefficient by population, area for that by area; scenarios ×
        units or units alone.

    Returns
    -------
    numpy.ndarray
        One number a scenario, 0 to 1; 0 for a single unit. NaN where a figure is not known, or
        nothing is there to share or nobody to share it. A unit with an amount and no base counts
        as better supplied than any other; one with neither counts for nothing.

    Raises
    ------
    InputError
        Numbers below zero or infinite, or shapes that do not go together.

    Notes
    -----
    .. math::

        G = 1 - \sum_k (F_k - F_{k-1})(L_k + L_{k-1})
          = \frac{\sum_i \sum_k p_i p_k |a_i - a_k|}{2 \sum_i p_i a_i}

    ========= ====================================================================
    *F_k*     cumulative share of the base, units in order of amount per base
    *L_k*     cumulative share of the amount, likewise
    *p_i*     share of unit *i* in the base
    *a_i*     its amount per base
    ========= ====================================================================

    The weighted form: units count by their people. The unweighted Gini of rates is another
    number. Lerman R., Yitzhaki S. (1989), Journal of Econometrics 42(1), 43-47.

    Examples
    --------
    >>> beds, people, km2 = [200, 150, 50], [30, 50, 20], [100, 300, 600]
    >>> round(float(gini(beds, people)), 4), round(float(gini(beds, km2)), 4)
    (0.2125, 0.5875)
    """
    curve = lorenz(amount, base)
    under = np.diff(curve.base) * (curve.amount[..., 1:] + curve.amount[..., :-1])
    index: Floats = np.maximum(1.0 - under.sum(axis=-1), 0.0)
    return index


def concentration_index(amount: Any, people: Any, rank_by: Any) -> Floats:
    r"""Concentration index: whether the better-off have more per head, and how much more.

    Parameters
    ----------
    amount
        What is shared out by unit, scenarios × units.
    people
        People by unit; scenarios × units or units alone.
    rank_by
        What units are ranked by, lowest first: income, GDP per head. Of any sign; units of the
        same figure share their mean rank.

    Returns
    -------
    numpy.ndarray
        One number a scenario, -1 to 1: above 0 where units of high rank have more per head, 0
        where rank makes no difference. NaN as for :func:`gini`, and where a rank is not known.
        Ranked by the amount per head itself it is the Gini coefficient by population.

    Raises
    ------
    InputError
        Amounts or people below zero or infinite, or shapes that do not go together.

    Notes
    -----
    .. math:: CI = \frac{2}{\mu} \operatorname{cov}_w(a, R) = 2 \sum_i y_i R_i - 1

    ======= =========================================================
    *a_i*   amount per head; its mean over people is *μ*
    *y_i*   share of the amount
    *R_i*   share of the people below, and half of those beside
    ======= =========================================================

    Kakwani N., Wagstaff A., van Doorslaer E. (1997), Journal of Econometrics 77(1), 87-103.

    Examples
    --------
    >>> index = concentration_index([200, 150, 50], [30, 50, 20], rank_by=[3, 2, 1])
    >>> round(float(index), 4)
    0.2125
    """
    x, n, by = checked(
        "concentration index", signed=("rank_by",), amount=amount, people=people, rank_by=rank_by
    )
    order = np.argsort(by, axis=-1, kind="stable")
    y, p, by = (np.take_along_axis(v, order, axis=-1) for v in (shares(x), shares(n), by))
    upto = _cumulative(p)
    new = np.diff(by, axis=-1, prepend=np.nan, append=np.nan) != 0
    low = np.maximum.accumulate(np.where(new[..., :-1], upto[..., :-1], 0.0), axis=-1)
    high = np.where(new[..., 1:], upto[..., 1:], np.inf)[..., ::-1]
    high = np.minimum.accumulate(high, axis=-1)[..., ::-1]
    index = (y * (low + high)).sum(axis=-1) - 1.0
    return np.where(np.isnan(by).any(axis=-1), np.nan, index)[()]


def _cumulative(share: Floats) -> Floats:
    """Give 0 and the running totals."""
    start = np.zeros((*share.shape[:-1], 1))
    return np.concatenate([start, np.cumsum(share, axis=-1)], axis=-1)
