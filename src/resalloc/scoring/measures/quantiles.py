"""Quantiles over people: the value that a share of the residents does not exceed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault, InputError

if TYPE_CHECKING:
    from resalloc.scoring.equity.shares import Floats

ROUNDING = 1e-12
"""A share of the people is reached if it is so but for this part of all of them."""


def weighted_quantiles(values: Any, people: Any, shares: Any) -> Floats:
    r"""Give the smallest value that at least a share of the people does not exceed.

    Parameters
    ----------
    values
        By demand point, e.g. response minutes; scenarios × points. Infinite where nobody comes.
    people
        Who lives there; scenarios × points or points alone. Points without people do not count.
    shares
        Shares of the people, 0 to 1: 0.5 for the median, 0.9 for what nine in ten do not exceed,
        1 for the largest value anybody has, 0 for the smallest.

    Returns
    -------
    numpy.ndarray
        Scenarios × shares. NaN where a value or the people of a point are not known, or there
        are no people.

    Raises
    ------
    InputError
        People below zero or infinite, shares outside 0 to 1, or not equally many points.

    Notes
    -----
    .. math:: q_s = \min \{ t : \sum_{i : v_i \le t} w_i \ge s \sum_i w_i \}

    where *v_i* is the value and *w_i* the people of point *i*. Always one of the values; nothing
    is interpolated. The comparison allows for rounding, 10⁻¹² of all people.

    Examples
    --------
    Nine in ten of 100 people: 60 + 25 are too few, so the third point decides.

    >>> weighted_quantiles([8.0, 12.0, 30.0, 45.0], [60, 25, 10, 5], [0.5, 0.9, 1.0]).tolist()
    [8.0, 30.0, 45.0]
    """
    v, w, asked = (np.asarray(a, dtype=float) for a in (values, people, shares))
    faults = []
    if v.ndim == 0 or w.ndim == 0 or v.shape[-1] != w.shape[-1]:
        what = f"{v.shape} values and people by {w.shape}."
        faults.append(Fault("weighted quantiles", what, "Give one number a demand point."))
    if (w < 0).any() or np.isinf(w).any():
        what = "have a number below 0 or an infinite one."
        faults.append(Fault("weighted quantiles, people", what, "Give finite numbers from 0 up."))
    if asked.ndim != 1 or not ((asked >= 0) & (asked <= 1)).all():
        what = f"are {asked.tolist()}."
        faults.append(Fault("weighted quantiles, shares", what, "Give a list of 0 to 1."))
    if faults:
        raise InputError(faults)
    v, w = np.broadcast_arrays(v, w)
    if v.shape[-1] == 0:
        return np.full((*v.shape[:-1], len(asked)), np.nan)
    order = np.argsort(np.where(w > 0, v, np.nan), axis=-1, kind="stable")
    upto = np.cumsum(np.take_along_axis(w, order, axis=-1), axis=-1)
    lived = (w > 0).sum(axis=-1)[..., None]
    unknown = np.isnan(v).any(axis=-1) | np.isnan(w).any(axis=-1) | (lived[..., 0] == 0)
    need = asked * upto[..., -1:] * (1.0 - ROUNDING)
    need = np.where(asked == 1.0, np.inf, need)
    before = (upto[..., None, :] < need[..., None]).sum(axis=-1)
    place = np.take_along_axis(order, np.clip(before, 0, np.maximum(lived - 1, 0)), axis=-1)
    found = np.take_along_axis(v, place, axis=-1)
    return np.where(unknown[..., None], np.nan, found)
