"""The printed table: ratios first, then counts, seconds last."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.record import Run


def lines(run: Run) -> list[str]:
    """Give a run as the lines of a Markdown table, with machine and versions above it."""
    packages = ", ".join(f"{name} {found}" for name, found in run.versions.items())
    out = [f"{run.when:%Y-%m-%d} · {run.machine}", packages, ""]
    out += [f"{name}: {_counted(counts)}" for name, counts in run.counts.items() if counts]
    out += ["", "| phase | ratio | to | median s | runs |", "|---|--:|---|--:|--:|"]
    ratios = run.ratios()
    for timing in run.timings:
        ratio = f"{ratios[timing.key]:.3g}" if timing.key in ratios else "—"
        yardstick = "itself" if timing.against == timing.key else timing.against
        row = (timing.key, ratio, yardstick, f"{timing.median:.3g}", str(len(timing.seconds)))
        out.append(f"| {' | '.join(row)} |")
        out += [
            f"| — {name} | {value / timing.median:.3g} | {timing.key} | {value:.3g} | |"
            for name, value in timing.details.items()
        ]
    return out


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in counts.items())
