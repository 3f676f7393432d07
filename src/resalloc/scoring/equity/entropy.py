r"""Theil's indices, and how much of them lies between groups of townships and within them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from resalloc.errors import Fault, InputError
from resalloc.scoring.equity.shares import Floats, checked, quotient, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

Form = Literal["L", "T"]


def theil(amount: Any, people: Any, form: Form = "L", base: float = math.e) -> Floats:
    r"""Theil index of what units have against their people.

    Papers mix two directions and two logarithms. Chinese papers on health resources mostly
    print form ``"L"``, some with base 10; say which beside the figure.

    Parameters
    ----------
    amount
        What is shared out (beds, staff) by unit, scenarios × units.
    people
        People by unit; scenarios × units or units alone.
    form
        ``"L"``: people's share over the amount's, weighted by people. ``"T"``: the amount's
        share over people's, weighted by the amount.
    base
        Base of the logarithm: e, or 10.

    Returns
    -------
    numpy.ndarray
        One number a scenario, 0 where all have the same per head; 0 for a single unit. NaN where
        a figure is not known, or nothing is there to share or nobody to share it. People with
        nothing make L infinite, and count as 0 in T; an amount without people the other way
        round. A unit with neither counts for nothing.

    Raises
    ------
    InputError
        Numbers below zero or infinite, shapes that do not go together, an unknown form, or a
        base not above 1.

    Notes
    -----
    .. math::

        L = \sum_i p_i \log(p_i / y_i), \qquad T = \sum_i y_i \log(y_i / p_i)

    where *p_i* is the share of unit *i* in the people and *y_i* in the amount. Theil H. (1967),
    Economics and Information Theory; L is the mean logarithmic deviation.

    Examples
    --------
    >>> beds, people = [200, 150, 50], [30, 50, 20]
    >>> round(float(theil(beds, people)), 6), round(float(theil(beds, people, base=10)), 6)
    (0.084594, 0.036739)
    >>> round(float(theil(beds, people, form="T")), 6)
    0.088782
    """
    y, p = (shares(v) for v in _asked(amount, people, form, base))
    return _index(y, p, form) / math.log(base)


@dataclass(frozen=True, eq=False)
class TheilGroups:
    """A Theil index in parts: ``total = between + within``.

    Parameters
    ----------
    labels
        The groups, in order of their first unit.
    total
        The index of all units.
    between
        What it would be if all units of a group had the same per head.
    within
        The rest: Σ weight × index over the groups. The weight is the group's share in the
        people (form L) or in the amount (form T).
    by_group
        The index of each group by itself, scenarios × groups; NaN where a group has nobody, or
        nothing to share. What such a group adds is all in `between`.
    within_by_group
        What each group adds to `within`, scenarios × groups.
    """

    labels: tuple[str, ...]
    total: Floats
    between: Floats
    within: Floats
    by_group: Floats
    within_by_group: Floats

    @property
    def between_share(self) -> Floats:
        """Part of the total that lies between groups (组间贡献率), 0 to 1; NaN of no total."""
        return quotient(self.between, self.total)

    @property
    def within_share(self) -> Floats:
        """Part of the total that lies within groups (组内贡献率)."""
        return quotient(self.within, self.total)

    @property
    def share_by_group(self) -> Floats:
        """Part of the total that lies within each group, scenarios × groups."""
        return quotient(self.within_by_group, self.total[..., None])


def theil_groups(
    amount: Any,
    people: Any,
    groups: Sequence[str],
    form: Form = "L",
    base: float = math.e,
) -> TheilGroups:
    r"""Say how much of a Theil index lies between groups of units, and how much within.

    Parameters
    ----------
    amount, people, form, base
        As in :func:`theil`.
    groups
        The group of each unit, e.g. street or town.

    Returns
    -------
    TheilGroups
        The parts, scenario by scenario.

    Raises
    ------
    InputError
        As in :func:`theil`, or not one group a unit.

    Notes
    -----
    .. math::

        L_b = \sum_g p_g \log(p_g / y_g), \qquad L_w = \sum_g p_g L_g, \qquad L = L_b + L_w

    with *p_g*, *y_g* the shares of group *g* in people and amount and *L_g* the index of its own
    units; for T with *y* and *p* in each other's place.

    Examples
    --------
    >>> parts = theil_groups([200, 150, 50], [30, 50, 20], ["seat", "rural", "rural"])
    >>> round(float(parts.between), 7), round(float(parts.within), 7)
    (0.0822829, 0.0023112)
    >>> round(float(parts.between_share), 3)
    0.973
    """
    x, n = _asked(amount, people, form, base, groups)
    unit = math.log(base)
    labels = tuple(dict.fromkeys(groups))
    members = np.array([[group == label for group in groups] for label in labels], dtype=float)
    grouped_y, grouped_p = (shares(v) @ members.T for v in (x, n))
    total = _index(shares(x), shares(n), form) / unit
    between = _index(grouped_y, grouped_p, form) / unit
    own = [np.flatnonzero(row) for row in members]
    indices = [_index(shares(x[..., g]), shares(n[..., g]), form) / unit for g in own]
    by_group = np.stack(indices, axis=-1)
    weight = grouped_p if form == "L" else grouped_y
    inside = np.where(np.isnan(by_group), 0.0, weight * by_group)
    # A figure that is not known leaves every part of the scenario unknown.
    inside = np.where(np.isnan(total)[..., None], np.nan, inside)
    return TheilGroups(labels, total, between, inside.sum(axis=-1), by_group, inside)


def _index(y: Floats, p: Floats, form: Form) -> Floats:
    """Give the index of shares in the amount and in the people, in natural logarithms."""
    top, bottom = (p, y) if form == "L" else (y, p)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        terms = np.where(top == 0, 0.0, top * np.log(top / bottom))
    unknown = np.isnan(bottom).any(axis=-1)
    return np.where(unknown, np.nan, np.maximum(terms.sum(axis=-1), 0.0))


def _asked(
    amount: Any, people: Any, form: str, base: float, groups: Sequence[str] | None = None
) -> tuple[Floats, Floats]:
    """Check what was asked and give amount and people of one shape."""
    faults = []
    if form not in ("L", "T"):
        faults.append(Fault("theil, form", f"'{form}' is not a form.", "Write L or T."))
    if not 1 < base < math.inf:
        faults.append(Fault("theil, base", f"is {base:g}.", "Give e (math.e) or 10."))
    count = np.shape(amount)[-1] if np.ndim(amount) else 0
    if groups is not None and len(groups) != count:
        what = f"{len(groups)} for {count} units."
        faults.append(Fault("theil, groups", what, "Give one group a unit."))
    try:
        x, n = checked("theil", amount=amount, people=people)
    except InputError as error:
        faults += error.faults
    if faults:
        raise InputError(faults)
    return x, n
