"""What a mean response hides: who waits longer than the target, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.reporting.texts import Text, texts
from resalloc.result.scorecard import number

if TYPE_CHECKING:
    from resalloc.reporting.figures import Figures


@dataclass(frozen=True)
class ResponseFacts:
    """Response in the plan beside its target, in minutes.

    Parameters
    ----------
    target
        Target of the mean.
    mean
        Mean over residents.
    share
        Per cent of residents who wait longer than the target.
    townships
        Townships whose own mean is above it, slowest first.
    """

    target: float
    mean: float
    share: float
    townships: tuple[str, ...]

    def sentence(self) -> Text:
        """Say it."""
        fixed = texts()
        key = "response.facts" if self.townships else "response.facts_none"
        zh, en = "、".join(self.townships), ", ".join(self.townships)
        told = {
            "target": number(self.target),
            "mean": number(self.mean),
            "share": number(self.share, 1),
            "n": len(self.townships),
        }
        return Text(
            fixed[key].zh.format(**told, names=zh),
            fixed[key].en.format(**told, names=en),
        )


def response_target(f: Figures) -> float | None:
    """Give the latest target of the mean response of all residents; None where there is none."""
    found = [
        norm.reads.values[max(norm.reads.values)]
        for norm in f.problem.norms
        if norm.indicator is not None
        and norm.indicator.rule == "response"
        and norm.indicator.points == "all"
        and norm.reads.values
    ]
    return next((target for target in found if isinstance(target, float)), None)


def response_facts(f: Figures) -> ResponseFacts | None:
    """Give the facts; None without a target or where it is not known who answers."""
    target = response_target(f)
    reach = f.reach(planned=True)
    people = reach["residents"]
    if target is None or reach["minutes"].isna().any() or not people.sum():
        return None
    minutes = reach["minutes"] * people
    home = reach["township"]
    means = (minutes.groupby(home).sum() / people.groupby(home).sum()).dropna()
    slow = means[means > target].sort_values(ascending=False)
    return ResponseFacts(
        target,
        float(minutes.sum() / people.sum()),
        float(100 * people[reach["minutes"] > target].sum() / people.sum()),
        tuple(map(str, slow.index)),
    )
