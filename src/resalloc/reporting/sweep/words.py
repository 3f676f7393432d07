"""A sweep in words: shares, targets, and the clauses it speaks of."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from resalloc.reporting.lines import target_of
from resalloc.reporting.siting.words import figure as figure
from resalloc.reporting.texts import texts
from resalloc.reporting.words import scope_in_words
from resalloc.result.scorecard import Clause, target_text
from resalloc.sweep.summary.passing import counts_jointly

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resalloc.norms.norm import Norm
    from resalloc.sweep.summary.passing import Passing
    from resalloc.sweep.summary.summary import SweepSummary
    from resalloc.sweep.summary.varied import Varied

TOLD = 3
"""Clauses that the headline speaks of."""
CERTAIN = 0.005
"""A clause that holds in fewer scenarios, or fails in fewer, is all but certain."""


def words(lang: str) -> dict[str, str]:
    """Give the fixed words of the page in one language, without ``sweep.``."""
    return {
        key.removeprefix("sweep."): text.label(lang)
        for key, text in texts().items()
        if key.startswith("sweep.")
    }


def percent(share: float) -> str:
    """Write a share in per cent, never rounded to none or to all; a dash if not known.

    Examples
    --------
    >>> percent(0.8251), percent(0.00004), percent(0.99997), percent(1.0), percent(math.nan)
    ('82.5 %', '< 0.1 %', '> 99.9 %', '100 %', '—')
    """
    if math.isnan(share):
        return "—"
    per_cent = 100 * share
    if 0 < per_cent < 0.1:
        return "< 0.1 %"
    if 99.9 < per_cent < 100:
        return "> 99.9 %"
    return f"{per_cent:.1f}".removesuffix(".0") + " %"


def listed(names: Iterable[str], lang: str) -> str:
    """Write names in a row."""
    return ("、" if lang == "zh" else ", ").join(names)


def counted(key: str, count: int, lang: str) -> str:
    """Say a text about so many scenarios; of one in the singular.

    Examples
    --------
    >>> counted("scenarios", 1, "en"), counted("scenarios", 20_000, "en")
    ('1 scenario', '20,000 scenarios')
    """
    one = "_one" if count == 1 else ""
    return texts()[f"sweep.{key}{one}"].format(count=f"{count:,}").label(lang)


def in_language(said: str, summary: SweepSummary, lang: str) -> str:
    """Give a title with the district's name as the language has it."""
    district = summary.problem.district
    if lang == "zh" or not district.name_en:
        return said
    return said.replace(district.name, district.name_en)


def clause_name(norm: Norm, lang: str) -> str:
    """Give what a clause is about, with whom it speaks of where that is not the district."""
    name = norm.id if norm.indicator is None else norm.indicator.label(lang)
    if norm.reads.scope == "district":
        return name
    who = scope_in_words(norm.reads.scope).label(lang)
    return f"{name}（{who}）" if lang == "zh" else f"{name} ({who})"


def unit(norm: Norm, lang: str) -> str:
    """Give the unit of a clause's value."""
    indicator = norm.indicator
    if indicator is None:
        return ""
    return "%" if indicator.rule == "reach" else indicator.units.label(lang)


def names_unit(norm: Norm) -> bool:
    """Say whether a clause's name tells its unit: so many per 1,000 residents."""
    return norm.indicator is not None and " per " in norm.indicator.units.en


def aims(summary: SweepSummary, norm: Norm) -> tuple[float, ...]:
    """Give what a clause's value is compared with, as figures of its unit.

    Of a service radius that is all people; where some factor sets the target, the least and
    the greatest it was set to; of a range both ends.
    """
    if norm.indicator is not None and norm.indicator.rule == "reach":
        return (100.0,)
    varied = _sets(summary, norm)
    if varied is not None:
        return tuple(sorted({varied.spread.least, varied.spread.most}))
    own = norm.reads.values[max(norm.reads.values)] if norm.reads.values else ()
    return own if isinstance(own, tuple) else (own,)


def target(summary: SweepSummary, norm: Norm, lang: str) -> str:
    """Write a clause's target; where some factor sets it, what it was set to."""
    set_to = _set_to(summary, norm, lang)
    if set_to:
        return texts()["sweep.varied_target"].format(targets=set_to).label(lang)
    return target_of(Clause(norm, "met"), norm)


def by_place(passing: Passing) -> bool:
    """Say whether a clause is a row of a table of the plan, one institution each."""
    return "." in passing.norm.id


def wavering(summary: SweepSummary) -> list[Passing]:
    """Give the clauses that hold in some scenarios only: binding first, then the least certain."""
    found = [p for p in summary.clauses.each if p.count.wavers and not by_place(p)]
    return sorted(found, key=lambda p: (not counts_jointly(p.norm), -_doubt(p)))


def at_risk(summary: SweepSummary) -> list[Passing]:
    """Give those of them that are not all but certain; all of them where there is none such."""
    found = wavering(summary)
    return [passing for passing in found if _doubt(passing) >= CERTAIN] or found


def _doubt(passing: Passing) -> float:
    share = passing.count.share_holds
    return min(share, 1 - share)


def headline(summary: SweepSummary, lang: str) -> str:
    """Say in a sentence or two how the clauses fare that depend on the scenario."""
    fixed = texts()
    lead = counted("lead", summary.scenarios, lang)
    told = [_told(summary, passing, lang) for passing in at_risk(summary)[:TOLD]]
    if not told:
        told = [fixed["sweep.none_wavers"].label(lang).rstrip("。.")]
    end, join = ("。", "；") if lang == "zh" else (".", "; ")
    said = join.join(told)
    return lead + said[:1].upper() + said[1:] + end


def _told(summary: SweepSummary, passing: Passing, lang: str) -> str:
    norm = passing.norm
    name = clause_name(norm, lang)
    share = percent(passing.count.share_holds)
    indicator, values = norm.indicator, norm.reads.values
    set_to = _set_to(summary, norm, lang)
    if set_to:
        aimed = texts()["sweep.aimed"]
        return aimed.format(name=small(name, lang), share=share, target=set_to).label(lang)
    own = target_text(values[max(values)]) if values else "—"
    if indicator is not None and indicator.rule == "reach":
        key, aim = "within", own
    else:
        key = {">=": "least", "<=": "most", "==": "equal", "between": "between"}[norm.reads.sense]
        aim = own if names_unit(norm) else f"{own} {unit(norm, lang)}".strip()
    said = texts()[f"sweep.{key}"].format(name=small(name, lang), share=share, target=aim)
    return said.label(lang)


def small(name: str, lang: str) -> str:
    """Write a name inside a sentence; an abbreviation keeps its capitals."""
    if lang == "zh" or name[1:2].isupper():
        return name
    return name[:1].lower() + name[1:]


def _sets(summary: SweepSummary, norm: Norm) -> Varied | None:
    for varied in summary.factors.each:
        if varied.factor is not None and varied.factor.what == f"norm.{norm.id}":
            return varied
    return None


def _set_to(summary: SweepSummary, norm: Norm, lang: str) -> str:
    varied = _sets(summary, norm)
    if varied is None:
        return ""
    if varied.levels:
        return listed((figure(level) for level in varied.levels), lang)
    return f"{figure(varied.spread.least)}–{figure(varied.spread.most)}"
