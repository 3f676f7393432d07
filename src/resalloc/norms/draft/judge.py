"""From a clause to a proposal: its indicator, its direction, and how sure both are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from resalloc.norms.draft.dates import dates
from resalloc.norms.draft.match import likest
from resalloc.norms.draft.numerals import tidy
from resalloc.norms.draft.printed_unit import factor
from resalloc.norms.draft.proposal import Clause, Proposal
from resalloc.norms.draft.words import capped
from resalloc.norms.indicator import indicators

if TYPE_CHECKING:
    from resalloc.norms.draft.proposal import Target
    from resalloc.norms.indicator import Indicator
    from resalloc.norms.norm import Sense

TASK = "task_done"
_FIGURE, _INDICATOR, _UNIT, _DIRECTION, _YEAR, _ROW = 0.2, 0.3, 0.15, 0.1, 0.1, 0.15
_CHANGES = {"added": "an addition", "changed": "a change, not a level"}
_UNSURE = 0.4
"""Most a proposal without an indicator can have."""


def judged(clause: Clause) -> Proposal:
    """Name the clause's indicator and weigh the evidence.

    Confidence is a sum: 0.2 for a figure with its unit; 0.3 times the likeness of the
    indicator's name, and 0.15 if its unit is the printed one; 0.1 for a word or sign of
    direction, or a state that needs none; 0.1 for a printed year; 0.15 for a row of a table.
    Without an indicator it is at most 0.4. A dated task has 0.5, or 0.4 where its year stands
    before its own words; a row of a project list, or its total, has 0.7.

    Examples
    --------
    >>> clause = Clause("注册护士数达到4.7人", "三", ("每千人口注册护士数",), "人", ">=", "达到",
    ...                 values={2025: 4.7}, years_printed=True)  # fmt: skip
    >>> proposal = judged(clause)
    >>> proposal.indicator, proposal.confidence
    ('nurses_per_1000', 0.85)
    >>> proposal.evidence
    ('indicator 1.00', 'unit agrees', 'direction 达到', 'year printed')
    """
    if clause.kind == "project":
        return _proposal(clause, None, 0.7, ("row of a project list",))
    if clause.kind == "total":
        return _total(clause)
    if clause.kind == "task":
        return _task(clause)
    clause, upper = _capped(clause)
    times = clause.unit[:1] if clause.unit[:1] in {"万", "亿"} else ""
    unit = clause.unit.removeprefix(times)
    ranked = [
        (*likest(about, unit, clause.change), place) for place, about in enumerate(clause.about)
    ]
    indicator, likeness, _ = max(
        ranked, key=lambda each: (each[1], -each[2]), default=(None, 0.0, 0)
    )
    confidence, evidence = _FIGURE if clause.values or clause.baseline else 0.0, []
    if indicator is not None:
        confidence += _INDICATOR * likeness + (_UNIT if unit else 0.0)
        evidence = [f"indicator {likeness:.2f}", *(["unit agrees"] if unit else [])]
    if clause.word:
        evidence.append(f"{'direction' if clause.sense else 'weak word'} {clause.word}")
    if upper:
        evidence.append("upper end of a range")
    if clause.change:
        evidence.append(_CHANGES[clause.change])
    if (clause.word and clause.sense) or (clause.baseline and not clause.values):
        confidence += _DIRECTION
    if clause.years_printed:
        confidence += _YEAR
        evidence.append("year printed")
    if clause.kind == "row":
        confidence += _ROW
        evidence.append("row of a table")
    if not clause.values:
        evidence.append("no target" if clause.baseline else "no figure")
    if indicator is None:
        confidence = min(confidence, _UNSURE)
        evidence.append("no indicator recognised")
    return _proposal(clause, indicator, confidence, tuple(evidence))


def _capped(clause: Clause) -> tuple[Clause, bool]:
    """Read a range of a radius or a time (服务半径10至15公里) as a cap at its upper end."""
    words = "".join(clause.about)
    if clause.sense != "between" or not capped(clause.unit, words, clause.word):
        return clause, False
    ends = {year: t[1] if isinstance(t, tuple) else t for year, t in clause.values.items()}
    return replace(clause, sense="<=", firm=True, values=ends), True


def _total(clause: Clause) -> Proposal:
    if not clause.indicator:
        return _proposal(clause, None, _UNSURE, ("subtotal of a project list",))
    evidence = ("total of a project list",)
    return _proposal(clause, indicators()[clause.indicator], 0.7, evidence)


def _task(clause: Clause) -> Proposal:
    beside = bool(dates(clause.quote))
    evidence = ("task with a date", "year in the quote" if beside else "year before the quote")
    return _proposal(clause, indicators()[TASK], 0.5 if beside else 0.4, evidence)


def _proposal(
    clause: Clause, indicator: Indicator | None, confidence: float, evidence: tuple[str, ...]
) -> Proposal:
    times = clause.unit[:1] if clause.unit[:1] in {"万", "亿"} else ""
    by = (factor(times, indicator) if indicator is not None else 1.0) / factor(times, None)
    return Proposal(
        id="",
        quote=clause.quote,
        where=clause.where,
        nature=clause.nature,
        indicator=indicator.id if indicator is not None else "",
        sense=_sense(clause, indicator),
        values={year: _scaled(target, by) for year, target in clause.values.items()},
        baseline={year: tidy(value * by) for year, value in clause.baseline.items()},
        unit=clause.unit,
        confidence=round(confidence, 2),
        evidence=evidence,
        project=clause.project,
        also=clause.also,
        rows=clause.rows,
    )


def _scaled(target: Target, by: float) -> Target:
    if isinstance(target, tuple):
        return tidy(target[0] * by), tidy(target[1] * by)
    return tidy(target * by)


def _sense(clause: Clause, indicator: Indicator | None) -> Sense:
    """Take the printed direction; without a firm one, that in which the indicator is better."""
    if clause.sense and (clause.firm or clause.sense in {"==", "between"}):
        return clause.sense
    if indicator is not None and indicator.better == "lower":
        return "<="
    return clause.sense or ">="
