"""A run on record: machine, versions, counts and times, one line of history.jsonl."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import resalloc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from benchmarks.subject import Timing

HISTORY = Path(__file__).with_name("history.jsonl")
PACKAGES = ("highspy", "numpy", "pandas", "pulp", "pydantic", "scipy")


@dataclass(frozen=True)
class Run:
    """One run of the benchmarks.

    Parameters
    ----------
    when
        By the clock, given by the caller.
    machine, versions
        What it ran on.
    counts
        By subject.
    timings
        In the order they were taken.
    """

    when: datetime
    machine: str
    versions: Mapping[str, str]
    counts: Mapping[str, Mapping[str, int]]
    timings: Sequence[Timing]

    def ratios(self) -> dict[str, float]:
        """Give every phase's median over that of the phase it is compared with.

        A phase whose yardstick was not run in the same run has none.
        """
        medians = {timing.key: timing.median for timing in self.timings}
        return {
            timing.key: timing.median / medians[timing.against]
            for timing in self.timings
            if timing.against in medians
        }

    def as_dict(self) -> dict[str, object]:
        """Give the run as one line of the history."""
        ratios = self.ratios()
        return {
            "when": self.when.isoformat(timespec="seconds"),
            "machine": self.machine,
            "versions": dict(self.versions),
            "counts": {name: dict(counts) for name, counts in self.counts.items()},
            "phases": [
                {
                    "subject": timing.subject,
                    "phase": timing.phase,
                    "against": timing.against,
                    "ratio": _short(ratios.get(timing.key)),
                    "median_s": _short(timing.median),
                    "seconds": [_short(second) for second in timing.seconds],
                    "details_s": {name: _short(value) for name, value in timing.details.items()},
                }
                for timing in self.timings
            ],
        }


def append(run: Run, path: Path = HISTORY) -> None:
    """Add a run to the end of the history."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(run.as_dict(), ensure_ascii=False) + "\n")


def machine() -> str:
    """Say in one line what this machine is; nothing that names it."""
    model = platform.processor() or platform.machine()
    listed = Path("/proc/cpuinfo")
    if listed.is_file():
        lines = listed.read_text(encoding="utf-8", errors="replace").splitlines()
        named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        model = named[0] if named else model
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, {python}"


def versions(*more: str) -> dict[str, str]:
    """Give the versions of the packages whose speed is measured, and of `more`."""
    names = sorted((*PACKAGES, *more))
    return {"resalloc": resalloc.__version__, **{name: version(name) for name in names}}


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
