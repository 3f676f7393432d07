"""resalloc site: a location model on the user's own tables, and what it says of bad ones."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner, Result

from resalloc.cli import app
from resalloc.paths import data_path
from resalloc.status import Status

if TYPE_CHECKING:
    from pathlib import Path

TOWNSHIPS = data_path("examples", "tongliang_townships.csv")

ROAD = "name,x,y,weight\nA,0,0,1\nB,1000,0,3\nC,9000,0,1\nD,10000,0,1\n"
"""Four places along a road, in metres."""


def _run(*words: object) -> Result:
    return CliRunner().invoke(app, ["site", *(str(word) for word in words)])


def _json(*words: object, code: int = 0) -> Any:
    run = _run(*words, "--json")
    assert run.exit_code == code, run.output

    def refuse(word: str) -> float:
        raise AssertionError(word)

    return json.loads(run.stdout, parse_constant=refuse)


def _refused(*words: object) -> str:
    run = _run(*words)
    assert run.exit_code == 2, run.output
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert "Traceback" not in run.output
    assert run.stderr.strip()
    return " ".join(run.stderr.split())


@pytest.fixture
def write(tmp_path: Path):
    """Write a table, and give its path."""

    def file(text: str, name: str = "points.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return file


# What comes back


def test_the_median_of_four_places_along_a_road(write):
    """B and C: A pays 1 km, D pays 1 km, of 6 people. C stands before D, which is as good."""
    found = _json("p-median", write(ROAD), "--p", 2)
    assert (found["status"], found["open"], found["unit"]) == ("optimal", ["B", "C"], "km")
    assert found["objective"] == pytest.approx(2.0)
    assert found["mean"] == pytest.approx(2 / 6)
    assert found["worst"] == 1.0
    assert [site["people"] for site in found["sites"]] == [4, 2]
    assert [row["site"] for row in found["assignment"]] == ["B", "B", "C", "C"]


def test_a_radius_is_inclusive_to_the_last_metre(write):
    """2,100 m east and 2,800 m north are 3,500 m: within 3.5 km, not within 3.499."""
    points = write("name,x,y\nA,0,0\nB,2100,2800\n")
    assert _json("set-cover", points, "--radius", "3.5")["open"] == ["A"]
    assert _json("set-cover", points, "--radius", "3.499")["objective"] == 2


def test_radius_and_speed_may_go_by_class(write):
    """At 30 km/h 1 km is 2 minutes, at 60 km/h 1."""
    points = write("name,x,y,class\nA,0,0,urban\nB,1000,0,rural\n")
    found = _json("p-median", points, "--p", 1, "--speed", "urban=30,rural=60")
    assert (found["open"], found["unit"], found["worst"]) == (["A"], "min", 1.0)
    covered = _json("set-cover", points, "--radius", "urban=0.5，rural=1")
    assert covered["open"] == ["A"]


def test_detour_lengthens_every_way(write):
    found = _json("p-center", write(ROAD), "--p", 1, "--detour", 1.4)
    assert found["worst"] == pytest.approx(9.0 * 1.4)


def test_degrees_are_measured_on_the_sphere(write):
    points = write("name,lon,lat\nA,106.0,29.8\nB,106.0,29.9\n")
    found = _json("p-center", points, "--p", 1)
    assert found["worst"] == pytest.approx(6371.0088 * math.pi / 1800)


def test_who_is_not_covered_is_named(write):
    run = _run("max-cover", write(ROAD), "--p", 1, "--radius", 1, "--lang", "en")
    assert run.exit_code == 0
    assert "4 of 6 people are within the radius (66.6 %)" in run.stdout
    assert "2 points not covered, 2 people: C, D" in run.stdout


def test_sites_apart_from_points(write):
    """S2 is 1 km from the right pair's middle, S1 far from all; S2 may not open, so S1 must."""
    sites = write("name,x,y,forbidden\nS1,0,9000,\nS2,9500,0,yes\n", "sites.csv")
    assert _json("p-median", write(ROAD), "--sites", sites, "--p", 1)["open"] == ["S1"]


def test_fixed_and_forbidden_come_from_the_table_or_from_options(write):
    points = write("name,x,y,weight,fixed\nA,0,0,1,\nB,1000,0,3,no\nC,9000,0,1,\nD,10000,0,1,是\n")
    assert _json("p-median", points, "--p", 2)["open"] == ["B", "D"]
    assert _json("p-median", points, "--p", 2, "--forbidden", "B")["open"] == ["A", "D"]
    assert _json("p-median", write(ROAD), "--p", 2, "--fixed", "A、D")["open"] == ["A", "D"]


def test_the_column_of_people_may_have_any_name(write):
    points = write(ROAD.replace("weight", "calls"))
    assert _json("p-median", points, "--p", 1)["people"] == 4  # every point counts 1
    run = _run("p-median", points, "--p", 1, "--weight", "calls", "--lang", "en")
    assert "calls" in run.stdout
    assert _json("p-median", points, "--p", 1, "--weight", "calls")["people"] == 6


def test_weights_do_not_stretch_the_way_to_the_farthest(write):
    """The middle of the road is best for the farthest, wherever the people are."""
    many = ROAD.replace("B,1000,0,3", "B,1000,0,3000")
    assert _json("p-center", write(many), "--p", 1)["worst"] == 9.0


def test_a_point_file_may_carry_a_byte_order_mark(write):
    assert _json("p-median", write(ROAD, encoding="utf-8-sig"), "--p", 2)["open"] == ["B", "C"]


def test_capacities_turn_people_away(write):
    """Three people fill B, so A stays at A; D's one person pays 1 km to C."""
    found = _json("capacitated-median", write(ROAD), "--p", 3, "--capacity", 3)
    assert found["open"] == ["A", "B", "C"]
    assert found["objective"] == pytest.approx(1.0)
    assert found["sites"][1]["capacity"] == 3


def test_building_against_travel(write):
    """A site costs 5: B and C cost 10 + 2; at 0.1 a person and km B alone, 5 + 0.1 (1 + 8 + 9)."""
    points = write(ROAD.replace("weight", "weight,site_cost").replace("\nA,0,0,1", "\nA,0,0,1,5")
                   .replace("0,3\n", "0,3,5\n").replace("00,0,1\n", "00,0,1,5\n"))  # fmt: skip
    words = ("capacitated-facility", points, "--capacity", 6, "--travel-cost")
    assert _json(*words, 1)["objective"] == pytest.approx(12.0)
    cheap = _json(*words, 0.1)
    assert (cheap["open"], cheap["objective"]) == (["B"], pytest.approx(6.8))
    assert "总费用 6.8（设站 5，出行 1.8）" in _run(*words, 0.1).stdout


def test_fewer_come_from_farther_away(write):
    """Up to 4 km, in a straight line: to B come 3 · 1 and 1 · 3/4, nobody from the right."""
    found = _json("max-attendance", write(ROAD), "--p", 1, "--radius", 4)
    assert (found["open"], found["objective"]) == (["B"], pytest.approx(3.75))


def test_people_won_from_a_competitor(write):
    """A competitor at K, ours at H, both 1 km from the only village: half of its 10 people."""
    points = write("name,x,y,weight\nV,0,0,10\n")
    sites = write("name,x,y,competitor\nH,1000,0,\nK,-1000,0,yes\n", "sites.csv")
    words = ("market-share", points, "--sites", sites)
    found = _json(*words, "--p", 1)
    assert (found["open"], found["objective"]) == (["H"], pytest.approx(5.0))
    assert _json(*words, "--share", 0.5)["objective"] == 1
    run = _run(*words, "--p", 1, "--lang", "en")
    assert "5 of 10 people are expected to choose these sites (50 %)" in run.stdout
    assert "--p and --share: are both given" in _refused(*words, "--p", 1, "--share", 0.5)
    assert "needs a column competitor" in _refused("market-share", points, "--p", 1)


# Travel matrices


LONG = "from,to,min\nA,A,0\nA,B,4\nB,A,4\nB,B,0\n"
WIDE = "point,A,B\nB,4,0\nA,0,4\n"


@pytest.mark.parametrize("text", [LONG, WIDE])
def test_a_matrix_stands_in_for_coordinates(write, text):
    points = write("name,weight\nA,1\nB,3\n")
    found = _json("p-median", points, "--matrix", write(text, "m.csv"), "--p", 1)
    assert (found["open"], found["objective"]) == (["B"], 4.0)
    assert found["unit"] == ("min" if text is LONG else "unstated")


def test_a_matrix_may_name_the_sites_itself(write):
    matrix = write("point,H1,H2\nA,3,inf\nB,9,2\n", "m.csv")
    words = ("--matrix", matrix, "--unit", "km")
    found = _json("p-median", write("name\nA\nB\n"), "--p", 1, *words)
    assert (found["open"], found["worst"], found["unit"]) == (["H1"], 9.0, "km")


def test_a_pair_that_is_not_listed_cannot_be_reached(write):
    matrix = write("from,to,km\nA,H,3\nB,K,1\n", "m.csv")
    found = _json("p-median", write("name\nA\nB\n"), "--matrix", matrix, "--p", 1, code=3)
    assert found["status"] == "infeasible"
    assert found["open"] == []


# Exit codes


def test_infeasible_gives_exit_code_3_and_names(write):
    words = ("set-cover", write(ROAD), "--radius", 1, "--forbidden", "A,B", "--lang", "en")
    run = _run(*words)
    assert run.exit_code == 3
    assert "no possible site can reach: A, B" in run.stdout
    assert _json(*words[:4], "--forbidden", "A,B", code=3)["unreached"] == ["A", "B"]


def test_undecided_gives_exit_code_4(write, monkeypatch):
    import resalloc.study.study as study
    from resalloc.location.siting import none_found

    def nothing(given):
        return none_found("p_median", given.costs, Status.UNKNOWN, "time ran out.", 0.1)

    model = replace(study.MODELS["p-median"], call=nothing)
    monkeypatch.setattr(study, "MODELS", {"p-median": model})
    run = _run("p-median", write(ROAD), "--p", 2, "--lang", "en")
    assert run.exit_code == 4
    assert "time ran out" in run.stdout


# Bad input


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,x,y\nA,106.05,29.8\nB,106.1,29.9\n", "x and y look like degrees"),
        ("name,lon,lat\nA,29.8,106.0\nB,29.9,106.1\n", "longitude and latitude are exchanged"),
        ("name,lon,lat\nA,650000,3300000\n", "is no longitude in degrees"),
        ("name,lon,lat,x,y\nA,106,29,1,1\n", "lon and lat as well as x and y"),
        ("name,lon\nA,106\n", "a column 'lon' and no 'lat'"),
        ("name\nA\n", "has no coordinates"),
        ("name,x,y\n", "has no rows"),
        ("", "is empty"),
        ("x,y\n1000,2\n", "the column 'name' is missing"),
        ("name,x,y\nA,1000,0\nA,0,0\n", "row 3: 'A' stands in an earlier row too"),
        ("name,x,y\n,1000,0\n", "row 2, column name: the cell is empty"),
        ("name,x,y\nA,,0\n", "row 2, column x: the cell is empty"),
        ("name,x,y\nA,１０００,0\n", "full-width digits. Write 1000"),
        ("name,x,y\nA,1 000,0\n", "separator inside the number"),
        ("name,x,y,weight\nA,1000,0,-5\n", "row 2, column weight: -5 is negative"),
        ("name,x,y,weight\nA,1000,0,\n", "row 2, column weight: the cell is empty"),
        ("name,x,y,wieght\nA,1000,0,5\n", "Did you mean 'weight'"),
        ("name,x,y,fixed\nA,1000,0,maybe\n", "'maybe' is neither yes nor no"),
        ("name;x;y\nA;1000;0\n", "separated by ;"),
        ("name,x,y\nA,1000\n", "it has 2 cells, the header 3"),
        ("name,x,y,weight\nA,1000,0,0\n", "there is nobody to serve"),
    ],
)
def test_a_point_file_that_cannot_be_used(write, text, words):
    assert words in _refused("p-median", write(text), "--p", 1)


def test_a_file_in_another_encoding_is_refused(write):
    points = write("name,x,y\n巴川街道,1000,0\n", encoding="gbk")
    assert "is not UTF-8" in _refused("p-median", points, "--p", 1)


def test_degrees_may_be_planar_if_the_user_says_so(write):
    points = write("name,x,y\nA,0,0\nB,3,4\n")
    assert _json("p-center", points, "--p", 1, "--xy-unit", "km")["worst"] == 5.0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("p-medain", "--p", 2), "Did you mean 'p-median'"),
        (("p-median",), "--p or --mean-cap: p-median needs it"),
        (("p-median", "--p", 2, "--radius", 3), "--radius: p-median has no such option"),
        (("set-cover",), "--radius: set-cover needs it"),
        (("set-cover", "--radius", "urban=3,rural=x"), "--radius, rural: 'x' is not a number"),
        (("set-cover", "--radius", "urban=3,rural=9"), "no column 'class'"),
        (("set-cover", "--radius", "3,5"), "is not CLASS=NUMBER"),
        (("set-cover", "--radius", "-3"), "--radius: is -3"),
        (("set-cover", "--radius", ""), "--radius: is empty"),
        (("p-median", "--p", 5), "only 4 of 4 sites may open"),
        (("p-median", "--p", 0), "--p: is 0"),
        (("p-median", "--p", "two"), "--p"),
        (("p-median", "--p", 1, "--fixed", "E"), "--fixed: there is no site 'E'"),
        (("p-median", "--p", 1, "--fixed", "A", "--forbidden", "A"), "cannot be both"),
        (("p-median", "--p", 1, "--detour", 0.5), "--detour: is 0.5"),
        (("p-median", "--p", 1, "--speed", "0"), "--speed: is 0"),
        (("p-median", "--p", 1, "--speed", "nan"), "'nan' is not a number"),
        (("p-median", "--p", 1, "--gap", "nan"), "gap"),
        (("p-median", "--p", 1, "--xy-unit", "ft"), "--xy-unit: is 'ft'"),
        (("p-median", "--p", 1, "--cost", "min"), "--cost: says what a matrix holds"),
        (("p-median", "--p", 1, "--weight", "peple"), "no column 'peple'"),
        (("p-median", "--p", 1, "--sites", "no.csv"), "no.csv: there is no such file"),
        (("p-median", "--p", 1, "--matrix", "no.csv"), "no.csv: there is no such file"),
        (("p-median", "--p", 1, "--time-limit", 0), "time-limit"),
        (("min-sites", "--radius", 3, "--share", 90), "--share: is 90"),
        (("p-dispersion", "--p", 1), "Give at least 2"),
        (("p-dispersion", "--p", 2, "--sites", "no.csv"), "chooses among the points"),
        (("capacitated-median", "--p", 2), "needs --capacity or a column capacity"),
        (("capacitated-facility", "--travel-cost", 1), "needs a column site_cost"),
        (("capacitated-facility",), "--travel-cost: capacitated-facility needs it"),
    ],
)
def test_options_that_cannot_be_used(write, words, message):
    model, *options = words
    text = _refused(model, write(ROAD), *options)
    assert message in text.replace("│ ", "")


def test_a_point_file_that_is_not_there():
    assert "there is no such file" in _refused("p-median", "no.csv", "--p", 1)


def test_faults_of_options_and_tables_come_together(write):
    points = write("name,x,y,weight\nA,1000,0,many\nB,0,0,-1\n")
    sites = write("name,lon,lat\nS,106,200\n", "sites.csv")
    text = _refused("p-median", points, "--sites", sites, "--radius", "x", "--share", "nan")
    for words in ("--radius: 'x'", "--share", "--p or --mean-cap", "row 2, column weight: 'many'",
                  "row 3, column weight: -1", "sites.csv, row 2, column lat"):  # fmt: skip
        assert words in text, words


def test_of_many_faults_alike_only_the_first_are_told(write):
    rows = "".join(f"P{i},1000,0,-{i + 1}\n" for i in range(500))
    text = _refused("p-median", write("name,x,y,weight\n" + rows), "--p", 1)
    assert "points.csv, column weight: 492 more of this kind." in text
    assert len(text) < 2000


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("from,to,min\nA,A,0\nA,B,4\nB,A,x\n", "row 4, column min: 'x' is not a number"),
        ("from,to,min\nA,A,0\nA,A,1\nB,A,1\n", "row 3: 'A' to 'A' stands in an earlier row"),
        ("from,to,min\nA,A,0\nA,Q,1\nC,A,1\n", "no point 'C'"),
        ("from,to,min\nA,A,0\n", "no way leads from 'B'"),
        ("from,to,min\nA,A,-1\nB,A,1\n", "row 2, column min: -1 is negative"),
        ("from,to,min\nA,A,\nB,A,1\n", "row 2, column min: the cell is empty"),
        ("from,to,km,min\nA,A,0,0\nB,A,1,1\n", "Say which: --cost COLUMN"),
        ("from,to,hours\nA,A,0\nB,A,1\n", "no column holds the cost"),
        ("point,A,B\nA,0,4\n", "the point 'B' has no row"),
        ("point,A,B\nA,0,4\nA,0,4\nB,4,0\n", "'A' stands in an earlier row"),
        ("point,A,B\nA,0,\nB,4,0\n", "row 2, column B: the cell is empty"),
        ("point,A,\nA,0,1\nB,4,0\n", "a column has no name"),
        ("point\nA\nB\n", "one column only"),
    ],
)
def test_a_matrix_that_cannot_be_used(write, text, words):
    points, matrix = write("name\nA\nB\n"), write(text, "m.csv")
    assert words in _refused("p-median", points, "--matrix", matrix, "--p", 1)


def test_a_matrix_leaves_no_room_for_speed(write):
    points, matrix = write("name\nA\nB\n"), write(WIDE, "m.csv")
    text = _refused("p-median", points, "--matrix", matrix, "--p", 1, "--speed", 30, "--cost", "x")
    assert "--speed: is about coordinates" in text
    assert "--cost: names a column of a long matrix" in text


def test_too_many_pairs_are_refused_before_memory_is(write, monkeypatch):
    monkeypatch.setattr("resalloc.study.travel.LARGEST_TABLE", 15)
    assert "4 points × 4 possible sites are too many" in _refused("p-median", write(ROAD), "--p", 1)


# What is written


def test_files_of_an_answer(write, tmp_path: Path):
    out = tmp_path / "out"
    run = _run("max-cover", write(ROAD), "--p", 1, "--radius", 1, "--out", out, "--lang", "en")
    assert run.exit_code == 0, run.output
    names = {"answer.json", "sites.csv", "assignment.csv", "map.svg", "map.png", "map.html"}
    assert {path.name for path in out.iterdir()} == names
    assert all(name in run.stdout.replace("\n", "") for name in names)
    with (out / "sites.csv").open(encoding="utf-8-sig", newline="") as stream:
        (site,) = csv.DictReader(stream)
    # A and B are equally good, so the first; A's reach holds both.
    assert (site["points"], site["covered"], site["unit"]) == ("2", "4", "km")
    with (out / "assignment.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["covered"] for row in rows] == ["yes", "yes", "no", "no"]
    assert [row["weight"] for row in rows] == ["1", "3", "1", "1"]
    answer = json.loads((out / "answer.json").read_text(encoding="utf-8"))
    assert answer["options"]["radius"] == 1.0
    assert (out / "map.png").read_bytes().startswith(b"\x89PNG")


def test_without_positions_there_is_no_map(write, tmp_path: Path):
    out = tmp_path / "out"
    matrix = write(WIDE, "m.csv")
    run = _run("p-median", write("name\nA\nB\n"), "--matrix", matrix, "--p", 1, "--out", out,
               "--lang", "en")  # fmt: skip
    assert run.exit_code == 0, run.output
    assert {path.name for path in out.iterdir()} == {"answer.json", "sites.csv", "assignment.csv"}
    assert "no map" in run.stdout


def test_the_bundled_example_in_both_languages():
    """Its people are those of the 2020 census; both streets of the core lie in the first line."""
    words = ("p-median", TOWNSHIPS, "--p", 6, "--detour", 1.4, "--speed", "urban=28,rural=35")
    zh, en = _run(*words).stdout, _run(*words, "--lang", "en").stdout
    assert "最优（已证明）" in zh
    assert "每个需求点都可设站点" in zh
    assert "optimal (proven)" in en
    assert "every point is a possible site" in en
    found = _json(*words)
    assert found["people"] == 685729
    assert len(found["open"]) == 6


def test_same_input_same_answer():
    words = ("max-cover", TOWNSHIPS, "--p", 4, "--radius", "urban=3.5,rural=10")
    first, second = _json(*words), _json(*words)
    first.pop("seconds")
    second.pop("seconds")
    assert first == second


# What a newcomer met

_VILLAGES = """name,lon,lat,people,class
甲,106.01,29.80,900,rural
乙,106.05,29.83,400,rural
丙,106.09,29.86,1500,rural
"""


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_a_share_out_of_reach_is_said_with_the_share_that_is_in_reach(tmp_path):
    sites = _write(tmp_path / "s.csv", "name,lon,lat\n东,106.01,29.80\n")
    points = _write(tmp_path / "p.csv", _VILLAGES)
    run = _run("min-sites", points, "--sites", sites, "--weight", "people",
               "--radius", "2", "--share", "0.9")  # fmt: skip
    # Only 甲 is within 2 km: 900 of 2,800 people.
    assert run.exit_code == 3
    assert "32.1 %" in run.output


def test_a_mean_that_cannot_be_kept_is_said_in_the_readers_language(tmp_path):
    sites = _write(tmp_path / "s.csv", "name,lon,lat\n东,106.01,29.80\n")
    points = _write(tmp_path / "p.csv", _VILLAGES)
    run = _run("p-median", points, "--sites", sites, "--weight", "people",
               "--mean-cap", "1")  # fmt: skip
    assert run.exit_code == 3
    assert "全部候选站点都设" in run.output
    assert "open" not in run.output


def test_faults_name_the_column_the_user_has(tmp_path):
    points = _write(tmp_path / "p.csv", _VILLAGES.replace("400", "约四百"))
    run = _run("p-median", points, "--weight", "people", "--p", "1")
    assert run.exit_code == 2
    assert "column people" in run.output
    assert "column weight" not in run.output


def test_a_column_that_is_not_there_does_not_hide_other_faults(tmp_path):
    points = _write(tmp_path / "p.csv", _VILLAGES.replace("106.05", "东边"))
    run = _run("p-median", points, "--weight", "persons", "--p", "1")
    assert "there is no column 'persons'" in run.output
    assert "东边" in run.output


def test_chinese_heads_are_understood(tmp_path):
    heads = _VILLAGES.replace("name,lon,lat,people,class", "名称,经度,纬度,人口,类别")
    run = _run("p-median", _write(tmp_path / "p.csv", heads), "--p", "1")
    assert run.exit_code == 0, run.output
    assert "2,800" in run.output


def test_a_slip_in_a_coordinate_is_found(tmp_path):
    points = _write(tmp_path / "p.csv", _VILLAGES.replace("106.09", "16.09"))
    run = _run("p-median", points, "--p", "1")
    assert run.exit_code == 2
    assert "'丙'" in run.output
    assert "from the middle" in run.output


def test_a_slip_in_a_coordinate_of_a_site_is_found(tmp_path):
    sites = _write(tmp_path / "s.csv", "name,lon,lat\n东,16.01,29.80\n")
    points = _write(tmp_path / "p.csv", _VILLAGES)
    assert "s.csv, '东': lies at 16.01" in _refused("p-median", points, "--sites", sites, "--p", 1)


def test_chinese_heads_are_kept_in_faults_and_assumptions(tmp_path):
    heads = _VILLAGES.replace("name,lon,lat,people,class", "名称,经度,纬度,人口,类别")
    good = _write(tmp_path / "p.csv", heads)
    assert "权重取自“人口”列" in _run("p-median", good, "--p", 1).stdout
    bad = _write(tmp_path / "b.csv", heads.replace("106.05", "东").replace("900", "-9"))
    text = _refused("p-median", bad, "--p", 1)
    assert "row 3, column 经度: '东'" in text
    assert "row 2, column 人口: -9" in text
    missing = _refused("p-median", good, "--p", 1, "--weight", "people")
    assert "Known are: 人口, 名称, 类别, 纬度, 经度." in missing


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    points = _write(tmp_path / "p.csv", "村,a,b,people\n甲,1,2,约7千\n")
    sites = _write(tmp_path / "s.csv", "name,lon,lat,fixed\n东,106,29,yes\n西,106.1,29,\n")
    text = _refused("p-median", points, "--sites", sites, "--weight", "people", "--p", 99,
                    "--detour", 0.5, "--forbidden", "南")  # fmt: skip
    for words in ("the column 'name' is missing", "p.csv: it has no coordinates", "'约7千'",
                  "--detour: is 0.5", "--forbidden: there is no site '南'"):  # fmt: skip
        assert words in text, words
    text = _refused("p-median", points, "--sites", sites, "--p", 99, "--weight", "persons")
    for words in ("no column 'persons'", "the column 'name'", "--p: is 99, and only 2 of 2 sites"):
        assert words in text, words


def test_sites_that_contradict_each_other_are_told_beside_unknown_ones(tmp_path):
    sites = _write(tmp_path / "s.csv", "name,lon,lat,fixed\n东,106,29.8,yes\n西,106.1,29.8,\n")
    points = _write(tmp_path / "p.csv", _VILLAGES)
    text = _refused("p-median", points, "--sites", sites, "--p", 1, "--forbidden", "东,南")
    assert "--forbidden: there is no site '南'" in text
    assert "--forbidden, '东': stays open as well (s.csv, column fixed)" in text


def test_numbers_of_sites_are_called_as_on_the_command_line(write):
    assert "--p: is 5, and only 4 of 4" in _refused("p-median", write(ROAD), "--p", 5)
    both = ("--fixed", "A,B", "--p", 1)
    assert "--p: is 1, and 2 sites stay open" in _refused("p-median", write(ROAD), *both)
    text = _refused("p-median", write(ROAD), "--p", 1, "--mean-cap", 2)
    assert "--p and --mean-cap: are both given" in text
    all_ = _refused("p-median", write(ROAD), "--p", 1, "--forbidden", "A,B,C,D")
    assert "--forbidden: no site may open" in all_
    nobody = write(ROAD.replace(",3\n", ",0\n").replace(",1\n", ",0\n").replace("weight", "people"))
    text = _refused("p-median", nobody, "--p", 1, "--weight", "people")
    assert "points.csv, column people: are all zero" in text
    assert "--lexicographic: is 0" in _refused("p-center", write(ROAD), "--p", 1,
                                               "--lexicographic", 0)  # fmt: skip


@pytest.mark.parametrize("words", [(), ("--xy-unit", "km"), ("--xy-unit", "m")])
def test_degrees_in_x_and_y_are_refused_whatever_unit_is_given(tmp_path, words):
    plain = _write(tmp_path / "p.csv", _VILLAGES.replace("lon,lat", "x,y"))
    assert "Call x lon and y lat if they are degrees" in _refused(
        "p-median", plain, "--p", 1, *words
    )
    exchanged = _write(tmp_path / "e.csv", _VILLAGES.replace("lon,lat", "y,x"))
    sites = _write(tmp_path / "s.csv", "name,lon,lat\n东,106.01,29.80\n")
    text = _refused("p-median", exchanged, "--sites", sites, "--p", 1, *words)
    assert "e.csv: x and y look like degrees" in text
    assert "Call x lat and y lon" in text


def test_people_that_are_not_counted_are_pointed_at(tmp_path):
    points = _write(tmp_path / "p.csv", _VILLAGES)
    run = _run("p-median", points, "--p", 1)
    assert "每个需求点计 1；表中的 people 未用作权重，要用请加 --weight" in run.stdout
    run = _run("p-median", points, "--p", 1, "--weight", "people")
    assert "未用作权重" not in run.stdout


def test_a_matrix_without_a_unit_says_so(write):
    words = ("p-median", write("name\nA\nB\n"), "--p", 1, "--matrix")
    wide = _run(*words, write(WIDE, "m.csv")).stdout
    assert "平均 2 单位，最远 4 单位（B）" in wide
    assert "m.csv 未注明出行的单位" in wide
    assert "未列出的点对" not in wide
    assert "inf 视为不可达" in wide
    pairs = _run(*words, write(LONG, "m.csv")).stdout
    assert "未列出的点对视为不可达" in pairs
    assert "未注明" not in pairs


def test_the_farthest_few_are_brought_near_one_after_the_other(write):
    road = write("name,x,y\nA,0,0\nB,1000,0\nC,5000,0\nD,9000,0\nE,10000,0\n")
    run = _run("p-center", road, "--p", 2, "--lexicographic", 3)
    # B and D: C pays 4, A and E pay 1 each. A and E would leave C 5 km.
    assert "最远的 3 个需求点依次尽量近（已证明）：4, 1, 1 公里" in run.stdout
    assert "worst-off" not in run.stdout
    assert "--lexicographic: p-median has no such option" in _refused(
        "p-median", road, "--p", 2, "--lexicographic", 3
    )


def test_the_help_names_every_model_with_what_it_needs():
    from resalloc.study.models import MODELS
    from resalloc.study.options import OPTIONS

    run = CliRunner().invoke(app, ["site", "--help"], env={"COLUMNS": "100"})
    rows = {row.split()[0]: row for row in run.stdout.splitlines() if row.split()}
    for model in MODELS.values():
        for group in model.needs:
            for name in group:
                shown = OPTIONS[name].replace("a column", "column")
                assert shown in rows[model.name], (model.name, name)
    assert "docs/siting.md" in run.stdout
    assert "Example: resalloc site" in run.stdout
