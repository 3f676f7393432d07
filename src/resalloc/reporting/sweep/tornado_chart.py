"""One tornado chart: what a clause comes to where each factor is low, and where it is high."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resalloc.reporting.charts import ACCENT
from resalloc.reporting.siting.labels import text_width
from resalloc.reporting.sweep.words import figure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LOW_COLOUR, HIGH_COLOUR = "#e0a458", "#1f6f8b"
_WIDTH, _SHARE_WIDTH, _LABEL = 450, 230, 290


@dataclass(frozen=True)
class Bar:
    """One factor of a chart, in words."""

    name: str
    member: bool
    value_low: float
    value_high: float
    share_low: float
    share_high: float
    eta2: float
    noise: float

    @property
    def swing(self) -> float:
        """From low to high."""
        return self.value_high - self.value_low


def tornado_chart(
    bars: Sequence[Bar], mean: float, targets: Sequence[float], unit: str, say: Mapping[str, str]
) -> Any:
    """Draw mean values from low to high, and beside them the share holding.

    Parameters
    ----------
    bars
        The factors, most telling first.
    mean
        Of the clause's value, over all scenarios.
    targets
        What it is compared with; shown where they are near.
    unit
        Of the value, as it is read.
    say
        The page's words.
    """
    import altair as alt
    import pandas as pd

    names = _distinct([_short(bar.name) for bar in bars])
    sides = [say["low_fifth"], say["high_fifth"]]
    lines = []
    for name, bar in zip(names, bars, strict=True):
        ends = (bar.value_low, bar.value_high)
        for side, value, share in zip(sides, ends, (bar.share_low, bar.share_high), strict=True):
            right = value > min(ends) or (ends[0] == ends[1] and side == sides[1])
            lines.append({"factor": name, "side": side, "value": value, "mean": mean,
                          "share": 100 * share, "right": right, "text": figure(value)})  # fmt: skip
    data = pd.DataFrame(lines)
    y = alt.Y("factor:N", sort=names, title=None,
              axis=alt.Axis(labelLimit=_LABEL + 30, minExtent=_LABEL, ticks=False,
                            domain=False))  # fmt: skip
    colour = alt.Color(
        "side:N", scale=alt.Scale(domain=sides, range=[LOW_COLOUR, HIGH_COLOUR]),
        legend=alt.Legend(title=None, orient="top", direction="horizontal"),
    )  # fmt: skip
    marks, domain = _marks(targets, mean, data, say)
    title = say["mean_value"].format(unit=unit) if unit else say["mean_value_plain"]
    x = alt.X("value:Q", title=title,
              scale=alt.Scale(domain=domain, nice=False, zero=False),
              axis=alt.Axis(tickCount=4, labelOverlap="greedy", labelSeparation=6))  # fmt: skip
    base = alt.Chart(data).encode(y=y)
    swing = base.mark_bar(height={"band": 0.62}).encode(x=x, x2="mean:Q", color=colour)
    labels = [
        base.transform_filter(alt.datum.right == right)
        .mark_text(
            align="left" if right else "right", dx=4 if right else -4, fontSize=10.5,
            stroke="white" if halo else None, strokeWidth=4 if halo else 0,
        )
        .encode(x=x, text="text:N")
        for halo in (True, False)
        for right in (True, False)
    ]  # fmt: skip
    left = alt.layer(swing, *marks, *labels).properties(width=_WIDTH, height=alt.Step(23))
    held = alt.X("share:Q", title=say["share_axis"], scale=alt.Scale(domain=[0, 100]))
    bare = alt.Axis(labels=False, ticks=False, domain=False, grid=True)
    panel = alt.Chart(data).encode(x=held, y=alt.Y("factor:N", sort=names, title=None, axis=bare))
    line = panel.mark_line(color="#cfd8dc", strokeWidth=3).encode(detail="factor:N")
    dots = panel.mark_point(filled=True, size=70, opacity=1).encode(color=colour)
    shares = alt.layer(line, dots).properties(width=_SHARE_WIDTH, height=alt.Step(23))
    return alt.hconcat(left, shares, spacing=28)


def _marks(
    targets: Sequence[float], mean: float, data: Any, say: Mapping[str, str]
) -> tuple[list[Any], list[float]]:
    """Draw the mean and, where it is near, the target; give the limits of the axis."""
    import altair as alt
    import pandas as pd

    values = [*data["value"], mean]
    low, high = float(min(values)), float(max(values))
    size = (high - low) or abs(high) * 0.1 or 1.0
    near = [a for a in targets if low - 1.2 * size <= a <= high + 1.2 * size]
    low, high = min(low, *near, low), max(high, *near, high)
    domain = [low - 0.16 * (high - low or size), high + 0.16 * (high - low or size)]
    marks = [
        alt.Chart(pd.DataFrame({"at": [mean]})).mark_rule(color="#6b7680", size=1).encode(x="at:Q")
    ]
    if near:
        at = pd.DataFrame({"at": near, "label": say["target_mark"]})
        rule = alt.Chart(at).mark_rule(color=ACCENT, strokeDash=[5, 3], size=1.6)
        name = alt.Chart(at).mark_text(color=ACCENT, dy=-7, fontSize=11)
        marks += [rule.encode(x="at:Q"), name.encode(x="at:Q", y=alt.value(0), text="label:N")]
    return marks, domain


def _short(name: str, most: float = _LABEL - 4.0) -> str:
    """Cut a name that would not fit beside a chart."""
    if text_width(name, 11.5) <= most:
        return name
    while text_width(name + "…", 11.5) > most:
        name = name[:-1]
    return name + "…"


def _distinct(names: list[str]) -> list[str]:
    """Tell cut names apart: those alike would fall on one line of a chart."""
    return [name + "\u200b" * names[:k].count(name) for k, name in enumerate(names)]
