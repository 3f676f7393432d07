"""The workbook of a product sweep: its tables, a sheet each."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import pandas as pd

from resalloc.reporting.sweep.product_words import option_name, product_words

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.sweep.summary.product import ProductSummary

MOST = 10_000
"""Rows of a sheet: the first of a ranking; Parquet has all."""


def save_product_book(summary: ProductSummary, path: Path, lang: str) -> None:
    """Write every table of a summary as a sheet; an empty cell is not known."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    say = product_words(lang)
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new book has a sheet
    for key, table in _tables(summary, lang).items():
        if table.empty:
            continue
        sheet = book.create_sheet(say[f"b_{key}"])
        sheet.append([str(column) for column in table.columns])
        for record in table.head(MOST).itertuples(index=False):
            sheet.append([_cell(value) for value in record])
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":  # no text is a formula
                    cell.data_type = "s"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    book.save(path)


def _tables(summary: ProductSummary, lang: str) -> dict[str, pd.DataFrame]:
    def named(table: pd.DataFrame) -> pd.DataFrame:
        """Say beside the number of each option what is special about it."""
        own = table.head(MOST).copy()
        own.insert(1, "name", [
            option_name(summary, int(o), lang, number=False) for o in own["option"]
        ])  # fmt: skip
        return own

    regret = [
        named(found.table).assign(clause=found.clause).head(MOST // len(summary.regret))
        for found in summary.regret
    ]
    gaps = [column for column in summary.frame().columns if "gap" in column]
    return {
        "clauses": summary.frame().drop(columns=gaps),
        "variants": summary.whole.clauses(),
        "plans": named(summary.ranking),
        "pareto": named(summary.pareto),
        "regret": pd.concat(regret) if regret else pd.DataFrame(),
        "joint": _joint(summary),
        "levels": summary.levels,
        "sites": summary.sites,
        "fixed": summary.fixed_frame(),
    }


def _joint(summary: ProductSummary) -> pd.DataFrame:
    """Give by variant and population in how many plans all hold together."""
    return summary.whole.joint_populations().head(MOST)


def _cell(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return "–".join(map(str, value))
    return value
