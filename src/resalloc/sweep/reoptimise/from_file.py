"""From a sweep file to the futures that are planned for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.errors import Fault, InputError, one_fault
from resalloc.sampling.crossed import Crossed
from resalloc.sweep.reoptimise.work import ReoptimiseWork

if TYPE_CHECKING:
    from resalloc.sampling.design import Design
    from resalloc.sweep.settings import SweepSettings
    from resalloc.sweep.sweep import Sweep

MOST = 300
"""Futures that are planned for at most: each is a solve of seconds to minutes."""


def require_plannable(settings: SweepSettings) -> None:
    """Refuse what a sweep file says of scoring, which a plan would not heed.

    Raises
    ------
    InputError
        The state is a saved run, or clauses or measures are chosen; all at once.
    """
    where, faults = settings.path.name, []
    if settings.state != "today":
        what = "a saved run is scored as it stands, while --reoptimise plans anew from today."
        remedy = "Leave state out; give the run's targets and assumptions as [set] and [assume]."
        faults.append(Fault(f"{where}, state", what, remedy))
    for key, given in (("clauses", settings.clauses), ("measures", settings.measures)):
        if given:
            what = "is for scoring; a plan has to keep all clauses."
            faults.append(Fault(f"{where}, {key}", what, "Leave it out for --reoptimise."))
    if faults:
        raise InputError(faults)


def design_of(sweep: Sweep) -> Design:
    """Give a sweep's axes crossed: every combination is a future of its own."""
    return Crossed(tuple(axis.design for axis in sweep.axes))


def work_of(sweep: Sweep, *, time_limit_s: float = 60.0) -> ReoptimiseWork:
    """Give the solves of a sweep: every combination of its axes' scenarios.

    Parameters
    ----------
    sweep
        What the file comes to.
    time_limit_s
        Seconds each plan may take.

    Returns
    -------
    ReoptimiseWork
        Chunk 0 is the plan of the expected future, chunk k that of scenario k.

    Raises
    ------
    InputError
        There are more than :data:`MOST` scenarios, or one cannot be planned for.

    Examples
    --------
    >>> from resalloc.sweep.sweep import prepare
    >>> from resalloc.sweep.settings import read_settings
    >>> len(work_of(prepare(read_settings("tongliang_reoptimise"))).batch)
    9
    """
    require_plannable(sweep.settings)
    if sweep.scenarios > MOST:
        what = f"{sweep.scenarios:,} scenarios are too many to plan anew in each."
        remedy = (
            f'Give {MOST} or fewer: two or three levels a factor (sampler = "factorial"), or '
            "size = 50; score the many without --reoptimise."
        )
        raise one_fault(sweep.settings.path.name, what, remedy)
    design = design_of(sweep)
    work = ReoptimiseWork(
        sweep.problem, design.rows(0, len(design)), time_limit_s, sources=sweep.sources
    )
    work.check()
    return work
