"""The page stands alone, and every number on it leads to a clause, an assumption or a note."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.problem.allocation import Allocation
from resalloc.reporting.added_cost import OWNERS, added_cost
from resalloc.reporting.figures import figures
from resalloc.reporting.priorities import priorities
from resalloc.reporting.report import report
from resalloc.reporting.response_facts import response_facts
from resalloc.reporting.tables import tables
from resalloc.result.result import Conflict, OutOfReach, Result
from resalloc.rules.cost import cost_of, cost_rates
from resalloc.status import Status

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
    assert added_cost(figures(town_result)).sum() == pytest.approx(phase.value)


def test_cost_by_owner_is_the_same_cost(town_result, district_result):
    for result in (town_result, district_result):
        f = figures(result)
        split = added_cost(f)
        assert split is not None
        rates, years = cost_rates(f.problem, f.columns), split.years
        capital, running = cost_of(rates, f.columns, f.plan, years)
        assert split.sum("capital") == pytest.approx(capital)
        assert split.sum("running") == pytest.approx(running)
        assert split.sum() == pytest.approx(sum(split.sum(owner=owner) for owner in OWNERS))


def test_private_beds_are_private_money(district_result):
    columns, place = district_result.rows.columns, "民营医院（8家合计）"
    before = added_cost(figures(district_result))
    x = district_result.allocation.x.copy()
    x[columns["beds_total"].ids[columns["beds_total"].along("institution").index(place), -1]] += 10
    changed = dataclasses.replace(district_result, allocation=Allocation(columns, x))
    after = added_cost(figures(changed))
    assert after.sum("capital", "private") - before.sum("capital", "private") == pytest.approx(600)
    assert after.sum(owner="public") == pytest.approx(before.sum(owner="public"))


def test_cost_leads_to_every_assumption_it_rests_on(page, district_result):
    part = page[page.index('<section id="cost">') :].partition("</section>")[0]
    keys = [a.key for a in district_result.problem.district.assumptions]
    used = [key for key in keys if key.startswith("cost.")]
    assert used
    assert all(f'href="#assumption-{key}"' in part for key in used)
    assert "基本建设" not in page


def test_clauses_met_are_counted_like_for_like(page, district_result):
    judged = {"met", "short", "over"}
    pairs = [
        (before.verdict, district_result.scorecard[before.norm.id].verdict)
        for before in district_result.before
    ]
    common = [pair for pair in pairs if set(pair) <= judged]
    met = [sum(pair[side] == "met" for pair in common) for side in (0, 1)]
    assert f'<span class="was">{met[0]}/{len(common)}</span>' in page
    assert f"<b>{met[1]}/{len(common)}</b>" in page


def test_a_reported_clause_shows_its_remark_in_the_row(district_result):
    year = max(district_result.after)
    card = district_result.after[year]
    told = dataclasses.replace(
        card["life_expectancy"], verdict="not_computable", value=None, gap=None, rows=(),
        remark="78.47 as reported for 2020; not moved by the model",
        remark_zh="78.47，2020年上报数；模型不作推算",
    )  # fmt: skip
    clauses = tuple(told if c.norm.id == "life_expectancy" else c for c in card)
    changed = dataclasses.replace(
        district_result, after={year: dataclasses.replace(card, clauses=clauses)}
    )
    page = report(changed).html()
    row = re.search(r'id="life_expectancy".*?</tr>', page, re.DOTALL)
    assert row is not None
    assert "78.47，2020年上报数；模型不作推算" in row[0]
    assert "78.47 as reported for 2020" in row[0]


def test_response_facts(district_result):
    f = figures(district_result)
    facts, reach = response_facts(f), f.reach(planned=True)
    assert facts is not None
    late = reach["minutes"] > facts.target
    people = reach["residents"]
    assert facts.share == pytest.approx(100 * people[late].sum() / people.sum())
    assert facts.mean == pytest.approx((reach["minutes"] * people).sum() / people.sum())
    table = next(table for table in tables(f) if table.id == "emergencies")
    slow = table.frame["minutes_plan"] > facts.target
    assert set(facts.townships) == set(table.frame.index[slow])


def test_radius_of_town_and_country_apart(district_result):
    f = figures(district_result)
    table = next(table for table in tables(f) if table.id == "emergencies")
    reach = f.reach(planned=True).groupby(["township", "place_class"])["km"].max()
    for who in ("urban", "rural"):
        for place, km in table.frame[f"farthest_{who}_plan"].dropna().items():
            assert km == reach[place, who]
    assert "3.5" in table.note.zh
    assert "10" in table.note.zh
    assert "demand.urban_rule" in table.note.en


def test_tie_break_has_a_proof_and_no_number(town_result):
    first, cost, tie = priorities(town_result)
    assert first.name.en.startswith("expected clauses: worst shortfall plus mean")
    assert first.worst.en
    assert cost.value.zh.endswith("万元")
    assert (tie.value.en, tie.bound.en) == ("", "")
    assert tie.proof.en


def test_worst_expected_clause_is_named(town_result):
    year = max(town_result.after)
    card = town_result.after[year]
    soft = next(
        c for c in card
        if c.rows and c.norm.use == "constraint" and not c.norm.reads.binding
    )  # fmt: skip
    row = dataclasses.replace(soft.rows[0], target=10.0, gap=9.0)
    short = dataclasses.replace(soft, rows=(row,))
    clauses = tuple(short if c is soft else c for c in card)
    changed = dataclasses.replace(
        town_result, after={year: dataclasses.replace(card, clauses=clauses)}
    )
    worst = priorities(changed)[0]
    assert worst.anchor == soft.norm.id
    assert "90 %" in worst.worst.en
    assert row.place in worst.worst.zh


def test_what_the_plan_leaves_open_is_a_dash_and_costs_nothing(town_result):
    allocation = town_result.allocation
    x = allocation.x.copy()
    x[allocation.columns["staff"].ids[0, 0]] = np.nan
    opened = dataclasses.replace(town_result, allocation=Allocation(allocation.columns, x))
    cost, known = added_cost(figures(opened)).table, added_cost(figures(town_result)).table
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
