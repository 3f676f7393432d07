"""Statuses of a solve: ours, not a solver's."""

from __future__ import annotations

from enum import Enum


class Status(Enum):
    """What is known of an answer.

    A time limit is never OPTIMAL, and neither is an answer that our own check of
    the rows could not confirm.
    """

    OPTIMAL = "optimal"
    """Proven best, and confirmed from the rows."""
    FEASIBLE = "feasible"
    """Keeps every binding clause; not proven best (see the gap)."""
    INFEASIBLE = "infeasible"
    """The binding clauses cannot all hold; the result names them."""
    UNBOUNDED = "unbounded"
    """The objective has no best value: something is missing from the model."""
    UNKNOWN = "unknown"
    """Nothing can be claimed: time ran out, or the check did not confirm the answer."""

    @property
    def exit_code(self) -> int:
        """Exit code of the command line: 0 done, 3 infeasible, 4 undecided."""
        if self in (Status.OPTIMAL, Status.FEASIBLE):
            return 0
        return 3 if self is Status.INFEASIBLE else 4

    def label(self, lang: str) -> str:
        """Give the status in ``"zh"`` or ``"en"``."""
        return _ZH[self] if lang == "zh" else self.value


_ZH = {
    Status.OPTIMAL: "最优（已证明）",
    Status.FEASIBLE: "可行（未证明最优）",
    Status.INFEASIBLE: "条款互相冲突",
    Status.UNBOUNDED: "无界",
    Status.UNKNOWN: "未能判定",
}
