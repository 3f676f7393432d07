"""The recommended plan as a table: beds, staff and crews, and what changes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from resalloc.problem.allocation import Allocation
from resalloc.reporting.sweep.reoptimised_facts import SURE
from resalloc.reporting.sweep.reoptimised_regret import plan_label
from resalloc.reporting.sweep.reoptimised_table import Cell, Table, number, tables_section
from resalloc.reporting.sweep.reoptimised_words import own_words, signed
from resalloc.reporting.sweep.words import figure, listed
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    import pandas as pd

    from resalloc.reporting.sweep.reoptimised_facts import Facts
    from resalloc.reporting.sweep.section import Section

_CADRES = ("physician", "nurse")


def plan_section(facts: Facts, lang: str) -> Section | None:
    """Give the plan to regret least: institutions, then sites; None where there is no plan."""
    found, own = facts.found, own_words(lang)
    if found.regret is None:
        return None
    plan = found.regret.minimax
    outcome = facts.outcome(plan)
    assert outcome.x is not None
    # Today is that of the expected future, whatever future the plan was made for.
    allocation = Allocation(found.columns, outcome.x)
    last = found.problem.years[-1]
    name, told = plan_label(facts, plan, lang)
    note = own["recommended_note"].format(name=name, told=told, year=last)
    tables = [_institutions(allocation, last, lang), _sites(allocation, last, lang)]
    return tables_section("recommended", tables, lang, note=note)


def _institutions(allocation: Allocation, year: int, lang: str) -> Table:
    own = own_words(lang)
    beds = _of(allocation, "beds_total", year).set_index("institution")
    staff = _of(allocation, "staff", year)
    amounts = zip(staff["planned"], staff["change"], strict=True)
    people = dict(zip(zip(staff["cadre"], staff["institution"], strict=True), amounts, strict=True))
    fever = _of(allocation, "fever", year)
    tiers = vocabulary().list("fever_tier")
    cadres = vocabulary().list("cadre")
    rows, total = [], np.zeros(3 + 2 * len(_CADRES))
    order = beds.assign(size=beds["planned"].fillna(0)).sort_values("size", ascending=False)
    for name, row in order.iterrows():
        own_fever = fever[(fever["institution"] == name) & (fever["planned"] > SURE)]
        there = [
            own["is_there"].format(what=tiers[tier].label(lang), today=_there(today, own))
            for tier, today in zip(own_fever["fever_tier"], own_fever["today"], strict=True)
        ]
        numbers = [row["today"], row["planned"], row["change"]]
        for cadre in _CADRES:
            numbers += people[cadre, name]
        if not any(np.nan_to_num(numbers)) and not there:
            continue
        total += np.nan_to_num(numbers)
        rows.append((Cell(str(name)), *_figures(numbers), Cell(listed(there, lang))))
    rows.append((Cell(own["whole"], tone="mark"), *_figures(list(total)), Cell("")))
    heads = [own["institution"], "#" + own["beds_today"], "#" + own["beds_planned"],
             "#" + own["change"]]  # fmt: skip
    for cadre in _CADRES:
        heads += ["#" + cadres[cadre].label(lang), "#" + own["change"]]
    return Table(own["institutions_title"], "", (*heads, own["fever_new"]), tuple(rows))


def _figures(numbers: list[float]) -> list[Cell]:
    """Give today, planned and change of beds, then planned and change of each cadre."""
    changes = {2, *range(4, len(numbers), 2)}
    return [
        number(signed(value), tone="mark" if value > 0 else "bad" if value < 0 else "")
        if k in changes
        else number(figure(value))
        for k, value in enumerate(numbers)
    ]


def _sites(allocation: Allocation, year: int, lang: str) -> Table:
    own = own_words(lang)
    parts = {name: _of(allocation, name, year).set_index("site")
             for name in ("crewed", "crews", "vehicles")}  # fmt: skip
    rows = []
    for site in parts["crewed"].index:
        crewed = parts["crewed"].loc[site]
        figures = [parts[name].loc[site] for name in ("crews", "vehicles")]
        if not crewed["planned"] > SURE and not any(f["planned"] > 0 for f in figures):
            continue
        there = own["no_crew"]
        if crewed["planned"] > SURE:
            there = own["is_there"].format(what=own["yes"], today=_there(crewed["today"], own))
        cells = [Cell(str(site)), Cell(there)]
        for each in figures:
            change = float(each["change"])
            cells += [number(figure(each["planned"])),
                      number(signed(change), tone="mark" if change > 0 else "")]  # fmt: skip
        rows.append(tuple(cells))
    heads = (own["site"], own["crew"], "#" + own["crews"], "#" + own["change"],
             "#" + own["vehicles"], "#" + own["change"])  # fmt: skip
    title = own["sites_title"].format(n=len(rows))
    return Table(title, "", heads, tuple(rows), folded=True)


def _there(today: float, own: dict[str, str]) -> str:
    return own["today_not_known" if math.isnan(today) else "kept" if today > SURE else "new"]


def _of(allocation: Allocation, block: str, year: int) -> pd.DataFrame:
    frame = allocation.frame(block)
    return frame[frame["year"] == year]
