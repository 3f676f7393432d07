"""Tables by township: people and beds, emergencies, facilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from resalloc.reporting.columns import (
    BEDS,
    POSTS,
    decided,
    named_table,
    texts_column,
    used,
)
from resalloc.reporting.response_facts import response_facts, response_target
from resalloc.reporting.sources import (
    Source,
    assumption_source,
    clause_source,
    clauses_by_rule,
    clauses_on,
    data_source,
)
from resalloc.reporting.table import EMPTY, Column, Table, today_plan
from resalloc.reporting.texts import Text, texts
from resalloc.result.scorecard import number
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.reporting.figures import Figures

PER_1000 = Text("每千人口", "per 1,000")


def townships(f: Figures) -> Table:
    """People, beds and primary care staff by township, per 1,000 residents."""
    years = (f.base_year, f.plan_year)
    people = data_source("population", "分乡镇人口", "people by township")
    frame = pd.DataFrame(index=f.problem.district.townships.index)
    frame["name"] = frame.index
    kinds = vocabulary().list("township_kind")
    labels = [
        Text(kinds[kind].zh, kinds[kind].en) if kind in kinds else EMPTY
        for kind in f.problem.district.townships["kind"]
    ]
    frame["kind"] = texts_column(labels, frame.index)
    partial: set[tuple[str, str]] = set()
    for when, planned in (("today", False), ("plan", True)):
        frame[f"residents_{when}"] = f.residents(planned=planned)
        beds = f.table("beds_total", planned=planned)["beds_total"]
        frame[f"beds_{when}"] = f.by_township(beds)
        workers = f.primary_workers(planned=planned)
        frame[f"primary_{when}"] = f.by_township(workers)
        for key, values in (("beds", beds), ("primary", workers)):
            short = f.partly_known(values)
            partial |= {(str(name), f"{key}_{when}") for name in short.index[short]}
    data = {
        "beds": (data_source("beds", "床位现状", "beds of today"),),
        "primary": (data_source("staff", "人员现状", "staff of today"),),
    }
    asked = {
        "beds": clauses_on(f.problem, "beds"),
        "primary": clauses_on(f.problem, "staff", "health_workers", "primary_care"),
    }
    units = {"beds": BEDS, "primary": POSTS}
    names = {"beds": texts()["term.beds"], "primary": texts()["table.primary"]}
    columns = [
        Column("name", texts()["table.township"], holds="text"),
        Column("kind", texts()["table.kind"], holds="text"),
        *today_plan("residents", texts()["term.residents"], Text("人", "persons"), years,
                    sources=((people,), (people,))),
    ]  # fmt: skip
    for key in ("beds", "primary"):
        columns += today_plan(
            key, names[key], units[key], years, change=True, sources=(data[key], asked[key])
        )
        for when, year in zip(("today", "plan"), years, strict=True):
            columns.append(
                Column(
                    f"{key}_rate_{when}", Text(str(year), str(year)),
                    Text(f"{PER_1000.zh}{names[key].zh}", f"{names[key].en} {PER_1000.en}"),
                    holds="number", digits=2, per=(f"{key}_{when}", f"residents_{when}", 1000.0),
                    sources=asked[key],
                )
            )  # fmt: skip
    return replace(named_table("townships", columns, frame), partial=frozenset(partial))


def emergencies(f: Figures) -> Table:
    """Ambulance stations, crews, vehicles and response by township."""
    district = f.problem.district
    home = district.sites["township"]
    target, classes = response_target(f), _radii(f)
    index = district.townships.index
    years = (f.base_year, f.plan_year)
    frame = pd.DataFrame(index=index)
    frame["name"] = index
    for when, planned in (("today", False), ("plan", True)):
        for block in ("station", "crews", "vehicles"):
            values = f.table(block, planned=planned)[block]
            if block == "station":
                values = f.open_sites("station", planned=planned)
            unknown = values.isna().groupby(home).any()
            summed = values.groupby(home).sum(min_count=1).mask(unknown)
            held = summed.index if not summed.empty else index[:0]
            frame[f"{block}_{when}"] = summed.reindex(index).where(index.isin(held), 0.0)
        reach = f.reach(planned=planned)
        weighted = (
            (reach["minutes"] * reach["residents"]).groupby(reach["township"]).sum(min_count=1)
        )
        frame[f"minutes_{when}"] = weighted / reach.groupby("township")["residents"].sum()
        for who in classes:
            of_class = reach if who == "all" else reach[reach["place_class"] == who]
            frame[f"farthest_{who}_{when}"] = of_class.groupby("township")["km"].max()
        if target is not None:
            late = reach["residents"].where(reach["minutes"] > target, 0.0)
            late = late.mask(reach["minutes"].isna())
            people = reach.groupby("township")["residents"].sum()
            share = late.groupby(reach["township"]).sum(min_count=1) / people
            frame[f"above_{when}"] = 100 * share
    fleet = data_source("fleet", "车辆与站点", "vehicles and stations")
    response, reaches = clauses_by_rule(f.problem, "response"), clauses_by_rule(f.problem, "reach")
    station = clauses_on(f.problem, "station", "", "primary_care") or reaches
    columns = [
        Column("name", texts()["table.township"], holds="text"),
        *today_plan("station", texts()["term.station"], Text("个", "stations"), years,
                    sources=((fleet,), (*station, *reaches))),
        *today_plan("crews", texts()["term.crews"], Text("组", "crews"), years,
                    sources=((fleet,), response)),
        *today_plan("vehicles", texts()["term.vehicles"], Text("辆", "vehicles"), years,
                    change=True, sources=((fleet,), clauses_on(f.problem, "vehicles"))),
    ]  # fmt: skip
    clock = data_source("clock", "反应时间起点", "start of the clock")
    timed = [("minutes", texts()["table.minutes"], Text("分钟", "min"), (*response, clock))]
    if target is not None:
        above = texts()["table.above"].format(target=number(target))
        timed.append(("above", above, Text("%", "%"), response))
    rule = assumption_source(f.problem, "demand.urban_rule")
    for who, radius in classes.items():
        names = texts()[f"points.{who}"]
        group = texts()["table.farthest"]
        if radius is not None:
            within = texts()["table.farthest_of"]
            group = Text(
                within.zh.format(who=names.zh, km=number(radius)),
                within.en.format(who=names.en, km=number(radius)),
            )
        timed.append((f"farthest_{who}", group, Text("公里", "km"), (*_asking(f, who), rule)))
    for key, group, unit, of in timed:
        columns += [
            Column(f"{key}_{when}", Text(str(year), str(year)), group, unit, "number", 1,
                   added_up=False, sources=of)
            for when, year in zip(("today", "plan"), years, strict=True)
        ]  # fmt: skip
    table = named_table("emergencies", columns, frame)
    return replace(table, note=_emergency_note(f, table.note, classes))


def _radii(f: Figures) -> dict[str, float | None]:
    """Give the class of residents of every radius clause with its radius in km."""
    found: dict[str, float | None] = {}
    for norm in f.problem.norms:
        about = norm.indicator
        if about is not None and about.rule == "reach" and norm.reads.values:
            radius = norm.reads.values[max(norm.reads.values)]
            found[about.points] = radius if isinstance(radius, float) else None
    return found or {"all": None}


def _asking(f: Figures, who: str) -> tuple[Source, ...]:
    """Give the radius clauses on a class of residents."""
    return tuple(
        clause_source(norm)
        for norm in f.problem.norms
        if norm.indicator is not None
        and norm.indicator.rule == "reach"
        and who in {"all", norm.indicator.points}
    )


def _emergency_note(f: Figures, note: Text, classes: dict[str, float | None]) -> Text:
    """Say which radius holds for whom, and what the mean response hides."""
    parts = [note]
    entry = f.problem.district.assumptions["demand.urban_rule"]
    if "urban" in classes or "rural" in classes:
        fixed = texts()
        known = {who: km for who, km in classes.items() if km is not None}
        zh = "，".join(f"{fixed[f'points.{w}'].zh} {number(km)} 公里内" for w, km in known.items())
        en = ", ".join(
            f"{fixed[f'points.{w}'].en} within {number(km)} km" for w, km in known.items()
        )
        said = fixed["tables.emergencies-reach"]
        rule = fixed.get(f"urban_rule.{entry.value}", Text(str(entry.value), str(entry.value)))
        parts.append(
            Text(said.zh.format(radii=zh, rule=rule.zh), said.en.format(radii=en, rule=rule.en))
        )
    facts = response_facts(f)
    if facts is not None:
        parts.insert(0, facts.sentence())
    return Text("".join(p.zh for p in parts), " ".join(p.en for p in parts))


def supply(f: Figures) -> Table:
    """What is counted by township: village clinics, village doctors, childcare places."""
    years = (f.base_year, f.plan_year)
    index = f.problem.district.townships.index
    frame = pd.DataFrame({"name": index}, index=index)
    for when, planned in (("today", False), ("plan", True)):
        items = f.table("supply", planned=planned)
        for item in items:
            frame[f"{item}_{when}"] = items[item]
    data = data_source("supply", "分乡镇设施", "facilities by township")
    columns = [Column("name", texts()["table.township"], holds="text")]
    listed = vocabulary().list("supply")
    for item in used(frame, listed):
        asked = clauses_on(f.problem, "supply", item)
        columns += today_plan(
            item, Text(listed[item].zh, listed[item].en), texts()["unit.count"], years, change=True,
            sources=((data,), asked or (decided(),)),
        )  # fmt: skip
    return named_table("supply", columns, frame)
