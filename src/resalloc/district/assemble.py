"""From checked tables and settings to a district: what is given is kept, the rest modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from resalloc.district.authorised import fill_authorised_beds
from resalloc.district.basis import (
    COMPLETE,
    POPULATION,
    POPULATION_EVEN,
    POPULATION_KEPT,
    POPULATION_LEFT,
    TOTAL,
)
from resalloc.district.beds import model_beds
from resalloc.district.district import District
from resalloc.district.places import (
    Frames,
    ambulance_sites,
    by_township,
    demand_points,
    locate,
    travel_of,
)
from resalloc.district.population import COLUMNS as POPULATION_COLUMNS
from resalloc.district.population import model_population
from resalloc.district.staff import model_fleet, model_staff, model_supply
from resalloc.district.tables import TABLES
from resalloc.errors import one_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.district.assumptions import Assumptions
    from resalloc.district.settings import PopulationTotals, Settings


def assemble(
    settings: Settings,
    frames: Frames,
    assumptions: Assumptions,
    replacing: Mapping[str, float | str] | None = None,
) -> District:
    """Build a district.

    Parameters
    ----------
    settings
        What ``district.toml`` says.
    frames
        Checked tables by name. A table that is given is used as it is; one that
        is not is modelled from the totals in `settings`, or left empty.
    assumptions
        Defaults; the settings' own replace them.
    replacing
        The user's own values, over all others.

    Raises
    ------
    InputError
        Figures contradict each other or what modelling needs is missing.
    """
    assumptions = _assumptions(settings, assumptions).replace(replacing or {})
    year = settings.district.base_year
    townships = frames["townships"].set_index("township")
    population = _population(settings, frames, townships, assumptions)
    figures = population[population["year"] == year].groupby("series")["value"].sum(min_count=1)

    def base(of: str) -> float:
        if of == "beds":
            return float(providers["beds_authorised"].sum())
        if of not in figures or pd.isna(figures[of]):
            raise one_fault(
                "district.toml", f"a rate is of '{of}', not known in {year}.", "Give its total."
            )
        return float(figures[of])

    institutions = locate(frames["institutions"], townships)
    unlisted = locate(_given("unlisted", frames), townships)
    institutions, unlisted, shared = fill_authorised_beds(
        institutions, unlisted, settings.beds.authorised, base
    )
    providers = pd.concat([institutions, unlisted[institutions.columns]])
    sites = ambulance_sites(frames, providers, townships)
    beds = _given("beds", frames)
    if "beds" not in frames:
        beds = model_beds(providers, settings.beds, base, shared)
    staff = _given("staff", frames)
    if "staff" not in frames:
        staff = model_staff(providers, settings.staff, base)
    fleet = _given("fleet", frames)
    if "fleet" not in frames:
        fleet = model_fleet(sites, providers, settings.fleet, base)
    residents = by_township(population, townships, "residents", year)
    supply = _given("supply", frames)
    if "supply" not in frames and settings.supply:
        supply = model_supply(residents, settings.supply, base)
    equipment = _given("equipment", frames)
    if settings.equipment_complete:
        equipment = _complete(equipment, providers)
    boundaries = frames.get("boundaries")
    neighbours = frames.get("neighbours")
    points = demand_points(frames, townships, population, assumptions, year)
    return District(
        id=settings.district.id,
        name=settings.district.name,
        name_en=settings.district.name_en,
        base_year=year,
        townships=townships[_kept(townships)],
        population=population,
        institutions=institutions,
        unlisted=unlisted,
        beds=beds,
        staff=staff,
        supply=supply,
        equipment=equipment,
        fleet=fleet,
        measures=_given("measures", frames),
        points=points,
        sites=sites,
        travel=travel_of(frames, points, sites, assumptions, settings.district.travel_basis),
        assumptions=assumptions,
        boundaries=boundaries,
        neighbours=neighbours,
        sources_zh=settings.sources_zh,
    )


def _assumptions(settings: Settings, assumptions: Assumptions) -> Assumptions:
    terrain = settings.district.terrain
    if terrain is not None:
        detour = assumptions[f"travel.detour_{terrain}"]
        change = {"travel.detour": assumptions.value(detour.key)}
        assumptions = assumptions.replace(
            change,
            source=f"terrain {terrain}: {detour.source}",
            source_zh=f"{detour.zh}；{detour.source_in('zh')}",
        )
    name = f"district.toml of {settings.district.id}"
    name_zh = f"{settings.district.name}的 district.toml"
    return assumptions.replace(settings.assumptions, source=name, source_zh=name_zh)


def _given(name: str, frames: Frames) -> pd.DataFrame:
    """Give a table of the user's, or an empty one; an empty basis becomes ``given``."""
    table = TABLES[name]
    frame = frames[name].copy() if name in frames else _empty(name)
    if "basis" in frame:
        frame["basis"] = frame["basis"].fillna("given")
    return frame.reset_index(drop=True)[table.names()]


def _empty(name: str) -> pd.DataFrame:
    dtypes = {"text": "str", "yes_no": "boolean", "year": "int64"}
    return pd.DataFrame(
        {c.name: pd.Series(dtype=dtypes.get(c.holds, "float64")) for c in TABLES[name].columns}
    )


def _kept(townships: pd.DataFrame) -> list[str]:
    return [name for name in TABLES["townships"].names() if name in townships]


def _population(
    settings: Settings, frames: Frames, townships: pd.DataFrame, assumptions: Assumptions
) -> pd.DataFrame:
    if "population" in frames:
        return _given("population", frames)
    totals = settings.population
    if totals is not None:
        frame = model_population(
            townships,
            totals.totals,
            census=totals.census,
            groups=totals.groups,
            split=totals.split,
            urban_cap=assumptions.value("population.urban_cap"),
        )
        frame["basis"] = [
            _population_basis(how, year, totals)
            for how, year in zip(frame["basis"], frame["year"], strict=True)
        ]
        return frame
    parts = []
    for column in townships.columns.difference(TABLES["townships"].names(), sort=False):
        series, _, known_year = str(column).rpartition("_")
        part = townships[column].dropna()
        parts.append(
            pd.DataFrame(
                {
                    "township": part.index,
                    "year": int(known_year),
                    "series": "residents" if series == "population" else series,
                    "value": part.to_numpy(float),
                    "basis": "given",
                }
            )
        )
    if not parts:
        column = f"population_{settings.district.base_year}"
        remedy = f"Add a column {column}, or totals under [population] in district.toml."
        raise one_fault("townships.csv", "there is no population.", remedy)
    return pd.concat(parts, ignore_index=True)[POPULATION_COLUMNS]


def _population_basis(how: str, year: int, totals: PopulationTotals) -> str:
    """Say where residents are from; `how` is as :func:`model_population` tells it."""
    source = totals.sources.get(str(year), TOTAL.text())
    if how == "known":
        return f"printed: {totals.printed[str(year)]}" if str(year) in totals.printed else "given"
    if how == "kept":
        before = max(y for y in totals.totals["residents"] if y < year)
        return POPULATION_KEPT.text(source=source, year=before)
    if how == "even":
        return POPULATION_EVEN.text(source=source)
    told = POPULATION_LEFT if how == "left" else POPULATION
    return told.text(source=source, census=totals.census)


def _complete(equipment: pd.DataFrame, providers: pd.DataFrame) -> pd.DataFrame:
    """Add zeros for the providers without a row: the table is known to be complete."""
    pairs = pd.MultiIndex.from_product([providers.index, pd.unique(equipment["type"])])
    known = pd.MultiIndex.from_frame(equipment[["institution", "type"]])
    others = pairs.difference(known, sort=False)
    zeros = pd.DataFrame(
        {
            "institution": others.get_level_values(0),
            "type": others.get_level_values(1),
            "count": 0.0,
            "basis": COMPLETE.text(),
        }
    )
    return pd.concat([equipment, zeros], ignore_index=True)
