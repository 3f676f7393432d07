"""The futures one by one: what is so in each, whether there is a plan, what it costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from resalloc.reporting.sweep import method
from resalloc.reporting.sweep.factors import factor_in_words, figure3
from resalloc.reporting.sweep.reoptimised_table import Cell, Table, number, tables_section
from resalloc.reporting.sweep.reoptimised_words import (
    factor_name,
    money,
    norm_name,
    own_words,
    varied_of,
)
from resalloc.reporting.sweep.words import figure, listed
from resalloc.solver.solve import SHORTFALL
from resalloc.status import Status
from resalloc.sweep.reoptimise.outcome import BASE
from resalloc.sweep.summary.groups import groups
from resalloc.sweep.summary.varied import Factors, distributions, drawn

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Factor
    from resalloc.reporting.sweep.reoptimised_facts import Facts
    from resalloc.reporting.sweep.section import Section
    from resalloc.sampling.design import Design
    from resalloc.sweep.reoptimise.outcome import Outcome
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised
    from resalloc.sweep.summary.groups import Group
    from resalloc.sweep.summary.summary import SweepSummary

ROWS = 40
"""Futures that are listed; all are in the workbook."""
_COLUMNS = 5
_TONES = {Status.OPTIMAL: "good", Status.FEASIBLE: "good"}


def futures_section(facts: Facts, lang: str) -> Section:
    """Give one row a future, the expected one first."""
    own, found = own_words(lang), facts.found
    shown, lots = columns_of(found)
    aim = found.problem.options.objective
    heads = [
        own["future"],
        *("#" + factor_name(found, factor, lang) for factor in shown),
        *("#" + factor_in_words(varied_of(np.ones(1), group=lot), found.problem, lang)
          for lot in lots),
        own["status"], "#" + own["short"], "#" + own["cost" if aim == "cost" else "aim"],
        own["proof"],
    ]  # fmt: skip
    every = (found.base, *found.outcomes)
    rows = [_row(found, one, shown, lots, lang) for one in every[: ROWS + 1]]
    more = len(every) - len(rows)
    after = [own["futures_more"].format(n=more)] if more else []
    table = Table("", "", tuple(heads), tuple(rows))
    return tables_section("futures", [table], lang, after=after)


def columns_of(found: Reoptimised) -> tuple[list[Factor], list[Group]]:
    """Give the factors that are told one by one, and those that are told together."""
    factors = found.batch.factors
    lots = list(groups(factors, found.problem))
    within = {position for lot in lots for position in lot.members}
    alone = [factor for k, factor in enumerate(factors) if k not in within]
    return alone[:_COLUMNS], lots[: max(0, _COLUMNS - len(alone))]


def _row(
    found: Reoptimised, one: Outcome, shown: list[Factor], lots: list[Group], lang: str
) -> tuple[Cell, ...]:
    own = own_words(lang)
    base = one.scenario == BASE
    values = None if base else found.batch.values[one.scenario]
    told = ["—" if values is None else f"{found.batch.of(f.name)[one.scenario]:.4g}" for f in shown]
    told += ["—" if values is None else figure3(float(lot.of(values[None])[0])) for lot in lots]
    clauses = listed((norm_name(found, norm, lang) for norm in one.conflicts), lang)
    why = own["cannot_hold"].format(names=clauses) if clauses else ""
    if not one.usable and not why:
        why = one.message_zh if lang == "zh" else one.message
    aim = found.problem.options.objective
    phase = next((p for p in one.phases if p.name == aim and one.usable), None)
    return (
        Cell(one.name(lang), own["as_expected"] if base else "", tone="mark" if base else ""),
        *(number(text) for text in told),
        Cell(one.status.label(lang), why, tone=_TONES.get(one.status, "bad")),
        number(figure(one.value(SHORTFALL)) if one.usable else "—"),
        number("—" if phase is None else money(phase.value)),
        Cell("—" if phase is None else phase.proof(lang)),
    )


def varied_section(facts: Facts, design: Design | None, lang: str) -> Section:
    """Tell what differs between the futures, and how they were drawn."""
    found = facts.found
    factors, values = found.batch.factors, found.batch.values
    known, lots = distributions(design), groups(factors, found.problem)
    within = {position: lot.name for lot in lots for position in lot.members}
    each = [
        replace(
            varied_of(values[:, k], factor),
            within=within.get(k, ""),
            distribution=known.get(factor.name),
        )
        for k, factor in enumerate(factors)
    ]
    each += [varied_of(lot.of(values), group=lot) for lot in lots]
    told = _Told(Factors(tuple(each), drawn(design)), found.problem)
    return method.varied_section(cast("SweepSummary", told), lang)


@dataclass(frozen=True)
class _Told:
    """As much of a summary as what was varied is told by."""

    factors: Factors
    problem: Problem
