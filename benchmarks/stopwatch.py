"""Wall time, processor time and peak memory of what a process does."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_BYTES = 1 if sys.platform == "darwin" else 1024
"""What the system counts in: bytes on macOS, kibibytes on Linux."""


@dataclass(frozen=True)
class Spent:
    """What one call cost.

    Parameters
    ----------
    wall_s, cpu_s
        By the clock; of all cores together.
    before_mb, peak_mb
        Most memory this process had held when the call began, and when it ended.
    """

    wall_s: float
    cpu_s: float
    before_mb: float
    peak_mb: float


def spent(run: Callable[[], Any]) -> tuple[Any, Spent]:
    """Run something; give what it gives, and what it cost."""
    before = peak_mb()
    cpu, wall = time.process_time(), time.perf_counter()
    answer = run()
    took = time.perf_counter() - wall, time.process_time() - cpu
    return answer, Spent(*took, before, peak_mb())


def seconds(run: Callable[[], Any]) -> float:
    """Give the wall time of something."""
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def peak_mb() -> float:
    """Give the most memory this process has held so far; NaN where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES / 1e6
