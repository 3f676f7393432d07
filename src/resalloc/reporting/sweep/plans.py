"""Sections from plain tables: plans of a product sweep, regret, and what is always chosen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from resalloc.reporting.lines import target_of
from resalloc.reporting.sweep.section import section
from resalloc.reporting.sweep.words import clause_name, figure, words
from resalloc.result.scorecard import Clause

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from resalloc.problem.problem import Problem
    from resalloc.reporting.sweep.section import Section

ROWS = 30
"""Plans that are listed."""


def plans_section(
    table: pd.DataFrame, lang: str, *, name: Callable[[int], str] = str, variant: str | None = None
) -> Section:
    """Give each plan's share of scenarios in which all chosen clauses hold, the best first.

    Parameters
    ----------
    table
        Columns ``plan``, ``holds``, ``fails`` and ``not_computable``; rows of one plan (by
        variant or clause) are added up.
    lang
        ``"zh"`` or ``"en"``.
    name
        What a plan is called.
    variant
        Only this one, where there is a column ``variant``.
    """
    if variant is not None:
        table = table[table["variant"] == variant]
    rows = _counted(table, "plan", name=lambda plan: name(int(str(plan))))
    return section(
        "plans", "sweep_plans.html.j2", lang, first=words(lang)["plan"], rows=rows[:ROWS],
        more=max(0, len(rows) - ROWS),
    )  # fmt: skip


def clause_shares_section(
    table: pd.DataFrame, problem: Problem, lang: str, *, variant: str | None = None
) -> Section:
    """Give each clause's share of scenarios in which it holds, the least likely first.

    Parameters
    ----------
    table
        Columns ``clause`` (its id), ``holds``, ``fails`` and ``not_computable``; rows of one
        clause are added up.
    problem
        Whose clauses they are.
    lang
        ``"zh"`` or ``"en"``.
    variant
        Only this one, where there is a column ``variant``, e.g. ``"all"``.
    """
    if variant is not None:
        table = table[table["variant"] == variant]

    def name(clause: object) -> str:
        norm = problem.norms[str(clause)]
        return f"{clause_name(norm, lang)} {target_of(Clause(norm, 'met'), norm)}"

    rows = _counted(table, "clause", name=name)[::-1]
    return section(
        "passing", "sweep_plans.html.j2", lang, first=words(lang)["clause"], rows=rows, more=0,
        note="",
    )  # fmt: skip


def _counted(
    table: pd.DataFrame, by: str, name: Callable[[object], str]
) -> list[tuple[str, float, int, int, int]]:
    """Add scenarios up by plan or clause; the largest share that holds first."""
    counts = table.groupby(by, sort=False)[["holds", "fails", "not_computable"]].sum()
    counts["share"] = counts["holds"] / counts.sum(axis=1)
    counts = counts.sort_values("share", ascending=False, kind="stable").reset_index()
    return [
        (
            name(row[by]),
            float(row["share"]),
            int(row["holds"]),
            int(row["fails"]),
            int(row["not_computable"]),
        )
        for row in counts.to_dict("records")
    ]


def best_plans_section(
    table: pd.DataFrame,
    lang: str,
    *,
    name: Callable[[int], str] = str,
    heads: Mapping[str, str] | None = None,
) -> Section:
    """Give the plans that no other beats, with their indicators.

    Parameters
    ----------
    table
        Column ``plan``, then one column an indicator.
    lang
        ``"zh"`` or ``"en"``.
    name
        What a plan is called.
    heads
        What an indicator's column is called; by default its name.
    """
    given = [str(column) for column in table.columns if column != "plan"]
    table = table.sort_values(given[:1], kind="stable")
    rows = [
        (name(int(row["plan"])), [figure(float(row[column])) for column in given])
        for row in table.head(ROWS).to_dict("records")
    ]
    return section(
        "best_plans", "sweep_figures.html.j2", lang, first=words(lang)["plan"],
        heads=[(heads or {}).get(column, column) for column in given], rows=rows,
        more=len(table) - len(rows),
    )  # fmt: skip


def regret_section(
    table: pd.DataFrame, lang: str, *, name: Callable[[int], str] = str, unit: str = ""
) -> Section:
    """Give each plan's largest and mean regret, the least largest first.

    Parameters
    ----------
    table
        Columns ``plan``, ``largest``, ``mean`` (missing where not known) and ``unknown``.
    lang
        ``"zh"`` or ``"en"``.
    name
        What a plan is called.
    unit
        Of the regret, as it is read.
    """
    say = words(lang)
    table = table.sort_values("largest", kind="stable", na_position="last")
    of = f" ({unit})" if unit else ""
    rows = [
        (
            name(int(row["plan"])),
            [figure(float(row["largest"])), figure(float(row["mean"])), f"{row['unknown']:,}"],
        )
        for row in table.head(ROWS).to_dict("records")
    ]
    return section(
        "regret", "sweep_figures.html.j2", lang, first=say["plan"],
        heads=[say["regret_largest"] + of, say["regret_mean"] + of, say["regret_unknown"]],
        rows=rows, more=len(table) - len(rows),
    )  # fmt: skip


def chosen_section(table: pd.DataFrame, lang: str) -> Section:
    """Give what is chosen, in how many of the futures, when each is solved anew.

    Parameters
    ----------
    table
        Columns ``what``, ``chosen`` and ``futures``; where it can be said in no future,
        `futures` is 0.
    lang
        ``"zh"`` or ``"en"``.
    """
    say = words(lang)
    rows = []
    for row in table.to_dict("records"):
        chosen, futures = int(row["chosen"]), int(row["futures"])
        share = chosen / futures if futures else math.nan
        word = "robust" if chosen == futures else "depends" if chosen else "never"
        told = say["chosen_of"].format(chosen=f"{chosen:,}", futures=f"{futures:,}")
        rows.append((str(row["what"]), share, told, say[word if futures else "unknown"]))
    rows.sort(key=lambda row: -1.0 if math.isnan(row[1]) else row[1], reverse=True)
    return section("chosen", "sweep_chosen.html.j2", lang, rows=rows)
