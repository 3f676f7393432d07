"""Several designs crossed: every scenario of one with every scenario of the others."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault
from resalloc.problem.scenario import Batch
from resalloc.sampling.design import LARGEST, check_rows, name_faults, refuse

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.scenario import Factor
    from resalloc.sampling.design import Design


@dataclass(frozen=True)
class Crossed:
    """Every combination of the axes' scenarios, the last axis fastest, as one table.

    Parameters
    ----------
    designs
        The axes.

    Raises
    ------
    InputError
        There is no axis, a factor stands on two axes, or there are more than 2⁶³ − 1
        combinations.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.sampling.distribution import Levels
    >>> from resalloc.sampling.factorial import Factorial
    >>> from resalloc.sampling.variable import Variable
    >>> speed = Factorial((Variable(Factor("speed"), Levels((0.8, 1.0))),))
    >>> beds = Factorial((Variable(Factor("beds"), Levels((1.0, 1.1, 1.2))),))
    >>> Crossed((speed, beds)).rows(2, 5).values.tolist()
    [[0.8, 1.2], [1.0, 1.0], [1.0, 1.1]]
    """

    designs: tuple[Design, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "designs", tuple(self.designs))
        faults = list(name_faults(self.factors))
        size = math.prod(len(design) for design in self.designs)
        if size > LARGEST:
            what = f"{size:.3g} combinations are too many to count."
            faults.append(Fault("axes", what, "Give the axes fewer scenarios."))
        refuse(faults)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What differs between the scenarios, axis by axis."""
        return tuple(factor for design in self.designs for factor in design.factors)

    def __len__(self) -> int:
        return math.prod(len(design) for design in self.designs)

    def rows(self, low: int, high: int) -> Batch:
        """Give the scenarios `low` to `high` − 1, counted from 0."""
        check_rows(self, low, high)
        parts: list[Floats] = []
        stride = 1
        for design in reversed(self.designs):
            parts.append(_along(design, low, high, stride))
            stride *= len(design)
        return Batch(self.factors, np.hstack(parts[::-1]))


def _along(design: Design, low: int, high: int, stride: int) -> Floats:
    """Give one axis's part of the scenarios; it steps on after every `stride` of them."""
    if low == high:
        return np.empty((0, len(design.factors)))
    size, first, last = len(design), low // stride, (high - 1) // stride
    place = np.arange(low, high, dtype=np.int64) // stride
    if last - first + 1 >= size:
        return design.rows(0, size).values[place % size]
    begin, end = first % size, last % size
    if begin <= end:
        return design.rows(begin, end + 1).values[place - first]
    pieces = (design.rows(begin, size).values, design.rows(0, end + 1).values)
    return np.concatenate(pieces)[place - first]
