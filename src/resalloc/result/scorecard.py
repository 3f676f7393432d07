"""The scorecard (指标对照表): every clause with value, target, gap and status."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.norm import Norm, Target

Verdict = Literal["met", "short", "over", "not_computable", "not_due", "context"]
Basis = Literal["computed", "modelled", "printed", "none"]
TOLERANCE = 1e-6
"""A clause holds when it is short by no more than this share of its target."""

NEAREST_MISS = {"zh": "（最接近方案）", "en": " (nearest miss)"}
"""What is added to the title of a state that is no plan."""
_SIGNS = {">=": "≥", "<=": "≤", "==": "="}
VERDICTS_ZH: dict[str, str] = {
    "met": "达到",
    "short": "未达到",
    "over": "超出",
    "not_computable": "不可计算",
    "not_due": "未到期",
    "context": "仅供参考",
}


@dataclass(frozen=True)
class PlaceScore:
    """One row of a clause: a place and a year.

    `gap` is how far it falls short, in the clause's unit; 0 where it holds; NaN
    where it cannot be computed.
    """

    place: str
    year: int
    value: float
    sense: str
    target: float
    gap: float
    verdict: Verdict


@dataclass(frozen=True)
class Clause:
    """One line of the scorecard.

    Parameters
    ----------
    norm
        The clause, with its quote and place in the document.
    verdict
        ``met``, ``short``, ``over``, ``not_computable``, ``not_due`` or ``context``.
    value, target, gap
        Of the worst place, in the indicator's unit; None where there is none.
    place
        The worst place.
    places, failing
        How many places the clause speaks of, and how many do not meet it.
    basis
        ``computed`` from the district's tables, ``modelled`` where these rest on a
        model, ``printed`` where the district only reports the figure.
    missing
        What would have to be known to compute it.
    remark
        Anything to read beside the number.
    rows
        Every place.
    missing_zh, remark_zh
        The same in Chinese; `missing_zh` is empty where `missing` names tables and columns.
    """

    norm: Norm
    verdict: Verdict
    value: float | None = None
    target: Target | None = None
    gap: float | None = None
    place: str = ""
    places: int = 0
    failing: int = 0
    basis: Basis = "none"
    missing: str = ""
    remark: str = ""
    rows: tuple[PlaceScore, ...] = ()
    missing_zh: str = ""
    remark_zh: str = ""

    def missing_in(self, lang: str) -> str:
        """Give what is missing in ``"zh"`` or ``"en"``."""
        return (lang == "zh" and self.missing_zh) or self.missing

    def remark_in(self, lang: str) -> str:
        """Give the remark in ``"zh"`` or ``"en"``."""
        return (lang == "zh" and self.remark_zh) or self.remark

    @property
    def sense(self) -> str:
        """How `value` is compared with `target`: a service radius is a share to reach."""
        return ">=" if self._reach else self.norm.reads.sense

    def unit(self, lang: str) -> str:
        """Give the unit of `value`, `target` and `gap` in ``"zh"`` or ``"en"``."""
        indicator = self.norm.indicator
        if self._reach:
            return "%（半径内居民）" if lang == "zh" else "% of residents in the radius"
        return indicator.units.label(lang) if indicator else ""

    @property
    def _reach(self) -> bool:
        return self.norm.indicator is not None and self.norm.indicator.rule == "reach"

    def as_dict(self) -> dict[str, Any]:
        """Give the line flat, as ``resalloc audit --json`` prints it."""
        flat = self.norm.as_dict()
        return {
            "id": self.norm.id,
            "indicator": flat["indicator"],
            "indicator_zh": flat["indicator_zh"],
            "value": _finite(self.value),
            "target": self.target,
            "sense": self.sense if self.target is not None else flat["sense"],
            "gap": _finite(self.gap),
            "unit": self.unit("zh") or None,
            "status": self.verdict,
            "place": self.place,
            "places": self.places,
            "failing": self.failing,
            "nature": flat["nature"],
            "binding": flat["binding"],
            "use": flat["use"],
            "basis": self.basis,
            "missing": self.missing,
            "remark": self.remark,
            "quote": flat["quote"],
            "where": flat["where"],
            "formula": flat["formula"],
        }


@dataclass(frozen=True)
class Scorecard:
    """Every clause of a plan against one state of the district.

    Parameters
    ----------
    title
        Which state: the district in its base year, or the allocation in a plan year.
    year
        Year of the people and things counted.
    clauses
        In the document's order.
    """

    title: str
    year: int
    clauses: tuple[Clause, ...]

    def __iter__(self) -> Iterator[Clause]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def __getitem__(self, norm_id: str) -> Clause:
        for clause in self.clauses:
            if clause.norm.id == norm_id:
                return clause
        raise KeyError(norm_id)

    def counts(self) -> dict[Verdict, int]:
        """Give how many clauses have each status."""
        order: tuple[Verdict, ...] = (
            "met", "short", "over", "not_computable", "not_due", "context",
        )  # fmt: skip
        found = [clause.verdict for clause in self.clauses]
        return {verdict: found.count(verdict) for verdict in order}

    def to_frame(self) -> pd.DataFrame:
        """Give the scorecard as a table, one clause a row."""
        return pd.DataFrame([clause.as_dict() for clause in self.clauses])

    def summary(self, lang: str = "en") -> str:
        """Give one sentence, in ``"zh"`` or ``"en"``.

        Examples
        --------
        >>> Scorecard("today", 2020, ()).summary()
        'today: 0 clauses; 0 met, 0 short, 0 over, 0 not computable, 0 not due, 0 context'
        """
        if lang == "zh":
            counted = "，".join(f"{VERDICTS_ZH[v]} {n}" for v, n in self.counts().items())
            title = self.title.replace(NEAREST_MISS["en"], NEAREST_MISS["zh"])
            return f"{title}：条款 {len(self)} 条；{counted}"
        counted = ", ".join(f"{n} {v.replace('_', ' ')}" for v, n in self.counts().items())
        return f"{self.title}: {len(self)} clauses; {counted}"

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        columns = {
            "where": "出处", "indicator_zh": "指标", "value": "现值", "target": "目标",
            "gap": "差额", "unit": "单位", "status": "状态", "nature": "性质", "quote": "原文",
        }  # fmt: skip
        head = f"<p><b>{escape(self.summary('zh'))}</b></p>"
        frame = self.to_frame()
        if frame.empty:
            return head
        frame["target"] = [
            f"{_SIGNS.get(sense, '')}\u00a0{text}" if (text := target_text(target)) != "—" else text
            for sense, target in zip(frame["sense"], frame["target"], strict=True)
        ]
        shown = frame[frame["status"] != "context"][list(columns)].copy()
        shown["status"] = shown["status"].map(VERDICTS_ZH)
        for field in ("value", "gap"):
            shown[field] = [number(v) for v in shown[field]]
        table = shown.rename(columns=columns).to_html(index=False, border=0)
        for cell in ("<th>", "<td>"):  # notebooks set every cell of a table flush right
            table = table.replace(cell, f'{cell[:-1]} style="text-align:left">')
        return f'{head}<div style="max-height:32em;overflow:auto">{table}</div>'


def number(value: float | None, digits: int = 2) -> str:
    """Write a figure for a reader; a dash where there is none.

    Examples
    --------
    >>> number(3.0), number(4.685), number(None), number(12345.6)
    ('3', '4.69', '—', '12345.6')
    """
    if value is None or math.isnan(value):
        return "—"
    if math.isinf(value):
        return "∞"
    text = f"{value + math.copysign(1e-9, value):.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def target_text(target: Target | None) -> str:
    """Write a target: a figure, or both ends of a range.

    Examples
    --------
    >>> target_text((2.0, 5.0)), target_text(16.0), target_text(None)
    ('2–5', '16', '—')
    """
    if target is None:
        return "—"
    if isinstance(target, float):
        return number(target)
    low, high = target
    return f"{number(low)}–{number(high)}"


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
