"""The scorecard as lines of the page: today beside the plan, clause by clause."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from resalloc.reporting.texts import Text, texts
from resalloc.reporting.words import beginning_of, formula_in_words, scope_in_words, terms_of
from resalloc.result.scorecard import Clause, PlaceScore, Verdict, number, target_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.norms.norm import Norm
    from resalloc.result.result import Result

SYMBOLS: Mapping[str, str] = {
    "met": "✓",
    "short": "▼",
    "over": "▲",
    "not_computable": "○",
    "not_due": "…",
    "context": "·",
}
_SENSE = {">=": "≥", "<=": "≤", "==": "=", "between": ""}


@dataclass(frozen=True)
class PlaceLine:
    """A place of a clause, today and planned."""

    place: str
    today: str
    planned: str
    target: str
    gap: str
    verdict: Verdict


@dataclass(frozen=True)
class Milestone:
    """A clause in a plan year before the last."""

    year: int
    value: str
    target: str
    verdict: Verdict

    @property
    def symbol(self) -> str:
        """The sign of its status, for print without colour."""
        return SYMBOLS[self.verdict]


@dataclass(frozen=True)
class Line:
    """One clause on the page, everything in words."""

    norm: Norm
    name: Text
    unit: Text
    today: str
    planned: str
    target: str
    gap: str
    verdict: Verdict
    today_verdict: Verdict
    places: tuple[PlaceLine, ...]
    total_places: int
    met_places: int
    worst: str
    formula: Text
    scope: Text
    baseline: str
    basis: str
    missing: Text
    remark: Text
    role: Text
    because: Text
    note: Text
    milestones: tuple[Milestone, ...] = ()

    @property
    def family(self) -> str:
        """The table a row of a table comes from; empty for a single clause."""
        return self.norm.id.partition(".")[0] if "." in self.norm.id else ""

    @property
    def told(self) -> Text:
        """What stands in its row instead of a value that is reported and not computed."""
        return self.remark if self.verdict == "not_computable" else Text("", "")

    @property
    def symbol(self) -> str:
        """The sign of its status, for print without colour."""
        return SYMBOLS[self.verdict]


@dataclass(frozen=True)
class Group:
    """Clauses shown together: one clause, or the rows of one table of the plan."""

    family: str
    lines: tuple[Line, ...]

    @property
    def name(self) -> Text:
        """What its lines are about."""
        if len({line.name for line in self.lines}) == 1:
            return self.lines[0].name
        terms = terms_of(self.lines[0].norm)
        key = f"term.{terms[0][0]}" if terms else f"family.{self.family}"
        return texts().get(key, self.lines[0].name)

    @property
    def where(self) -> str:
        """What the places of its lines in the document have in common."""
        return beginning_of([line.norm.says.where for line in self.lines]).rstrip("0123456789 第")

    def count(self, verdict: Verdict) -> int:
        """How many of its lines have a status."""
        return sum(line.verdict == verdict for line in self.lines)


def scorecard_lines(result: Result) -> tuple[Line, ...]:
    """Give every clause, in the document's order."""
    planned = result.scorecard if result.after else None
    found = []
    for clause in result.before:
        norm = result.problem.norms[clause.norm.id]
        line = _line(norm, clause, None if planned is None else planned[norm.id])
        found.append(replace(line, milestones=_milestones(result, norm)))
    return tuple(found)


def _milestones(result: Result, norm: Norm) -> tuple[Milestone, ...]:
    earlier = sorted(result.after)[:-1]
    clauses = {year: result.after[year][norm.id] for year in earlier}
    return tuple(
        Milestone(year, number(each.value), target_of(each, norm, year), each.verdict)
        for year, each in clauses.items()
    )


def grouped(lines: tuple[Line, ...]) -> tuple[Group, ...]:
    """Put the rows of each table together; other clauses stay alone."""
    groups: list[Group] = []
    for line in lines:
        if groups and line.family and groups[-1].family == line.family:
            groups[-1] = Group(line.family, (*groups[-1].lines, line))
        else:
            groups.append(Group(line.family, (line,)))
    return tuple(groups)


def _line(norm: Norm, before: Clause, after: Clause | None) -> Line:
    shown = after or before
    indicator = norm.indicator
    reach = indicator is not None and indicator.rule == "reach"
    name = Text(norm.id, norm.id) if indicator is None else Text(indicator.zh, indicator.en)
    unit = Text("", "") if indicator is None else Text(indicator.units.zh, indicator.units.en)
    return Line(
        norm=norm,
        name=name,
        unit=Text("%", "%") if reach else unit,
        today=number(before.value),
        planned="—" if after is None else number(after.value),
        target=target_of(shown, norm),
        gap=number(shown.gap),
        verdict=shown.verdict,
        today_verdict=before.verdict,
        places=_places(before, after),
        total_places=shown.places,
        met_places=places_met(shown),
        worst=shown.place if norm.reads.scope != "district" else "",
        formula=texts()["formula.measure"] if indicator is None else formula_in_words(indicator),
        scope=scope_in_words(norm.reads.scope),
        baseline="；".join(f"{year}: {number(v)}" for year, v in norm.reads.baseline.items()),
        basis=shown.basis,
        missing=_missing(shown),
        remark=Text.of(shown.remark_in),
        role=_role(norm),
        because=Text.of(norm.because_in),
        note=Text.of(norm.reads.note_in),
    )


def target_of(clause: Clause, norm: Norm, year: int | None = None) -> str:
    """Write a clause's target with its sign; for a service radius, the radius itself.

    With `year`, the target due in it; without, the last.
    """
    target = clause.target
    if target is None and norm.reads.values and year is None:
        target = norm.reads.values[max(norm.reads.values)]
    if target is None:
        return "—"
    if norm.indicator is not None and norm.indicator.rule == "reach":
        radius = norm.reads.values[max(norm.reads.values)]
        return f"100 (≤ {target_text(radius)} km)"
    return f"{_SENSE[norm.reads.sense]} {target_text(target)}".strip()


def places_met(clause: Clause) -> int:
    """Count the places that meet a clause; one that cannot be computed does not."""
    unmet = {row.place for row in clause.rows if row.verdict != "met"}
    return clause.places - len(unmet)


def _places(before: Clause, after: Clause | None) -> tuple[PlaceLine, ...]:
    """Give every place, worst first; nothing for a clause on the district as a whole."""
    shown = after or before
    if shown.norm.reads.scope == "district" and len(shown.rows) < 2:
        return ()
    today = {(row.place, row.sense): row for row in before.rows}

    def share(row: PlaceScore) -> float:
        return -row.gap / max(abs(row.target), 1e-9) if row.gap == row.gap else 1.0

    return tuple(
        PlaceLine(
            row.place,
            number(today[row.place, row.sense].value) if (row.place, row.sense) in today else "—",
            "—" if after is None else number(row.value),
            f"{_SENSE[row.sense]} {number(row.target)}",
            number(row.gap),
            row.verdict,
        )
        for row in sorted(shown.rows, key=share)
    )


def _missing(clause: Clause) -> Text:
    indicator = clause.norm.indicator
    if indicator is not None and clause.missing == f"measures.csv: {indicator.id}":
        both = texts()["scorecard.measure_missing"]
        return Text(
            both.zh.format(name=indicator.zh, file=clause.missing),
            both.en.format(name=indicator.en, file=clause.missing),
        )
    return Text.of(clause.missing_in)


def _role(norm: Norm) -> Text:
    fixed = texts()
    if norm.use == "constraint":
        return fixed["scorecard.hard" if norm.reads.binding else "scorecard.soft"]
    return fixed["scorecard.only_score" if norm.use == "score" else "scorecard.only_context"]
