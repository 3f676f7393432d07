"""Tornado charts: which factors move the clauses most at risk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from resalloc.reporting.charts import picture
from resalloc.reporting.sweep.factors import factor_in_words, group_names
from resalloc.reporting.sweep.section import section, sized
from resalloc.reporting.sweep.tornado_chart import Bar, tornado_chart
from resalloc.reporting.sweep.words import (
    aims,
    at_risk,
    by_place,
    clause_name,
    target,
    unit,
    wavering,
    words,
)

if TYPE_CHECKING:
    import pandas as pd

    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.summary.passing import Passing
    from resalloc.sweep.summary.summary import SweepSummary

CHARTS = 6
"""Clauses that have a chart."""
BARS, PARTS = 8, 3
"""Factors in a chart, and members of one group among them."""


FEW = 50
"""Of fewer scenarios than this, a bar may be coincidence."""


@dataclass(frozen=True)
class Chart:
    """A clause's chart and its figures."""

    clause: str
    name: str
    where: str
    target: str
    picture: Markup
    bars: tuple[Bar, ...]
    more: int


def tornado_section(summary: SweepSummary, lang: str) -> Section:
    """Give a chart for each clause most at risk, with its figures below."""
    say = words(lang)
    wavers = bool(wavering(summary))
    drawn = [_chart(summary, passing, lang) for passing in charted(summary)]
    charts = [chart for chart in drawn if chart.bars]
    if not charts:
        note = say["tornado_faint" if drawn else "tornado_still"]
        return section("tornado", "sweep_tornado.html.j2", lang, note=note, charts=())
    correlated = [group_names(summary, names, lang) for names, _, _ in _correlated(summary)]
    notes = [say["tornado_note"], *([] if wavers else [say["tornado_none"]])]
    if summary.scenarios < FEW:
        notes.append(say["tornado_few"].format(count=summary.scenarios))
    notes += [say["tornado_correlated"].format(names=names) for names in correlated]
    return section(
        "tornado", "sweep_tornado.html.j2", lang, note=" ".join(notes),
        charts=charts,
    )  # fmt: skip


def charted(summary: SweepSummary) -> list[Passing]:
    """Give the clauses that have a chart: those that waver, else those whose value moves most."""
    chosen = at_risk(summary)[:CHARTS]
    if chosen:
        return chosen
    moving = [p for p in summary.clauses.each if _moves(p) and not by_place(p)]
    return sorted(moving, key=_relative_range, reverse=True)[: CHARTS // 2]


def _moves(passing: Passing) -> bool:
    """Say whether a clause's value varies by more than rounding."""
    value = passing.value
    return value.most - value.least > 1e-9 * max(abs(value.most), abs(value.least))


def _relative_range(passing: Passing) -> float:
    value = passing.value
    return (value.high - value.low) / max(abs(value.median), 1e-9)


def _correlated(summary: SweepSummary) -> list[tuple[tuple[str, ...], float, float]]:
    return [each for each in summary.factors.drawn.correlated if max(abs(each[1]), each[2]) > 0]


def _chart(summary: SweepSummary, passing: Passing, lang: str) -> Chart:
    norm = passing.norm
    table = ranked(summary, norm.id)
    bars = tuple(_bar(summary, row, lang) for row in table.head(BARS).to_dict("records"))
    drawn = Markup()
    if bars:
        own = tornado_chart(
            bars, passing.value.mean, aims(summary, norm), unit(norm, lang), words(lang)
        )
        drawn = sized(picture(own, f"tornado-{norm.id}-{lang}"))
    return Chart(
        norm.id,
        clause_name(norm, lang),
        norm.says.where,
        target(summary, norm, lang),
        drawn,
        bars,
        max(0, len(table) - len(bars)),
    )


def ranked(summary: SweepSummary, clause: str) -> pd.DataFrame:
    """Give the factors of a clause, most telling first; those that move nothing are left out.

    What tells is the larger of two swings: of the value, as a share of its 5 to 95 % range,
    and of the share holding. Of one group at most three members stay beside it.
    """
    table = summary.tornado.frame(clause)
    spread = summary.clauses[clause].value
    size = spread.high - spread.low
    by_value = table["swing"].abs() / size if size > 0 else 0.0 * table["swing"]
    table = table.assign(
        weight=np.fmax(by_value.fillna(0.0), table["share_swing"].abs().fillna(0.0)),
        within=[summary.factors[name].within for name in table["factor"]],
    )
    # Chance alone swings a mean of a fifth of the scenarios by about this much.
    chance = 3.0 / math.sqrt(max(0.2 * summary.scenarios, 1.0))
    table = table[table["weight"] > min(chance, 0.5)].dropna(subset=["value_low", "value_high"])
    table = table.sort_values("weight", ascending=False, kind="stable")
    place = table[table["within"] != ""].groupby("within").cumcount()
    return table[place.reindex(table.index).fillna(0) < PARTS].reset_index(drop=True)


def _bar(summary: SweepSummary, row: dict[Any, Any], lang: str) -> Bar:
    varied = summary.factors[row["factor"]]
    name = factor_in_words(varied, summary.problem, lang)
    if varied.within:
        name = words(lang)["among"].format(name=name)
    keys = ("value_low", "value_high", "share_low", "share_high", "eta2", "noise")
    return Bar(name, bool(varied.within), *(float(row[key]) for key in keys))
