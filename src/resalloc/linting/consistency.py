"""Figures that depend on each other: counts, rates and ratios as one system."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from resalloc.linting.figures import Figure, printed_figures
from resalloc.linting.finding import Finding, Severity, number
from resalloc.linting.quantity import quantities
from resalloc.linting.system import Bound, System

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from resalloc.linting.facts import Fact
    from resalloc.norms.normset import NormSet

_WIDE_GAP = 0.05
_NEARLY_EVERYONE = ("all", "bedded")


def state_figures(plan: NormSet, extra: Sequence[Fact] = ()) -> Iterator[Finding]:
    """Find figures of the present state that cannot all be true of one district.

    Counts (5,866 health workers), rates (5.48 beds per 1,000) and ratios (1.47 staff per
    bed) of one year are put into one linear system, each as exact as it is printed; so
    populations implied by several figures and baselines that the plan's own counts do not
    give are found by the same arithmetic.

    Parameters
    ----------
    plan
        The plan.
    extra
        Numbers from elsewhere, e.g. the census.

    Yields
    ------
    Finding
        One per smallest set of figures that cannot hold together.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> found = list(state_figures(read_norms("tongliang-2025")))
    >>> found[0].rule
    'state_figures'
    """
    figures = [f for f in printed_figures(plan) if f.role == "state" and not f.about]
    for year in sorted({figure.year for figure in figures}):
        by_name: dict[str, Figure] = {}
        facts = {f"fact {i}": fact for i, fact in enumerate(extra) if fact.year == year}
        bounds: list[Bound] = [
            Bound(name, (fact.quantity,), (), fact.value - 1, fact.value + 1, 1.0)
            for name, fact in facts.items()
        ]
        for figure in figures:
            if figure.year != year:
                continue
            off = figure.last_place
            bound = _bound(f"{len(by_name)}", figure, figure.value - off, figure.value + off)
            if bound is not None:
                by_name[bound.name] = figure
                bounds.append(bound)
        yield from _conflicts(bounds, by_name, facts, year)


def target_figures(plan: NormSet) -> Iterator[Finding]:
    """Find targets of one year that cannot all be met, whatever is built.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> [finding.norms for finding in target_figures(read_norms("tongliang-2025"))]
    []
    """
    for year, figures in _targets(plan).items():
        bounds, by_name = bounds_of(figures)
        while clash := System(tuple(bounds)).conflict():
            members = [by_name[bound.name] for bound in clash]
            yield _cannot_hold(members, year)
            bounds = [bound for bound in bounds if bound is not clash[-1]]


def looser_targets(plan: NormSet) -> Iterator[Finding]:
    """Find a target that other targets of the same year already exceed (chained ratios).

    3.6 doctors per 1,000 and 1.3 nurses per doctor ask for 4.68 nurses per 1,000: a printed
    4.5 would never bind, and one of the three was probably meant otherwise. Ratios asked
    of every institution with beds are taken to hold for all staff, which is why such a
    finding is only worth a look.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> [finding.norms[0] for finding in looser_targets(read_norms("tongliang-2025"))]
    ['pharmacists_per_1000']
    """
    for year, figures in _targets(plan).items():
        bounds, by_name = bounds_of(figures, _NEARLY_EVERYONE)
        while clash := System(tuple(bounds)).conflict():
            bounds = [bound for bound in bounds if bound is not clash[-1]]
        for bound in bounds:
            figure = by_name[bound.name]
            if figure.sense not in (">=", "<="):
                continue
            half = figure.last_place / 2
            others = [b for b in bounds if b is not bound and not _same_ratio(b, bound)]
            if figure.sense == ">=":
                turned = replace(bound, low=-math.inf, high=figure.value + half)
            else:
                turned = replace(bound, low=figure.value - half, high=math.inf)
            clash = System((turned, *others)).conflict()
            if turned in clash and len(clash) > 1:
                yield _looser(figure, [by_name[b.name] for b in clash if b is not turned],
                              System(clash).implied(turned), year)  # fmt: skip


def bounds_of(
    figures: Sequence[Figure], everyone: tuple[str, ...] = ("all",)
) -> tuple[list[Bound], dict[str, Figure]]:
    """Give the targets among `figures` as bounds, and which figure each bound is."""
    bounds: list[Bound] = []
    by_name: dict[str, Figure] = {}
    for number_, figure in enumerate(figures):
        low = -math.inf if figure.sense == "<=" else figure.low
        high = math.inf if figure.sense == ">=" else figure.high
        bound = _bound(str(number_), figure, low, high, everyone)
        if bound is not None:
            bounds.append(bound)
            by_name[bound.name] = figure
    return bounds, by_name


def _targets(plan: NormSet) -> dict[int, list[Figure]]:
    found: dict[int, list[Figure]] = {}
    for figure in printed_figures(plan):
        if figure.role == "target" and figure.norm.use != "context" and not figure.about:
            found.setdefault(figure.year, []).append(figure)
    return dict(sorted(found.items()))


def _bound(
    name: str, figure: Figure, low: float, high: float, everyone: tuple[str, ...] = ("all",)
) -> Bound | None:
    """Give a figure as a bound on named quantities; None if it counts none."""
    counted, indicator = quantities(figure.norm, everyone), figure.norm.indicator
    if counted is None or indicator is None:
        return None
    return Bound(name, *counted, low, high, indicator.units.scale)


def _same_ratio(one: Bound, other: Bound) -> bool:
    return (one.top, one.bottom) == (other.top, other.bottom)


def _conflicts(
    bounds: list[Bound], by_name: dict[str, Figure], facts: dict[str, Fact], year: int
) -> Iterator[Finding]:
    """Give every conflict found when the figure most at odds with the rest is left out in turn."""
    while clash := System(tuple(bounds)).conflict():
        alone = [
            bound
            for bound in clash
            if bound.name in by_name and System(tuple(b for b in bounds if b is not bound)).holds()
        ]
        own = [bound for bound in clash if bound.name in by_name]
        odd = (alone or own or list(clash))[-1]
        if odd.name in by_name:
            others = [bound for bound in clash if bound is not odd]
            yield _at_odds(odd, others, by_name, facts, System(clash).implied(odd), year)
        bounds = [bound for bound in bounds if bound is not odd]


def _at_odds(
    odd: Bound,
    others: Sequence[Bound],
    by_name: dict[str, Figure],
    facts: dict[str, Fact],
    implied: tuple[float, float],
    year: int,
) -> Finding:
    figure = by_name[odd.name]
    low, high = implied
    near = low if abs(low - figure.value) < abs(high - figure.value) else high
    gap = abs(near - figure.value) / max(abs(near), 1e-12)
    severity: Severity = "medium" if gap > _WIDE_GAP else "low"
    printed = [by_name[bound.name] for bound in others if bound.name in by_name]
    used = [facts[bound.name] for bound in others if bound.name in facts]
    unit = figure.norm.indicator.units if figure.norm.indicator else None
    zh_from = "、".join([*(_zh(f) for f in printed), *(fact.zh for fact in used)])
    en_from = "; ".join([*(_en(f) for f in printed), *(fact.en for fact in used)])
    return Finding(
        "state_figures",
        severity,
        f"{year}年：{_zh(figure)}，而由{zh_from}推算应为{_range(low, high, 'zh')}"
        f"{unit.zh if unit else ''}。",
        f"{year}: {_en(figure)}, but {en_from} give {_range(low, high, 'en')}"
        f" {unit.en if unit else ''}.",
        {"printed": figure.value, "implied_low": low, "implied_high": high, "year": year},
        (*(f.place for f in (figure, *printed)), *(fact.place for fact in used)),
        tuple(f.norm.id for f in (figure, *printed)),
    )


def _cannot_hold(members: Sequence[Figure], year: int) -> Finding:
    return Finding(
        "target_figures",
        "high",
        f"{year}年目标不能同时成立：" + "；".join(_zh(f) for f in members) + "。",
        f"the targets of {year} cannot all hold: " + "; ".join(_en(f) for f in members) + ".",
        {f.norm.id: f.value for f in members},
        tuple(f.place for f in members),
        tuple(f.norm.id for f in members),
    )


def _looser(
    figure: Figure, others: Sequence[Figure], implied: tuple[float, float], year: int
) -> Finding:
    edge = implied[0] if figure.sense == ">=" else implied[1]
    sign_zh, sign_en = ("至少", "at least") if figure.sense == ">=" else ("至多", "at most")
    unit = figure.norm.indicator.units if figure.norm.indicator else None
    return Finding(
        "looser_targets",
        "low",
        f"{year}年：{_zh(figure)}，而{'、'.join(_zh(f) for f in others)}"
        f"合起来已要求{sign_zh}{number(edge)}{unit.zh if unit else ''}。",
        f"{year}: {_en(figure)}, but {'; '.join(_en(f) for f in others)}"
        f" together already ask for {sign_en} {number(edge)} {unit.en if unit else ''}.",
        {"printed": figure.value, "implied": edge, "year": year},
        tuple(f.place for f in (figure, *others)),
        tuple(f.norm.id for f in (figure, *others)),
    )


def _zh(figure: Figure) -> str:
    return f"{figure.place.where}「{figure.place.quote}」（{number(figure.value)}）"


def _en(figure: Figure) -> str:
    label = figure.norm.indicator.en if figure.norm.indicator else figure.norm.id
    return f"{label} {number(figure.value)} ({figure.place.where})"


def _range(low: float, high: float, lang: str) -> str:
    if math.isinf(high):
        return f"{number(low)}以上" if lang == "zh" else f"{number(low)} or more"
    if math.isinf(low) or low <= 0:
        return f"{number(high)}以下" if lang == "zh" else f"{number(high)} or less"
    return f"{number(low)}—{number(high)}" if number(low) != number(high) else number(low)
