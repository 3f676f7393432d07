"""Printed totals against their rows, and parts against the whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from resalloc.linting.figures import last_place, quoted
from resalloc.linting.finding import Finding, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet


def total_and_rows(plan: NormSet) -> Iterator[Finding]:
    """Find a printed total that is not the sum of the rows it totals.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> for finding in total_and_rows(read_norms("tongliang-2025")):
    ...     print(finding.figures["total"], finding.figures["rows"])
    1475.0 1465.0
    1985.0 2015.0
    """
    for norm in plan:
        rows = rows_of(plan, norm)
        if not rows:
            continue
        for year, total in figures_of(norm).items():
            parts = [_counted_in(row, norm, year) for row in rows]
            if any(part is None for part in parts):
                continue
            found = math.fsum(part for part in parts if part is not None)
            if abs(found - total) <= last_place(total, norm.says.quote) / 2:
                continue
            yield Finding(
                "total_and_rows",
                "high",
                f"{norm.says.where}「{norm.says.quote}」合计为{number(total)}，"
                f"所列{len(rows)}行相加为{number(found)}，"
                f"相差{number(abs(found - total))}（{year}年）。",
                f"{norm.says.where} prints a total of {number(total)}; its {len(rows)} rows add up"
                f" to {number(found)}, {number(abs(found - total))} apart ({year}).",
                {"total": total, "rows": found, "difference": found - total, "year": year},
                (quoted(norm.says), quoted(rows[0].says), quoted(rows[-1].says)),
                (norm.id, *(row.id for row in rows)),
            )


def part_and_whole(plan: NormSet) -> Iterator[Finding]:
    """Find a part (其中) printed larger than its whole, or parts that exceed it together.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(part_and_whole(read_norms("tongliang-2025")))
    []
    """
    for whole in plan:
        parts = [norm for norm in plan if norm.reads.part_of == whole.id]
        for year, limit in figures_of(whole).items():
            counted = [p for p in parts if year in figures_of(p) and _same_unit(p, whole)]
            over = [p for p in counted if figures_of(p)[year] > limit]
            for part in over:
                yield _exceeds(whole, [part], year, limit, figures_of(part)[year])


def rows_of(plan: NormSet, total: Norm) -> tuple[Norm, ...]:
    """Give the clauses a total is printed for: named singly, or the rows of a table."""
    names = total.reads.total_of
    return tuple(n for n in plan if n.id in names or n.id.partition(".")[0] in names)


def _counted_in(row: Norm, total: Norm, year: int) -> float | None:
    """Give what a row adds to a total: its figure, or the money or beds of a project."""
    project = row.reads.project
    if project is None:
        return figures_of(row).get(year)
    money = {
        "projects_cost_wan": project.cost_wan,
        "projects_cost_in_period_wan": project.cost_in_period_wan,
    }
    return money.get(total.reads.indicator)


def figures_of(norm: Norm) -> Mapping[int, float]:
    """Give what a clause prints by year: the target where it has one, else the state."""
    state = dict(norm.reads.baseline)
    targets = {y: v for y, v in norm.reads.values.items() if not isinstance(v, tuple)}
    return {**state, **targets}


def _same_unit(part: Norm, whole: Norm) -> bool:
    one, other = part.indicator, whole.indicator
    return one is not None and other is not None and one.unit == other.unit


def _exceeds(whole: Norm, parts: Sequence[Norm], year: int, limit: float, found: float) -> Finding:
    names = "、".join(f"「{part.says.quote}」" for part in parts)
    return Finding(
        "part_and_whole",
        "high",
        f"{year}年：{parts[0].says.where}{names}为{number(found)}，"
        f"大于其所属的{whole.says.where}「{whole.says.quote}」{number(limit)}。",
        f"{year}: {parts[0].says.where} prints {number(found)} as part of"
        f" {number(limit)} ({whole.says.where}).",
        {"part": found, "whole": limit, "year": year},
        (quoted(parts[0].says), quoted(whole.says)),
        (*(part.id for part in parts), whole.id),
    )
