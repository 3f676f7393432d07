"""Names on a map, placed where they cover no symbol and no other name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Floats, Mask

_CELL = 64.0
_AWAY = (0.0, 12.0, 26.0, 44.0)
"""How far from its symbol, beyond the gap, the name of a site may stand, in pixels."""
_HIDDEN, _CROSSED, _FURTHER = 30.0, 5.0, 4.0
"""What it costs a place to hide a circle, to be crossed by a line, to be a step further away."""
_CHINESE = 0.4
"""Part of its characters from which a text is broken as Chinese."""


@dataclass(frozen=True)
class Label:
    """A name at its place: the anchor of its text, and which side of the symbol it stands.

    `leader` is a line from the symbol to a name that stands away from it.
    """

    text: str
    x: float
    y: float
    anchor: str
    size: float
    strong: bool
    leader: tuple[float, float, float, float] | None = None


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
        self._lines: Floats = np.empty((0, 4))
        self._circles: Floats = np.empty((0, 3))

    def avoid(self, lines: Floats, circles: Floats) -> None:
        """Say what names had better not lie on: lines (ends) and circles (middle, radius).

        A name of a site may, if there is no other place for it; others keep off the circles.
        """
        self._lines, self._circles = lines.reshape(-1, 4), circles.reshape(-1, 3)

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
        """Place a name where it hides least: beside its symbol, else a little away from it.

        None where all is taken.
        """
        width, tall = text_width(wish.text, wish.size), wish.size
        best: tuple[float, Label, tuple[float, float, float, float]] | None = None
        for away, further in enumerate(_AWAY if wish.strong else _AWAY[:1]):
            if best is not None and best[0] <= _FURTHER * away:
                break
            for turn, (dx, dy, anchor) in enumerate(_places(wish.away, tall, further)):
                x, y = wish.x + dx, wish.y + dy
                left = x - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
                box = (left - 1, y - 0.55 * tall, left + width + 1, y + 0.6 * tall)
                if not self.free(*box):
                    continue
                hidden = int(_touching(self._circles, box).sum())
                if hidden and not wish.strong:
                    continue
                crossed = int(_crossing(self._lines, box).sum())
                cost = _HIDDEN * hidden + _CROSSED * crossed + _FURTHER * away + 0.1 * turn
                if best is None or cost < best[0]:
                    leader = _leader(wish, box) if away else None
                    base = y + 0.36 * tall
                    spot = (round(x, 1), round(base, 1))
                    label = Label(wish.text, *spot, anchor, wish.size, wish.strong, leader)
                    best = (cost, label, box)
        if best is None:
            return None
        self.take(*best[2])
        return best[1]

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


def _places(reach: float, tall: float, further: float) -> list[tuple[float, float, str]]:
    gap, diagonal = reach + 3 + further, 0.75 * reach + 2 + 0.8 * further
    return [
        (gap, 0.0, "start"),
        (-gap, 0.0, "end"),
        (0.0, gap + tall / 2, "middle"),
        (0.0, -gap - tall / 2, "middle"),
        (diagonal, diagonal + tall / 3, "start"),
        (diagonal, -diagonal - tall / 3, "start"),
        (-diagonal, diagonal + tall / 3, "end"),
        (-diagonal, -diagonal - tall / 3, "end"),
    ]


def _leader(
    wish: Wish, box: tuple[float, float, float, float]
) -> tuple[float, float, float, float]:
    """Give the line from the edge of a symbol to the nearest spot of its name's box."""
    x = min(max(wish.x, box[0]), box[2])
    y = min(max(wish.y, box[1]), box[3])
    length = max(float(np.hypot(x - wish.x, y - wish.y)), 1e-9)
    part = min(wish.away / length, 1.0)
    from_x, from_y = wish.x + part * (x - wish.x), wish.y + part * (y - wish.y)
    return (round(from_x, 1), round(from_y, 1), round(x, 1), round(y, 1))


def _touching(circles: Floats, box: tuple[float, float, float, float]) -> Mask:
    """Say which circles (middle, radius) reach into a box."""
    left, top, right, bottom = box
    x, y = circles[:, 0], circles[:, 1]
    away = (x - np.clip(x, left, right)) ** 2 + (y - np.clip(y, top, bottom)) ** 2
    return np.asarray(away < circles[:, 2] ** 2)


def _crossing(lines: Floats, box: tuple[float, float, float, float]) -> Mask:
    """Say which lines (two ends each) pass through a box.

    Examples
    --------
    >>> lines = np.array([[0.0, 0.0, 10.0, 10.0], [0.0, 9.0, 3.0, 10.0]])
    >>> _crossing(lines, (4.0, 4.0, 8.0, 6.0)).tolist()
    [True, False]
    """
    if not len(lines):
        return np.zeros(0, dtype=bool)
    start, along = lines[:, :2], lines[:, 2:] - lines[:, :2]
    flat = np.abs(along) < 1e-9
    step = np.where(flat, 1.0, along)
    low = (np.array(box[:2]) - start) / step
    high = (np.array(box[2:]) - start) / step
    inside = (start >= np.array(box[:2])) & (start <= np.array(box[2:]))
    # A line that does not move along an axis is within the box there always or never.
    enter = np.where(flat, np.where(inside, -np.inf, np.inf), np.minimum(low, high)).max(axis=1)
    leave = np.where(flat, np.where(inside, np.inf, -np.inf), np.maximum(low, high)).min(axis=1)
    return np.asarray((enter <= leave) & (leave >= 0) & (enter <= 1))
