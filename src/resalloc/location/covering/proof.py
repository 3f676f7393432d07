"""Searching and bounding covers in turn, until one is proven cheapest or none is left to find."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.location.covering.bound import lower_bound
from resalloc.location.covering.incidence import incidence
from resalloc.location.covering.reduce import reduced
from resalloc.location.covering.search import good_cover
from resalloc.location.siting import PROVEN, relative_gap
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask

_QUICK, _THOROUGH = 2_000, 20_000
_HAIR = 1e-7
"""Where costs are not whole numbers, a cover has to be cheaper by this part to count as better."""


@dataclass(frozen=True)
class Left:
    """What still needs a decision: a table, and which sites of the whole its columns are.

    `opened` are the sites of the whole opened so far, and `paid` is what they cost.
    """

    reach: Mask
    need: Ints
    cost: Floats
    sites: Ints
    opened: Ints
    paid: float


def shrunk(left: Left, opens: Mask, allowed: Mask) -> tuple[Left, Ints]:
    """Open and close sites and apply the reductions.

    Gives what is left, and the demand (by position in `left`) that too few sites can cover.
    """
    small = reduced(left.reach, left.need, left.cost, opens, allowed)
    opened = np.concatenate([left.opened, left.sites[small.opened]])
    paid = left.paid + float(left.cost[small.opened].sum())
    cost, sites = left.cost[small.sites], left.sites[small.sites]
    return Left(small.reach, small.need, cost, sites, opened, paid), small.short


@dataclass
class Quest:
    """What is looked for and what is known so far.

    `upper` is the cost of the best cover found, `bound` what no cover can cost less than;
    `counted` says that all costs are whole numbers.
    """

    at_most: float | None
    gap: float
    counted: bool
    bound: float
    upper: float = np.inf
    best: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))

    @property
    def target(self) -> float:
        """Covers up to this cost, and no others, are still of interest."""
        if self.at_most is not None:
            return self.at_most
        below = self.upper * (1 - max(self.gap, _HAIR))
        return min(self.upper - 1, np.floor(below)) if self.counted else below

    @property
    def beyond(self) -> float:
        """What every cover costs at least when none is within the target."""
        return float(np.floor(self.target + 1e-6)) + 1 if self.counted else self.target

    @property
    def found(self) -> bool:
        """Whether the cover that was asked for is there."""
        return self.at_most is not None and self.upper <= self.at_most + self.slack

    @property
    def slack(self) -> float:
        """Rounding allowed for when a cost is held against the target."""
        return 1e-9 * max(1.0, abs(self.target)) if np.isfinite(self.target) else 0.0

    def offer(self, sites: Ints, value: float) -> None:
        """Keep a cover if it is the cheapest so far."""
        if value < self.upper:
            self.best, self.upper = sites, value

    def raise_to(self, value: float) -> bool:
        """Take note of a bound on what is left; say whether it excludes the target."""
        lifted = float(np.ceil(value - 1e-6 - self.slack)) if self.counted else value
        self.bound = max(self.bound, min(lifted, self.beyond))
        return lifted > self.target + self.slack

    def verdict(self, proven: bool) -> Status:
        """Give the status; `proven` says that no cover is within the target."""
        if proven and not self.found:
            self.bound = max(self.bound, self.beyond)
        if self.at_most is not None and not self.found:
            return Status.INFEASIBLE if proven else Status.UNKNOWN
        if not np.isfinite(self.upper):
            return Status.UNKNOWN
        self.bound = min(self.bound, self.upper)
        exact = relative_gap(self.upper, self.bound) <= PROVEN
        return Status.OPTIMAL if exact else Status.FEASIBLE


def decided(left: Left, quest: Quest, until: float, branch: bool) -> Status:
    """Search and bound in turn, shrinking what is left, and branch on the rest."""
    steps, priced = _QUICK, False
    bound, beyond = 0.0, np.zeros(0)
    while True:
        enough = quest.bound if quest.at_most is None else quest.at_most
        lists = incidence(left.reach)
        chosen, value = good_cover(
            lists, left.need, left.cost, steps=steps, enough=enough - left.paid
        )
        quest.offer(np.concatenate([left.opened, left.sites[chosen]]), left.paid + value)
        if quest.found:
            return quest.verdict(proven=False)
        if len(left.sites) == 0:
            return quest.verdict(proven=True)
        if not priced:
            bound, beyond = lower_bound(
                left.reach,
                left.need,
                left.cost,
                # The other half is for a longer search and for branching.
                (until - time.perf_counter()) / 2,
                upper=quest.upper - left.paid,
                enough=quest.target + quest.slack - left.paid,
            )
            priced = True
        if quest.raise_to(left.paid + bound):
            return quest.verdict(proven=True)
        excluded = left.paid + bound + np.abs(beyond) > quest.target + 10 * quest.slack
        opens, closes = excluded & (beyond < 0), excluded & (beyond > 0)
        if opens.any() or closes.any():
            left, short = shrunk(left, opens, ~closes)
            priced = False
            if len(short) or left.paid > quest.target + quest.slack:
                return quest.verdict(proven=True)
        elif steps < _THOROUGH and time.perf_counter() < until:
            steps = _THOROUGH
        else:
            return quest.verdict(proven=branch and _branched(left, quest, until))


def _branched(left: Left, quest: Quest, until: float) -> bool:
    """Look for a cover within the target by branch-and-bound; say whether the search ended."""
    n, m = left.reach.shape
    # Where only one value can still be better, any cover with it will do.
    any_will_do = quest.at_most is not None or (quest.counted and quest.bound == quest.target)
    model = LinearModel(
        cost=np.zeros(m) if any_will_do else left.cost,
        lower=np.zeros(m),
        upper=np.ones(m),
        integer=np.ones(m, dtype=bool),
        matrix=sparse.csr_array(np.vstack([left.reach, left.cost[None, :]])),
        row_lo=np.concatenate([left.need.astype(float), [-np.inf]]),
        row_hi=np.concatenate([np.full(n, np.inf), [quest.target - left.paid]]),
    )
    answer = solve_with_highs(model, until - time.perf_counter(), quest.gap)
    if answer.x is not None:
        chosen = answer.x > 0.5
        value = left.paid + float(left.cost[chosen].sum())
        quest.offer(np.concatenate([left.opened, left.sites[chosen]]), value)
    if not any_will_do and not np.isnan(answer.bound):
        quest.raise_to(left.paid + answer.bound)
    return answer.status is Status.INFEASIBLE
