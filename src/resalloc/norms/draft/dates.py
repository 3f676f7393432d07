"""Years: when a clause is due, and the period of a plan."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from resalloc.norms.draft.numerals import narrowed

_DIGIT = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
_PLANS = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_RANGE = re.compile(r"(20\d\d)\s?年?\s?[—~–-]{1,2}\s?(20\d\d)\s?年?")
_YEAR = re.compile(r"(?:到|至|于)?(20\d\d)\s?年(?:\s?\d{1,2}月)?(?:底|末|内|初|中)?(?:之?前|以前)?")
_CHINESE = re.compile(
    r"(?:到|至|展望)?二([〇零○])([一二三四五六七八九〇零○])([一二三四五六七八九〇零○])年"
)
_PLAN = re.compile(
    r"(?:到|至)?[“\"]?(十[二三四五六]五)[”\"]?(?:规划|时期|期间)?(?:期?末|内|结束|期间)"
)
_ANNUAL = re.compile(r"每年(?!度)|逐年")


@dataclass(frozen=True)
class Date:
    """A year in a text, and where its words end; ``annual`` for 每年."""

    start: int
    end: int
    year: int
    annual: bool = False


def dates(text: str) -> tuple[Date, ...]:
    """Find the years of a text, in order; of a range, the last year.

    Examples
    --------
    >>> [d.year for d in dates("2023年底前启动，“十四五”末建成，展望二〇三五年")]
    [2023, 2025, 2035]
    >>> [d.year for d in dates("根据《规划（2021—2025年）》")]
    []
    """
    plain = re.sub(r"《[^》]*》|〔\d+〕", lambda m: " " * len(m[0]), narrowed(text))
    found = [Date(m.start(), m.end(), int(m[2])) for m in _RANGE.finditer(plain)]
    found += [Date(m.start(), m.end(), int(m[1])) for m in _YEAR.finditer(plain)]
    found += [Date(m.start(), m.end(), _PLANS[m[1]]) for m in _PLAN.finditer(plain)]
    for match in _CHINESE.finditer(plain):
        found.append(
            Date(match.start(), match.end(), int("2" + "".join(_DIGIT[d] for d in match.groups())))
        )
    found += [Date(m.start(), m.end(), 0, annual=True) for m in _ANNUAL.finditer(plain)]
    kept: list[Date] = []
    for date in sorted(found, key=lambda d: (d.start, -d.end)):
        if not kept or date.start >= kept[-1].end:
            kept.append(date)
    return tuple(kept)


def period_of(text: str) -> tuple[int, int]:
    """Give the first and last year a plan is for, as its title or its words say.

    As :func:`printed_period` says; else from the first to the last year to come that is named.

    Examples
    --------
    >>> period_of("某区卫生健康行动方案（2023—2025年）")
    (2023, 2025)
    >>> period_of("某区卫生规划，到2027年建成，到2030年完善")
    (2027, 2030)
    """
    if printed := printed_period(text):
        return printed
    due = _due(text)
    every = [int(year) for year in re.findall(r"(20\d\d)\s?年", narrowed(text))]
    if not every:
        return 2021, 2025
    return min(due or every), max(due or every)


def printed_period(text: str) -> tuple[int, int] | None:
    """Give the first and last year a plan prints, or None.

    A range of years in the title counts most, then a five-year plan in the title, then the
    five-year plan named most often.

    Examples
    --------
    >>> printed_period("某区“十四五”卫生规划"), printed_period("某区卫生规划")
    ((2021, 2025), None)
    """
    lines = [line.strip() for line in narrowed(text).splitlines() if line.strip()]
    titles = [
        line for line in lines[:40] if len(line) < 50 and "《" not in line and "。" not in line
    ]
    for title in titles:
        if match := _RANGE.search(title):
            return int(match[1]), int(match[2])
    for title in titles:
        if match := re.search("十[三四五六]五", title):
            return _PLANS[match[0]] - 4, _PLANS[match[0]]
    named = Counter(re.findall("十[四五六]五", text))
    due = _due(text)
    if named and (not due or _PLANS[named.most_common(1)[0][0]] in due):
        last = _PLANS[named.most_common(1)[0][0]]
        return last - 4, last
    return None


def _due(text: str) -> list[int]:
    return [int(year) for year in re.findall(r"(?:到|至)(20\d\d)年", narrowed(text))]
