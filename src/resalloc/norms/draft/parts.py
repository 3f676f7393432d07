"""A text cut into sentences, segments and the parts that each carry one figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from resalloc.norms.draft.figure import Figure, figures
from resalloc.norms.draft.words import changes_from

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。！？①②③④⑤⑥⑦⑧⑨]+")
_INSIDE = re.compile(r"\d(?:,\d{3}|：\s?\d)")
_FAR = 60
_LONGEST = 120
_OPEN, _CLOSE = "（(《【", "）)》】"
_BOUNDARY = re.compile(r"[、，,；（(）)]|以?及(?!时)|和(?!谐)|并(?!发)")
_SHARED = re.compile(r"(分别|均|都|各)")
_AND = re.compile(r"、|和(?!谐)|与|及(?!时)")


@dataclass(frozen=True)
class Part:
    """A part of a segment with one figure, or with one that changes into another.

    Parameters
    ----------
    quote
        The part's words.
    before, after
        What stands before the figure and behind it.
    figure
        The figure; of a change, the last.
    start
        Where the figure stands in the segment.
    former
        The figure it changes from (由…提高到…).
    """

    quote: str
    before: str
    after: str
    figure: Figure
    start: int
    former: Figure | None = None


def sentences(text: str) -> Iterator[str]:
    """Cut a paragraph at full stops and circled numbers.

    Examples
    --------
    >>> list(sentences("建成。①启动；②完成。"))
    ['建成', '启动；', '完成']
    """
    yield from (match[0] for match in _SENTENCE.finditer(text) if match[0].strip())


def segments(sentence: str) -> Iterator[str]:
    """Cut a sentence at commas, semicolons and colons outside brackets and titles.

    Examples
    --------
    >>> list(segments("到2025年，病房（2间，4床）建成；死亡率为零"))
    ['到2025年', '病房（2间，4床）建成', '死亡率为零']
    """
    depth, begin = 0, 0
    for index, sign in enumerate(sentence):
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE:
            depth = max(0, depth - 1)
        elif _INSIDE.match(sentence[max(0, index - 1) : index + 4]):
            continue
        elif depth == 0 and sign in "，,；;：":
            if sentence[begin:index].strip():
                yield sentence[begin:index].strip()
            begin = index + 1
    if sentence[begin:].strip():
        yield sentence[begin:].strip()


def parts(segment: str) -> Iterator[Part]:
    """Cut a segment so that every figure has its own words.

    Examples
    --------
    >>> [part.quote for part in parts("医师数达到3.6人（中医类别达到0.8人）、护士数达到4.7人")]
    ['医师数达到3.6人', '中医类别达到0.8人', '护士数达到4.7人']
    >>> [(part.before, part.figure.low) for part in parts("医师数、护士数分别达到3人、4人")]
    [('医师数分别达到', 3.0), ('护士数分别达到', 4.0)]
    >>> [(p.former.low, p.figure.low) for p in parts("死亡率由5.39‰下降到2.04‰")]
    [(5.39, 2.04)]
    """
    found = figures(segment)
    shared = _SHARED.search(segment)
    if shared and found and shared.start() < found[0].start:
        subjects = _subjects(segment[: shared.start()])
        if shared[0] == "分别" and len(subjects) < 2 < len(found) + 1:
            subjects = [segment[: shared.start()]] * len(found)
        if len(subjects) > 1 and len(found) in (1, len(subjects)):
            yield from _paired(segment, subjects, found, shared.start())
            return
    begin = 0
    former: Figure | None = None
    for index, figure in enumerate(found):
        follower = found[index + 1] if index + 1 < len(found) else None
        end = after = len(segment)
        if follower is not None:
            between = segment[figure.end : follower.start]
            if former is None and changes_from(between, segment[begin : figure.start]):
                former = figure
                continue
            cut = _BOUNDARY.search(between)
            end = figure.end + cut.start() if cut else len(segment)
            after = end if cut else follower.start
        start = former.start if former else figure.start
        yield Part(
            _closed(segment, begin, end),
            segment[begin:start],
            segment[figure.end : after],
            figure,
            figure.start,
            former,
        )
        former = None
        begin = figure.end if end == len(segment) else end + 1


def _closed(segment: str, begin: int, end: int) -> str:
    """Give a stretch of a segment, on to where a bracket or a quotation opened in it closes.

    Examples
    --------
    >>> _closed("病房（2间，4张床）", 0, 5)
    '病房（2间，4张床）'
    >>> _closed("病房（2间，4张床）", 6, 10)
    '4张床'
    """
    while begin < end and segment[begin] in "、，,；）)” ":
        begin += 1
    for opens, closes in ("（）", "“”"):
        words = segment[begin:end]
        if words.count(opens) > words.count(closes):
            close = segment.find(closes, end, end + _FAR)
            end = close + 1 if close >= 0 else end
        elif words.count(opens) < words.count(closes) and words.endswith(closes):
            end -= 1
    return re.sub(r"^(?:和|及|并)(?!谐)", "", segment[begin:end].strip("（(、，,； "))


def _subjects(before: str) -> list[str]:
    """Give the things a list names; what the first is counted per goes for all."""
    names = [name.strip() for name in _AND.split(re.sub(r"[^，；：]*[，；：]", "", before))]
    names = [name for name in names if len(name) > 1]
    per = (
        re.match(r".*?(每\S{0,3}[万千百]\S{0,4}?人口|每[万千百]名?\S{2})", names[0])
        if names
        else None
    )
    if per is None:
        return names
    return [name if "每" in name else per[1] + name for name in names]


def _paired(
    segment: str, subjects: list[str], found: tuple[Figure, ...], verb: int
) -> Iterator[Part]:
    last = found[-1]
    words = segment[verb : found[0].start]
    for index, subject in enumerate(subjects):
        figure = found[index] if len(found) > 1 else last
        if not figure.sense and last.sense:
            figure = replace(figure, sense=last.sense, word=last.word)
        yield Part(segment, subject + words, "", figure, figure.start)


def shortened(quote: str, before: str) -> str:
    """Shorten a quote that is too long, from its front.

    Examples
    --------
    >>> len(shortened("创建" * 80 + "中心5个", "创建" * 80 + "中心"))
    62
    """
    quote = quote.strip("（(、，,；： ")
    if len(quote) <= _LONGEST:
        return quote
    start = min(max(0, len(before) - 60), len(quote) - 40)
    return quote[start : start + _LONGEST]
