"""Tables of scenarios: each scored by itself against the clauses its factors can move."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.errors import Fault, InputError, did_you_mean
from resalloc.result.scores import Places, Scores
from resalloc.rules.compile import compile_rows
from resalloc.rules.effects import effects
from resalloc.scoring.measures.measure import MEASURES
from resalloc.scoring.measuring import Measuring
from resalloc.scoring.score import reported, score_allocation
from resalloc.scoring.under import check_values
from resalloc.scoring.wiring import RATIO, WANTS_MIN, Wiring, moved, place_count, rule_of, wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.norms.norm import Norm
    from resalloc.problem.columns import Floats
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.problem.scenario import Batch, Factor
    from resalloc.result.scorecard import Clause
    from resalloc.scoring.measures.measure import Measure
    from resalloc.scoring.state import State

_LONGEST = "response_worst_min"
_LEAST = 512
"""Scenarios a thread should have to be worth starting."""


def score_table(
    state: State,
    batch: Batch,
    *,
    clauses: Sequence[str] | None = None,
    measures: Sequence[str] = (),
    threads: int | None = None,
) -> Scores:
    """Score every scenario of a batch.

    The numbers are those of the single audit of each future,
    ``score_state(under(state, scenario))``: verdicts are the same, values agree to 1 part in
    10^12 (quantities that nothing tells apart are added up first, so in another order).

    Parameters
    ----------
    state
        The state as it is expected.
    batch
        The scenarios.
    clauses
        Ids of the clauses to score; else every clause that can be computed.
    measures
        Ids of measures to take beside them; see ``resalloc.scoring.measures``.
    threads
        Cores to use; else all.

    Returns
    -------
    Scores
        Value, gap and verdict by scenario and clause. Where no site is open, nobody is
        within a radius (0 %) and a response time cannot be computed.

    Raises
    ------
    InputError
        A factor, a value or a clause is not usable; all at once.

    Examples
    --------
    >>> import numpy as np
    >>> import resalloc as ra
    >>> from resalloc.problem.scenario import Batch, Factor
    >>> from resalloc.scoring.state import today
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> batch = Batch((Factor("population"),), np.array([[0.8], [1.0], [1.25]]))
    >>> scores = score_table(today(problem), batch, clauses=["beds_per_1000"])
    >>> scores.value[:, 0].round(3).tolist(), scores.share_holding("beds_per_1000")
    ([6.85, 5.48, 4.384], 0.0)
    """
    return Scorer.of(state, batch.factors, clauses=clauses, measures=measures).score(
        batch, threads=threads
    )


@dataclass(frozen=True, eq=False)
class Scorer:
    """A state made ready for scoring many scenarios; made once, picklable.

    Parameters
    ----------
    factors
        The factors it is made for, in the order of a batch's columns.
    clauses
        The clauses they can move.
    fixed
        The clauses they cannot, as the audit of the state has them.
    wiring
        All of it as flat arrays.
    labels
        Clause and place of each place that is counted.
    aimed
        Whether some factor sets each clause's target.
    measuring
        The measures to take apart from the clauses, if any.
    longest
        Whether the longest response is taken on the way to the clauses.
    """

    factors: tuple[Factor, ...]
    clauses: tuple[Norm, ...]
    fixed: tuple[Clause, ...]
    wiring: Wiring
    labels: tuple[tuple[str, ...], tuple[str, ...]]
    aimed: npt.NDArray[np.bool_]
    measuring: Measuring | None = None
    longest: bool = False

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures that are taken beside the clauses."""
        apart = self.measuring.measures if self.measuring is not None else ()
        return (*((MEASURES[_LONGEST],) if self.longest else ()), *apart)

    @classmethod
    def of(
        cls,
        state: State,
        factors: Sequence[Factor],
        *,
        clauses: Sequence[str] | None = None,
        measures: Sequence[str] = (),
    ) -> Scorer:
        """Make a state ready for a list of factors; raises as :func:`score_table` does."""
        problem = state.problem
        rows = compile_rows(problem)
        x = rows.columns.today.copy()
        x[: len(state.x)] = state.x
        chosen = chosen_clauses(problem, clauses)
        found = effects(factors, problem, rows.columns)
        blocks = [b for b in rows.norms if b.norm.id in chosen and moved(b, rows, found)]
        card = score_allocation(rows, x, state.year, title=state.title)
        ids = {block.norm.id for block in blocks}
        printed = [_printed(block, problem) for block in blocks]
        wiring = wire(rows, x, found, blocks, printed)
        longest = _LONGEST in measures and bool((wiring.clauses.wants & WANTS_MIN).all())
        apart = [name for name in measures if not (longest and name == _LONGEST)]
        return cls(
            tuple(factors),
            tuple(block.norm for block in blocks),
            tuple(c for c in card if c.norm.id in chosen and c.norm.id not in ids),
            wiring,
            _labels(blocks, rows),
            np.array([any(e.norm_id == b.norm.id for e in found) for b in blocks], dtype=bool),
            Measuring.of(apart, rows, x, found),
            longest,
        )

    def score(self, batch: Batch, *, threads: int | None = None) -> Scores:
        """Score a batch of these factors.

        Raises
        ------
        InputError
            The batch has other factors, or a value is out of range.
        """
        if batch.factors != self.factors:
            fault = Fault("scenarios", "their factors are others.", "Make a scorer for them.")
            raise InputError([fault])
        size, count = len(batch), len(self.clauses)
        value, gap = np.empty((size, count)), np.empty((size, count))
        found = np.empty((size, count), dtype=np.int8)
        lots = _lots(size, threads or os.cpu_count() or 1)
        tallies = np.zeros((len(lots), 2, len(self.labels[0])), dtype=np.int64)
        taken: list[dict[str, Floats]] = [{} for _ in lots]
        worst_min = np.empty(size if self.longest else 0)

        def run(lot: tuple[int, slice]) -> None:
            from resalloc.scoring.kernels import score_scenarios

            number, part = lot
            check_values(batch.factors, batch.values[part])
            score_scenarios(
                self.wiring, batch.values[part], self.aimed,
                value[part], gap[part], found[part], tallies[number, 0], tallies[number, 1],
                worst_min[part] if self.longest else worst_min,
            )  # fmt: skip
            if self.measuring is not None:
                taken[number] = self.measuring.take(batch.values[part])

        try:
            if len(lots) == 1:
                run((0, lots[0]))
            elif lots:
                with ThreadPoolExecutor(len(lots)) as pool:
                    list(pool.map(run, enumerate(lots)))
        except InputError:
            check_values(batch.factors, batch.values)  # tells of all scenarios, by their number
            raise
        failing, known = tallies.sum(axis=0)
        places = Places(*self.labels, failing, known)
        measures = {
            m.id: np.concatenate([np.empty(0), *(one[m.id] for one in taken)])
            for m in (self.measuring.measures if self.measuring is not None else ())
        }
        if self.longest:
            measures = {_LONGEST: worst_min, **measures}
        return Scores(batch, self.clauses, value, gap, found, places, measures, self.fixed)


def _lots(size: int, threads: int) -> list[slice]:
    count = max(1, min(threads, size // _LEAST))
    edges = np.linspace(0, size, count + 1).astype(int).tolist()
    return [slice(low, high) for low, high in pairwise(edges) if high > low]


def chosen_clauses(problem: Problem, clauses: Sequence[str] | None) -> set[str]:
    """Give the ids of the clauses to score, all of a plan's where none is named."""
    known = [norm.id for norm in problem.norms]
    if clauses is None:
        return set(known)
    faults = [
        Fault(f"clause '{name}'", "the plan has none of that name.", did_you_mean(name, known))
        for name in clauses
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    return set(clauses)


def _printed(block: NormRows, problem: Problem) -> float:
    """Give what the district reports of a clause, should it not be computable; else NaN."""
    if block.norm.reads.scope != "district" or rule_of(block) != RATIO:
        return float("nan")
    value = reported(block.norm, problem, problem.years[0]).value
    return float("nan") if value is None else value


def _labels(blocks: Sequence[NormRows], rows: Rows) -> tuple[tuple[str, ...], tuple[str, ...]]:
    townships = tuple(str(name) for name in rows.problem.district.townships.index)
    clause: list[str] = []
    place: list[str] = []
    for block in blocks:
        clause += [block.norm.id] * place_count(block, rows.problem)
        place += block.places if rule_of(block) == RATIO else townships
    return tuple(clause), tuple(place)
