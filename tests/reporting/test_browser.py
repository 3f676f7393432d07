"""The page in a real browser: no error, a map, and figures at a click."""

from __future__ import annotations

import json

import pytest

from tests.reporting import chromium

BROWSER = chromium.find()
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def window():
    assert BROWSER is not None
    with chromium.Page(BROWSER) as page:
        yield page


@pytest.fixture(scope="module")
def page(window, district_report):
    window.open(district_report / "report.html")
    return window


def shown(page, css):
    return page.run(f"document.querySelector({json.dumps(css)}).getClientRects().length > 0")


def test_no_error_and_no_request(page):
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith(("file:", "data:"))] == []


def test_map_is_there(page, district_result):
    townships = len(district_result.problem.district.townships)
    assert page.run("document.querySelectorAll('#map-svg .cell').length") == townships
    assert page.run("document.querySelector('#map-svg').getBoundingClientRect().height") > 300


def test_click_shows_the_figures_of_an_institution(page):
    page.click("#map-inset [data-institution='铜梁区人民医院']")
    text = page.run("document.getElementById('panel').innerText")
    assert "铜梁区人民医院" in text
    assert "1,030" in text
    assert "编制床位" in text
    anchors = page.run("[...document.querySelectorAll('#panel a')].map(a => a.hash.slice(1))")
    assert anchors
    assert page.run(f"{json.dumps(anchors)}.every(id => document.getElementById(id))")


def test_key_press_shows_the_figures_too(page):
    page.run(
        "document.querySelector('#map-svg [data-institution=土桥镇卫生院]')"
        ".dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
    )
    assert page.run("document.querySelector('#panel h4').textContent") == "土桥镇卫生院"


def test_language_can_be_switched(page):
    assert page.run("document.querySelector('#scorecard h2').innerText") == "指标对照表"
    page.click("#lang")
    assert page.run("document.querySelector('#scorecard h2').innerText") == "Scorecard by clause"
    assert page.run("document.querySelector('#by-text').placeholder") == "filter by text…"
    page.click("#lang")


def test_colours_and_legend_follow_the_choice(page):
    before = page.run("document.getElementById('map-legend').innerText")
    page.run("(() => { const s = document.getElementById('map-layer'); s.value = 'people';"
             "s.dispatchEvent(new Event('change')); })()")  # fmt: skip
    assert page.run("document.getElementById('map-legend').innerText") != before


def test_circles_of_a_radius(page):
    page.run("(() => { const s = document.getElementById('map-radius'); s.selectedIndex = 1;"
             "s.dispatchEvent(new Event('change')); })()")  # fmt: skip
    count = (
        "[...document.querySelectorAll('.radius')].filter(c => c.style.display !== 'none').length"
    )
    assert page.run(count) == 30


def test_link_opens_a_clause_that_was_filtered_away(page):
    assert not shown(page, "#cdc_facilities")
    page.run("location.hash = '#cdc_facilities'")
    page.run("new Promise(done => setTimeout(done, 50))")
    assert shown(page, "#cdc_facilities .detail")


def test_filters(page):
    page.run("(() => { const i = document.getElementById('by-text'); i.value = '护士';"
             "i.dispatchEvent(new Event('input')); })()")  # fmt: skip
    left = page.run(
        "[...document.querySelectorAll('tbody.clause')].filter(b => !b.hidden).map(b => b.id)"
    )
    assert "nurses_per_1000" in left
    assert "beds_per_1000" not in left


def test_table_sorts(page):
    page.click("#institution-beds th[data-col='3']")
    first = page.run("document.querySelector('#institution-beds tbody td').innerText")
    assert first == "铜梁区人民医院"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_table_is_cut_at_1400_pixels(page, lang):
    page.resize(1400, 1000)
    if page.run("document.documentElement.dataset.lang") != lang:
        page.click("#lang")
    wide = page.run(
        "[...document.querySelectorAll('.scroll')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.closest('[id]').id)"
    )
    assert wide == []
    if lang == "en":
        page.click("#lang")


def test_a_table_that_is_cut_says_so(page):
    page.resize(700, 800)
    page.run("new Promise(done => setTimeout(done, 100))")
    assert shown(page, "#institution-staff .more-right")
    page.resize(1400, 1000)
    page.run("new Promise(done => setTimeout(done, 100))")
    assert not shown(page, "#institution-staff .more-right")


def test_narrow_page_does_not_overflow(page):
    page.resize(390, 800)
    wide = page.run("document.documentElement.scrollWidth")
    page.resize(1400, 1000)
    assert wide <= 400


def test_still_no_error(page):
    assert page.errors == []
