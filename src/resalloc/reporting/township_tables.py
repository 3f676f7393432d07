"""Tables by township: people and beds, emergencies, facilities."""

from __future__ import annotations

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
from resalloc.reporting.sources import (
    clauses_by_rule,
    clauses_on,
    data_source,
)
from resalloc.reporting.table import EMPTY, Column, Table, today_plan
from resalloc.reporting.texts import Text, texts
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
    primary = f.primary().astype(float)
    for when, planned in (("today", False), ("plan", True)):
        frame[f"residents_{when}"] = f.residents(planned=planned)
        beds = f.table("beds_total", planned=planned)["beds_total"]
        frame[f"beds_{when}"] = f.by_township(beds)
        workers = f.health_workers(planned=planned) * primary
        frame[f"primary_{when}"] = f.by_township(workers)
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
    return named_table("townships", columns, frame)


def emergencies(f: Figures) -> Table:
    """Ambulance stations, crews, vehicles and response by township."""
    district = f.problem.district
    home = district.sites["township"]
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
        frame[f"farthest_{when}"] = reach.groupby("township")["km"].max()
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
    for key, head, unit, of in (
        ("minutes", texts()["table.minutes"], Text("分钟", "min"), (*response, clock)),
        ("farthest", texts()["table.farthest"], Text("公里", "km"), reaches),
    ):
        columns += [
            Column(f"{key}_{when}", Text(str(year), str(year)), head, unit, "number", 1,
                   added_up=False, sources=of)
            for when, year in zip(("today", "plan"), years, strict=True)
        ]  # fmt: skip
    return named_table("emergencies", columns, frame)


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
