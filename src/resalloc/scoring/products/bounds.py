"""What a value is compared with: a sense, and a bound for every variant of the norms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from resalloc.errors import Fault

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats

Sense = Literal[">=", "<=", "=="]
SENSES: dict[str, int] = {">=": 1, "<=": -1, "==": 0}


def bounds_of(where: str, sense: str, given: Floats, scale: float) -> tuple[Floats, list[Fault]]:
    """Give a row's bounds, one a variant, with what is wrong with them, sense and scale.

    Examples
    --------
    >>> bounds_of("beds", ">=", [5, 6], 1000.0)
    (array([5., 6.]), [])
    """
    faults = []
    if sense not in SENSES:
        known = ", ".join(SENSES)
        faults.append(Fault(f"{where}: sense", f"is '{sense}'.", f"Write one of {known}."))
    if not np.isfinite(scale) or scale == 0:
        faults.append(Fault(f"{where}: scale", f"is {scale}.", "Give a number other than 0."))
    bounds = np.atleast_1d(np.asarray(given, dtype=float))
    if bounds.ndim != 1 or not len(bounds) or not np.isfinite(bounds).all():
        what = "are not a number for every variant."
        faults.append(Fault(f"{where}: bounds", what, "Give each variant its bound."))
    return bounds, faults
