"""A sweep of a product: its numbers are those of the table of all its scenarios, and it is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from openpyxl import load_workbook
from rich.console import Console

from resalloc.reporting.sweep.product import show_product, write_product_page
from resalloc.reporting.sweep.product_words import counted, option_name, product_headline
from resalloc.result.scores import VERDICTS
from resalloc.sampling.crossed import Crossed
from resalloc.scoring.tables import score_table
from resalloc.sweep.product_work import ProductWork
from resalloc.sweep.run.run import run_work
from resalloc.sweep.settings import read_settings
from resalloc.sweep.summary.passing import counts_jointly
from resalloc.sweep.summary.product import chunks_of, summarise_product
from resalloc.sweep.sweep import prepare
from tests.reporting.test_languages import SENTENCE, shown

if TYPE_CHECKING:
    from resalloc.sweep.summary.product import ProductSummary
    from resalloc.sweep.sweep import Sweep

TOWNS = Path(__file__).parents[1] / "data" / "three_towns"
FILE = f"""
district = "{TOWNS.as_posix()}"
plan = "{(TOWNS / "three_towns.toml").as_posix()}"
title = "三镇：人口 × 站点 × 车速"

[[axis]]
name = "speeds"
sampler = "factorial"
[[axis.factor]]
of = "speed.rural"
levels = [0.6, 1.0, 1.2]

[[axis]]
name = "people"
sampler = "monte-carlo"
size = 70
seed = 1
[[axis.factor]]
of = "population"
by = "township"
lognormal = {{ mean = 0.9, cv = 0.2 }}

[[axis]]
name = "stations"
sampler = "factorial"
[[axis.factor]]
of = "site"
by = "site"
levels = [0, 1]

[[axis]]
name = "targets"
sampler = "factorial"
[[axis.factor]]
of = "norm.mean_response_min"
levels = [8, 16]
"""


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    file = tmp_path_factory.mktemp("sweep") / "futures.toml"
    file.write_text(FILE, encoding="utf-8")
    return prepare(read_settings(file))


@pytest.fixture(scope="module")
def summary(ready: Sweep, tmp_path_factory: pytest.TempPathFactory) -> ProductSummary:
    work = ready.work()
    assert isinstance(work, ProductWork)
    run = run_work(work, tmp_path_factory.mktemp("run") / "run")
    assert work.chunks > 1
    return summarise_product(ready, work, chunks_of(run))


def test_its_shares_and_regrets_are_those_of_the_table(ready: Sweep, summary: ProductSummary):
    speeds, people, stations, targets = (axis.design for axis in ready.axes)
    design = Crossed((people, speeds, stations, targets))
    scores = score_table(ready.state, design.rows(0, len(design)))
    shape = tuple(map(len, (people, speeds, stations, targets)))
    ids = list(scores.ids)
    holds = (scores.verdict == 0).reshape(*shape, len(ids))
    unknown = (scores.verdict == VERDICTS.index("not_computable")).reshape(holds.shape)
    fails = ~holds & ~unknown

    for c, name in enumerate(ids):
        count = summary.clauses[name].count
        assert count.holds == holds[..., c].sum(), name
        assert count.unknown == unknown[..., c].sum(), name
        if name in summary.worst:
            number = summary.clauses[name].worst
            assert number is not None
            value = scores.value[number.scenario, c]
            assert number.value == pytest.approx(value, rel=1e-9), name

    said = [c for c in range(len(ids)) if not unknown[..., c].all()]
    own = [c for c in said if counts_jointly(scores.clauses[c])]
    assert summary.binding
    assert [ids[c] for c in own] == list(summary.counted)
    together = holds[..., own].all(axis=-1)
    assert 0 < together.mean() < 1
    assert summary.joint.share_holds == pytest.approx(together.mean())
    assert summary.joint.fails == fails[..., own].any(axis=-1).sum()

    ranked = summary.ranking.set_index("option").sort_index()
    assert ranked["share_holds"].to_numpy() == pytest.approx(together.mean(axis=(0, 1, 3)))
    assert ranked["held"].to_numpy() == pytest.approx(holds.sum(axis=-1).mean(axis=(0, 1, 3)))
    by_speed = summary.levels[summary.levels["factor"] == "speed.rural"]
    assert by_speed["joint"].to_numpy() == pytest.approx(together.mean(axis=(0, 2, 3)))
    by_target = summary.levels[summary.levels["factor"] == "norm.mean_response_min"]
    assert by_target["mean_response_min"].to_numpy() == pytest.approx(
        holds[..., ids.index("mean_response_min")].mean(axis=(0, 1, 2))
    )

    response = scores.value[:, ids.index("mean_response_min")].reshape(shape)[..., 0]
    regret = response - np.nanmin(response, axis=2, keepdims=True)  # same people and speed
    found = next(one for one in summary.regret if one.clause == "mean_response_min")
    table = found.table.set_index("option").sort_index()
    largest, mean = regret.max(axis=(0, 1)), regret.mean(axis=(0, 1))
    assert np.isnan(largest[0])  # no station is open: nobody comes
    assert table["largest"].to_numpy() == pytest.approx(largest, abs=1e-8, nan_ok=True)
    assert table["mean"].to_numpy() == pytest.approx(mean, abs=1e-8, nan_ok=True)
    assert found.least == int(np.nanargmin(largest))


def test_an_option_is_named_by_what_is_special_about_it(summary: ProductSummary):
    sites = [factor.names[0] for factor in summary.options.factors]
    assert option_name(summary, len(summary.options) - 1, "zh").endswith("站点全部开放")
    assert option_name(summary, len(summary.options) - 2, "zh").endswith(f"停用 {sites[-1]}")
    assert option_name(summary, 1, "en").endswith(f"open only: {sites[-1]}")


def test_the_headline_says_what_is_multiplied(summary: ProductSummary):
    told = product_headline(summary, "en")
    assert "6,720 scenarios = 70 populations × 3 settings of speed × 16 sets of stations" in told
    assert "6,720 种情形" in product_headline(summary, "zh")
    assert counted(3_600_000, "zh") == "360 万"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_whole_and_the_data_are_the_same_each_time(
    lang: str, summary: ProductSummary, tmp_path: Path
):
    paths = write_product_page(summary, tmp_path / "one", lang)
    page = paths["sweep.html"].read_text(encoding="utf-8")
    for part in ("passing", "options", "pareto", "regret", "levels", "sites", "extremes",
                 "varied", "method"):  # fmt: skip
        assert f'<section id="{part}">' in page
    texts = shown(page, lang)
    assert not [text for text in texts if re.search(r"\{\w*\}|\bnan\b|None", text)]
    if lang == "zh":
        assert not [text for text in texts if SENTENCE.search(text)]
    again = write_product_page(summary, tmp_path / "two", lang)
    assert again["summary.json"].read_bytes() == paths["summary.json"].read_bytes()
    data = json.loads(paths["summary.json"].read_text(encoding="utf-8"))
    assert data["scenarios"] == 6720
    assert data["joint"]["clauses"] == list(summary.counted)
    book = load_workbook(paths["summary.xlsx"], read_only=True)
    assert len(book.sheetnames) >= 8
    plans = book["方案" if lang == "zh" else "plans"]
    assert len(list(plans.iter_rows())) == 1 + len(summary.options)
    to = Console(record=True, width=160)
    show_product(summary, lang, to)
    assert "6,720" in to.export_text()


@pytest.mark.parametrize(
    ("plans", "sections"),
    [
        ("[[axis]]\nname='beds'\nsampler='factorial'\n[[axis.factor]]\nof='beds'\n"
         "levels=[0.9, 1.1]\n", {"passing", "options", "pareto", "levels", "extremes"}),
        ("[[axis]]\nname='people'\nsampler='factorial'\n[[axis.factor]]\nof='population'\n"
         "levels=[0.9, 1.1]\n", {"passing", "levels", "extremes"}),
        ("[[axis]]\nname='speed'\nsampler='factorial'\n[[axis.factor]]\nof='speed'\n"
         "levels=[0.9, 1.1]\n", {"passing", "options", "pareto", "regret", "levels"}),
    ],
)  # fmt: skip
def test_what_there_is_to_say_depends_on_what_is_varied(
    plans: str, sections: set[str], tmp_path: Path
):
    """Beds and a target; people and a target; conditions, of which nothing is chosen."""
    file = tmp_path / "futures.toml"
    head, targets = FILE.split("[[axis]]")[0], FILE.split("[[axis]]")[-1]
    targets = targets.replace("mean_response_min", "beds_per_1000").replace("[8, 16]", "[4, 5]")
    file.write_text(f"{head}{plans}[[axis]]{targets}", encoding="utf-8")
    ready = prepare(read_settings(file))
    work = ready.work()
    assert isinstance(work, ProductWork)
    summary = summarise_product(ready, work, map(work.run, range(work.chunks)))
    paths = write_product_page(summary, tmp_path / "out", "zh")
    page = paths["sweep.html"].read_text(encoding="utf-8")
    found = set(re.findall(r'<section id="(\w+)">', page))
    assert sections <= found
    assert ("regret" in found) is ("regret" in sections)
    show_product(summary, "en", Console(record=True))
