"""Where things stand: providers, sites and demand points, given or modelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.district.basis import SEAT
from resalloc.district.cells import given_cells, schematic_cells
from resalloc.district.demand import disaggregate
from resalloc.district.travel import (
    Travel,
    nearest_townships,
    travel_between,
    travel_from_matrix,
)
from resalloc.errors import one_fault
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.district.assumptions import Assumptions

Frames = Mapping[str, pd.DataFrame]


def locate(frame: pd.DataFrame, townships: pd.DataFrame) -> pd.DataFrame:
    """Index providers by name; those without a position stand at their township's seat."""
    names = [name for name in frame.columns if name != "institution"]
    names = [name for name in names if not name.startswith("population_")]
    placed = frame.set_index("institution")[names].copy()
    away = placed["lon"].isna() | placed["lat"].isna()
    placed["position_basis"] = placed["position_basis"].fillna(
        pd.Series(np.where(away, SEAT.text(), "given"), index=placed.index)
    )
    for name in ("lon", "lat"):
        seats = townships[name].reindex(placed["township"]).to_numpy(float)
        placed[name] = np.where(away, seats, placed[name].to_numpy(float))
    return placed


def ambulance_sites(
    frames: Frames, providers: pd.DataFrame, townships: pd.DataFrame
) -> pd.DataFrame:
    """Give the sites: those of the table, else each institution that may be a station.

    ``candidates.csv`` adds places without an institution; one without a township is of
    the township whose seat is nearest.
    """
    if "sites" in frames:
        sites = frames["sites"].set_index("site")
        sites["candidate"] = sites["candidate"].fillna(False).astype(bool)
    else:
        kinds = vocabulary().list("institution_kind")
        hosts = providers[[bool(kinds[kind].extra["ems"]) for kind in providers["kind"]]]
        sites = hosts[["township", "lon", "lat"]].assign(candidate=False)
        sites.insert(0, "institution", pd.Series(hosts.index, index=hosts.index, dtype="str"))
        sites.index.name = "site"
        if "candidates" in frames:
            more = frames["candidates"].set_index("site").assign(candidate=True)
            nearest = pd.Series(nearest_townships(more, townships), index=more.index)
            more["township"] = more["township"].fillna(nearest)
            more.insert(0, "institution", pd.Series(np.nan, index=more.index, dtype="str"))
            sites = pd.concat([sites, more])
        sites["place_class"] = pd.Series(np.nan, index=sites.index, dtype="str")
    street = (townships["kind"] == "street").reindex(sites["township"]).fillna(False)
    default = pd.Series(np.where(street, "urban", "rural"), index=sites.index, dtype="str")
    sites["place_class"] = sites["place_class"].fillna(default)
    return sites


def by_township(
    population: pd.DataFrame, townships: pd.DataFrame, series: str, year: int
) -> pd.Series:
    """Give a series of one year by township, in their order; NaN where unknown."""
    own = population[(population["series"] == series) & (population["year"] == year)]
    return own.set_index("township")["value"].reindex(townships.index)


def demand_points(
    frames: Frames,
    townships: pd.DataFrame,
    population: pd.DataFrame,
    assumptions: Assumptions,
    year: int,
) -> pd.DataFrame:
    """Give the demand points: those of the table, else modelled inside the cells."""
    if "points" in frames:
        points = frames["points"].set_index("point")
        points["seat"] = points["seat"].fillna(False).astype(bool)
        points["label"] = points["label"].fillna(pd.Series(points.index, index=points.index))
        return points
    residents = by_township(population, townships, "residents", year)
    unknown = residents.index[residents.isna()]
    if len(unknown):
        raise one_fault(
            "townships.csv",
            f"no residents in {year} for {', '.join(map(str, unknown))}.",
            "Give them, or the demand points in points.csv.",
        )
    share = by_township(population, townships, "urban_residents", year) / residents
    street = townships["kind"] == "street"
    usual = np.where(
        street,
        assumptions.value("population.urban_share_street"),
        assumptions.value("population.urban_share_town"),
    )
    share = share.fillna(pd.Series(usual, index=townships.index)).clip(0, 1)
    if "boundaries" in frames:
        cells = given_cells(townships, frames["boundaries"])
    else:
        edge = assumptions.value("demand.edge_km")
        cells = schematic_cells(townships, edge, frames.get("neighbours"))
    return disaggregate(townships, residents, share, cells, assumptions)


def travel_of(
    frames: Frames,
    points: pd.DataFrame,
    sites: pd.DataFrame,
    assumptions: Assumptions,
    basis: str,
) -> Travel:
    """Give travel: the user's matrix, whose `basis` is told, else modelled."""
    if "travel" not in frames:
        return travel_between(points, sites, assumptions)
    if "points" not in frames:
        what = "a matrix needs the points it is of."
        raise one_fault("travel.csv", what, "Give them in points.csv.")
    return travel_from_matrix(frames["travel"], points, sites, basis or "given: travel.csv")
