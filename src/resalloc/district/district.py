"""A district: its townships, who lives there, its institutions and what they have."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from resalloc.district.basis import JOINED
from resalloc.district.cells import given_cells, schematic_cells
from resalloc.district.tables import SERIES
from resalloc.district.travel import Floats, Travel, nearest_townships, travel_between
from resalloc.errors import Fault, InputError, did_you_mean, one_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.district.assumptions import Assumptions


@dataclass(frozen=True, eq=False)
class District:
    """What a place has. It knows nothing of any plan.

    In long tables a row that is absent means *unknown*, never zero. Every table
    that holds figures says on what basis: ``printed``, ``given`` or ``modelled…``.

    Parameters
    ----------
    id, name, name_en
        What it is called.
    base_year
        Year the figures of today are of.
    townships
        By township: code, kind, lon, lat, committees.
    population
        Long: township, year, series, value, basis.
    institutions
        By institution: kind, level, ownership, township, position, beds, duties.
    unlisted
        The same for providers no table of the plan lists, some taken together.
    beds, staff, equipment, fleet
        Long, by institution and kind, cadre, type or item: count, basis.
    supply
        Long, by township and item: count, basis.
    measures
        Figures the district reports as such: indicator, year, value, basis, source.
    points
        By demand point: township, place_class, lon, lat, share, label, seat.
    sites
        By site where an ambulance may stand: institution, township, lon, lat, candidate,
        place_class.
    travel
        Points by sites.
    assumptions
        Every default in force.
    boundaries
        Boundaries the user gave (township, wkt); None for schematic cells.
    neighbours
        Seats of townships of other districts, which bound the schematic cells.
    sources_zh
        The district's sources in Chinese, by their English text.
    """

    id: str
    name: str
    name_en: str
    base_year: int
    townships: pd.DataFrame
    population: pd.DataFrame
    institutions: pd.DataFrame
    unlisted: pd.DataFrame
    beds: pd.DataFrame
    staff: pd.DataFrame
    supply: pd.DataFrame
    equipment: pd.DataFrame
    fleet: pd.DataFrame
    measures: pd.DataFrame
    points: pd.DataFrame
    sites: pd.DataFrame
    travel: Travel
    assumptions: Assumptions
    boundaries: pd.DataFrame | None = None
    neighbours: pd.DataFrame | None = None
    sources_zh: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = (len(self.points), len(self.sites))
        if self.travel.distance_km.shape != shape:
            raise one_fault(
                "travel",
                f"it is {self.travel.distance_km.shape}, not points by sites {shape}.",
                "Recompute it with travel_between, or bring a matrix of the new places.",
            )

    def providers(self) -> pd.DataFrame:
        """Give all institutions: the listed ones, then the unlisted."""
        if self.unlisted.empty:
            return self.institutions.copy()
        return pd.concat([self.institutions, self.unlisted[self.institutions.columns]])

    def series(self, name: str, year: int) -> Floats:
        """Give a number of people by township in a year.

        Parameters
        ----------
        name
            One of the series of ``population``, or ``villages`` (village committees).
        year
            Between two known years the figure is on the straight line; outside the
            known years it is NaN.

        Returns
        -------
        numpy.ndarray
            In the order of ``townships``; NaN where unknown.

        Raises
        ------
        InputError
            There is no such series.
        """
        if name == "villages":
            return self.townships["n_village_committees"].to_numpy(dtype=float)
        if name not in SERIES:
            where, known_names = f"series '{name}'", [*SERIES, "villages"]
            raise one_fault(where, "there is none.", did_you_mean(name, known_names))
        known = self.population[self.population["series"] == name]
        table = known.pivot(index="township", columns="year", values="value")
        values = np.full(len(self.townships), np.nan)
        for i, township in enumerate(self.townships.index):
            if township in table.index:
                own = table.loc[township].dropna()
                if own.index[0] <= year <= own.index[-1]:
                    values[i] = np.interp(year, own.index.to_numpy(float), own.to_numpy(float))
        return values

    def total(self, name: str, year: int) -> float:
        """Give a series for the whole district; NaN where a township is unknown."""
        return float(self.series(name, year).sum())

    def point_residents(self, year: int) -> Floats:
        """Give the residents at each demand point in a year."""
        residents = pd.Series(self.series("residents", year), index=self.townships.index)
        shares = self.points["share"].to_numpy(dtype=float)
        return np.asarray(shares * residents[self.points["township"]].to_numpy(dtype=float))

    def with_candidates(self, sites: pd.DataFrame | None = None) -> District:
        """Give the district with more sites where an ambulance station may be built.

        Parameters
        ----------
        sites
            With ``name``, ``lon`` and ``lat``, and ``township`` if known; by default
            every demand point that is not a township's seat.

        Returns
        -------
        District
            Travel to the sites that were there stays; to the new ones it is modelled.

        Raises
        ------
        InputError
            A column is missing or a name is taken.
        """
        if sites is None:
            inner = self.points[~self.points["seat"].astype(bool)]
            sites = inner.assign(name="候选·" + inner["label"])
        missing = [name for name in ("name", "lon", "lat") if name not in sites]
        if missing:
            raise one_fault("candidates", f"lack {', '.join(missing)}.", "Add the columns.")
        taken = sites["name"][sites["name"].isin(self.sites.index) | sites["name"].duplicated()]
        if len(taken):
            raise InputError([Fault("candidates", f"'{n}' is taken.", "Rename.") for n in taken])
        seats = self.townships
        spots = sites.assign(
            township=sites["township"] if "township" in sites else nearest_townships(sites, seats)
        )
        street = (seats["kind"] == "street").reindex(spots["township"]).fillna(False).to_numpy()
        added = pd.DataFrame(
            {
                "institution": pd.Series(np.nan, index=spots.index, dtype="str"),
                "township": spots["township"],
                "lon": spots["lon"].astype(float),
                "lat": spots["lat"].astype(float),
                "candidate": True,
                "place_class": np.where(street.astype(bool), "urban", "rural"),
            }
        )
        added.index = pd.Index(spots["name"], name="site", dtype="str")
        new = travel_between(self.points, added, self.assumptions)
        joined = {
            name: np.hstack([getattr(self.travel, name), getattr(new, name)])
            for name in ("distance_km", "travel_min", "road_km")
        }
        basis = self.travel.basis
        if basis != new.basis:
            basis = JOINED.text(source=basis, more=new.basis)
        return replace(
            self, sites=pd.concat([self.sites, added]), travel=Travel(**joined, basis=basis)
        )

    def replace(self, **changes: Any) -> District:
        """Give the same district with some fields changed; travel is not recomputed."""
        return replace(self, **changes)

    def cells(self) -> Any:
        """Give a polygon per township in degrees: given boundaries, else schematic cells.

        Returns
        -------
        geopandas.GeoSeries
            Indexed by township, in WGS84.
        """
        if self.boundaries is not None:
            shapes = given_cells(self.townships, self.boundaries)
        else:
            edge = self.assumptions.value("demand.edge_km")
            shapes = schematic_cells(self.townships, edge, self.neighbours)
        return shapes.to_crs("EPSG:4326")

    def to_geodataframe(self) -> Any:
        """Give the townships with their cells and their people of the base year."""
        import geopandas as gpd

        frame = self.townships.copy()
        for name in SERIES:
            values = self.series(name, self.base_year)
            if not np.isnan(values).all():
                frame[name] = values
        frame["cell_basis"] = "schematic" if self.boundaries is None else "given"
        return gpd.GeoDataFrame(frame, geometry=self.cells())

    @classmethod
    def from_geodataframes(cls, townships: Any, institutions: Any, **options: Any) -> District:
        """Build a district from GeoDataFrames; see :mod:`resalloc.district.frames`."""
        from resalloc.district.frames import district_from_geodataframes

        return district_from_geodataframes(townships, institutions, **options)

    def equals(self, other: District) -> bool:
        """Say whether two districts hold the same figures."""
        return all(
            _same(getattr(self, each.name), getattr(other, each.name)) for each in fields(self)
        )

    def __repr__(self) -> str:
        return (
            f"District({self.id!r}, {self.base_year}: {len(self.townships)} townships, "
            f"{len(self.institutions)} institutions, {len(self.points)} demand points, "
            f"{len(self.sites)} sites)"
        )

    def _repr_html_(self) -> str:
        people = self.total("residents", self.base_year)
        known: Mapping[str, str] = {
            "乡镇 townships": f"{len(self.townships)}",
            f"常住人口 residents {self.base_year}": f"{people:,.0f}",
            "机构 institutions": f"{len(self.institutions)} + {len(self.unlisted)} unlisted",
            "编制床位 authorised beds": f"{self.providers()['beds_authorised'].sum():,.0f}",
            "需求点 demand points": f"{len(self.points)}",
            "站点 sites": f"{len(self.sites)} ({int(self.sites['candidate'].sum())} candidates)",
            "行车 travel": self.travel.basis,
        }
        rows = "".join(
            f'<tr><th style="text-align:left">{key}</th>'
            f'<td style="text-align:left">{escape(value)}</td></tr>'
            for key, value in known.items()
        )
        return f"<p><b>{escape(f'{self.name} {self.name_en}')}</b></p><table>{rows}</table>"


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, pd.DataFrame):
        if not isinstance(other, pd.DataFrame) or list(one.columns) != list(other.columns):
            return False
        try:
            pd.testing.assert_frame_equal(one, other, check_dtype=False, check_exact=True)
        except AssertionError:
            return False
        return True
    if isinstance(one, Travel):
        return isinstance(other, Travel) and one.equals(other)
    return bool(one == other)
