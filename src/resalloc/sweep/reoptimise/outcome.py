"""What re-optimisation finds in one future."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.solver.solve import solve_rows
from resalloc.solver.start import carried_over
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.problem.allocation import Allocation
    from resalloc.problem.columns import Floats
    from resalloc.result.result import Phase
    from resalloc.sweep.reoptimise.future import Future

BASE = -1
"""Number of the expected future, in which nothing differs; scenarios count from 0."""
USABLE = (Status.OPTIMAL, Status.FEASIBLE)


@dataclass(frozen=True, eq=False)
class Outcome:
    """The plan of one future, or why there is none.

    Parameters
    ----------
    scenario
        Its number, from 0; :data:`BASE` is the expected future.
    status
        What is known of the answer.
    phases
        The priorities in order, with their proofs.
    today
        What stands before the plan begins, by decision column; NaN where not known.
    x
        The plan, by decision column (those of :meth:`Future.columns`); None where there is
        none to use. NaN where it says nothing.
    conflicts
        Ids of the binding clauses that cannot all hold.
    message, message_zh
        Anything to know about the status.
    seconds
        Time the solve took; NaN where it was read from a stored run.
    """

    scenario: int
    status: Status
    phases: tuple[Phase, ...]
    today: Floats
    x: Floats | None
    conflicts: tuple[str, ...] = ()
    message: str = ""
    message_zh: str = ""
    seconds: float = float("nan")

    @property
    def usable(self) -> bool:
        """Whether there is a plan, one that keeps every binding clause."""
        return self.x is not None

    def name(self, lang: str = "en") -> str:
        """Give what to call it, in ``"zh"`` or ``"en"``; scenarios are counted from 1 here."""
        return name_of(self.scenario, lang)

    def value(self, phase: str) -> float:
        """Give what a priority came to; NaN where it was not reached."""
        return next((p.value for p in self.phases if p.name == phase), float("nan"))


def name_of(scenario: int, lang: str = "en") -> str:
    """Give what to call a future or the plan made for it.

    Examples
    --------
    >>> name_of(0), name_of(BASE), name_of(6, "zh")
    ('scenario 1', 'base', '情形 7')
    """
    if scenario == BASE:
        return "基准" if lang == "zh" else "base"
    return f"情形 {scenario + 1}" if lang == "zh" else f"scenario {scenario + 1}"


def outcome_of(
    scenario: int,
    future: Future,
    *,
    solver: str = "highs",
    time_limit_s: float = 60.0,
    start: Allocation | None = None,
) -> Outcome:
    """Solve one future.

    Parameters
    ----------
    scenario
        Its number.
    future
        The problem to plan for.
    solver, time_limit_s, start
        As for :func:`~resalloc.solver.solve.solve`.

    Returns
    -------
    Outcome
        Whatever came out; a nearest miss is no plan and leaves `x` empty.
    """
    columns = future.columns()
    result = solve_rows(
        future.rows(useful=True), solver=solver, time_limit_s=time_limit_s, start=start
    )
    x = None
    if result.status in USABLE and result.allocation is not None:
        carried = carried_over(result.allocation, columns)
        x = np.where(np.isnan(carried), columns.today, carried)  # no site the model left out
    return Outcome(
        scenario=scenario,
        status=result.status,
        phases=result.phases,
        today=columns.today,
        x=x,
        conflicts=tuple(dict.fromkeys(c.norm_id for c in result.conflicts)),
        message=result.message,
        message_zh=result.message_zh,
        seconds=result.seconds,
    )
