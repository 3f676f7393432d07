"""The trade-off as a picture and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from resalloc.reporting.charts import ACCENT, picture
from resalloc.reporting.sweep.factors import factor_in_words
from resalloc.reporting.sweep.section import section, sized
from resalloc.reporting.sweep.words import clause_name, figure, names_unit, unit, words

if TYPE_CHECKING:
    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.summary.frontier import Frontier, Indicator
    from resalloc.sweep.summary.summary import SweepSummary

ROWS = 14
"""Scenarios of the trade-off that are listed."""


def frontier_section(summary: SweepSummary, lang: str) -> Section | None:
    """Give the trade-off; None where nothing is weighed."""
    found = summary.frontier
    if found is None:
        return None
    say = words(lang)
    names = [indicator_in_words(summary, ind, lang) for ind in found.indicators]
    heads = [f"{name}（{say[f'better_{ind.better}']}）" if lang == "zh"
             else f"{name} ({say[f'better_{ind.better}']})"
             for name, ind in zip(names, found.indicators, strict=True)]  # fmt: skip
    step = max(1, -(-len(found.scenario) // ROWS))
    rows = [
        (int(found.scenario[k]), [figure(float(v)) for v in found.values[k]])
        for k in range(0, len(found.scenario), step)
    ]
    return section(
        "frontier", "sweep_frontier.html.j2", lang,
        note=say["frontier_note"].format(dots=f"{len(found.dots):,}"),
        picture=sized(picture(_draw(found, heads, say), f"frontier-{lang}")),
        heads=heads, rows=rows, more=len(found.scenario) - len(rows),
    )  # fmt: skip


def indicator_in_words(summary: SweepSummary, indicator: Indicator, lang: str) -> str:
    """Say one side of a trade-off, with its unit."""
    name = indicator.name
    if name in summary.tornado.clauses:
        norm = summary.clauses[name].norm
        own = "" if names_unit(norm) else unit(norm, lang)
        return _with(clause_name(norm, lang), own, lang)
    if name in summary.measures:
        return measure_in_words(name, lang)
    return factor_in_words(summary.factors[name], summary.problem, lang)


def measure_in_words(name: str, lang: str) -> str:
    """Say a measure, with its unit."""
    from resalloc.scoring.measures.measure import MEASURES
    from resalloc.units import units

    measure = MEASURES.get(name)
    if measure is None:
        return name
    of = units()[measure.unit].label(lang) if measure.unit else ""
    return _with(measure.label(lang), of, lang)


def _with(name: str, of: str, lang: str) -> str:
    if not of:
        return name
    return f"{name}，{of}" if lang == "zh" else f"{name}, {of}"


def _draw(found: Frontier, heads: list[str], say: dict[str, str]) -> Any:
    """Draw the first two indicators; a third shows as colour."""
    import altair as alt
    import pandas as pd

    keys = [f"v{k}" for k in range(len(heads))]
    dots = pd.DataFrame(found.dots, columns=keys).assign(what=say["all_scenarios"])
    curve = pd.DataFrame(found.values, columns=keys).assign(what=say["on_curve"])
    x = alt.X("v0:Q", title=heads[0], scale=alt.Scale(zero=False), axis=alt.Axis(tickMinStep=1 if
              (found.values[:, 0] % 1 == 0).all() else 0))  # fmt: skip
    y = alt.Y("v1:Q", title=heads[1], scale=alt.Scale(zero=False))
    colour = alt.Color(
        "what:N",
        scale=alt.Scale(
            domain=[say["on_curve"], say["all_scenarios"]], range=[ACCENT, "#9fb3bd"]
        ),
        legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
    )  # fmt: skip
    cloud = alt.Chart(dots).mark_circle(size=16, opacity=0.45).encode(x=x, y=y, color=colour)
    points = alt.Chart(curve).mark_circle(size=62, opacity=1).encode(x=x, y=y, color=colour)
    if len(keys) > 2:
        shade = alt.Color("v2:Q", title=heads[2], scale=alt.Scale(scheme="oranges"))
        third = alt.Chart(curve).mark_circle(size=62, opacity=1).encode(x=x, y=y, color=shade)
        return (
            alt.layer(cloud, third)
            .resolve_scale(color="independent")
            .properties(width=820, height=340)
        )
    # Between two scenarios of the curve the worse of both is what can be had.
    step: Literal["step-after", "step-before"]
    step = "step-after" if found.indicators[0].better == "lower" else "step-before"
    line = alt.Chart(curve).mark_line(color=ACCENT, interpolate=step).encode(x=x, y=y)
    return alt.layer(cloud, line, points).properties(width=860, height=340)
