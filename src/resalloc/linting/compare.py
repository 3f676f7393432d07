"""Plans side by side: one indicator, every plan's figure; and clauses that exclude each other."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from resalloc.errors import one_fault
from resalloc.linting.consistency import bounds_of
from resalloc.linting.figures import Figure, printed_figures
from resalloc.linting.finding import number
from resalloc.linting.system import System

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from resalloc.norms.indicator import Indicator
    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet


@dataclass(frozen=True)
class Row:
    """One indicator in several plans.

    Parameters
    ----------
    indicator
        What is bounded.
    scope
        Whose; single institutions are left out.
    clauses
        The clauses by plan id; more than one where a plan says it twice.
    """

    indicator: Indicator
    scope: str
    clauses: Mapping[str, tuple[Norm, ...]]


@dataclass(frozen=True)
class Clash:
    """Clauses of different plans that no allocation could satisfy together.

    Parameters
    ----------
    members
        Plan id and figure of each; leaving any one out, the rest can hold.
    """

    members: tuple[tuple[str, Figure], ...]

    def message(self, lang: str = "zh") -> str:
        """Say which clauses exclude each other, were they asked of one place at one time."""
        words = [_clause(plan, figure, lang) for plan, figure in self.members]
        if lang == "zh":
            return "若用于同一地区、同一时期，不能同时成立：" + "；".join(words)
        return "asked of one place at one time these cannot hold together: " + "; ".join(words)


@dataclass(frozen=True)
class Comparison:
    """What several plans say of the same indicators.

    Parameters
    ----------
    plans
        Plan ids, as given.
    rows
        Indicators at least two of the plans speak of.
    clashes
        Targets, each plan's last, that exclude each other in one district.
    """

    plans: tuple[str, ...]
    rows: tuple[Row, ...]
    clashes: tuple[Clash, ...]

    def as_dict(self, lang: str = "zh") -> dict[str, Any]:
        """Give the comparison as ``resalloc norms compare --json`` prints it."""
        return {
            "plans": list(self.plans),
            "rows": [
                {
                    "indicator": row.indicator.id,
                    "label": row.indicator.label(lang),
                    "unit": row.indicator.units.zh if lang == "zh" else row.indicator.units.en,
                    "scope": row.scope,
                    "clauses": {
                        plan: [norm.as_dict() for norm in norms]
                        for plan, norms in row.clauses.items()
                    },
                }
                for row in self.rows
            ],
            "clashes": [
                {
                    "message": clash.message(lang),
                    "clauses": [
                        {"plan": plan, "norm": f.norm.id, "quote": f.place.quote,
                         "where": f.place.where, "year": f.year, "value": f.value}
                        for plan, f in clash.members
                    ],
                }
                for clash in self.clashes
            ],
        }  # fmt: skip


def compare(plans: Sequence[NormSet]) -> Comparison:
    """Lay plans side by side and find clauses that exclude each other.

    Parameters
    ----------
    plans
        Two or more plans.

    Returns
    -------
    Comparison
        Rows in the order of the first plan that has them.

    Raises
    ------
    InputError
        A plan is named twice, or fewer than two are.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> names = ["tongliang-2025", "wushan-2025", "yongchuan-2030"]
    >>> found = compare([read_norms(name) for name in names])
    >>> [[plan for plan, _ in clash.members] for clash in found.clashes]
    [['tongliang-2025', 'yongchuan-2030'], ['wushan-2025', 'yongchuan-2030']]
    """
    names = [plan.document.id for plan in plans]
    if len(set(names)) < max(2, len(names)):
        what = f"{', '.join(names)}: two or more different plans are needed."
        raise one_fault("plans", what, "Name each plan once.")
    found: dict[tuple[str, str], dict[str, list[Norm]]] = {}
    for plan in plans:
        for norm in plan:
            if norm.indicator is None or "[" in norm.reads.scope or norm.reads.when:
                continue
            if norm.indicator.id == "task_done":
                continue
            key = (norm.indicator.id, norm.reads.scope)
            found.setdefault(key, {}).setdefault(plan.document.id, []).append(norm)
    rows = tuple(
        Row(
            next(iter(by_plan.values()))[0].indicator,  # type: ignore[arg-type]
            scope,
            {plan: tuple(norms) for plan, norms in by_plan.items()},
        )
        for (_, scope), by_plan in found.items()
        if len(by_plan) > 1
    )
    clashes = tuple(clash for pair in combinations(plans, 2) for clash in _clashes(pair))
    return Comparison(tuple(names), rows, clashes)


def _clashes(plans: Sequence[NormSet]) -> tuple[Clash, ...]:
    """Give the conflicts between the last targets of two plans, taken as rules for one district."""
    owned: list[tuple[str, Figure]] = []
    for plan in plans:
        figures = [f for f in printed_figures(plan) if f.role == "target"]
        last = {f.norm.id: max(g.year for g in figures if g.norm is f.norm) for f in figures}
        owned += [
            (plan.document.id, f)
            for f in figures
            if f.year == last[f.norm.id] and f.norm.use != "context"
        ]
    relative = [(plan, f) for plan, f in owned if f.norm.indicator and f.norm.indicator.per]
    bounds, by_name = bounds_of([figure for _, figure in relative])
    plan_of = {str(i): plan for i, (plan, _) in enumerate(relative)}
    clashes: list[Clash] = []
    while clash := System(tuple(bounds)).conflict():
        members = tuple((plan_of[bound.name], by_name[bound.name]) for bound in clash)
        if len({plan for plan, _ in members}) > 1:
            clashes.append(Clash(members))
        bounds = [bound for bound in bounds if bound is not clash[-1]]
    return tuple(clashes) + _reported_clashes(owned)


def _reported_clashes(owned: Sequence[tuple[str, Figure]]) -> tuple[Clash, ...]:
    """Give pairs on one reported rate, time or share: one plan's floor above another's ceiling."""
    clashes: list[Clash] = []
    for (plan, one), (other_plan, other) in combinations(owned, 2):
        first, second = one.norm.indicator, other.norm.indicator
        if first is None or first is not second or first.of or one.norm.reads.when:
            continue
        if plan == other_plan or one.norm.reads.scope != other.norm.reads.scope:
            continue
        if first.units.scale == 1 and first.unit not in ("minutes", "km", "hours", "days"):
            continue
        if max(_floor(one), _floor(other)) > min(_ceiling(one), _ceiling(other)):
            clashes.append(Clash(((plan, one), (other_plan, other))))
    return tuple(clashes)


def _floor(figure: Figure) -> float:
    return -math.inf if figure.sense == "<=" else figure.low


def _ceiling(figure: Figure) -> float:
    return math.inf if figure.sense == ">=" else figure.high


def _clause(plan: str, figure: Figure, lang: str) -> str:
    sign = {">=": "≥", "<=": "≤", "==": "=", "between": "∈"}[figure.sense]
    indicator = figure.norm.indicator
    label = indicator.label(lang) if indicator else figure.norm.id
    unit = (indicator.units.zh if lang == "zh" else indicator.units.en) if indicator else ""
    value = number(figure.low)
    if figure.sense == "between":
        value = f"{number(figure.low)}—{number(figure.high)}"
    gap = "" if lang == "zh" else " "
    text = f"{plan} {label}{gap}{sign}{gap}{value}{gap}{unit}"
    return (
        f"{text}（{figure.year}年，{figure.place.where}）"
        if lang == "zh"
        else (f"{text} ({figure.year}, {figure.place.where})")
    )
