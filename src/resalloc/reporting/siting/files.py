"""The files of a siting answer: tables for a spreadsheet, the map, and a page to show."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from resalloc.reporting.siting.page import site_page
from resalloc.reporting.siting.tables import (
    as_dict,
    assignment_table,
    no_sites_table,
    sites_table,
)
from resalloc.reporting.siting.words import found

if TYPE_CHECKING:
    from resalloc.study.study import Study


NAMES = ("answer.json", "sites.csv", "assignment.csv", "map.svg", "map.png", "map.html")
"""Every file an answer may have."""


def save_study(study: Study, folder: Path, lang: str) -> dict[str, Path]:
    """Write a study's files into a folder, all of them or none.

    Parameters
    ----------
    study
        What was solved.
    folder
        Made if it is not there; files of the same names are replaced, and those that an
        earlier answer left there and this one has not, such as a map, are removed.
    lang
        ``"zh"`` or ``"en"``.

    Returns
    -------
    dict of str to pathlib.Path
        ``answer.json``, ``sites.csv``, ``assignment.csv``; and, where there are positions,
        ``map.svg``, ``map.png`` and ``map.html``.
    """
    names = list(NAMES[:3])
    with TemporaryDirectory() as draft:
        made = Path(draft)
        content = json.dumps(as_dict(study), ensure_ascii=False, indent=2, allow_nan=False)
        (made / "answer.json").write_text(content + "\n", encoding="utf-8")
        # With a byte order mark, without which Excel takes Chinese for another encoding.
        for name, table in (
            ("sites.csv", sites_table(study) if found(study) else no_sites_table(study, lang)),
            ("assignment.csv", assignment_table(study)),
        ):
            table.to_csv(
                made / name, index=False, float_format="%.10g", lineterminator="\n",
                encoding="utf-8-sig",
            )  # fmt: skip
        if study.has_positions:
            names += _pictures(study, made, lang)
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(made / name, folder / name)
        # A map of an earlier answer beside the tables of this one would be taken for its own.
        for name in NAMES:
            if name not in names and (folder / name).is_file():
                (folder / name).unlink()
    return {name: folder / name for name in names}


def _pictures(study: Study, folder: Path, lang: str) -> list[str]:
    import vl_convert

    from resalloc.reporting.siting.map import site_map_svg

    picture = site_map_svg(study, lang)
    (folder / "map.svg").write_text(picture, encoding="utf-8")
    (folder / "map.png").write_bytes(vl_convert.svg_to_png(picture, scale=1.5))
    (folder / "map.html").write_text(site_page(study, picture, lang), encoding="utf-8")
    return list(NAMES[3:])
