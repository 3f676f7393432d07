"""Words of direction: floor, cap, exact figure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from resalloc.norms.norm import Sense

_FIRM_LEAST = "不低于|不少于|不小于|至少|最少|(?<!不)超过|(?<!不)高于|(?<!不)多于|(?<!不)大于"
_FIRM_MOST = (
    "不超过|不高于|不多于|不大于|控制在|压缩在|限制在|(?<!不)低于|(?<!不)少于|(?<!不)小于"
    "|下降到|下降至|降低到|降低至|降到|降至|减少到|减少至|下降为"
)
_WEAK_LEAST = (
    "达到|达|提高到|提高至|提升到|提升至|增加到|增加至|增至|增长到|上升到|上升至|扩大到"
    "|保持在|稳定在|保持|覆盖|增长|新增"
)
_EXACT = "只设置|只设|仅设|总量为|核定为|共计|合计|总计|总数为"
_WORD = re.compile(
    rf"(?P<least>{_FIRM_LEAST})|(?P<most>{_FIRM_MOST})|(?P<exact>{_EXACT})|(?P<weak>{_WEAK_LEAST})"
)


_ADDED = re.compile(
    r"(?:新增|净增|增设|增配|增购|增加)(?!到|至|为)(?:(?!达到|总数|总量|增至)[^，。；、])*$"
)
_COUNTED = frozenset("张床人名位个家所处支户项种类座间条片篇套辆台") | {"台（套）", "台套"}
_CHANGED = re.compile(
    r"(?:缩短|下降|降低|减少|压缩|提高|提升|增加|增长|上升|扩大)(?:了|约|近|不少于|不低于|超过)?\s?$"
)
_THAN = re.compile(r"(?:较|相比)$")
_THAN_OR_RATIO = re.compile(r"(?<![占之])比$")
_BY = re.compile(r"[^，；达为]{0,6}(?:缩短|下降|降低|减少|提高|提升|增加|增长|上升|扩大)(?![到至])")
_WITH = re.compile(r"(?:与|同|和)$")
_TIME_OR_WAY = re.compile("半径|距离|时间|时限|路程|车程")
_NO_LESS = re.compile("以上|不[低少小]于|至少|最少|[≥>]")
_LENGTHS = frozenset({"公里", "千米", "km", "分钟", "小时"})

Change = Literal["", "added", "changed"]


@dataclass(frozen=True)
class Direction:
    """What a word says: the sense, the word, and whether it leaves no doubt."""

    sense: Sense | Literal[""] = ""
    word: str = ""
    firm: bool = False


def direction(before: str) -> Direction:
    """Give the direction of the last such word before a figure.

    Examples
    --------
    >>> direction("医疗费用增幅不超过")
    Direction(sense='<=', word='不超过', firm=True)
    >>> direction("素养水平达到"), direction("建成")
    (Direction(sense='>=', word='达到', firm=False), Direction(sense='', word='', firm=False))
    """
    last = None
    for match in _WORD.finditer(before):
        last = match
    if last is None:
        return Direction()
    if last["most"]:
        return Direction("<=", last[0], firm=True)
    if last["exact"]:
        return Direction("==", last[0], firm=True)
    return Direction(">=", last[0], firm=bool(last["least"]))


def changes_from(between: str, before: str) -> bool:
    """Tell whether two figures are a change: 由5‰下降到3‰.

    Parameters
    ----------
    between
        The words between the two figures.
    before
        The words before the first.

    Examples
    --------
    >>> changes_from("下降到", "婴儿死亡率由"), changes_from("，护士", "医师达到")
    (True, False)
    """
    rises = re.fullmatch(
        r"\s?(?:提高|提升|增加|增长|上升|下降|降低|减少|降|增|扩大|发展|升)(?:到|至|为)\s?", between
    )
    return bool(rises) and bool(re.search(r"(?:由|从)[^由从，]{0,12}$", before))


def adds(before: str, unit: str) -> bool:
    """Tell whether a count is of what is added, not of all there is.

    Parameters
    ----------
    before
        The words before the figure.
    unit
        As printed, without 万 or 亿.

    Examples
    --------
    >>> adds("新增急救车", "辆"), adds("床位增加到", "张"), adds("经费增加", "%")
    (True, False, False)
    """
    return unit in _COUNTED and bool(_ADDED.search(before))


def changes(before: str) -> bool:
    """Tell whether a figure is by how much something changes, not what it changes to.

    Examples
    --------
    >>> changes("平均反应时间缩短"), changes("死亡率下降到")
    (True, False)
    """
    return bool(_CHANGED.search(before))


def compared(before: str, after: str) -> bool:
    """Tell whether a year between two stretches of words is one compared with.

    Examples
    --------
    >>> compared("费用较", "下降10%"), compared("费用与", "相比"), compared("医护比", "达到1:1.2")
    (True, True, False)
    """
    if _THAN_OR_RATIO.search(before):
        return bool(_BY.match(after))
    return bool(_THAN.search(before)) or (
        bool(_WITH.search(before)) and after.startswith(("相比", "比"))
    )


def capped(unit: str, words: str, word: str) -> bool:
    """Tell whether a range is of a radius or a time, of which the upper end is the limit.

    Parameters
    ----------
    unit
        As printed.
    words
        What the range is about.
    word
        The word or sign of direction.

    Examples
    --------
    >>> capped("公里", "农村服务半径", ""), capped("小时", "培训时间", "不少于")
    (True, False)
    """
    return unit in _LENGTHS and bool(_TIME_OR_WAY.search(words)) and not _NO_LESS.search(word)
