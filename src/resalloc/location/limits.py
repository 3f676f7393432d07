"""How long a model may take and how exact it must be, checked."""

from __future__ import annotations

from resalloc.errors import Fault


def limit_faults(time_limit_s: float | None, gap: float = 0.0) -> list[Fault]:
    """Give what is wrong with a time limit and a gap.

    Parameters
    ----------
    time_limit_s
        Seconds, above 0; None for no limit.
    gap
        Relative, at least 0 and below 1.

    Examples
    --------
    >>> [str(fault) for fault in limit_faults(60, 5)]
    ['gap: is 5. Give a share: 0.01 for one per cent.']
    """
    faults = []
    if time_limit_s is not None and not time_limit_s > 0:
        faults.append(Fault("time_limit_s", f"is {time_limit_s}.", "Give seconds, or None."))
    if not 0 <= gap < 1:
        faults.append(Fault("gap", f"is {gap}.", "Give a share: 0.01 for one per cent."))
    return faults
