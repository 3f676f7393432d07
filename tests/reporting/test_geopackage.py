"""The GeoPackage has its four layers, in WGS84, with the figures of the result."""

from __future__ import annotations

import geopandas as gpd
import pyogrio

from resalloc.reporting.geopackage import LAYERS


def test_layers_and_crs(district_report, district_result):
    path = district_report / "allocation.gpkg"
    assert [name for name, _ in pyogrio.list_layers(path)] == list(LAYERS)
    district = district_result.problem.district
    counts = {
        "townships": len(district.townships),
        "institutions": len(district.providers()),
        "sites": len(district.sites),
        "demand_points": len(district.points),
    }
    for name, count in counts.items():
        frame = gpd.read_file(path, layer=name)
        assert frame.crs.to_epsg() == 4326
        assert len(frame) == count
        assert frame.geometry.notna().all()


def test_figures(district_report, district_result):
    frame = gpd.read_file(district_report / "allocation.gpkg", layer="institutions")
    providers = district_result.problem.district.providers()
    assert frame["beds_today"].sum() == providers["beds_authorised"].sum()
    assert set(frame["name"]) == set(providers.index)


def test_cells_are_marked_as_schematic(district_report):
    frame = gpd.read_file(district_report / "allocation.gpkg", layer="townships")
    assert set(frame["cell_basis"]) == {"schematic, no boundary"}
    assert frame["residents_today"].sum().round() == 685729
