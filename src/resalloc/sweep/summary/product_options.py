"""Options compared: what holds, how long people wait, what no other beats, and regret."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.scoring.products import Product, Ratio, Summary, pareto, summarise
from resalloc.scoring.products.clauses import Clause
from resalloc.scoring.products.partial import FAILS, HOLDS, NOT_COMPUTABLE

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.products import Measure
    from resalloc.scoring.products.clauses import Row
    from resalloc.sweep.summary.product_axes import Options, Side

MOST_PAIRS = 1_000_000_000
"""Populations × plans up to which regret under several conditions is computed."""
_PLACES = 9


@dataclass(frozen=True, eq=False)
class Regretted:
    """How much worse each option is, at the same population and condition, than the best one.

    Parameters
    ----------
    clause, better
        By what they are compared.
    table
        One row an option, the least largest regret first: `option`, `largest`, `mean`
        (missing where some value is not known) and `unknown`, in how many pairs of a
        population and a condition.
    least, expected
        The option whose largest regret is least, and the one with the best mean; of equals
        the one that is ranked before; None where nothing is known.
    """

    clause: str
    better: str
    table: pd.DataFrame
    least: int | None
    expected: int | None


def compared(
    whole: Summary, options: Options
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str], tuple[Regretted, ...]]:
    """Rank the options, weigh them, and give their regret.

    The ranking has `option`, `holds`, `fails`, `unknown` and `share_holds` (of all clauses
    that are counted together, over populations, conditions and variants), `held` (how many of
    the clauses that can move hold, on average), `open` where the number of open sites differs,
    `<clause>.share` of each clause that holds more often under one option than under another,
    and for each measure its mean and worst value over populations and conditions:
    `<clause>.mean` and `<clause>.worst`. The option in which all hold most often comes first;
    of equals that with the most clauses, then that with the better mean of the first measure.
    Numbers are rounded to 9 places: sums in another order may differ in later ones.
    """
    counts = whole.whole.joint_by_plan.sum(axis=0)[options.plans].sum(axis=1)
    columns: dict[str, Floats | Ints] = {
        "option": np.arange(len(options)),
        "holds": counts[:, HOLDS],
        "fails": counts[:, FAILS],
        "unknown": counts[:, NOT_COMPUTABLE],
        "share_holds": counts[:, HOLDS] / counts.sum(axis=1),
    }
    each = whole.whole.by_plan.counts.sum(axis=1)[:, options.plans].sum(axis=2)
    shares = each[..., HOLDS] / each.sum(axis=-1)
    columns["held"] = shares.sum(axis=0)
    weighed = {"share_holds": "higher", "held": "higher"}
    if options.open_sites is not None:
        columns["open"] = options.open_sites
        weighed["open"] = "lower"
    for clause, share in zip(whole.product.clauses, shares, strict=True):
        if np.ptp(share) > 0:
            columns[f"{clause.name}.share"] = share
    measures = _ordered(whole)
    for measure in measures:
        mean, worst = _statistics(whole, measure, options)
        columns |= {f"{measure.clause}.mean": mean, f"{measure.clause}.worst": worst}
    table = pd.DataFrame(columns).round(_PLACES)
    order = [-table["share_holds"].to_numpy(), -table["held"].to_numpy()]
    for measure in measures[:1]:
        sign = 1.0 if measure.better == "lower" else -1.0
        order.append(sign * table[f"{measure.clause}.mean"].to_numpy())
        weighed |= {f"{measure.clause}.{what}": measure.better for what in ("mean", "worst")}
    table = table.iloc[np.lexsort(order[::-1])].reset_index(drop=True)
    weighed = {name: better for name, better in weighed.items() if table[name].nunique() > 1}
    rank = np.empty(len(table), dtype=np.int64)
    rank[table["option"].to_numpy()] = np.arange(len(table))
    return table, _unbeaten(table, weighed), weighed, tuple(_regrets(whole, options, rank))


def _ordered(whole: Summary) -> list[Measure]:
    """Give the measures, response times before service radii."""
    return sorted(whole.product.measures, key=lambda measure: measure.better != "lower")


def _unbeaten(table: pd.DataFrame, weighed: dict[str, str]) -> pd.DataFrame:
    if not weighed:
        return table.head(0)
    signs = [1.0 if better == "lower" else -1.0 for better in weighed.values()]
    return table[pareto(table[[*weighed]].to_numpy(dtype=float) * signs)].reset_index(drop=True)


def _statistics(whole: Summary, measure: Measure, options: Options) -> tuple[Floats, Floats]:
    """Give a measure's mean and worst value over populations and conditions, by option."""
    mean = whole.statistic(measure)[options.plans].mean(axis=1)
    worst = whole.statistic(measure, "worst")[options.plans]
    return mean, worst.max(axis=1) if measure.better == "lower" else worst.min(axis=1)


def _regrets(whole: Summary, options: Options, rank: Ints) -> list[Regretted]:
    populations, plans, _ = whole.product.shape
    several = options.conditions > 1
    if len(options) < 2 or (several and populations * plans > MOST_PAIRS):
        return []
    found = []
    for measure in _ordered(whole):
        table = _under_each(whole, measure, options) if several else whole.regret(measure)
        table = table.rename(columns={"plan": "option"}).round(_PLACES)
        mean = np.round(_statistics(whole, measure, options)[0], _PLACES)
        cost = mean if measure.better == "lower" else -mean
        ordered = table.iloc[
            np.lexsort([rank, table["mean"].to_numpy(), table["largest"].to_numpy()])
        ]
        least = None if table["largest"].isna().all() else int(ordered["option"].iloc[0])
        expected = None if np.isnan(cost).all() else int(np.lexsort([rank, cost])[0])
        found.append(
            Regretted(
                measure.clause, measure.better, ordered.reset_index(drop=True), least, expected
            )
        )
    return found


def _under_each(whole: Summary, measure: Measure, options: Options) -> pd.DataFrame:
    """Give regret against the best option under the same condition: a product a condition."""
    from threadpoolctl import threadpool_limits

    clause = whole.product.clauses[whole.product.number(measure.clause)]
    asked = replace(measure, variant=0)
    tables = []
    with threadpool_limits(1, user_api="blas"):
        for plans in options.plans.T:
            rows = tuple(_only(row, plans, measure.variant) for row in clause.rows)
            small = Product((Clause(clause.name, rows),), measures=(asked,))
            tables.append(Summary(small, summarise(small, block=1024)).regret(asked))
    return pd.DataFrame(
        {
            "plan": tables[0]["plan"],
            "largest": np.max([table["largest"] for table in tables], axis=0),
            "mean": np.mean([table["mean"] for table in tables], axis=0),
            "unknown": np.sum([table["unknown"] for table in tables], axis=0),
        }
    )


def _only(row: Row, plans: Ints, variant: int) -> Row:
    """Give a row of some plans and one variant."""
    bounds = row.bounds[variant : variant + 1]
    if isinstance(row, Ratio):
        above, _, below, _ = row.arrays
        return replace(row, above_plan=above[plans], below_plan=below[plans], bounds=bounds)
    return replace(
        row, fields=(row.fields[row.field_of[variant]][plans],), field_of=(0,), bounds=bounds
    )


def open_or_closed(whole: Summary, plans: Side) -> pd.DataFrame:
    """Say how plans with a site open fare against those with it closed.

    Returns
    -------
    pandas.DataFrame
        One row a site that is open in some plans only: `site`, `open_in` (plans), and with it
        open and closed (`…_open`, `…_closed`): `joint`, the share of scenarios in which all
        clauses hold that are counted together; `held`, how many clauses hold on average; and
        `mean`, the mean of the first response time, or else service radius (NaN where a
        scenario is not known). The one that matters most is first.
    """
    counts = whole.whole.joint_by_plan.sum(axis=0)
    each = whole.whole.by_plan.counts.sum(axis=1)
    measures = _ordered(whole)
    figures = {
        "joint": counts[:, HOLDS] / counts.sum(axis=1),
        "held": (each[..., HOLDS] / each.sum(axis=-1)).sum(axis=0),
        "mean": whole.statistic(measures[0]) if measures else np.full(len(plans), np.nan),
    }
    ends = [f"{name}_{end}" for name in figures for end in ("open", "closed")]
    lines = []
    for k, factor in enumerate(plans.batch.factors):
        is_open = plans.batch.values[:, k] > 0
        if factor.kind == "site" and 0 < is_open.sum() < len(is_open):
            pairs = [(v[is_open].mean(), v[~is_open].mean()) for v in figures.values()]
            means = dict(zip(ends, (one for pair in pairs for one in pair), strict=True))
            lines.append({"site": factor.names[0], "open_in": int(is_open.sum()), **means})
    table = pd.DataFrame(lines, columns=["site", "open_in", *ends]).round(_PLACES)
    apart = [
        -(table[f"{name}_closed"] - table[f"{name}_open"]).abs().fillna(0.0).round(_PLACES)
        for name in figures
    ]
    return table.iloc[np.lexsort(apart[::-1])].reset_index(drop=True)
