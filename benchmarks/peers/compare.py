"""Peers' records held against ours: who agrees, and by what factor ours is faster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.apart import Record

AGREE = 1e-6
HEAD = (
    "| model | size | p | tool | it says | re-judged | objective | build s | solve s | of which "
    "HiGHS s | CPU s | peak MB | ÷ ours | objectives |",
    "|---|--:|--:|---|---|---|--:|--:|--:|--:|--:|--:|--:|---|",
)
COLD_HEAD = ("| whole process, p-median | wall s |", "|---|--:|")


def compared(record: Record, ours: Record) -> Record:
    """Give a peer's record with `ratio`, `at_least` and `verdict`.

    Parameters
    ----------
    record
        The peer's: build and solve are both counted.
    ours
        On the same problem, in the same run.
    """
    if "failed" in (record["status"], ours["status"]):
        return {**record, "ratio": None, "at_least": False, "verdict": "no comparison"}
    mine, theirs = ours["status"] == "proven", record["status"] == "proven"
    ratio = record["total_s"] / ours["total_s"] if mine else None
    return {**record, "ratio": ratio, "at_least": not theirs, "verdict": _verdict(record, ours)}


def _verdict(record: Record, ours: Record) -> str:
    worth, best = record["objective"], ours["objective"]
    claimed = record["claimed"]
    if worth is None or best is None:
        both = worth is None and best is None
        return "neither has an answer" if both else "peer not proven, no answer"
    apart = abs(worth - best) / max(abs(best), 1e-12)
    proofs = record["status"] == "proven", ours["status"] == "proven"
    if all(proofs):
        return "agree" if apart <= AGREE else "DISAGREE"
    better = worth > best if record["model"] == "mclp" else worth < best
    if apart > AGREE and ((proofs[1] and better) or (proofs[0] and not better)):
        return "DISAGREE"
    words = "peer not proven" if proofs[1] else "ours not proven"
    words += f", {100 * apart:.2g} % {'better' if better else 'worse'}" if apart > AGREE else ""
    if claimed is not None and abs(worth - claimed) > AGREE * max(1.0, abs(worth)):
        words += f", claims {claimed:,.6g}"
    return words


def row(record: Record) -> str:
    """Give a record as a line of the table."""
    if record["status"] == "failed":
        record = {**record, "says": f"failed: {record['why']}".replace("|", "/")}
    ratio = _shown(record.get("ratio"), ",.3g")
    cells = (
        record["model"],
        record["size"],
        _shown(record.get("p"), ","),
        record["tool"],
        record["says"],
        record["status"],
        _shown(record.get("objective"), ",.10g"),
        _shown(record.get("build_s") if record["tool"] != "resalloc" else None, ".3g"),
        _shown(record.get("solve_s"), ".3g"),
        _shown(record.get("solver_s"), ".3g"),
        _shown(record.get("cpu_s"), ".3g"),
        _shown(record.get("peak_mb"), ",.0f"),
        f"≥ {ratio}" if record.get("at_least") and record.get("ratio") else ratio,
        record.get("verdict", ""),
    )
    return f"| {' | '.join(cells)} |"


def verdicts(records: Sequence[Record]) -> list[str]:
    """Give how the ratios to spopt stand to what was aimed at, and who disagreed."""
    words = []
    for record in records:
        aim = record.get("aim")
        if record["tool"] == "spopt" and aim and record.get("ratio"):
            least = "at least " if record["at_least"] else ""
            met = "met" if record["ratio"] >= aim else "NOT met"
            words.append(
                f"{record['model']} {record['size']}: {least}{record['ratio']:,.3g} times as fast "
                f"as spopt; aim {aim}: {met}"
            )
    odd = [one for one in records if "DISAGREE" in one.get("verdict", "")]
    words += [f"DISAGREEMENT: {one['model']} {one['size']}, {one['tool']}" for one in odd]
    return words or ["no aim applies to these sizes"]


def _shown(number: Any, form: str) -> str:
    return "—" if number is None else f"{number:{form}}"
