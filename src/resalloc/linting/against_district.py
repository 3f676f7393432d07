"""A plan's targets against the district's people and institutions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from resalloc.linting.figures import quoted
from resalloc.linting.finding import Finding, number
from resalloc.linting.projects import projects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.linting.facts import Facts
    from resalloc.norms.normset import NormSet

_CLINICAL = ("physicians_per_1000", "nurses_per_1000")
_RECRUITED = "recruited_professionals"


def staff_and_recruits(plan: NormSet, facts: Facts) -> Iterator[Finding]:
    """Find a recruitment figure smaller than the rise in doctors and nurses the targets ask.

    Nobody is taken to retire or leave, so the true need is larger still.

    Examples
    --------
    >>> from resalloc.district.read import read_district
    >>> from resalloc.linting.facts import facts_of
    >>> from resalloc.norms.read import read_norms
    >>> facts = facts_of(read_district("tongliang"))
    >>> list(staff_and_recruits(read_norms("tongliang-2025"), facts))
    []
    """
    recruited = [n for n in plan if n.reads.indicator == _RECRUITED and n.reads.values]
    rates = [n for n in plan if n.reads.indicator in _CLINICAL and n.reads.baseline]
    for norm in recruited:
        year = max(norm.reads.values)
        target = norm.reads.values[year]
        most = target[1] if isinstance(target, tuple) else target
        need, words, used = 0.0, [], []
        for rate in rates:
            start = max(rate.reads.baseline)
            goal = rate.reads.values.get(year)
            people = _people(facts, start), _people(facts, year)
            if goal is None or isinstance(goal, tuple) or None in people:
                continue
            before, after = (float(p) for p in people if p is not None)
            rise = goal * after / 1000 - rate.reads.baseline[start] * before / 1000
            need += rise
            words.append(f"{rate.says.where}{number(rate.reads.baseline[start])}→{number(goal)}")
            used.append(rate)
        if used and need > most:
            yield Finding(
                "staff_and_recruits",
                "low",
                f"{norm.says.where}「{norm.says.quote}」引进或招聘{number(most)}人，而按{'、'.join(words)}"
                f"和常住人口推算，医师和护士净增约{number(round(need))}人（未计退休和流失）。",
                f"{norm.says.where} recruits {number(most)}, but the targets for doctors and"
                f" nurses ask for about {number(round(need))} more, retirement not counted.",
                {"recruits": most, "rise": round(need)},
                (quoted(norm.says), *(quoted(rate.says) for rate in used)),
                (norm.id, *(rate.id for rate in used)),
            )


def projects_and_beds(plan: NormSet, facts: Facts) -> Iterator[Finding]:
    """Find project beds that overshoot a ceiling, or cannot reach a floor even in full.

    Examples
    --------
    >>> from resalloc.district.read import read_district
    >>> from resalloc.linting.facts import facts_of
    >>> from resalloc.norms.read import read_norms
    >>> facts = facts_of(read_district("tongliang"))
    >>> list(projects_and_beds(read_norms("tongliang-2025"), facts))
    []
    """
    listed = [norm for norm in projects(plan) if norm.reads.project is not None]
    added = math.fsum(n.reads.project.beds_added or 0.0 for n in listed if n.reads.project)
    whole = math.fsum(n.reads.project.beds or 0.0 for n in listed if n.reads.project)
    if not added and not whole:
        return
    for norm in plan:
        if norm.reads.indicator != "beds_per_1000" or not norm.reads.baseline:
            continue
        start, year = max(norm.reads.baseline), max(norm.reads.values, default=0)
        target = norm.reads.values.get(year)
        people = _people(facts, start), _people(facts, year)
        if target is None or isinstance(target, tuple) or people[0] is None or people[1] is None:
            continue
        today = norm.reads.baseline[start] * people[0] / 1000
        goal = target * people[1] / 1000
        if norm.reads.sense == ">=" and today + added + whole < goal:
            zh = f"即使全部计入也少于目标所需{number(round(goal - today))}张"
            en = f"even all of them are fewer than the {number(round(goal - today))} needed"
        elif norm.reads.sense == "<=" and added and today + added > goal:
            zh = f"超出上限所余{number(round(goal - today))}张"
            en = f"more than the {number(round(goal - today))} the ceiling leaves"
        else:
            continue
        yield Finding(
            "projects_and_beds",
            "medium",
            f"{norm.says.where}「{norm.says.quote}」：{start}年约{number(round(today))}张，"
            f"项目清单共{number(added + whole)}张，{zh}。",
            f"{norm.says.where}: about {number(round(today))} beds in {start}; the projects have"
            f" {number(added + whole)}, {en}.",
            {"today": round(today), "projects": added + whole, "goal": round(goal)},
            (quoted(norm.says), *(quoted(n.says) for n in listed[:1])),
            (norm.id,),
        )


def tables_and_beds(plan: NormSet, facts: Facts) -> Iterator[Finding]:
    """Find a bed target that asks institutions outside the plan's tables to grow many times over.

    What the tables do not hold must come from everyone else, and no clause plans them.

    Examples
    --------
    >>> from resalloc.district.read import read_district
    >>> from resalloc.linting.facts import facts_of
    >>> from resalloc.norms.read import read_norms
    >>> facts = facts_of(read_district("tongliang"))
    >>> (found,) = tables_and_beds(read_norms("tongliang-2025"), facts)
    >>> found.figures["others_today"], found.figures["others_asked"]
    (535, 1325)
    """
    totals = [n for n in plan if n.reads.indicator == "institution_beds" and n.reads.total_of]
    for norm in plan:
        if norm.reads.indicator != "beds_per_1000" or norm.reads.sense != ">=" or not totals:
            continue
        start, year = max(norm.reads.baseline, default=0), max(norm.reads.values, default=0)
        target = norm.reads.values.get(year)
        people = _people(facts, start), _people(facts, year)
        if not start or target is None or isinstance(target, tuple) or None in people:
            continue
        before, after = (float(p) for p in people if p is not None)
        planned = [t.reads.values.get(year) for t in totals]
        known = [t.reads.baseline.get(start) for t in totals]
        if any(v is None or isinstance(v, tuple) for v in (*planned, *known)):
            continue
        inside = [math.fsum(float(v) for v in side if isinstance(v, (int, float)))
                  for side in (known, planned)]  # fmt: skip
        others = norm.reads.baseline[start] * before / 1000 - inside[0]
        asked = target * after / 1000 - inside[1]
        if others <= 0 or asked < 2 * others:
            continue
        needed = number(round(target * after / 1000))
        yield Finding(
            "tables_and_beds",
            "medium",
            f"{norm.says.where}「{norm.says.quote}」：{year}年约需{needed}张，"
            f"各表合计{number(inside[1])}张，其余机构须由约{number(round(others))}张增至"
            f"约{number(round(asked))}张，规划未列。",
            f"{norm.says.where}: about {needed} beds by {year}; the"
            f" tables hold {number(inside[1])}, so everyone else has to go from about"
            f" {number(round(others))} to {number(round(asked))}, which no clause plans.",
            {
                "needed": round(target * after / 1000),
                "tables": inside[1],
                "others_today": round(others),
                "others_asked": round(asked),
            },
            (quoted(norm.says), *(quoted(t.says) for t in totals)),
            (norm.id, *(t.id for t in totals)),
        )


def _people(facts: Facts, year: int) -> float | None:
    """Give the residents of a year; of the last year before it that is known."""
    known = [y for y in facts.residents if y <= year]
    value = facts.residents[max(known)] if known else None
    return value if value is not None and math.isfinite(value) else None
