"""What the townships of the map may be coloured by, and in which classes."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.reporting.sources import Source, clauses_by_rule, clauses_on, data_source
from resalloc.reporting.texts import Text, texts

if TYPE_CHECKING:
    import pandas as pd

    from resalloc.reporting.figures import Figures

_RAMP = ("#f0f5f7", "#d9e8ed", "#bbd6df", "#97c0ce", "#70a7bb", "#4d8da5")
UNKNOWN = "#dcdfe1"


@dataclass(frozen=True)
class Layer:
    """What the townships may be coloured by; two values each, today's and the plan's."""

    id: str
    title: Text
    unit: Text
    digits: int
    breaks: tuple[float, ...]
    values: dict[str, tuple[float, float]]
    sources: tuple[Source, ...]

    def colour(self, value: float) -> str:
        """Give the class colour of a value."""
        if math.isnan(value):
            return UNKNOWN
        return _RAMP[int(np.searchsorted(self.breaks, value, side="right"))]

    def classes(self) -> list[tuple[str, str]]:
        """Give the legend: colour and range."""
        edges = [f"{edge:,.{self.digits}f}" for edge in self.breaks]
        names = [f"< {edges[0]}", *(f"{a} – {b}" for a, b in itertools.pairwise(edges))]
        names.append(f"≥ {edges[-1]}")
        return list(zip(_RAMP, names, strict=False))


def layers(f: Figures) -> tuple[Layer, ...]:
    """Give the quantities the townships may be coloured by; of which nothing is known, none."""
    fixed = texts()
    index = f.problem.district.townships.index
    sides: dict[str, list[pd.Series]] = {"beds": [], "people": [], "primary": [], "km": []}
    for planned in (False, True):
        people = f.residents(planned=planned)
        beds = f.by_township(f.table("beds_total", planned=planned)["beds_total"])
        primary = f.by_township(f.primary_workers(planned=planned))
        reach = f.reach(planned=planned)
        far = (reach["km"] * reach["residents"]).groupby(reach["township"]).sum(min_count=1)
        far = (far / reach.groupby("township")["residents"].sum()).reindex(index)
        sides["beds"].append(1000 * beds / people)
        sides["people"].append(people)
        sides["primary"].append(1000 * primary / people)
        sides["km"].append(far)
    staff = clauses_on(f.problem, "staff", "health_workers", "primary_care")
    about = {
        "beds": (fixed["unit.beds_per_1000"], 1, clauses_on(f.problem, "beds")),
        "people": (Text("人", "persons"), 0, (data_source("population", "人口", "people"),)),
        "primary": (fixed["unit.persons_per_1000"], 1, staff),
        "km": (Text("公里", "km"), 1, clauses_by_rule(f.problem, "reach")),
    }
    found = []
    for key, (before, after) in sides.items():
        if key != "people" and not (before.notna().any() or after.notna().any()):
            continue
        unit, digits, sources = about[key]
        values = {str(name): (float(before[name]), float(after[name])) for name in index}
        found.append(
            Layer(
                key, fixed[f"layer.{key}"], unit, digits, _breaks(values, digits), values, sources
            )
        )
    return tuple(found)


def _breaks(values: dict[str, tuple[float, float]], digits: int) -> tuple[float, ...]:
    """Class limits at the quintiles of both states together, so that the two maps compare."""
    known = np.array([v for pair in values.values() for v in pair if not math.isnan(v)])
    if not len(known):
        return (1.0,)
    cuts = np.quantile(known, [1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
    if digits == 0:
        cuts = np.round(cuts, -3) if known.max() > 5000 else np.round(cuts)
    return tuple(sorted({float(round(cut, digits)) for cut in cuts}))
