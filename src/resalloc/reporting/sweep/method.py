"""What was varied, how it was computed, and what it rests on."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from resalloc.reporting.sweep.factors import drawn_in_words, varied_rows
from resalloc.reporting.sweep.frontier import measure_in_words
from resalloc.reporting.sweep.section import section
from resalloc.reporting.sweep.words import figure, words

if TYPE_CHECKING:
    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.summary.summary import SweepSummary


_RANDOM = {"MonteCarlo", "LatinHypercube", "Sobol", "Subsets"}


def varied_section(summary: SweepSummary, lang: str) -> Section:
    """Give the table of what differed, and how it was drawn."""
    return section(
        "varied", "sweep_varied.html.j2", lang,
        rows=varied_rows(summary, lang), drawn=drawn_in_words(summary, lang),
    )  # fmt: skip


def measures_section(summary: SweepSummary, lang: str) -> Section | None:
    """Give the table of further measures; None where there is none."""
    if not summary.measures:
        return None
    rows = [
        (
            measure_in_words(name, lang),
            [figure(v) for v in (s.mean, s.least, s.low, s.median, s.high, s.most)],
            s.known,
        )
        for name, s in summary.measures.items()
    ]
    return section("measures", "sweep_measures.html.j2", lang, rows=rows)


def method_section(summary: SweepSummary, lang: str) -> Section:
    """Give how it was computed, what was not varied, and the assumptions in force."""
    say = words(lang)
    keys = ["m_scored", "m_likely", "m_unchanged", "m_joint", "m_worst", "m_mean", "m_eta"]
    told = [say[key] for key in keys]
    if summary.factors.drawn.sampler in _RANDOM:
        points = 100 * 1.96 * 0.5 / math.sqrt(summary.scenarios)
        error = say["m_error"].format(
            count=f"{summary.scenarios:,}", points=figure(float(f"{points:.1g}"))
        )
        told.insert(2, error)
    set_here = {v.factor.what for v in summary.factors.each if v.factor is not None}
    assumptions = summary.problem.district.assumptions
    shared = [entry for entry in assumptions if entry.key not in set_here]
    rows = [
        (e.label(lang), e.value, e.unit_in(lang), e.source_in(lang), e.key) for e in shared
    ]  # fmt: skip
    return section("method", "sweep_method.html.j2", lang, told=told, rows=rows)
