"""The printed table, a line as soon as its case is done, and what the targets come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.apart import Record

HEAD = (
    "| subject | case | size | p | status | objective | bound | gap % | wall s | CPU s "
    "| peak MB | ratio | to |",
    "|---|---|--:|--:|---|--:|--:|--:|--:|--:|--:|--:|---|",
)


def row(record: Record) -> str:
    """Give a record as a line of the table."""
    known = record.get("known")
    status = record["status"]
    if known is not None:
        status += ", published" if record["equal"] else f", PUBLISHED IS {known:,.10g}"
    if status == "failed":
        status = f"failed: {record['why']}".replace("|", "/")
    cells = (
        record["subject"],
        record["case"],
        record.get("size", "—"),
        _shown(record.get("p"), ","),
        status,
        _shown(record.get("objective"), ",.10g"),
        _shown(record.get("bound"), ",.10g"),
        _shown(record.get("gap_percent"), ".2g"),
        _shown(record.get("wall_s"), ".3g"),
        _shown(record.get("cpu_s"), ".3g"),
        _shown(record.get("peak_mb"), ",.0f"),
        _shown(record.get("ratio"), ".3g"),
        record.get("yardstick", "—"),
    )
    return f"| {' | '.join(cells)} |"


def notes(records: Sequence[Record]) -> list[str]:
    """Give what the figures rest on, each once."""
    return list(dict.fromkeys(note for record in records for note in record.get("notes", ())))


def verdicts(records: Sequence[Record]) -> list[str]:
    """Give, by subject, how the figures stand to what was aimed at."""
    words = []
    for subject in dict.fromkeys(record["subject"] for record in records):
        mine = [record for record in records if record["subject"] == subject]
        done = [record for record in mine if record["status"] != "failed"]
        if done:
            words.append(f"{subject}: {_VERDICTS[subject](done)}")
        if len(done) < len(mine):
            words.append(f"{subject}: {len(mine) - len(done)} of {len(mine)} failed")
    return words


def _published(done: Sequence[Record]) -> str:
    right = sum(_proven(one) and bool(one["equal"]) for one in done)
    return f"{right} of {len(done)} proven and equal to the published optimum; {_sum(done)}"


def _published_median(done: Sequence[Record]) -> str:
    wall = sum(one["wall_s"] for one in done)
    return f"{_published(done)}; aim: all, about 60 s: {_met(wall <= 60)} in time"


def _within_tenth(done: Sequence[Record]) -> str:
    proven = sum(_proven(one) for one in done)
    near = sum(_gap(one) <= 0.1 for one in done)
    share = max(((one["peak_mb"] or 0) - one["base_mb"]) / one["model_mb"] for one in done)
    return (
        f"{proven} of {len(done)} proven, {near} proven or within 0.1 %, widest gap "
        f"{max(map(_gap, done)):.2g} %; {_sum(done)}; costs and search take at most "
        f"{100 * share:.3g} % of the memory the n × n model would at an assumed 100 bytes a "
        f"variable; aim: all within 0.1 %: {_met(near == len(done))}"
    )


def _proof_in_15(done: Sequence[Record]) -> str:
    met = all(_proven(one) and one["wall_s"] <= 15 for one in done)
    return f"{_sum(done)}; aim: a proof in 15 s: {_met(met)}"


def _three_yardsticks(done: Sequence[Record]) -> str:
    met = all(
        one["wall_s"] <= 3 * one["yardstick_s"] + 60 and (one["peak_mb"] or 0) < 2000
        for one in done
    )
    longest = max(done, key=lambda one: one["wall_s"])
    proven = sum(_proven(one) for one in done)
    return (
        f"{proven} of {len(done)} proven; longest {longest['wall_s']:.3g} s, reading and merging "
        f"alone {longest['yardstick_s']:.3g} s; aim: 3 times that and 60 s, below 2 GB: {_met(met)}"
    )


def _within_one(done: Sequence[Record]) -> str:
    met = all(_gap(one) <= 1 and (one["peak_mb"] or 0) < 4000 for one in done)
    return (
        f"{sum(_proven(one) for one in done)} of {len(done)} proven, widest gap "
        f"{max(map(_gap, done)):.2g} %; {_sum(done)}; aim: within 1 %, below 4 GB: {_met(met)}"
    )


def _against_loops(done: Sequence[Record]) -> str:
    return "; ".join(f"{1 / one['ratio']:.3g} times as fast as {one['yardstick']}" for one in done)


_VERDICTS = {
    "orlib-median": _published_median,
    "planar-median": _within_tenth,
    "tsplib-median": _within_tenth,
    "planar-center": _proof_in_15,
    "orlib-center": _published,
    "cover": _three_yardsticks,
    "chongqing": _within_one,
    "access": _against_loops,
}


def _sum(done: Sequence[Record]) -> str:
    wall, cpu = sum(one["wall_s"] for one in done), sum(one["cpu_s"] for one in done)
    peak = max(one["peak_mb"] or 0 for one in done)
    return f"in all {wall:.3g} s by the clock, {cpu:.3g} s of CPU, at most {peak:,.0f} MB"


def _proven(record: Record) -> bool:
    return bool(record["status"] == "optimal")


def _gap(record: Record) -> float:
    """Give the gap in percent; endless where there is no answer or no bound."""
    if _proven(record):
        return 0.0
    gap = record.get("gap_percent")
    return float("inf") if gap is None else float(gap)


def _met(met: bool) -> str:
    return "met" if met else "NOT met"


def _shown(value: Any, form: str) -> str:
    return "—" if value is None else f"{value:{form}}"
