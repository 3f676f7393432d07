"""The plans compared: each in every future, what it costs more, which clauses it breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from resalloc.reporting.charts import ACCENT, AFTER, picture
from resalloc.reporting.sweep.reoptimised_table import Cell, Table, number, tables_section
from resalloc.reporting.sweep.reoptimised_words import (
    future_name,
    measure_name,
    money,
    norm_name,
    own_words,
    plan_name,
    sentence,
    settings,
    signed,
)
from resalloc.reporting.sweep.section import sized
from resalloc.reporting.sweep.words import figure, listed
from resalloc.sweep.reoptimise.evaluate import SHORT
from resalloc.sweep.reoptimise.outcome import name_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from resalloc.problem.columns import Floats
    from resalloc.reporting.sweep.reoptimised_facts import Facts
    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.reoptimise.regret import Regret
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised

ROWS = 40
"""Plans and futures that are listed; all are in the workbook."""
_MATRIX, _POINTS = 16, 2
_LABELS: tuple[tuple[str, Literal["center", "left"], int, int], ...] = (
    ("up", "center", 0, -14),
    ("down", "center", 0, 18),
    ("right", "left", 11, 0),
)
_BAD = "#f6d3cd"
_SHADES = ("#ffffff", "#eef5f8", "#d8e8ef", "#bcd6e2", "#9cc2d3")


def compared_section(facts: Facts, lang: str) -> Section | None:
    """Give the plans in order of regret, and the two named ones in each future."""
    regret = facts.found.regret
    if regret is None:
        return None
    own = own_words(lang)
    order = _order(facts, regret)
    tables = [_plans(facts, regret, order, lang), _named(facts, regret, lang)]
    if len(order) <= _MATRIX and len(regret.futures) <= _MATRIX:
        tables.append(_matrix(facts, regret, order, lang))
    tables.append(_broken(facts, regret, order, lang))
    after = [] if any(regret.breaks(plan) for plan in order) else [own["none_breaks"]]
    shown = _chart(facts, regret, order, lang)
    return tables_section(
        "compared", tables, lang, picture=shown, caption=own["chart_title"], after=after
    )


def _order(facts: Facts, regret: Regret) -> list[int]:
    """Give one plan of each lot of equal ones: the two named first, then by regret."""
    first = [regret.minimax, regret.best_expected]
    plans = [lot[0] if not set(first) & set(lot) else next(p for p in first if p in lot)
             for lot in facts.alike]  # fmt: skip
    greatest = regret.greatest
    return sorted(
        plans,
        key=lambda p: (
            first.index(p) if p in first else len(first),
            tuple(greatest[regret.plans.index(p)]),
            p,
        ),
    )


def plan_label(facts: Facts, plan: int, lang: str) -> tuple[str, str]:
    """Give a plan's name, and what is so in its future and which plans are the same."""
    found, own = facts.found, own_words(lang)
    others = [name_of(other, lang) for other in facts.lot(plan) if other != plan]
    notes = [settings(found, plan, lang)] if plan >= 0 else [own["as_expected"]]
    if others:
        notes.append(own["same_as"].format(names=listed(others, lang)))
    return plan_name(plan, lang), ("；" if lang == "zh" else "; ").join(n for n in notes if n)


def _tags(regret: Regret, facts: Facts, plan: int, lang: str) -> str:
    own, lot = own_words(lang), facts.lot(plan)
    tags = [own[key] for key, named in (("tag_minimax", regret.minimax),
                                        ("tag_expected", regret.best_expected))
            if named in lot]  # fmt: skip
    return listed(tags, lang)


def _plans(facts: Facts, regret: Regret, order: list[int], lang: str) -> Table:
    own = own_words(lang)
    names = [m.name for m in regret.measures]
    short = names.index(SHORT)
    extra, expected = regret.extra_cost_wan, regret.expected
    cost = regret.cost_wan @ regret.weights
    last = len(names) - 1
    aims = [] if names[last] == "cost" else [last]
    held, broken = "keeps_all", "breaks_in"
    if facts.planned < facts.count:
        held, broken = "keeps_possible", "breaks_possible"
    rows = []
    for plan in order[:ROWS]:
        p = regret.plans.index(plan)
        name, note = plan_label(facts, plan, lang)
        tag = _tags(regret, facts, plan, lang)
        breaks = facts.avoidable(plan)
        told = own[(held if not breaks else broken)].format(n=breaks, of=facts.planned)
        kept = Cell(told, tone="bad" if breaks else "good")
        rows.append(
            (
                Cell(name, note, tone="mark" if tag else ""),
                Cell(tag),
                kept,
                number(figure(float(regret.values[p, :, short].max()))),
                number(figure(float(expected[p, short]))),
                number(_range(extra[p], own)),
                number(money(float(cost[p]))),
                *(number(figure(float(regret.greatest[p, k]))) for k in aims),
            )
        )
    heads = (
        own["plan"], "", own["kept_clauses"], "#" + own["short_worst"], "#" + own["short_mean"],
        "#" + own["extra"], "#" + own["cost_mean"],
        *("#" + own["regret_of"].format(name=measure_name(regret.measures[k], lang)) for k in aims),
    )  # fmt: skip
    return Table(own["plans_title"], own["plans_note"], heads, tuple(rows))


def _range(values: Floats, own: dict[str, str]) -> str:
    least, most = signed(float(values.min())), signed(float(values.max()))
    return least if least == most else own["from_to"].format(least=least, most=most)


def _named(facts: Facts, regret: Regret, lang: str) -> Table:
    """Give the named plans in each future beside the best one there."""
    own, found = own_words(lang), facts.found
    plans = list(dict.fromkeys((regret.minimax, regret.best_expected)))
    extra = regret.extra_cost_wan
    short = [m.name for m in regret.measures].index(SHORT)
    lost = {one.scenario for one in found.without_plan}
    rows = []
    for s, future in enumerate(regret.futures[:ROWS]):
        best = regret.best_plans[s]
        b = regret.plans.index(best)
        cells = [
            Cell(name_of(future, lang), settings(found, future, lang)),
            Cell(plan_name(best, lang), own["no_plan_there"] if future in lost else ""),
            number(figure(float(regret.best[s, short]))),
            number(money(float(regret.cost_wan[b, s]))),
        ]
        for plan in plans:
            p = regret.plans.index(plan)
            cells += [
                _clauses(found, regret, plan, future, lang),
                number(figure(float(regret.values[p, s, short]))),
                number(signed(float(extra[p, s]))),
            ]
        rows.append(tuple(cells))
    heads = [own["future"], own["best_there"], "#" + own["short"], "#" + own["cost"]]
    for plan in plans:
        name = plan_name(plan, lang)
        heads += [own["of_plan"].format(name=name, what=own["binding"]),
                  "#" + own["of_plan"].format(name=name, what=own["short"]),
                  "#" + own["of_plan"].format(name=name, what=own["extra"])]  # fmt: skip
    more = len(regret.futures) - len(rows)
    key = "named" if len(plans) > 1 else "named_one"
    rest = own["futures_more"].format(n=more) if more else ""
    note = sentence((own[f"{key}_note"], rest), lang)
    return Table(own[f"{key}_title"], note, tuple(heads), tuple(rows))


def _clauses(found: Reoptimised, regret: Regret, plan: int, future: int, lang: str) -> Cell:
    own = own_words(lang)
    broken = regret.breaks(plan).get(future, ())
    if not broken:
        return Cell(own["all_kept"], tone="good")
    names = listed((norm_name(found, norm, lang) for norm in broken), lang)
    return Cell(own["breaks_n"].format(n=len(broken)), names, tone="bad")


def _matrix(facts: Facts, regret: Regret, order: list[int], lang: str) -> Table:
    own = own_words(lang)
    extra = regret.extra_cost_wan
    largest = float(max(np.abs(extra).max(), 1e-9))
    broken = regret.broken.sum(axis=2)
    rows = []
    for plan in order:
        p = regret.plans.index(plan)
        cells = [Cell(plan_name(plan, lang), _tags(regret, facts, plan, lang))]
        for s in range(len(regret.futures)):
            more, worst = float(extra[p, s]), int(broken[p, s])
            step = min(len(_SHADES) - 1, int(np.ceil(max(more, 0.0) / largest * 4)))
            if worst:
                cells.append(number(own["breaks_n"].format(n=worst), signed(more), shade=_BAD))
            else:
                cells.append(number(signed(more), shade=_SHADES[step]))
        rows.append(tuple(cells))
    lost = {one.scenario for one in facts.found.without_plan}
    names = [
        name_of(s, lang) + (f" · {own['no_plan_there']}" if s in lost else "")
        for s in regret.futures
    ]
    heads = (own["plan"], *("#" + name for name in names))
    return Table(own["matrix_title"], own["matrix_note"], heads, tuple(rows))


def _broken(facts: Facts, regret: Regret, order: list[int], lang: str) -> Table:
    own, found = own_words(lang), facts.found
    rows = []
    for plan in order:
        for future, norms in regret.breaks(plan).items():
            names = listed((norm_name(found, norm, lang) for norm in norms), lang)
            rows.append(
                (
                    Cell(plan_name(plan, lang)),
                    Cell(future_name(found, future, lang)),
                    Cell(names),
                )
            )
    title = own["broken_title"].format(n=len(rows))
    heads = (own["plan"], own["future"], own["clauses_broken"])
    return Table(title, "", heads, tuple(rows[:200]), folded=True)


def _chart(facts: Facts, regret: Regret, order: list[int], lang: str) -> Markup | None:
    """Draw worst shortfall against expected cost; None where hardly any plans differ."""
    import altair as alt
    import pandas as pd

    own = own_words(lang)
    names = [m.name for m in regret.measures]
    short = names.index(SHORT)
    cost = regret.cost_wan @ regret.weights
    data = []
    for plan in order:
        p = regret.plans.index(plan)
        tag = _tags(regret, facts, plan, lang)
        data.append(
            {
                "cost": float(cost[p]),
                "short": float(regret.values[p, :, short].max()),
                "broken": own["chart_breaks"] if facts.avoidable(plan) else own["chart_keeps"],
                "name": name_of(plan, lang) + (f" · {tag}" if tag else ""),
                "named": bool(tag),
            }
        )
    frame = pd.DataFrame(data).sort_values("cost", kind="stable")
    keys = ["cost", "short", "broken", "named"]
    frame = frame.groupby(keys, sort=False)["name"].agg(list).reset_index()
    frame["name"] = [listed(names, lang) for names in frame["name"]]
    frame["where"] = [("up", "down")[k % 2] for k in range(len(frame))]
    frame.loc[frame["named"], "where"] = "right"
    if len(frame) > _MATRIX:
        frame.loc[~frame["named"], "name"] = ""
    points = frame[["cost", "short"]].drop_duplicates()
    if len(points) < _POINTS or not np.isfinite(frame[["cost", "short"]].to_numpy()).all():
        return None
    x = alt.X("cost:Q", title=own["cost_mean"], scale=alt.Scale(zero=False, padding=70),
              axis=alt.Axis(format=",d"))  # fmt: skip
    y = alt.Y("short:Q", title=own["short_worst"], scale=alt.Scale(zero=False, padding=28))
    kinds = [own["chart_keeps"], own["chart_breaks"]]
    dots = alt.Chart(frame).mark_point(filled=True, size=110, opacity=1).encode(
        x=x, y=y,
        color=alt.Color("broken:N", scale=alt.Scale(domain=kinds, range=[AFTER, ACCENT]),
                        legend=alt.Legend(title=None, orient="top", labelLimit=400)),
        shape=alt.Shape("broken:N", scale=alt.Scale(domain=kinds, range=["circle", "cross"]),
                        legend=None),
    )  # fmt: skip
    words = [
        alt.Chart(frame[frame["where"] == where])
        .mark_text(align=align, dx=dx, dy=dy, fontSize=11.5)
        .encode(x=x, y=y, text="name:N")
        for where, align, dx, dy in _LABELS
    ]
    drawn = alt.layer(dots, *words).properties(width=840, height=240)
    return sized(picture(drawn, f"plans-{lang}"))
