"""Input of the equity indices, checked, and as shares of its total."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from resalloc.errors import Fault, InputError, one_fault

Floats = npt.NDArray[np.float64]


def checked(where: str, *, signed: tuple[str, ...] = (), **given: Any) -> tuple[Floats, ...]:
    """Give arrays of one shape, scenarios × units, in the order given.

    Parameters
    ----------
    where
        Name of the index, for messages.
    signed
        Names that may hold numbers below 0; the others are amounts.
    **given
        Numbers by unit on the last axis, NaN where unknown; scenario axes are broadcast.

    Raises
    ------
    InputError
        No units, not equally many units, scenarios that do not go together, or an amount
        below zero or without bound; all at once.
    """
    arrays = {name: np.asarray(values, dtype=float) for name, values in given.items()}
    faults = [
        Fault(f"{where}, {name}", "has no units.", "Give one number a unit, on the last axis.")
        for name, values in arrays.items()
        if values.ndim == 0 or values.shape[-1] == 0
    ]
    if faults:
        raise InputError(faults)
    for name, values in arrays.items():
        if name not in signed and (values < 0).any():
            what = f"has {np.nanmin(values):g}."
            faults.append(Fault(f"{where}, {name}", what, "Give amounts from 0 up."))
        if np.isinf(values).any():
            remedy = "Give finite numbers, NaN where one is not known."
            faults.append(Fault(f"{where}, {name}", "has an infinite number.", remedy))
    if len({values.shape[-1] for values in arrays.values()}) > 1:
        sizes = ", ".join(f"{name} {values.shape[-1]}" for name, values in arrays.items())
        faults.append(Fault(where, f"unequal numbers of units: {sizes}.", "Give all the same."))
    if faults:
        raise InputError(faults)
    try:
        return tuple(np.broadcast_arrays(*arrays.values()))
    except ValueError:
        shapes = ", ".join(f"{name} {values.shape}" for name, values in arrays.items())
        what = f"the scenarios do not go together: {shapes}."
        raise one_fault(where, what, "Give as many of each, or one for all.") from None


def shares(amount: Floats) -> Floats:
    """Give each unit's share of the total; NaN where the total is nothing or not known.

    Examples
    --------
    >>> shares(np.array([[30.0, 50.0, 20.0], [0.0, 0.0, 0.0]])).tolist()
    [[0.3, 0.5, 0.2], [nan, nan, nan]]
    """
    return quotient(amount, amount.sum(axis=-1, keepdims=True))


def quotient(top: Any, bottom: Any) -> Floats:
    """Divide; NaN for 0 / 0, infinite for anything else over 0."""
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.asarray(np.divide(top, bottom))
