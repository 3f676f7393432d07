"""Time the location models: ``python -m benchmarks.location`` or ``make bench-location``."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.apart import leave_no_child_behind, run_apart
from benchmarks.location.cases import NEEDS, SUBJECTS, Case, Places
from benchmarks.location.record import HISTORY, append, heading, setting
from benchmarks.location.table import HEAD, notes, row, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.apart import Record


def measure(cases: Sequence[Case], limit_s: float | None = None) -> Iterator[Record]:
    """Run every case in a process of its own and give its record as soon as it is known.

    Parameters
    ----------
    cases
        What to time.
    limit_s
        A lower ceiling for every model's time limit.
    """
    for number, case in enumerate(cases, 1):
        limit = min(case.limit_s, limit_s) if limit_s else case.limit_s
        params = {**case.params, "limit_s": limit} if case.limit_s else case.params
        print(f"{number}/{len(cases)} {case.subject}: {case.name} …", file=sys.stderr, flush=True)
        record = run_apart(case.job, params, case.hard_limit_s)
        yield {"subject": case.subject, "case": case.name, "limit_s": limit, **record}


def chosen(
    places: Places, *, only: Sequence[str] = (), match: str = "", small: bool = False
) -> list[Case]:
    """Give the cases asked for; say on standard error which subjects lack their files."""
    cases = []
    for name in only or SUBJECTS:
        found = SUBJECTS[name](places, small)
        if not found:
            print(f"{name}: not run, it needs {NEEDS[name]}", file=sys.stderr)
        cases += [case for case in found if match in case.name]
    return cases


def main(words: Sequence[str], when: datetime) -> int:
    """Measure, print the table, and add every line to the history; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.location", description=__doc__)
    add = parser.add_argument
    add("--only", action="append", choices=list(SUBJECTS), help="a subject; may be repeated")
    add("--match", default="", help="only cases with this in their name, e.g. 'board 1300'")
    add("--small", action="store_true", help="tiny sizes, in seconds: does everything run?")
    add("--limit", type=float, help="lower the time limit of every model to so many seconds")
    add("--townships", type=Path, help="CSV of townships with lon, lat, population")
    add("--tsp", type=Path, help="folder of TSPLIB files with coordinates")
    add("--history", type=Path, default=HISTORY, help="where lines are recorded")
    add("--no-history", action="store_true", help="print only")
    asked = parser.parse_args(words)
    places = Places.named(asked.townships, asked.tsp)
    cases = chosen(places, only=asked.only or (), match=asked.match, small=asked.small)
    shared = setting(when, small=asked.small)
    print("\n".join([*heading(shared), *HEAD]), flush=True)
    records = []
    for record in measure(cases, asked.limit):
        records.append(record)
        print(row(record), flush=True)
        if not asked.no_history:
            append({**shared, **record}, asked.history)
    if asked.small:
        print("\nThese sizes are for a look: the aims below are for the full ones.")
    print("\n".join(["", *(f"- {line}" for line in [*verdicts(records), *notes(records)])]))
    return 1 if any(record["status"] == "failed" for record in records) else 0


if __name__ == "__main__":
    leave_no_child_behind()
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
