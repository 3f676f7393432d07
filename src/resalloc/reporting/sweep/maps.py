"""Maps of risk by township: how often each falls short."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from markupsafe import Markup

from resalloc.reporting.figures import Figures
from resalloc.reporting.map import map_view
from resalloc.reporting.siting.labels import text_width
from resalloc.reporting.sweep.section import filled, section
from resalloc.reporting.sweep.words import (
    clause_name,
    counted,
    listed,
    percent,
    small,
    wavering,
    words,
)
from resalloc.rules.compile import compile_rows
from resalloc.sweep.summary.passing import counts_jointly

if TYPE_CHECKING:
    import pandas as pd

    from resalloc.norms.norm import Norm
    from resalloc.reporting.map import Cell, MapView
    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.summary.summary import SweepSummary

MAPS = 3
"""Clauses that have a map, beside that of any clause."""
ANY = "any"
EDGES = (0.001, 0.03, 0.12, 0.3, 0.6, 0.9)
RAMP = ("#f4f6f2", "#fbe6d0", "#f6c9a0", "#ec9f6c", "#d7703f", "#b5472a", "#85271d")
UNKNOWN = "#dcdfe1"
_LIGHT = 4


@dataclass(frozen=True)
class RiskMap:
    """One map: a share by township.

    Parameters
    ----------
    id
        Of the clause, or ``any``.
    title, note
        What it shows.
    shares
        By township; NaN where it cannot be said.
    """

    id: str
    title: str
    note: str
    shares: dict[str, float]

    @property
    def file(self) -> str:
        """Name of its picture, without suffix."""
        return f"risk-{self.id}"


def risk_maps(summary: SweepSummary, lang: str) -> tuple[RiskMap, ...]:
    """Give the maps that tell townships apart: any clause, then those most telling."""
    table = summary.risk.by_township()
    norms = summary.problem.norms
    found = [
        RiskMap(clause, *_captioned(norms[clause], lang), _shares(summary, table, clause))
        for clause in telling(summary, table)[:MAPS]
    ]
    wavers = [p.norm for p in wavering(summary) if p.norm.id in set(table["clause"])]
    if len(wavers) > 1:
        say = words(lang)
        names = listed((clause_name(norm, lang) for norm in wavers), lang)
        note = say["risk_any_note"].format(names=names)
        if any(_by_own_residents(norm) for norm in wavers):
            note += ("" if lang == "zh" else " ") + say["risk_own_note"]
        worst = summary.risk.any_clause([norm.id for norm in wavers])
        shares = dict(zip(worst["township"], worst["share_fails"].astype(float), strict=True))
        if not any(_alike(shares, other.shares) for other in found):
            found.insert(0, RiskMap(ANY, say["risk_any"], note, shares))
    return tuple(found)


def _captioned(norm: Norm, lang: str) -> tuple[str, str]:
    """Give title and note of a clause's map: what is judged township by township."""
    name, say = clause_name(norm, lang), words(lang)
    if not _by_own_residents(norm):
        return name, ""
    assert norm.indicator is not None
    key = f"risk_{norm.indicator.rule}"
    return say[key].format(name=small(name, lang)), say[f"{key}_note"]


def _by_own_residents(norm: Norm) -> bool:
    """Say whether a clause is judged on all residents, and its map on those of each township."""
    rule = "" if norm.indicator is None else norm.indicator.rule
    return rule in ("response", "reach") and norm.reads.scope == "district"


def _alike(one: dict[str, float], other: dict[str, float]) -> bool:
    """Say whether two maps would look the same."""
    pairs = [(one[name], other[name]) for name in one]
    return all(_colour(a) == _colour(b) for a, b in pairs)


def telling(summary: SweepSummary, table: pd.DataFrame) -> list[str]:
    """Give the clauses whose risk differs between townships: wavering and binding ones first."""
    ranks = []
    for clause, own in table.dropna(subset="share_fails").groupby("clause", sort=False):
        passing = summary.clauses[str(clause)]
        differ = float(own["share_fails"].max() - own["share_fails"].min())
        if len(own) > 2 and differ > 0.02:
            key = (not passing.count.wavers, not counts_jointly(passing.norm), -differ)
            ranks.append((key, str(clause)))
    return [clause for _, clause in sorted(ranks)]


def _shares(summary: SweepSummary, table: pd.DataFrame, clause: str) -> dict[str, float]:
    own = table[table["clause"] == clause].set_index("township")["share_fails"]
    return {name: float(own.get(name, math.nan)) for name in summary.risk.townships}


def district_map(summary: SweepSummary) -> MapView:
    """Lay the district out, as on the page of a plan."""
    columns = compile_rows(summary.problem).columns
    nothing = np.full(columns.size, np.nan)
    return map_view(Figures(summary.problem, columns, columns.today, nothing, planned=False))


def risk_svg(
    summary: SweepSummary, drawn: MapView, shown: RiskMap, lang: str, *, noted: bool = True
) -> str:
    """Give one map as a picture of its own, with its note below if so wished."""
    cells = []
    for cell in drawn.cells:
        share = shown.shares[cell.name]
        cells.append((cell, _middle(cell), share, _colour(share), percent(share)))
    return str(
        filled(
            "sweep_map.svg.j2", lang, map=drawn, cells=cells, shown=shown,
            district=summary.problem.district,
            count=counted("scenarios", summary.scenarios, lang),
            classes=list(zip(RAMP, _class_names(), strict=True)), unknown=UNKNOWN,
            dark={RAMP[k] for k in range(_LIGHT, len(RAMP))},
            schematic=drawn.schematic, titles=lines(shown.title, 26.0, drawn.width - 48.0),
            notes=lines(shown.note, 16.0, drawn.width - 48.0) if noted else (),
        )
    )  # fmt: skip


def risk_section(summary: SweepSummary, drawn: MapView | None, lang: str) -> Section:
    """Give the maps, and the figures of every clause by township."""
    say = words(lang)
    maps = risk_maps(summary, lang)
    pictures = [
        (shown, Markup(risk_svg(summary, drawn, shown, lang, noted=False)))
        for shown in maps
        if drawn is not None
    ]
    table = summary.risk.by_township()
    clauses = telling(summary, table)
    columns = [_shares(summary, table, clause) for clause in clauses]
    norms = summary.problem.norms
    files = listed((f"{shown.file}.svg/.png" for shown, _ in pictures), lang)
    note = say["risk_note"] if clauses else say["no_risk"]
    if any(_by_own_residents(norms[clause]) for clause in clauses):
        note += ("" if lang == "zh" else " ") + say["risk_own_note"]
    return section(
        "risk", "sweep_risk.html.j2", lang, note=note,
        pictures=pictures, heads=[clause_name(norms[clause], lang) for clause in clauses],
        rows=[
            (name, [(percent(own[name]), _colour(own[name])) for own in columns])
            for name in summary.risk.townships
        ] if clauses else [],
        dark={RAMP[k] for k in range(_LIGHT, len(RAMP))},
        files=say["file_map"].format(files=files) if pictures else "",
    )  # fmt: skip


def lines(said: str, size: float, width: float) -> tuple[str, ...]:
    """Break a text into lines: between words, or between any two Chinese characters."""
    found = [""]
    for part in re.findall(r"[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+", said):
        if found[-1] and part not in "，。、；：）" and text_width(found[-1] + part, size) > width:
            found.append("")
        found[-1] += part
    return tuple(line.strip() for line in found if line.strip())


def _middle(cell: Cell) -> tuple[float, float]:
    """Give the place of a township farthest from its border: there is most room for a name."""
    from shapely.geometry import Polygon
    from shapely.ops import polylabel

    rings = [
        [tuple(map(float, at.split(","))) for at in ring.split("L")]
        for ring in cell.path.replace("M", "").split("Z")
        if ring
    ]
    largest = max((Polygon(ring) for ring in rings if len(ring) > 2), key=lambda p: p.area)
    at = polylabel(largest, tolerance=2.0)
    return float(at.x), float(at.y)


def _colour(share: float) -> str:
    if math.isnan(share):
        return UNKNOWN
    return RAMP[int(np.searchsorted(EDGES, share, side="right"))]


def _class_names() -> list[str]:
    ends = [f"{100 * edge:g}" for edge in EDGES]
    between = [f"{a}–{b} %" for a, b in pairwise(ends)]
    return [f"< {ends[0]} %", *between, f"≥ {ends[-1]} %"]
