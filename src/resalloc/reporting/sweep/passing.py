"""How likely each clause is to hold: bars by clause, binding ones first."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.reporting.sweep.section import section
from resalloc.reporting.sweep.words import aims, by_place, clause_name, figure, target, unit
from resalloc.reporting.texts import texts
from resalloc.reporting.words import beginning_of
from resalloc.sweep.summary.passing import counts_jointly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.norms.norm import Norm
    from resalloc.reporting.sweep.section import Section
    from resalloc.result.scorecard import Clause
    from resalloc.sweep.summary.passing import Passing
    from resalloc.sweep.summary.summary import SweepSummary

STRIP = 150.0
"""Width of the strip that shows a clause's range, in pixels."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Strip:
    """A clause's range and target on a line, in pixels; `target` may be two ends or none."""

    low: float
    median: float
    high: float
    target: tuple[float, ...]


@dataclass(frozen=True)
class Row:
    """A clause in words."""

    passing: Passing
    name: str
    target: str
    unit: str
    binding: bool
    strip: Strip | None
    lacks: str = ""


@dataclass(frozen=True)
class Lot:
    """Clauses shown together: one by itself, or several folded under a name."""

    rows: tuple[Row, ...]
    name: str = ""
    counted: str = ""


def passing_section(summary: SweepSummary, lang: str) -> Section:
    """Give every clause that some factor can move, then those that none can."""
    rows = [_row(summary, passing, lang) for passing in summary.clauses.each]
    parts = [
        (key, _lots([row for row in rows if row.binding == binding], lang))
        for key, binding in (("binding", True), ("expected", False))
    ]
    due = [clause for clause in summary.fixed if clause.verdict != "context"]
    return section(
        "passing", "sweep_passing.html.j2", lang,
        parts=[(key, lots) for key, lots in parts if lots], strip=STRIP,
        fixed=[_fixed(summary, clause, lang) for clause in due],
        context=len(summary.fixed) - len(due),
    )  # fmt: skip


def _row(summary: SweepSummary, passing: Passing, lang: str) -> Row:
    norm = passing.norm
    return Row(
        passing,
        clause_name(norm, lang),
        target(summary, norm, lang),
        unit(norm, lang),
        counts_jointly(norm),
        _strip(summary, passing),
        _lacks(summary, norm, lang),
    )


def _lacks(summary: SweepSummary, norm: Norm, lang: str) -> str:
    what = summary.missing.get(norm.id, "")
    return texts()["sweep.lacks"].format(what=what).label(lang) if what else ""


def _strip(summary: SweepSummary, passing: Passing) -> Strip | None:
    spread = passing.value
    if not spread.known or not math.isfinite(spread.low + spread.high):
        return None
    own = aims(summary, passing.norm)
    low, high = min(spread.low, *own, spread.low), max(spread.high, *own, spread.high)
    size = high - low if high - low > _ROUNDING * abs(high) else 0.0
    margin = 0.06 * size or abs(high) * 0.1 or 1.0
    low, high = low - margin, high + margin

    def at(value: float) -> float:
        return round(STRIP * (value - low) / (high - low), 1)

    return Strip(at(spread.low), at(spread.median), at(spread.high), tuple(map(at, own)))


def _lots(rows: Sequence[Row], lang: str) -> list[Lot]:
    """Put those that hold most often first; fold what never holds, if not binding, and tables."""
    alone = [row for row in rows if not by_place(row.passing)]
    alone.sort(key=lambda row: (row.passing.count.share_unknown, -row.passing.count.share_holds))
    never = [row for row in alone if row.passing.count.share_fails == 1 and not row.binding]
    unsaid = [row for row in alone if row.passing.count.share_unknown == 1]
    lots = [Lot((row,)) for row in alone if row not in never and row not in unsaid]
    for key, own in (("fold_never", never), ("fold_unknown", unsaid)):
        if own:
            name = texts()[f"sweep.{key}"].format(n=len(own)).label(lang)
            lots.append(Lot(tuple(own), name))
    families: dict[str, list[Row]] = {}
    for row in rows:
        if by_place(row.passing):
            families.setdefault(row.passing.norm.id.partition(".")[0], []).append(row)
    return lots + [_family(own, lang) for own in families.values()]


def _family(rows: list[Row], lang: str) -> Lot:
    say = texts()
    norms = [row.passing.norm for row in rows]
    where = beginning_of([norm.says.where for norm in norms]).rstrip("0123456789 第")
    indicator = norms[0].indicator
    about = norms[0].id if indicator is None else indicator.label(lang)
    counts = [row.passing.count for row in rows]
    sorts = {
        "rows_always": sum(c.holds == c.scenarios for c in counts),
        "rows_wavers": sum(c.wavers for c in counts),
        "rows_never": sum(c.fails == c.scenarios for c in counts),
        "rows_unknown": sum(c.holds == 0 and c.fails == 0 for c in counts),
    }
    told = [say[f"sweep.{key}"].format(n=n).label(lang) for key, n in sorts.items() if n]
    name = say["sweep.rows_of"].format(where=where, name=about, count=len(rows)).label(lang)
    return Lot(tuple(rows), name, ("，" if lang == "zh" else ", ").join(told))


def _fixed(summary: SweepSummary, clause: Clause, lang: str) -> dict[str, str]:
    from resalloc.reporting.lines import SYMBOLS, target_of

    verdict = clause.verdict
    value = math.nan if clause.value is None else clause.value
    return {
        "name": clause_name(clause.norm, lang),
        "where": clause.norm.says.where,
        "quote": clause.norm.says.quote,
        "target": target_of(clause, clause.norm),
        "value": figure(value),
        "unit": unit(clause.norm, lang),
        "verdict": verdict,
        "said": f"{SYMBOLS[verdict]} {texts()[f'verdict.{verdict}'].label(lang)}",
        "lacks": _lacks(summary, clause.norm, lang) if clause.value is None else "",
    }
