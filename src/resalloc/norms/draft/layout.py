"""The text cut into paragraphs and tables, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.norms.draft.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

_CELL = re.compile(r"^( *)\t")


@dataclass(frozen=True)
class Paragraph:
    """One line of running text."""

    text: str
    place: Place


@dataclass(frozen=True)
class Grid:
    """A table: rows of cells, and the lines just above it.

    Parameters
    ----------
    rows
        Cells without the space around them; the lines of a cell are joined.
    place
        Where the table stands.
    above
        The two lines before it, for its title and unit.
    """

    rows: tuple[tuple[str, ...], ...]
    place: Place
    above: str = ""


def blocks(text: str) -> Iterator[Paragraph | Grid]:
    r"""Cut a text into paragraphs and tables.

    A line that starts with a tab is a cell; an empty line ends a row; a line without a tab
    goes on with the cell before it.

    Examples
    --------
    >>> one, two = blocks("一、目标\n\t序号\n\t2025年\n目标\n\n\t1\n\t5\n\n")
    >>> one.text, two.rows, str(two.place)
    ('一、目标', (('序号', '2025年目标'), ('1', '5')), '一')
    """
    place, above = Place(), ["", ""]
    rows: list[list[str]] = []
    open_row = False
    for line in text.removeprefix("\ufeff").splitlines():
        cell = _CELL.match(line)
        if cell:
            if not open_row or cell[1]:
                rows.append([])
            rows[-1].append(line.strip())
            open_row = True
        elif not line.strip():
            open_row = False
        elif open_row:
            rows[-1][-1] += line.strip()
        else:
            if rows:
                yield from _table(rows, place, above)
                place = place.after_table() if _many(rows) else place
                rows = []
            place = place.under(line)
            above = [above[-1], line.strip()]
            yield Paragraph(line.strip(), place)
    if rows:
        yield from _table(rows, place, above)


def _many(rows: list[list[str]]) -> bool:
    return max(len(row) for row in rows) > 1


def _table(rows: list[list[str]], place: Place, above: list[str]) -> Iterator[Paragraph | Grid]:
    """Give a table, or the paragraphs of a frame of one cell."""
    if _many(rows):
        yield Grid(tuple(tuple(row) for row in rows if any(row)), place, " ".join(above))
        return
    for row in rows:
        yield Paragraph(row[0], place)
