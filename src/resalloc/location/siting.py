"""What a location model answers: the open sites, who serves whom, and how far it is proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import SolverError
from resalloc.status import Status

if TYPE_CHECKING:
    import pandas as pd
    from scipy import sparse

    from resalloc.location.costs import AnyCosts, Floats, Ints, Mask

PROVEN = 1e-6
"""Relative gap up to which an answer counts as proven: arithmetic, not doubt."""


@dataclass(frozen=True)
class Siting:
    """The answer of a location model.

    Parameters
    ----------
    model
        Which one, e.g. ``"p_median"``.
    status
        OPTIMAL only when proven and confirmed by recomputing it from the input; a limit
        that was reached is FEASIBLE, with its gap.
    objective
        Value of the answer in the model's own terms (see its docstring); NaN without one.
    bound
        No answer can be better than this; NaN where nothing is proven.
    open
        Positions of the open sites, ascending.
    assignment
        By demand point, the position of the site that serves it; −1 where none does.
    covered
        By demand point: within the radius where the model has one; else served at all.
    served_cost
        By demand point, the cost at its site (the mean of its sites where it is split); NaN
        where none serves it.
    seconds
        Time taken.
    costs
        The costs the positions refer to.
    message
        Why the status is what it is, where that needs words.
    unreached
        Names of the demand points no site can reach, where that is why nothing works.
    split
        Demand × sites: the part of each demand point's weight served from each site, where
        demand may be split; `assignment` then names the site with the largest part.
    """

    model: str
    status: Status
    objective: float
    bound: float
    open: Ints
    assignment: Ints
    covered: Mask
    served_cost: Floats
    seconds: float
    costs: AnyCosts
    message: str = ""
    unreached: tuple[str, ...] = ()
    split: sparse.csr_array | None = None

    @property
    def gap(self) -> float:
        """Relative distance from the objective to the bound; NaN where either is unknown."""
        return relative_gap(self.objective, self.bound)

    @property
    def open_names(self) -> tuple[str, ...]:
        """Names of the open sites, in the order of `open`."""
        return tuple(self.costs.site_name(int(j)) for j in self.open)

    def raise_for_status(self) -> Siting:
        """Give the answer itself, or raise where there is none.

        Raises
        ------
        SolverError
            The status is neither OPTIMAL nor FEASIBLE; the message says why.
        """
        if self.status in (Status.OPTIMAL, Status.FEASIBLE):
            return self
        reason = self.message or "no answer was found"
        message = f"{self.model}: {self.status.value}: {reason}"
        raise SolverError(message)

    def frame(self) -> pd.DataFrame:
        """Give one row a demand point: name, site that serves it, cost, covered or not."""
        import pandas as pd

        site = [self.costs.site_name(int(j)) if j >= 0 else None for j in self.assignment]
        return pd.DataFrame(
            {"site": site, "cost": self.served_cost, "covered": self.covered},
            index=pd.Index(
                [self.costs.demand_name(i) for i in range(len(self.assignment))], name="demand"
            ),
        )

    def summary(self) -> str:
        """Give the answer in one line."""
        if self.status not in (Status.OPTIMAL, Status.FEASIBLE):
            return f"{self.model}: {self.status.value}. {self.message}".strip()
        proof = "proven" if self.status is Status.OPTIMAL else f"gap {100 * self.gap:.2g} %"
        sites = f"{len(self.open)} site{'s' if len(self.open) != 1 else ''} open"
        return f"{self.model}: {self.objective:,.6g} ({proof}), {sites}, {self.seconds:.2f} s"

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"<Siting {self.summary()}>"


def relative_gap(objective: float, bound: float) -> float:
    """Give |objective − bound| ÷ |objective|; 0 where they are equal, NaN where unknown."""
    apart = abs(objective - bound)
    if not apart <= np.inf:
        return float("nan")
    return 0.0 if apart == 0 else float(apart / max(abs(objective), 1e-12))


def none_found(
    model: str,
    costs: AnyCosts,
    status: Status,
    message: str,
    seconds: float,
    *,
    unreached: tuple[str, ...] = (),
    bound: float = float("nan"),
) -> Siting:
    """Give the answer of a model that found none: infeasible, or nothing within the limit."""
    n = costs.shape[0]
    return Siting(
        model=model,
        status=status,
        objective=float("nan"),
        bound=bound,
        open=np.empty(0, dtype=np.int64),
        assignment=np.full(n, -1, dtype=np.int64),
        covered=np.zeros(n, dtype=bool),
        served_cost=np.full(n, np.nan),
        seconds=seconds,
        costs=costs,
        message=message,
        unreached=unreached,
    )


def unreachable(
    model: str,
    costs: AnyCosts,
    which: Ints,
    seconds: float,
    *,
    why: str = "can be reached by no site",
) -> Siting:
    """Give the infeasible answer that names the demand no site can reach."""
    names = tuple(costs.demand_name(int(i)) for i in which)
    shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
    return none_found(model, costs, Status.INFEASIBLE, f"{shown} {why}.", seconds, unreached=names)


def judged(siting: Siting, faults: tuple[str, ...]) -> Siting:
    """Give the answer with the status it deserves.

    OPTIMAL needs a gap of at most `PROVEN`; an answer that the recomputation does not
    confirm is UNKNOWN and says why.

    Parameters
    ----------
    siting
        As the model left it: OPTIMAL or FEASIBLE.
    faults
        What :mod:`resalloc.location.confirm` found wrong; empty when it holds.
    """
    if faults:
        said = "the answer was not confirmed: " + "; ".join(faults)
        return replace(siting, status=Status.UNKNOWN, message=said)
    proven = siting.gap <= PROVEN
    return replace(siting, status=Status.OPTIMAL if proven else Status.FEASIBLE)
