"""The page of a re-optimisation: what it says of futures and plans, in both languages."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from rich.console import Console

from resalloc.problem.problem import Problem
from resalloc.problem.scenario import Batch, Factor
from resalloc.reporting.sweep.reoptimised import reoptimised_page, write_reoptimised
from resalloc.reporting.sweep.reoptimised_facts import Facts
from resalloc.reporting.sweep.reoptimised_head import headline
from resalloc.reporting.sweep.reoptimised_regret import compared_section
from resalloc.reporting.sweep.reoptimised_terminal import judging, planning, show_reoptimised
from resalloc.reporting.sweep.reoptimised_words import future_name, setting
from resalloc.sampling.distribution import Levels
from resalloc.sampling.factorial import Factorial
from resalloc.sampling.variable import Variable
from resalloc.sweep.reoptimise.plain import plan_frame
from resalloc.sweep.reoptimise.reoptimise import reoptimise
from resalloc.sweep.run.run import Progress
from tests.reporting import chromium
from tests.reporting.test_languages import SENTENCE, shown

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.norms.normset import NormSet
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised

VARIED = (("norm.childcare_places", (3.0, 4.0)), ("norm.reach_rural", (10.0, 3.0)))
DESIGN = Factorial(tuple(Variable(Factor(name), Levels(values)) for name, values in VARIED))


@pytest.fixture(scope="module")
def found(town_problem: Problem) -> Reoptimised:
    """Places as expected or 4; a radius as expected, or 3 km, which no site can keep."""
    return reoptimise(town_problem, DESIGN.rows(0, len(DESIGN)))


@pytest.fixture(scope="module", params=["zh", "en"])
def written(request, found, tmp_path_factory) -> tuple[str, Path]:
    """Language and folder of the written page."""
    folder = tmp_path_factory.mktemp(f"reoptimised-{request.param}")
    write_reoptimised(found, folder, request.param, title="三镇", design=DESIGN, time_limit_s=60)
    return request.param, folder


def _page(folder: Path) -> str:
    return (folder / "sweep.html").read_text(encoding="utf-8")


def test_the_result_is_told_in_words(written, found):
    """Of four futures two have a plan; four places are enough in all, at 110 万元 more."""
    lang, folder = written
    told = headline(Facts.of(found), lang)
    assert escape(told, quote=False).replace("'", "&#39;") in _page(folder)
    wanted = {
        "zh": (
            "4 种情形中，2 种有满足全部约束性条款的方案",
            "情形 3 的方案",
            "费用最多多 110 万元",
        ),
        "en": ("2 of 4 futures have a plan", "plan of scenario 3", "up to 1.1 million yuan more"),
    }[lang]
    assert [text for text in wanted if text not in told] == []


def test_futures_without_a_plan_are_named_with_their_clauses(written, found):
    lang, folder = written
    page = _page(folder)
    clause = found.problem.norms["reach_rural"].indicator.label(lang)
    for number in (1, 3):
        assert future_name(found, number, lang) in page
    told = {"zh": "约束性条款不能同时满足：", "en": "these binding clauses cannot all hold: "}[lang]
    assert page.count(told + clause) >= 4  # twice at the top, twice in the table


def test_plans_are_named_and_their_breaches_told(written, found):
    """A radius of 3 km nobody keeps, so it is held against no plan; three places are too few."""
    lang, folder = written
    page, facts = _page(folder), Facts.of(found)
    assert [len(found.regret.breaks(plan)) for plan in (0, 2)] == [3, 2]
    assert [facts.avoidable(plan) for plan in (0, 2)] == [1, 0]
    kept = {"zh": "凡有方案的情形都满足", "en": "kept wherever a plan can"}[lang]
    broken = {"zh": "有方案的 2 种中 1 种违反", "en": "broken in 1 of the 2 that can be kept"}[lang]
    assert [text for text in (kept, broken) if text not in page] == []
    assert {"zh": "与情形 1 的方案相同", "en": "the same as that of scenario 1"}[lang] in page


def test_extra_cost_is_against_the_best_plan_of_each_future(found):
    """In futures 1 and 2 three places do, and plan 3 costs 110 万元 more than is needed."""
    regret = found.regret
    extra = regret.extra_cost_wan[regret.plans.index(2)]
    assert extra == pytest.approx([110, 110, 0, 0])
    assert regret.best_plans == (-1, -1, 2, 2)
    assert "+110" in compared_section(Facts.of(found), "zh").body


def test_what_is_known_today_is_not_called_new(written, found):
    lang, folder = written
    facts = Facts.of(found)
    title, after = {
        "zh": ("有车组值班的急救站点</h3>", "发热门诊（诊室、哨点）</h3>"),
        "en": ("Ambulance stations with a crew</h3>", "Fever clinics</h3>"),
    }[lang]
    page = _page(folder).split(title)[1].split(after)[0]
    there = {"zh": "（现有）", "en": " (there today)"}[lang]
    for choice in facts.places("crewed"):
        assert (choice.place + there in page) == (choice.today > 0.5 and choice.chosen > 0)


def test_the_recommended_plan_is_the_stored_one(written, found):
    _, folder = written
    beds = plan_frame(found, found.regret.minimax).query("block == 'beds_total'")
    page = _page(folder)
    for row in beds.itertuples():
        assert re.search(f"{row.place}</td>.*?>{row.planned:,.0f}</td>", page, re.DOTALL)


def test_nothing_is_fetched_and_each_page_speaks_one_language(written):
    lang, folder = written
    page = _page(folder)
    assert not re.findall(r'(?:src|href)="(?!#|data:)', page)
    if lang == "zh":
        bare = re.sub(r"<(style|script|code|details)\b.*?</\1>|<[^>]*>", " ", page, flags=re.S)
        assert SENTENCE.search(bare) is None
    else:
        plain = [t for t in shown(page, "en") if re.search(r"[一-鿿]{9}", t)]
        names = ("卫生院", "医院", "三镇", "中心")
        assert [t for t in plain if not any(name in t for name in names)] == []


def test_files_belong_to_the_page(written, found):
    lang, folder = written
    data = json.loads((folder / "reoptimised.json").read_text(encoding="utf-8"))
    assert data["regret"]["minimax"] == found.regret.minimax
    assert [f["status"] for f in data["futures"]] == [
        one.status.value for one in (found.base, *found.outcomes)
    ]
    book = load_workbook(folder / "reoptimised.xlsx", read_only=True)
    assert book.sheetnames[0] == {"zh": "情形", "en": "futures"}[lang]
    judged = pd.DataFrame(book.worksheets[4].values)
    assert len(judged) == 1 + len(found.regret.plans) * len(found.batch)


def test_without_any_plan_the_page_says_so(town_problem: Problem, town_plan: NormSet):
    """A radius of 3 km is asked of the expected future too."""
    norms = town_plan.at(2025).override({"reach_rural": "<=3"})
    batch = Batch((Factor("population"),), np.array([[1.0]]))
    lost = reoptimise(Problem(town_problem.district, norms), batch)
    page = reoptimised_page(lost, "en")
    assert "0 of 1 futures have a plan" in page
    assert "no base plan is compared" in page
    assert 'id="compared"' not in page
    assert 'id="recommended"' not in page


@pytest.mark.parametrize(
    ("of", "value", "zh", "en"),
    [
        ("population", 1.05, "人口 ×1.05", "people ×1.05"),
        ("site[北镇卫生院]", 0.0, "北镇卫生院关闭", "北镇卫生院 shut"),
        ("ems.call_min", 2.0, "受理调度时间（分钟） 2", "time to take the call (min) 2"),
    ],
)
def test_a_future_is_told_by_what_is_so_in_it(found, of, value, zh, en):
    assert setting(found, Factor(of), value, "zh") == zh
    assert setting(found, Factor(of), value, "en") == en


def test_the_terminal_names_futures_and_the_plan(found):
    out = Console(width=200)
    with out.capture() as got:
        show_reoptimised(found, "en", out, title="towns")
    told = " ".join(got.get().split())
    assert "scenario 2" in told
    assert "infeasible" in told
    assert headline(Facts.of(found), "en")[:60] in told


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_counts_plans_and_then_futures(terminal):
    out = Console(width=120, force_terminal=terminal)
    with out.capture() as got:
        with planning("en", out) as show:
            show(Progress(0, 10, 0, 0.0, float("nan"), float("nan")))
            show(Progress(10, 10, 9, 2.0, 5.0, 0.0))
        with judging("en", out) as judged:
            judged(9, 9)
    wanted = ("10/10", "9/9") if terminal else ("10 of 10 plans", "judged in 9 of 9 futures")
    assert [text for text in wanted if text not in got.get()] == []


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
        outside = """[...document.querySelectorAll('figure svg text')].filter(t => {
            const a = t.getBoundingClientRect(), b = t.closest('svg').getBoundingClientRect();
            return a.width && (a.left < b.left - 1 || a.right > b.right + 1 || a.top < b.top - 1
                               || a.bottom > b.bottom + 1); }).map(t => t.textContent)"""
        assert page.run(outside) == []
