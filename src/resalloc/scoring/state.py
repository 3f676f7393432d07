"""The state that is scored: one year of a district, as it stands or as it is planned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault
from resalloc.problem.columns import Columns
from resalloc.problem.decisions import decision_blocks
from resalloc.rules.compile import compile_rows
from resalloc.scoring.score import score_allocation

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm
    from resalloc.problem.allocation import Allocation
    from resalloc.problem.columns import Floats
    from resalloc.problem.problem import Problem
    from resalloc.result.scorecard import Scorecard


@dataclass(frozen=True, eq=False)
class State:
    """One year of a district under a plan.

    Parameters
    ----------
    problem
        District and norms, all asked of one year.
    x
        Values of the decision columns (those of ``decision_blocks``); NaN where not known.

    Examples
    --------
    >>> import resalloc as ra
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> score_state(today(problem))["beds_per_1000"].value == ra.score(problem)[
    ...     "beds_per_1000"
    ... ].value
    True
    """

    problem: Problem
    x: Floats

    @property
    def year(self) -> int:
        """The year."""
        return self.problem.years[0]

    @property
    def columns(self) -> Columns:
        """The decision columns `x` is about."""
        return Columns.of(decision_blocks(self.problem))

    def __repr__(self) -> str:
        return f"State({self.title}: {len(self.problem.norms)} clauses)"

    @property
    def title(self) -> str:
        """What to call it: district and year."""
        return f"{self.problem.district.name} {self.year}"


def today(problem: Problem) -> State:
    """Give the district as it stands in its base year, asked for the plan's last targets."""
    asked = problem.today()
    return State(asked, Columns.of(decision_blocks(asked)).today)


def planned(problem: Problem, allocation: Allocation, year: int) -> State:
    """Give one year of an allocation.

    Parameters
    ----------
    problem
        The problem that was solved.
    allocation
        Its answer.
    year
        One of the problem's years.

    Raises
    ------
    InputError
        The allocation does not plan for that year, or has other columns than the problem.
    """
    if year not in problem.years:
        known = ", ".join(map(str, problem.years))
        raise one_fault(f"year {year}", "the allocation does not plan for it.", f"Known: {known}.")
    norms = tuple(_only(norm, year) for norm in problem.norms)
    asked = replace(problem, norms=replace(problem.norms, norms=norms, years=(year,)))
    blocks = Columns.of(decision_blocks(asked)).blocks.values()
    parts = []
    for block in blocks:
        if block.name not in allocation.columns or (
            allocation.columns[block.name].axes != block.axes
        ):
            what = f"it has other columns of '{block.name}' than the problem."
            raise one_fault("allocation", what, "Score it with the problem it is the answer of.")
        own = allocation.columns[block.name]
        parts.append(allocation.x[own.ids[..., own.years.index(year)]].reshape(-1))
    return State(asked, np.concatenate(parts))


def score_state(state: State, *, title: str = "") -> Scorecard:
    """Score a state against every clause: the single audit."""
    rows = compile_rows(state.problem)
    x = rows.columns.today.copy()
    x[: len(state.x)] = state.x
    return score_allocation(rows, x, state.year, title=title or state.title)


def _only(norm: Norm, year: int) -> Norm:
    values = {y: target for y, target in norm.reads.values.items() if y == year}
    return norm.model_copy(update={"reads": norm.reads.model_copy(update={"values": values})})
