"""Tables of a product's page, and the section they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.reporting.sweep.product_words import product_words
from resalloc.reporting.sweep.section import Section, filled

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Table:
    """A table of a section: heads with ``"n"`` for figures, and rows of texts."""

    heads: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[str]]
    note: str = ""
    title: str = ""
    folded: bool = False
    wide: bool = True


def tables_section(
    name: str, lang: str, tables: Sequence[Table], *, title: str = "", note: str | None = None,
    told: Sequence[str] = (), drawn: object = None,
) -> Section:  # fmt: skip
    """Make a section of paragraphs, a picture and tables; its words go by its name."""
    say = product_words(lang)
    body = filled(
        "sweep_product_tables.html.j2", lang, tables=tables, told=told, picture=drawn, zip=zip
    )
    shown = say.get(f"{name}_note", "") if note is None else note
    return Section(name, title or say[name], shown, body)
