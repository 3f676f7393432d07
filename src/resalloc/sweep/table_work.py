"""A table of scenarios as work in chunks: every chunk a part of the results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.result.scores import VERDICTS
from resalloc.sweep.hashes import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from resalloc.result.scores import Scores
    from resalloc.sampling.design import Design
    from resalloc.scoring.tables import Scorer
    from resalloc.scoring.wiring import Wiring

BLOCK = 4096
"""Chunks are whole multiples of so many scenarios, as the samplers draw them."""
CHUNK_BYTES = 64_000_000
"""What the results of a chunk may take in memory."""


@dataclass(frozen=True, eq=False)
class TableWork:
    """A table of scenarios to be scored in chunks.

    Memory is bounded whatever the number of scenarios: each process holds the results of one
    chunk, :data:`CHUNK_BYTES`, about four times over while they are written.

    Parameters
    ----------
    scorer
        The state, ready for the design's factors.
    design
        The scenarios.
    sources
        SHA-256 of the files the sweep was described in, by name.
    threads
        Cores each process uses; results do not depend on it.
    """

    scorer: Scorer
    design: Design
    sources: Mapping[str, str]
    threads: int = 1

    @property
    def chunk_size(self) -> int:
        """Scenarios a chunk."""
        each = 8 * (1 + len(self.scorer.factors) + len(self.scorer.measures))
        each += (8 + 8 + 1) * len(self.scorer.clauses)
        return max(1, CHUNK_BYTES // each // BLOCK) * BLOCK

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-len(self.design) // self.chunk_size)

    def size(self, chunk: int) -> int:
        """Say how many scenarios a chunk has."""
        return min(self.chunk_size, len(self.design) - chunk * self.chunk_size)

    def identity(self) -> Mapping[str, Any]:
        """Give all that decides the results."""
        return {
            "kind": "table",
            "scenarios": len(self.design),
            "chunk": self.chunk_size,
            "factors": len(self.scorer.factors),
            "clauses": [norm.id for norm in self.scorer.clauses],
            "measures": [measure.id for measure in self.scorer.measures],
            "sources": dict(self.sources),
            **wiring_hashes(self.scorer.wiring),
        }

    def run(self, chunk: int) -> Mapping[str, pa.Table]:
        """Score a chunk: the data sets ``scenarios`` and ``places``."""
        low = chunk * self.chunk_size
        high = min(low + self.chunk_size, len(self.design))
        scores = self.scorer.score(self.design.rows(low, high), threads=self.threads)
        return {"scenarios": scenario_table(scores, low), "places": place_table(scores, chunk)}


def scenario_table(scores: Scores, first: int = 0) -> pa.Table:
    """Give scores as a table, one row a scenario.

    Columns: ``scenario`` (counted from `first`), every factor by name, for every clause
    ``<id>.value``, ``<id>.gap`` and ``<id>.holds`` (null where it cannot be said), and every
    measure by id.
    """
    import pyarrow as pa

    columns: dict[str, Any] = {"scenario": np.arange(first, first + len(scores))}
    for k, factor in enumerate(scores.batch.factors):
        columns[factor.name] = scores.batch.values[:, k]
    unknown = scores.verdict == VERDICTS.index("not_computable")
    for c, norm in enumerate(scores.clauses):
        columns[f"{norm.id}.value"] = pa.array(scores.value[:, c], from_pandas=True)
        columns[f"{norm.id}.gap"] = pa.array(scores.gap[:, c], from_pandas=True)
        columns[f"{norm.id}.holds"] = pa.array(scores.verdict[:, c] == 0, mask=unknown[:, c])
    for name, values in scores.measures.items():
        columns[name] = pa.array(values, from_pandas=True)
    return pa.table(columns)


def place_table(scores: Scores, chunk: int = 0) -> pa.Table:
    """Give how often each place of each clause falls short in a chunk."""
    import pyarrow as pa

    frame = scores.places.frame()
    return pa.table(
        {
            "chunk": np.full(len(frame), chunk),
            "clause": frame["clause"].tolist(),
            "place": frame["place"].tolist(),
            "failing": frame["failing"].to_numpy(dtype=np.int64),
            "known": frame["known"].to_numpy(dtype=np.int64),
        },
        schema=pa.schema(
            [
                ("chunk", pa.int64()), ("clause", pa.string()), ("place", pa.string()),
                ("failing", pa.int64()), ("known", pa.int64()),
            ]
        ),
    )  # fmt: skip


def wiring_hashes(wiring: Wiring) -> dict[str, str]:
    """Give SHA-256 of what a sweep reads of the district and the plan, part by part."""
    ground = wiring.ground
    return {
        "people, beds, staff and other amounts": digest(wiring.amounts, *wiring.sums),
        "what the factors change": digest(*wiring.changes),
        "clauses and targets": digest(*wiring.lines, *wiring.clauses),
        "demand points, stations and travel": digest(*ground[:-2]),
    }
