"""Single targets: against what is reached already, against the unit, against the calendar."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from resalloc.linting.figures import quoted
from resalloc.linting.finding import Finding, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet

_SHARES = {"percent": 100.0, "per_mille": 1000.0}
_SLIP = 20.0
_COUNTED_IN_PERCENT = re.compile(r"((?:次数|天数|人数|家数|DDDs?)[^，。；、%]{0,8}?[\d.]+)\s*[%‰]")


def below_reached(plan: NormSet) -> Iterator[Finding]:
    """Find a target looser than the value already reached.

    A ceiling above today's value is a finding only where less is better (mortality,
    debts); a ceiling on beds leaves room on purpose.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> [f.norms[0] for f in below_reached(read_norms("tongliang-2025"))][:2]
    ['public_hospital_beds_per_1000', 'public_tcm_beds_per_1000']
    """
    for norm in plan:
        if norm.reads.sense not in (">=", "<=") or norm.use == "context":
            continue
        for year, target in norm.reads.values.items():
            before = [y for y in norm.reads.baseline if y <= year]
            if not before or isinstance(target, tuple):
                continue
            reached = norm.reads.baseline[max(before)]
            rising = norm.reads.sense == ">="
            if not rising and (norm.indicator is None or norm.indicator.better != "lower"):
                continue
            if (target < reached) if rising else (target > reached):
                yield _looser(norm, year, target, max(before), reached)
                break


def backwards(plan: NormSet) -> Iterator[Finding]:
    """Find targets that step back between milestones.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(backwards(read_norms("tongliang-2025")))
    []
    """
    for norm in plan:
        steps = sorted((y, v) for y, v in norm.reads.values.items() if not isinstance(v, tuple))
        if norm.reads.sense == "<=" and (not norm.indicator or norm.indicator.better != "lower"):
            continue
        for (early, first), (late, second) in itertools.pairwise(steps):
            back = second < first if norm.reads.sense == ">=" else second > first
            if norm.reads.sense in (">=", "<=") and back:
                yield Finding(
                    "backwards",
                    "medium",
                    f"{norm.says.where}「{norm.says.quote}」：{early}年{number(first)}，"
                    f"{late}年反而放宽为{number(second)}。",
                    f"{norm.says.where}: {number(first)} by {early}, then only {number(second)}"
                    f" by {late}.",
                    {str(early): first, str(late): second},
                    (quoted(norm.says),),
                    (norm.id,),
                )


def unit_slips(plan: NormSet) -> Iterator[Finding]:
    """Find a figure its unit does not allow, or one twenty times its own baseline.

    A share above 100 %; a number of times (次数) in per cent; 6.2 beds that become 800.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(unit_slips(read_norms("tongliang-2025")))
    []
    """
    for norm in plan:
        if norm.indicator is None:
            continue
        if counted := _COUNTED_IN_PERCENT.search(norm.says.quote):
            yield _unit(
                norm, _first(norm), f"「{counted[0]}」以百分数表示次数或强度",
                f"'{counted[0]}' gives a number of things in per cent",
            )  # fmt: skip
            continue
        most = _SHARES.get(norm.indicator.unit)
        ends = [
            end
            for target in (*norm.reads.values.values(), *norm.reads.baseline.values())
            for end in (target if isinstance(target, tuple) else (target,))
        ]
        over = [end for end in ends if most is not None and end > most]
        growth = "growth" in norm.indicator.id or "change" in norm.indicator.id
        if over and not growth:
            yield _unit(norm, over[0], f"超过{most:g}", f"is above {most:g}")
            continue
        rates = norm.indicator.units.scale > 1
        for year, target in norm.reads.values.items():
            state = [v for v in norm.reads.baseline.values() if v > 0]
            if isinstance(target, tuple) or not state or target <= 0 or not rates:
                continue
            factor = max(target / state[-1], state[-1] / target)
            if factor >= _SLIP:
                zh = f"{year}年目标{number(target)}与现状{number(state[-1])}相差{number(factor)}倍"
                en = f"is {number(factor)} times away from the state of {number(state[-1])}"
                yield _unit(norm, target, zh, en)


def deadlines(plan: NormSet) -> Iterator[Finding]:
    """Find a target due before the plan's first year, or a project over before it was issued.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(deadlines(read_norms("tongliang-2025")))
    []
    """
    document = plan.document
    for norm in plan:
        early = [year for year in norm.reads.values if year < document.period[0]]
        if early and norm.use != "context":
            yield _past(norm, early[0], document.period[0], "规划期起始年份", "the plan begins")
        project = norm.reads.project
        issued = document.published.year if document.published else None
        if project and project.end and issued and project.end < issued:
            found = _past(norm, project.end, issued, "规划印发年份", "the plan was issued")
            yield replace(found, severity="low")


def _first(norm: Norm) -> float:
    target = next(iter(norm.reads.values.values()), 0.0)
    return target[0] if isinstance(target, tuple) else target


def _past(norm: Norm, due: int, start: int, zh: str, en: str) -> Finding:
    return Finding(
        "deadlines",
        "medium",
        f"{norm.says.where}「{norm.says.quote}」的期限为{due}年，早于{zh}{start}年。",
        f"{norm.says.where} is due in {due}, before {en} ({start}).",
        {"due": due, "start": start},
        (quoted(norm.says),),
        (norm.id,),
    )


def _looser(norm: Norm, year: int, target: float, then: int, reached: float) -> Finding:
    return Finding(
        "below_reached",
        "medium" if norm.reads.binding else "low",
        f"{norm.says.where}「{norm.says.quote}」：{year}年目标{number(target)}，"
        f"而{then}年已达{number(reached)}，目标比现状宽松。",
        f"{norm.says.where}: {number(target)} by {year} is looser than the"
        f" {number(reached)} of {then}.",
        {"target": target, "reached": reached, "year": year, "state_year": then},
        (quoted(norm.says),),
        (norm.id,),
    )


def _unit(norm: Norm, figure: float, zh: str, en: str) -> Finding:
    unit = norm.indicator.units if norm.indicator else None
    return Finding(
        "unit_slips",
        "medium",
        f"{norm.says.where}「{norm.says.quote}」："
        f"{number(figure)}（{unit.zh if unit else ''}）{zh}，请核对单位。",
        f"{norm.says.where}: {number(figure)} {unit.en if unit else ''} {en}; check the unit.",
        {"figure": figure},
        (quoted(norm.says),),
        (norm.id,),
    )
