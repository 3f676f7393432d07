"""Where a paragraph stands: chapters, sections, numbered items, boxes and annexes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from resalloc.norms.draft.numerals import number

_COUNT = "[一二三四五六七八九十]{1,3}"
_ANNEX, _PART, _SECTION, _ITEM, _SUBITEM, _BOX, _BOX_ITEM = range(7)
_HEADINGS = (
    (
        _ANNEX,
        re.compile(rf"(附[件表]\s*(?:\d{{1,2}}|{_COUNT})?)(?=[：:\s]*$|[：:\s]\s*\D{{1,40}}$)"),
    ),
    (_BOX, re.compile(rf"(专栏\s*(?:\d{{1,2}}|{_COUNT}))")),
    (_PART, re.compile(rf"(第{_COUNT}[章篇])")),
    (_SECTION, re.compile(rf"(第{_COUNT}节)")),
    (_PART, re.compile(rf"({_COUNT})、")),
    (_SECTION, re.compile(rf"(（{_COUNT}）)")),
    (_ITEM, re.compile(r"(\d{1,2})[.．、](?!\d)")),
    (_SUBITEM, re.compile(r"(（\d{1,2}）)")),
)
_PAST = re.compile(r"发展基础|背景|现状|成就|成效|回顾|问题|形势|挑战|主要成绩|发展情况")
_NUMERALS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Level:
    """One heading above a paragraph: its rank, its label and the whole line."""

    rank: int
    label: str
    line: str


@dataclass(frozen=True)
class Place:
    """A place of a document: the headings above it.

    Examples
    --------
    >>> place = Place()
    >>> for line in ["一、目标", "（二）床位", "3. 床位数达到5张。"]:
    ...     place = place.under(line)
    >>> str(place)
    '一（二）3'
    >>> str(place.under("专栏2 指标")), str(place.under("附件1"))
    ('专栏2', '附件1')
    """

    levels: tuple[Level, ...] = ()

    def under(self, line: str) -> Place:
        """Give the place after a line: a new one under a heading, else this one."""
        text = line.strip()
        for rank, pattern in _HEADINGS:
            match = pattern.match(text)
            if match is None:
                continue
            label = re.sub(r"\s", "", match[1])
            if rank == _ITEM and self._in(_BOX):
                rank = _BOX_ITEM
            if rank == _SECTION and label == "第一节":
                return self._next_chapter()._with(Level(rank, label, text))
            return self._with(Level(rank, label, text))
        return self

    def _in(self, rank: int) -> bool:
        return any(level.rank == rank for level in self.levels)

    def _with(self, level: Level) -> Place:
        kept = (each for each in self.levels if each.rank < level.rank)
        return Place((*kept, level))

    def _next_chapter(self) -> Place:
        """Count on where 第一节 comes again and the line with the chapter's number is lost."""
        if not self._in(_SECTION) or not self.levels[0].label.endswith("章"):
            return self
        count = number(self.levels[0].label[1:-1])
        return Place((Level(_PART, f"第{_chinese(int(count or 0) + 1)}章", ""),))

    def after_table(self) -> Place:
        """Give the place behind a table: a box with a table ends with it."""
        return Place(tuple(level for level in self.levels if level.rank < _BOX))

    @property
    def past(self) -> bool:
        """Whether a heading says that the state so far is reported here."""
        titles = (level.line for level in self.levels if level.rank in (_PART, _SECTION))
        return any(_PAST.search(title) for title in titles if len(title) < 40)

    def row(self, label: str) -> str:
        """Name a row of a table at this place.

        Examples
        --------
        >>> Place().under("附件2").row("16"), Place().under("专栏1").row("合计")
        ('附件2 第16项', '专栏1 合计')
        """
        named = re.sub(r"^\d+(?=$|其中)", lambda count: f"第{count[0]}项", label)
        return f"{replace(self, levels=self._plain())} {named}".strip() if named else str(self)

    def _plain(self) -> tuple[Level, ...]:
        return tuple(level for level in self.levels if level.rank != _BOX_ITEM)

    def __str__(self) -> str:
        by_rank = {level.rank: level.label for level in self.levels}
        for whole, item in ((_BOX, _BOX_ITEM), (_ANNEX, _ITEM)):
            if whole in by_rank:
                word = "项" if whole == _BOX else "条"
                outer = "".join(by_rank.get(rank, "") for rank in (_PART, _SECTION))
                path = outer if whole == _ANNEX else ""
                number = f" 第{by_rank[item]}{word}" if item in by_rank else ""
                return f"{by_rank[whole]}{f' {path}' if path else ''}{number}"
        parts = [by_rank.get(rank, "") for rank in (_PART, _SECTION)]
        joined = " ".join(p for p in parts if p) if "第" in "".join(parts) else "".join(parts)
        return joined + by_rank.get(_ITEM, "") + by_rank.get(_SUBITEM, "") or "正文"


def _chinese(count: int) -> str:
    tens, ones = divmod(count, 10)
    return {0: "", 1: "十"}.get(tens, f"{_NUMERALS[tens]}十") + (_NUMERALS[ones] if ones else "")
