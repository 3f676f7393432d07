"""Clauses of a table: of figures, of projects, or of running text in cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resalloc.norms.draft.columns import headed, settled
from resalloc.norms.draft.projects import is_project_list, project_clauses
from resalloc.norms.draft.prose import clauses
from resalloc.norms.draft.rows import row_clauses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.draft.layout import Grid
    from resalloc.norms.draft.proposal import Clause


def table_clauses(grid: Grid, period: tuple[int, int], *, known: bool = True) -> Iterator[Clause]:
    """Give the clauses of a table, by its heading.

    Parameters
    ----------
    grid
        The table.
    period
        First and last year of the plan.
    known
        Whether the plan prints its years.

    Examples
    --------
    >>> from resalloc.norms.draft.layout import Grid
    >>> from resalloc.norms.draft.place import Place
    >>> grid = Grid((("序号", "任务", "时限"), ("4", "搬迁", "2024年底前完成整体搬迁。")),
    ...             Place().under("附件"))  # fmt: skip
    >>> [(clause.where, clause.values) for clause in table_clauses(grid, (2023, 2025))]
    [('附件 第4项', {2024: 1.0})]
    """
    if is_project_list(grid.rows[0]):
        yield from project_clauses(grid, period)
        return
    columns, heading = headed(grid.rows)
    columns = settled(columns, period, known=known)
    roles = {column.role for column in columns}
    if "name" in roles and roles & {"target", "state"}:
        yield from row_clauses(grid, columns, heading, period)
        return
    number = ""
    for row in grid.rows[heading:]:
        number = row[0] if re.fullmatch(r"\d{1,3}", row[0]) else number
        for cell in row:
            if len(cell) > 5:
                where = grid.place.row(number)
                yield from clauses(cell, where, period, past=grid.place.past)
