"""Tables by institution: beds, staff, fever clinics, equipment."""

from __future__ import annotations

import pandas as pd

from resalloc.reporting.columns import (
    BEDS,
    POSTS,
    decided,
    named_table,
    place_columns,
    provider_frame,
    texts_column,
    used,
)
from resalloc.reporting.figures import ON, Figures, cadres_in_order
from resalloc.reporting.sources import (
    Source,
    assumption_source,
    clauses_of_places,
    clauses_on,
    data_source,
)
from resalloc.reporting.table import Column, Table, today_plan
from resalloc.reporting.texts import Text, texts
from resalloc.vocabulary import vocabulary


def institution_beds(f: Figures) -> Table:
    """Beds by institution: the total, then by kind."""
    data = data_source("beds", "床位现状", "beds of today")
    years = (f.base_year, f.plan_year)
    fixed = clauses_of_places(f.problem, "beds")
    frame = provider_frame(f)
    links = {}
    for when, planned in (("today", False), ("plan", True)):
        total = f.table("beds_total", planned=planned)["beds_total"]
        frame[f"total_{when}"] = total
        kinds = f.table("beds", planned=planned)
        for kind in kinds:
            frame[f"{kind}_{when}"] = kinds[kind]
    for (place, kind), anchor in fixed.items():
        links[place, f"{kind or 'total'}_plan"] = anchor
    columns = [
        *place_columns(),
        *today_plan(
            "total", texts()["term.beds"], BEDS, years, change=True,
            sources=((data,), clauses_on(f.problem, "beds")),
        ),
    ]  # fmt: skip
    for kind in used(frame, vocabulary().list("bed_kind")):
        entry = vocabulary().list("bed_kind")[kind]
        asked = clauses_on(f.problem, "beds", kind)
        columns += today_plan(
            kind, Text(entry.zh, entry.en), BEDS, years, sources=((data,), asked or (decided(),))
        )
    return named_table("institution-beds", columns, frame, links)


def institution_staff(f: Figures) -> Table:
    """Health workers by institution: the total, the top cadres, and per bed."""
    words = vocabulary()
    data = data_source("staff", "人员现状", "staff of today")
    years = (f.base_year, f.plan_year)
    frame = provider_frame(f)
    for when, planned in (("today", False), ("plan", True)):
        frame[f"workers_{when}"] = f.health_workers(planned=planned)
        staff = f.table("staff", planned=planned)
        for cadre in words.top_cadres():
            frame[f"{cadre}_{when}"] = staff[cadre]
        frame[f"beds_{when}"] = f.table("beds_total", planned=planned)["beds_total"]
    per_bed = clauses_on(f.problem, "staff", "health_workers")
    columns = [
        *place_columns(),
        *today_plan("workers", texts()["table.workers"], POSTS, years, change=True,
                    sources=((data,), per_bed)),
    ]  # fmt: skip
    for cadre in words.top_cadres():
        entry = words.list("cadre")[cadre]
        asked = clauses_on(f.problem, "staff", cadre)
        columns += today_plan(
            cadre, Text(entry.zh, entry.en), POSTS, years, sources=((data,), asked or (decided(),))
        )
    columns += today_plan("beds", texts()["term.beds"], BEDS, years,
                          sources=((data_source("beds", "床位现状", "beds of today"),),
                                   clauses_on(f.problem, "beds")))  # fmt: skip
    for when, year in zip(("today", "plan"), years, strict=True):
        columns.append(
            Column(
                f"per_bed_{when}", Text(str(year), str(year)), texts()["table.per_bed"],
                holds="number", digits=2, per=(f"workers_{when}", f"beds_{when}", 1.0),
                sources=per_bed,
            )
        )  # fmt: skip
    return named_table("institution-staff", columns, frame)


def institution_cadres(f: Figures) -> Table:
    """The cadres counted inside others (of which …), by institution."""
    cadres = vocabulary().list("cadre")
    years = (f.base_year, f.plan_year)
    frame = provider_frame(f)
    parts = [cadre for cadre in cadres_in_order() if cadre not in vocabulary().top_cadres()]
    for when, planned in (("today", False), ("plan", True)):
        staff = f.table("staff", planned=planned)
        for cadre in parts:
            frame[f"{cadre}_{when}"] = staff[cadre]
    columns = [*place_columns()]
    data = data_source("staff", "人员现状", "staff of today")
    for cadre in used(frame, parts):
        entry = cadres[cadre]
        asked = clauses_on(f.problem, "staff", cadre)
        columns += today_plan(
            cadre, Text(entry.zh, entry.en), POSTS, years, sources=((data,), asked or (decided(),))
        )
    return named_table("institution-cadres", columns, frame)


def fever_clinics(f: Figures) -> Table:
    """Fever tier of each institution that may have one, today and planned."""
    tiers = vocabulary().list("fever_tier")
    label = {tier: Text(entry.zh, entry.en) for tier, entry in tiers.items()}
    label |= {"": Text("无", "none"), "?": Text("不详", "unknown")}
    may = pd.Series(
        f.columns["fever"].upper.sum(axis=1) > 0, index=f.problem.district.providers().index
    )
    frame = provider_frame(f)[may]
    for when, planned in (("today", False), ("plan", True)):
        tiers_then = [label[tier] for tier in f.fever_tier(planned=planned)[may]]
        frame[f"tier_{when}"] = texts_column(tiers_then, frame.index)
    for tier in tiers:
        chosen = f.table("fever", planned=True)[tier][may]
        frame[f"{tier}_plan"] = chosen.where(chosen.isna(), (chosen > ON).astype(float))
    asked = clauses_on(f.problem, "fever", "", "primary_care") + clauses_on(
        f.problem, "fever", "clinic", "primary_care"
    )
    assumed = assumption_source(f.problem, "fever.hospital_clinic")
    group = Text(f"{f.plan_year}年设置", f"planned {f.plan_year}")
    columns = [
        *place_columns(),
        Column("tier_today", Text(
            f"{f.base_year}年设置", f"tier {f.base_year}"), holds="text",
            sources=(data_source("institutions", "机构", "institutions"),)),
        Column("tier_plan", Text(f"{f.plan_year}年设置", f"tier {f.plan_year}"), holds="text",
               sources=(*asked, assumed)),
        *(Column(f"{tier}_plan", label[tier], group, Text("个", ""), sources=asked or (assumed,))
          for tier in tiers),
    ]  # fmt: skip
    return named_table("fever", columns, frame)


def equipment(f: Figures) -> Table:
    """Sets of large equipment at the institutions that have or may get one."""
    years = (f.base_year, f.plan_year)
    fixed = clauses_of_places(f.problem, "equipment")
    frame = provider_frame(f)
    for when, planned in (("today", False), ("plan", True)):
        kinds = f.table("equipment", planned=planned)
        for kind in kinds:
            frame[f"{kind}_{when}"] = kinds[kind]
    counts = frame.drop(columns=["name", "kind", "township"])
    named = {place for place, _ in fixed}
    frame = frame[(counts.fillna(0) > 0).any(axis=1) | frame.index.isin(named)]
    data = data_source("equipment", "设备现状", "equipment of today")
    columns = [*place_columns()]
    for kind, entry in vocabulary().list("equipment").items():
        anchors = [anchor for (_, of), anchor in fixed.items() if of == kind]
        asked = [Source(a, Text(f"条款 {a}", f"clause {a}"), "clause") for a in anchors[:1]]
        columns += today_plan(
            kind, Text(entry.zh, entry.en), Text("台（套）", "sets"), years,
            sources=((data,), tuple(asked) or (decided(),)),
        )  # fmt: skip
    links = {(place, f"{kind}_plan"): anchor for (place, kind), anchor in fixed.items()}
    return named_table("equipment", columns, frame, links)
