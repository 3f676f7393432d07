"""The files of a sweep's summary: page, plain data, workbook and maps."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from resalloc.reporting.sweep.factors import factor_in_words
from resalloc.reporting.sweep.frontier import frontier_section
from resalloc.reporting.sweep.maps import district_map, risk_maps, risk_section, risk_svg
from resalloc.reporting.sweep.method import measures_section, method_section, varied_section
from resalloc.reporting.sweep.page import head_of, sweep_page
from resalloc.reporting.sweep.passing import passing_section
from resalloc.reporting.sweep.tornado import tornado_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from resalloc.reporting.map import MapView
    from resalloc.reporting.sweep.section import Section
    from resalloc.sweep.summary.summary import SweepSummary

PAGE, DATA, BOOK = "sweep.html", "summary.json", "summary.xlsx"


def sections_of(
    summary: SweepSummary, drawn: MapView | None, lang: str, more: Sequence[Section] = ()
) -> list[Section]:
    """Give the sections of a summary's page, in order; `more` stand before the method."""
    found = [
        passing_section(summary, lang),
        tornado_section(summary, lang),
        frontier_section(summary, lang),
        risk_section(summary, drawn, lang),
        measures_section(summary, lang),
        *more,
        varied_section(summary, lang),
        method_section(summary, lang),
    ]
    return [each for each in found if each is not None]


def write_sweep_page(
    summary: SweepSummary, out: str | Path, lang: str = "zh", *, more: Sequence[Section] = ()
) -> dict[str, Path]:
    """Write the page of a sweep and what belongs to it into a folder.

    Parameters
    ----------
    summary
        What the sweep says.
    out
        Folder, made if it is not there; files of the same names are replaced, and maps of an
        earlier summary removed. A sweep's own data in it are left as they are.
    lang
        ``"zh"`` or ``"en"``.
    more
        Further sections, e.g. :func:`~resalloc.reporting.sweep.plans.regret_section`.

    Returns
    -------
    dict of str to pathlib.Path
        ``sweep.html``, ``summary.json``, ``summary.xlsx`` and ``risk-….svg`` and ``.png``.
    """
    import vl_convert

    folder = Path(out)
    maps = risk_maps(summary, lang)
    drawn = district_map(summary) if maps else None
    with TemporaryDirectory() as draft:
        made = Path(draft)
        page = sweep_page(head_of(summary, lang), sections_of(summary, drawn, lang, more), lang)
        (made / PAGE).write_text(page, encoding="utf-8")
        data = json.dumps(summary.as_dict(), ensure_ascii=False, indent=1, allow_nan=False)
        (made / DATA).write_text(data + "\n", encoding="utf-8")
        save_workbook(summary, made / BOOK, lang)
        for shown in maps:
            assert drawn is not None
            svg = risk_svg(summary, drawn, shown, lang)
            (made / f"{shown.file}.svg").write_text(svg, encoding="utf-8")
            (made / f"{shown.file}.png").write_bytes(vl_convert.svg_to_png(svg, scale=1.5))
        folder.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in made.iterdir())
        for old in [*folder.glob("risk-*.svg"), *folder.glob("risk-*.png")]:
            if old.name not in names:
                old.unlink()
        for name in names:
            shutil.copyfile(made / name, folder / name)
    return {name: folder / name for name in names}


_SHEETS = {
    "zh": ("条款", "不变条款", "因素", "敏感度", "取舍曲线", "乡镇风险", "逐地结果", "其他指标"),
    "en": ("clauses", "unchanged", "factors", "tornado", "frontier", "risk", "places", "measures"),
}


def save_workbook(summary: SweepSummary, path: Path, lang: str) -> None:
    """Write every table of a summary as a sheet; an empty cell is not known."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    problem = summary.problem
    factors = summary.factors.frame()
    said = [factor_in_words(varied, problem, lang) for varied in summary.factors.each]
    factors.insert(1, "name", said)
    tornado = summary.tornado.frame().dropna(subset="swing")
    frontier = None if summary.frontier is None else summary.frontier.frame()
    tables = (
        summary.frame(), summary.fixed_frame(), factors, tornado, frontier,
        summary.risk.by_township(), summary.risk.frame(), summary.measures_frame(),
    )  # fmt: skip
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new book has a sheet
    for title, table in zip(_SHEETS[lang], tables, strict=True):
        if table is None or table.empty:
            continue
        sheet = book.create_sheet(title)
        for row in _rows(table):
            sheet.append(row)
        for cells in sheet.iter_rows():
            for cell in cells:
                if cell.data_type == "f":  # no text is a formula
                    cell.data_type = "s"
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    book.save(path)


def _rows(table: pd.DataFrame) -> list[list[Any]]:
    rows: list[list[Any]] = [[str(column) for column in table.columns]]
    for record in table.itertuples(index=False):
        rows.append([_cell(value) for value in record])
    return rows


def _cell(value: Any) -> Any:
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (list, tuple)):
        return "–".join(map(str, value))
    return value
