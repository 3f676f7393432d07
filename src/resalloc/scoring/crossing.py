"""Axes that vary independently as a product: populations × plans × variants of the norms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from scipy import sparse

from resalloc.errors import Fault, InputError
from resalloc.rules.compile import compile_rows
from resalloc.rules.effects import effects
from resalloc.rules.reach import EDGE_KM, EVERYONE, points_of, radius_km
from resalloc.scoring.products.clauses import Clause
from resalloc.scoring.products.mean import WeightedMean
from resalloc.scoring.products.product import Measure, Product
from resalloc.scoring.products.ratio import Ratio
from resalloc.scoring.tables import chosen_clauses
from resalloc.scoring.under import check_values
from resalloc.scoring.wiring import RATIO, REACH, moved, rule_of, width_of, wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from resalloc.norms.norm import Norm
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.problem.scenario import Batch, Factor
    from resalloc.scoring.products.bounds import Sense
    from resalloc.scoring.products.clauses import Row
    from resalloc.scoring.state import State

_AXIS = {
    "people": "populations", "target": "variants", "amount": "plans", "project": "plans",
    "site": "plans", "speed": "plans", "minutes": "plans",
}  # fmt: skip
"""To which axis of a product a factor belongs, by its kind."""
AXES = ("populations", "plans", "variants")
_BLOCK = 4096
"""Plans whose ways to every point are held at a time."""


class Axes(NamedTuple):
    """The three axes of a product, each a batch; one row of no factors where nothing varies."""

    populations: Batch
    plans: Batch
    variants: Batch


def axis_of(factors: Sequence[Factor], name: str) -> str:
    """Say on which axis of a product some factors belong together.

    Raises
    ------
    InputError
        They do not belong on one, or one of them cannot stand in a product.
    """
    found = {_AXIS.get(factor.kind, "none") for factor in factors}
    if "none" in found:
        what = "a budget changes no score."
        raise InputError([Fault(f"axis '{name}'", what, "Leave it out, or use --reoptimise.")])
    if len(found) > 1:
        what = f"it mixes what varies {' and '.join(sorted(found))}."
        remedy = "Put people, plans (sites, amounts, speeds) and targets on axes of their own."
        raise InputError([Fault(f"axis '{name}'", what, remedy)])
    return found.pop() if found else "plans"


def cross(
    state: State,
    axes: Axes,
    *,
    clauses: Sequence[str] | None = None,
    measures: Sequence[tuple[str, str]] = (),
    joint: Sequence[str] | None = None,
) -> Product:
    """Lay out all populations × all plans × all variants of the norms as arrays.

    The spatial work is done once a plan: who is covered and how long the nearest crew takes,
    added up by township. A clause is then a matrix product of the populations' residents with
    it, or a quotient of a plan's part and a population's part.

    Parameters
    ----------
    state
        The state as it is expected.
    axes
        Populations, plans and variants.
    clauses
        Ids of the clauses to score; else every clause that can be computed and that some
        factor moves.
    measures
        Pairs of a clause's id and the better direction, ``"lower"`` or ``"higher"``: by what
        plans are compared, under the first variant; those that no factor moves are left out.
    joint
        Ids of the clauses of which it is counted whether all hold; else every clause. Those
        that no factor moves, and those that can be computed in no scenario, are left out;
        where none is left, all that can be computed are counted.

    Returns
    -------
    Product
        Summarise it with :func:`resalloc.scoring.products.summarise`; every scenario in it
        comes to the numbers of :func:`~resalloc.scoring.tables.score_table`, to 1 part in
        10^9 (sums in another order).

    Raises
    ------
    InputError
        A factor, a value or a clause is not usable, or no clause is moved; all at once.

    Examples
    --------
    >>> import numpy as np
    >>> import resalloc as ra
    >>> from resalloc.problem.scenario import Batch, Factor
    >>> from resalloc.scoring.state import today
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> people = Batch((Factor("population"),), np.array([[0.9], [1.0], [1.1]]))
    >>> beds = Batch((Factor("beds"),), np.array([[1.0], [1.5]]))
    >>> none = Batch((), np.zeros((1, 0)))
    >>> cross(today(problem), Axes(people, beds, none), clauses=["beds_per_1000"]).shape
    (3, 2, 1)
    """
    rows = compile_rows(state.problem)
    x = rows.columns.today.copy()
    x[: len(state.x)] = state.x
    for batch in axes:
        check_values(batch.factors, batch.values)
    every = [factor for batch in axes for factor in batch.factors]
    found = effects(every, state.problem, rows.columns)
    chosen = chosen_clauses(state.problem, clauses)
    blocks = [b for b in rows.norms if b.norm.id in chosen and moved(b, rows, found)]
    if not blocks:
        remedy = "Vary something that the chosen clauses depend on."
        raise InputError([Fault("axes", "no factor moves any of the clauses.", remedy)])
    people = _Side(rows, x, blocks, axes.populations, "given")
    plans = _Side(rows, x, blocks, axes.plans, "columns")
    desk = _Desk(rows, people, plans, axes.variants)
    made = tuple(desk.clauses(blocks))
    names = {clause.name for clause in made}
    compared = tuple(
        Measure(name, "higher" if better == "higher" else "lower")
        for name, better in measures
        if name in names
    )
    said = tuple(clause.name for clause in made if any(map(_can_be_said, clause.rows)))
    counted = said if joint is None else tuple(name for name in said if name in joint) or said
    return Product(made, counted, compared, variants=_names(axes.variants))


def _can_be_said(row: Row) -> bool:
    """Say whether some plan and some population have all the numbers that a row takes."""
    if isinstance(row, Ratio):
        a, g, b, h = row.arrays
        return bool(np.isfinite(a + b).any() and np.isfinite(g + h).any())
    return all(
        any(not np.isnan(line).any() for line in lines)
        for lines in (row.weights, np.concatenate(row.fields))
    )


def _names(batch: Batch) -> tuple[str, ...]:
    """Name each variant by its targets."""
    names = [factor.name.removeprefix("norm.") for factor in batch.factors]
    return tuple(
        ", ".join(f"{name} {value:g}" for name, value in zip(names, row, strict=True))
        or "as printed"
        for row in batch.values
    )


class _Side:
    """What one axis contributes: sums of its own part of each row, residents, ways."""

    def __init__(
        self, rows: Rows, x: Floats, blocks: Sequence[NormRows], batch: Batch, part: str
    ) -> None:
        from resalloc.scoring.kernels import lay_out

        found = effects(batch.factors, rows.problem, rows.columns)
        own = [_part(block, part) if rule_of(block) == RATIO else block for block in blocks]
        self.wiring = wire(rows, x, found, own, [float("nan")] * len(own))
        self.batch = batch
        size, ground = len(batch), self.wiring.ground
        self.sums = np.empty((size, width_of(self.wiring)))
        self.residents = np.empty((size, len(ground.residents)))
        none = np.empty((0, 0))
        lay_out(self.wiring, batch.values, self.sums, self.residents, none, none, none)

    def ways(self, low: int, high: int) -> tuple[Floats, Floats, Floats]:
        """Give the nearest, the nearest possible station and the nearest crew by point."""
        from resalloc.scoring.kernels import lay_out

        size, points = high - low, len(self.wiring.ground.township)
        near, maybe, late = (np.empty((size, points)) for _ in range(3))
        sums, residents = (
            np.empty_like(self.sums[low:high]),
            np.empty_like(self.residents[low:high]),
        )
        lay_out(self.wiring, self.batch.values[low:high], sums, residents, near, maybe, late)
        return near, maybe, late


def _part(block: NormRows, part: str) -> NormRows:
    """Give a clause's rows with only their columns, or only what is given."""
    assert block.top_given is not None
    if part == "columns":
        none = sparse.csr_array(block.top_given.shape)
        return replace(block, top_given=none, bottom_given=none)
    none = sparse.csr_array(block.top.shape)
    return replace(block, top=none, bottom=none)


@dataclass(frozen=True)
class _Desk:
    """Both sides, and how a clause is made of them."""

    rows: Rows
    people: _Side
    plans: _Side
    variants: Batch

    def clauses(self, blocks: Sequence[NormRows]) -> Iterator[Clause]:
        """Give each clause's rows as arrays; both sides list the lines of ratios alike."""
        line = 0
        for block in blocks:
            if rule_of(block) == RATIO:
                lines = range(line, line + len(block))
                rows = [self._ratio(block, r, at) for r, at in enumerate(lines)]
                yield Clause(block.norm.id, tuple(rows))
                line += len(block)
            else:
                yield Clause(block.norm.id, (self._mean(block),))

    def _ratio(self, block: NormRows, r: int, line: int) -> Ratio:
        plan, people = self.plans.wiring.lines, self.people.wiring.lines
        return Ratio(
            self.plans.sums[:, plan.top[line]],
            self.people.sums[:, people.top[line]],
            self.plans.sums[:, plan.bottom[line]],
            self.people.sums[:, people.bottom[line]],
            cast("Sense", block.sense[r]),
            self._targets(block.norm, float(block.bound[r])),
            scale=block.scale,
            name=block.places[r],
        )

    def _mean(self, block: NormRows) -> WeightedMean:
        """A service radius or a mean response, added up by township."""
        points = points_of(block.norm, self.rows.problem)
        ground, reach = self.plans.wiring.ground, rule_of(block) == REACH
        count = len(ground.residents)
        share = np.zeros((len(points), count))
        share[np.arange(len(points)), ground.township[points]] = ground.share[points]
        radii = self._targets(block.norm, radius_km(block.norm)) if reach else np.zeros(1)
        distinct, field_of = np.unique(radii, return_inverse=True)
        fields = [np.empty((len(self.plans.batch), count)) for _ in distinct]
        for low in range(0, len(self.plans.batch), _BLOCK):
            high = min(low + _BLOCK, len(self.plans.batch))
            near, maybe, late = (way[:, points] for way in self.plans.ways(low, high))
            for field, radius in zip(fields, distinct, strict=True):
                edge = radius + EDGE_KM
                told = np.where(near <= edge, 1.0, np.where(maybe <= edge, np.nan, 0.0))
                field[low:high] = (told if reach else late) @ share
        bounds = self._targets(block.norm, float(block.bound[0]))
        return WeightedMean(
            self.people.residents,
            fields,
            ">=" if reach else "<=",
            np.full(len(self.variants), EVERYONE) if reach else bounds,
            field_of=tuple(field_of.tolist()) if reach else (),
            shares=share.sum(axis=0),
            scale=block.scale,
            name=block.places[0],
        )

    def _targets(self, norm: Norm, usual: float) -> Floats:
        """Give a clause's target in each variant."""
        targets = np.full(len(self.variants), usual)
        for k, factor in enumerate(self.variants.factors):
            if factor.what == f"norm.{norm.id}":
                targets = self.variants.values[:, k].copy()
        return targets
