"""One location model timed on one instance, as a record for the table and the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.stopwatch import seconds, spent

if TYPE_CHECKING:
    from collections.abc import Callable

    from resalloc.location.siting import Siting

EQUAL = 1e-6
"""Relative difference between our objective and a published one that is arithmetic."""


def measured(
    solve: Callable[[], Siting],
    *,
    p: int | None,
    yardstick: tuple[str, Callable[[], Any]],
    known: float | None = None,
    notes: tuple[str, ...] = (),
    **further: Any,
) -> dict[str, Any]:
    """Time a model once, then its yardstick; call the model's warm-up before.

    Parameters
    ----------
    solve
        Runs the model; everything from checking the input to confirming the answer.
    p
        Sites to open; None where the model decides.
    yardstick
        Its name, and what to run; after the model, so that its memory does not count.
    known
        The published optimum.
    notes
        What the figures rest on; printed under the table.
    further
        Other figures to keep.
    """
    answer, cost = spent(solve)
    name, run = yardstick
    unit = seconds(run)
    demand, sites = answer.costs.shape
    return {
        "size": f"{demand:,} × {sites:,}",
        "demand": demand,
        "sites": sites,
        "p": p,
        "status": answer.status.value,
        "objective": answer.objective,
        "bound": answer.bound,
        "gap_percent": 100 * answer.gap,
        "wall_s": cost.wall_s,
        "cpu_s": cost.cpu_s,
        "peak_mb": cost.peak_mb,
        "before_mb": cost.before_mb,
        "yardstick": name,
        "yardstick_s": unit,
        "ratio": cost.wall_s / unit,
        "known": known,
        "equal": None if known is None else same(answer.objective, known),
        "message": answer.message,
        "notes": list(notes),
        **further,
    }


def same(one: float, other: float) -> bool:
    """Say whether two objectives differ by no more than arithmetic."""
    return abs(one - other) <= EQUAL * max(1.0, abs(other))
