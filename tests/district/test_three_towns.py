"""The figures of tests/data/three_towns/README.md."""

from pathlib import Path

import numpy as np
import pytest

from resalloc.district import District, read_district, travel_between

FOLDER = Path(__file__).parents[1] / "data" / "three_towns"


@pytest.fixture(scope="module")
def towns() -> District:
    return read_district(FOLDER)


@pytest.mark.parametrize(
    ("series", "total"),
    [
        ("residents", 100_000),
        ("children_0_14", 20_000),
        ("aged_65_plus", 16_000),
        ("urban_residents", 50_000),
        ("rural_residents", 50_000),
        ("villages", 40),
    ],
)
def test_people_of_2020(towns: District, series: str, total: float):
    assert towns.total(series, 2020) == total


def test_between_known_years_the_line_holds_and_outside_nothing_is_known(towns: District):
    assert towns.total("residents", 2022) == pytest.approx(104_000)
    assert np.isnan(towns.series("residents", 2026)).all()
    assert np.isnan(towns.series("residents", 2019)).all()
    assert np.isnan(towns.series("smi_patients", 2020)).all()


def test_residents_at_the_points(towns: District):
    people = towns.point_residents(2020)
    assert people.tolist() == [40_000, 10_000, 15_000, 15_000, 10_000, 10_000]
    assert people[towns.points["place_class"] == "urban"].sum() == 40_000


def test_beds_and_staff(towns: District):
    assert towns.providers()["beds_authorised"].sum() == 400
    assert towns.providers()["beds_planned"].sum() == 520
    staff = towns.staff.groupby("cadre")["count"].sum()
    whole = ["physician", "nurse", "allied", "public_health", "other"]
    assert staff[whole].tolist() == [260, 300, 50, 0, 50]
    assert staff["gp"] == 35


def test_what_is_not_given_is_unknown(towns: District):
    icu = towns.beds[towns.beds["kind"] == "icu"]
    assert icu["institution"].tolist() == ["县人民医院"]
    assert towns.institutions["fever_tier"].isna().tolist() == [False, False, False, True]
    assert towns.unlisted.empty


def test_mean_drives_are_those_worked_out_by_hand(towns: District):
    people = towns.point_residents(2020)
    minutes = towns.travel.travel_min

    def mean(sites: list[int]) -> float:
        return float((minutes[:, sites].min(axis=1) * people).sum() / people.sum())

    assert mean([0]) == pytest.approx(10.65)
    assert mean([0, 1, 2, 3]) == pytest.approx(3.2)
    assert mean([0, 2, 3]) == pytest.approx(3.4)


def test_given_kilometres_are_the_straight_line(towns: District):
    modelled = travel_between(towns.points, towns.sites, towns.assumptions)
    np.testing.assert_allclose(towns.travel.distance_km, modelled.distance_km, atol=0.0051)
    rural = (towns.points["place_class"] == "rural").to_numpy()
    near = (towns.travel.distance_km[:, 0] <= 10) & rural
    assert towns.point_residents(2020)[near].sum() == 10_000
