"""The bases of modelled figures: each is phrased once, and read back in Chinese.

A table keeps its basis in English, so that it can be read anywhere. The sources
named in it are those of the district's own files, which may give them in Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Basis:
    """One way a figure may have come about, in both languages.

    Examples
    --------
    >>> Basis("modelled: {source}, by bed", "推算：{source}，按床位").text(source="item 8")
    'modelled: item 8, by bed'
    """

    en: str
    zh: str

    def text(self, **values: object) -> str:
        """Give the basis as the tables hold it."""
        return self.en.format(**values)

    def values(self, text: str) -> dict[str, str] | None:
        """Give what stands in the places in braces; None where `text` is another basis."""
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(self.en))
        found = re.fullmatch(pattern, text)
        return None if found is None else found.groupdict()


BEDS_OF_KIND = Basis(
    "modelled: {source}; by authorised beds of {names}",
    "推算：{source}；按编制床位分配到{names}",
)
BEDS_LEFT = Basis(
    "modelled: authorised beds less the kinds told apart", "推算：编制床位减去已单列的各类床位"
)
BEDS_BY_WEIGHT = Basis(
    "modelled: {source}, shared out by {weights}, less the kinds told apart",
    "推算：{source}；按{weights}分配到各机构，减去已单列的各类床位",
)
STAFF = Basis("modelled: {source}, shared out by rule", "推算：{source}；按规则分配到各机构")
FLEET = Basis(
    "modelled: {source}; {each} each, the rest by authorised beds",
    "推算：{source}；每个站点先配{each}辆（组），其余按编制床位分配",
)
SUPPLY = Basis(
    "modelled: {source}, shared out by residents", "推算：{source}；按常住人口分配到各乡镇（街道）"
)
TRAVEL = Basis(
    "modelled: great circle × {detour}, by speed of place class",
    "推算：直线距离 × {detour}，按城区、农村车速计算",
)
POPULATION = Basis("modelled: {source}, by {census}", "推算：{source}；按{census}的分乡镇构成分配")
POPULATION_LEFT = Basis(
    "modelled: {source} less the townships known, by {census}",
    "推算：{source}，减去已知乡镇（街道）；其余按{census}的分乡镇构成分配",
)
POPULATION_KEPT = Basis(
    "modelled: {source}, in the shares of {year}",
    "推算：{source}；按{year}年的分乡镇构成分配",
)
POPULATION_EVEN = Basis(
    "modelled: {source}, the same share of residents in every township",
    "推算：{source}；各乡镇（街道）取相同人口比重",
)
TOTAL = Basis("district total", "全区总数")
SEAT = Basis("modelled: township seat", "推算：取所在乡镇（街道）驻地")
COMPLETE = Basis(
    "printed: the totals are those of the rows", "规划所载：合计即所列各行之和，其余为零"
)
JOINED = Basis("{source}; to candidates {more}", "{source}；到候选站点：{more}")
_ALL = (
    TRAVEL, BEDS_OF_KIND, BEDS_BY_WEIGHT, BEDS_LEFT, STAFF, FLEET, SUPPLY,
    SEAT, COMPLETE, POPULATION_LEFT, POPULATION_KEPT, POPULATION_EVEN, POPULATION, TOTAL,
    Basis("modelled: {source}", "推算：{source}"), Basis("modelled", "推算"),
    Basis("printed: {source}", "规划所载：{source}"), Basis("printed", "规划所载"),
    Basis("given: {source}", "使用者提供：{source}"), Basis("given", "使用者提供"),
)  # fmt: skip


def basis_zh(text: str, sources_zh: Mapping[str, str]) -> str:
    """Say a basis in Chinese; what nobody gave in Chinese stays as it is.

    Parameters
    ----------
    text
        As a table of the district holds it.
    sources_zh
        Sources in Chinese, by their English text.

    Examples
    --------
    >>> basis_zh("modelled: item 8, shared out by residents", {"item 8": "第8项"})
    '推算：第8项；按常住人口分配到各乡镇（街道）'
    >>> basis_zh("counted on the spot", {})
    'counted on the spot'
    """
    if text in sources_zh:
        return sources_zh[text]
    joined = JOINED.values(text)
    if joined is not None:
        return JOINED.zh.format(**{k: basis_zh(v, sources_zh) for k, v in joined.items()})
    for basis in _ALL:
        found = basis.values(text)
        if found is not None:
            if "names" in found:
                found["names"] = found["names"].replace(", ", "、")
            return basis.zh.format(**{k: basis_zh(v, sources_zh) for k, v in found.items()})
    return text
