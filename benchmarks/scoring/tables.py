"""Tables of scenarios: the compiled loop, NumPy broadcasting and one audit after the other."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.location.record import append, heading, setting
from benchmarks.scoring.districts import CLAUSES, made_up
from benchmarks.stopwatch import spent
from resalloc.result.scores import VERDICTS
from resalloc.scoring.broadcast import score_by_broadcasting
from resalloc.scoring.state import score_state
from resalloc.scoring.under import under

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from benchmarks.scoring.districts import Case
    from benchmarks.stopwatch import Spent
    from resalloc.problem.scenario import Batch
    from resalloc.result.scores import Scores

HISTORY = Path(__file__).parents[1] / "scoring_history.jsonl"
AIMS = {"numpy": 20.0, "loop": 1000.0}
HEAD = (
    "| points × sites | open | way | scenarios | wall µs | CPU µs | ÷ compiled, wall | CPU |",
    "|--:|--:|---|--:|--:|--:|--:|--:|",
)
WAYS = {
    "compiled": "compiled, 1 thread",
    "threads": f"compiled, {os.cpu_count()} threads",
    "numpy_plain": "NumPy, plain broadcast",
    "numpy": "NumPy, the same in blocks",
    "numpy_first": "NumPy, nearest sites first",
    "loop": "one audit after the other",
}


@dataclass(frozen=True)
class Size:
    """A size of the benchmark: a district, and how many scenarios each way is timed on."""

    points: int
    sites: int
    share_open: float
    compiled: int
    numpy: int
    loop: int
    repeats: int = 7


SIZES = tuple(
    Size(points, 60, share_open, compiled, numpy, loop)
    for points, compiled, numpy, loop in ((28, 65_536, 8192, 3), (300, 8192, 2048, 2),
                                          (1000, 4096, 1024, 1))
    for share_open in (0.5, 0.8)
)  # fmt: skip
SMALL = (Size(12, 8, 0.5, 256, 64, 1, 1),)


def measure(size: Size, seed: int = 1) -> dict[str, Any]:
    """Check that all ways agree on a made-up district, then time them in turn.

    Every repeat runs each way once, so that a busy moment of the machine meets all of them;
    medians count. The loop is run once a repeat at most three times.
    """
    case = made_up(size.points, size.sites, seed)
    whole = case.batch(size.compiled, size.share_open, seed)
    part, few = whole[: size.numpy], whole[: size.loop]
    agree(case, whole, part, few)
    runs: dict[str, tuple[int, int, Callable[[], Any]]] = {
        "compiled": (size.repeats, len(whole), lambda: case.scorer.score(whole, threads=1)),
        "threads": (size.repeats, len(whole), lambda: case.scorer.score(whole)),
        "numpy_plain": (
            size.repeats,
            len(part),
            lambda: score_by_broadcasting(case.scorer, part, nearest="plain"),
        ),
        "numpy": (size.repeats, len(part), lambda: score_by_broadcasting(case.scorer, part)),
        "numpy_first": (
            size.repeats,
            len(part),
            lambda: score_by_broadcasting(case.scorer, part, nearest="ranked"),
        ),
        "loop": (min(3, size.repeats), len(few), lambda: audits(case, few)),
    }
    costs: dict[str, list[Spent]] = {way: [] for way in runs}
    for repeat in range(size.repeats):
        for way, (repeats, _, run) in runs.items():
            if repeat < repeats:
                costs[way].append(spent(run)[1])
    return {
        "subject": "tables",
        "points": size.points,
        "sites": size.sites,
        "share_open": size.share_open,
        "factors": len(case.factors),
        "clauses": len(case.scorer.clauses),
        "ways": {
            way: {
                "scenarios": runs[way][1],
                "wall_us": [_each(cost.wall_s, runs[way][1]) for cost in found],
                "cpu_us": [_each(cost.cpu_s, runs[way][1]) for cost in found],
            }
            for way, found in costs.items()
        },
    }


def _each(seconds: float, scenarios: int) -> float:
    """Give µs per scenario, to four digits."""
    return float(f"{1e6 * seconds / scenarios:.4g}")


def agree(case: Case, whole: Batch, part: Batch, few: Batch) -> None:
    """Hold the ways to each other; also that every clause is moved by the factors.

    Raises
    ------
    AssertionError
        Two ways differ, or a clause is the same in all scenarios.
    """
    scores = case.scorer.score(whole, threads=1)
    assert scores.ids == tuple(clause[0] for clause in CLAUSES)
    assert (np.nanstd(scores.value, axis=0) > 0).all(), "a clause is not moved"
    _same(case.scorer.score(whole), scores)
    for nearest in ("plain", "blocked", "ranked"):
        _same(score_by_broadcasting(case.scorer, part, nearest=nearest), scores)
    for s, card in enumerate(audits(case, few)):
        for c, norm in enumerate(scores.clauses):
            value = card[norm.id].value
            expected = np.nan if value is None else value
            np.testing.assert_allclose(scores.value[s, c], expected, rtol=1e-12)
            assert VERDICTS[scores.verdict[s, c]] == card[norm.id].verdict


def _same(one: Scores, other: Scores) -> None:
    size = len(one)
    np.testing.assert_array_equal(one.verdict, other.verdict[:size])
    np.testing.assert_allclose(one.value, other.value[:size], rtol=1e-12)
    np.testing.assert_allclose(one.gap, other.gap[:size], rtol=1e-12, atol=1e-12)
    for name, values in one.measures.items():
        np.testing.assert_allclose(values, other.measures[name][:size], rtol=1e-12)


def audits(case: Case, few: Batch) -> list[Any]:
    """Score scenarios by the single audit, one after the other."""
    return [score_state(under(case.state, scenario)) for scenario in few.scenarios()]


def ratio(record: Mapping[str, Any], way: str, clock: str) -> float:
    """Give how many times as long a way takes per scenario as one compiled thread."""
    ways = record["ways"]
    return float(median(ways[way][clock]) / median(ways["compiled"][clock]))


def rows(record: Mapping[str, Any]) -> list[str]:
    """Give a record as lines of the table."""
    out = []
    for way, found in record["ways"].items():
        cells = (
            f"{record['points']:,} × {record['sites']}",
            f"{record['share_open']:g}",
            WAYS[way],
            f"{found['scenarios']:,}",
            *(f"{median(found[clock]):,.3g}" for clock in ("wall_us", "cpu_us")),
            *(f"{ratio(record, way, clock):,.3g}" for clock in ("wall_us", "cpu_us")),
        )
        out.append(f"| {' | '.join(cells)} |")
    return out


def verdicts(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Give how the ratios stand to what was aimed at.

    First as it is called, on all cores and by the clock (NumPy uses one); then core for core, in
    CPU seconds, which a busy machine distorts less.
    """
    out = []
    for record in records:
        size = f"{record['points']:,} × {record['sites']}, {record['share_open']:g} open"
        aims = (("numpy_plain", "numpy"), ("numpy", ""), ("numpy_first", ""), ("loop", "loop"))
        for way, aim in aims:
            called = ratio(record, way, "wall_us") / ratio(record, "threads", "wall_us")
            alone = ratio(record, way, "cpu_us")
            told = f"tables, {size}: {called:,.3g} × {WAYS[way]} ({alone:,.3g} core for core)"
            if aim:
                told += f"; aim {AIMS[aim]:,g}: {_met(called >= AIMS[aim])}"
            out.append(told)
    return out


def _met(met: bool) -> str:
    return "met" if met else "NOT met"


def main(words: Sequence[str], when: datetime) -> int:
    """Measure, print the table, add every size to the history."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring tables")
    add = parser.add_argument
    add("--small", action="store_true", help="tiny sizes, in seconds: does everything run?")
    add("--points", type=int, action="append", help="only so many points; may be repeated")
    add("--history", type=Path, default=HISTORY, help="where lines are recorded")
    add("--no-history", action="store_true", help="print only")
    asked = parser.parse_args(words)
    shared = setting(when, small=asked.small)
    print("\n".join([*heading(shared), *HEAD]), flush=True)
    records = []
    for size in SMALL if asked.small else SIZES:
        if asked.points and size.points not in asked.points:
            continue
        records.append(measure(size))
        print("\n".join(rows(records[-1])), flush=True)
        if not asked.no_history:
            append({**shared, **records[-1]}, asked.history)
    if asked.small:
        print("\nThese sizes are for a look: the aims below are for the full ones.")
    print("\n".join(["", *(f"- {line}" for line in verdicts(records))]))
    return 0
