"""How one factor varies: a few levels, or a distribution given by its quantiles.

Every sampler draws numbers between 0 and 1 and turns them into values with
:meth:`Distribution.quantile`, so that all of them take the same distributions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy import special

from resalloc.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resalloc.problem.columns import Floats

LEAST_U, MOST_U = 2.0**-54, 1.0 - 2.0**-53
"""What a draw is held between, so that no quantile is infinite."""


class Distribution(Protocol):
    """How one factor varies."""

    def quantile(self, u: Floats) -> Floats:
        """Give the value below which a share `u` of the scenarios lies."""
        ...


@dataclass(frozen=True)
class Levels:
    """A few values, each as likely as the next or by its weight.

    Parameters
    ----------
    values
        The levels, in any order.
    weights
        How often each is drawn, in any unit (0.9 and 0.1, or 9 and 1); equal if not given.

    Raises
    ------
    InputError
        There is no level, a number is missing, a weight is negative, or none is above 0.

    Examples
    --------
    >>> Levels((0, 1), (0.1, 0.9)).quantile(np.array([0.05, 0.1, 0.99])).tolist()
    [0.0, 1.0, 1.0]
    """

    values: tuple[float, ...]
    weights: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(map(float, self.values)))
        if self.weights is not None:
            object.__setattr__(self, "weights", tuple(map(float, self.weights)))
        _refuse("levels", self._faults())

    def _faults(self) -> Iterable[tuple[str, str]]:
        if not self.values:
            yield "there is no level.", "Give at least one value."
        if not all(map(math.isfinite, self.values)):
            yield "a level is not a number.", "Give every level a value."
        if self.weights is None:
            return
        if len(self.weights) != len(self.values):
            what = f"there are {len(self.weights)} weights for {len(self.values)} levels."
            yield what, "Give each level one weight."
        elif not all(math.isfinite(weight) and weight >= 0 for weight in self.weights):
            yield "a weight is negative or not a number.", "Give weights of 0 or more."
        elif sum(self.weights) <= 0:
            yield "the weights add up to 0.", "Give at least one level a weight above 0."

    def quantile(self, u: Floats) -> Floats:
        """Give the level in whose share of the weights `u` falls, in the order given."""
        weights = np.ones(len(self.values)) if self.weights is None else np.array(self.weights)
        drawn = weights > 0
        ends = np.cumsum(weights[drawn])
        place = np.searchsorted(ends[:-1] / ends[-1], u, side="right")
        return np.asarray(np.array(self.values)[drawn][place])


@dataclass(frozen=True)
class Uniform:
    """Any value from `low` to `high`, all as likely.

    Examples
    --------
    >>> Uniform(0.8, 1.2).quantile(np.array([0.0, 0.25, 1.0])).round(3).tolist()
    [0.8, 0.9, 1.2]
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _refuse("uniform", [*_unknown(self), *_out_of_order(self, "low", "high")])

    def quantile(self, u: Floats) -> Floats:
        """Give low + u (high − low)."""
        return np.asarray(self.low + u * (self.high - self.low))


@dataclass(frozen=True)
class Normal:
    """The normal distribution: `mean` and standard deviation `sd`.

    Examples
    --------
    >>> Normal(8.0, 0.5).quantile(np.array([0.5, 0.975])).round(2).tolist()
    [8.0, 8.98]
    """

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _refuse("normal", [*_unknown(self), *_negative(self, "sd")])

    def quantile(self, u: Floats) -> Floats:
        """Give mean + sd Φ⁻¹(u)."""
        return np.asarray(self.mean + self.sd * special.ndtri(u))


@dataclass(frozen=True)
class LogNormal:
    r"""A factor that is never negative: `mean` and coefficient of variation `cv` = sd / mean.

    Its logarithm is normal with variance :math:`\sigma^2 = \ln(1 + cv^2)` and mean
    :math:`\ln(mean) - \sigma^2 / 2`, so that the factor itself has the mean and the
    coefficient of variation given (Johnson, Kotz and Balakrishnan 1994, chapter 14).

    References
    ----------
    Johnson NL, Kotz S, Balakrishnan N (1994). Continuous Univariate Distributions,
    volume 1, 2nd ed. Wiley.

    Examples
    --------
    The median lies a little below the mean:

    >>> LogNormal(1.0, 0.2).quantile(np.array([0.5])).round(4).tolist()
    [0.9806]
    """

    mean: float
    cv: float

    def __post_init__(self) -> None:
        faults = [*_unknown(self), *_negative(self, "cv")]
        if self.mean <= 0:
            faults.append((f"mean {self.mean:g} is not above 0.", "Give a mean above 0."))
        _refuse("lognormal", faults)

    def quantile(self, u: Floats) -> Floats:
        """Give the exponential of the logarithm's quantile."""
        variance = math.log1p(self.cv**2)
        middle = math.log(self.mean) - variance / 2
        return np.asarray(np.exp(middle + math.sqrt(variance) * special.ndtri(u)))


@dataclass(frozen=True)
class Triangular:
    r"""From `low` to `high`, most often near `mode`: three figures a planner can name.

    The quantile is :math:`low + \sqrt{u (high - low)(mode - low)}` up to the mode, which has
    the share (mode − low) / (high − low) below it, and
    :math:`high - \sqrt{(1 - u)(high - low)(high - mode)}` beyond
    (Kotz and van Dorp 2004, chapter 1).

    References
    ----------
    Kotz S, van Dorp JR (2004). Beyond Beta: Other Continuous Families of Distributions with
    Bounded Support and Applications. World Scientific.

    Examples
    --------
    >>> Triangular(0.7, 1.0, 1.1).quantile(np.array([0.0, 0.75, 1.0])).round(3).tolist()
    [0.7, 1.0, 1.1]
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        order = [*_out_of_order(self, "low", "mode"), *_out_of_order(self, "mode", "high")]
        _refuse("triangular", [*_unknown(self), *order])

    def quantile(self, u: Floats) -> Floats:
        """Give the quantile in closed form."""
        width, rise, fall = self.high - self.low, self.mode - self.low, self.high - self.mode
        up = self.low + np.sqrt(u * width * rise)
        down = self.high - np.sqrt((1 - u) * width * fall)
        return np.where(u * width < rise, up, down)


def _refuse(name: str, faults: Iterable[tuple[str, str]]) -> None:
    found = [Fault(name, what, remedy) for what, remedy in faults]
    if found:
        raise InputError(found)


def _unknown(distribution: Uniform | Normal | LogNormal | Triangular) -> Iterable[tuple[str, str]]:
    for field in fields(distribution):
        if not math.isfinite(getattr(distribution, field.name)):
            yield f"{field.name} is not a number.", "Give it a value."


def _negative(distribution: Normal | LogNormal, name: str) -> Iterable[tuple[str, str]]:
    if getattr(distribution, name) < 0:
        yield f"{name} {getattr(distribution, name):g} is negative.", "Give 0 or more."


def _out_of_order(
    distribution: Uniform | Triangular, lower: str, upper: str
) -> Iterable[tuple[str, str]]:
    a, b = getattr(distribution, lower), getattr(distribution, upper)
    if a > b:
        yield f"{lower} {a:g} is above {upper} {b:g}.", "Put them in order."
