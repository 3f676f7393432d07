"""The bundled district: what is printed comes out again, what is modelled says so."""

import tomllib

import numpy as np
import pandas as pd
import pytest

from resalloc.district import District, read_assumptions, read_district
from resalloc.paths import data_path
from resalloc.vocabulary import vocabulary


@pytest.fixture(scope="module")
def tongliang() -> District:
    return read_district("tongliang")


@pytest.mark.parametrize(
    ("series", "year", "total"),
    [
        ("residents", 2020, 685_729),
        ("residents", 2025, 700_000),
        ("children_0_14", 2020, 111_980),
        ("aged_65_plus", 2020, 143_739),
        ("urban_residents", 2020, 423_008),
        ("rural_residents", 2020, 262_721),
        ("villages", 2020, 266),
    ],
)
def test_totals_are_the_printed_ones(tongliang: District, series: str, year: int, total: float):
    assert tongliang.total(series, year) == pytest.approx(total, rel=1e-12)


def test_children_of_2025_keep_the_shares_of_2020(tongliang: District):
    share = tongliang.series("children_0_14", 2025) / tongliang.series("residents", 2025)
    before = tongliang.series("children_0_14", 2020) / tongliang.series("residents", 2020)
    np.testing.assert_allclose(share, before)


def test_the_three_core_streets_share_their_one_figure_equally(tongliang: District):
    """All three have 16 committees: 208,520 / 3 of 2010, times 685,729 / 600,086."""
    core = tongliang.series("residents", 2020)[:3]
    np.testing.assert_allclose(core, 208_520 / 3 * 685_729 / 600_086)


def test_rows_of_the_plan_are_all_there(tongliang: District):
    """专栏2 prints 1,238 and 专栏3 1,985 existing beds; the rows of 专栏3 sum to 2,015."""
    primary = tongliang.institutions["level"] == "primary"
    beds = tongliang.institutions.groupby(primary)["beds_authorised"].sum()
    assert (primary.sum(), beds[True], beds[False]) == (28, 1238, 2015)


def test_beds_add_up_at_every_institution_and_to_the_printed_rate(tongliang: District):
    providers = tongliang.providers()
    by_kind = tongliang.beds.groupby("institution")["count"].sum().reindex(providers.index)
    np.testing.assert_array_equal(by_kind.fillna(0), providers["beds_authorised"])
    assert providers["beds_authorised"].sum() == 3758
    kinds = tongliang.beds.groupby("kind")["count"].sum()
    assert kinds[["psychiatric", "icu", "rehabilitation"]].tolist() == [186, 34, 219]
    assert "paediatric" not in kinds


def test_beds_are_only_where_the_kind_of_institution_may_hold_them(tongliang: District):
    hosts = vocabulary().list("institution_kind")
    kind = tongliang.providers()["kind"]
    for row in tongliang.beds.itertuples():
        assert row.count == 0 or row.kind in hosts[kind[row.institution]].extra["hosts"]


def test_staff_add_up_to_the_printed_figures(tongliang: District):
    total = tongliang.staff.groupby("cadre")["count"].sum()
    technical = total[["physician", "nurse", "allied"]].sum()
    assert technical == 4606
    assert technical + total["public_health"] + total["other"] == 5866
    cadres = ["gp", "tcm_physician", "psychiatrist", "paediatrician", "clinical_pharmacist"]
    assert total[cadres].tolist() == [307, 658, 17, 13, 8]
    assert "pharmacist" not in total


def test_parts_of_a_cadre_never_exceed_it(tongliang: District):
    table = tongliang.staff.pivot(index="institution", columns="cadre", values="count")
    parts = table[["gp", "tcm_physician", "psychiatrist", "paediatrician"]].sum(axis=1)
    assert (parts <= table["physician"]).all()
    assert (table["clinical_pharmacist"] <= table["allied"]).all()
    assert (table >= 0).all(axis=None)


def test_public_health_staff_are_only_at_public_health_institutions(tongliang: District):
    staff = tongliang.staff[tongliang.staff["cadre"] == "public_health"]
    known = staff[staff["count"] > 0].set_index("institution")["count"]
    assert known.to_dict() == {"铜梁区疾病预防控制中心": 55, "其他专业公共卫生机构（3家合计）": 151}


def test_ambulances_stand_at_every_institution_of_the_network(tongliang: District):
    fleet = tongliang.fleet.set_index("institution")["count"]
    assert fleet.sum() == 51
    assert fleet.min() == 1
    assert set(fleet.index) == set(tongliang.sites.index)


def test_equipment_is_the_printed_table(tongliang: District):
    total = tongliang.equipment.groupby("type")["count"].sum()
    printed = {"pet": 0, "endoscopic_robot": 0, "ct64": 4, "mri15": 3, "linac": 1, "gamma_knife": 0}
    assert total.to_dict() == printed
    assert len(tongliang.equipment) == 35 * 6


def test_every_modelled_figure_says_so(tongliang: District):
    for name in ("population", "beds", "staff", "supply", "fleet"):
        assert getattr(tongliang, name)["basis"].str.startswith("modelled").all(), name
    assert (tongliang.measures["basis"] == "printed").all()
    assert tongliang.travel.basis.startswith("modelled")


def test_measures_are_known_indicators(tongliang: District):
    known = tomllib.loads(data_path("indicators.toml").read_text(encoding="utf-8"))["indicator"]
    for name in tongliang.measures["indicator"]:
        assert name in known


def test_committees_agree_with_the_townships(tongliang: District):
    path = data_path("districts", "tongliang", "committees.csv")
    counted = pd.crosstab(*(pd.read_csv(path)[name] for name in ("township", "kind")))
    counted = counted.reindex(tongliang.townships.index)
    assert (counted["village"] == tongliang.townships["n_village_committees"]).all()
    assert (counted["resident"] == tongliang.townships["n_resident_committees"]).all()


def test_cells_cover_about_the_area_of_the_district(tongliang: District):
    """1,341 km² is general knowledge; the cells are schematic."""
    area = tongliang.cells().to_crs(32648).area.sum() / 1e6
    assert area == pytest.approx(1341, rel=0.01)


def test_no_resident_is_farther_than_a_radius_from_every_institution(tongliang: District):
    """3.5 km in town and 10 km in the country, even by road, were all of them stations."""
    urban = (tongliang.points["place_class"] == "urban").to_numpy()
    nearest = tongliang.travel.road_km.min(axis=1)
    assert nearest[urban].max() < 3.5
    assert nearest[~urban].max() < 10


def test_counting_whole_streets_as_urban_leaves_people_beyond_the_urban_radius():
    assumptions = read_assumptions().replace({"demand.urban_rule": "street"})
    district = read_district("tongliang", assumptions=assumptions)
    urban = (district.points["place_class"] == "urban").to_numpy()
    far = urban & (district.travel.distance_km.min(axis=1) > 3.5)
    assert district.point_residents(2020)[far].sum() > 0


def test_candidates_are_the_points_that_are_no_seats(tongliang: District):
    more = tongliang.with_candidates()
    added = more.sites[more.sites["candidate"]]
    assert len(added) == (~tongliang.points["seat"]).sum()
    assert added["institution"].isna().all()
    np.testing.assert_array_equal(more.travel.travel_min[:, :30], tongliang.travel.travel_min)


def test_reading_twice_gives_the_same(tongliang: District):
    assert read_district("tongliang").equals(tongliang)
