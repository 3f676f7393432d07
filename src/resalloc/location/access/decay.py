"""How much a place counts the farther away it is: 1 next door, 0 beyond the catchment's edge."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, InputError

if TYPE_CHECKING:
    from typing import Any

    from resalloc.location.costs import Floats

_EDGE = np.exp(-0.5)


class Decay(ABC):
    """A weight between 0 and 1 that never rises with the cost and is 0 beyond the radius.

    Called with costs and a radius (of any shapes that go together), it gives the weights.
    The radius itself is still inside. An infinite cost weighs 0.
    """

    def __call__(self, cost: Any, radius: Any) -> Floats:
        """Give the weight of each cost within its radius."""
        away, edge = np.broadcast_arrays(np.asarray(cost, float), np.asarray(radius, float))
        inside = (away <= edge) & np.isfinite(away)
        return np.where(inside, self.within(np.where(inside, away, 0.0), edge), 0.0)

    @abstractmethod
    def within(self, cost: Floats, radius: Floats) -> Floats:
        """Give the weights of costs that are all within the radius."""

    @property
    def edge(self) -> float | None:
        """Where the weight ends by itself; None where it needs a radius."""
        return None


@dataclass(frozen=True)
class Step(Decay):
    """Everything within the radius counts in full (Luo & Wang 2003).

    Examples
    --------
    >>> Step()([0.0, 30.0, 30.1], 30.0).tolist()
    [1.0, 1.0, 0.0]
    """

    def within(self, cost: Floats, radius: Floats) -> Floats:
        """Give 1 each."""
        return np.ones_like(cost)


@dataclass(frozen=True)
class Zones(Decay):
    """One weight a zone, as in the enhanced method (Luo & Qi 2009).

    Parameters
    ----------
    limits
        Outer limit of each zone, inclusive, ascending, in the unit of the costs. A zone does
        not reach beyond the radius; without a radius the last limit is the edge.
    weights
        Weight of each zone, descending, between 0 and 1. Luo and Qi use 1, 0.68, 0.22
        (slow decay) and 1, 0.42, 0.09 (fast) for 0-10, 10-20 and 20-30 minutes.

    Raises
    ------
    InputError
        Limits that do not ascend, weights that do not descend, or not one weight a limit.

    Examples
    --------
    >>> Zones((10, 20, 30), (1, 0.68, 0.22))([5.0, 10.0, 20.5, 30.5], 30.0).tolist()
    [1.0, 1.0, 0.22, 0.0]
    """

    limits: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        limits, weights = tuple(map(float, self.limits)), tuple(map(float, self.weights))
        faults = []
        if not limits or len(limits) != len(weights):
            count = f"{len(limits)} limits and {len(weights)} weights are given."
            faults.append(Fault("zones", count, "Give one weight a limit, and at least one."))
        if not (np.isfinite(limits).all() and all(np.diff((0.0, *limits)) > 0)):
            faults.append(Fault("zones, limits", f"are {limits}.", "Give ascending finite limits."))
        if not all(0 <= w <= 1 for w in weights) or any(np.diff(weights) > 0):
            remedy = "Give weights between 0 and 1 that never rise outwards."
            faults.append(Fault("zones, weights", f"are {weights}.", remedy))
        if faults:
            raise InputError(faults)
        object.__setattr__(self, "limits", limits)
        object.__setattr__(self, "weights", weights)

    def within(self, cost: Floats, radius: Floats) -> Floats:
        """Give the weight of the zone; 0 beyond the last."""
        zone = np.searchsorted(self.limits, cost, side="left")
        return np.array((*self.weights, 0.0))[zone]

    @property
    def edge(self) -> float:
        """The last limit."""
        return self.limits[-1]


@dataclass(frozen=True)
class Gaussian(Decay):
    """A bell that reaches 0 at the radius (Dai 2010).

    .. math:: f(d) = (e^{-(d/r)^2/2} - e^{-1/2}) / (1 - e^{-1/2})

    where *d* is the cost and *r* the radius.

    Examples
    --------
    >>> Gaussian()([0.0, 15.0, 30.0], 30.0).round(4).tolist()
    [1.0, 0.7014, 0.0]
    """

    def within(self, cost: Floats, radius: Floats) -> Floats:
        """Give the bell's height."""
        return np.asarray((np.exp(-0.5 * _part(cost, radius) ** 2) - _EDGE) / (1 - _EDGE))


@dataclass(frozen=True)
class Linear(Decay):
    """A straight fall from 1 at no cost to 0 at the radius.

    Examples
    --------
    >>> Linear()([0.0, 7.5, 30.0], 30.0).tolist()
    [1.0, 0.75, 0.0]
    """

    def within(self, cost: Floats, radius: Floats) -> Floats:
        """Give 1 less the part of the radius."""
        return 1.0 - _part(cost, radius)


@dataclass(frozen=True)
class Exponential(Decay):
    """The same part lost with each unit of cost, ``exp(-rate · d)``; cut off at the radius.

    Parameters
    ----------
    rate
        Per unit of cost, above 0.

    Raises
    ------
    InputError
        The rate is not above 0.

    Examples
    --------
    >>> Exponential(0.1)([0.0, 10.0, 31.0], 30.0).round(4).tolist()
    [1.0, 0.3679, 0.0]
    """

    rate: float

    def __post_init__(self) -> None:
        _above_zero("exponential decay, rate", self.rate)

    def within(self, cost: Floats, radius: Floats) -> Floats:
        """Give the exponential."""
        return np.asarray(np.exp(-self.rate * cost))


@dataclass(frozen=True)
class Power(Decay):
    """Gravity's fall ``(smallest / d)^exponent``, 1 up to the smallest cost; cut off at the radius.

    Parameters
    ----------
    exponent
        Above 0; 2 is gravity's own.
    smallest
        Costs below this count as this: a power has no value at 0.

    Raises
    ------
    InputError
        Either is not above 0.

    Examples
    --------
    >>> Power(2.0, smallest=1.0)([0.0, 1.0, 2.0, 31.0], 30.0).tolist()
    [1.0, 1.0, 0.25, 0.0]
    """

    exponent: float
    smallest: float

    def __post_init__(self) -> None:
        _above_zero("power decay, exponent", self.exponent)
        _above_zero("power decay, smallest cost", self.smallest)

    def within(self, cost: Floats, radius: Floats) -> Floats:
        """Give the power."""
        return np.asarray((self.smallest / np.maximum(cost, self.smallest)) ** self.exponent)


def _part(cost: Floats, radius: Floats) -> Floats:
    """Give the cost as a part of the radius; 0 where the radius is 0."""
    return np.divide(cost, radius, out=np.zeros(np.shape(cost)), where=radius > 0)


def _above_zero(where: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise InputError([Fault(where, f"is {value:g}.", "Give a finite number above 0.")])
