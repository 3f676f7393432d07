"""Amounts a user gives for places: one for all or one each, in order or by name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.errors import Fault, did_you_mean

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints

_SHOWN = 5
_NO_NAME = re.compile(r"(demand|site|entry) \d+.*")


def amounts(
    where: str,
    values: Any,
    size: int,
    name: Any,
    *,
    default: float | None = None,
) -> tuple[Floats, list[Fault]]:
    """Give one amount for each place, with the faults found: not negative, finite.

    Parameters
    ----------
    where
        What they are, for the messages: ``"weights"``, ``"capacity"``.
    values
        One number for all, or one each; None takes `default`.
    size
        How many places there are.
    name
        Gives the name of the place at a position.
    default
        What stands where nothing was given; None if something must be.
    """
    if values is None:
        if default is None:
            missing = Fault(where, "is not given.", "Give one number for all, or one each.")
            return np.zeros(size), [missing]
        return np.full(size, default), []
    values, strangers = in_order(where, values, size, name)
    if strangers:
        return np.zeros(size), strangers
    try:
        given = np.asarray(values, dtype=float)
    except (TypeError, ValueError) as error:
        return np.zeros(size), [Fault(where, f"are not numbers ({error}).", "Give numbers.")]
    if given.ndim == 0:
        given = np.full(size, float(given))
    if given.shape != (size,):
        count = f"has shape {given.shape}, and there are {size} places."
        return np.zeros(size), [Fault(where, count, "Give one number for all, or one each.")]
    bad = ~(np.isfinite(given) & (given >= 0))
    return given, listed(
        np.flatnonzero(bad),
        lambda i: Fault(
            f"{where}, {name(i)}",
            f"is {given[i]:g}.",
            "Give a finite number that is not negative.",
        ),
        where,
    )


def thresholds(
    radius: Any,
    size: int,
    classes: Any = None,
    *,
    where: str = "radius",
    name: Any = "demand {}".format,
) -> tuple[Floats, list[Fault]]:
    """Give the radius of each demand point, with the faults found.

    Parameters
    ----------
    radius
        One number for all, one each, or by class: ``{"urban": 3.5, "rural": 10}``.
    size
        Demand points.
    classes
        The class of each demand point, needed where `radius` is by class.
    where
        What to call it in messages.
    name
        Gives the name of the demand point at a position.
    """
    if not isinstance(radius, Mapping):
        return amounts(where, radius, size, name)
    limits, faults = _class_limits(radius, where)
    if classes is None:
        need = Fault(where, "is by class, and no classes are given.", "Give classes=, one each.")
        return np.zeros(size), [*faults, need]
    classes, strangers = in_order("classes", classes, size, name)
    faults += strangers
    labels = [str(label) for label in classes]
    if len(labels) != size:
        count = f"{len(labels)} are given for {size} demand points."
        return np.zeros(size), [*faults, Fault("classes", count, "Give one each.")]
    unknown = sorted(set(labels) - set(limits))
    faults += [
        Fault(f"classes, '{label}'", f"has no {where}.", did_you_mean(label, limits))
        for label in unknown
    ]
    return np.array([limits.get(label, 0.0) for label in labels]), faults


def _class_limits(radius: Mapping[Any, Any], where: str) -> tuple[dict[str, float], list[Fault]]:
    limits, faults = {}, []
    for label, value in radius.items():
        found, bad = amounts(f"{where} of '{label}'", value, 1, lambda _: "value")
        limits[str(label)] = float(found[0])
        faults += bad
    return limits, faults


def in_order(where: str, values: Any, size: int, name: Any) -> tuple[Any, list[Fault]]:
    """Give a pandas Series in the order of the places it names; anything else as it is.

    A Series that counts (0, 1, …), or places without names, go by position. A Series
    that names other places than the costs is a fault: by position it would give a wrong answer.

    Examples
    --------
    >>> import pandas as pd
    >>> beds = pd.Series([30, 80], index=["West", "East"])
    >>> in_order("supply", beds, 2, ["East", "West"].__getitem__)[0].tolist()
    [80, 30]
    """
    if not (hasattr(values, "index") and hasattr(values, "iloc")) or np.ndim(values) != 1:
        return values, []
    labels = [str(label) for label in values.index]
    if len(labels) != size or labels == [str(i) for i in range(size)]:
        return values, []
    names = [name(i) for i in range(size)]
    if labels == names or (names and _NO_NAME.fullmatch(names[0])):
        return values, []
    at = {label: k for k, label in enumerate(labels)}
    if len(at) == size and set(at) == set(names):
        return values.iloc[[at[wanted] for wanted in names]].to_numpy(), []
    strange = next((label for label in labels if label not in set(names)), labels[0])
    what = f"is a series that names '{strange}', which the costs do not (or not once)."
    remedy = "Give it the names of the costs as index, or plain numbers in their order."
    return values, [Fault(where, what, remedy)]


def listed(which: Ints, fault: Any, where: str) -> list[Fault]:
    """Give the first few faults of a kind, and how many more there are."""
    found = [fault(int(i)) for i in which[:_SHOWN]]
    if len(which) > _SHOWN:
        found.append(Fault(where, f"{len(which) - _SHOWN} more of this kind.", ""))
    return found
