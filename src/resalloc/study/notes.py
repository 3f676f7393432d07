"""What an answer rests on: how far, who counts, what was left aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from resalloc.status import Status
from resalloc.study.matrix import UNSTATED
from resalloc.study.tables import SITE_COLUMNS, Places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.location.siting import Siting
    from resalloc.study.models import Model
    from resalloc.study.request import Request
    from resalloc.study.travel import Travel


@dataclass(frozen=True)
class Note:
    """Something the answer rests on: key of a phrase, and what fills its places."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)


def notes_of(
    request: Request,
    model: Model,
    points: Places,
    sites: Places,
    ways: Travel,
    *,
    every_point: bool,
) -> tuple[Note, ...]:
    """Give the notes of a study, in the order they are read."""
    notes = []
    if ways.basis == "matrix":
        file_name = {"file": request.matrix.name if request.matrix else ""}
        notes.append(Note("matrix" if ways.by_pair else "matrix_wide", file_name))
        if ways.costs.unit == UNSTATED:
            notes.append(Note("no_unit", file_name))
    else:
        notes.append(Note(ways.basis, {"detour": f"{ways.detour:g}"}))
    if request.speed is not None:
        notes.append(Note("speed", {"speed": request.speed}))
    if every_point:
        notes.append(Note("every_point"))
    else:
        file = request.sites or request.matrix
        name = file.name if file is not None else points.file
        ours = len(sites.names)
        if "competitor" in model.columns:
            ours -= int(sites.marked("competitor").sum())
        notes.append(Note("sites_given", {"count": ours, "file": name}))
    if not model.serves:
        return tuple(notes)
    if "weight" not in points.columns:
        people = ", ".join(points.like_people)
        notes.append(Note("by_one_with", {"columns": people}) if people else Note("by_one"))
    else:
        notes.append(Note("weights", {"column": points.called("weight")}))
        empty = int((points.columns["weight"] == 0).sum())
        if empty:
            notes.append(Note("no_weight", {"count": empty}))
    if model.name == "max-attendance":
        notes.append(Note("attendance"))
    if model.name == "market-share":
        power = 2.0 if request.exponent is None else request.exponent
        notes.append(Note("huff", {"exponent": f"{power:g}"}))
        if request.smallest is not None:
            near = {"smallest": f"{request.smallest:g}", "unit": ways.costs.unit}
            notes.append(Note("smallest", near))
    if request.travel_cost is not None:
        rate = {"rate": f"{request.travel_cost:g}", "unit": ways.costs.unit}
        notes.append(Note("travel_cost", rate))
    if "site_cost" in sites.columns and model.name in ("set-cover", "min-sites"):
        notes.append(Note("costed"))
    if model.name == "p-center":
        notes.append(Note("alike"))
    if model.covers:
        notes.append(Note("within"))
    limited = "capacity" in model.columns
    if limited and (request.capacity is not None or "capacity" in sites.columns):
        notes.append(Note("divided" if request.split else "whole"))
    if request.sites is not None:
        aside = [name for name in SITE_COLUMNS if name in points.columns]
        if aside:
            values = {"file": points.file, "columns": ", ".join(aside), "sites": sites.file}
            notes.append(Note("left_aside", values))
    unasked = [n for n in SITE_COLUMNS if n in sites.columns and n not in model.columns]
    if unasked:
        notes.append(Note("not_asked", {"file": sites.file, "columns": ", ".join(unasked)}))
    return tuple(notes)


def in_order(count: int, siting: Siting) -> Note:
    """Say how far the farthest few are, of which one after the other is as near as can be."""
    farthest = -np.sort(-siting.served_cost)[:count]
    values = {
        "worst": ", ".join(f"{cost:.4g}" for cost in farthest.tolist()),
        "count": len(farthest),
        "unit": siting.costs.unit,
    }
    return Note("in_order" if siting.status is Status.OPTIMAL else "in_order_open", values)
