"""A product of axes in words: its size, its options by what is special about them, its worst."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.reporting.sweep.factors import factor_in_words, figure3
from resalloc.reporting.sweep.words import clause_name, figure, listed, percent, unit, words
from resalloc.reporting.texts import texts
from resalloc.sweep.summary.product_axes import CHOICES
from resalloc.sweep.summary.risk import Risk
from resalloc.sweep.summary.summary import SweepSummary
from resalloc.sweep.summary.tornado import Tornado

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from resalloc.problem.scenario import Factor
    from resalloc.sweep.summary.product import ProductSummary
    from resalloc.sweep.summary.product_clauses import WorstCase

NAMED = 8
"""Sites or amounts of an option that are named."""
_WAN = 10_000
_FINE = 1e-6


def product_words(lang: str) -> dict[str, str]:
    """Give the fixed words of the page in one language: those of any sweep, and its own."""
    own = {
        key.removeprefix("sweep_product."): text.label(lang)
        for key, text in texts().items()
        if key.startswith("sweep_product.")
    }
    return {**words(lang), **own}


def as_table(summary: ProductSummary) -> SweepSummary:
    """Give what a product has in common with a table: clauses, factors, what is fixed.

    What a product does not count by scenario (bars, trade-off, places) is empty.
    """
    none, flat = np.empty((2, 0, 0)), np.empty((0, 0))
    empty = np.empty(0, dtype=np.int64)
    return SweepSummary(
        problem=summary.problem,
        title=summary.title,
        state=summary.state,
        scenarios=summary.scenarios,
        clauses=summary.clauses,
        fixed=summary.fixed,
        factors=summary.factors,
        tornado=Tornado((), (), none, none, np.empty((2, 0)), flat, flat),
        frontier=None,
        risk=Risk(summary.scenarios, (), (), (), (), empty, empty),
        measures={},
    )


def counted(number: int, lang: str) -> str:
    """Write how many; in Chinese by the ten thousand where it comes out even.

    Examples
    --------
    >>> counted(3_600_000, "zh"), counted(3_600_000, "en"), counted(9600, "zh")
    ('360 万', '3,600,000', '9,600')
    """
    if lang == "zh" and number >= _WAN and number % (_WAN // 100) == 0:
        return product_words(lang)["wan"].format(n=f"{number / _WAN:,.10g}")
    return f"{number:,}"


def parts_in_words(summary: ProductSummary, lang: str) -> str:
    """Say what the scenarios are the product of, e.g. 200 populations × 500 sets of stations."""
    say = product_words(lang)
    told = []
    for side in summary.sides:
        for axis in side.axes:
            kinds = {factor.kind for factor in axis.design.factors}
            what = {"people": "population"}.get(kind := next(iter(kinds)), kind)
            told.append(
                say[f"axis_{what if len(kinds) == 1 else 'plan'}"].format(n=f"{len(axis.design):,}")
            )
    return " × ".join(told)


def product_headline(summary: ProductSummary, lang: str) -> str:
    """Say how many scenarios there are, and in what share of them all clauses hold together."""
    say = product_words(lang)
    key = "lead_binding" if summary.binding else "lead_all"
    size = say["lead"].format(
        count=counted(summary.scenarios, lang), parts=parts_in_words(summary, lang)
    )
    said = size.replace("万 种", "万种") + say[key].format(
        n=len(summary.counted), share=percent(summary.joint.share_holds)
    )
    never = [clause_name(summary.problem.norms[name], lang) for name in never_hold(summary)]
    if never:
        others = len(never) if lang == "zh" else len(never) - 1
        shown = say["lead_others"].format(name=never[0], n=others) if others else never[0]
        shown = never[0] if len(never) == 1 else shown
        told = say["lead_never"].format(names=shown)
        said += told if lang == "zh" else f" {told[:1].upper()}{told[1:]}"
    return said


def never_hold(summary: ProductSummary) -> list[str]:
    """Give the clauses counted together that hold in no scenario, and fail in some."""
    counts = {passing.norm.id: passing.count for passing in summary.clauses.each}
    return [name for name in summary.counted if counts[name].fails and not counts[name].holds]


def option_name(summary: ProductSummary, option: int, lang: str, *, number: bool = True) -> str:
    """Name an option by what is special about it: which stations are closed, what is changed."""
    say, own = product_words(lang), summary.options
    values = dict(zip(own.factors, map(float, own.values[option]), strict=True))
    told = factors_in_words(summary, values, lang, varying(own.factors, own.values))
    name = told or say["as_expected"]
    return f"{say['number'].format(n=option)} · {name}" if number else name


def varying(factors: Sequence[Factor], values: np.ndarray) -> set[str]:
    """Give the names of the factors that have more than one value."""
    spread = np.ptp(values, axis=0)
    return {factor.name for factor, wide in zip(factors, spread, strict=True) if wide > 0}


def factors_in_words(
    summary: ProductSummary, values: Mapping[Factor, float], lang: str, moved: set[str]
) -> str:
    """Say what some factors are: stations open or closed, whichever list is shorter, and the rest.

    Only those in `moved` are told.
    """
    say = product_words(lang)
    told = []
    sites = {f: v for f, v in values.items() if f.kind == "site" and f.name in moved}
    shut = [f.names[0] for f, v in sites.items() if v == 0]
    there = [f.names[0] for f, v in sites.items() if v != 0]
    if sites and not shut:
        told.append(say["all_open"])
    elif sites and not there:
        told.append(say["all_closed"])
    elif sites and len(shut) <= len(there):
        told.append(say["closed"].format(names=_some(shut, lang)))
    elif sites:
        told.append(say["opened"].format(names=_some(there, lang)))
    rest = [
        (f, v) for f, v in values.items() if f.kind not in ("site", "people") and f.name in moved
    ]
    if len(rest) > NAMED:
        rest = [(f, v) for f, v in rest if v != 1]
    said = [_one(summary, factor, value, lang) for factor, value in rest]
    told += [_some(said, lang)] if said else []
    return ("；" if lang == "zh" else "; ").join(told)


def _one(summary: ProductSummary, factor: Factor, value: float, lang: str) -> str:
    say = product_words(lang)
    name = factor_in_words(summary.factors[factor.name], summary.problem, lang)
    bare = name.removesuffix("（倍数）").removesuffix(" (factor)")
    key = "times" if bare != name else "equals"
    return say[key].format(name=bare, value=figure3(value))


def _some(names: Sequence[str], lang: str) -> str:
    if len(names) <= NAMED:
        return listed(names, lang)
    more = product_words(lang)["and_more"].format(n=len(names) if lang == "zh" else
                                                  len(names) - NAMED)  # fmt: skip
    return f"{listed(names[:NAMED], lang)}{'' if lang == 'zh' else ' '}{more}"


def case_in_words(summary: ProductSummary, clause: str, case: WorstCase, lang: str) -> str:
    """Say what a clause's worst scenario is like: people, stations, speeds, target, place."""
    say, problem = product_words(lang), summary.problem
    people, plans, variants = summary.sides
    told = []
    moved = set(case.moved)
    if any(factor.name in moved for factor in people.batch.factors):
        told.append(_people(summary, case.population, lang))
    moved &= varying(plans.batch.factors, plans.batch.values)
    if moved:
        told.append(factors_in_words(summary, plans.of(case.plan), lang, moved))
    own = [v for f, v in variants.of(case.variant).items() if f.what == f"norm.{clause}"]
    if own:
        told.append(say["worst_target"].format(values=listed(map(figure, own), lang)))
    if case.place and case.place not in ("district", problem.district.id, problem.district.name):
        told.append(say["worst_place"].format(place=case.place))
    if not told:
        return say["everywhere"]
    return ("；" if lang == "zh" else "; ").join(told)


def _people(summary: ProductSummary, number: int, lang: str) -> str:
    say, people = product_words(lang), summary.sides[0]
    for varied in summary.factors.each:
        if varied.group is not None and varied.name == "population[*]":
            value = float(varied.group.of(people.batch.values[[number]])[0])
            return say["worst_people"].format(value=figure3(value), n=number)
    values = people.of(number)
    if len(values) == 1:
        ((factor, value),) = values.items()
        return _one(summary, factor, value, lang)
    return say["worst_population"].format(n=number)


def clause_names(summary: ProductSummary, ids: Iterable[str], lang: str) -> str:
    """Write the names of some clauses in a row."""
    return listed((clause_name(summary.problem.norms[name], lang) for name in ids), lang)


def column_name(summary: ProductSummary, column: str, lang: str) -> str:
    """Say what a column of the ranking is."""
    say = product_words(lang)
    plain = {"share_holds": "joint", "held": "held", "open": "open"}
    if column in plain:
        return say[plain[column]]
    clause, _, what = column.rpartition(".")
    norm = summary.problem.norms[clause]
    return say[f"{what}_of"].format(name=clause_name(norm, lang), unit=unit(norm, lang))


def measured_in_words(summary: ProductSummary, column: str, lang: str) -> str:
    """Say what a column of the ranking measures, inside a sentence."""
    name = clause_name(summary.problem.norms[column.rpartition(".")[0]], lang)
    return name if lang == "zh" or name[1:2].isupper() else name[:1].lower() + name[1:]


def cell(column: str, value: float) -> str:
    """Write a value of a column of the ranking."""
    if column == "share_holds" or column.endswith(".share"):
        return percent(value)
    return f"{value:.2f}" if column == "held" else figure(value)  # a dash if not known


def within(tolerance: float) -> str:
    """Write by how much a quantile may be off.

    Examples
    --------
    >>> within(0.0000193), within(0.024), within(3.8e-11)
    ('± 0.00002', '± 0.03', '< 0.000001')
    """
    if not np.isfinite(tolerance):
        return "—"
    if tolerance < _FINE:
        return f"< {_FINE:.6f}"
    digits = int(np.ceil(-np.log10(tolerance)))
    up = np.ceil(tolerance * 10.0**digits * (1 - 1e-12)) / 10.0**digits
    return f"± {np.format_float_positional(up, precision=digits, trim='-')}"


def choices_in_words(summary: ProductSummary, lang: str) -> str:
    """Say what can be chosen."""
    say = product_words(lang)
    kinds = {factor.kind for factor in summary.options.factors if factor.kind in CHOICES}
    heads = {"site": "sites_word", "amount": "amounts_word", "project": "projects_word"}
    return listed((say[heads[kind]] for kind in sorted(kinds)), lang)
