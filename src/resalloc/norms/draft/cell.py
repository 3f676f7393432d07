"""One cell of a table: its figure and its unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resalloc.norms.draft.figure import Figure, figures
from resalloc.norms.draft.names import masked
from resalloc.norms.draft.numerals import narrowed, number
from resalloc.norms.draft.printed_unit import UNITS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.norms.norm import Sense

_UNIT = re.compile(r"[（(]\s*(/\s?10\s?万|[^（）()\d]{1,8}(?:（套）)?)\s*[）)]$")
_SIGNS: Mapping[str, Sense] = {"≥": ">=", ">": ">=", "≤": "<=", "<": "<="}


def cell_figure(cell: str) -> Figure | None:
    """Read the figure of a cell; a dash or words alone give None.

    Examples
    --------
    >>> cell_figure("≥60").low, cell_figure("1:1.6").low, cell_figure("1 250").low
    (60.0, 1.6, 1250.0)
    >>> cell_figure("——") is None
    True
    """
    plain = narrowed(cell).strip()
    value = number(plain)
    if value is not None:
        return Figure(0, len(cell), value, value)
    found = figures(cell)
    if found:
        return found[0]
    match = re.match(
        r"([≥≤<>])?\s*(?:1\s?:)?\s*(\d+(?:\.\d+)?)(?:\s?[—~–-]+\s?(\d+(?:\.\d+)?))?", masked(plain)
    )
    if match is None:
        return None
    low, tail = float(match[2]), plain[match.end() :]
    high = float(match[3] or low)
    sense = _SIGNS.get(match[1] or "", "") or (
        ">=" if "以上" in tail else "<=" if re.search("以[下内]", tail) else ""
    )
    return Figure(0, len(cell), low, max(low, high), "", "", sense, match[1] or tail.strip())


def unit_in(text: str) -> str:
    """Give the unit a name or a heading ends in, in brackets.

    Examples
    --------
    >>> unit_in("孕产妇死亡率（/10 万）"), unit_in("床人（卫生人员）比")
    ('/10万', '')
    """
    match = _UNIT.search(narrowed(text).strip()) or re.search(
        r"[（(](%|‰|/10 ?万|[张人个家])[）)]", narrowed(text)
    )
    unit = re.sub(r"\s", "", match[1]) if match else ""
    known = unit in UNITS or unit[1:] in UNITS or unit.split("/")[0] in UNITS
    return unit if known else ""


def without_unit(text: str) -> str:
    """Give a name without the unit in brackets and without 其中.

    Examples
    --------
    >>> without_unit("其中：普惠托位数（个）")
    '普惠托位数'
    """
    return re.sub(r"^其中[：:]?", "", _UNIT.sub("", text.strip())).strip()
