"""The summary of a sweep: everything its page and its tables show."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from importlib import import_module
from typing import TYPE_CHECKING, Any

from resalloc.sweep.summary.spread import Spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from resalloc.problem.problem import Problem
    from resalloc.result.scorecard import Clause
    from resalloc.sweep.summary.frontier import Frontier
    from resalloc.sweep.summary.passing import Clauses
    from resalloc.sweep.summary.risk import Risk
    from resalloc.sweep.summary.tornado import Tornado
    from resalloc.sweep.summary.varied import Factors

_DIGITS = 12


@dataclass(frozen=True)
class SweepSummary:
    """What a sweep of a table of scenarios says.

    Parameters
    ----------
    problem
        District and clauses.
    title
        What the sweep is called.
    state
        What was scored in every scenario; empty if not said.
    scenarios
        How many there are.
    clauses
        Those that some factor can move.
    fixed
        Those that none can, as the audit has them.
    factors
        What differed.
    tornado
        What each factor moves, and how far.
    frontier
        The trade-off; none where there is nothing to weigh.
    risk
        How often each place falls short.
    measures
        How further numbers are spread, by id.
    missing
        What is missing where a clause cannot be computed, by clause.
    """

    problem: Problem
    title: str
    state: str
    scenarios: int
    clauses: Clauses
    fixed: tuple[Clause, ...]
    factors: Factors
    tornado: Tornado
    frontier: Frontier | None
    risk: Risk
    measures: Mapping[str, Spread]
    missing: Mapping[str, str] = field(default_factory=dict)

    def measures_frame(self) -> pd.DataFrame:
        """Give one row a measure."""
        import pandas as pd

        lines = [{"measure": name, **spread.__dict__} for name, spread in self.measures.items()]
        return pd.DataFrame(lines, columns=["measure", *(f.name for f in fields(Spread))])

    def fixed_frame(self) -> pd.DataFrame:
        """Give one row a clause that no factor moves, with its audit verdict."""
        import pandas as pd

        columns = ["id", "where", "indicator_zh", "status", "value", "target", "binding"]
        return pd.DataFrame([clause.as_dict() for clause in self.fixed], columns=columns)

    def frame(self) -> pd.DataFrame:
        """Give one row a clause, those that some factor can move; `missing` as text."""
        table = self.clauses.frame()
        if not table.empty:
            table["missing"] = [self.missing.get(clause, "") for clause in table["clause"]]
        return table

    def as_dict(self) -> dict[str, Any]:
        """Give all of it as plain data; numbers to 12 digits, what is not known as null.

        The same results give the same data, to the last digit.
        """
        worst = {
            passing.norm.id: dict(passing.worst.factors)
            for passing in self.clauses.each
            if passing.worst is not None
        }
        drawn = self.factors.drawn
        made: dict[str, Any] = {
            "title": self.title,
            "state": self.state,
            "district": self.problem.district.name,
            "plan": self.problem.norms.document.id,
            "scenarios": self.scenarios,
            "sampler": drawn.sampler,
            "seeds": list(drawn.seeds),
            "clauses": _records(self.frame()),
            "worst": worst,
            "joint": {
                "clauses": list(self.clauses.binding),
                "holds": self.clauses.joint.holds,
                "fails": self.clauses.joint.fails,
                "unknown": self.clauses.joint.unknown,
            },
            "clauses_held": list(self.clauses.held),
            "fixed": [
                line | {"missing": self.missing.get(line["id"], "")}
                for line in _records(self.fixed_frame())
            ],
            "factors": [
                line | {"adds": dict(varied.adds)}
                for line, varied in zip(
                    _records(self.factors.frame()), self.factors.each, strict=True
                )
            ],
            "tornado": _records(self.tornado.frame()),
            "frontier": None,
            "places": _records(self.risk.frame()),
            "measures": _records(self.measures_frame()),
            "version": import_module("resalloc").__version__,
        }
        if self.frontier is not None:
            made["frontier"] = {
                "indicators": [ind.__dict__ for ind in self.frontier.indicators],
                "scenarios": _records(self.frontier.frame()),
            }
        plain: dict[str, Any] = _plain(made)
        return plain


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def _plain(value: Any) -> Any:
    """Give what JSON can carry."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return float(f"{value:.{_DIGITS}g}") + 0.0 if math.isfinite(value) else None
    return value
