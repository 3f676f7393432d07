from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from resalloc.district import District, read_district
from resalloc.errors import InputError

TOWNS = read_district(Path(__file__).parents[1] / "data" / "three_towns")


def frames() -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """The three towns as a user's maps: polygons and points in metres, other column names."""
    towns = TOWNS.to_geodataframe()[["kind", "geometry"]].assign(pop20=[50_000, 30_000, 20_000])
    places = TOWNS.institutions[["kind", "beds_authorised"]]
    spots = gpd.points_from_xy(TOWNS.institutions["lon"], TOWNS.institutions["lat"])
    points = gpd.GeoDataFrame(places, geometry=spots, crs="EPSG:4326")
    return towns.to_crs(32648), points.to_crs(32648)


def test_a_district_from_maps():
    district = District.from_geodataframes(
        *frames(), id="maps", base_year=2020, residents={2020: "pop20"}
    )
    assert district.total("residents", 2020) == 100_000
    assert district.institutions["township"].tolist() == TOWNS.institutions["township"].tolist()
    np.testing.assert_allclose(district.institutions["lat"], TOWNS.institutions["lat"], atol=1e-6)
    again = district.to_geodataframe()
    assert again.crs == "EPSG:4326"
    assert (again["cell_basis"] == "given").all()
    area = again.to_crs(32648).area
    np.testing.assert_allclose(area, frames()[0].area, rtol=1e-6)


def test_points_serve_as_townships_too():
    towns, places = frames()
    towns["geometry"] = towns.representative_point()
    district = District.from_geodataframes(towns, places, base_year=2020, residents={2020: "pop20"})
    assert district.boundaries is None
    assert len(district.points) > 3


def test_further_tables_are_taken_along():
    district = District.from_geodataframes(
        *frames(), base_year=2020, residents={2020: "pop20"}, tables={"staff": TOWNS.staff}
    )
    assert district.staff["count"].sum() == TOWNS.staff["count"].sum()


def test_a_frame_without_a_coordinate_system_is_refused():
    towns, places = frames()
    with pytest.raises(InputError, match="coordinate system"):
        District.from_geodataframes(
            towns.set_crs(None, allow_override=True), places, base_year=2020
        )


def test_unknown_kinds_in_a_frame_are_named_by_row():
    towns, places = frames()
    places["kind"] = "clinic"
    with pytest.raises(InputError, match=r"institutions\.csv, row 2, column kind"):
        District.from_geodataframes(towns, places, base_year=2020, residents={2020: "pop20"})
