"""The page stands alone, and every number on it leads to a clause, an assumption or a note."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.problem.allocation import Allocation
from resalloc.reporting.figures import figures
from resalloc.reporting.report import report
from resalloc.reporting.tables import tables
from resalloc.result.result import Conflict, OutOfReach, Result
from resalloc.result.status import Status

VOID = {"meta", "link", "br", "input", "img", "hr"}


class Reader(HTMLParser):
    """Collects ids, links and what would be fetched; notes tags that do not close."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.anchors: list[str] = []
        self.fetched: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.numbers: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        link = given.get("href") or ""
        if tag == "a" and link.startswith("#"):
            self.anchors.append(link[1:])
        elif link or given.get("src"):
            self.fetched.append(link or str(given["src"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.open or self.open[-1] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]} at {self.getpos()}")
        else:
            self.open.pop()


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.fixture(scope="module")
def page(district_report) -> str:
    return (district_report / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reader(page) -> Reader:
    return read(page)


def test_markup_is_sound(reader):
    assert reader.faults == []
    assert reader.open == []


def test_ids_are_unique(reader):
    assert len(reader.ids) == len(set(reader.ids))


def test_every_link_leads_somewhere(reader):
    assert set(reader.anchors) - set(reader.ids) == set()


def test_nothing_is_fetched(page, reader):
    assert [link for link in reader.fetched if link != "data:,"] == []
    bare = re.sub(r'xmlns(:\w+)?="[^"]*"', "", page)
    assert re.findall(r"(?:https?:)?//[\w.-]+\.\w{2,}/", bare) == []
    assert "@import" not in page
    assert not re.search(r"url\((?!#|[\"']?data:)", page)


def test_page_is_not_heavy(page):
    assert len(page.encode()) < 3_000_000


def test_every_clause_has_its_row(page, reader, district_result):
    for norm in district_result.problem.norms:
        assert norm.id in reader.ids
        assert norm.says.where in page


def test_every_assumption_has_its_row(reader, district_result):
    keys = [entry.key for entry in district_result.problem.district.assumptions]
    assert {f"assumption-{key}" for key in keys} <= set(reader.ids)


def test_every_column_of_numbers_leads_to_a_source(district_result):
    for table in tables(figures(district_result)):
        for column in table.columns:
            if column.holds != "text" and column.minus is None:
                assert column.sources, f"{table.id}: {column.full_head('en')}"


def test_both_languages_are_there(page, district_result):
    assert "指标对照表" in page
    assert "Scorecard by clause" in page
    assert 'data-lang="zh"' in page
    assert 'data-lang="en"' in report(district_result, lang="en").html()


def test_unknown_is_a_dash_not_a_zero(page):
    row = re.search(r'<tbody class="clause[^"]*" id="reach_urban".*?</tbody>', page, re.DOTALL)
    assert row is not None
    assert re.search(r'<td class="n">—</td>', row[0])


def test_cost_by_block_is_the_cost_that_was_minimised(town_result):
    phase = next(phase for phase in town_result.phases if phase.name == "cost")
    assert figures(town_result).cost().to_numpy().sum() == pytest.approx(phase.value)


def test_what_the_plan_leaves_open_is_a_dash_and_costs_nothing(town_result):
    allocation = town_result.allocation
    x = allocation.x.copy()
    x[allocation.columns["staff"].ids[0, 0]] = np.nan
    opened = dataclasses.replace(town_result, allocation=Allocation(allocation.columns, x))
    cost, known = figures(opened).cost(), figures(town_result).cost()
    assert cost.notna().all(axis=None)
    assert (cost.loc["beds_total"] == known.loc["beds_total"]).all()
    assert read(report(opened).html()).faults == []


def test_language_is_checked(town_result):
    with pytest.raises(InputError, match="'fr' is not a language"):
        report(town_result, lang="fr")


def test_conflicts_and_people_out_of_reach_are_named(town_result):
    norm = next(iter(town_result.problem.norms))
    conflict = Conflict(norm.id, "床位<b>", "beds", "北镇", 2025, 4.0, ">=", 6.0, 2.0, "张", "beds",
                        "q", "w")  # fmt: skip
    away = OutOfReach(norm.id, "北镇", "北镇/r01", 120.0, 12.5, 10.0, "南镇卫生院")
    changed = dataclasses.replace(
        town_result, status=Status.INFEASIBLE, conflicts=(conflict,), out_of_reach=(away,)
    )
    page = report(changed).html()
    assert conflict.sentence("zh").replace("<b>", "&lt;b&gt;").replace(">=", "&gt;=") in page
    assert "南镇卫生院" in page
    assert "1 个需求点、约 120 人" in page
    assert read(page).faults == []


def test_result_without_a_plan_still_has_a_page(town_result: Result, tmp_path):
    bare = dataclasses.replace(town_result, allocation=None, after={}, status=Status.UNKNOWN)
    paths = report(bare, lang="en").save(tmp_path)
    page = paths["report.html"].read_text(encoding="utf-8")
    assert "The solve gave no allocation to show" in page
    assert read(page).faults == []
    assert all(path.exists() for path in paths.values())


def test_save_says_what_it_wrote(town_report):
    names = {"report.html", "allocation.xlsx", "allocation.gpkg", "map.svg", "map.png", "run"}
    assert {path.name for path in town_report.iterdir()} == names
