"""Run the benchmarks: ``python -m benchmarks`` or ``make bench``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.record import HISTORY, Run, append, machine, versions
from benchmarks.subject import Subject, timed
from benchmarks.subjects import SUBJECTS
from benchmarks.table import lines

if TYPE_CHECKING:
    from collections.abc import Sequence


def measure(
    subjects: Sequence[Subject],
    when: datetime,
    *,
    most_repeats: int = 100,
    only_cheap: bool = False,
) -> Run:
    """Build every subject and time its phases.

    Parameters
    ----------
    subjects
        What to time.
    when
        The date to put on the run.
    most_repeats
        Ceiling on each phase's repeats.
    only_cheap
        Leave out phases that take long.
    """
    counts, timings = {}, []
    for subject in subjects:
        case = subject.build()
        counts[subject.name] = dict(subject.counts(case))
        for phase in subject.phases:
            if phase.cheap or not only_cheap:
                print(f"{subject.name}: {phase.name} …", file=sys.stderr, flush=True)
                timings.append(timed(subject, phase, case, most_repeats))
    return Run(when, machine(), versions(), counts, tuple(timings))


def main(words: Sequence[str], when: datetime) -> int:
    """Measure, print the table, and add the run to the history."""
    names = [subject.name for subject in SUBJECTS]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", action="append", choices=names, help="a subject; may be repeated")
    parser.add_argument("--cheap", action="store_true", help="leave out what takes long")
    parser.add_argument("--repeats", type=int, default=100, help="at most so many per phase")
    parser.add_argument("--history", type=Path, default=HISTORY, help="where runs are recorded")
    parser.add_argument("--no-history", action="store_true", help="print only")
    asked = parser.parse_args(words)
    subjects = [s for s in SUBJECTS if not asked.only or s.name in asked.only]
    run = measure(subjects, when, most_repeats=asked.repeats, only_cheap=asked.cheap)
    print("\n".join(lines(run)))
    if not asked.no_history:
        append(run, asked.history)
        print(f"\nAdded to {asked.history}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
