"""The page of a sweep: every clause and number on it, in both languages, and in a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from openpyxl import load_workbook
from rich.console import Console

from resalloc.problem.scenario import Batch, Factor
from resalloc.reporting.sweep.files import write_sweep_page
from resalloc.reporting.sweep.maps import risk_maps
from resalloc.reporting.sweep.method import varied_section
from resalloc.reporting.sweep.passing import passing_section
from resalloc.reporting.sweep.plans import (
    best_plans_section,
    chosen_section,
    clause_shares_section,
    plans_section,
    regret_section,
)
from resalloc.reporting.sweep.tornado import tornado_section
from resalloc.reporting.sweep.words import headline, percent
from resalloc.reporting.terminal_sweep import show_sweep, sweeping
from resalloc.sampling.distribution import Levels, LogNormal, Triangular
from resalloc.sampling.sampled import Sobol
from resalloc.sampling.variable import Variable
from resalloc.scoring.state import today
from resalloc.scoring.tables import score_table
from resalloc.sweep.run.run import Progress
from resalloc.sweep.summary.passing import Count
from resalloc.sweep.summary.summarise import summarise
from tests.reporting import chromium
from tests.reporting.test_languages import SENTENCE

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.problem.problem import Problem
    from resalloc.sweep.summary.summary import SweepSummary

SIZE = 512
CLAUSES = (
    "life_expectancy", "beds_per_1000", "public_hospital_beds_per_1000", "icu_beds_share",
    "nurses_per_physician", "reach_rural", "mean_response_min", "village_clinics",
    "childcare_places", "primary_beds.01", "primary_beds.02",
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def summary(town_problem: Problem) -> SweepSummary:
    """512 futures of the three towns: people, speed, stations and a target."""
    district = town_problem.district
    variables = (
        *(Variable(Factor(f"population[{town}]"), LogNormal(1.0, 0.1))
          for town in district.townships.index),
        *(Variable(Factor(f"site[{site}]"), Levels((0, 1), (0.2, 0.8)))
          for site in district.sites.index),
        Variable(Factor("speed.rural"), Triangular(0.6, 1.0, 1.1)),
        Variable(Factor("norm.mean_response_min"), Levels((10, 16))),
        Variable(Factor("beds"), LogNormal(1.1, 0.08)),
    )  # fmt: skip
    design = Sobol(variables, SIZE, seed=1)
    scores = score_table(today(town_problem), design.rows(0, SIZE), clauses=CLAUSES)
    frame = scores.frame()
    frame.insert(0, "scenario", range(SIZE))
    tables = [pa.Table.from_pandas(f, preserve_index=False) for f in (frame, scores.places.frame())]
    return summarise(
        *map(ds.dataset, tables), problem=town_problem, fixed=scores.fixed, title="三镇的情形",
        state="三镇区 2020", design=design,
    )  # fmt: skip


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, summary, tmp_path_factory) -> tuple[str, Path]:
    """Language and folder of the written page."""
    folder = tmp_path_factory.mktemp(f"sweep-{request.param}")
    for name in ("risk-gone.svg", "manifest.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    table = pd.DataFrame({"what": ["甲站"], "chosen": [2], "futures": [3]})
    more = chosen_section(table, request.param)
    write_sweep_page(summary, folder, request.param, more=[more])
    return request.param, folder


def _page(folder: Path) -> str:
    return (folder / "sweep.html").read_text(encoding="utf-8")


def test_every_clause_is_on_the_page_once(written, summary):
    page = _page(written[1])
    for passing in summary.clauses.each:
        assert page.count(f'<tr id="{passing.norm.id}">') == 1
        assert percent(passing.count.share_holds).replace("<", "&lt;").replace(">", "&gt;") in page
    for clause in summary.fixed:
        if clause.verdict != "context":
            assert clause.norm.says.where in page


def test_the_result_is_told_in_words(written, summary):
    lang, folder = written
    told = headline(summary, lang)
    assert told in _page(folder)
    count = summary.clauses["reach_rural"].count
    assert 0 < count.holds < SIZE
    share = percent(count.share_holds)
    said = {
        "zh": f"农村院前急救服务半径（10 公里）在 {share} 的情形下覆盖全部居民",
        "en": f"everybody is within the radius (service radius of the emergency network, rural, "
        f"10 km) in {share} of them",
    }
    assert said[lang].lower() in told.lower()


def test_nothing_is_fetched_and_each_page_speaks_one_language(written):
    lang, folder = written
    page = _page(folder)
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
    assert set(re.findall(r"https?://[^\s\"<]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    if lang == "zh":
        # Sources and reasons that their author gave in English only stay as they are.
        shown = re.sub(r"<(style|script|code|q|details)\b.*?</\1>|<[^>]*>", " ", page, flags=re.S)
        assert SENTENCE.search(shown) is None


def test_what_was_varied_is_told(written):
    lang, folder = written
    page = _page(folder)
    expected = {
        "zh": ("对数正态，均值 1，变异系数 0.1", "随机种子 1", "开放概率 80 %", "三镇区 2020"),
        "en": ("coefficient of variation 0.1", "seed 1", "open in 80 %", "三镇区 2020"),
    }[lang]
    assert [text for text in expected if text not in page] == []


def test_files_belong_to_the_page(written, summary):
    lang, folder = written
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8")) == summary.as_dict()
    book = load_workbook(folder / "summary.xlsx", read_only=True)
    clauses = pd.DataFrame(book.worksheets[0].values)
    assert clauses[0].tolist()[1:] == [p.norm.id for p in summary.clauses.each]
    assert book.sheetnames[3] == {"zh": "敏感度", "en": "tornado"}[lang]
    for shown in risk_maps(summary, lang):
        drawn = ElementTree.parse(folder / f"{shown.file}.svg")
        cells = [p.get("data-township") for p in drawn.iter(f"{SVG}path") if p.get("data-township")]
        assert set(cells) == set(summary.risk.townships)
        assert (folder / f"{shown.file}.png").read_bytes()[:4] == b"\x89PNG"


def test_maps_show_the_share_falling_short(written, summary):
    _, folder = written
    table = summary.risk.by_township().set_index(["clause", "township"])["share_fails"]
    share = table.loc["mean_response_min", "北镇"]
    svg = (folder / "risk-mean_response_min.svg").read_text(encoding="utf-8")
    assert f"<title>北镇: {percent(share)}</title>" in svg


def test_an_old_map_goes_the_results_stay_and_a_section_is_added(written):
    lang, folder = written
    assert not (folder / "risk-gone.svg").exists()
    assert (folder / "manifest.json").exists()
    assert {"zh": "3 种情景中入选 2 种", "en": "in 2 of 3 futures"}[lang] in _page(folder)


def _few(problem: Problem, factors: tuple[Factor, ...], values: list[list[float]], **asked):
    scores = score_table(today(problem), Batch(factors, np.array(values)))
    frame = scores.frame()
    frame.insert(0, "scenario", range(len(values)))
    tables = [pa.Table.from_pandas(f, preserve_index=False) for f in (frame, scores.places.frame())]
    data = map(ds.dataset, tables)
    return summarise(*data, problem=problem, fixed=scores.fixed, factors=factors, **asked)


def test_maps_say_that_a_township_is_judged_by_its_own_residents(written, summary):
    lang, folder = written
    shown = next(m for m in risk_maps(summary, lang) if m.id == "mean_response_min")
    assert {"zh": "各乡镇自身的", "en": "a township's own"}[lang] in shown.title
    assert {"zh": "条款考核全区平均", "en": "mean of the district"}[lang] in shown.note
    assert f">{shown.note}</figcaption>".replace("'", "&#39;") in _page(folder)
    svg = (folder / f"{shown.file}.svg").read_text(encoding="utf-8")
    assert shown.note[-8:] in svg


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_a_project_adds_and_whether_it_is_counted_is_told(town_problem, lang):
    name = town_problem.district.institutions.index[0]
    project = Factor("project", "新院区", {f"beds[{name}]": 1200}, counted=False)
    few = _few(town_problem, (project,), [[0.0], [1.0]])
    said = {
        "zh": f"{name} 编制床位 +1,200；评价对象未含",
        "en": f"authorised beds of {name} +1,200; not counted in what is scored",
    }[lang]
    assert said in varied_section(few, lang).body
    (line,) = few.as_dict()["factors"]
    assert (line["adds"], line["counted"]) == ({f"beds[{name}]": 1200}, False)
    note = {"zh": "只有 2 种情形", "en": "so few scenarios (2)"}[lang]
    assert note in tornado_section(few, lang).note


def test_one_scenario_moves_nothing_and_what_is_missing_is_told(town_problem):
    few = _few(town_problem, (Factor("population"),), [[1.0]], missing={"beds_per_1000": "a.csv"})
    each = tuple(
        replace(p, count=Count(0, 0, 1)) if p.norm.id == "beds_per_1000" else p
        for p in few.clauses.each
    )
    one = replace(few, clauses=replace(few.clauses, each=each))
    body = passing_section(one, "zh").body
    assert ">缺：a.csv</td>" in body
    assert 'class="span"' not in body  # a point, not a bar
    lines = {line["clause"]: line["missing"] for line in one.as_dict()["clauses"]}
    assert {name: said for name, said in lines.items() if said} == {"beds_per_1000": "a.csv"}
    moved = tornado_section(one, "en")
    assert "nothing to compare" in moved.note
    assert "<figure" not in moved.body
    out = Console(width=120, force_terminal=False)
    with out.capture() as got:
        show_sweep(one, "en", out)
    assert "missing: a.csv" in got.get()
    assert "1 scenarios" not in got.get()


def test_where_no_clause_moves_a_sentence_stands_for_the_table(town_problem):
    none = _few(town_problem, (Factor("budget_wan"),), [[1.0], [2.0]])
    body = passing_section(none, "en").body
    assert "Nothing varied here can move any clause." in body
    assert '<table class="pass">' not in body


# Sections from plain tables


def test_plans_are_listed_best_first():
    table = pd.DataFrame(
        {"variant": ["a", "a", "b"], "plan": [0, 1, 0], "holds": [1, 3, 4],
         "fails": [3, 1, 0], "not_computable": [0, 0, 0]}
    )  # fmt: skip
    body = plans_section(table, "zh", name="方案{}".format, variant="a").body
    assert re.findall(r"方案\d|[\d.]+ %", body) == ["方案1", "75 %", "方案0", "25 %"]
    # Both variants of plan 0 together: 5 of 8.
    assert "62.5 %" in plans_section(table, "zh").body


def test_clauses_of_a_product_are_listed_least_likely_first(town_problem):
    table = pd.DataFrame(
        {"clause": ["beds_per_1000", "reach_rural"], "variant": ["all", "all"],
         "holds": [3, 1], "fails": [1, 2], "not_computable": [0, 1]}
    )  # fmt: skip
    body = clause_shares_section(table, town_problem, "en", variant="all").body
    assert re.findall(r"<td>([^<]*)</td>|([\d.]+ %)", body) == [
        ("service radius of the emergency network, rural 100 (≤ 10 km)", ""), ("", "25 %"),
        ("beds per 1,000 residents ≥ 4.48", ""), ("", "75 %"),
    ]  # fmt: skip


def test_undominated_plans_and_regret_are_told():
    best = pd.DataFrame({"plan": [4, 2], "a": [2.0, 1.0], "b": [0.5, 0.75]})
    body = best_plans_section(best, "en", heads={"a": "minutes"}).body
    assert re.findall(r"<td[^>]*>([^<]*)</td>", body) == ["2", "1", "0.75", "4", "2", "0.5"]
    assert "minutes" in body
    regret = pd.DataFrame({"plan": [0, 1], "largest": [float("nan"), 3.0],
                           "mean": [float("nan"), 1.0], "unknown": [2, 0]})  # fmt: skip
    body = regret_section(regret, "en", unit="min").body
    assert re.findall(r"<td[^>]*>([^<]*)</td>", body) == ["1", "3", "1", "0", "0", "—", "—", "2"]


def test_what_is_always_chosen_comes_first():
    table = pd.DataFrame({"what": ["甲", "乙", "丙"], "chosen": [1, 4, 0], "futures": [4, 4, 0]})
    body = chosen_section(table, "zh").body
    assert re.findall(r"<td>([^<]*)</td>", body) == ["乙", "稳健", "甲", "视情况", "丙", "不可计算"]


# On the terminal


def test_closing_table_names_clauses_and_shares(summary):
    out = Console(width=200, force_terminal=False)
    with out.capture() as got:
        show_sweep(summary, "zh", out)
    text = got.get()
    assert "农村院前急救服务半径" in text
    assert percent(summary.clauses["reach_rural"].count.share_holds) in text
    assert headline(summary, "zh") in text


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_rate_and_time_left(terminal):
    out = Console(width=120, force_terminal=terminal)
    with out.capture() as got, sweeping("en", out) as show:
        show(Progress(0, 4, 0, 0.0, float("nan"), float("nan")))
        show(Progress(3, 4, 3000, 2.0, 1500.0, 65.0))
        if not terminal:
            show(Progress(4, 4, 4000, 3.0, 1500.0, 0.0))
    wanted = "1,500 a second · 1:05 left" if terminal else "4,000 scenarios · 1,500 a second\n"
    assert wanted in got.get()


# In a browser

BROWSER = chromium.find()


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine")
def test_page_opens_without_error_or_request_and_nothing_is_cut(written):
    assert BROWSER is not None
    with chromium.Page(BROWSER) as page:
        page.open(written[1] / "sweep.html")
        assert page.errors == []
        assert [u for u in page.requests if not u.startswith(("file:", "data:"))] == []
        page.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        wide = (
            "[...document.querySelectorAll('.scroll')]"
            ".filter(e => e.scrollWidth > e.clientWidth + 1).length"
        )
        assert page.run(wide) == 0
        # No word of a chart or a map lies outside it.
        outside = """[...document.querySelectorAll('figure svg text')].filter(t => {
            const a = t.getBoundingClientRect(), b = t.closest('svg').getBoundingClientRect();
            return a.width && (a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1
                               || a.bottom > b.bottom + 1); }).map(t => t.textContent)"""
        assert page.run(outside) == []
        assert page.run("document.querySelectorAll('.maps .cell').length") > 0
