import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.district.geo import gcj02_to_wgs84, looks_gcj02, wgs84_to_gcj02
from resalloc.sphere import great_circle_km

LON, LAT = st.floats(74, 134), st.floats(18, 53)


@given(LON, LAT)
@settings(deadline=None)
def test_the_shift_taken_back_is_exact_to_a_centimetre(lon: float, lat: float):
    back = gcj02_to_wgs84(*wgs84_to_gcj02(lon, lat))
    assert great_circle_km(lon, lat, *back) < 1e-5


def test_the_shift_in_chongqing_is_a_few_hundred_metres():
    shift = 1000 * great_circle_km(106.05, 29.85, *wgs84_to_gcj02(106.05, 29.85))
    assert 300 < shift < 600


def test_a_known_pair_in_beijing():
    """Tiananmen: 116.3912, 39.9073 in WGS84 is 116.3974, 39.9087 in GCJ-02."""
    np.testing.assert_allclose(wgs84_to_gcj02(116.3912, 39.9073), (116.3974, 39.9087), atol=1e-4)


def test_abroad_nothing_is_shifted():
    np.testing.assert_array_equal(wgs84_to_gcj02(2.35, 48.85), (2.35, 48.85))


def test_places_at_their_points_or_scattered_about_them_are_not_suspected():
    rng = np.random.default_rng(0)
    lon, lat = 106 + rng.random(40) / 5, 29.8 + rng.random(40) / 5
    assert not looks_gcj02(lon, lat, lon, lat)
    scattered = lon + rng.normal(0, 0.004, 40), lat + rng.normal(0, 0.004, 40)
    assert not looks_gcj02(*scattered, lon, lat)
    assert looks_gcj02(*wgs84_to_gcj02(lon, lat), lon, lat)
