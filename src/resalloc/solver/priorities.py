"""From rows to a linear model: binding rows hard, expected rows with a priced shortfall."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.milp.model import LinearModel
from resalloc.rules.objective import capital_goal
from resalloc.solver.parts import parts_of

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.rules.objective import Goal


PERCENT = 100.0


@dataclass(frozen=True)
class SoftRows:
    """The rows that may fall short, multiplied out, and what a unit of shortfall weighs.

    `weight` turns a shortfall of the multiplied-out row into per cent of the clause's
    target, so that clauses in different units compare.
    """

    matrix: sparse.csr_array
    lo: Floats
    hi: Floats
    weight: Floats


@dataclass(frozen=True)
class Priced:
    """A model whose last columns are shortfalls and the worst of them.

    Parameters
    ----------
    model
        Columns: the problem's, one shortfall per soft row, the worst share.
    first
        Position of the first shortfall.
    soft
        The rows that may fall short.
    """

    model: LinearModel
    first: int
    soft: SoftRows

    @property
    def count(self) -> int:
        """How many shortfalls."""
        return len(self.soft.weight)

    def priority(self) -> Floats:
        """Cost of the first priority: the worst share short, then the mean share."""
        cost = np.zeros(self.model.size)
        cost[self.first : self.first + self.count] = self.soft.weight / max(1, self.count)
        cost[-1] = 1.0
        return cost

    def value(self, x: Floats) -> float:
        """Give the worst plus the mean share short at an allocation, from the rows alone."""
        soft = self.soft
        level = soft.matrix @ x[: soft.matrix.shape[1]]
        share = np.maximum(np.maximum(soft.lo - level, level - soft.hi), 0.0) * soft.weight
        return float(share.max(initial=0.0) + share.sum() / max(1, self.count))

    def holding(self, x: Floats) -> LinearModel:
        """Give the model in which no shortfall may be larger than in `x`.

        The rows that define the worst share (the last ones) have served and go.
        """
        model = self.model
        upper = model.upper.copy()
        ids = slice(self.first, self.first + self.count)
        upper[ids] = np.maximum(x[ids], 0.0) + 1e-7 * (1.0 + np.abs(x[ids]))
        rows = len(model.row_lo) - self.count
        return replace(
            model,
            upper=upper,
            matrix=sparse.csr_array(model.matrix[:rows]),
            row_lo=model.row_lo[:rows],
            row_hi=model.row_hi[:rows],
        )


def split(rows: Rows, *, all_soft: bool = False) -> tuple[list[NormRows], list[NormRows]]:
    """Give the model's norm rows as hard and soft ones; score-only norms are neither."""
    used = [block for block in rows.norms if block.norm.use == "constraint" and _computable(block)]
    hard = [b for b in used if b.norm.reads.binding and not all_soft]
    soft = [b for b in used if not b.norm.reads.binding or all_soft]
    return hard, soft


def _computable(block: NormRows) -> bool:
    """A norm whose constants are unknown cannot be in the model (it is scored so)."""
    return not any(block.unknown)


def soft_rows(blocks: list[NormRows], x: Floats) -> SoftRows:
    """Multiply soft norms out; `x` (today) gives the size of denominators that vary."""
    start = np.nan_to_num(x)
    parts = [block.linear() for block in blocks]
    weight = []
    for block in blocks:
        below = np.maximum(block.bottom @ start + block.bottom_constant, 1.0)
        target = np.maximum(np.abs(block.bound), 1e-3)
        weight.append(PERCENT * block.scale / (target * below))
    size = len(x)
    if not parts:
        return SoftRows(sparse.csr_array((0, size)), np.zeros(0), np.zeros(0), np.zeros(0))
    return SoftRows(
        sparse.csr_array(sparse.vstack([m for m, _, _ in parts])),
        np.concatenate([lo for _, lo, _ in parts]),
        np.concatenate([hi for _, _, hi in parts]),
        np.concatenate(weight),
    )


def priced_model(rows: Rows, *, elastic: bool = False, start: Floats | None = None) -> Priced:
    """Build the model of a problem.

    Parameters
    ----------
    rows
        Compiled problem.
    elastic
        Let the binding clauses fall short instead of the expected ones, which are
        left out: how near can the binding ones come?
    start
        Values of the columns where the solver may begin.
    """
    columns = rows.columns
    hard, soft = split(rows)
    if elastic:
        hard, soft = [], hard
    blocks = [(link.matrix, link.lo, link.hi) for link in rows.links if not link.after]
    blocks += [block.linear() for block in hard]
    model = LinearModel.stacked(columns.lower, columns.upper, columns.integer, blocks)
    model = _within_budget(replace(model, start=start), rows)
    return priced(model, rows, soft)


def priced(model: LinearModel, rows: Rows, blocks: list[NormRows]) -> Priced:
    """Give a model in which `blocks` may fall short, at a price.

    Its first columns are the problem's; what else it has stays between them and the shortfalls.
    """
    soft = soft_rows(blocks, rows.columns.today)
    count, first = len(soft.weight), model.size
    wide = sparse.csr_array((count, first - rows.columns.size))
    matrix = sparse.csr_array(sparse.hstack([soft.matrix, wide]))
    model = model.with_columns(
        np.zeros(count + 1), np.full(count + 1, np.inf), np.zeros(count + 1, dtype=bool)
    )
    under = sparse.hstack([matrix, sparse.eye_array(count), sparse.csr_array((count, 1))])
    over = sparse.hstack([matrix, -sparse.eye_array(count), sparse.csr_array((count, 1))])
    below, above = np.isfinite(soft.lo), np.isfinite(soft.hi)
    infinite = np.full(count, np.inf)
    model = model.with_rows(
        sparse.csr_array(under)[below], soft.lo[below], infinite[below]
    ).with_rows(sparse.csr_array(over)[above], -infinite[above], soft.hi[above])
    worst = sparse.hstack(
        [
            sparse.csr_array((count, first)),
            -sparse.diags_array(soft.weight) if count else sparse.csr_array((0, 0)),
            sparse.csr_array(np.ones((count, 1))),
        ]
    )
    model = model.with_rows(sparse.csr_array(worst), np.zeros(count), infinite)
    return Priced(model, first, soft)


def with_goal(model: LinearModel, problem_size: int, aim: Goal) -> LinearModel:
    """Give the model with a goal as its objective; the goal's extra columns come last."""
    count, before = len(aim.lower), model.size
    wide = model.with_columns(aim.lower, np.full(count, np.inf), np.zeros(count, dtype=bool))
    middle = sparse.csr_array((len(aim.lo), before - problem_size))
    matrix = sparse.hstack([aim.matrix[:, :problem_size], middle, aim.matrix[:, problem_size:]])
    wide = wide.with_rows(sparse.csr_array(matrix), aim.lo, np.full(len(aim.lo), np.inf))
    cost = np.zeros(wide.size)
    cost[:problem_size] = aim.cost[:problem_size]
    cost[before:] = aim.cost[problem_size:]
    return wide.with_cost(cost)


def capped(model: LinearModel, x: Floats, tolerance: float = 1e-6) -> LinearModel:
    """Give the model in which its objective stays as good as in `x`, part by part.

    Parts that no row connects have an objective each; keeping each at its best is the
    same as keeping the sum at its best, and leaves the parts apart. `tolerance` is the
    share by which it may give way.
    """
    priced = np.flatnonzero(model.cost)
    if not len(priced):
        return model
    part = parts_of(model, alone=1).column[priced]
    _, row = np.unique(part, return_inverse=True)
    shape = (int(row.max()) + 1, model.size)
    matrix = sparse.csr_array((model.cost[priced], (row, priced)), shape=shape)
    value = np.asarray(matrix @ x, dtype=float)
    limits = value + tolerance * np.maximum(1.0, np.abs(value))
    return model.with_rows(matrix, np.full(len(limits), -np.inf), limits)


def _within_budget(model: LinearModel, rows: Rows) -> LinearModel:
    """Give the model in which the capital of what is added stays within the budget."""
    ceiling = rows.problem.options.budget_wan
    if ceiling is None:
        return model
    capital = capital_goal(rows)
    wide = with_goal(model, rows.columns.size, capital)
    limit = np.array([ceiling - capital.constant])
    return wide.with_rows(sparse.csr_array(wide.cost.reshape(1, -1)), -np.full(1, np.inf), limit)
