"""Solving the allocation anew in each of a few futures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from resalloc.errors import one_fault
from resalloc.sweep.reoptimise.reoptimised import from_outcomes, shares
from resalloc.sweep.reoptimise.work import ReoptimiseWork

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from resalloc.problem.allocation import Allocation
    from resalloc.problem.columns import Floats
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Batch
    from resalloc.sweep.reoptimise.outcome import Outcome
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised


def reoptimise(
    problem: Problem,
    batch: Batch,
    *,
    time_limit_s: float = 60.0,
    solver: str = "highs",
    start: Allocation | None = None,
    weights: Floats | None = None,
    progress: Callable[[int, int], None] | None = None,
    workers: int = 1,
) -> Reoptimised:
    """Solve the allocation anew in each of a few futures, and compare the plans.

    The plan of the expected future is solved, and one for each scenario; then every plan is
    judged in every scenario by the scorer. What a scenario means for a plan says
    :func:`~resalloc.sweep.reoptimise.future.planning_under`; how plans are compared says
    :class:`~resalloc.sweep.reoptimise.regret.Regret`.

    Parameters
    ----------
    problem
        The problem as it is expected.
    batch
        The futures: a few to a few hundred.
    time_limit_s
        Seconds each solve may take. An answer cut off by it is FEASIBLE or UNKNOWN, and may
        be another on another machine; all others come out the same on every run.
    solver
        As for :func:`~resalloc.solver.solve.solve`.
    start
        A plan that every solve begins at, the base plan say. It saves next to nothing (seven
        futures of Tongliang: 49 s cold, 50 s so), and among equal plans it may lead to
        another; by default solves begin cold.
    weights
        How likely each scenario is, for the plan that is best on average; all alike if absent.
    progress
        Called with how many steps are done, of how many: a solve is one, so is judging all
        plans in one future.
    workers
        Processes to solve on; on more than one, how long a solve took is not known.

    Returns
    -------
    Reoptimised
        A future that is infeasible, or in which nothing could be proven in time, is there
        with its status; no plan is made of it, and all others are judged in it.

    Raises
    ------
    InputError
        There is no scenario; a factor names what is not there or a value is out of range, in
        any scenario; the time limit or the weights do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> import resalloc as ra
    >>> from resalloc.problem.scenario import Batch, Factor
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> futures = Batch((Factor("population"),), np.array([[0.95], [1.0], [1.05]]))
    >>> print(reoptimise(problem, futures).summary())  # doctest: +SKIP
    """
    if not len(batch):
        raise one_fault("scenarios", "there is none.", "Give at least one.")
    if workers < 1:
        raise one_fault("workers", f"{workers} cannot compute anything.", "Give 1 or more.")
    if not time_limit_s > 0:
        raise one_fault("time limit", f"{time_limit_s} s is not a time.", "Give seconds above 0.")
    shares(weights, len(batch))
    work = ReoptimiseWork(problem, batch, time_limit_s, solver, start)
    work.check()
    steps = work.chunks + len(batch)
    outcomes = []
    for outcome in _solved(work, workers):
        outcomes.append(outcome)
        if progress is not None:
            progress(len(outcomes), steps)

    def judged(done: int, _: int) -> None:
        if progress is not None:
            progress(work.chunks + done, steps)

    return from_outcomes(problem, batch, outcomes, weights=weights, progress=judged)


def _solved(work: ReoptimiseWork, workers: int) -> Iterator[Outcome]:
    """Solve all futures, here or on several processes."""
    if workers == 1:
        yield from (work.outcome(chunk) for chunk in range(work.chunks))
        return
    import pyarrow.parquet as pq

    from resalloc.sweep.reoptimise.tables import from_tables
    from resalloc.sweep.run.processes import on_processes

    columns = work.columns()
    for made in on_processes(work, range(work.chunks), workers):
        tables = {name: pq.read_table(io.BytesIO(file)) for name, file in made.files.items()}
        yield from from_tables(tables, columns)
