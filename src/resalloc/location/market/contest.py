"""Our sites against competitors' sites: the input of Huff's model, checked, and who wins what."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from resalloc.errors import Fault, InputError
from resalloc.location.access.asked import dimensions, huff_choice
from resalloc.location.costs import CostLike, Floats, Ints, as_costs
from resalloc.location.instance import Instance, checked, site_mask
from resalloc.location.market.search import Market
from resalloc.location.siting import Siting
from resalloc.status import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.access.catchments import Huff


@dataclass(frozen=True)
class Contest:
    """Checked input of Huff's model.

    Parameters
    ----------
    instance
        Demand, our sites and rules; competitors' sites are forbidden.
    huff
        How our sites pull.
    competing
        By demand point, the pull of all competitors.
    """

    instance: Instance
    huff: Huff
    competing: Floats

    def market(self) -> Market:
        """Give the pulls of the sites that may open, by their positions among those."""
        allowed = self.instance.allowed
        choice = replace(self.huff, attractiveness=self.huff.attractiveness[allowed])
        pull = choice.pull(self.instance.costs.only(allowed).dense())
        return Market.of(pull, self.competing, self.instance.weights, self.instance.fixed[allowed])

    def parts(self, sites: Ints) -> Floats:
        """Give which part of each demand point each of some open sites wins."""
        choice = replace(self.huff, attractiveness=self.huff.attractiveness[sites])
        pull = choice.pull(self.instance.costs.only(sites).dense())
        total = pull.sum(axis=1, keepdims=True) + self.competing[:, None]
        part: Floats = np.divide(pull, total, out=np.zeros_like(pull), where=total > 0)
        return part

    def won(self, sites: Ints) -> float:
        """Give the weight that open sites win."""
        return float(self.instance.weights @ self.parts(sites).sum(axis=1))

    def siting(
        self, model: str, sites: Ints, objective: float, bound: float, begun: float
    ) -> Siting:
        """Give the answer of a model, not yet confirmed."""
        n, m = self.instance.shape
        part = self.parts(sites)
        covered = np.asarray(part.any(axis=1))
        assignment = np.where(covered, sites[part.argmax(axis=1)], -1)
        row, column = np.nonzero(part)
        split = sparse.csr_array((part[row, column], (row, sites[column])), shape=(n, m))
        return Siting(
            model=model,
            status=Status.FEASIBLE,
            objective=objective,
            bound=bound,
            open=sites,
            assignment=assignment,
            covered=covered,
            served_cost=self.instance.costs.of(assignment),
            seconds=time.perf_counter() - begun,
            costs=self.instance.costs,
            split=split,
        )


def contested(
    cost: CostLike,
    *,
    weights: Any,
    attractiveness: Any,
    competitors: Any,
    competitor_attractiveness: Any,
    exponent: float,
    smallest: float | None,
    fixed: Any,
    forbidden: Any,
    p: int | None = None,
    others: Sequence[Fault] = (),
) -> Contest:
    """Give the input in checked form; see :func:`resalloc.location.market.huff.market_share`.

    Raises
    ------
    InputError
        Every fault at once; or that no competitor pulls anybody.
    """
    n, _ = dimensions(cost)
    costs = as_costs(cost)
    ours, found = huff_choice(attractiveness, exponent, smallest, costs)
    faults = [*others, *found]
    theirs: Huff | None = None
    if _is_table(competitors):
        theirs, found = _competitors(competitors, n, competitor_attractiveness, exponent, smallest)
        faults += found
        sites = np.zeros(costs.shape[1], dtype=bool)
    else:
        sites, found = site_mask("competitors", competitors, costs)
        faults += found
    never, found = site_mask("forbidden", forbidden, costs)
    faults += found
    instance = checked(
        costs, weights=weights, p=p, fixed=fixed, forbidden=never | sites, others=faults
    )
    if theirs is not None:
        pull = theirs.pull(as_costs(competitors).dense())
    else:
        where = np.flatnonzero(sites)
        their_choice = replace(ours, attractiveness=ours.attractiveness[where])
        pull = their_choice.pull(instance.costs.only(where).dense())
    competing = pull.sum(axis=1)
    if not competing[instance.weights > 0].any():
        what = "pull nobody: our sites would win everybody, whatever is opened."
        raise InputError([Fault("competitors", what, "Give where others are open.")])
    return Contest(instance, ours, competing)


def _is_table(competitors: Any) -> bool:
    if any(hasattr(competitors, name) for name in ("tocoo", "columns", "rows")):
        return True
    try:
        return np.ndim(competitors) > 1
    except ValueError:
        return True


def _competitors(
    table: Any, n: int, attractiveness: Any, exponent: float, smallest: float | None
) -> tuple[Huff | None, list[Fault]]:
    """Give how the competitors of a table pull, with the faults found."""
    try:
        costs = checked(table).costs
    except InputError as error:
        return None, [Fault(f"competitors, {f.where}", f.what, f.remedy) for f in error.faults]
    if costs.shape[0] != n:
        what = f"have {costs.shape[0]} rows, and there are {n} demand points."
        return None, [Fault("competitors", what, "Give demand points × competitors.")]
    return huff_choice(attractiveness, exponent, smallest, costs, "competitor_attractiveness")
