"""The priorities of a solve as a planner reads them: what was reached, and how far it is proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.reporting.html_figures import figure
from resalloc.reporting.texts import Text, texts
from resalloc.result.result import PHASES_ZH
from resalloc.result.scorecard import TOLERANCE, number

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm
    from resalloc.result.result import Phase, Result
    from resalloc.result.scorecard import PlaceScore

_MEASURES = ("given up", "cost", "access", "equity", "least-change")
"""Objectives whose value means something on its own; a tie-break's does not."""


@dataclass(frozen=True)
class Priority:
    """One row of the table of proofs."""

    name: Text
    value: Text
    bound: Text
    proof: Text
    seconds: float
    worst: Text
    anchor: str


def priorities(result: Result) -> tuple[Priority, ...]:
    """Give every priority, in order."""
    return tuple(_priority(result, phase) for phase in result.phases)


def _priority(result: Result, phase: Phase) -> Priority:
    fixed, nothing = texts(), Text("", "")
    name, worst, anchor = _name(phase), nothing, ""
    value = bound = nothing
    first = phase.name.partition(" ")[0]
    if first in {"expected", "binding"}:
        name = fixed[f"method.{first}"]
        found = _worst(result, binding=first == "binding")
        worst = fixed["method.none_short"]
        if found is not None:
            norm, row, share = found
            anchor = norm.id
            about = norm.indicator
            zh, en = (about.zh, about.en) if about is not None else (norm.id, norm.id)
            told = {"place": row.place, "share": number(share), "where": norm.says.where}
            worst = Text(
                fixed["method.worst"].zh.format(name=zh, **told),
                fixed["method.worst"].en.format(name=en, **told),
            )
    if first in {"expected", "binding"} or phase.name in _MEASURES:
        digits = 2 if abs(phase.value) < 100 else 0
        value, bound = (_with_unit(phase, v, digits) for v in (phase.value, phase.bound))
    hopeless = phase.status.value in {"infeasible", "unbounded"}
    proof = fixed[f"method.{phase.status.value}"] if hopeless else Text.of(phase.proof)
    return Priority(name, value, bound, proof, phase.seconds, worst, anchor)


def _name(phase: Phase) -> Text:
    return Text(PHASES_ZH.get(phase.name, phase.name), phase.name)


def _with_unit(phase: Phase, value: float, digits: int) -> Text:
    text = figure(float(value), digits)
    return Text(*(f"{text} {phase.unit_in(lang)}".strip() for lang in ("zh", "en")))


def _worst(result: Result, *, binding: bool) -> tuple[Norm, PlaceScore, float] | None:
    """Give the clause, its place and its shortfall in per cent of the target; None if all hold."""
    found = [
        (100 * row.gap / max(abs(row.target), 1e-3), clause.norm, row)
        for card in result.after.values()
        for clause in card
        if clause.norm.use == "constraint" and clause.norm.reads.binding == binding
        for row in clause.rows
        if row.gap > TOLERANCE
    ]
    if not found:
        return None
    share, norm, row = max(found, key=lambda item: item[0])
    return norm, row, share
