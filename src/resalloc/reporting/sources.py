"""Where a number comes from: a clause, an assumption, or a note on the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.reporting.texts import Text
from resalloc.reporting.words import single_place, terms_of

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm
    from resalloc.problem.problem import Problem


@dataclass(frozen=True)
class Source:
    """One place on the page a number leads to.

    Parameters
    ----------
    anchor
        Id of the element it leads to.
    text
        What stands there, for the tooltip and for print.
    kind
        ``clause``, ``assumption`` or ``data``.
    """

    anchor: str
    text: Text
    kind: str

    @property
    def mark(self) -> str:
        """The sign shown beside the number."""
        return "§" if self.kind == "clause" else "ⓘ"


def clause_source(norm: Norm) -> Source:
    """Give the link to a clause's row."""
    indicator = norm.indicator
    zh, en = (indicator.zh, indicator.en) if indicator else (norm.id, norm.id)
    where = norm.says.where
    return Source(norm.id, Text(f"{where} {zh}", f"{where} {en}"), "clause")


def assumption_source(problem: Problem, key: str) -> Source:
    """Give the link to an assumption's row."""
    entry = problem.district.assumptions[key]
    return Source(
        f"assumption-{key}", Text(f"假设：{entry.zh}", f"assumed: {entry.en}"), "assumption"
    )


def data_source(topic: str, zh: str, en: str) -> Source:
    """Give the link to a note on the district's data."""
    return Source(f"data-{topic}", Text(f"数据：{zh}", f"data: {en}"), "data")


def clauses_on(problem: Problem, block: str, kind: str = "", group: str = "") -> tuple[Source, ...]:
    """Give the district-wide clauses on a quantity, most specific to it, three at most."""
    found = []
    for norm in problem.norms:
        if norm.use == "context" or "." in norm.id or not norm.reads.values:
            continue
        if norm.reads.scope == "district" and (block, kind, group) in terms_of(norm):
            found.append(clause_source(norm))
    return tuple(found[:3])


def clauses_by_rule(problem: Problem, rule: str) -> tuple[Source, ...]:
    """Give the clauses of one rule, e.g. ``reach``."""
    return tuple(
        clause_source(norm)
        for norm in problem.norms
        if norm.indicator is not None and norm.indicator.rule == rule
    )


def clauses_of_places(problem: Problem, block: str) -> dict[tuple[str, str], str]:
    """Give, by (place, kind), the clause that fixes this one place's figure."""
    found: dict[tuple[str, str], str] = {}
    for norm in problem.norms:
        place = single_place(norm)
        terms = terms_of(norm)
        if not place or norm.use == "context" or len(terms) != 1 or terms[0][0] != block:
            continue
        indicator = norm.indicator
        if indicator is not None and not indicator.per:
            found.setdefault((place, terms[0][1]), norm.id)
    return found
