"""A factor and how it varies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault
from resalloc.sampling.allowed import Allowed, in_percent
from resalloc.sampling.distribution import LEAST_U, MOST_U, Levels, LogNormal, Normal

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.scenario import Factor
    from resalloc.sampling.distribution import Distribution


@dataclass(frozen=True)
class Variable:
    """A factor and how it varies.

    Parameters
    ----------
    factor
        What is changed.
    distribution
        By how much, and how often.

    Raises
    ------
    InputError
        The distribution can give a value that the factor cannot take, e.g. a normal
        distribution that reaches below 0 beds. Its tail counts as far as a draw can go,
        8.3 standard deviations. Or the values look like percent: people or speed above 10,
        amounts above 100; of a normal or lognormal distribution the mean or the 99.9 %
        quantile.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.sampling.distribution import Normal
    >>> Variable(Factor("beds"), Normal(1.0, 0.5))
    Traceback (most recent call last):
        ...
    resalloc.errors.InputError: 1 fault in the input:
      - factor 'beds': may come to -3.146; it must be 0 or more. Use lognormal, or a smaller sd.
    """

    factor: Factor
    distribution: Distribution

    def __post_init__(self) -> None:
        reach = self._extremes()
        bad = Allowed(self.factor).refuses(reach)
        if bad.any():
            shown = ", ".join(f"{value:.4g}" for value in reach[bad][:5])
            what = f"may come to {shown}; it must be {Allowed(self.factor).says}."
            raise one_fault(f"factor '{self.factor.name}'", what, self._remedy(reach[bad]))
        usual = self._usual()
        percent = Allowed(self.factor).percent(usual)
        if percent.any():
            what, remedy = in_percent(float(usual[percent][0]))
            if isinstance(self.distribution, LogNormal | Normal) and not percent[0]:
                what = f"comes above {usual[1]:.4g} once in a thousand."
                remedy = "Mend its spread; a cv or sd of 0.06 is 6 %."
            raise one_fault(f"factor '{self.factor.name}'", what, remedy)

    def _usual(self) -> Floats:
        """Give what is drawn more than once in a thousand: the tail beyond is not counted."""
        if isinstance(self.distribution, LogNormal | Normal):
            return np.array(
                [self.distribution.mean, *self.distribution.quantile(np.array([0.999]))]
            )
        return self._extremes()

    def _extremes(self) -> Floats:
        """Give all levels, or the least and the greatest value that can be drawn."""
        if isinstance(self.distribution, Levels):
            return np.array(self.distribution.values)
        ends = self.distribution.quantile(np.array([LEAST_U, 0.5, MOST_U]))
        return ends if self.factor.kind == "site" else ends[[0, -1]]

    def _remedy(self, bad: Floats) -> str:
        if self.factor.kind == "site":
            return "Give the levels 0 (closed) and 1 (open)."
        if isinstance(self.distribution, Normal):
            return "Use lognormal, or a smaller sd."
        if self.factor.kind == "project" and 1 < bad[-1] <= 100:
            return f"Write {bad[-1] / 100:.4g} for {bad[-1]:.4g} %."
        return "Mend the values."
