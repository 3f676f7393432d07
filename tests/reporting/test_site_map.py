"""The map of a siting answer: what it shows, what it says, and that it stays drawable."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resalloc.reporting.siting.canvas import canvas, in_plane
from resalloc.reporting.siting.colours import MISSED, PALETTE, UNSERVED, colours
from resalloc.reporting.siting.dots import gathered, radii
from resalloc.reporting.siting.files import save_study
from resalloc.reporting.siting.labels import Board, Wish, text_width, wrapped
from resalloc.reporting.siting.map import site_map, site_map_svg
from resalloc.reporting.siting.page import site_page
from resalloc.study.request import Request
from resalloc.study.study import run_study
from tests.reporting import chromium

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.study.study import Study

SVG = "{http://www.w3.org/2000/svg}"
ROAD = "name,x,y,weight\n甲镇,0,0,100\n乙镇,1000,0,300\n丙镇,9000,0,25\n丁镇,10000,0,25\n"


@pytest.fixture
def study(tmp_path: Path):
    """Solve a model on a small table."""

    def solve(model: str, text: str = ROAD, sites: str | None = None, **asked) -> Study:
        points = tmp_path / "points.csv"
        points.write_text(text, encoding="utf-8")
        if sites is not None:
            asked["sites"] = tmp_path / "sites.csv"
            asked["sites"].write_text(sites, encoding="utf-8")
        return run_study(Request(model, points, **asked))

    return solve


def _texts(svg: str) -> str:
    return " ".join(node.text or "" for node in ElementTree.fromstring(svg).iter(f"{SVG}text"))


# What the map shows


def test_points_have_the_colour_of_their_site_and_missed_ones_are_red(study):
    """Within 1 km of 甲镇, the first that is good enough: 甲镇 and 乙镇."""
    drawn = site_map(study("max-cover", p=1, radius=1.0), "zh")
    (mark,) = drawn.marks
    assert (mark.name, mark.kind) == ("甲镇", "open")
    assert sorted(dot.colour for dot in drawn.dots) == sorted(2 * [mark.colour] + 2 * [MISSED])
    assert drawn.missed == 2
    assert mark.colour in PALETTE


def test_a_line_leads_from_each_point_to_its_site(study):
    drawn = site_map(study("p-median", p=2), "zh")
    at = {mark.name: (mark.x, mark.y) for mark in drawn.marks}
    assert {(line.x2, line.y2) for line in drawn.lines} == {at["乙镇"], at["丙镇"]}
    assert len(drawn.lines) == 2  # the sites' own points need none


def test_the_scale_bar_and_the_radius_are_true(study):
    """甲镇 and 丁镇 are 10 km apart."""
    drawn = site_map(study("max-cover", p=2, radius=2.0, fixed=("甲镇", "丁镇")), "en")
    at = {mark.name: mark.x for mark in drawn.marks}
    km = (at["丁镇"] - at["甲镇"]) / 10
    assert drawn.canvas.km == pytest.approx(km, rel=1e-3)
    assert [ring.r for ring in drawn.rings] == [pytest.approx(2 * km, rel=1e-3)] * 2
    svg = site_map_svg(study("p-median", p=1), "en")
    (bar,) = re.findall(r'<g id="scale".*?M0,-6V0H([\d.]+)V', svg)
    shown = float(re.findall(r">([\d.]+) km</text>", svg)[0])
    assert float(bar) == pytest.approx(shown * km, rel=1e-3)


def test_a_radius_in_minutes_reaches_as_far_as_the_road_allows(study):
    """6 minutes at 28 km/h are 2.8 km by road, and 2 in a straight line at a detour of 1.4."""
    asked = {"p": 1, "radius": 6.0, "speed": 28.0, "detour": 1.4}
    drawn = site_map(study("max-cover", **asked), "en")
    assert drawn.rings[0].r == pytest.approx(2.0 * drawn.canvas.km, rel=1e-3)
    assert drawn.ring_key == (("", "radius 6 min (2 km straight)"),)


def test_fixed_closed_and_forbidden_sites_differ(study):
    sites = "name,x,y,fixed,forbidden\nS1,0,500,yes,\nS2,9500,0,,\nS3,5000,0,,yes\nS4,5000,900,,\n"
    drawn = site_map(study("p-median", sites=sites, p=2), "en")
    kinds = {mark.name: mark.kind for mark in drawn.marks}
    assert kinds == {"S1": "fixed", "S2": "open", "S3": "forbidden", "S4": "closed"}
    legend = _texts(site_map_svg(study("p-median", sites=sites, p=2), "en"))
    for words in ("fixed beforehand", "not opened", "may not open"):
        assert words in legend


def test_competitors_are_shown_and_named(study):
    sites = "name,x,y,competitor\nH,500,900,\nK,9000,900,yes\n"
    drawn = site_map(study("market-share", sites=sites, p=1), "en")
    assert {mark.name: mark.kind for mark in drawn.marks} == {"H": "open", "K": "competitor"}
    assert {"H", "K"} <= {label.text for label in drawn.labels}
    assert len(drawn.lines) == 4


def test_sites_that_serve_nobody_are_no_reason_to_colour_anybody_red(study):
    drawn = site_map(study("p-dispersion", p=2), "en")
    assert {dot.colour for dot in drawn.dots} <= {UNSERVED}
    assert (drawn.missed, drawn.lines, drawn.site_key) == (0, (), ())


def test_an_answer_that_is_none_is_drawn_and_says_why(study):
    found = study("set-cover", radius=0.5, forbidden=("甲镇",))
    drawn = site_map(found, "zh")
    assert drawn.marks[0].kind == "forbidden"
    assert drawn.missed == 4
    assert "没有任何候选点可达：甲镇" in _texts(site_map_svg(found, "zh"))


@pytest.mark.parametrize(("lang", "words"), [("zh", "图例"), ("en", "legend")])
def test_words_are_in_the_language_asked(study, lang, words):
    text = _texts(site_map_svg(study("p-median", p=2), lang))
    assert words in text
    assert "乙镇" in text
    if lang == "en":
        own = re.sub("[甲乙丙丁]镇", "", text)
        assert not re.search("[\u4e00-\u9fff]", own)


def test_a_site_without_a_position_still_colours_its_points(study, tmp_path):
    matrix = tmp_path / "m.csv"
    matrix.write_text("p,H,乙镇\n甲镇,1,9\n乙镇,9,1\n丙镇,1,9\n丁镇,9,1\n", encoding="utf-8")
    drawn = site_map(study("p-median", p=2, matrix=matrix), "zh")
    assert [mark.name for mark in drawn.marks] == ["乙镇"]
    assert len({dot.colour for dot in drawn.dots}) == 2
    assert [words.split()[0] for _, words in drawn.site_key] == ["乙镇", "H"]


def test_names_cannot_break_the_picture(study):
    svg = site_map_svg(
        study("p-median", ROAD.replace("乙镇", '<b>&\'""""').replace('"', ""), p=1), "en"
    )
    assert "<b>&'" in _texts(svg)


def test_the_same_answer_gives_the_same_picture(study):
    found = study("max-cover", p=2, radius=1.0)
    assert site_map_svg(found, "zh") == site_map_svg(found, "zh")


def test_one_place_alone_can_be_drawn(study):
    drawn = site_map(study("p-median", "name,lon,lat\nA,106,29.8\n", p=1), "en")
    assert len(drawn.dots) == 1
    assert math.isfinite(drawn.canvas.km)


def test_many_points_are_gathered_and_the_map_says_so(study):
    rng = np.random.default_rng(5)
    spots = rng.random((5200, 2)) * 40_000
    rows = "".join(f"P{i},{x:.0f},{y:.0f},{i % 7}\n" for i, (x, y) in enumerate(spots.tolist()))
    sites = "name,x,y\nS1,10000,10000\nS2,30000,30000\n"
    found = study("max-cover", "name,x,y,weight\n" + rows, sites=sites, p=2, radius=12.0)
    svg = site_map_svg(found, "en")
    drawn = site_map(found, "en")
    assert len(drawn.dots) < 5200
    assert drawn.lines == ()
    assert "5,200 points are drawn as" in " ".join(drawn.notes)
    assert len(svg) < 2_000_000


# Its parts


@given(st.integers(0, 10**6), st.integers(1, 60))
def test_gathering_loses_nobody(seed, count):
    rng = np.random.default_rng(seed)
    xy, weights = rng.random((count, 2)) * 50, np.round(rng.random(count) * 9)
    site, missed = rng.integers(-1, 4, count), rng.random(count) < 0.3
    found = gathered(xy, weights, site, missed)
    for state in (True, False):
        total = float(weights[missed == state].sum())
        assert found.weights[found.missed == state].sum() == pytest.approx(total)
        assert set(found.site[found.missed == state]) <= set(site[missed == state])
    again = rng.permutation(count)
    other = gathered(xy[again], weights[again], site[again], missed[again])
    np.testing.assert_allclose(found.xy, other.xy)
    assert found.site.tolist() == other.site.tolist()


@given(st.integers(0, 10**6), st.integers(1, 40))
def test_the_nearest_neighbour_has_another_colour(seed, count):
    xy = np.random.default_rng(seed).random((count, 2))
    chosen = colours(xy)
    for i in range(count):
        others = [j for j in range(count) if j != i]
        if others:
            near = min(others, key=lambda j: float(((xy[i] - xy[j]) ** 2).sum()))
            assert chosen[i] != chosen[near]


@given(st.lists(st.tuples(st.floats(5, 395), st.floats(5, 295)), min_size=1, max_size=40))
def test_names_never_cover_each_other(spots):
    board = Board(400, 300)
    wishes = [Wish(f"站点{k}", x, y, 6, 12, True) for k, (x, y) in enumerate(spots)]
    boxes = []
    for label in board.place_all(wishes):
        width = text_width(label.text, 12)
        left = label.x - {"start": 0, "middle": width / 2, "end": width}[label.anchor]
        boxes.append((left, label.y - 10, left + width, label.y))
    for k, (l1, t1, r1, b1) in enumerate(boxes):
        assert l1 >= -1
        assert r1 <= 401
        for l2, t2, r2, b2 in boxes[:k]:
            assert l1 >= r2 or l2 >= r1 or t1 >= b2 or t2 >= b1


def test_areas_go_as_the_weights():
    assert radii(np.array([4.0, 1.0, 0.0]), 10.0, 2.0).tolist() == [10.0, 5.0, 2.0]
    assert radii(np.array([0.0, 0.0]), 10.0, 2.0).tolist() == [4.5, 4.5]


def test_degrees_are_drawn_to_scale():
    """At 60° of latitude a degree of longitude is half a degree of latitude."""
    plane = in_plane(np.array([[10.0, 60.0], [11.0, 60.0], [10.0, 61.0]]), "lonlat", "m", 60.0)
    east, north = plane[1, 0] - plane[0, 0], plane[2, 1] - plane[0, 1]
    assert north / east == pytest.approx(2.0)
    assert north == pytest.approx(111.195, abs=0.01)


def test_everything_lies_on_the_canvas():
    plane = np.array([[0.0, 0.0], [3.0, 50.0], [1.0, 7.0]])
    shown = canvas(plane)
    at = shown.place(plane)
    assert (at > 0).all()
    assert (at < [shown.width, shown.height]).all()
    assert at[1, 1] < at[0, 1]  # north is up


def test_long_text_is_broken_between_words_and_characters():
    lines = wrapped("一二三四五，六七八九十", 10.0, 50.0)
    assert "".join(lines) == "一二三四五，六七八九十"
    assert not any(line.startswith("，") for line in lines)
    assert len(lines) == 3
    english = wrapped("the worst of all is at (小林镇)", 10.0, 60.0)
    assert english[-1] == "at (小林镇)" or english[-1] == "(小林镇)"


# The page and the files


def test_the_page_fetches_nothing(study):
    found = study("max-cover", p=1, radius=1.0)
    page = site_page(found, site_map_svg(found, "zh"), "zh")
    links = re.findall(r"""(?:src|href)\s*=\s*["']?([^"'\s>]+)""", page)
    assert set(links) <= {"data:,"}
    addresses = set(re.findall(r"https?://[^\s\"'<)]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert "@import" not in page
    assert "url(#frame)" in page


def test_nothing_is_written_when_something_fails(study, tmp_path, monkeypatch):
    import vl_convert

    def broken(*_: object, **__: object) -> bytes:
        raise RuntimeError

    monkeypatch.setattr(vl_convert, "svg_to_png", broken)
    with pytest.raises(RuntimeError):
        save_study(study("p-median", p=1), tmp_path / "out", "zh")
    assert not (tmp_path / "out").exists()


@pytest.mark.browser
def test_the_page_in_a_browser(study, tmp_path):
    browser = chromium.find()
    if browser is None:
        pytest.skip("there is no Chromium here")
    paths = save_study(study("max-cover", p=1, radius=1.0), tmp_path / "out", "zh")
    with chromium.Page(browser) as page:
        page.open(paths["map.html"])
        assert page.errors == []
        assert page.run("document.querySelectorAll('.dots circle').length") == 4
        page.run(
            "document.querySelector('.dots circle').dispatchEvent("
            "new MouseEvent('mouseover', {bubbles: true}))"
        )
        assert page.run("document.getElementById('tip').hidden") is False
        page.run(
            "const find = document.getElementById('find'); find.value = '丁镇';"
            "find.dispatchEvent(new Event('input'))"
        )
        rows = "[...document.querySelectorAll('#points tbody tr')].filter(r => !r.hidden).length"
        assert page.run(rows) == 1
        assert page.errors == []
        assert all(url.startswith(("file:", "data:")) for url in page.requests)
