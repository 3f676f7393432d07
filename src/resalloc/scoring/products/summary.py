"""The summary of a whole product as tables: by clause, plan, population; Pareto and regret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from resalloc.errors import one_fault
from resalloc.scoring.products.pareto import pareto
from resalloc.scoring.products.partial import FAILS, HOLDS, NOT_COMPUTABLE, Tally
from resalloc.scoring.products.product import BINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.products.partial import Partial
    from resalloc.scoring.products.product import Measure, Product

Statistic = Literal["mean", "worst"]
QUANTILES = (0.05, 0.5, 0.95)
ALL = "all"
"""What stands in the column `variant` for all of them together."""


@dataclass(frozen=True, eq=False)
class Summary:
    """What can be said of a product from the summary of all its blocks.

    Shares are of all scenarios; those that are not computable are counted beside, and are
    neither pass nor fail. Populations and plans go by their number, from 0.

    Parameters
    ----------
    product
        What was asked.
    whole
        All blocks, merged.

    Raises
    ------
    InputError
        `whole` does not hold every population.

    Examples
    --------
    >>> from resalloc.scoring.products import Clause, Product, Ratio, summarise
    >>> beds = Ratio([300.0, 400.0], None, None, [5e4], ">=", [7.0], scale=1000)
    >>> product = Product((Clause("beds", (beds,)),))
    >>> table = Summary(product, summarise(product, compiled=False)).clauses()
    >>> table[["clause", "holds", "fails", "least", "mean", "worst_plan"]].values.tolist()
    [['beds', 1, 1, 6.0, 7.0, 0]]
    """

    product: Product
    whole: Partial

    def __post_init__(self) -> None:
        populations, plans, variants = self.product.shape
        whole = (self.whole.low, self.whole.high) == (0, populations)
        if not whole:
            what = f"hold populations {self.whole.low} to {self.whole.high} of {populations}."
            raise one_fault("the blocks", what, "Merge all of them first.")
        if self.whole.by_plan.total.shape != (len(self.product.clauses), variants, plans):
            raise one_fault("the blocks", "belong to another product.", "Give its own.")

    def clauses(self, quantiles: Sequence[float] = QUANTILES) -> pd.DataFrame:
        """Give a line for every clause and variant, and one for all variants together.

        `quantile_…` are within `tolerance` of the exact ones; least, mean and most are exact.
        `worst_excess` is how far the worst scenario is beyond its bound, as a share of the
        bound; where it is negative, all hold.
        """
        lines = []
        several = len(self.product.variants) > 1
        for k in range(len(self.product.clauses)):
            for n, variant in enumerate(self.product.variants):
                lines.append(self._line(k, [n], variant, quantiles))
            if several:
                every = list(range(len(self.product.variants)))
                lines.append(self._line(k, every, ALL, quantiles))
        return pd.DataFrame(lines)

    def plans(self) -> pd.DataFrame:
        """Give a line for every clause, variant and plan, over all populations."""
        return self._long(self.whole.by_plan, "plan")

    def populations(self) -> pd.DataFrame:
        """Give a line for every clause, variant and population, over all plans."""
        return self._long(self.whole.by_population, "population")

    def joint(self) -> pd.DataFrame:
        """Give for every variant and plan in how many populations all chosen clauses hold.

        `not_computable` counts those where none fails but some cannot be computed.
        """
        return self._counted(self.whole.joint_by_plan, "plan")

    def joint_populations(self) -> pd.DataFrame:
        """Give for every variant and population for how many plans all chosen clauses hold."""
        return self._counted(self.whole.joint_by_population, "population")

    def joint_share(self) -> float:
        """Give the share of all scenarios in which all chosen clauses hold."""
        return float(self.whole.joint_by_plan[..., HOLDS].sum() / self.product.scenarios)

    def pareto(self, wanted: Sequence[tuple[Measure, Statistic]]) -> pd.DataFrame:
        """Give the plans that no other plan beats on every indicator, with their values.

        A plan with a scenario that is not computable has no statistic and is left out.

        Parameters
        ----------
        wanted
            Measures, each with the statistic over populations that counts: ``"mean"``, or
            ``"worst"`` (the greatest where lower is better).

        Raises
        ------
        KeyError
            There is no such clause.
        """
        columns = {
            f"{measure.clause}, {self.product.variants[measure.variant]}, {statistic}": (
                self.statistic(measure, statistic),
                measure.better,
            )
            for measure, statistic in wanted
        }
        if not columns:
            raise one_fault("indicators", "are none.", "Give at least one.")
        costs = [value if better == "lower" else -value for value, better in columns.values()]
        found = np.flatnonzero(pareto(np.column_stack(costs)))
        values = {name: value[found] for name, (value, _) in columns.items()}
        return pd.DataFrame({"plan": found, **values})

    def statistic(self, measure: Measure, statistic: Statistic = "mean") -> Floats:
        """Give a measure's mean or worst value over populations, by plan.

        NaN where a scenario is not computable: what is not known is not left out.

        Raises
        ------
        InputError
            The statistic is not one of these.
        """
        if statistic not in ("mean", "worst"):
            raise one_fault("statistic", f"is '{statistic}'.", "Write mean or worst.")
        k, n, plans = self.product.number(measure.clause), measure.variant, self.whole.by_plan
        worst = plans.most if measure.better == "lower" else plans.least
        value = plans.mean[k, n] if statistic == "mean" else worst[k, n]
        return np.where(plans.counts[k, n, :, NOT_COMPUTABLE] > 0, np.nan, value)

    def regret(self, measure: Measure) -> pd.DataFrame:
        """Give each plan's largest and mean regret over populations.

        ::

            regret[p, c] = value[p, c] − best value of any plan for p     where lower is better

        Savage (1951), The theory of statistical decision, Journal of the American Statistical
        Association 46(253). `unknown` counts the populations where a plan's value, or every
        plan's, is no number; its regret is then NaN, for it might be any.

        Raises
        ------
        KeyError
            The product was not asked for regret by this measure.
        """
        if measure not in self.product.measures:
            raise KeyError(measure)
        number, found = self.product.measures.index(measure), self.whole.regret
        unknown = found.unknown[number]
        mean = found.total[number] / self.product.shape[0]
        return pd.DataFrame(
            {
                "plan": np.arange(len(unknown)),
                "largest": np.where(unknown > 0, np.nan, found.largest[number]),
                "mean": np.where(unknown > 0, np.nan, mean),
                "unknown": unknown,
            }
        )

    def least_regret(self, measure: Measure) -> int | None:
        """Give the plan whose largest regret is least (minimax regret); None if none is known.

        The first of equals.
        """
        return _first_least(self.regret(measure)["largest"].to_numpy())

    def best_expected(self, measure: Measure) -> int | None:
        """Give the plan with the best mean over populations, all equally likely; None if none.

        The first of equals.
        """
        mean = self.statistic(measure)
        return _first_least(mean if measure.better == "lower" else -mean)

    def _line(
        self, k: int, which: list[int], variant: str, quantiles: Sequence[float]
    ) -> dict[str, object]:
        people, worst = self.whole.by_population, self.whole.worst
        counts = people.counts[k, which].sum(axis=(0, 1))
        known = int(counts[HOLDS] + counts[FAILS])
        total = float(people.total[k, which].sum())
        least, most = float(people.least[k, which].min()), float(people.most[k, which].max())
        n = which[int(np.argmax(worst.excess[k, which]))]
        some = worst.population[k, n] >= 0
        row = self.product.clauses[k].rows[worst.row[k, n]].name if some else ""
        bins = self.whole.bins[k, which].sum(axis=0)
        low, width = float(self.product.ranges[k, 0]), float(self.product.widths[k])
        return {
            "clause": self.product.clauses[k].name,
            "variant": variant,
            "scenarios": int(counts.sum()),
            **_status(counts),
            "share_holds": counts[HOLDS] / counts.sum(),
            "least": least if known else np.nan,
            "mean": total / known if known else np.nan,
            "most": most if known else np.nan,
            **{f"quantile_{q:g}": _quantile(bins, q, low, width, least, most) for q in quantiles},
            "tolerance": width,
            "worst_excess": worst.excess[k, n] if some else np.nan,
            "worst_variant": self.product.variants[n] if some else "",
            "worst_population": worst.population[k, n],
            "worst_plan": worst.plan[k, n],
            "worst_row": row,
        }

    def _long(self, tally: Tally, axis: str) -> pd.DataFrame:
        clauses, variants, length = tally.total.shape
        names = [clause.name for clause in self.product.clauses]
        known = tally.counts[..., HOLDS] + tally.counts[..., FAILS] > 0
        return pd.DataFrame(
            {
                "clause": np.repeat(names, variants * length),
                "variant": np.tile(np.repeat(self.product.variants, length), clauses),
                axis: np.tile(np.arange(length), clauses * variants),
                **_status(tally.counts.reshape(-1, 3).T),
                "least": np.where(known, tally.least, np.nan).ravel(),
                "mean": tally.mean.ravel(),
                "most": np.where(known, tally.most, np.nan).ravel(),
            }
        )

    def _counted(self, counts: Ints, axis: str) -> pd.DataFrame:
        variants, length, _ = counts.shape
        flat = counts.reshape(-1, 3).T
        return pd.DataFrame(
            {
                "variant": np.repeat(self.product.variants, length),
                axis: np.tile(np.arange(length), variants),
                **_status(flat),
                "share_holds": flat[HOLDS] / flat.sum(axis=0),
            }
        )


def _status(counts: Ints) -> dict[str, Ints]:
    return {
        "holds": counts[HOLDS],
        "fails": counts[FAILS],
        "not_computable": counts[NOT_COMPUTABLE],
    }


def _quantile(
    bins: Ints, share: float, low: float, width: float, least: float, most: float
) -> float:
    """Give the least value that at least a share of all values do not exceed, to a bin."""
    count = int(bins.sum())
    if count == 0:
        return float("nan")
    wanted = max(1, int(np.ceil(share * count)))
    at = int(np.searchsorted(np.cumsum(bins), wanted))
    if at == 0:
        return least
    if at == BINS + 1:
        return most
    return min(max(low + (at - 0.5) * width, least), most)


def _first_least(values: Floats) -> int | None:
    if np.isnan(values).all():
        return None
    return int(np.nanargmin(values))
