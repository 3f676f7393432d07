"""The workbook of a re-optimisation: every table whole."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from resalloc.sweep.reoptimise.plain import plan_frame

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from resalloc.sweep.reoptimise.reoptimised import Reoptimised

_SHEETS = {
    "zh": ("情形", "求解证明", "选择", "方案比较", "逐情形比较", "推荐方案", "平均最优方案"),
    "en": ("futures", "proofs", "choices", "plans", "judged", "recommended", "best on average"),
}


def save_workbook(found: Reoptimised, path: Path, lang: str) -> None:
    """Write every table as a sheet; an empty cell is not known, ∞ cannot be said to be less."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new book has a sheet
    for title, table in zip(_SHEETS[lang], _tables(found, lang), strict=True):
        if table is None or table.empty:
            continue
        sheet = book.create_sheet(title)
        sheet.append([str(column) for column in table.columns])
        for record in table.itertuples(index=False):
            sheet.append([_cell(value) for value in record])
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":  # no text is a formula
                    cell.data_type = "s"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    book.save(path)


def _tables(found: Reoptimised, lang: str) -> tuple[pd.DataFrame | None, ...]:
    regret = found.regret
    first = (
        found.frame().drop(columns="seconds"),
        found.phase_frame(),
        found.choice_frame(lang),
    )
    if regret is None:
        return (*first, None, None, None, None)
    other = regret.best_expected != regret.minimax
    return (
        *first,
        regret.plan_frame(),
        regret.frame(),
        plan_frame(found, regret.minimax),
        plan_frame(found, regret.best_expected) if other else None,
    )


def _cell(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else "∞" if value > 0 else None
    return value
