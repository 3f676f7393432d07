"""A p-median to solve, an answer to it, and how far that is proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from resalloc.location.costs import AnyCosts, Floats, Ints, Mask


@dataclass(frozen=True)
class Median:
    """The p-median to solve, without forbidden sites or weightless demand.

    Parameters
    ----------
    costs, weights
        Demand × sites, and by demand point.
    fixed
        By site: open whatever happens.
    p
        Sites to open.
    step
        Payments of all answers are multiples of this; 0 where they need not be.
    gap
        Relative gap at which the search may end.
    deadline
        Of :func:`time.perf_counter`; infinite for none.
    enough
        A payment at which the search may end: only whether it can be had is asked.
    """

    costs: AnyCosts
    weights: Floats
    fixed: Mask
    p: int
    step: float
    gap: float
    deadline: float
    enough: float = -np.inf

    def payment(self, sites: Ints) -> float:
        """Give what a set of open sites costs, from the costs themselves."""
        nearest = self.costs.only(sites).dense().min(axis=1)
        return float(self.weights @ nearest)

    def cutoff(self, best: float) -> float:
        """Give the bound above which nothing better than `best` is worth looking for.

        Rounding in sums of floats is allowed for; that only makes the search do more than
        it must.
        """
        if best > self.enough > -np.inf:
            return self.enough
        slack = self._slack(best)
        whole = best - self.step + slack if self._stepwise(best) else best - max(slack, 1e-7 * best)
        return min(whole, best * (1 - self.gap)) if self.gap else whole

    def bound(self, best: float, undecided: float) -> float:
        """Give the proven bound once all but the parts from `undecided` on are closed.

        A closed part has a bound above the cutoff; where payments come in steps there is
        then no step between the two left.
        """
        if self._stepwise(best):
            slack = self._slack(best)
            closed = best if not self.gap else self._rounded_up(self.cutoff(best))
            rest = undecided if np.isinf(undecided) else self._rounded_up(undecided - slack)
            return float(min(closed, rest, best))
        return float(min(self.cutoff(best), undecided, best))

    def _rounded_up(self, bound: float) -> float:
        return float(self.step * np.ceil(bound / self.step - 1e-9))

    def _slack(self, best: float) -> float:
        return max(1e-6 * min(1.0, abs(best)), 1e-12 * len(self.weights) * abs(best))

    def _stepwise(self, best: float) -> bool:
        return self._slack(best) < self.step / 2


@dataclass(frozen=True)
class Best:
    """The cheapest set so far."""

    sites: Ints
    payment: float

    def or_better(self, median: Median, sites: Ints) -> Best:
        """Give the cheaper of this and another set of sites."""
        payment = median.payment(sites)
        return Best(np.sort(sites), payment) if payment < self.payment else self


@dataclass(frozen=True)
class Proof:
    """The best set of sites found, and how far it is proven.

    Parameters
    ----------
    sites
        Positions of the open sites, ascending.
    payment
        Its total payment.
    bound
        No set of p sites costs less.
    nodes
        Nodes of the tree.
    closed
        Whether the search came to its end.
    """

    sites: Ints
    payment: float
    bound: float
    nodes: int
    closed: bool
