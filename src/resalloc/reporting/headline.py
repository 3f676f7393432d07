"""What stands at the top of the page: a sentence, and the key figures before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.reporting.sources import Source, assumption_source, clause_source, clauses_on
from resalloc.reporting.texts import Text, texts
from resalloc.result.scorecard import number

if TYPE_CHECKING:
    from resalloc.reporting.figures import Figures
    from resalloc.reporting.lines import Line
    from resalloc.result.result import Result

_KEY = (
    "beds_per_1000",
    "physicians_per_1000",
    "nurses_per_1000",
    "primary_staff_per_1000",
    "ambulances_per_10000",
)
_MOST = 6


@dataclass(frozen=True)
class KeyFigure:
    """One figure, today and planned, with what it leads to."""

    name: Text
    unit: Text
    today: str
    planned: str
    note: Text
    verdict: str
    source: Source


def key_figures(f: Figures, lines: tuple[Line, ...]) -> tuple[KeyFigure, ...]:
    """Give the figures a director asks for first: those of them the plan has clauses on."""
    chosen = [line for key in _KEY for line in lines if _about(line) == key][:3]
    chosen += [line for line in lines if _rule(line) == "response"][:1]
    chosen += [line for line in lines if _rule(line) == "reach"][:2]
    fixed = texts()
    found = [
        KeyFigure(
            line.name, line.unit, line.today, line.planned,
            fixed["head.target_of"].format(target=line.target),
            line.verdict, clause_source(line.norm),
        )
        for line in chosen[:_MOST]
    ]  # fmt: skip
    judged = [line for line in lines if line.verdict in {"met", "short", "over"}]
    if judged:
        before = sum(line.today_verdict == "met" for line in judged)
        after = sum(line.verdict == "met" for line in judged)
        found.append(
            KeyFigure(
                fixed["head.clauses"], fixed["head.clauses_unit"], f"{before}", f"{after}",
                Text(f"共 {len(judged)} 条", f"of {len(judged)}"), "",
                Source("scorecard", fixed["scorecard.title"], "clause"),
            )
        )  # fmt: skip
    cost = f.cost().sum()
    if f.planned:
        years = f.problem.district.assumptions.value("cost.years")
        capital, running = cost["capital"] / 1e4, cost["running"] / 1e4
        note = fixed["head.cost_note"].format(
            capital=f"{capital:.1f}", running=f"{running:.1f}", years=f"{years:g}"
        )
        found.append(
            KeyFigure(
                fixed["head.cost"], fixed["head.cost_unit"], "", f"{capital + running:.1f}", note,
                "", assumption_source(f.problem, "cost.bed_hospital_wan"),
            )
        )  # fmt: skip
    return tuple(found)


def sentence(f: Figures) -> Text | None:
    """Say the plan's beds in the words of a planning document; None where there is no plan."""
    before, after = (f.table("beds_total", planned=p)["beds_total"].sum() for p in (False, True))
    people = float(f.residents(planned=True).sum())
    if not after or math.isnan(after) or not people or not clauses_on(f.problem, "beds"):
        return None
    return texts()["head.sentence"].format(
        year=f.plan_year, base=f.base_year, beds=f"{after:,.0f}", more=f"{after - before:,.0f}",
        rate=number(1000 * after / people),
    )  # fmt: skip


def met_sentence(result: Result) -> Text:
    """Say how many clauses have each status."""
    card = result.scorecard
    counts = card.counts()
    return texts()["head.met"].format(
        year=card.year, met=counts["met"], short=counts["short"], over=counts["over"],
        unknown=counts["not_computable"],
    )  # fmt: skip


def _about(line: Line) -> str:
    return line.norm.reads.indicator if line.norm.reads.scope == "district" else ""


def _rule(line: Line) -> str:
    return line.norm.indicator.rule if line.norm.indicator is not None else ""
