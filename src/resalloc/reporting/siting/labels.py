"""Names on a map, placed where they cover no symbol and no other name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_CELL = 64.0
_CHINESE = 0.4
"""Part of its characters from which a text is broken as Chinese."""


@dataclass(frozen=True)
class Label:
    """A name at its place: the anchor of its text, and which side of the symbol it stands."""

    text: str
    x: float
    y: float
    anchor: str
    size: float
    strong: bool


@dataclass(frozen=True)
class Wish:
    """A name to be placed beside a symbol at `x`, `y` that reaches `away` pixels."""

    text: str
    x: float
    y: float
    away: float
    size: float
    strong: bool


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is: Chinese characters are squares, Latin ones about half.

    Examples
    --------
    >>> text_width("铜梁", 10.0), text_width("ab", 10.0)
    (20.0, 10.6)
    """
    ems = sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.53 for c in text)
    return round(size * ems, 6)


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Break a text into lines of at most a width.

    At spaces; in a Chinese text between characters too, but not so as to begin a line with a
    comma. A few Chinese names in an English text stay whole.

    Examples
    --------
    >>> wrapped("one two three", 10.0, 45.0)
    ['one two', 'three']
    """
    lines, line = [], ""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    mostly = wide > _CHINESE * len(text)
    for piece in _pieces(text) if mostly else re.split(r"(?<= )", text):
        if line and text_width((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    pieces: list[str] = []
    word = ""
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            closing = character in "，。；：、）”》％"
            if closing and (word or not pieces):
                word += character
            elif closing:
                pieces[-1] += character
            else:
                if word:
                    pieces.append(word)
                    word = ""
                pieces.append(character)
        else:
            word += character
            if character == " ":
                pieces.append(word)
                word = ""
    return [*pieces, word] if word else pieces


class Board:
    """What is taken on a canvas, in boxes; names are placed one after the other."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._cells: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}

    def take(self, left: float, top: float, right: float, bottom: float) -> None:
        """Mark a box as taken."""
        for cell in self._covered(left, top, right, bottom):
            self._cells.setdefault(cell, []).append((left, top, right, bottom))

    def free(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Say whether a box lies on the canvas and meets no taken one."""
        if left < 0 or top < 0 or right > self.width or bottom > self.height:
            return False
        return not any(
            left < east and right > west and top < south and bottom > north
            for cell in self._covered(left, top, right, bottom)
            for west, north, east, south in self._cells.get(cell, ())
        )

    def place(self, wish: Wish) -> Label | None:
        """Place a name right of, left of, below or above its symbol; None where all is taken."""
        width, tall = text_width(wish.text, wish.size), wish.size
        gap = wish.away + 3
        diagonal = 0.75 * wish.away + 2
        for dx, dy, anchor in (
            (gap, 0.0, "start"),
            (-gap, 0.0, "end"),
            (0.0, gap + tall / 2, "middle"),
            (0.0, -gap - tall / 2, "middle"),
            (diagonal, diagonal + tall / 3, "start"),
            (diagonal, -diagonal - tall / 3, "start"),
            (-diagonal, diagonal + tall / 3, "end"),
            (-diagonal, -diagonal - tall / 3, "end"),
        ):
            x, y = wish.x + dx, wish.y + dy
            left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
            box = (left - 1, y - 0.55 * tall, left + width + 1, y + 0.6 * tall)
            if self.free(*box):
                self.take(*box)
                base = y + 0.36 * tall
                return Label(wish.text, round(x, 1), round(base, 1), anchor, wish.size, wish.strong)
        return None

    def place_all(self, wishes: Sequence[Wish]) -> list[Label]:
        """Place names in the order given; those that find no room are left out."""
        return [label for wish in wishes if (label := self.place(wish)) is not None]

    def _covered(
        self, left: float, top: float, right: float, bottom: float
    ) -> list[tuple[int, int]]:
        return [
            (i, j)
            for i in range(int(left // _CELL), int(right // _CELL) + 1)
            for j in range(int(top // _CELL), int(bottom // _CELL) + 1)
        ]
