"""Clauses of running text, and of the cells of tables that hold running text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from resalloc.norms.draft.dates import Date, dates
from resalloc.norms.draft.parts import Part, parts, segments, sentences, shortened
from resalloc.norms.draft.printed_unit import PER, factor
from resalloc.norms.draft.proposal import Clause
from resalloc.norms.draft.tasks import tasks
from resalloc.norms.draft.words import (
    Direction,
    adds,
    changes,
    compared,
    direction,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.draft.proposal import Target
    from resalloc.norms.draft.words import Change
    from resalloc.norms.norm import Sense

_LONGEST = 120
_STATE = re.compile(r"(?<!实)现有|现状|目前|已(?:有|达|建成|创建)|截至")
_PER = re.compile(r"每\S{0,3}?[万千百亿]\s?\S{0,4}?(?:人口|儿童|床位|人|名)")
_PER_HEAD = re.compile(
    r"每\s?(?:\d+\s?)?[万千百亿][名位张]?(?:常住|服务|户籍)?(?:人口|居民|儿童|床位|人)?"
)
_ITEM = re.compile(r"^\s*(?:\d{1,2}\s?[.．、](?!\d)|[（(]\d{1,2}[）)])\s*")
_BARE = re.compile(
    r"^(?:到|至|，|、|其中|的|和|并|分别|均|力争|实现|确保|达到?|提高[到至]|提升[到至]|超过|不[低少高超]\S|约|\s)*$"
)


@dataclass(frozen=True)
class _Context:
    """What a segment inherits from the ones before it in its sentence."""

    date: Date | None = None
    per: str = ""
    subject: str = ""
    quote: str = ""


def clauses(
    text: str, where: str, period: tuple[int, int], *, past: bool = False
) -> Iterator[Clause]:
    """Find the clauses of a paragraph.

    A year goes for what follows it in the same sentence; without one, a target is due in the
    plan's last year and a state is that of the year before the plan.

    Parameters
    ----------
    text
        The paragraph.
    where
        Its place.
    period
        First and last year of the plan.
    past
        Whether the paragraph reports the state so far.

    Examples
    --------
    >>> (clause,) = clauses("到2025年，居民健康素养水平达到40%。", "二", (2021, 2025))
    >>> clause.quote, dict(clause.values), clause.unit, clause.word
    ('居民健康素养水平达到40%', {2025: 40.0}, '%', '达到')
    >>> (clause,) = clauses("2023年底前完成搬迁。", "三", (2023, 2025))
    >>> clause.kind, dict(clause.values)
    ('task', {2023: 1.0})
    """
    for sentence in sentences(_ITEM.sub("", text)):
        context = _Context()
        for segment in segments(sentence):
            every = dates(segment)
            against = {
                date for date in every if compared(segment[: date.start], segment[date.end :])
            }
            found = tuple(date for date in every if date not in against)
            carved = list(parts(segment))
            own = found[-1] if found else None
            if not carved:
                context = replace(context, date=own or context.date)
                yield from tasks(segment, where, context.date, period, past=past)
                if not _only_dates(segment):
                    context = replace(context, subject=segment, quote="")
                continue
            years = [date.year for date in found if not date.annual]
            by_year = len(years) == len(carved) > 1 and "分别" in segment
            for index, part in enumerate(carved):
                before = [date for date in found if date.start < part.start]
                date = found[index] if by_year else before[-1] if before else own
                context = replace(context, date=date or context.date)
                part, own_words = _with_subject(part, context, sentence), part.before
                printed = segment[part.figure.start : part.figure.end]
                change = _change(own_words, part, printed, against=bool(against))
                if per := _PER.search(part.before):
                    context = replace(context, per=per[0])
                clause = _clause(part, where, context, period, past=past)
                if change == "changed" and "分之" in printed:
                    clause = replace(clause, about=(), values={}, baseline={}, word="")
                yield replace(clause, change=change)
                context = replace(context, subject=part.before, quote=part.quote)


def _only_dates(segment: str) -> bool:
    plain = segment
    for date in dates(segment):
        plain = plain.replace(segment[date.start : date.end], "", 1)
    return len(plain.strip()) < 3


def _change(before: str, part: Part, printed: str, *, against: bool) -> Change:
    """Tell what is added, or changes by so much, from what there is to be.

    A share in percent may be a level printed after such a word (吸烟率降低20%); it is a change
    for sure only where a year to compare with is printed.
    """
    if part.former is not None:
        return ""
    if adds(before, part.figure.unit):
        return "added"
    return "changed" if changes(before) and (against or "分之" in printed) else ""


def _with_subject(part: Part, context: _Context, sentence: str) -> Part:
    """Take the subject from the segment before where a part has none (到2030年，达到65%)."""
    plain = part.before
    for date in dates(plain):
        plain = plain.replace(plain[date.start : date.end], "", 1)
    if not _BARE.match(plain) or len(part.after) > 3 or not context.subject:
        return part
    long = sentence[sentence.find(context.quote or context.subject) :]
    quote = long[: long.find(part.quote) + len(part.quote)]
    if quote.count("（") > quote.count("）") and long[len(quote) :].startswith("）"):
        quote += "）"
    short = part.quote in quote and len(quote) <= _LONGEST
    return replace(part, before=context.subject + part.before, quote=quote if short else part.quote)


def _clause(
    part: Part, where: str, context: _Context, period: tuple[int, int], *, past: bool
) -> Clause:
    figure, date = part.figure, context.date
    printed = date is not None and not date.annual
    year = date.year if date is not None and printed else None
    state = past or (year is not None and year < period[0] - 1) or bool(_STATE.search(part.before))
    scale = factor(figure.times, None)
    ends = (figure.low * scale, figure.high * scale)
    target: Target = ends[0] if ends[0] == ends[1] else ends
    values: dict[int, Target] = {}
    baseline: dict[int, float] = {}
    if state:
        baseline[year or period[0] - 1] = ends[0]
    elif date is not None and date.annual:
        values = dict.fromkeys(range(period[0], period[1] + 1), target)
    else:
        values[year or period[1]] = target
    if part.former is not None:
        baseline[period[0] - (6 if state else 1)] = part.former.low * factor(
            part.former.times, None
        )
    told = Direction(_sign(figure.sense), figure.word, firm=bool(figure.sense))
    told = told if told.sense else direction(part.before)
    sense: Sense | Literal[""] = "==" if state else told.sense
    return Clause(
        shortened(part.quote, part.before),
        where,
        _about(part, context.per),
        figure.times + figure.unit,
        "between" if isinstance(target, tuple) and not state else sense,
        told.word,
        told.firm,
        dict(sorted(values.items())),
        dict(sorted(baseline.items())),
        years_printed=printed,
    )


def _sign(sense: str) -> Sense | Literal[""]:
    return ">=" if sense == ">=" else "<=" if sense == "<=" else ""


def _about(part: Part, per: str) -> tuple[str, ...]:
    before, after = part.before.strip(), part.after.strip()
    readings = [before + after, before, after]
    head = _PER_HEAD.search(before)
    if head and after and not PER.search(after):
        readings[2] = head[0] + after
    if per and len(before) > 3 and not PER.search(before):
        readings.append(per + before)
    return tuple(dict.fromkeys(text for text in readings if len(text) > 1))
