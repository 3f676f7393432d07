"""The other bundled districts: what is printed comes out again, what is not stays unknown."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from resalloc.district import District, districts, read_district
from resalloc.district.basis import basis_zh
from resalloc.district.write import write_district
from resalloc.norms.read import read_norms
from resalloc.paths import data_path, read_toml

NAMES = ("beibei", "wushan", "wansheng", "yongchuan")
PLANS = {"yongchuan": "yongchuan-2030"}
ENGLISH = re.compile(r"[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}")
TABLES = ("population", "beds", "staff", "fleet", "supply", "equipment", "measures")


@pytest.fixture(scope="module")
def four() -> dict[str, District]:
    return {name: read_district(name) for name in NAMES}


def test_all_five_are_bundled():
    assert districts() == sorted([*NAMES, "tongliang"])


@pytest.mark.parametrize(
    ("name", "base_year", "townships", "residents", "children", "aged", "urban", "villages"),
    [
        ("beibei", 2020, 17, 834_887, 93_614, 134_450, 719_079, 104),
        ("wushan", 2020, 26, 462_462, 87_568, 82_205, 200_671, 301),
        ("wansheng", 2022, 10, 235_825, 34_301, 45_928, np.nan, 56),
        ("yongchuan", 2025, 23, 1_148_896, 183_347, 180_668, 803_458, 207),
    ],
)
def test_people(four, name, base_year, townships, residents, children, aged, urban, villages):
    """The totals of the 2020 census, held to the plan's last year."""
    district = four[name]
    assert (district.base_year, len(district.townships)) == (base_year, townships)
    for year in (2020, base_year, 2030 if name == "yongchuan" else 2025):
        assert district.total("residents", year) == pytest.approx(residents, rel=1e-12)
        assert district.total("children_0_14", year) == pytest.approx(children, rel=1e-12)
        assert district.total("aged_65_plus", year) == pytest.approx(aged, rel=1e-12)
        total = district.total("urban_residents", year)
        assert total == pytest.approx(urban, rel=1e-12, nan_ok=True)
    assert district.total("villages", base_year) == villages


def test_three_streets_of_beibei_keep_their_known_residents(four):
    """The other fourteen have what is left: 494,958 for 521,822 of 2010."""
    residents = pd.Series(four["beibei"].series("residents", 2020), four["beibei"].townships.index)
    known = {"朝阳街道": 36_129, "北温泉街道": 139_256, "蔡家岗街道": 164_544}
    assert residents[list(known)].to_dict() == known
    assert residents["静观镇"] == pytest.approx(43_674 * 494_958 / 521_822)


@pytest.mark.parametrize(
    ("name", "core", "one", "people"),
    [
        ("wushan", "巫峡镇", 19 / 36, 117_873 * 462_462 / 495_072),
        ("wansheng", "万东镇", 19 / 33, 113_751 * 235_825 / 255_776),
    ],
)
def test_a_town_core_is_split_by_committees_and_shares_its_cell(four, name, core, one, people):
    district = four[name]
    group = district.townships["population_group"].notna().to_numpy()
    residents = district.series("residents", 2020)
    assert group.sum() == 3
    assert residents[group].sum() == pytest.approx(people)
    assert residents[district.townships.index == core] == pytest.approx(one * people)
    cells = district.cells()[group]
    assert all(cell.equals(cells.iloc[0]) for cell in cells)


@pytest.mark.parametrize(
    ("name", "beds", "staff", "places"),
    [
        ("beibei", 5485, {"physician": 3239, "nurse": 3289, "clinical_pharmacist": 28}, 334),
        (
            "wushan",
            2904,
            {"physician": 1212, "nurse": 1535, "gp": 136, "clinical_pharmacist": 14},
            166,
        ),
        ("wansheng", None, {}, None),
        (
            "yongchuan",
            9076,
            {"physician": 4136, "nurse": 5400, "gp": 333, "public_health": 954},
            4136,
        ),
    ],
)
def test_printed_rates_come_out_and_what_has_no_rate_is_unknown(four, name, beds, staff, places):
    """Rates times residents, e.g. 6.57 per 1,000 × 834,887 = 5,485 beds."""
    district = four[name]
    providers = district.providers()
    office = providers["kind"].isin(["cdc", "public_health_other"])
    if beds is None:
        assert providers.loc[~office, "beds_authorised"].isna().all()
        assert district.beds.empty
    else:
        assert providers["beds_authorised"].sum() == beds
        assert district.beds["count"].sum() == beds
        assert district.beds["basis"].str.contains("average authorised beds by kind").all()
    assert district.staff.groupby("cadre")["count"].sum().to_dict() == staff
    assert set(district.supply["item"]) == ({"childcare_place"} if places else set())
    assert district.supply["count"].sum() == (places or 0)
    assert district.fleet.empty
    assert district.equipment.empty


def test_weights_are_the_average_beds_of_tongliang_by_kind():
    """专栏2 and 专栏3 row by row; the eight private hospitals there share 505 beds."""
    tongliang = read_district("tongliang")
    average = tongliang.institutions.groupby("kind")["beds_authorised"].mean().round().to_dict()
    average["private_hospital"] = round(tongliang.unlisted["beds_authorised"].iloc[0] / 8)
    for name in ("beibei", "wushan", "yongchuan"):
        settings = read_toml(data_path("districts", name) / "district.toml")
        for kind, weight in settings["beds"]["authorised"]["weights"].items():
            assert average.get(kind, weight) == weight, (name, kind)


def test_nobody_in_beibei_has_more_beds_than_its_new_building(four):
    providers = four["beibei"].providers()
    planned = providers["beds_planned"].notna()
    rows = providers[planned]
    assert planned.sum() == 6
    assert (rows["beds_authorised"] <= rows["beds_planned"]).all()


@pytest.mark.parametrize("name", NAMES)
def test_every_township_has_a_primary_institution_at_its_seat(four, name):
    district = four[name]
    primary = {"community_health_centre", "central_township_hospital", "township_hospital"}
    rows = district.institutions[district.institutions["kind"].isin(primary)]
    assert sorted(rows["township"]) == sorted(district.townships.index)
    seats = district.townships.loc[rows["township"], ["lon", "lat"]].to_numpy()
    np.testing.assert_array_equal(rows[["lon", "lat"]].to_numpy(), seats)


@pytest.mark.parametrize("name", NAMES)
def test_stations_and_fever_clinics_of_today_are_unknown_unless_the_plan_names_them(four, name):
    providers = four[name].providers()
    named = {"人民医院", "中医院"} if name == "wansheng" else set()
    assert set(providers.index[providers["ems_station"].eq(True).fillna(False)]) == named
    assert providers.loc[~providers.index.isin(named), "ems_station"].isna().all()
    assert providers["fever_tier"].isna().all()


@pytest.mark.parametrize("name", NAMES)
def test_institutions_that_norms_speak_of_are_there(four, name):
    known = set(four[name].providers().index)
    for norm in read_norms(PLANS.get(name, f"{name}-2025")):
        if named := re.search(r"institution\[(.+)\]", norm.reads.scope):
            assert set(named[1].split("|")) <= known, norm.id


@pytest.mark.parametrize("name", NAMES)
def test_every_basis_has_chinese_words(four, name):
    district = four[name]
    found = {district.travel.basis, *district.providers()["position_basis"]}
    for table in TABLES:
        found |= set(getattr(district, table)["basis"].dropna())
    for basis in found:
        chinese = basis_zh(str(basis), district.sources_zh)
        assert re.search(r"[\u4e00-\u9fff]", chinese), basis
        assert not ENGLISH.search(chinese), basis


@pytest.mark.parametrize("name", NAMES)
def test_no_chinese_source_is_left_over(name):
    folder = data_path("districts", name)
    content = read_toml(folder / "district.toml")
    named = content.pop("sources_zh")
    tables = [path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.csv"))]
    used = str(content) + "".join(tables)
    assert [text for text in named if text not in used] == []


@pytest.mark.parametrize("name", NAMES)
def test_measures_are_the_baselines_of_the_plan(four, name):
    known = tomllib.loads(data_path("indicators.toml").read_text(encoding="utf-8"))["indicator"]
    measures = four[name].measures.set_index(["indicator", "year"])["value"]
    assert (four[name].measures["basis"] == "printed").all()
    assert {indicator for indicator, _ in measures.index} <= set(known)
    printed: dict[tuple[str, int], set[float]] = {}
    for norm in read_norms(PLANS.get(name, f"{name}-2025")):
        if norm.indicator is None or norm.indicator.id in ("task_done", "recruited_professionals"):
            continue  # one task done does not stand for the others, nor recruits for later ones
        if norm.reads.baseline_sign:
            continue  # a bound on the state (≥38) is no value of it
        if norm.indicator.rule == "measure" and norm.reads.scope == "district":
            for year, value in norm.reads.baseline.items():
                printed.setdefault((norm.indicator.id, year), set()).add(value)
    assert set(measures.index) == set(printed)
    for key, value in measures.items():
        assert value in printed[key], key


@pytest.mark.parametrize("name", NAMES)
def test_committees_agree_with_the_townships(four, name):
    path = data_path("districts", name, "committees.csv")
    counted = pd.crosstab(*(pd.read_csv(path)[column] for column in ("township", "kind")))
    counted = counted.reindex(four[name].townships.index)
    assert (counted["village"] == four[name].townships["n_village_committees"]).all()
    assert (counted["resident"] == four[name].townships["n_resident_committees"]).all()


@pytest.mark.parametrize(
    ("name", "km2"), [("beibei", 755), ("wushan", 2958), ("wansheng", 566), ("yongchuan", 1576)]
)
def test_cells_cover_about_the_area_of_the_district(four, name, km2):
    """Areas are general knowledge; the cells are schematic, and those of a core one."""
    cells = four[name].cells()
    area = cells.to_crs(cells.estimate_utm_crs()).union_all().area / 1e6
    assert area == pytest.approx(km2, rel=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_a_snapshot_reads_back_as_the_same_district(four, name, tmp_path):
    again = read_district(write_district(four[name], tmp_path / name))
    assert again.replace(travel=four[name].travel).equals(four[name])
