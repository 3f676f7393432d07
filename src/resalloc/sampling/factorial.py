"""Every combination of levels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault
from resalloc.problem.scenario import Batch
from resalloc.sampling.design import LARGEST, check_rows, name_faults, refuse
from resalloc.sampling.distribution import Levels

if TYPE_CHECKING:
    from resalloc.problem.scenario import Factor
    from resalloc.sampling.variable import Variable


@dataclass(frozen=True)
class Factorial:
    """Every combination of the factors' levels, the first factor slowest.

    Parameters
    ----------
    variables
        The factors and their levels, without weights: every level counts once.

    Raises
    ------
    InputError
        A factor has no levels but a distribution, its levels have weights, or there are more
        than 2⁶³ − 1 combinations.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.sampling.variable import Variable
    >>> speed = Variable(Factor("speed"), Levels((0.8, 1.0)))
    >>> beds = Variable(Factor("norm.beds_per_1000"), Levels((7.5, 8.0)))
    >>> Factorial((speed, beds)).rows(0, 4).values.tolist()
    [[0.8, 7.5], [0.8, 8.0], [1.0, 7.5], [1.0, 8.0]]
    """

    variables: tuple[Variable, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "variables", tuple(self.variables))
        faults = list(name_faults(self.factors))
        for variable in self.variables:
            where = f"factor '{variable.factor.name}'"
            if not isinstance(variable.distribution, Levels):
                what = "has a distribution; a factorial takes levels."
                remedy = 'Give levels, or use sampler = "sobol".'
                faults.append(Fault(where, what, remedy))
            elif variable.distribution.weights is not None:
                what = "has weights; a factorial takes every level once."
                remedy = 'Leave the weights (or `open`) out, or use sampler = "sobol".'
                faults.append(Fault(where, what, remedy))
        if not faults and math.prod(self.shape) > LARGEST:
            what = f"{math.prod(self.shape):.3g} combinations are too many to count."
            faults.append(Fault("factorial", what, 'Use sampler = "sobol".'))
        refuse(faults)

    @property
    def shape(self) -> tuple[int, ...]:
        """How many levels each factor has."""
        levels = [v.distribution for v in self.variables]
        return tuple(len(each.values) for each in levels if isinstance(each, Levels))

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What differs between the scenarios."""
        return tuple(variable.factor for variable in self.variables)

    def __len__(self) -> int:
        return math.prod(self.shape)

    def rows(self, low: int, high: int) -> Batch:
        """Give the scenarios `low` to `high` − 1, counted from 0."""
        check_rows(self, low, high)
        rest = np.arange(low, high, dtype=np.int64)
        values = np.empty((high - low, len(self.variables)))
        for k in reversed(range(len(self.variables))):
            levels = self.variables[k].distribution
            assert isinstance(levels, Levels)
            rest, place = np.divmod(rest, len(levels.values))
            values[:, k] = np.array(levels.values)[place]
        return Batch(self.factors, values)
