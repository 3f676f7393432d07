"""Capital projects: window against money, build kind against name, one project listed twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resalloc.linting.figures import quoted
from resalloc.linting.finding import Finding, Severity, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet

# What a word of 建设性质, or of a project's name, says is done: 改扩建 both refits and extends.
_DOES = {
    "新建": {"new"},
    "迁建": {"moved"},
    "迁扩建": {"moved", "extended"},
    "改扩建": {"refitted", "extended"},
    "扩建": {"extended"},
    "改建": {"refitted"},
    "改造": {"refitted"},
}
_ROUNDED = 0.1
_FIELDS = {
    "beds": "床位（张）",
    "beds_added": "新增床位（张）",
    "area_m2": "建筑面积（平方米）",
    "cost_wan": "投资（万元）",
}
_NAMED = re.compile("迁扩建|改扩建|新建|迁建|扩建|改建|改造")


def projects(plan: NormSet) -> tuple[Norm, ...]:
    """Give the clauses of a plan that are capital projects."""
    return tuple(norm for norm in plan if norm.reads.project is not None)


def window_and_money(plan: NormSet) -> Iterator[Finding]:
    """Find a project whose years and whose money inside the plan's period do not fit.

    A project finished within the period should have all its money in it; one that goes on
    beyond it, or began before it, some of its money outside.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(window_and_money(read_norms("tongliang-2025")))
    []
    """
    first, last = plan.document.period
    for norm in projects(plan):
        project = norm.reads.project
        assert project is not None
        cost, inside = project.cost_wan, project.cost_in_period_wan
        start, end = project.start, project.end
        if cost is None or inside is None:
            continue
        if inside > cost:
            yield _money(
                norm, "high", "规划期内投资大于总投资", "more inside the period than in all"
            )
        elif start is None or end is None:
            continue
        elif start >= first and end <= last and inside < cost:
            yield _money(
                norm, "medium", f"建设起止年限全部在{first}—{last}年内，但投资未全部计入",
                f"built within {first}-{last}, but not all of its money is counted there",
            )  # fmt: skip
        elif end > last and inside == cost:
            yield _money(
                norm, "medium", f"建设至{end}年，超出{last}年，但投资全部计入规划期",
                f"built until {end}, after {last}, but all of its money is counted before",
            )  # fmt: skip
        elif start < first and inside == cost:
            yield _money(
                norm, "low", f"{start}年开工，早于{first}年，但投资全部计入规划期",
                f"begun in {start}, before {first}, but all of its money is counted after",
            )  # fmt: skip


def build_and_name(plan: NormSet) -> Iterator[Finding]:
    """Find a project whose 建设性质 is not what its name says.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(build_and_name(read_norms("tongliang-2025")))
    []
    """
    for norm in projects(plan):
        project = norm.reads.project
        assert project is not None
        kind = {act for word in project.build for act in _DOES.get(word, ())}
        names = [(norm.says, project.name), *((place, place.quote) for place in norm.says.also)]
        for place, name in names:
            named = {act for word in _NAMED.findall(name) for act in _DOES[word]}
            if named and kind and not named & kind:
                yield Finding(
                    "build_and_name",
                    "medium",
                    f"{place.where}称「{name}」，{norm.says.where}的建设性质却为"
                    f"「{'、'.join(project.build)}」。",
                    f"{place.where} calls it '{name}', {norm.says.where} gives the kind"
                    f" '{'、'.join(project.build)}'.",
                    {"name": name, "build": "、".join(project.build)},
                    (quoted(norm.says), *([] if place is norm.says else [quoted(place)])),
                    (norm.id,),
                )
                break


def sizes_twice(plan: NormSet) -> Iterator[Finding]:
    """Find a project whose size differs by more than a tenth between two places.

    A tenth leaves room for 约1.8万平方米 where the list has 18,243.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> [f.figures["other"] for f in sizes_twice(read_norms("beibei-2025"))]
    [60000.0]
    """
    for norm in projects(plan):
        project = norm.reads.project
        assert project is not None
        for place in norm.says.also:
            for field, other in place.sizes.items():
                own = getattr(project, field)
                if own is None or abs(own - other) <= _ROUNDED * own:
                    continue
                yield Finding(
                    "sizes_twice",
                    "medium",
                    f"{norm.says.where}「{project.name}」{_FIELDS[field]}{number(own)}，"
                    f"{place.where}「{place.quote}」为{number(other)}。",
                    f"{norm.says.where} {project.name}: {field} {number(own)}; {place.where}"
                    f" prints {number(other)}.",
                    {"list": own, "other": other, "field": field},
                    (quoted(norm.says), quoted(place)),
                    (norm.id,),
                )


def listed_twice(plan: NormSet) -> Iterator[Finding]:
    """Find a project that stands in the list twice, by its name or by its figures.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(listed_twice(read_norms("tongliang-2025")))
    []
    """
    seen: dict[object, Norm] = {}
    for norm in projects(plan):
        project = norm.reads.project
        assert project is not None
        figures = (project.beds, project.beds_added, project.area_m2, project.cost_wan)
        keys: list[object] = [re.sub("项目|建设|工程", "", project.name)]
        if sum(figure is not None for figure in figures) > 1:
            keys.append((project.owner, figures))
        twin = next((seen[key] for key in keys if key in seen), None)
        for key in keys:
            seen.setdefault(key, norm)
        if twin is not None:
            yield Finding(
                "listed_twice",
                "low",
                f"{twin.says.where}「{twin.says.quote}」与{norm.says.where}「{norm.says.quote}」"
                "疑为同一项目。",
                f"{twin.says.where} and {norm.says.where} look like one project.",
                {},
                (quoted(twin.says), quoted(norm.says)),
                (twin.id, norm.id),
            )


def _money(norm: Norm, severity: Severity, zh: str, en: str) -> Finding:
    project = norm.reads.project
    assert project is not None
    cost, inside = project.cost_wan or 0.0, project.cost_in_period_wan or 0.0
    window = f"{project.start}—{project.end}"
    return Finding(
        "window_and_money",
        severity,
        f"{norm.says.where}「{project.name}」（{window}，总投资{number(cost)}万元，"
        f"规划期内{number(inside)}万元）：{zh}。",
        f"{norm.says.where} {project.name} ({window}, {number(cost)} 万元, {number(inside)} of it"
        f" inside the period): {en}.",
        {
            "cost_wan": cost,
            "cost_in_period_wan": inside,
            "start": project.start or "",
            "end": project.end or "",
        },
        (quoted(norm.says),),
        (norm.id,),
    )
