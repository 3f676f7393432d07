"""Loops compiled to machine code the first time they run, and kept on disk from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop over arrays; called, it does what the Python function says.

    The machine code is kept beside the module, or in the user's cache folder where that
    cannot be written; where neither can, it is compiled anew in every process.

    Examples
    --------
    >>> import numpy as np
    >>> @compiled
    ... def total(values):
    ...     whole = 0.0
    ...     for value in values:
    ...         whole += value
    ...     return whole
    >>> total(np.arange(4.0))
    6.0
    """
    return cast("Loop", _kept(lambda cache: numba.njit(cache=cache, nogil=True)(loop)))


def compiled_ieee(loop: Loop) -> Loop:
    """Compile a loop in which a number divided by 0 is infinite or NaN, as in NumPy.

    Without the check for a 0, the processor can divide several numbers at a time.

    Examples
    --------
    >>> import numpy as np
    >>> @compiled_ieee
    ... def rate(above, below):
    ...     return above / below
    >>> rate(1.0, 0.0), rate(0.0, 0.0)
    (inf, nan)
    """
    made = _kept(lambda cache: numba.njit(cache=cache, nogil=True, error_model="numpy")(loop))
    return cast("Loop", made)


def compiled_parallel(loop: Loop) -> Loop:
    """Compile a loop whose `numba.prange` parts run on all cores.

    The parts must not add up into one number: that order is not fixed, and the same
    input has to give the same answer.
    """
    made = _kept(lambda cache: numba.njit(cache=cache, nogil=True, parallel=True)(loop))
    return cast("Loop", made)


def _kept(make: Callable[[bool], Any]) -> Any:
    """Make a compiled loop that is kept on disk, or one that is not where there is no place."""
    try:
        return make(True)
    except RuntimeError:  # numba finds neither a file of the loop nor a folder to write to
        return make(False)
