"""Compare with other tools: ``make peers``, or ``python -m benchmarks.peers`` where spopt is."""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.apart import leave_no_child_behind, run_apart
from benchmarks.location.record import HISTORY, append, heading, setting
from benchmarks.peers.compare import COLD_HEAD, HEAD, compared, row, verdicts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.apart import Record

JOB = "benchmarks.peers.job:run"
PEERS = ("spopt", "scipy")
LIMIT_S = 300.0
SEED = 2025
FULL = (
    ("lscp", 200, 200, 10, None),
    ("mclp", 200, 200, 10, None),
    ("p-median", 200, 200, 10, None),
    ("p-center", 200, 200, 10, None),
    ("lscp", 1000, 200, 20, 40),
    ("mclp", 1000, 200, 20, 40),
    ("p-median", 1000, 200, 20, 40),
    ("p-center", 1000, 200, 20, 40),
    ("p-median", 900, 900, 20, 100),
)
"""Model, demand, sites, p, and how many times as fast as spopt ours is aimed to be."""
SMALL = tuple((model, 40, 30, 4, None) for model in ("lscp", "mclp", "p-median", "p-center"))


def measure(
    sizes: Sequence[tuple[str, int, int, int, int | None]],
    tools: Sequence[str] = PEERS,
    limit_s: float = LIMIT_S,
) -> Iterator[Record]:
    """Let ours and then every peer answer every problem, each in a process of its own."""
    for model, demand, sites, p, aim in sizes:
        given = {"model": model, "demand": demand, "sites": sites, "p": p, "seed": SEED}
        ours: Record = {}
        for tool in ("resalloc", *tools):
            print(f"{model} {demand} × {sites}: {tool} …", file=sys.stderr, flush=True)
            known: dict[str, Any] = {"model": model, "size": f"{demand:,} × {sites:,}", "aim": aim}
            found = run_apart(JOB, {**given, "tool": tool, "limit_s": limit_s}, 2 * limit_s + 600)
            record = {"subject": "peers", "tool": tool, **known, "limit_s": limit_s, **found}
            if tool == "resalloc":
                ours = record
                yield record
            else:
                yield compared(record, ours)


def cold(demand: int, sites: int, tools: Sequence[str], limit_s: float) -> Iterator[Record]:
    """Time whole processes, start to exit: imports, and for ours compiling, are in it."""
    params = {"model": "p-median", "demand": demand, "sites": sites, "p": 10, "seed": SEED}
    with tempfile.TemporaryDirectory(prefix="resalloc-cold-") as nothing_compiled:
        runs = [
            ("resalloc", "resalloc, the first time ever", {"NUMBA_CACHE_DIR": nothing_compiled}),
            ("resalloc", "resalloc, from then on", {"NUMBA_CACHE_DIR": nothing_compiled}),
            *((tool, tool, {}) for tool in tools),
        ]
        for tool, name, environment in runs:
            print(f"cold: {name} …", file=sys.stderr, flush=True)
            given = {**params, "tool": tool, "limit_s": limit_s, "warm": False}
            found = run_apart(JOB, given, 2 * limit_s + 600, environment)
            size = f"{demand:,} × {sites:,}"
            yield {"subject": "peers, cold", "case": name, "size": size, **found}


def _cold_row(record: Record) -> str:
    failed = record["status"] == "failed"
    took = f"failed: {record['why']}" if failed else f"{record['process_s']:.3g}"
    return f"| {record['case']}, {record['size']} | {took} |"


def _peer_versions() -> dict[str, str]:
    try:
        return {"spopt": version("spopt")}
    except PackageNotFoundError:
        return {}


def main(words: Sequence[str], when: datetime) -> int:
    """Measure, print both tables, add every line to the history; 1 where anybody disagrees."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    add = parser.add_argument
    add("--small", action="store_true", help="tiny sizes: does everything run?")
    add("--model", action="append", choices=sorted({one[0] for one in FULL}), help="only this")
    add("--limit", type=float, default=LIMIT_S, help="seconds a peer's solver may take")
    add("--history", type=Path, default=HISTORY, help="where lines are recorded")
    add("--no-history", action="store_true", help="print only")
    asked = parser.parse_args(words)
    tools = [tool for tool in PEERS if find_spec(tool)]
    if len(tools) < len(PEERS):
        print("spopt is not installed here: `make peers` installs it apart.", file=sys.stderr)
    sizes = [
        one for one in (SMALL if asked.small else FULL) if not asked.model or one[0] in asked.model
    ]
    shared = setting(when, small=asked.small, **_peer_versions())
    print("\n".join([*heading(shared), *HEAD]), flush=True)
    records = []
    for record in measure(sizes, tools, asked.limit):
        records.append(record)
        print(row(record), flush=True)
        if not asked.no_history:
            append({**shared, **record}, asked.history)
    print("\n".join(["", *COLD_HEAD]), flush=True)
    for record in cold(*((40, 30) if asked.small else (200, 200)), tools, asked.limit):
        records.append(record)
        print(_cold_row(record), flush=True)
        if not asked.no_history:
            append({**shared, **record}, asked.history)
    print("\n".join(["", *(f"- {line}" for line in verdicts(records))]))
    bad = any(r["status"] == "failed" or "DISAGREE" in r.get("verdict", "") for r in records)
    return 1 if bad else 0


if __name__ == "__main__":
    leave_no_child_behind()
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
