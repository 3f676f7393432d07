"""Unknown is never printed as 0: not today, not planned, in no table, chart or layer."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

import resalloc.reporting.charts
import resalloc.reporting.html
from resalloc.district.read import read_district
from resalloc.norms.read import read_norms
from resalloc.problem.allocation import Allocation
from resalloc.problem.columns import Axis, Block, Columns
from resalloc.problem.problem import Problem
from resalloc.reporting.added_cost import added_cost
from resalloc.reporting.charts import charts
from resalloc.reporting.excel import write_workbook
from resalloc.reporting.figures import Figures, figures, whole_people
from resalloc.reporting.headline import key_figures, sentence
from resalloc.reporting.institution_tables import institution_beds
from resalloc.reporting.layers import layers
from resalloc.reporting.lines import scorecard_lines
from resalloc.reporting.report import report
from resalloc.reporting.township_tables import emergencies, townships
from resalloc.scoring.score import score_allocation
from resalloc.solver.check import spoken
from tests.reporting.conftest import with_allocation

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.result.result import Result


def _nothing_added(district: str) -> Result:
    """Today carried over to 2025, with what no clause speaks of left open; no solver is run."""
    norms = read_norms(f"{district}-2025")
    kept = tuple(n for n in norms if not (n.indicator and n.indicator.rule == "reach"))
    problem = Problem(read_district(district), dataclasses.replace(norms, norms=kept).at(2025))
    made = with_allocation(problem)
    rows = made.rows
    x = spoken(rows, rows.derive(np.nan_to_num(rows.columns.today)))
    after = {2025: score_allocation(rows, x, 2025, title="plan")}
    return dataclasses.replace(made, allocation=Allocation(rows.columns, x), after=after)


@pytest.fixture(scope="module")
def result() -> Result:
    """Wansheng: the beds of no hospital are known, nor asked for."""
    return _nothing_added("wansheng")


@pytest.fixture(scope="module")
def f(result: Result) -> Figures:
    return figures(result)


def test_beds_of_institutions_and_their_total(f):
    table = institution_beds(f)
    held = table.frame.loc["人民医院"]
    assert math.isnan(held["total_today"])
    assert math.isnan(held["total_plan"])
    assert math.isnan(table.total()["total_plan"])


def test_beds_of_a_township_where_a_hospital_of_unknown_size_stands(f):
    """The offices of 万盛街道 have 0 beds, its hospitals an unknown number."""
    table = townships(f)
    for key in ("beds_today", "beds_plan"):
        assert math.isnan(table.frame.loc["万盛街道", key])
        assert math.isnan(table.total()[key])


def test_ambulances_no_clause_speaks_of():
    table = emergencies(figures(_nothing_added("wushan")))
    for block in ("station", "crews", "vehicles"):
        assert math.isnan(table.total()[f"{block}_plan"])


def test_fever_clinics_no_clause_speaks_of(f):
    assert f.fever_tier(planned=True)["人民医院"] == "?"


def test_a_layer_or_a_chart_of_nothing_is_left_out(f):
    assert "beds" not in {layer.id for layer in layers(f)}
    assert not {"beds", "per_township", "response"} & {chart.id for chart in charts(f)}


def test_no_sentence_on_beds_nobody_knows(f):
    assert sentence(f) is None


def test_cards_without_a_number_are_left_out(result, f):
    cards = key_figures(f, scorecard_lines(result))
    assert cards
    assert not [card for card in cards if card.today in {"", "—"} and card.planned == "—"]


def test_the_page_is_drawn(result):
    assert "≥ 0<" not in report(result).html()


def test_a_township_of_which_a_part_is_known_is_at_least_that(town_result, tmp_path):
    """One of its two institutions is not known: at least the other's beds."""
    known = figures(town_result)
    homes = known.problem.district.providers()["township"]
    home = next(town for town, n in homes.value_counts().items() if n > 1)
    place = list(homes.index).index(homes.index[homes == home][0])
    today = known.today.copy()
    today[known.columns["beds_total"].ids[place]] = np.nan
    opened = dataclasses.replace(known, today=today)
    table = townships(opened)
    assert (home, "beds_today") in table.partial
    assert table.partly_known("beds_today")
    by_key = {column.key: column for column in table.columns}
    assert table.at_least(home, by_key["beds_rate_today"])
    assert not table.at_least(home, by_key["beds_plan"])
    write_workbook(town_result, opened, tmp_path / "a.xlsx")
    sheet = load_workbook(tmp_path / "a.xlsx")["乡镇"]
    forms = [cell.number_format for row in sheet.iter_rows(min_row=2) for cell in row]
    assert '"≥ "#,##0' in forms


def test_residents_are_whole_people_that_add_up(f):
    people = f.residents(planned=False)
    exact = f.problem.district.series("residents", f.base_year)
    assert (people == people.round()).all()
    assert people.sum() == round(exact.sum())
    assert whole_people(pd.Series([1.0, float("nan")])).isna().tolist() == [False, True]


def test_the_cost_chart_has_nothing_below_zero(town_result, monkeypatch):
    """Beds given up pay nothing back: chart and table are of the same additions."""
    columns, x = town_result.rows.columns, town_result.allocation.x.copy()
    x[columns["beds_total"].ids[0]] = 0.0
    less = dataclasses.replace(town_result, allocation=Allocation(columns, x))
    drawn: dict[str, str] = {}

    def keep(chart, name):
        drawn[name] = chart.to_json()
        return ""

    monkeypatch.setattr(resalloc.reporting.charts, "picture", keep)
    charts(figures(less))
    rows = next(iter(json.loads(drawn["cost-zh"])["datasets"].values()))
    assert min(row["value"] for row in rows) > 0
    total = added_cost(figures(less)).sum()
    assert sum(row["value"] for row in rows) == pytest.approx(total)


def test_an_empty_block_costs_nothing(town_result):
    """A county without streets has no catchment of a radius in town."""
    known = figures(town_result)
    nobody = Block("covered.reach_urban", (Axis("catchment", ()),), known.problem.years,
                   np.zeros(0), np.zeros(0), np.zeros(0), derived=True)  # fmt: skip
    blocks = [b for b in known.columns.blocks.values() if b.name != "covered.reach_urban"]
    empty = dataclasses.replace(known, columns=Columns.of([*blocks, nobody]))
    size = empty.columns.size
    empty = dataclasses.replace(empty, today=empty.columns.today, plan=known.plan[:size])
    assert added_cost(empty) is not None
    assert empty.table("covered.reach_urban", planned=True).empty


def test_a_report_that_fails_leaves_nothing(town_result, tmp_path: Path, monkeypatch):
    def fail(*_: object) -> str:
        message = "no page"
        raise ValueError(message)

    monkeypatch.setattr(resalloc.reporting.html, "page", fail)
    with pytest.raises(ValueError, match="no page"):
        report(town_result).save(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_clauses_met_are_counted_like_for_like(town_result):
    lines = scorecard_lines(town_result)
    judged = {"met", "short", "over"}
    both = [x for x in lines if x.verdict in judged and x.today_verdict in judged]
    assert len(both) < sum(x.verdict in judged for x in lines)
    card = next(
        card
        for card in key_figures(figures(town_result), lines)
        if card.source.anchor == "scorecard"
    )
    assert card.today == f"{sum(x.today_verdict == 'met' for x in both)}/{len(both)}"
    assert card.planned == f"{sum(x.verdict == 'met' for x in both)}/{len(both)}"


def test_a_place_that_cannot_be_computed_does_not_meet_a_clause(result):
    for line in scorecard_lines(result):
        unknown = sum(place.verdict == "not_computable" for place in line.places)
        assert line.met_places <= line.total_places - (1 if unknown else 0)
