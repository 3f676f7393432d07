"""What stands at the top of the page: a sentence, and the key figures before and after."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.reporting.added_cost import added_cost
from resalloc.reporting.response_facts import response_facts
from resalloc.reporting.sources import Source, clause_source, clauses_on
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
_JUDGED = {"met", "short", "over"}


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
    told = [line for line in lines if {line.today, line.planned} != {"—"}]
    chosen = [line for key in _KEY for line in told if _about(line) == key][:3]
    chosen += [line for line in told if _rule(line) == "response"][:1]
    chosen += [line for line in told if _rule(line) == "reach"][:2]
    fixed = texts()
    found = [
        KeyFigure(
            line.name, line.unit, line.today, line.planned,
            _note(f, line),
            line.verdict, clause_source(line.norm),
        )
        for line in chosen[:_MOST]
    ]  # fmt: skip
    judged = [x for x in lines if x.verdict in _JUDGED and x.today_verdict in _JUDGED]
    if judged:
        n = len(judged)
        before = f"{sum(x.today_verdict == 'met' for x in judged)}/{n}"
        after = f"{sum(x.verdict == 'met' for x in judged)}/{n}"
        note = fixed["head.clauses_note"].format(base=f.base_year, year=f.plan_year, n=n)
        found.append(
            KeyFigure(
                fixed["head.clauses"], fixed["head.clauses_unit"], before,
                after if f.planned else "—", note if f.planned else Text("", ""), "",
                Source("scorecard", fixed["scorecard.title"], "clause"),
            )
        )  # fmt: skip
    cost = added_cost(f)
    if cost is not None:
        amounts = {
            "capital": cost.sum("capital"), "running": cost.sum("running"),
            "public": cost.sum(owner="public"), "private": cost.sum(owner="private"),
            "open": cost.sum(owner="open"), "unknown": cost.unknown,
        }  # fmt: skip
        in_words = {key: f"{value / 1e4:.1f}" for key, value in amounts.items()}
        note = fixed["head.cost_note"].format(**in_words, years=f"{cost.years:g}")
        found.append(
            KeyFigure(
                fixed["head.cost"], fixed["head.cost_unit"], "", f"{cost.sum() / 1e4:.1f}", note,
                "", Source("cost", fixed["cost.title"], "assumption"),
            )
        )  # fmt: skip
    return tuple(found)


def sentence(f: Figures) -> Text | None:
    """Say the plan's beds in a planner's words; None where a total is not known."""
    before, after = (
        f.table("beds_total", planned=p)["beds_total"].sum(skipna=False) for p in (False, True)
    )
    people = float(f.residents(planned=True).sum())
    if not after or math.isnan(after - before) or not people or not clauses_on(f.problem, "beds"):
        return None
    fewer = after < before
    return texts()["head.fewer" if fewer else "head.sentence"].format(
        year=f.plan_year, base=f.base_year, beds=f"{after:,.0f}",
        more=f"{abs(after - before):,.0f}", rate=number(1000 * after / people),
    )  # fmt: skip


def met_sentence(result: Result) -> Text:
    """Say how many clauses have each status."""
    card = result.scorecard
    counts = card.counts()
    return texts()["head.met"].format(
        year=card.year, met=counts["met"], short=counts["short"], over=counts["over"],
        unknown=counts["not_computable"],
    )  # fmt: skip


def _note(f: Figures, line: Line) -> Text:
    """Give a figure's target and, beside a mean response, who waits longer."""
    fixed = texts()
    target = fixed["head.target_of"].format(target=line.target)
    facts = response_facts(f) if _rule(line) == "response" else None
    if facts is None:
        return target
    more = fixed["head.slower"].format(share=number(facts.share, 1), n=len(facts.townships))
    return Text(f"{target.zh}；{more.zh}", f"{target.en}; {more.en}")


def _about(line: Line) -> str:
    return line.norm.reads.indicator if line.norm.reads.scope == "district" else ""


def _rule(line: Line) -> str:
    return line.norm.indicator.rule if line.norm.indicator is not None else ""
