"""The charts, drawn by Vega-Lite into still pictures: they need no script and print as they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from resalloc.reporting.added_cost import KINDS, OWNERS, added_cost
from resalloc.reporting.sources import (
    Source,
    clauses_by_rule,
    clauses_on,
    data_source,
)
from resalloc.reporting.texts import Text, texts
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.reporting.figures import Figures

BEFORE, AFTER, ACCENT = "#b3bec5", "#1f6f8b", "#b5562b"
FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, SimHei, sans-serif"


@dataclass(frozen=True)
class Chart:
    """A chart in both languages, as SVG."""

    id: str
    title: Text
    zh: str
    en: str
    sources: tuple[Source, ...]


def charts(f: Figures) -> tuple[Chart, ...]:
    """Give every chart that has something to show."""
    made = [_beds(f), _staff(f), _cost(f), _per_township(f), _response(f)]
    return tuple(chart for chart in made if chart is not None)


def _beds(f: Figures) -> Chart | None:
    kinds = vocabulary().list("bed_kind")
    before, after = (f.total("beds", planned=p) for p in (False, True))
    rows = [(kinds[k].zh, kinds[k].en, before[k], after[k]) for k in kinds]
    sources = (*clauses_on(f.problem, "beds"), data_source("beds", "床位现状", "beds of today"))
    return _bars(f, "beds", rows, sources)


def _staff(f: Figures) -> Chart | None:
    words = vocabulary()
    before, after = (f.total("staff", planned=p) for p in (False, True))
    cadres = words.list("cadre")
    rows = [(cadres[c].zh, cadres[c].en, before[c], after[c]) for c in words.top_cadres()]
    sources = clauses_on(f.problem, "staff", "physician") + clauses_on(f.problem, "staff", "nurse")
    return _bars(f, "staff", rows, (*sources, data_source("staff", "人员现状", "staff of today")))


def _bars(
    f: Figures, name: str, rows: list[tuple[str, str, float, float]], sources: tuple[Source, ...]
) -> Chart | None:
    import altair as alt

    rows = [row for row in rows if np.nan_to_num(row[2:]).any()]
    if not rows:
        return None

    def draw(lang: str) -> Any:
        labels = [zh if lang == "zh" else en for zh, en, _, _ in rows]
        years = [str(f.base_year), str(f.plan_year)]
        data = pd.DataFrame(
            [
                {"label": label, "year": year, "value": row[2 + side]}
                for label, row in zip(labels, rows, strict=True)
                for side, year in enumerate(years)
                if not np.isnan(row[2 + side])
            ]
        )
        base = alt.Chart(data).encode(
            y=alt.Y("label:N", sort=labels, title=None, axis=alt.Axis(labelLimit=240)),
            yOffset=alt.YOffset("year:N", sort=years),
            x=alt.X("value:Q", title=None, axis=alt.Axis(format=",d", tickCount=5)),
        )
        colour = alt.Color(
            "year:N", scale=alt.Scale(domain=years, range=[BEFORE, AFTER]),
            legend=alt.Legend(title=None, orient="top", direction="horizontal"),
        )  # fmt: skip
        numbers = base.mark_text(align="left", dx=4, fontSize=11).encode(
            text=alt.Text("value:Q", format=",.0f")
        )
        return (base.mark_bar(height={"band": 0.86}).encode(color=colour) + numbers).properties(
            width=360, height=alt.Step(17)
        )

    return _chart(name, draw, sources)


def _per_township(f: Figures) -> Chart | None:
    import altair as alt

    sides = {}
    for planned, year in ((False, f.base_year), (True, f.plan_year)):
        beds = f.by_township(f.table("beds_total", planned=planned)["beds_total"])
        sides[str(year)] = 1000 * beds / f.residents(planned=planned)
    frame = pd.DataFrame(sides)
    last = str(f.plan_year) if frame[str(f.plan_year)].notna().any() else str(f.base_year)
    order = list(frame[last].sort_values(ascending=False).index)
    frame = frame.where(frame > 0)
    if not frame.notna().to_numpy().any():
        return None
    long = frame.rename_axis("place").reset_index().melt("place", var_name="year").dropna()

    def draw(lang: str) -> Any:
        del lang
        years = list(sides)
        y = alt.Y("place:N", sort=order, title=None, axis=alt.Axis(grid=True))
        steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
        scale = alt.Scale(type="log", nice=False)
        x = alt.X("value:Q", title=None, scale=scale, axis=alt.Axis(values=steps, format="~g"))
        base = alt.Chart(long).encode(y=y, x=x)
        line = base.mark_line(color="#cfd8dc", strokeWidth=3).encode(detail="place:N")
        dots = base.mark_point(filled=True, size=64, opacity=1).encode(
            color=alt.Color("year:N", scale=alt.Scale(domain=years, range=[BEFORE, AFTER]),
                            legend=alt.Legend(title=None, orient="top")),
            shape=alt.Shape("year:N", scale=alt.Scale(domain=years, range=["circle", "diamond"]),
                            legend=None),
        )  # fmt: skip
        return (line + dots).properties(width=380, height=alt.Step(15))

    people = data_source("population", "分乡镇人口", "people by township")
    return _chart("per_township", draw, (*clauses_on(f.problem, "beds"), people))


def _response(f: Figures) -> Chart | None:
    import altair as alt

    planned = f.reach(planned=True)
    if planned["minutes"].isna().any():
        return None
    edge = 2.0
    bins = np.floor(planned["minutes"] / edge) * edge
    frame = (
        planned.assign(bin=bins).groupby(["bin", "place_class"])["residents"].sum().reset_index()
    )
    norms = [n for n in f.problem.norms if n.indicator and n.indicator.rule == "response"]
    targets = [t for n in norms for t in n.reads.values.values() if isinstance(t, float)]
    words = texts()

    def draw(lang: str) -> Any:
        names = {c: words[f"points.{c}"].label(lang) for c in ("urban", "rural")}
        data = frame.assign(
            who=frame["place_class"].map(names), end=frame["bin"] + edge, people=frame["residents"]
        )
        bars = alt.Chart(data).mark_bar(stroke="white").encode(
            x=alt.X("bin:Q", bin="binned", title=words["chart.minutes"].label(lang),
                    axis=alt.Axis(tickMinStep=2)),
            x2="end:Q",
            y=alt.Y("people:Q", title=words["term.residents"].label(lang),
                    axis=alt.Axis(format=",d", tickCount=6)),
            color=alt.Color("who:N", scale=alt.Scale(domain=list(names.values()),
                                                     range=["#e0a458", AFTER]),
                            legend=alt.Legend(title=None, orient="top")),
        )  # fmt: skip
        if not targets:
            return bars.properties(width=400, height=230)
        limit = pd.DataFrame({"t": [targets[-1]], "label": [words["chart.limit"].label(lang)]})
        rule = alt.Chart(limit).mark_rule(color=ACCENT, strokeDash=[5, 3], size=1.5).encode(x="t:Q")
        mean = alt.Chart(limit).mark_text(align="left", dx=5, dy=6, baseline="top", color=ACCENT)
        label = mean.encode(x="t:Q", y=alt.value(0), text="label:N")
        return (bars + rule + label).properties(width=400, height=230)

    clock = data_source("clock", "反应时间起点", "start of the clock")
    return _chart("response", draw, (*clauses_by_rule(f.problem, "response"), clock))


def _cost(f: Figures) -> Chart | None:
    import altair as alt

    added = added_cost(f)
    if added is None or added.table.empty:
        return None
    cost = pd.DataFrame(
        {
            kind: added.table[[(kind, owner) for owner in OWNERS]].sum(axis="columns")
            for kind in KINDS
        }
    )
    words = texts()

    def draw(lang: str) -> Any:
        parts = {p: words[f"cost.{p}_short"].label(lang) for p in ("capital", "running")}
        data = cost.rename_axis("block").reset_index().melt("block", var_name="part")
        data["label"] = [words[f"term.{b}"].label(lang) for b in data["block"]]
        data["what"] = data["part"].map(parts)
        data = data[data["value"] != 0]
        order = list(dict.fromkeys(data.sort_values("value", ascending=False)["label"]))
        return (
            alt.Chart(data).mark_bar(height={"band": 0.7}).encode(
                y=alt.Y("label:N", sort=order, title=None, axis=alt.Axis(labelLimit=240)),
                x=alt.X("sum(value):Q", title=words["cost.unit"].label(lang),
                        axis=alt.Axis(format=",d", tickCount=5)),
                color=alt.Color("what:N", scale=alt.Scale(domain=list(parts.values()),
                                                          range=[AFTER, "#e0a458"]),
                                legend=alt.Legend(title=None, orient="top")),
            ).properties(width=400, height=alt.Step(30))
        )  # fmt: skip

    return _chart("cost", draw, (Source("cost", words["cost.title"], "assumption"),))


def _chart(name: str, draw: Any, sources: tuple[Source, ...]) -> Chart:
    pictures = {lang: picture(draw(lang), f"{name}-{lang}") for lang in ("zh", "en")}
    return Chart(name, texts()[f"chart.{name}"], pictures["zh"], pictures["en"], sources)


def picture(chart: Any, name: str) -> str:
    """Draw an Altair chart as SVG whose ids begin with `name`, so that many fit on one page."""
    import vl_convert

    styled = chart.configure(
        font=FONT, background="white", padding={"left": 4, "right": 44, "top": 4, "bottom": 4},
        view={"stroke": None},
        axis={"labelColor": "#3d4b53", "titleColor": "#5b6b75", "titleFontWeight": "normal",
              "gridColor": "#e8edef", "domainColor": "#9fadb5", "tickColor": "#9fadb5",
              "labelFontSize": 11.5, "titleFontSize": 11.5},
        legend={"labelColor": "#3d4b53", "labelFontSize": 12, "symbolSize": 110},
        text={"color": "#3d4b53"},
    )  # fmt: skip
    drawn = vl_convert.vegalite_to_svg(styled.to_dict())
    drawn = re.sub(r'\bid="', f'id="{name}-', drawn)
    drawn = re.sub(r"url\(#", f"url(#{name}-", drawn)
    return re.sub(r'<svg([^>]*?) width="([\d.]+)" height="([\d.]+)"', r"<svg\1", drawn, count=1)
