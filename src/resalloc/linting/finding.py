"""A finding: two or more places of a plan that may not agree, and the arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
OPENING = {"zh": "疑似不一致，请核对", "en": "Possible inconsistency, please check"}


@dataclass(frozen=True)
class Quoted:
    """Words of the plan and where they stand.

    Parameters
    ----------
    quote
        The phrase, or the cells of a table row.
    where
        Section, box or row; a file of the district for a figure that is not the plan's.
    """

    quote: str
    where: str


@dataclass(frozen=True)
class Finding:
    """Places of a plan whose numbers may not agree.

    Parameters
    ----------
    rule
        Name of the rule that found it; ``docs/lint.md`` explains each.
    severity
        ``high``: the numbers cannot all be right as printed; ``medium``: they can only
        under a reading the plan does not state; ``low``: worth a look.
    zh, en
        What was found, without the opening words.
    figures
        The numbers of the arithmetic by name.
    places
        Every place concerned.
    norms
        Ids of the clauses concerned.
    """

    rule: str
    severity: Severity
    zh: str
    en: str
    figures: Mapping[str, float | str]
    places: tuple[Quoted, ...]
    norms: tuple[str, ...] = field(default=())

    def message(self, lang: str = "zh") -> str:
        """Give the finding in words, opened as a question, never as a verdict.

        Examples
        --------
        >>> finding = Finding(
        ...     "total_and_rows",
        ...     "high",
        ...     "合计10，相加为9。",
        ...     "Total 10, rows 9.",
        ...     {"total": 10, "rows": 9},
        ...     (),
        ... )
        >>> finding.message("en")
        'Possible inconsistency, please check: Total 10, rows 9.'
        """
        if lang == "zh":
            return f"{OPENING['zh']}：{self.zh}"
        return f"{OPENING['en']}: {self.en}"

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give the finding as ``resalloc lint PLAN --json`` prints it."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "message": self.message(lang),
            "figures": dict(self.figures),
            "places": [{"quote": place.quote, "where": place.where} for place in self.places],
            "norms": list(self.norms),
        }


def number(value: float) -> str:
    """Write a number of the arithmetic: whole ones whole, others to four significant digits.

    Examples
    --------
    >>> number(1475.0), number(1.56094), number(3216.07)
    ('1,475', '1.561', '3,216')
    """
    if value == round(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"
