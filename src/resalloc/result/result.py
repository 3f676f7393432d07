"""The result of a solve: status, allocation, scorecards, conflicts; a value, never an exception."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from resalloc.errors import ResallocError
from resalloc.result.scorecard import Scorecard, number
from resalloc.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.problem.allocation import Allocation
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import Rows


TIE_BREAK = "least change, quick response, even shares"
"""Name of the last priority, which chooses among equals."""
_SIGNS = {">=": "≥", "<=": "≤", "==": "="}
PHASES_ZH = {
    "expected clauses: worst plus mean share short of target": "预期性条款差额占比（最大＋平均）",
    "binding clauses: worst plus mean share short of target": "约束性条款差额占比（最大＋平均）",
    "given up": "缩减（床位、人员等，各规划年相加）",
    "cost": "费用（新增投资与五年运行）",
    "access": "平均反应时间",
    "equity": "乡镇间不均衡度",
    "least-change": "与现状相比的变动",
    TIE_BREAK: "变动最小、反应最快、分布均匀",
}
"""Names of the priorities in Chinese."""
_UNITS = {
    "zh": {"min": "分钟", "per 1,000": "每千人口", "units": "单位"},
    "en": {"万元": "10,000 yuan"},
}


@dataclass(frozen=True)
class Phase:
    """One priority of the solve.

    Parameters
    ----------
    name
        What was made best.
    unit
        Unit of `value`.
    status
        Whether it was proven.
    value
        What was reached, recomputed from the allocation.
    bound
        The best that was not ruled out; NaN where unknown.
    gap
        Relative distance between the two.
    seconds
        Time it took.
    """

    name: str
    unit: str
    status: Status
    value: float
    bound: float
    gap: float
    seconds: float

    def unit_in(self, lang: str) -> str:
        """Give the unit in ``"zh"`` or ``"en"``."""
        return _UNITS.get(lang, {}).get(self.unit, self.unit)

    def proof(self, lang: str = "en") -> str:
        """Say how far it is proven, in ``"zh"`` or ``"en"``."""
        zh = lang == "zh"
        if math.isnan(self.gap):
            return "未证明" if zh else "not proven"
        if self.status is not Status.OPTIMAL:
            return f"未证明，差距 {self.gap:.2%}" if zh else f"gap {self.gap:.2%}"
        if self.gap == 0:
            return "已证明" if zh else "proven"
        return f"已证明，误差不超过 {self.gap:.2%}" if zh else f"proven to within {self.gap:.2%}"


@dataclass(frozen=True)
class Conflict:
    """A binding clause that cannot hold beside the others, and how far it stays short."""

    norm_id: str
    indicator_zh: str
    indicator_en: str
    place: str
    year: int
    value: float
    sense: str
    target: float
    short_by: float
    unit_zh: str
    unit_en: str
    quote: str
    where: str

    def sentence(self, lang: str = "en") -> str:
        """Say it in one sentence, in ``"zh"`` or ``"en"``."""
        if lang == "zh":
            return (
                f"{self.place}{self.year}年：{self.indicator_zh}（{self.where}）须"
                f"{_SIGNS.get(self.sense, self.sense)}{number(self.target)}{self.unit_zh}，"
                f"与其他约束性条款和现有资源相抵后只能做到{number(self.value)}，"
                f"差{number(self.short_by)}{self.unit_zh}。"
            )
        return (
            f"{self.norm_id} ({self.where}) at {self.place}, {self.year}: must be {self.sense} "
            f"{number(self.target)} {self.unit_en}; beside the other binding clauses and what"
            f" stands today it comes to {number(self.value)} at best,"
            f" {number(self.short_by)} {self.unit_en} off."
        )


@dataclass(frozen=True)
class OutOfReach:
    """A place beyond the service radius of every possible site."""

    norm_id: str
    township: str
    point: str
    residents: float
    nearest_km: float
    radius_km: float
    nearest_site: str

    def sentence(self, lang: str = "en") -> str:
        """Say it in one line, in ``"zh"`` or ``"en"``."""
        if lang == "zh":
            return (
                f"{self.point}：{self.residents:,.0f} 人，距最近的{self.nearest_site} "
                f"{self.nearest_km:.1f} 公里（服务半径 {self.radius_km:g} 公里）"
            )
        return (
            f"{self.point}: {self.residents:,.0f} residents, {self.nearest_km:.1f} km from "
            f"{self.nearest_site} (radius {self.radius_km:g} km)"
        )


@dataclass(frozen=True, repr=False)
class Result:
    """What a solve gives.

    Parameters
    ----------
    rows
        The compiled problem the answer belongs to.
    status
        What is known of the answer.
    allocation
        Beds, staff, stations …; None when there is none to show. With status
        INFEASIBLE it is the nearest miss, not a plan.
    phases
        The priorities in order, with their proofs.
    before
        Today's scorecard.
    after
        Scorecard of each plan year.
    conflicts
        Binding clauses that cannot all hold.
    out_of_reach
        Places beyond the service radius of every site the model may open.
    solver, seconds
        Which solver, and the whole time.
    message, message_zh
        Anything to know about the status, in English and in Chinese.
    """

    rows: Rows
    status: Status
    allocation: Allocation | None
    phases: tuple[Phase, ...]
    before: Scorecard
    after: Mapping[int, Scorecard]
    conflicts: tuple[Conflict, ...]
    out_of_reach: tuple[OutOfReach, ...]
    solver: str
    seconds: float
    message: str = ""
    message_zh: str = ""

    def message_in(self, lang: str) -> str:
        """Give the message in ``"zh"`` or ``"en"``; in English where it has no Chinese."""
        return (lang == "zh" and self.message_zh) or self.message

    @property
    def problem(self) -> Problem:
        """The problem that was solved."""
        return self.rows.problem

    @property
    def objective(self) -> float:
        """Value of the chosen objective; NaN when none was reached."""
        chosen = self.problem.options.objective
        return next((p.value for p in self.phases if p.name == chosen), float("nan"))

    @property
    def gap(self) -> float:
        """The larger relative gap of clauses and objective; 0 when both are proven."""
        names = [phase.name for phase in self.phases]
        chosen = self.problem.options.objective
        count = names.index(chosen) + 1 if chosen in names else len(names)
        return max((phase.gap for phase in self.phases[:count]), default=float("nan"))

    @property
    def scorecard(self) -> Scorecard:
        """Scorecard of the last plan year, or today's when there is no allocation."""
        return self.after[max(self.after)] if self.after else self.before

    def raise_for_status(self) -> Result:
        """Give the result itself, or raise when there is no plan to use.

        Raises
        ------
        ResallocError
            The status is neither OPTIMAL nor FEASIBLE.
        """
        if self.status.exit_code:
            raise ResallocError(self.summary())
        return self

    def summary(self, lang: str = "en") -> str:
        """Say in a few lines what came out, in ``"zh"`` or ``"en"``."""
        name, years = self.problem.district.name, "–".join(str(y) for y in self.problem.years)
        zh = lang == "zh"
        lines = [f"{name} {years}: {self.status.label(lang)}"]
        if self.message:
            lines.append(self.message_in(lang))
        for phase in self.phases:
            name = PHASES_ZH.get(phase.name, phase.name) if zh else phase.name
            reached = f"{number(phase.value, 4)} {phase.unit_in(lang)} "
            if phase.name == TIE_BREAK:  # its number means nothing to a reader
                reached = ""
            lines.append(f"  {name}: {reached}({phase.proof(lang)})")
        lines += [f"  {conflict.sentence(lang)}" for conflict in self.conflicts]
        if self.out_of_reach:
            people = sum(point.residents for point in self.out_of_reach)
            count = len(self.out_of_reach)
            lines.append(
                f"  {people:,.0f} 名居民（{count} 处）位于所有站点的服务半径之外；"
                "见 out_of_reach，或用 --candidates 允许新设站点。"
                if zh
                else f"  {people:,.0f} residents at {count} points live beyond the "
                "service radius of every site; see out_of_reach, or allow candidate sites."
            )
        lines.append(("  规划前 " if zh else "  before: ") + self.before.summary(lang))
        after = "  规划后 " if zh else "  after: "
        lines += [after + card.summary(lang) for card in self.after.values()]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()

    def __repr__(self) -> str:
        return f"Result({self.summary().splitlines()[0]!r})"

    def _repr_html_(self) -> str:
        text = escape(self.summary("zh"))
        return (
            f'<div><p style="white-space:pre-wrap">{text}</p>{self.scorecard._repr_html_()}</div>'
        )
