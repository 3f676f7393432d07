"""How the clauses fare over a product, their worst scenarios, and the levels of factors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.scoring.products.partial import FAILS, HOLDS, NOT_COMPUTABLE
from resalloc.sweep.summary.passing import Clauses, Count, Passing, Worst
from resalloc.sweep.summary.product_axes import levels_of
from resalloc.sweep.summary.spread import Spread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.problem import Problem
    from resalloc.scoring.products import Summary
    from resalloc.sweep.summary.product_axes import Side


@dataclass(frozen=True)
class WorstCase:
    """The scenario of a clause that is furthest beyond its bound, or nearest to it.

    Parameters
    ----------
    population, plan, variant
        Numbers on the axes, from 0.
    place
        The place that stands for the clause there; empty for the district as a whole.
    moved
        Names of the factors of those axes of the file along which the clause's extremes
        differ; the others do not matter to it.
    """

    population: int
    plan: int
    variant: int
    place: str
    moved: tuple[str, ...] = ()


def count(counts: Ints) -> Count:
    """Add counts up, whose last axis is the status."""
    holds, unknown, fails = (int(counts[..., s].sum()) for s in (HOLDS, NOT_COMPUTABLE, FAILS))
    return Count(holds, fails, unknown)


def clauses_of(
    whole: Summary, problem: Problem, sides: tuple[Side, Side, Side]
) -> tuple[Clauses, dict[str, WorstCase]]:
    """Give how each clause fares over all scenarios, and the worst of each."""
    product = whole.product
    table = whole.clauses()
    if len(product.variants) > 1:
        table = table[table["variant"] == "all"]
    _, plans, variants = product.shape
    each, cases = [], {}
    for k, line in enumerate(table.to_dict("records")):
        norm = problem.norms[str(line["clause"])]
        known = int(line["holds"]) + int(line["fails"])
        figures = [float(line[key]) for key in _SPREAD]
        worst = None
        if line["worst_population"] >= 0:
            variant = product.variants.index(str(line["worst_variant"]))
            at = (int(line["worst_population"]), int(line["worst_plan"]), variant)
            value = _value(whole, k, variant, float(line["worst_excess"]))
            number = (at[0] * plans + at[1]) * variants + at[2]
            worst = Worst(number, value, _NAN, {})
            moved = tuple(_moving(whole, sides, k, variant))
            cases[norm.id] = WorstCase(*at, str(line["worst_row"]), moved)
        counts = Count(int(line["holds"]), int(line["fails"]), int(line["not_computable"]))
        spread = Spread(known, *figures) if known else _NOTHING
        each.append(Passing(norm, counts, spread, _NOTHING, worst))
    return Clauses(tuple(each), count(whole.whole.joint_by_plan), ()), cases


def _moving(whole: Summary, sides: tuple[Side, Side, Side], k: int, variant: int) -> Iterator[str]:
    """Give the factors of the axes along which a clause's extremes differ."""
    tallies = (whole.whole.by_population, whole.whole.by_plan)
    for side, tally in zip(sides[:2], tallies, strict=True):
        shape = [len(axis.design) for axis in side.axes]
        for number, axis in enumerate(side.axes):
            for ends in (tally.least[k, variant], tally.most[k, variant]):
                along = ends.reshape(shape)
                first = along.take([0], axis=number)
                if not np.allclose(along, first, rtol=1e-9, atol=0.0):
                    yield from (factor.name for factor in axis.design.factors)
                    break


_SPREAD = (
    "mean", "least", "most", "quantile_0.05", "quantile_0.5", "quantile_0.95", "tolerance",
)  # fmt: skip
_NAN = float("nan")
_NOTHING = Spread(0, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, 0.0)


def _value(whole: Summary, k: int, variant: int, excess: float) -> float:
    """Give the value of the worst scenario of a clause from how far it is beyond its bound."""
    limits = whole.product.clauses[k].limits(variant)
    row = int(whole.whole.worst.row[k, variant])
    sense = float(limits.senses[row])
    if sense == 0:
        return float("nan")
    return float(limits.bounds[row] - sense * excess * limits.sizes[row])


def level_shares(whole: Summary, sides: tuple[Side, Side, Side], problem: Problem) -> pd.DataFrame:
    """Give in what share of the scenarios of each level the clauses hold."""
    found = whole.whole
    plans, people = found.by_plan, found.by_population
    of = {
        "populations": (
            found.joint_by_population.sum(axis=0), people.counts.sum(axis=1),
            people.total.sum(axis=1),
        ),
        "plans": (
            found.joint_by_plan.sum(axis=0), plans.counts.sum(axis=1), plans.total.sum(axis=1),
        ),
        "variants": (
            found.joint_by_plan.sum(axis=1), plans.counts.sum(axis=2), plans.total.sum(axis=2),
        ),
    }  # fmt: skip
    names = [clause.name for clause in whole.product.clauses]
    measured = {m.clause: whole.product.number(m.clause) for m in whole.product.measures}
    lines = []
    for side in sides:
        joint, each, totals = of[side.name]
        for level in levels_of(side, problem):
            shares = [count(joint[level.members]).share_holds]
            shares += [count(one[level.members]).share_holds for one in each]
            lines.append(
                {
                    "axis": side.name,
                    "factor": level.factor,
                    "low": level.low,
                    "high": level.high,
                    "fifth": level.fifth,
                    "share_of": len(level.members) / len(side),
                    **dict(zip(("joint", *names), shares, strict=True)),
                    **{
                        f"{name}.mean": _mean(totals[k], each[k], level.members)
                        for name, k in measured.items()
                    },
                }
            )
    columns = ["axis", "factor", "low", "high", "fifth", "share_of", "joint", *names]
    columns += [f"{name}.mean" for name in measured]
    return pd.DataFrame(lines, columns=columns)


def _mean(totals: Floats, counts: Ints, members: Ints) -> float:
    """Give a mean over some scenarios; NaN where one of them is not known."""
    own = count(counts[members])
    return float("nan") if own.unknown else float(totals[members].sum() / own.scenarios)
