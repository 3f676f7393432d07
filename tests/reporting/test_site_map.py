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
from resalloc.reporting.siting.labels import Board, Wish, _crossing, text_width, wrapped
from resalloc.reporting.siting.map import site_map, site_map_svg
from resalloc.reporting.siting.page import site_page
from resalloc.reporting.siting.tables import as_dict, assignment_table
from resalloc.reporting.siting.words import headline, missed
from resalloc.reporting.texts import texts
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
    svg = site_map_svg(study("max-cover", p=2, radius=2.0, fixed=("甲镇", "丁镇")), "en")
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
    assert drawn.missed == 1
    assert "以下需求点的半径内没有候选站点：甲镇" in _texts(site_map_svg(found, "zh"))


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


# Capacities: who is served, in part or not at all


FULL = "name,x,y,weight\n甲镇,0,0,100\n乙镇,1000,0,300\n丙镇,2000,0,40\n丁镇,90000,0,25\n"
CLINIC = "name,x,y\nH,1000,100\n"
"""With room for 350 and a radius of 3 km: 甲, 乙 and 丙 hold 440, 丁 is out of reach."""


@pytest.fixture
def full(study):
    return study(
        "max-cover", FULL, CLINIC, p=1, radius=3.0, capacity=350.0, split=True, weight="weight"
    )


def test_what_is_served_in_part_is_counted_in_part(full):
    """350 are served and 115 are not, of 465; no point served in part counts twice or not."""
    facts = full.facts
    assert full.siting.objective == pytest.approx(350)
    assert facts.covered == facts.served == pytest.approx(350)
    assert sum(site.people for site in facts.sites) == pytest.approx(350)
    assert sum(site.covered for site in facts.sites) == pytest.approx(350)
    assert facts.left.sum() == pytest.approx(115)
    table = assignment_table(full)
    paid = (table.weight * table.part * table.cost).sum()
    assert facts.mean == pytest.approx(paid / 350)
    assert facts.worst == table.cost[table.part > 0].max()
    assert (table.weight * table.part).sum() == pytest.approx(350)
    assert "350 of 465 people are served" in headline(full, "en")
    assert missed(full, "en").startswith("115 people of ")


def test_who_is_served_in_part_is_told_and_drawn(full):
    table = assignment_table(full).set_index("point")
    (part,) = table.index[table.covered == "part"]
    assert 0 < table.served[part] < 1
    assert (table.served[table.covered == "yes"] == 1).all()
    drawn = site_map(full, "zh")
    (dot,) = [dot for dot in drawn.dots if dot.parts]
    assert (len(dot.parts), dot.parts[-1][1], dot.missed) == (2, "", True)
    assert drawn.parted == 1
    assert "只有部分获服务" in _texts(site_map_svg(full, "zh"))


def test_a_point_divided_among_sites_is_told_and_drawn(study):
    """Two sites of 250 for 440 people near by: one point at least has to be divided."""
    sites = "name,x,y\nH,1000,100\nK,1000,-200\n"
    text = FULL.replace("丁镇,90000,0,25\n", "")
    found = study("capacitated-median", text, sites, p=2, capacity=250.0, split=True)
    drawn = site_map(found, "zh")
    assert (drawn.between, drawn.parted, drawn.missed) == (1, 0, 0)
    (dot,) = [dot for dot in drawn.dots if dot.parts]
    assert len({colour for _, colour in dot.parts} - {""}) == 2
    assert "由几个站点分担" in _texts(site_map_svg(found, "zh"))
    assert found.facts.covered == pytest.approx(440)
    assert (assignment_table(found).served == 1).all()


def test_too_far_and_no_room_are_told_apart(study):
    """Room for 320: 乙 alone, or 甲 and 丙; the two others are within reach and find no room."""
    found = study("max-cover", FULL, CLINIC, p=1, radius=3.0, capacity=320.0)
    table = assignment_table(found).set_index("point")
    assert table.why.to_dict() == {
        "甲镇": "no room",
        "乙镇": "",
        "丙镇": "no room",
        "丁镇": "too far",
    }
    told = as_dict(found)
    assert (told["too_far"], told["no_room"]) == (["丁镇"], ["甲镇", "丙镇"])
    said = missed(found, "zh")
    assert "半径内没有已设站点的 1 个，25 人（丁镇）" in said
    assert "容量已满的 2 个，140 人（甲镇、丙镇）" in said
    assert "覆盖" not in headline(found, "zh")
    assert [dot.full for dot in site_map(found, "zh").dots if dot.missed].count(True) == 2
    legend = _texts(site_map_svg(found, "zh"))
    for words in ("半径内没有已设站点", "容量已满，未获服务"):
        assert words in legend
    page = site_page(found, "", "zh")
    assert "否：超出半径" in page
    assert "否：容量已满" in page


def test_a_point_of_weight_zero_takes_no_room_and_is_served(study):
    text = FULL + "戊村,1000,500,0\n"
    found = study("max-cover", text, CLINIC, p=1, radius=3.0, capacity=350.0, split=True)
    table = assignment_table(found).set_index("point")
    assert (table.site["戊村"], table.covered["戊村"], table.served["戊村"]) == ("H", "yes", 1.0)


# Without an answer


def test_only_the_points_that_are_the_reason_are_red(study, tmp_path):
    sites = "name,x,y,fixed\nS1,0,500,yes\nS2,500,500,\n"
    found = study("set-cover", sites=sites, radius=2.0)
    drawn = site_map(found, "en")
    assert sorted(dot.colour for dot in drawn.dots) == sorted([MISSED] * 2 + [UNSERVED] * 2)
    assert {mark.name: mark.kind for mark in drawn.marks} == {"S1": "fixed", "S2": "closed"}
    table = assignment_table(found).set_index("point").covered
    assert table.to_dict() == {
        "甲镇": "no answer", "乙镇": "no answer", "丙镇": "unreached", "丁镇": "unreached",
    }  # fmt: skip
    paths = save_study(found, tmp_path / "out", "zh")
    sites_file = paths["sites.csv"].read_text(encoding="utf-8-sig")
    assert sites_file.splitlines()[1].startswith(",infeasible,不可行：")


# Its names


def test_fixed_sites_are_named_before_all_others(study):
    """Thirty villages on one spot leave room for few names: the fixed site's is among them."""
    rows = "".join(f"村落{i},{i},{i},{900 - i}\n" for i in range(30))
    sites = "name,x,y,fixed\n中心卫生院,15,15,yes\n新站,16,16,\n"
    text = "name,x,y,weight\n" + rows + "远村,9000,9000,5000\n"
    drawn = site_map(study("p-median", text, sites, p=2), "zh")
    assert drawn.labels[0].text == "中心卫生院"
    named = {label.text for label in drawn.labels}
    points = sum(f"村落{i}" not in named for i in range(30)) + ("远村" not in named)
    assert points > 0
    left = len({"中心卫生院", "新站"} - named)
    assert f"站点 {left} 个，需求点 {points} 个" in "".join(drawn.notes)


def test_a_site_in_a_crowd_is_named_a_little_away():
    board = Board(400, 300)
    board.take(165, 130, 235, 170)
    label = board.place(Wish("站点", 200, 150, 8, 12, True))
    assert label is not None
    assert label.leader is not None
    x, y, *_ = label.leader
    assert math.hypot(x - 200, y - 150) == pytest.approx(8, abs=0.1)  # the edge of its symbol


def test_a_name_stands_where_no_line_crosses_it():
    board = Board(400, 300)
    board.avoid(np.array([[200.0, 150.0, 390.0, 150.0]]), np.empty((0, 3)))
    label = board.place(Wish("村", 200, 150, 5, 12, False))
    assert label is not None
    assert label.anchor == "end"


@given(st.integers(0, 10**6))
def test_a_line_crosses_a_box_where_one_of_many_of_its_places_lies_in_it(seed):
    rng = np.random.default_rng(seed)
    lines = rng.random((20, 4)) * 100
    box = (30.0, 40.0, 60.0, 55.0)
    along = np.linspace(0, 1, 4001)[:, None, None]
    at = lines[:, :2] + along * (lines[:, 2:] - lines[:, :2])
    inside = ((at > [30.1, 40.1]) & (at < [59.9, 54.9])).all(axis=2).any(axis=0)
    near = ((at > [29.9, 39.9]) & (at < [60.1, 55.1])).all(axis=2).any(axis=0)
    crossed = _crossing(lines, box)
    assert (crossed | ~inside).all()
    assert (near | ~crossed).all()


def test_circles_of_a_radius_lie_on_the_map(study):
    drawn = site_map(study("max-cover", p=2, radius=2.0, fixed=("甲镇", "丁镇")), "en")
    for ring in drawn.rings:
        assert ring.x - ring.r >= 0
        assert ring.y - ring.r >= 0
        assert ring.x + ring.r <= drawn.canvas.width
        assert ring.y + ring.r <= drawn.canvas.height
    # A radius far beyond all places would leave them no room: then its circle is cut.
    wide = site_map(study("max-cover", p=1, radius=900.0), "en")
    assert wide.canvas.km == pytest.approx(site_map(study("p-median", p=1), "en").canvas.km)


def test_candidates_among_the_points_do_not_hide_them(study):
    drawn = site_map(study("p-median", sites=ROAD.replace(",weight", ",other"), p=1), "zh")
    kinds = {mark.name: mark.kind for mark in drawn.marks}
    assert kinds == {"甲镇": "both", "乙镇": "open", "丙镇": "both", "丁镇": "both"}
    sizes = {(dot.x, dot.y): dot.r for dot in drawn.dots}
    assert all(m.size > sizes[m.x, m.y] for m in drawn.marks if m.kind == "both")
    assert "需求点兼候选站点" in _texts(site_map_svg(
        study("p-median", sites=ROAD.replace(",weight", ",other"), p=1), "zh"))  # fmt: skip


@pytest.mark.parametrize(("lang", "title"), [("zh", "选址结果"), ("en", "Chosen sites")])
def test_a_map_without_a_title_has_one_in_its_language(study, lang, title):
    assert site_map(study("p-median", p=1), lang).title[0].startswith(title)
    assert "points" not in site_map(study("p-median", p=1), lang).title[0]


def test_chinese_words_tell_sites_from_points():
    """A bare 点 could be either."""
    own = [text.zh for key, text in texts().items() if key.startswith(("site.", "site_model."))]
    bare = re.compile(r"(?<!需求)(?<![站要])点(?!对)")
    assert [words for words in own if bare.search(words.replace("圆点", ""))] == []
    assert [words for words in own if "间隙" in words] == []


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


def test_files_of_an_earlier_answer_are_removed(study, tmp_path):
    out = tmp_path / "out"
    save_study(study("p-median", p=1), out, "zh")
    (out / "notes.txt").write_text("mine", encoding="utf-8")
    matrix = tmp_path / "m.csv"
    matrix.write_text("p,H\n甲镇,1\n乙镇,9\n", encoding="utf-8")
    found = study("p-median", "name,weight\n甲镇,1\n乙镇,2\n", p=1, matrix=matrix)
    save_study(found, out, "zh")
    names = {path.name for path in out.iterdir()}
    assert names == {"answer.json", "sites.csv", "assignment.csv", "notes.txt"}


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
