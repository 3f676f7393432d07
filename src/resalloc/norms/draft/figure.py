"""The figures of a clause: numbers with a unit, ranges, ratios, and words that are figures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.norms.draft.names import masked
from resalloc.norms.draft.numerals import number, tidy
from resalloc.norms.draft.printed_unit import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUM = r"\d{1,3}(?:,\d{3})+(?!\d)|\d{1,3}(?: \d{3})+(?![\d.])|\d+(?:\.\d+)?"
_CN = "[一二两三四五六七八九十百]+"
_UNIT = "|".join(re.escape(unit).replace("/10万", r"/\s?10\s?万") for unit in UNITS if unit != "大")
_TAIL = r"(?P<tail>及?以[上下内]|之内|左右|余)?"
_PATTERN = re.compile(
    rf"(?P<sign>[≥≤<>])?\s?(?:约|近)?\s?"
    rf"(?:(?P<ratio>1\s?:)\s?)?(?P<low>{_NUM})"
    rf"(?:\s?[%‰]?\s?(?:[—~–-]{{1,2}}|至)\s?(?P<high>{_NUM}))?"
    rf"\s?(?P<times>(?:余|多)?[万亿]?)(?:余|多)?\s?"
    rf"(?P<unit>{_UNIT}|大(?=[\u4e00-\u9fff]{{2,}}))?(?!\d){_TAIL}"
)
_CHINESE = re.compile(
    rf"(?P<low>{_CN})(?P<unit>个百分点|[个家所名支项种类间辆台张处户]|小时|刻钟|分钟"
    rf"|大(?=[\u4e00-\u9fff]*(?:中心|系统|基地|平台|机制|计划))){_TAIL}"
)
_PART = re.compile(r"(?P<low>[\d一二三四五六七八九十百]+)分之(?P<high>[\d一二三四五六七八九十百]+)")
_WHOLE = re.compile(
    r"(?<!健)全覆盖|全区覆盖|(?:全部|全面|均|全量)“?(?:达标|纳入|禁烟|上云|配备|装备|取消)|全员轮训"
)
_NONE = re.compile(
    r"(?<=[为至到现])零(?![\u4e00-\u9fff]{2})|零(?=确诊|感染|死亡|增长|报告|发生|事故)"
)
_DOUBLE = re.compile(r"翻([一两])番")
_BEST = re.compile(r"百强")
_SIGNS = {"≥": ">=", ">": ">=", "≤": "<=", "<": "<="}


@dataclass(frozen=True)
class Figure:
    """One figure in a text.

    Parameters
    ----------
    start, end
        Where it stands.
    low, high
        The number, or the ends of a range; equal for one number.
    unit
        As printed, narrowed; ``1:`` for a ratio, empty for none.
    times
        万 or 亿 before the unit.
    sense
        From its sign or its tail (以上, 以内).
    word
        That sign or tail.
    """

    start: int
    end: int
    low: float
    high: float
    unit: str = ""
    times: str = ""
    sense: str = ""
    word: str = ""


def figures(text: str) -> tuple[Figure, ...]:
    """Find the figures of a text, in order; names that only look like figures are none.

    Examples
    --------
    >>> [(f.low, f.high, f.unit, f.word) for f in figures("到2025年，建成1—2个中心、三家医院")]
    [(1.0, 2.0, '个', ''), (3.0, 3.0, '家', '')]
    >>> [(f.low, f.unit, f.sense) for f in figures("死亡率≤10／10万，达标率90%以上")]
    [(10.0, '/10万', '<='), (90.0, '%', '>=')]
    >>> figures("落实“十四五”规划，打造“15分钟健康服务圈”")
    ()
    """
    plain = masked(text)
    found = sorted((*_numbers(plain), *_words(plain)), key=lambda f: (f.start, -f.end))
    kept: list[Figure] = []
    for figure in found:
        if not kept or figure.start >= kept[-1].end:
            kept.append(figure)
    return tuple(_shared_unit(kept, plain))


def _numbers(plain: str) -> Iterator[Figure]:
    for match in _PATTERN.finditer(plain):
        low, high = number(match["low"]), number(match["high"] or match["low"])
        if low is None or high is None or _is_no_figure(match, plain):
            continue
        unit = "1:" if match["ratio"] else re.sub(r"\s", "", match["unit"] or "")
        first = unit in {"名", "位"} and plain[: match.start("low")].rstrip().endswith("前")
        yield Figure(
            match.start("sign") if match["sign"] else match.start("low"),
            match.end(),
            *((low, high) if low <= high else (high, high)),
            "名次" if first else unit,
            match["times"].lstrip("余多"),
            *(("<=", "前") if first else _sense(match["sign"] or match["tail"])),
        )


def _is_no_figure(match: re.Match[str], plain: str) -> bool:
    """Tell a number of minutes after, a name, or a year of a person from a figure."""
    after = plain[match.end() : match.end() + 2]
    before = plain[max(0, match.start("low") - 3) : match.start("low")]
    unit = match["unit"] or ""
    if unit == "年":
        return not re.search(r"[少低足满]于?$|至少$", before)
    if unit == "分":
        return after[:1] in {"别", "之", "类", "级", "院", "区", "享", "中", "布"}
    if unit == "日":
        return True
    return unit == "位" and after.startswith("一体")


def _words(plain: str) -> Iterator[Figure]:
    for match in _CHINESE.finditer(plain):
        value = number(match["low"])
        quoted = plain.count("“", 0, match.start()) > plain.count("”", 0, match.start())
        if value is not None and not (quoted and match["unit"] not in {"小时", "刻钟", "分钟"}):
            minutes = match["unit"] == "刻钟"
            size = value * 15 if minutes else value
            unit = "分钟" if minutes else match["unit"]
            yield Figure(match.start(), match.end(), size, size, unit, "", *_sense(match["tail"]))
    for match in _PART.finditer(plain):
        whole, part = number(match["low"]), number(match["high"])
        if whole and part is not None:
            share = tidy(round(100 * part / whole, 2))
            yield Figure(match.start(), match.end(), share, share, "%")
    for match in _WHOLE.finditer(plain):
        if plain[match.end() : match.end() + 1] != "”":
            yield Figure(match.start(), match.end(), 100.0, 100.0, "%", "", ">=", match[0])
    for match in _NONE.finditer(plain):
        yield Figure(match.start(), match.end(), 0.0, 0.0)
    for match in _BEST.finditer(plain):
        yield Figure(match.start(), match.end(), 100.0, 100.0, "名次", "", "<=", match[0])
    for match in _DOUBLE.finditer(plain):
        doubled = 2.0 if match[1] == "一" else 4.0
        yield Figure(match.start(), match.end(), doubled, doubled, "番")


def _sense(word: str | None) -> tuple[str, str]:
    word = word or ""
    if word in _SIGNS:
        return _SIGNS[word], word
    if word.endswith("上"):
        return ">=", word
    return ("<=", word) if word.endswith(("下", "内")) else ("", word)


def _shared_unit(found: list[Figure], plain: str) -> Iterator[Figure]:
    """Drop numbers without a unit, but for those of a list that ends in one (200、40、300个)."""
    for index, figure in enumerate(found):
        if figure.unit or figure.word in _SIGNS or figure.low == 0 == figure.high:
            yield figure
            continue
        later = next((f for f in found[index:] if f.unit), None)
        between = plain[figure.end : later.start] if later else "x"
        if later and re.fullmatch(r"[、和及\d. ]*", between):
            yield Figure(figure.start, figure.end, figure.low, figure.high, later.unit, later.times)
