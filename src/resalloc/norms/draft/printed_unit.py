"""Units as plans print them, and whether they agree with an indicator's unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resalloc.norms.indicator import Indicator

_FAMILIES = (
    ("%", "％"),
    ("‰",),
    ("个百分点", "百分点"),
    ("张", "床"),
    ("人", "名", "位"),
    tuple("个家所处支户项种类大座间条起片篇套"),
    ("辆", "台", "套", "台（套）", "台套"),
    ("分钟", "刻钟"),
    ("小时",),
    ("天", "日"),
    ("岁",),
    ("年",),
    ("公里", "千米", "km"),
    ("平方米", "㎡", "m2", "m²"),
    ("亩",),
    ("元",),
    ("人次",),
    ("分",),
    ("名次",),
    ("次", "例", "倍", "番"),
)  # fmt: skip
UNITS = tuple(
    sorted({unit for family in _FAMILIES for unit in family} | {"/10万", "/万"}, key=len)[::-1]
)
"""Every printed unit, the longest first."""

PER = re.compile(r"每\s?(?:\d+\s?)?[千万百亿]|每\s?\d+")
"""How a quantity per head begins."""


def agrees(unit: str, about: str, indicator: Indicator) -> bool:
    """Tell whether a printed unit can be the indicator's.

    Parameters
    ----------
    unit
        As printed, without 万 or 亿; empty where none is.
    about
        The words around it: 每千人口 makes of 张 a unit per head.
    indicator
        What is asked of.

    Examples
    --------
    >>> from resalloc.norms.indicator import indicators
    >>> known = indicators()
    >>> agrees("张", "每千人口医疗卫生机构床位数", known["beds_per_1000"])
    True
    >>> agrees("张", "医院床位数", known["beds_per_1000"])
    False
    >>> agrees("%", "床位数", known["beds_per_1000"])
    False
    """
    head, _, per = indicator.units.zh.partition("/")
    if head == "护士" or unit == "1:":
        return unit == "1:" and per in {"床", "医师"}
    if unit == "/10万":
        return per.startswith("10万")
    if not unit:
        return bool(per) or not PER.search(about)
    if bool(PER.search(about)) != (bool(per) and per not in {"行政村", "卫生室", "家"}):
        return False
    return bool(_families(unit) & _families(head.lstrip("万亿")))


def _families(unit: str) -> set[int]:
    names = {unit, *re.split(r"[（）]", unit)} - {""}
    return {n for n, family in enumerate(_FAMILIES) if names & set(family)}


def factor(times: str, indicator: Indicator | None) -> float:
    """Give what a printed 万 or 亿 multiplies by in the indicator's unit.

    Examples
    --------
    >>> from resalloc.norms.indicator import indicators
    >>> factor("万", indicators()["tcm_visits_wan"]), factor("万", None)
    (1.0, 10000.0)
    """
    of = {"": 1.0, "万": 1e4, "亿": 1e8}
    own = indicator.units.zh[:1] if indicator is not None else ""
    return of[times] / of[own if own in of else ""]
