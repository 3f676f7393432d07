"""Arrays of any library that follows the array API standard: taken in, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import array_api_compat
import numpy as np

from resalloc.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.problem.columns import Floats

Array = Any
"""An array of NumPy, CuPy, PyTorch, JAX …, on whatever device it lies."""


def library(array: Array) -> Any:
    """Give the namespace of an array's library, as the standard names its functions."""
    return array_api_compat.array_namespace(array)


def is_numpy(array: Array) -> bool:
    """Say whether an array is NumPy's, so that the compiled loops can read it."""
    return bool(array_api_compat.is_numpy_array(array))


def floats(where: str, given: Any, axes: int) -> tuple[Array, list[Fault]]:
    """Give an array of double precision where it lies, with the faults found.

    Lists and the like become NumPy arrays; covered or not (true, false) becomes 1 and 0.

    Parameters
    ----------
    where
        What to call it in messages.
    given
        The array.
    axes
        How many axes it has to have.

    Examples
    --------
    >>> floats("fields", [[True, False]], 2)[0].tolist()
    [[1.0, 0.0]]
    """
    try:
        array = given if array_api_compat.is_array_api_obj(given) else np.asarray(given, float)
        xp = library(array)
        if array.dtype != xp.float64:
            array = xp.astype(array, xp.float64)
    except (TypeError, ValueError) as error:
        return np.zeros((0,) * axes), [Fault(where, f"is no array of numbers: {error}.", "")]
    if array.ndim != axes:
        what = f"has {array.ndim} axes instead of {axes}."
        return np.zeros((0,) * axes), [Fault(where, what, "See the shapes that are asked for.")]
    if array.dtype != xp.float64:
        what = "cannot be held in double precision by its library."
        remedy = "Allow it (JAX: jax_enable_x64), or give NumPy arrays."
        return array, [Fault(where, what, remedy)]
    return array, []


def host(array: Array) -> Any:
    """Give an array as NumPy's, brought over from its device if need be."""
    if is_numpy(array):
        return array
    near = array_api_compat.to_device(array, "cpu") if _elsewhere(array) else array
    try:
        return np.asarray(near)
    except (TypeError, ValueError):
        return np.from_dlpack(near)


def like(values: Floats, array: Array) -> Array:
    """Give NumPy's values as an array of the library and on the device of another."""
    if is_numpy(array):
        return values
    return library(array).asarray(values.tolist(), dtype=array.dtype, device=place(array))


def place(array: Array) -> Any:
    """Give the device on which an array lies."""
    return array_api_compat.device(array)


def extremes(array: Array) -> tuple[float, float]:
    """Give the least and the greatest number; (inf, -inf) where nothing is known.

    Examples
    --------
    >>> import numpy as np
    >>> extremes(np.array([3.0, np.nan, 1.0]))
    (1.0, 3.0)
    """
    if array_api_compat.size(array) == 0:
        return float("inf"), float("-inf")
    xp = library(array)
    missing = xp.isnan(array)
    infinity = xp.asarray(float("inf"), dtype=array.dtype, device=place(array))
    above, below = xp.where(missing, infinity, array), xp.where(missing, -infinity, array)
    return float(xp.min(above)), float(xp.max(below))


def infinite(array: Array) -> bool:
    """Say whether some number is infinite."""
    xp = library(array)
    return bool(xp.any(xp.isinf(array)))


def same_home(arrays: Sequence[Array]) -> list[Fault]:
    """Give a fault where arrays belong to different libraries or lie on different devices."""
    try:
        array_api_compat.array_namespace(*arrays)
        homes = {str(place(array)) for array in arrays}
    except TypeError:
        remedy = "Give all of them by one library."
        return [Fault("arrays", "belong to different array libraries.", remedy)]
    if len(homes) > 1:
        what = f"lie on different devices: {', '.join(sorted(homes))}."
        return [Fault("arrays", what, "Put all of them on one.")]
    return []


def _elsewhere(array: Array) -> bool:
    return "cpu" not in str(place(array)).lower()
