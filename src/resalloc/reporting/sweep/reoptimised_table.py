"""Tables of a re-optimisation's page: heads, rows, and what a cell shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resalloc.reporting.sweep.reoptimised_words import own_words
from resalloc.reporting.sweep.section import Section, filled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    text
        What it says.
    note
        In small letters below.
    number
        Whether it is a figure, set to the right.
    tone
        ``good``, ``bad`` or ``mark``; empty for plain.
    shade
        A colour behind it, as CSS has it.
    share
        Drawn as a bar, from 0 to 1, before the text.
    """

    text: str
    note: str = ""
    number: bool = False
    tone: str = ""
    shade: str = ""
    share: float | None = None


@dataclass(frozen=True)
class Table:
    """A table with its title.

    Parameters
    ----------
    title, note
        What stands above it.
    heads
        Words of the columns; a column of figures begins with ``#``.
    rows
        Cells or plain texts.
    folded
        Whether it opens at a click.
    """

    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    folded: bool = False


def number(text: str, note: str = "", **more: Any) -> Cell:
    """Give a cell with a figure."""
    return Cell(text, note, number=True, **more)


def tables_section(
    name: str,
    tables: Sequence[Table],
    lang: str,
    *,
    note: str | None = None,
    picture: Markup | None = None,
    caption: str = "",
    after: Sequence[str] = (),
) -> Section:
    """Make a section of tables, under the words ``reoptimised.NAME``; empty ones are left out."""
    own = own_words(lang)
    body = filled(
        "sweep_reoptimised_tables.html.j2", lang, picture=picture, caption=caption, after=after,
        tables=[table for table in tables if table.rows],
    )  # fmt: skip
    shown = own.get(f"{name}_note", "") if note is None else note
    return Section(name, own[name], shown, body)
