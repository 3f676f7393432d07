"""Loops compiled to machine code the first time they run, and kept on disk from then on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop over arrays; called, it does what the Python function says."""
    return cast("Loop", numba.njit(cache=True, nogil=True)(loop))


def compiled_parallel(loop: Loop) -> Loop:
    """Compile a loop whose `numba.prange` parts run on all cores.

    The parts must not add up into one number: that order is not fixed, and the same
    input has to give the same answer.
    """
    return cast("Loop", numba.njit(cache=True, nogil=True, parallel=True)(loop))
