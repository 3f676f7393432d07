"""The indicator a clause speaks of, by the likeness of its words to the indicators' names."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from resalloc.norms.draft.numerals import narrowed
from resalloc.norms.draft.printed_unit import agrees
from resalloc.norms.indicator import indicators

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.norms.draft.words import Change
    from resalloc.norms.indicator import Indicator

_SAME = (
    ("人均期望寿命", "人均预期寿命"),
    ("常住人口", "人口"),
    ("服务人口", "人口"),
    ("名常住人口", "人口"),
    ("名常住居民", "人口"),
    ("名居民", "人口"),
    ("万人口拥有", "万人口"),
    ("万人口配备", "万人口"),
    ("万人口配置", "万人口"),
    ("千人口拥有", "千人口"),
    ("千人口配置", "千人口"),
    ("救护车", "急救车"),
    ("急救车辆", "急救车"),
    ("千人口编制床位", "千人口医疗卫生机构床位"),
    ("千人口床位", "千人口医疗卫生机构床位"),
    ("医疗卫生机构编制床位", "医疗卫生机构床位"),
    ("全科医师", "全科医生"),
    ("综合性医院", "综合医院"),
    ("占比", "比例"),
    ("比重", "比例"),
    ("比率", "比例"),
    ("设立", "设置"),
    ("学科专科", "专科（学科）"),
    ("学（专）科", "专科（学科）"),
    ("学科（专科）", "专科（学科）"),
    ("千人口托位", "千人口3岁以下婴幼儿托位"),
    ("社区卫生服务中心和乡镇卫生院", "基层机构"),
    ("社区卫生服务中心和镇卫生院", "基层机构"),
    ("基层医疗卫生机构", "基层机构"),
)
_OPPOSITES = (
    ("门诊", "住院"),
    ("城镇职工", "城乡居民"),
    ("城市", "农村"),
    ("城区", "农村"),
    ("国家级", "市级"),
    ("市级", "区级"),
    ("四星", "五星"),
    ("孕产妇", "新生儿"),
)
_NOISE = re.compile(
    r"[^\u4e00-\u9fffA-Za-z0-9.]|全区|全市|我区|力争|实现|确保|不断|分别|其中|(?:到|至)?20\d\d年[底末内]?"
    r"|达到|[提上]?[高升][到至]|[控压]制?在|保持在|稳定在|下降到|降[到至]|不[低少超高]于?"
)
_OF_CHANGE = {"added": re.compile("新增"), "changed": re.compile("[增减降]|缩短|提[高升]|幅")}
_LEAST = 0.45
"""Below this likeness no indicator is named."""
_NAME = 0.6
"""How much it counts that the text has all of the name, against the reverse."""


def likest(about: str, unit: str, change: Change = "") -> tuple[Indicator | None, float]:
    """Find the indicator whose name is most like a text, of those whose unit agrees.

    Likeness is the overlap of two-character pieces, each weighing more the fewer indicators
    have it: n^0.6 t^0.4, where n is how much of the name the text has and t how much of the text
    the name has. Of two equally like, that with more characters of the text.

    Parameters
    ----------
    about
        What the figure is about.
    unit
        The printed unit, without 万 or 亿.
    change
        Of what is added, or of a change, only an indicator of such is named.

    Returns
    -------
    indicator
        ``None`` where nothing is like enough.
    likeness
        0 to 1, of the likest even if it is not like enough.

    Examples
    --------
    >>> found, likeness = likest("全区每千常住人口注册护士数达到", "人")
    >>> found.id, likeness > 0.9
    ('nurses_per_1000', True)
    >>> likest("会议室", "间")[0] is None
    True
    """
    text = pieces(about)
    best, most, most_letters = None, 0.0, 0
    for key, name in _names().items():
        indicator = indicators()[key]
        shared = text.keys() & name.keys()
        if not shared or _apart(about, indicator.zh) or not agrees(unit, about, indicator):
            continue
        if change and not _OF_CHANGE[change].search(indicator.zh):
            continue
        weight = sum(name[piece] for piece in shared)
        of_name, of_text = weight / sum(name.values()), weight / sum(text.values())
        likeness = of_name**_NAME * of_text ** (1 - _NAME)
        letters = len(set(indicator.zh) & set(about))
        if (round(likeness, 9), letters) > (round(most, 9), most_letters):
            best, most, most_letters = indicator, likeness, letters
    return (best if most >= _LEAST else None), min(most, 1.0)


def _apart(text: str, name: str) -> bool:
    """Tell whether a text has one of two words that exclude each other, and a name the other."""
    return any(
        a in text and b not in text and b in name and a not in name
        for pair in _OPPOSITES
        for a, b in (pair, pair[::-1])
    )


def pieces(text: str) -> Mapping[str, float]:
    """Cut a text into pieces of two characters, each with its weight."""
    plain = _plain(text)
    commonness = _commonness()
    rare = math.log(1 + len(indicators()))
    cut = {plain[i : i + 2] for i in range(len(plain) - 1)}
    return {piece: rare - math.log(1 + commonness[piece]) for piece in sorted(cut)}


def _plain(text: str) -> str:
    """Give a text in the usual words, without marks, dates and words of direction."""
    plain = re.sub("[“”]", "", narrowed(text))
    for printed, usual in _SAME:
        plain = plain.replace(printed, usual)
    return _NOISE.sub("", plain).removesuffix("数")


@cache
def _commonness() -> Counter[str]:
    """Count in how many names each piece stands."""
    count: Counter[str] = Counter()
    for indicator in indicators().values():
        plain = _plain(indicator.zh)
        count.update({plain[i : i + 2] for i in range(len(plain) - 1)})
    return count


@cache
def _names() -> Mapping[str, Mapping[str, float]]:
    found = {key: pieces(each.zh) for key, each in indicators().items() if key != "task_done"}
    return MappingProxyType(found)
