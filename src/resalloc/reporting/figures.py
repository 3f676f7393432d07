"""The figures of a report, once: today's and the plan's, by place. Pages and files read these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

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
        names = of.axes[1].labels if len(of.axes) > 1 else (block,)
        values = values.reshape(of.shape[0], len(names)) + 0.0
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
        """Give residents by township, in whole people."""
        district = self.problem.district
        year = self.plan_year if planned else self.base_year
        people = pd.Series(district.series("residents", year), index=district.townships.index)
        return whole_people(people)

    def by_township(self, values: pd.Series) -> pd.Series:
        """Add up what is known of institutions' figures by the township they stand in.

        NaN where that is nothing and more is not known; 0 where no institution stands.
        """
        summed = values.groupby(self._homes).sum()
        summed = summed.mask((summed == 0) & values.isna().groupby(self._homes).any())
        index = self.problem.district.townships.index
        return summed.reindex(index).where(index.isin(list(self._homes)), 0.0)

    def partly_known(self, values: pd.Series) -> pd.Series:
        """Say by township whether more of a figure is there than is known."""
        unknown = values.isna().groupby(self._homes).any()
        more = unknown.reindex(self.problem.district.townships.index, fill_value=False)
        return more & self.by_township(values).notna()

    @property
    def _homes(self) -> pd.Series:
        return self.problem.district.providers()["township"]

    def health_workers(self, *, planned: bool) -> pd.Series:
        """Give all health workers by institution."""
        staff = self.table("staff", planned=planned)
        return staff[list(vocabulary().top_cadres())].sum(axis=1, skipna=False)

    def primary_workers(self, *, planned: bool) -> pd.Series:
        """Give the health workers of primary care by institution; others have none."""
        primary = in_group(self.problem.district.providers(), "primary_care")
        return self.health_workers(planned=planned).where(primary, 0.0)

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


def whole_people(people: pd.Series) -> pd.Series:
    """Round residents to whole people so that they add up to the rounded total.

    Examples
    --------
    >>> whole_people(pd.Series([1.4, 2.4, 3.2])).tolist()
    [2.0, 2.0, 3.0]
    """
    if people.isna().any():
        return pd.Series(people.round())
    down = np.floor(people + 1e-6)
    more = round(float(people.sum() - down.sum()))
    down.loc[(people - down).nlargest(more).index] += 1.0
    return pd.Series(down)


def _nearest(matrix: Floats, is_open: pd.Series) -> Floats:
    if is_open.isna().any() or not (is_open > ON).any():
        return np.full(len(matrix), np.nan)
    return np.asarray(matrix[:, (is_open > ON).to_numpy()].min(axis=1))
