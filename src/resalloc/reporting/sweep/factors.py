"""Factors and their distributions as a planner says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from resalloc.norms.indicator import indicators
from resalloc.problem.scenario import Factor
from resalloc.reporting.sweep.words import clause_name, figure, listed, percent
from resalloc.reporting.texts import Text, texts
from resalloc.reporting.words import term_in_words
from resalloc.sampling.distribution import Levels, LogNormal, Normal, Triangular, Uniform

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem
    from resalloc.sampling.distribution import Distribution
    from resalloc.sweep.summary.groups import Group
    from resalloc.sweep.summary.summary import SweepSummary
    from resalloc.sweep.summary.varied import Varied

_FIXED = {
    "speed": "f_speed",
    "speed.urban": "f_speed_urban",
    "speed.rural": "f_speed_rural",
    "ems.call_min": "f_call",
    "ems.chute_min": "f_chute",
    "budget_wan": "f_budget",
}
_SAMPLERS = {
    "MonteCarlo": Text("独立随机抽样（蒙特卡洛）", "independent random scenarios (Monte Carlo)"),
    "LatinHypercube": Text("拉丁超立方抽样", "Latin hypercube"),
    "Sobol": Text("Sobol' 序列（加扰）", "scrambled Sobol' sequence"),
    "Factorial": Text("全部水平的组合", "every combination of levels"),
    "Subsets": Text("站点子集的随机抽样", "random subsets of sites"),
    "OwnTable": Text("自备的情形表", "a table of the user's own"),
}


def factor_in_words(varied: Varied, problem: Problem, lang: str) -> str:
    """Say what differed.

    A name that its author gave is kept.
    """
    factor, group = varied.factor, varied.group
    if factor is not None and factor.name != factor.of:
        return factor.name
    if factor is not None:
        return _one(factor, problem, lang)
    assert group is not None
    return _group(group, "all", lang)


def _group(group: Group, said: Literal["all", "each"], lang: str) -> str:
    """Say several factors of one sort: all of them together, or each by itself."""
    key = group.what if group.what in ("site", "population") else "series"
    text = texts()[f"sweep.f_{key}_{said}"]
    return text.format(series=term_in_words(group.what).label(lang)).label(lang)


def _one(factor: Factor, problem: Problem, lang: str) -> str:
    names, what = listed(factor.names, lang), factor.what
    if what in _FIXED:
        return texts()[f"sweep.{_FIXED[what]}"].label(lang)
    if factor.kind == "people":
        key = "f_population" if what == "population" else "f_series"
        said = texts()[f"sweep.{key}_of" if names else f"sweep.{key}"]
        return said.format(names=names, series=term_in_words(what).label(lang)).label(lang)
    if factor.kind in ("site", "project"):
        return texts()[f"sweep.f_{factor.kind}"].format(names=names or factor.name).label(lang)
    if factor.kind == "target":
        return texts()["sweep.f_target"].format(name=_aimed(what, problem, lang)).label(lang)
    said = texts()["sweep.f_amount_of" if names else "sweep.f_amount"]
    return said.format(names=names, term=term_in_words(what).label(lang)).label(lang)


def _aimed(what: str, problem: Problem, lang: str) -> str:
    wanted = what.removeprefix("norm.")
    for norm in problem.norms:
        if norm.id == wanted:
            return clause_name(norm, lang)
    known = indicators().get(wanted)
    return wanted if known is None else known.label(lang)


def distribution_in_words(distribution: Distribution | None, factor: Factor, lang: str) -> str:
    """Say how a factor is drawn.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> distribution_in_words(LogNormal(1.0, 0.06), Factor("population"), "zh")
    '对数正态，均值 1，变异系数 0.06'
    >>> distribution_in_words(Levels((0, 1), (0.05, 0.95)), Factor("site[甲站]"), "en")
    'open in 95 % of the scenarios'
    """
    say = texts()
    if isinstance(distribution, Levels):
        return _levels(distribution, factor, lang)
    for kind, key in (
        (Uniform, "d_uniform"),
        (Normal, "d_normal"),
        (LogNormal, "d_lognormal"),
        (Triangular, "d_triangular"),
    ):
        if isinstance(distribution, kind):
            numbers = {name: f"{value:g}" for name, value in distribution.__dict__.items()}
            return say[f"sweep.{key}"].format(**numbers).label(lang)
    return say["sweep.as_given"].label(lang)


def _levels(levels: Levels, factor: Factor, lang: str) -> str:
    say = texts()
    values = [f"{value:g}" for value in levels.values]
    if len(values) == 1:
        return say["sweep.d_fixed"].format(value=values[0]).label(lang)
    weights = levels.weights or (1.0,) * len(values)
    shares = [weight / sum(weights) for weight in weights]
    if factor.kind == "site" and set(levels.values) == {0.0, 1.0}:
        is_open = sum(s for s, v in zip(shares, levels.values, strict=True) if v == 1)
        return say["sweep.d_open"].format(share=percent(is_open)).label(lang)
    if len(set(shares)) == 1:
        return say["sweep.d_levels"].format(values=listed(values, lang)).label(lang)
    each = [
        say["sweep.d_level"].format(value=value, share=percent(share)).label(lang)
        for value, share in zip(values, shares, strict=True)
    ]
    return say["sweep.d_weighted"].format(values=listed(each, lang)).label(lang)


def varied_rows(summary: SweepSummary, lang: str) -> list[dict[str, str]]:
    """Give a row for each factor and for each group, whose members have none of their own."""
    say = texts()
    rows = []
    for varied in summary.factors.each:
        if varied.within:
            continue
        if varied.group is None:
            assert varied.factor is not None
            how = distribution_in_words(varied.distribution, varied.factor, lang)
        else:
            own = summary.factors.members(varied.name)
            hows = {
                distribution_in_words(v.distribution, v.factor, lang)
                for v in own
                if v.factor is not None
            }
            key = "sweep.each_alike" if len(hows) == 1 else "sweep.each_own"
            how = say[key].format(count=len(own), how=next(iter(sorted(hows)))).label(lang)
        spread = varied.spread
        shown = (figure3(v) for v in (spread.least, spread.median, spread.most))
        rows.append(
            {
                "name": (
                    _group(varied.group, "each", lang)
                    if varied.group is not None
                    else factor_in_words(varied, summary.problem, lang)
                ),
                "how": how,
                "observed": " — ".join(shown),
                "note": _note(varied, lang),
                "adds": adds_in_words(varied, lang),
            }
        )
    return rows


def adds_in_words(varied: Varied, lang: str) -> str:
    """Say what a project adds, where, and whether what is scored has it already."""
    say, told = texts(), []
    for of, amount in varied.adds.items():
        added = Factor(of)
        names, term = listed(added.names, lang), term_in_words(added.what).label(lang)
        key = "adds_at" if names else "adds_plain"
        text = say[f"sweep.{key}"].format(names=names, term=term, amount=f"{amount:+,g}")
        told.append(text.label(lang))
    if not told:
        return ""
    key = "adds_counted" if varied.counted else "adds_new"
    return say[f"sweep.{key}"].format(adds=listed(told, lang)).label(lang)


def _note(varied: Varied, lang: str) -> str:
    if varied.group is None:
        return ""
    key = "together_people" if varied.group.weighted else "together_plain"
    if varied.group.what == "site":
        key = "together_sites"
    return texts()[f"sweep.{key}"].label(lang)


def figure3(value: float) -> str:
    """Write a factor, which is near 1, with enough digits to tell it from 1."""
    return f"{value:.3g}" if abs(value) < 100 else figure(value)


def drawn_in_words(summary: SweepSummary, lang: str) -> list[str]:
    """Say how the scenarios were drawn, one sentence each."""
    say, drawn = texts(), summary.factors.drawn
    if not drawn.sampler:
        return [say["sweep.sampler_unknown"].label(lang)]
    parts = (_SAMPLERS.get(p, Text(p, p)).label(lang) for p in drawn.sampler.split(" × "))
    key = "sweep.sampler" if drawn.seeds else "sweep.sampler_plain"
    told = say[key].format(name=" × ".join(parts), seeds=listed(map(str, drawn.seeds), lang))
    found = [told.label(lang)]
    for names, low, high in drawn.correlated:
        key = "sweep.correlated_one" if high - low < 0.005 else "sweep.correlated"
        said = say[key].format(
            names=group_names(summary, names, lang), low=f"{low:.2f}", high=f"{high:.2f}"
        )
        found.append(said.label(lang))
    return found


def group_names(summary: SweepSummary, names: tuple[str, ...], lang: str) -> str:
    """Say some factors by the group they make, or one by one."""
    problem = summary.problem
    within = {summary.factors[name].within for name in names}
    if len(within) == 1 and "" not in within:
        group = summary.factors[within.pop()].group
        assert group is not None
        return _group(group, "each", lang)
    return listed((factor_in_words(summary.factors[n], problem, lang) for n in names), lang)
