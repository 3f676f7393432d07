"""The figures of a report, once: today's and the plan's, by place. Pages and files read these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.rules.cost import cost_rates
from resalloc.rules.response import minutes
from resalloc.rules.scope import in_group
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.problem.columns import Columns, Floats
    from resalloc.problem.problem import Problem
    from resalloc.result.result import Result

ON = 0.5
"""A station, crew or fever clinic is there from this value of its column on."""


@dataclass(frozen=True)
class Figures:
    """Today's figures and those of the last plan year.

    Parameters
    ----------
    problem
        What was solved.
    columns
        Meaning of the two vectors.
    today, plan
        One value per column; NaN where not known.
    planned
        Whether there is a plan; without one `plan` is all NaN.
    """

    problem: Problem
    columns: Columns
    today: Floats
    plan: Floats
    planned: bool

    @property
    def base_year(self) -> int:
        """Year of today's figures."""
        return self.problem.district.base_year

    @property
    def plan_year(self) -> int:
        """The last plan year."""
        return self.problem.years[-1]

    def table(self, block: str, *, planned: bool) -> pd.DataFrame:
        """Give a block as a table: places down, kinds across (one column where there are none).

        What a place may not have is 0, not unknown.
        """
        of = self.columns[block]
        x = self.plan if planned else self.today
        values = x[of.ids[..., -1]]
        if self.planned or not planned:
            values = np.where(np.isnan(values) & (of.upper == 0), 0.0, values)
        values = values.reshape(of.shape[0], -1) + 0.0
        names = of.axes[1].labels if len(of.axes) > 1 else (block,)
        return pd.DataFrame(values, index=list(of.axes[0].labels), columns=list(names))

    def total(self, block: str, *, planned: bool) -> pd.Series:
        """Add a block up by kind; NaN where some are not known and the others are none."""
        return known_sum(self.table(block, planned=planned))

    def by_provider_site(self, block: str, *, planned: bool) -> pd.Series:
        """Give a block of sites by institution; NaN for institutions that are no site."""
        sites = self.problem.district.sites
        values = self.table(block, planned=planned)[block]
        own = values[sites["institution"].notna().to_numpy()]
        own.index = pd.Index(sites["institution"].dropna())
        return own.reindex(self.problem.district.providers().index)

    def residents(self, *, planned: bool) -> pd.Series:
        """Give residents by township."""
        district = self.problem.district
        year = self.plan_year if planned else self.base_year
        return pd.Series(district.series("residents", year), index=district.townships.index)

    def by_township(self, values: pd.Series) -> pd.Series:
        """Add up a figure of institutions by the township they stand in."""
        home = self.problem.district.providers()["township"]
        index = self.problem.district.townships.index
        return values.groupby(home).sum(min_count=1).reindex(index).where(
            home.value_counts().reindex(index).notna(), 0.0
        )  # fmt: skip

    def primary(self) -> pd.Series:
        """Say which institutions are primary care."""
        providers = self.problem.district.providers()
        return pd.Series(in_group(providers, "primary_care"), index=providers.index)

    def health_workers(self, *, planned: bool) -> pd.Series:
        """Give all health workers by institution."""
        staff = self.table("staff", planned=planned)
        return staff[list(vocabulary().top_cadres())].sum(axis=1, skipna=False)

    def fever_tier(self, *, planned: bool) -> pd.Series:
        """Give each institution's fever tier: its id, ``""`` for none, ``"?"`` for unknown."""
        found = {}
        for place, row in self.table("fever", planned=planned).iterrows():
            has = [str(tier) for tier in row.index if row[tier] > ON]
            found[str(place)] = has[0] if has else ("?" if row.isna().any() else "")
        return pd.Series(found)

    def open_sites(self, block: str, *, planned: bool) -> pd.Series:
        """Say by site whether it is a station, or crewed; NaN where not known."""
        values = self.table(block, planned=planned)[block]
        return values.where(values.isna(), (values > ON).astype(float))

    def reach(self, *, planned: bool) -> pd.DataFrame:
        """Give each demand point's residents, km to its nearest station and response minutes.

        NaN where it is not known which sites are stations, or have a crew on duty.
        """
        district = self.problem.district
        year = self.plan_year if planned else self.base_year
        station = self.open_sites("station", planned=planned)
        crewed = self.open_sites("crewed", planned=planned)
        frame = district.points[["township", "place_class", "lon", "lat", "label"]].copy()
        frame["residents"] = district.point_residents(year)
        frame["km"] = _nearest(district.travel.distance_km, station)
        frame["minutes"] = _nearest(minutes(self.problem), crewed)
        return frame

    def cost(self) -> pd.DataFrame:
        """Give capital and running cost of what is added, in 万元, by block of decisions.

        Empty without a plan. What is not known counts as not there, as in
        :func:`resalloc.rules.cost.cost_of`.
        """
        rates = cost_rates(self.problem, self.columns)
        if not self.planned:
            return pd.DataFrame()
        added = np.nan_to_num(self.plan) - np.nan_to_num(self.today)
        years = self.problem.district.assumptions.value("cost.years")
        rows = {}
        for name, block in self.columns.blocks.items():
            ids = block.ids.reshape(-1)
            capital = float(rates.capital[ids] @ added[ids])
            running = float(rates.yearly[ids] @ added[ids]) * years
            if rates.capital[ids].any() or rates.yearly[ids].any():
                rows[name] = {"capital": capital, "running": running}
        return pd.DataFrame.from_dict(rows, orient="index")


def cadres_in_order() -> tuple[str, ...]:
    """Give every cadre, each followed by the cadres counted inside it."""
    words = vocabulary()

    def under(cadre: str) -> tuple[str, ...]:
        return (cadre, *(inner for part in words.parts_of(cadre) for inner in under(part)))

    return tuple(cadre for top in words.top_cadres() for cadre in under(top))


def figures(result: Result) -> Figures:
    """Give the figures of a result."""
    columns = result.rows.columns
    x = np.full(columns.size, np.nan) if result.allocation is None else result.allocation.x
    return Figures(result.problem, columns, columns.today, x, result.allocation is not None)


def known_sum(table: pd.DataFrame) -> pd.Series:
    """Add up what is known of each column; NaN where that is nothing and more is not known.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [1.0, 2.0], "b": [0.0, float("nan")]})
    >>> known_sum(frame).to_dict()
    {'a': 3.0, 'b': nan}
    """
    summed = table.sum(min_count=1)
    return summed.mask((summed == 0) & table.isna().any())


def _nearest(matrix: Floats, is_open: pd.Series) -> Floats:
    if is_open.isna().any() or not (is_open > ON).any():
        return np.full(len(matrix), np.nan)
    return np.asarray(matrix[:, (is_open > ON).to_numpy()].min(axis=1))
