"""The result of a solve: status, allocation, scorecards, conflicts; a value, never an exception."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resalloc.errors import ResallocError
from resalloc.result.scorecard import Scorecard, number
from resalloc.result.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.problem.allocation import Allocation
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import Rows


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
                f"{self.place}：{self.indicator_zh}（{self.where}）须{self.sense} "
                f"{number(self.target)}{self.unit_zh}，与其他约束性条款同时满足时只能做到 "
                f"{number(self.value)}，差 {number(self.short_by)}{self.unit_zh}。"
            )
        return (
            f"{self.norm_id} ({self.where}) at {self.place}, {self.year}: must be {self.sense} "
            f"{number(self.target)} {self.unit_en}; beside the other binding clauses it comes to "
            f"{number(self.value)} at best, {number(self.short_by)} {self.unit_en} off."
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


@dataclass(frozen=True)
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
    message
        Anything to know about the status.
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
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        """The problem that was solved."""
        return self.rows.problem

    @property
    def objective(self) -> float:
        """Value of the chosen objective; NaN when none was reached."""
        return self.phases[1].value if len(self.phases) > 1 else float("nan")

    @property
    def gap(self) -> float:
        """The largest relative gap of any priority; 0 when all are proven."""
        return max((phase.gap for phase in self.phases), default=float("nan"))

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
        lines = [f"{name} {years}: {self.status.label(lang)}"]
        if self.message:
            lines.append(self.message)
        for phase in self.phases:
            proof = f"gap {phase.gap:.2%}"
            if phase.status is Status.OPTIMAL:
                proof = "proven" if phase.gap == 0 else f"proven to within {phase.gap:.2%}"
            lines.append(f"  {phase.name}: {number(phase.value, 4)} {phase.unit} ({proof})")
        lines += [f"  {conflict.sentence(lang)}" for conflict in self.conflicts]
        if self.out_of_reach:
            people = sum(point.residents for point in self.out_of_reach)
            lines.append(
                f"  {people:,.0f} residents at {len(self.out_of_reach)} points live beyond the "
                "service radius of every site; see out_of_reach, or allow candidate sites."
            )
        lines.append("  before: " + self.before.summary())
        lines += ["  after: " + card.summary() for card in self.after.values()]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        text = self.summary("zh").replace("\n", "<br>")
        return f"<div><p>{text}</p>{self.scorecard._repr_html_()}</div>"
