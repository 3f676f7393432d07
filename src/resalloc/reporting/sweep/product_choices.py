"""The options of a product: ranked, weighed, and their regret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.reporting.charts import ACCENT, picture
from resalloc.reporting.sweep.product_tables import Table, tables_section
from resalloc.reporting.sweep.product_words import (
    cell,
    choices_in_words,
    column_name,
    measured_in_words,
    option_name,
    product_words,
)
from resalloc.reporting.sweep.section import Section, sized
from resalloc.reporting.sweep.words import (
    clause_name,
    figure,
    percent,
    unit,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from resalloc.sweep.summary.product import ProductSummary
    from resalloc.sweep.summary.product_options import Regretted

ROWS, LAST = 12, 3
"""Options that are listed, from the first and from the last."""
SHARES = 3
"""Clauses whose share the ranking shows, those that differ most."""
DOTS = 1500


def options_section(summary: ProductSummary, lang: str) -> Section | None:
    """Give the options in which most holds, the best first, and the last of them."""
    say, table, own = product_words(lang), summary.ranking, summary.options
    if len(own) < 2:
        return None
    per = f"{summary.scenarios // len(own):,}"
    columns = _shown(summary)
    same = table["share_holds"].nunique() == 1
    heads = [
        (say["option"], ""), *((column_name(summary, c, lang), "n") for c in columns)
    ]  # fmt: skip
    means = [c for c in columns if c.endswith(".mean")]
    measure = measured_in_words(summary, means[0], lang) if means else say["number_word"]
    if own.chosen:
        note = say["options_note"].format(
            what=choices_in_words(summary, lang), n=per, measure=measure
        )
    else:
        note = say["options_plain"].format(n=per)
    told = []
    if same:
        share = percent(float(table["share_holds"].iloc[0]))
        told.append(say["options_joint_same"].format(share=share))
    listed_rows = min(ROWS, len(table))
    first = Table(
        heads,
        _option_rows(summary, table.head(ROWS), columns, lang),
        say["rest"].format(n=listed_rows, all=len(table)) if len(table) > ROWS else "",
    )
    tables = [first]
    if len(table) > ROWS + LAST:
        rows = _option_rows(summary, table.tail(LAST), columns, lang)
        tables.append(Table(heads, rows, title=say["worst_options"]))
    site = any(factor.kind == "site" for factor in own.factors)
    title = say["options" if site else "options_any"]
    return tables_section("options", lang, tables, title=title, note=note, told=told)


def _shown(summary: ProductSummary) -> list[str]:
    """Give the columns of the ranking that the page shows: those that differ, not too many."""
    table = summary.ranking
    shares = [c for c in table.columns if c.endswith(".share")]
    spread = {c: float(table[c].max() - table[c].min()) for c in shares}
    shares = sorted(shares, key=lambda c: -spread[c])[:SHARES]
    first = next((c for c in summary.weighed if c.endswith(".mean")), "")
    both = [first, first.replace(".mean", ".worst")] if first else []
    wanted = ["share_holds", "held", "open", *shares, *both]
    return [c for c in wanted if c in table.columns and table[c].nunique() > 1]


def _option_rows(
    summary: ProductSummary, table: pd.DataFrame, columns: Sequence[str], lang: str
) -> list[list[str]]:
    return [
        [
            option_name(summary, int(row["option"]), lang),
            *(cell(column, float(row[column])) for column in columns),
        ]
        for row in table.to_dict("records")
    ]


def pareto_section(summary: ProductSummary, lang: str) -> Section | None:
    """Give the options that no other beats, as a table and a picture."""
    say, weighed = product_words(lang), summary.weighed
    if len(summary.options) < 2:
        return None
    if not weighed or not len(summary.pareto):
        return tables_section("pareto", lang, [], note="", told=[say["pareto_none"]])
    heads = [(say["option"], "")]
    heads += [
        (f"{column_name(summary, c, lang)} {_arrow(better)}", "n") for c, better in weighed.items()
    ]
    found = summary.pareto
    told = []
    if len(found) == 1:
        name = option_name(summary, int(found["option"].iloc[0]), lang)
        told.append(say["pareto_one"].format(name=name))
    rows = _option_rows(summary, found.head(ROWS), list(weighed), lang)
    note = say["rest"].format(n=len(rows), all=len(found)) if len(found) > ROWS else ""
    return tables_section(
        "pareto", lang, [Table(heads, rows, note)], told=told, drawn=_drawn(summary, lang)
    )


def _arrow(better: str) -> str:
    return "↓" if better == "lower" else "↑"


def _drawn(summary: ProductSummary, lang: str) -> object:
    """Draw the options on two counts: the mean of the first measure, and what differs most."""
    import altair as alt
    import pandas as pd

    weighed = list(summary.weighed)
    x_name = next((c for c in weighed if c.endswith(".mean")), weighed[0])
    y_name = next((c for c in weighed if c != x_name), None)
    if y_name is None:
        return None
    say, table = product_words(lang), summary.ranking
    step = max(1, -(-len(table) // DOTS))
    dots = table.iloc[::step]
    keys = [say["pareto_key"], say["others_key"]]
    data = pd.concat(
        [
            pd.DataFrame({"x": part[x_name], "y": part[y_name], "what": key})
            for part, key in ((dots, keys[1]), (summary.pareto.head(DOTS), keys[0]))
        ]
    )
    heads = [f"{column_name(summary, c, lang)} {_arrow(summary.weighed[c])}"
             for c in (x_name, y_name)]  # fmt: skip
    shares = [c == "share_holds" or c.endswith(".share") for c in (x_name, y_name)]
    x, y = (
        channel(f"{name}:Q", title=head, scale=alt.Scale(zero=False),
                axis=alt.Axis(format=".0%" if share else "", tickCount=6))
        for channel, name, head, share in zip((alt.X, alt.Y), "xy", heads, shares, strict=True)
    )  # fmt: skip
    colour = alt.Color(
        "what:N", scale=alt.Scale(domain=keys, range=[ACCENT, "#9fb3bd"]),
        legend=alt.Legend(title=None, orient="top", symbolOpacity=1),
    )  # fmt: skip
    size = alt.Size("what:N", scale=alt.Scale(domain=keys, range=[95, 22]), legend=None)
    chart = alt.Chart(data).mark_circle(opacity=0.75).encode(x=x, y=y, color=colour, size=size)
    return sized(picture(chart.properties(width=820, height=300), f"pareto-{lang}"))


def regrets_section(summary: ProductSummary, lang: str) -> Section | None:
    """Give the options with the least regret, by measure."""
    if not summary.regret:
        return None
    say = product_words(lang)
    tables = [_regret_table(summary, found, lang) for found in summary.regret]
    return tables_section("regret", lang, tables, note=say["regret_note"])


def _regret_table(summary: ProductSummary, found: Regretted, lang: str) -> Table:
    say, norm = product_words(lang), summary.problem.norms[found.clause]
    of = unit(norm, lang)
    title = say["regret_of"].format(name=clause_name(norm, lang), unit=of)
    heads = [
        (say["option"], ""), (f"{say['regret_largest']} ({of})", "n"),
        (f"{say['regret_mean']} ({of})", "n"), ("", ""),
    ]  # fmt: skip
    if found.least is None:
        return Table(heads[:3], [], say["regret_unknown"], title)
    table = found.table.set_index("option")
    chosen = [found.least] if found.expected in (None, found.least) else [
        found.least, int(found.expected or 0)
    ]  # fmt: skip
    least = float(table["largest"].loc[found.least])
    equal = int((table["largest"] == least).sum()) - 1
    order = [*chosen, *(int(o) for o in table.index if int(o) not in chosen)]
    shown = chosen if equal > ROWS else order[: ROWS // 2]
    rows = []
    for option in shown:
        words = ""
        if option == found.least:
            words = say["regret_both" if found.expected == found.least else "regret_least"]
        elif option == found.expected:
            words = say["regret_expected"]
        largest, mean = (float(table[key].loc[option]) for key in ("largest", "mean"))
        name = option_name(summary, option, lang)
        rows.append([name, figure(largest), figure(mean), words])
    note = ""
    if equal > 0:
        note = say["regret_equal"].format(n=f"{equal:,}", value=figure(least))
    return Table(heads, rows, note, title)
