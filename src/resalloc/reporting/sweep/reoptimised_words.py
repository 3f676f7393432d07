"""A re-optimisation in words: futures, plans, clauses and what plans are compared by."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.reporting.sweep.factors import factor_in_words
from resalloc.reporting.sweep.words import clause_name, figure, listed, percent
from resalloc.reporting.texts import texts
from resalloc.result.result import PHASES_ZH
from resalloc.sweep.reoptimise.evaluate import BROKEN, BUDGET, GIVEN_UP, SHORT
from resalloc.sweep.reoptimise.outcome import BASE, name_of
from resalloc.sweep.summary.spread import Spread
from resalloc.sweep.summary.varied import Varied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from resalloc.problem.columns import Floats
    from resalloc.problem.scenario import Factor
    from resalloc.sweep.reoptimise.evaluate import Measure
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised
    from resalloc.sweep.summary.groups import Group

TOLD = 3
"""Names that a sentence gives before it says how many more there are."""
_SETTINGS = 4
_TIMES = ("people", "speed", "amount")
_MEASURES = {BROKEN: "m_broken", SHORT: "m_short", GIVEN_UP: "m_given_up"}


def own_words(lang: str) -> dict[str, str]:
    """Give the fixed words of the page in one language, without ``reoptimised.``."""
    return {
        key.removeprefix("reoptimised."): text.label(lang)
        for key, text in texts().items()
        if key.startswith("reoptimised.")
    }


def varied_of(values: Floats, factor: Factor | None = None, group: Group | None = None) -> Varied:
    """Give what differed with its least, middle and greatest value."""
    low, median, high = (float(v) for v in np.quantile(values, (0.05, 0.5, 0.95)))
    least, most, mean = float(values.min()), float(values.max()), float(values.mean())
    spread = Spread(len(values), mean, least, most, low, median, high, 0.0)
    name = factor.name if factor is not None else group.name if group is not None else ""
    return Varied(name, factor, group, "", spread, (), None)


def factor_name(found: Reoptimised, factor: Factor, lang: str) -> str:
    """Say what a factor changes, as the head of a column."""
    told = varied_of(np.ones(1), factor)
    return factor_in_words(replace(told, factor=factor), found.problem, lang)


def setting(found: Reoptimised, factor: Factor, value: float, lang: str) -> str:
    """Say what a factor is in one future, e.g. 人口 ×1.05."""
    own = own_words(lang)
    name = factor_name(found, factor, lang)
    if factor.kind == "site":
        return listed(factor.names, lang) + own["open" if value else "shut"]
    if factor.kind == "project":
        return f"{name} {percent(value)}"
    plain = name.removesuffix(own["times_tail"])
    return f"{plain} ×{value:.4g}" if factor.kind in _TIMES else f"{name} {value:.6g}"


def settings(found: Reoptimised, scenario: int, lang: str) -> str:
    """Say what is so in a future; nothing of the expected one, or where it is too much to say."""
    factors = found.batch.factors
    if scenario == BASE or len(factors) > _SETTINGS:
        return ""
    values = found.batch.values[scenario]
    told = (setting(found, f, float(v), lang) for f, v in zip(factors, values, strict=True))
    return listed(told, lang)


def future_name(found: Reoptimised, scenario: int, lang: str) -> str:
    """Give a future's number and what is so in it."""
    told = settings(found, scenario, lang)
    name = name_of(scenario, lang)
    if not told:
        return name
    return f"{name}（{told}）" if lang == "zh" else f"{name} ({told})"


def plan_name(scenario: int, lang: str) -> str:
    """Give what the plan of a future is called.

    Examples
    --------
    >>> plan_name(6, "zh"), plan_name(BASE, "zh"), plan_name(6, "en"), plan_name(BASE, "en")
    ('情形 7 的方案', '基准方案', 'plan of scenario 7', 'base plan')
    """
    own = own_words(lang)
    key = "base_plan" if scenario == BASE else "plan_of"
    return own[key].format(name=name_of(scenario, lang))


def norm_name(found: Reoptimised, norm_id: str, lang: str) -> str:
    """Say a binding clause, the ceiling on capital among them."""
    if norm_id == BUDGET:
        return own_words(lang)["ceiling"]
    return clause_name(found.problem.norms[norm_id], lang)


def measure_name(measure: Measure, lang: str) -> str:
    """Say what plans are compared by, with its unit."""
    own = own_words(lang)
    if measure.name in _MEASURES:
        return own[_MEASURES[measure.name]]
    if measure.name == "cost":
        return own["m_cost"]
    name = PHASES_ZH.get(measure.name, measure.name) if lang == "zh" else measure.name
    return f"{name}（{measure.unit}）" if lang == "zh" else f"{name} ({measure.unit})"


def short_list(names: Sequence[str], lang: str, most: int = TOLD) -> str:
    """Write some names in a row, and how many more there are."""
    own = own_words(lang)
    if len(names) <= most:
        return listed(names, lang)
    return own["and_more"].format(names=listed(names[:most], lang), n=len(names))


def sentence(parts: Iterable[str], lang: str) -> str:
    """Join sentences."""
    return ("" if lang == "zh" else " ").join(part for part in parts if part)


def money(value: float) -> str:
    """Write an amount of money without decimals, a small one with."""
    if math.isnan(value) or math.isinf(value) or abs(value) < 100:
        return figure(value)
    return f"{value:,.0f}"


def in_words(wan: float, lang: str) -> str:
    """Write an amount of 万元 with its unit, in English as millions.

    Examples
    --------
    >>> in_words(127745.0, "zh"), in_words(127745.0, "en")
    ('127,745 万元', '1,277 million yuan')
    """
    return f"{money(wan)} 万元" if lang == "zh" else f"{money(wan / 100)} million yuan"


def signed(value: float) -> str:
    """Write a difference with its sign.

    Examples
    --------
    >>> signed(1234.6), signed(-3.0), signed(0.0)
    ('+1,235', '−3', '0')
    """
    if not value:
        return "0"
    text = money(abs(value))
    return text if math.isnan(value) else f"{'+' if value > 0 else '−'}{text}"
