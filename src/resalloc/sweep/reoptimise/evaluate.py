"""Each plan in each future: which clauses it breaks, how far it falls short, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.result.scorecard import TOLERANCE
from resalloc.rules.cost import cost_rates
from resalloc.rules.objective import KEPT, capital_goal, goal, loss_goal
from resalloc.scoring.under import SITE
from resalloc.solver.priorities import soft_rows, split

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from resalloc.problem.columns import Columns, Floats
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.rules.objective import Goal

BUDGET = "budget_wan"
BROKEN, SHORT, GIVEN_UP = "binding clauses broken", "expected clauses short", "given up"


@dataclass(frozen=True)
class Measure:
    """One of the things plans are compared by; less is better.

    Parameters
    ----------
    name, unit
        For the report.
    close
        Values no further apart are equal; above 1 in size, this share of them.
    """

    name: str
    unit: str
    close: float

    def equal(self, one: Floats, other: Floats) -> npt.NDArray[np.bool_]:
        """Say which values are equal but for arithmetic; infinite ones are."""
        with np.errstate(invalid="ignore"):
            near = np.abs(one - other) <= self.close * np.maximum(1.0, np.abs(other))
        return np.asarray(near | (one == other))


@dataclass(frozen=True, eq=False)
class Judged:
    """Plans in one future.

    Parameters
    ----------
    values
        Plans × measures; infinite where it cannot be said, which is no better than any number.
    broken
        Plans × binding clauses: whether it is broken.
    cost_wan
        What each plan adds there, in 万元.
    """

    values: Floats
    broken: npt.NDArray[np.bool_]
    cost_wan: Floats


def measures_of(rows: Rows) -> tuple[Measure, ...]:
    """Give what plans are compared by, the most important first."""
    aim = goal(rows)
    first = (Measure(BROKEN, "", 0.0), Measure(SHORT, "%", 1e-4))
    lost = (Measure(GIVEN_UP, "units", 1e-6),) if rows.problem.options.shrink else ()
    return (*first, *lost, Measure(aim.name, aim.unit, max(1e-6, 2 * aim.tolerance)))


def binding_of(rows: Rows) -> tuple[str, ...]:
    """Give the ids of the binding clauses in the model; :data:`BUDGET` is the ceiling, if any."""
    ceiling = () if rows.problem.options.budget_wan is None else (BUDGET,)
    return (*dict.fromkeys(block.norm.id for block in split(rows)[0]), *ceiling)


def judge(rows: Rows, plans: Sequence[Floats], columns: Columns, binding: Sequence[str]) -> Judged:
    """Judge plans in a future, by the scorer and not by the solver.

    ::

        b = number of binding clauses with a place short of its target, the budget one of them
        v = max_r v_r + (1/R) Σ_r v_r,      v_r = 100 (short of the target) / target
        c = the objective's value at the plan, e.g. Σ rate · max(0, x − today)

    ======  ================================================================
    x       the plan as it stands in that future (:func:`standing`)
    r       rows of the expected clauses: a clause, place and year; R of them
    v       first priority of :func:`~resalloc.solver.solve.solve`, in per cent
    c       its objective
    ======  ================================================================

    Parameters
    ----------
    rows
        The future's problem, compiled with all candidate sites.
    plans
        Values of its decision columns; what a plan says nothing of counts as not there.
    columns
        The decision columns in that future.
    binding
        Ids of the binding clauses; one that cannot be computed there counts as broken.
    """
    hard, soft = split(rows)
    loss = loss_goal(rows) if rows.problem.options.shrink else None
    aim, expected = goal(rows), soft_rows(soft, rows.columns.today)
    rates = cost_rates(rows.problem, rows.columns)
    rate = rates.capital + rows.problem.district.assumptions.value("cost.years") * rates.yearly
    paid = np.flatnonzero(rate)
    rate, before = rate[paid], np.nan_to_num(rows.columns.today[paid])
    values = np.zeros((len(plans), len(measures_of(rows))))
    broken = np.ones((len(plans), len(binding)), dtype=bool)
    cost = np.zeros(len(plans))
    for p, plan in enumerate(plans):
        x = np.zeros(rows.columns.size)
        x[: columns.size] = standing(plan, columns)
        x = rows.derive(x)
        fails = _fails(rows, hard, x)
        broken[p] = [fails.get(norm_id, True) for norm_id in binding]
        level = expected.matrix @ x
        short = np.maximum(np.maximum(expected.lo - level, level - expected.hi), 0.0)
        share = short * expected.weight
        whole = share.max(initial=0.0) + share.sum() / max(1, len(share))
        lost = [] if loss is None else [_value(loss, x, rows.columns)]
        values[p] = [broken[p].sum(), whole, *lost, _value(aim, x, rows.columns)]
        cost[p] = rate @ np.maximum(x[paid] - before, 0.0)
    return Judged(np.where(np.isnan(values), np.inf, values), broken, cost)


def _fails(rows: Rows, hard: Sequence[NormRows], x: Floats) -> dict[str, bool]:
    """Say which binding clauses are broken, or cannot be said to hold, and the budget too."""
    fails: dict[str, bool] = {}
    for block in hard:
        gap = block.shortfall(x)
        limit = TOLERANCE * np.maximum(1.0, np.abs(block.bound))
        fails[block.norm.id] = bool((np.isnan(gap) | (gap > limit)).any())
    ceiling = rows.problem.options.budget_wan
    if ceiling is not None:
        spent = _value(capital_goal(rows), x, rows.columns)
        fails[BUDGET] = spent > ceiling + TOLERANCE * max(1.0, ceiling)
    return fails


def _value(aim: Goal, x: Floats, columns: Columns) -> float:
    """Give a goal's value; NaN where it is a response time and some point is not answered."""
    unknown = np.isnan(x)
    if aim.name == "access" and unknown[columns["answers"].ids].any():
        return float("nan")
    return aim.value(np.where(unknown, 0.0, x))


def standing(plan: Floats, columns: Columns) -> Floats:
    """Give a plan as it stands in a future.

    ::

        x = min(max(plan, least), most)

    What it plans is there in full. What stands anyhow in that future and is more stays
    (`least`), at sites that are shut there is no station and no crew (`most`), and nothing
    unknown is counted. Where a total is more than was planned, the rest is the
    institution's most common kind of bed.

    Parameters
    ----------
    plan
        Amounts by decision column.
    columns
        The decision columns in that future, with their bounds.
    """
    planned = np.nan_to_num(plan)
    x = planned.copy()
    for name in (*KEPT, "crewed"):
        ids = columns[name].ids.reshape(-1)
        x[ids] = np.maximum(x[ids], columns.lower[ids])
        if name in SITE:
            x[ids] = np.minimum(x[ids], columns.upper[ids])
    beds, total = columns["beds"].ids, columns["beds_total"].ids
    for i, y in np.ndindex(total.shape):
        cells, all_beds = beds[i, :, y], total[i, y]
        if planned[cells].sum() == planned[all_beds]:
            most = cells[np.argmax(planned[cells])]
            x[most] = max(0.0, x[most] + x[all_beds] - x[cells].sum())
    return x
