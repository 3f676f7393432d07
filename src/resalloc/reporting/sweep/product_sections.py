"""What the clauses come to in a product: extremes, levels, stations, method."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resalloc.reporting.sweep.factors import drawn_in_words, factor_in_words, figure3
from resalloc.reporting.sweep.product_tables import Table, tables_section
from resalloc.reporting.sweep.product_words import (
    as_table,
    case_in_words,
    clause_names,
    parts_in_words,
    product_words,
    within,
)
from resalloc.reporting.sweep.section import Section, filled
from resalloc.reporting.sweep.words import (
    by_place,
    clause_name,
    figure,
    listed,
    names_unit,
    percent,
    target,
    unit,
)
from resalloc.sampling.subsets import Subsets
from resalloc.sweep.summary.passing import counts_jointly
from resalloc.sweep.summary.product_clauses import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from resalloc.sweep.summary.product import ProductSummary

SITES = 12
"""Stations that are shown unfolded."""
CLAUSES = 5
"""Clauses that are shown of each factor, those that differ most."""
FACTORS = 20
"""Factors whose levels are shown."""
_EVEN = 5e-4


def extremes_section(summary: ProductSummary, lang: str) -> Section:
    """Give the range of each clause, and its worst scenario in words."""
    say, view = product_words(lang), as_table(summary)
    rows = []
    for passing in sorted(summary.clauses.each, key=lambda p: not counts_jointly(p.norm)):
        case = summary.worst.get(passing.norm.id)
        if case is None or by_place(passing):
            continue
        norm, value = passing.norm, passing.value
        own = "" if names_unit(norm) or unit(norm, lang) == "%" else unit(norm, lang)
        rows.append(
            (
                clause_name(norm, lang),
                f"{target(view, norm, lang)} {own}".strip(),
                figure(value.least),
                figure(value.most),
                within(value.tolerance),
                case_in_words(summary, norm.id, case, lang),
            )
        )
    heads = [
        (say["clause"], ""), (say["target"], "keep"), (say["least"], "n"), (say["most"], "n"),
        (say["tolerance"], "n"), (say["case"], ""),
    ]  # fmt: skip
    return tables_section("extremes", lang, [Table(heads, rows)])


@dataclass(frozen=True)
class Group:
    """A factor's levels side by side."""

    name: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, float | None]]]]
    note: str = ""
    apart: float = 0.0


def levels_section(summary: ProductSummary, lang: str) -> Section | None:
    """Give what the levels of each factor do to the clauses, where they do anything."""
    say, groups, same = product_words(lang), [], []
    for factor, levels in summary.levels.groupby("factor", sort=False):
        name = factor_in_words(summary.factors[str(factor)], summary.problem, lang)
        group = _group(summary, name, levels, lang)
        if group.rows:
            groups.append(group)
        else:
            same.append(name)
    if not groups and not same:
        return None
    told = say["levels_same"].format(names=listed(same[:FACTORS], lang)) if same else ""
    if len(groups) > FACTORS:
        groups.sort(key=lambda group: -group.apart)
        told = f"{say['more_factors'].format(n=len(groups) - FACTORS)} {told}"
    body = filled("sweep_product_levels.html.j2", lang, groups=groups[:FACTORS], same=told)
    by_target = _by_target(summary, lang)
    if by_target.rows:
        body += filled(
            "sweep_product_tables.html.j2", lang, tables=[by_target], told=(), picture=None, zip=zip
        )
    return Section("levels", say["levels"], say["levels_note"], body)


def _by_target(summary: ProductSummary, lang: str) -> Table:
    """Give in what share each clause holds whose target is varied, target by target."""
    say, (_, _, variants), whole = product_words(lang), summary.sides, summary.whole
    rows = []
    for k, factor in enumerate(variants.batch.factors):
        clause = factor.what.removeprefix("norm.")
        values = variants.batch.values[:, k]
        if clause not in summary.worst or len(set(values)) < 2:
            continue
        norm = summary.problem.norms[clause]
        counts = whole.whole.by_plan.counts[whole.product.number(clause)]
        own = "" if names_unit(norm) else unit(norm, lang)
        for value in sorted(set(values.tolist())):
            found = count(counts[values == value])
            shares = (found.share_holds, found.share_fails, found.share_unknown)
            aim = f"{figure(value)} {own}".strip()
            rows.append([clause_name(norm, lang), aim, *map(percent, shares)])
    heads = [(say["clause"], ""), (say["target"], "keep")]
    heads += [(say[key], "n") for key in ("holds", "fails", "unknown")]
    return Table(heads, rows, title=say["by_target"], wide=False)


def _group(summary: ProductSummary, name: str, levels: pd.DataFrame, lang: str) -> Group:
    say = product_words(lang)
    heads = [
        figure3(float(row["low"]))
        if row["low"] == row["high"]
        else say["fifth"].format(low=figure3(float(row["low"])), high=figure3(float(row["high"])))
        for row in levels.to_dict("records")
    ]
    ids = ["joint", *(passing.norm.id for passing in summary.clauses.each)]
    apart = {key: float(levels[key].max() - levels[key].min()) for key in ids}
    telling = [key for key in ids if apart[key] >= _EVEN]
    telling.sort(key=lambda key: (key != "joint", -apart[key]))
    rows: list[tuple[str, list[tuple[str, float | None]]]] = []
    for key in telling[: CLAUSES + 1]:
        of = say["joint"] if key == "joint" else clause_name(summary.problem.norms[key], lang)
        rows.append((of, [(percent(share), share) for share in map(float, levels[key])]))
    for found in summary.whole.product.measures:
        means = levels[f"{found.clause}.mean"].astype(float)
        norm = summary.problem.norms[found.clause]
        if found.better == "lower" and len({figure(mean) for mean in means}) > 1:
            of = say["level_mean"].format(name=clause_name(norm, lang), unit=unit(norm, lang))
            rows.append((of, [(figure(mean), None) for mean in means]))
    rest = len(telling) - CLAUSES - 1
    note = say["more_rows"].format(n=rest) if rest > 0 else ""
    return Group(name, heads, rows, note, max(apart.values()))


def sites_section(summary: ProductSummary, lang: str) -> Section | None:
    """Give how plans with a station open fare against those with it closed."""
    table = summary.sites
    if not len(table):
        return None
    say, plans = product_words(lang), len(summary.sides[1])
    heads, rows = [(say["site_name"], "keep"), (say["open_in"], "n")], []
    pairs = [("joint", say["joint"], True), ("held", say["held"], False)]
    measures = sorted(summary.whole.product.measures, key=lambda m: m.better != "lower")
    if measures:
        norm = summary.problem.norms[measures[0].clause]
        name = say["level_mean"].format(name=clause_name(norm, lang), unit=unit(norm, lang))
        pairs.append(("mean", name, False))
    pairs = [pair for pair in pairs if _differs(table, pair[0])]
    join = "：" if lang == "zh" else ": "
    for _, name, share in pairs:
        heads += [(name + join + say[k], "n") for k in ("when_open", "when_closed")]
        heads.append((say["difference_points" if share else "difference"], "n"))
    for row in table.to_dict("records"):
        cells = [str(row["site"]), percent(row["open_in"] / plans)]
        for key, _, share in pairs:
            ends = [float(row[f"{key}_open"]), float(row[f"{key}_closed"])]
            cells += [percent(v) if share else _two(v) for v in ends]
            apart = ends[1] - ends[0]
            known = f"{100 * apart:+.1f}" if share else f"{apart:+.2f}"
            cells.append("—" if math.isnan(apart) else known)
        rows.append(cells)
    first = Table(heads, rows[:SITES], wide=False)
    rest = Table(
        heads,
        rows[SITES:],
        title=say["more_sites"].format(n=len(rows) - SITES),
        folded=True,
        wide=False,
    )
    return tables_section("sites", lang, [first, rest] if len(rows) > SITES else [first])


def _two(value: float) -> str:
    return "—" if math.isnan(value) else f"{value:.2f}"


def _differs(table: pd.DataFrame, key: str) -> bool:
    """Say whether it matters for any site, as far as is known, that it is open."""
    apart = (table[f"{key}_closed"] - table[f"{key}_open"]).abs()
    return bool((apart > _EVEN).any())


def told_drawn(summary: ProductSummary, lang: str) -> Iterator[str]:
    """Say what is crossed, how stations are chosen, and how the rest is drawn."""
    say = product_words(lang)
    yield say["drawn_axes"].format(
        count=f"{summary.scenarios:,}", parts=parts_in_words(summary, lang)
    )
    for axis in summary.sides[1].axes:
        design = axis.design
        if isinstance(design, Subsets):
            told = say["subsets"].format(all=len(design.sites), p=design.p)
            if design.fixed:
                told += ("" if lang == "zh" else " ") + say["subsets_fixed"].format(
                    names=listed(design.fixed, lang)
                )
            yield told
    yield from drawn_in_words(as_table(summary), lang)


def told_method(summary: ProductSummary, lang: str) -> Iterator[str]:
    """Say how it was computed, what all together means, and what was not varied."""
    say = product_words(lang)
    yield say["m_product"].format(count=f"{summary.scenarios:,}")
    yield say["m_exact"]
    key = "m_joint" if summary.binding else "m_joint_all"
    yield say[key].format(names=clause_names(summary, summary.counted, lang))
    if summary.left_out:
        yield say["m_left"].format(names=clause_names(summary, summary.left_out, lang))
    yield say["m_likely"]
    if summary.whole.product.measures and len(summary.sides[2]) > 1:
        yield say["m_regret"].format(variant=_first_variant(summary, lang))
    if not summary.regret and summary.options.conditions > 1 and len(summary.options) > 1:
        yield say["m_regret_left"]
    yield say["m_unchanged"]


def _first_variant(summary: ProductSummary, lang: str) -> str:
    variants: dict[Any, float] = dict(summary.sides[2].of(0))
    return listed(
        (
            f"{factor_in_words(summary.factors[f.name], summary.problem, lang)} {figure(v)}"
            for f, v in variants.items()
        ),
        lang,
    )
