"""A Chinese reader is addressed in Chinese, an English one in English."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

from resalloc.problem.problem import Problem
from resalloc.reporting import terminal
from resalloc.reporting.report import report
from resalloc.reporting.words import change_in_words
from resalloc.result.result import Phase
from resalloc.scoring.score import score
from resalloc.solver.solve import solve
from resalloc.status import Status

SENTENCE = re.compile(r"(?:[A-Za-z][A-Za-z'’-]*[\s,;:.()]+){5,}[A-Za-z]{2,}")
"""Six English words in a row; an id has underscores and is none."""
VOID = {"meta", "link", "br", "input", "img", "hr"}


class Speech(HTMLParser):
    """Collects what is shown in one language; ids, scripts and the plan's words are left out."""

    def __init__(self, lang: str) -> None:
        super().__init__()
        self._left_out = {"code", "script", "style", "zh" if lang == "en" else "en", "q"}
        self._open: list[bool] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            names = {tag, *(dict(attrs).get("class") or "").split()}
            self._open.append(bool(names & self._left_out))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over an element without content."""

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(self._open):
            self.texts.append(data.strip())


def shown(page: str, lang: str) -> list[str]:
    speech = Speech(lang)
    speech.feed(page)
    return speech.texts


@pytest.fixture(scope="module")
def page(district_report) -> str:
    return (district_report / "report.html").read_text(encoding="utf-8")


def test_chinese_page_has_no_english_sentence(page):
    assert [text for text in shown(page, "zh") if SENTENCE.search(text)] == []


def test_english_page_has_its_sentences(page):
    assert sum(bool(SENTENCE.search(text)) for text in shown(page, "en")) > 100


def test_phrases_differ_between_the_languages(page):
    """Every Chinese note has gone from the English page, and the other way round."""
    zh, en = set(shown(page, "zh")), set(shown(page, "en"))
    assert "仅反映2020年现状，未提出目标。" in zh - en
    assert "It reports the state in 2020 and sets no target." in en - zh
    assert "推算：专栏1第9项：每千人口2.85人；按规则分配到各机构" in zh - en
    assert any("；模型不作推算" in text for text in zh - en)


def test_workbook_has_no_english_sentence(district_report):
    book = load_workbook(district_report / "allocation.xlsx")
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            for cell in row:
                assert not (isinstance(cell, str) and SENTENCE.search(cell)), (sheet.title, cell)


@pytest.mark.parametrize(
    "show",
    [
        lambda result, lang: terminal.show_norms(result.problem.norms, lang),
        lambda result, lang: terminal.show_scorecard(score(result.problem), lang),
        lambda result, lang: terminal.show_result(result, lang),
        lambda result, lang: terminal.show_assumed(result.problem, lang),
    ],
    ids=["norms", "scorecard", "result", "hint"],
)
def test_terminal_speaks_chinese(show, district_result, capsys):
    told = dataclasses.replace(
        district_result, message="It is no good plan.", message_zh="并非好方案。"
    )
    show(told, "zh")
    printed = capsys.readouterr().out
    assert re.search(r"[\u4e00-\u9fff]", printed)
    assert not re.search(r"[A-Za-z]{3,} [a-z]{3,} [a-z]{3,}", printed)


def test_message_in_both_languages(district_result):
    told = dataclasses.replace(
        district_result, message="Time ran out <now>.", message_zh="时间用尽。"
    )
    page = report(told).html()
    assert (
        '<span class="zh">时间用尽。</span><span class="en">Time ran out &lt;now&gt;.</span>'
        in page
    )
    assert "时间用尽。" in told.summary("zh")
    assert "Time ran out" not in told.summary("zh")
    assert "Time ran out" in told.summary()


def test_nearest_miss_is_told_in_both_languages(town_problem):
    norms = town_problem.norms.override({"beds_per_1000": "<=4"})
    result = solve(Problem(town_problem.district, norms), time_limit_s=60)
    assert "有1条约束性条款无法与其他条款同时成立" in result.message_in("zh")
    assert "规划后 三镇县 2025（最接近方案）：" in result.summary("zh")
    assert not re.search(r"nearest|miss", result.summary("zh"))
    assert "after: 三镇县 2025 (nearest miss):" in result.summary()


def test_message_without_chinese_is_shown_as_it_is(district_result):
    assert district_result.message_in("zh") == district_result.message == "not solved"


def test_unit_of_a_phase_in_both_languages():
    phase = Phase("cost", "万元", Status.OPTIMAL, 1.0, 1.0, 0.0, 0.1)
    assert (phase.unit_in("zh"), phase.unit_in("en")) == ("万元", "10,000 yuan")


def test_remarks_in_both_languages(district_result):
    card = district_result.scorecard
    reach, reported = card["reach_rural"], card["life_expectancy"]
    assert reach.remark.startswith("share of residents within 10 km")
    assert reach.remark_in("zh").startswith("数值为距站点10公里以内居民的比例")
    assert "as reported for 2020" in reported.remark_in("en")
    assert "2020年上报 78.47岁；模型不作推算" in reported.remark_in("zh")
    assert card["reach_rural"].as_dict()["remark"] == reach.remark


def test_what_the_user_changed_in_both_languages(town_plan):
    changed = town_plan.override({"beds_per_1000": ">=6"}).relax("beds_per_1000")
    said = [change_in_words(text) for text in changed.changes]
    assert [text.zh for text in said] == [
        "beds_per_1000：使用者改为 >=6",
        "beds_per_1000：改按预期性处理，不作约束",
    ]
    assert tuple(text.en for text in said) == changed.changes
