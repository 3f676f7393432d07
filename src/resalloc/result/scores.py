"""Scores: what every clause comes to in every scenario of a batch."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.errors import did_you_mean, one_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from resalloc.norms.norm import Norm
    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.scenario import Batch
    from resalloc.result.scorecard import Clause, Verdict

VERDICTS: tuple[Verdict, ...] = ("met", "short", "over", "not_computable")
"""What a clause can come to in a scenario, by the number that stands for it."""


@dataclass(frozen=True, eq=False)
class Places:
    """How often each place of each clause falls short.

    A ratio is counted at each of its rows; a service radius and a response time at each
    township: someone lives beyond the radius, or the township's own mean is over the target.

    Parameters
    ----------
    clause, place
        Ids and names, one an entry.
    failing, known
        In how many scenarios the place does not meet the clause, and in how many this can
        be said.
    """

    clause: tuple[str, ...]
    place: tuple[str, ...]
    failing: Ints
    known: Ints

    def frame(self) -> pd.DataFrame:
        """Give one row a clause and place; a place with two sides (between) is one row."""
        import pandas as pd

        table = pd.DataFrame(
            {
                "clause": self.clause,
                "place": self.place,
                "failing": self.failing,
                "known": self.known,
            }
        )
        sides = table.groupby(["clause", "place"], sort=False)
        return sides.agg(failing=("failing", "sum"), known=("known", "max")).reset_index()


@dataclass(frozen=True, eq=False)
class Scores:
    """The scores of a batch.

    Parameters
    ----------
    batch
        The scenarios.
    clauses
        Those that some factor can move.
    value, gap
        Of the worst place, scenarios × clauses, in the indicator's unit; NaN where there
        is nothing to measure or something is not known.
    verdict
        Scenarios × clauses, positions in :data:`VERDICTS`.
    places
        How often each place falls short.
    measures
        Further numbers by scenario, by id.
    fixed
        The clauses no factor moves: they are what the audit of the state says.
    """

    batch: Batch
    clauses: tuple[Norm, ...]
    value: Floats
    gap: Floats
    verdict: npt.NDArray[np.int8]
    places: Places
    measures: Mapping[str, Floats] = field(default_factory=dict)
    fixed: tuple[Clause, ...] = ()

    def __len__(self) -> int:
        return len(self.batch)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the clauses."""
        return tuple(norm.id for norm in self.clauses)

    def position(self, clause: str) -> int:
        """Give the column of a clause.

        Raises
        ------
        InputError
            It is not among the scored clauses.
        """
        if clause not in self.ids:
            known = did_you_mean(clause, self.ids)
            raise one_fault(f"clause '{clause}'", "was not scored here.", known)
        return self.ids.index(clause)

    def holds(self, clause: str) -> Floats:
        """Give 1 where a clause holds, 0 where it does not, NaN where it cannot be said."""
        verdict = self.verdict[:, self.position(clause)]
        unknown = VERDICTS.index("not_computable")
        return np.where(verdict == unknown, np.nan, (verdict == 0).astype(float))

    def share_holding(self, clause: str) -> float:
        """Give the share of scenarios in which a clause holds, of those where it can be said.

        NaN where it can be said in none.
        """
        known = self.holds(clause)
        known = known[~np.isnan(known)]
        return float(known.mean()) if len(known) else float("nan")

    def by_clause(self) -> pd.DataFrame:
        """Give one row a clause: in how many scenarios it holds, fails or cannot be said.

        Returns
        -------
        pandas.DataFrame
            Indexed by clause: ``holds``, ``fails``, ``unknown`` (counts), ``share`` (of the
            scenarios in which it can be said), ``least``, ``mean`` and ``most`` of its value.
        """
        import pandas as pd

        unknown = (self.verdict == VERDICTS.index("not_computable")).sum(axis=0)
        holds = (self.verdict == 0).sum(axis=0)
        known = len(self) - unknown
        value = pd.DataFrame(self.value)
        return pd.DataFrame(
            {
                "holds": holds,
                "fails": known - holds,
                "unknown": unknown,
                "share": [self.share_holding(name) for name in self.ids],
                "least": value.min().to_numpy(),
                "mean": value.mean().to_numpy(),
                "most": value.max().to_numpy(),
            },
            index=pd.Index(self.ids, name="clause"),
        )

    def __repr__(self) -> str:
        return (
            f"Scores({len(self):,} scenarios, {len(self.clauses)} clauses: {', '.join(self.ids)})"
        )

    def _repr_html_(self) -> str:
        return str(self.by_clause().to_html(float_format="{:.3g}".format))

    def frame(self) -> pd.DataFrame:
        """Give one row a scenario: its factors, then value, gap and verdict by clause.

        Returns
        -------
        pandas.DataFrame
            Columns ``<factor>``, ``<clause>.value``, ``<clause>.gap``, ``<clause>.holds``
            (missing where it cannot be said) and ``<measure>``.
        """
        import pandas as pd

        columns: dict[str, object] = {
            factor.name: self.batch.values[:, k] for k, factor in enumerate(self.batch.factors)
        }
        for c, norm in enumerate(self.clauses):
            columns[f"{norm.id}.value"] = self.value[:, c]
            columns[f"{norm.id}.gap"] = self.gap[:, c]
            holds = pd.array(self.verdict[:, c] == 0, dtype="boolean")
            holds[self.verdict[:, c] == VERDICTS.index("not_computable")] = pd.NA
            columns[f"{norm.id}.holds"] = holds
        return pd.DataFrame({**columns, **self.measures})
