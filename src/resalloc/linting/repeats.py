"""One thing said twice: with another figure or another date; and lists that miscount."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resalloc.linting.figures import quoted
from resalloc.linting.finding import Finding, Severity, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from resalloc.norms.indicator import Indicator
    from resalloc.norms.norm import Norm, Print, Target
    from resalloc.norms.normset import NormSet

_INFERRED = {
    "zh": "（后者原文未注明年份或所指，按通常理解推定）",
    "en": " (the second prints no year, or not what it is of: our reading)",
}
_COUNTED = re.compile(r"(\d+)(?:家|个|所|名|人)[（(]([^（）()]+)[）)]")


def printed_twice(plan: NormSet) -> Iterator[Finding]:
    """Find a clause whose other places print another figure, or the figure at another date.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(printed_twice(read_norms("tongliang-2025")))
    []
    """
    for norm in plan:
        others: dict[tuple[int, Target], list[Print]] = {}
        for place in norm.says.also:
            for year, other in place.prints.items():
                others.setdefault((year, other), []).append(place)
        for (year, other), places in others.items():
            yield _differs(norm, places, year, other)


def clauses_twice(plan: NormSet) -> Iterator[Finding]:
    """Find two clauses that bound the same thing in the same year by different figures.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(clauses_twice(read_norms("tongliang-2025")))
    []
    """
    seen: dict[tuple[str, str, int, str], Norm] = {}
    for norm in plan:
        if norm.indicator is None or norm.reads.when or _tallies(norm.indicator):
            continue
        for role, printed in (("state", norm.reads.baseline), ("target", norm.reads.values)):
            for year, figure in printed.items():
                key = (norm.indicator.id, norm.reads.scope, year, role)
                first = seen.setdefault(key, norm)
                mine: Target = figure
                theirs = (first.reads.baseline if role == "state" else first.reads.values).get(year)
                if first is norm or theirs is None or theirs == mine:
                    continue
                if role == "target" and norm.reads.sense != first.reads.sense:
                    continue
                yield _two_clauses(first, norm, year, theirs, mine)


def named_and_counted(plan: NormSet) -> Iterator[Finding]:
    """Find a count with a list of names behind it that has another length: 6家（甲、乙）.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(named_and_counted(read_norms("tongliang-2025")))
    []
    """
    for norm in plan:
        for place in (norm.says, *norm.says.also):
            for count, names in _COUNTED.findall(place.quote):
                listed = [name for name in re.split("[、，,]", names) if name]
                if len(listed) < 2 or len(listed) == int(count) or re.search(r"各?\d", names):
                    continue
                yield Finding(
                    "named_and_counted",
                    "medium",
                    f"{place.where}「{place.quote}」写为{count}，括号内列出{len(listed)}项。",
                    f"{place.where} counts {count} and names {len(listed)}.",
                    {"count": float(count), "names": len(listed)},
                    (quoted(place),),
                    (norm.id,),
                )


def _tallies(indicator: Indicator) -> bool:
    """Say whether an indicator counts things one by one, so that two clauses may count others."""
    return not indicator.of and indicator.units.scale == 1


def _figure(norm: Norm, year: int) -> Target | None:
    return norm.reads.values.get(year, norm.reads.baseline.get(year))


def _differs(norm: Norm, places: Sequence[Print], year: int, other: Target) -> Finding:
    own = _figure(norm, year)
    same = [y for y, v in {**norm.reads.baseline, **norm.reads.values}.items() if v == other]
    read_in = any(place.inferred for place in places)
    severity: Severity = "medium" if read_in else "high"
    if own is None and same:
        zh = f"前者为{same[0]}年，后者为{year}年"
        en = f"due in {same[0]} in one place and in {year} in the other"
    elif own is None:
        severity = "medium"
        zh = f"后者另写{year}年为{_word(other)}"
        en = f"the second also prints {_word(other)} for {year}"
    else:
        zh = f"{year}年前者为{_word(own)}，后者为{_word(other)}"
        en = f"for {year} one prints {_word(own)}, the other {_word(other)}"
    others = "、".join(f"{place.where}「{place.quote}」" for place in places)
    reading = _INFERRED if read_in else {"zh": "", "en": ""}
    return Finding(
        "printed_twice",
        severity,
        f"{norm.says.where}「{norm.says.quote}」与{others}不一致：{zh}{reading['zh']}。",
        f"{norm.says.where} and {', '.join(place.where for place in places)} differ: {en}"
        f"{reading['en']}.",
        {"first": _word(own) if own is not None else "", "second": _word(other), "year": year},
        (quoted(norm.says), *(quoted(place) for place in places)),
        (norm.id,),
    )


def _two_clauses(first: Norm, second: Norm, year: int, one: Target, other: Target) -> Finding:
    label = first.indicator
    return Finding(
        "clauses_twice",
        "medium",
        f"{year}年「{label.zh if label else ''}」两处不同：{first.says.where}「{first.says.quote}」"
        f"为{_word(one)}，{second.says.where}「{second.says.quote}」为{_word(other)}。",
        f"{label.en if label else ''} in {year}: {_word(one)} ({first.says.where}) and"
        f" {_word(other)} ({second.says.where}).",
        {"first": _word(one), "second": _word(other), "year": year},
        (quoted(first.says), quoted(second.says)),
        (first.id, second.id),
    )


def _word(target: Target) -> str:
    if isinstance(target, tuple):
        return f"{number(target[0])}—{number(target[1])}"
    return number(target)
