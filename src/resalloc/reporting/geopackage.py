"""The map as a GeoPackage: townships, institutions, sites and demand points in WGS84."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.reporting.figures import Figures

CRS = "EPSG:4326"
LAYERS = ("townships", "institutions", "sites", "demand_points")


def write_geopackage(f: Figures, path: Path) -> None:
    """Write the four layers; a figure that is not known is empty.

    Parameters
    ----------
    f
        Figures of a result.
    path
        The ``.gpkg`` file; one that is there is replaced.
    """
    import geopandas as gpd

    path.unlink(missing_ok=True)
    frames = (_townships(f), _institutions(f), _sites(f), _points(f))
    for name, frame in zip(LAYERS, frames, strict=True):
        if "geometry" not in frame:
            spots = gpd.points_from_xy(frame.pop("lon"), frame.pop("lat"))
            frame["geometry"] = spots
        shown = gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)
        shown.to_file(path, layer=name, driver="GPKG", engine="pyogrio")


def _townships(f: Figures) -> pd.DataFrame:
    district = f.problem.district
    frame = pd.DataFrame({"name": district.townships.index}, index=district.townships.index)
    frame["kind"] = district.townships["kind"]
    frame["cell_basis"] = "schematic, no boundary" if district.boundaries is None else "given"
    for when, planned in (("today", False), ("plan", True)):
        people = f.residents(planned=planned)
        beds = f.by_township(f.table("beds_total", planned=planned)["beds_total"])
        staff = f.by_township(f.primary_workers(planned=planned))
        reach = f.reach(planned=planned)
        weighted = (
            (reach["minutes"] * reach["residents"]).groupby(reach["township"]).sum(min_count=1)
        )
        frame[f"residents_{when}"] = people
        frame[f"beds_{when}"] = beds
        frame[f"beds_per_1000_{when}"] = 1000 * beds / people
        frame[f"primary_staff_{when}"] = staff
        frame[f"primary_staff_per_1000_{when}"] = 1000 * staff / people
        frame[f"response_min_{when}"] = weighted / reach.groupby("township")["residents"].sum()
        frame[f"farthest_km_{when}"] = reach.groupby("township")["km"].max()
    frame["geometry"] = district.cells()
    return frame.reset_index(drop=True)


def _institutions(f: Figures) -> pd.DataFrame:
    providers = f.problem.district.providers()
    frame = pd.DataFrame({"name": providers.index}, index=providers.index)
    for name in ("kind", "level", "ownership", "township", "position_basis", "lon", "lat"):
        frame[name] = providers[name]
    for when, planned in (("today", False), ("plan", True)):
        frame[f"beds_{when}"] = f.table("beds_total", planned=planned)["beds_total"]
        for block in ("beds", "staff"):
            for kind, values in f.table(block, planned=planned).items():
                frame[f"{block}_{kind}_{when}"] = values
        for block in ("station", "crews", "vehicles"):
            frame[f"{block}_{when}"] = f.by_provider_site(block, planned=planned)
        frame[f"fever_{when}"] = f.fever_tier(planned=planned).replace("?", "")
    return frame.reset_index(drop=True)


def _sites(f: Figures) -> pd.DataFrame:
    sites = f.problem.district.sites
    frame = pd.DataFrame({"name": sites.index}, index=sites.index)
    for name in ("institution", "township", "candidate", "place_class", "lon", "lat"):
        frame[name] = sites[name]
    for when, planned in (("today", False), ("plan", True)):
        for block in ("station", "crewed", "crews", "vehicles"):
            frame[f"{block}_{when}"] = f.table(block, planned=planned)[block]
    return frame.reset_index(drop=True)


def _points(f: Figures) -> pd.DataFrame:
    frame: Any = f.reach(planned=True)
    today = f.reach(planned=False)
    frame = frame.rename(columns={"residents": "residents_plan", "km": "km_plan",
                                  "minutes": "minutes_plan"})  # fmt: skip
    frame["residents_today"] = today["residents"]
    frame["km_today"], frame["minutes_today"] = today["km"], today["minutes"]
    frame.insert(0, "name", frame.index)
    return pd.DataFrame(frame).replace([np.inf, -np.inf], np.nan).reset_index(drop=True)
