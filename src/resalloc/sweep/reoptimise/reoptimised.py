"""What re-optimising over futures gives: plans, what they share, which to regret least."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault
from resalloc.problem.columns import Columns
from resalloc.problem.decisions import decision_blocks
from resalloc.sweep.reoptimise.chosen import Choice, choices
from resalloc.sweep.reoptimise.evaluate import BUDGET, binding_of, judge, measures_of
from resalloc.sweep.reoptimise.future import Future, planning_under
from resalloc.sweep.reoptimise.outcome import BASE, Outcome
from resalloc.sweep.reoptimise.regret import Regret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd
    import pyarrow as pa

    from resalloc.problem.columns import Floats
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Batch


@dataclass(frozen=True, eq=False)
class Reoptimised:
    """A plan for each future, and each plan judged in every future.

    Parameters
    ----------
    problem
        The problem as it is expected.
    batch
        The futures.
    base
        The plan of the expected future.
    outcomes
        Those of the futures, in order; one without a plan keeps its place and its status.
    regret
        The plans compared; None where there is no plan at all.
    """

    problem: Problem
    batch: Batch
    base: Outcome
    outcomes: tuple[Outcome, ...]
    regret: Regret | None

    @property
    def columns(self) -> Columns:
        """The decision columns of every plan."""
        return Columns.of(decision_blocks(self.problem))

    @property
    def without_plan(self) -> tuple[Outcome, ...]:
        """The futures that no decision is counted over: infeasible, or not proven anything."""
        return tuple(one for one in self.outcomes if not one.usable)

    def choices(self) -> tuple[Choice, ...]:
        """Count what the plans choose, over the futures that have one."""
        return choices(self.outcomes, self.base, self.columns)

    def frame(self) -> pd.DataFrame:
        """Give one row a future, the expected one first: factors, status, priorities, seconds."""
        import pandas as pd

        names = [factor.name for factor in self.batch.factors]
        rows = []
        for one in (self.base, *self.outcomes):
            known = one.scenario != BASE
            values = self.batch.values[one.scenario] if known else np.full(len(names), np.nan)
            row: dict[str, object] = {"future": one.name()}
            row |= dict(zip(names, values.tolist(), strict=True))
            row["status"] = one.status.value
            for phase in one.phases:
                row |= {phase.name: phase.value, f"gap: {phase.name}": phase.gap}
            row |= {
                "conflicts": ", ".join(one.conflicts),
                "message": one.message,
                "seconds": one.seconds,
            }
            rows.append(row)
        return pd.DataFrame(rows)

    def phase_frame(self) -> pd.DataFrame:
        """Give one row a future and priority: value, bound, gap, proof."""
        import pandas as pd

        rows = [
            {
                "future": one.name(),
                "phase": phase.name,
                "unit": phase.unit,
                "status": phase.status.value,
                "value": phase.value,
                "bound": phase.bound,
                "gap": phase.gap,
                "proof": phase.proof(),
            }
            for one in (self.base, *self.outcomes)
            for phase in one.phases
        ]
        return pd.DataFrame(rows)

    def choice_frame(self, lang: str = "en") -> pd.DataFrame:
        """Give one row a decision: in how many futures, and how much."""
        import pandas as pd

        rows = []
        for choice in self.choices():
            row: dict[str, object] = {
                "block": choice.block,
                "place": choice.place,
                "item": choice.item,
                "label": choice.label(lang),
                "today": choice.today,
                "chosen": choice.chosen,
                "of": choice.of,
                "how_often": choice.how_often(lang),
            }
            for name, spread in (("planned", choice.planned), ("added", choice.added)):
                words = (f"{name}_{word}" for word in ("min", "median", "max"))
                row |= dict(zip(words, spread, strict=True))
            rows.append(row)
        return pd.DataFrame(rows)

    def summary(self, lang: str = "en") -> str:
        """Say in a few lines what came out, in ``"zh"`` or ``"en"``."""
        zh = lang == "zh"
        count, usable = len(self.outcomes), len(self.outcomes) - len(self.without_plan)
        head = (
            f"{self.problem.district.name}：{count} 种情形中 {usable} 种有可行方案"
            if zh
            else f"{self.problem.district.name}: {usable} of {count} futures have a plan"
        )
        lines = [head]
        for one in self.without_plan:
            clauses = f" ({', '.join(one.conflicts)})" if one.conflicts else ""
            lines.append(f"  {one.name(lang)}: {one.status.label(lang)}{clauses}")
        if self.regret is not None:
            lines += [f"  {line}" for line in self.regret.summary(lang).splitlines()]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.summary()

    def to_tables(self) -> dict[str, pa.Table]:
        """Give the base plan and every outcome as Arrow tables; see :func:`read_reoptimised`."""
        from resalloc.sweep.reoptimise.tables import to_tables

        return to_tables((self.base, *self.outcomes), self.columns)


def from_outcomes(
    problem: Problem,
    batch: Batch,
    outcomes: Sequence[Outcome],
    *,
    weights: Floats | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Reoptimised:
    """Judge the plans of all outcomes in all futures.

    Parameters
    ----------
    problem, batch
        What was solved.
    outcomes
        The base plan and that of every scenario.
    weights
        One a scenario, none below 0; by default all the same.
    progress
        Called with how many futures are judged, of how many.

    Raises
    ------
    InputError
        An outcome is missing, or the weights do not fit.
    """
    by_scenario = {one.scenario: one for one in outcomes}
    wanted = {BASE, *range(len(batch))}
    if set(by_scenario) != wanted or len(outcomes) != len(wanted):
        missing = sorted(wanted - set(by_scenario))[:5]
        what = f"there should be {len(batch)} and the base plan; missing {missing}."
        raise one_fault("outcomes", what, "Run the sweep to its end.")
    share = shares(weights, len(batch))
    every = [by_scenario[BASE], *(by_scenario[s] for s in range(len(batch)))]
    plans = {one.scenario: one.x for one in every if one.x is not None}
    regret = None
    if plans and len(batch):
        expected, judged = Future(problem).rows(), []
        ceiling = any(factor.kind == "budget" for factor in batch.factors)
        binding = tuple(dict.fromkeys([*binding_of(expected), *[BUDGET] * ceiling]))
        for done, scenario in enumerate(batch.scenarios(), start=1):
            future = planning_under(problem, scenario)
            judged.append(judge(future.rows(), list(plans.values()), future.columns(), binding))
            if progress is not None:
                progress(done, len(batch))
        regret = Regret(
            plans=tuple(plans),
            futures=tuple(range(len(batch))),
            weights=share,
            measures=measures_of(expected),
            values=np.stack([one.values for one in judged], axis=1),
            binding=binding,
            broken=np.stack([one.broken for one in judged], axis=1),
            cost_wan=np.stack([one.cost_wan for one in judged], axis=1),
        )
    return Reoptimised(problem, batch, every[0], tuple(every[1:]), regret)


def read_reoptimised(
    problem: Problem,
    batch: Batch,
    tables: Mapping[str, pa.Table],
    *,
    weights: Floats | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Reoptimised:
    """Make what re-optimising gives from its stored tables, all chunks put together.

    Parameters
    ----------
    problem, batch
        What was solved.
    tables
        ``outcomes``, ``phases`` and ``allocations``, as :meth:`Reoptimised.to_tables` gives
        them or a run of :class:`~resalloc.sweep.reoptimise.work.ReoptimiseWork` keeps them.
    weights, progress
        As for :func:`from_outcomes`.

    Raises
    ------
    InputError
        The tables are of another problem, a scenario is missing or stands twice, or the
        weights do not fit.
    """
    from resalloc.sweep.reoptimise.tables import from_tables

    outcomes = from_tables(tables, Columns.of(decision_blocks(problem)))
    return from_outcomes(problem, batch, outcomes, weights=weights, progress=progress)


def shares(weights: Floats | None, count: int) -> Floats:
    """Give weights that add up to 1."""
    share = np.ones(count) if weights is None else np.asarray(weights, dtype=float)
    fits = share.shape == (count,) and bool(np.isfinite(share).all() and (share >= 0).all())
    if not fits or (count and share.sum() <= 0):
        what = f"they should be {count} numbers from 0 up, not all 0."
        raise one_fault("weights", what, "Give one a scenario.")
    return share / share.sum() if count else share
