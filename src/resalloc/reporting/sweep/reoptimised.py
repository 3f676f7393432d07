"""The page of a re-optimisation, and the files beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from resalloc.reporting.sweep.page import sweep_page
from resalloc.reporting.sweep.reoptimised_book import save_workbook
from resalloc.reporting.sweep.reoptimised_chosen import chosen_section
from resalloc.reporting.sweep.reoptimised_facts import Facts
from resalloc.reporting.sweep.reoptimised_futures import futures_section, varied_section
from resalloc.reporting.sweep.reoptimised_head import head_of, method_section
from resalloc.reporting.sweep.reoptimised_plan import plan_section
from resalloc.reporting.sweep.reoptimised_regret import compared_section
from resalloc.sweep.reoptimise.plain import as_dict

if TYPE_CHECKING:
    from resalloc.sampling.design import Design
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised

PAGE, DATA, BOOK = "sweep.html", "reoptimised.json", "reoptimised.xlsx"


def reoptimised_page(
    found: Reoptimised,
    lang: str = "zh",
    *,
    title: str = "",
    design: Design | None = None,
    time_limit_s: float | None = None,
) -> str:
    """Give the page of a re-optimisation; nothing on it is fetched.

    Parameters
    ----------
    found
        What came out.
    lang
        ``"zh"`` or ``"en"``.
    title
        What to call it; else the district's name.
    design
        How the futures were drawn, if that is known.
    time_limit_s
        Seconds a plan was given, to be told.
    """
    facts = Facts.of(found)
    sections = (
        chosen_section(facts, lang),
        futures_section(facts, lang),
        compared_section(facts, lang),
        plan_section(facts, lang),
        varied_section(facts, design, lang),
        method_section(facts, lang, time_limit_s),
    )
    head = head_of(facts, lang, title or found.problem.district.name)
    return sweep_page(head, [each for each in sections if each is not None], lang)


def write_reoptimised(
    found: Reoptimised,
    out: str | Path,
    lang: str = "zh",
    *,
    title: str = "",
    design: Design | None = None,
    time_limit_s: float | None = None,
) -> dict[str, Path]:
    """Write the page of a re-optimisation and what belongs to it into a folder.

    Parameters
    ----------
    found, lang, title, design, time_limit_s
        As for :func:`reoptimised_page`.
    out
        Folder, made if it is not there; files of the same names are replaced.

    Returns
    -------
    dict of str to pathlib.Path
        ``sweep.html``, ``reoptimised.json`` and ``reoptimised.xlsx``.
    """
    folder = Path(out)
    with TemporaryDirectory() as draft:
        made = Path(draft)
        page = reoptimised_page(
            found, lang, title=title, design=design, time_limit_s=time_limit_s
        )  # fmt: skip
        (made / PAGE).write_text(page, encoding="utf-8")
        data = json.dumps(as_dict(found, title=title), ensure_ascii=False, indent=1,
                          allow_nan=False)  # fmt: skip
        (made / DATA).write_text(data + "\n", encoding="utf-8")
        save_workbook(found, made / BOOK, lang)
        folder.mkdir(parents=True, exist_ok=True)
        for name in (PAGE, DATA, BOOK):
            shutil.copyfile(made / name, folder / name)
    return {name: folder / name for name in (PAGE, DATA, BOOK)}
