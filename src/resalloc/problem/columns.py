"""The named columns of a problem: blocks of decisions, each with a year axis.

Every quantity the model decides (beds of a kind at an institution in a year …)
is one column. A block gives a family of them a name and axes; ``ids`` maps its
cells to positions in the one vector x that solver and scorer share.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Axis:
    """One axis of a block: its name and the labels along it."""

    name: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A family of columns.

    Parameters
    ----------
    name
        E.g. ``beds``.
    axes
        All axes but the year, which always comes last.
    years
        Labels of the year axis.
    today
        Value in the base year, shape of `axes`; NaN where it is not known.
    lower, upper
        Bounds, shape of `axes` (the same every year).
    integer
        Whole numbers only?
    derived
        Computed from other columns when scoring (covered residents, assignments)?
    start
        Position of the first column.
    """

    name: str
    axes: tuple[Axis, ...]
    years: tuple[int, ...]
    today: Floats
    lower: Floats
    upper: Floats
    integer: bool = True
    derived: bool = False
    start: int = 0

    @property
    def shape(self) -> tuple[int, ...]:
        """Lengths of all axes, the year last."""
        return (*(len(axis.labels) for axis in self.axes), len(self.years))

    @property
    def size(self) -> int:
        """How many columns."""
        return math.prod(self.shape)

    @property
    def ids(self) -> Ints:
        """Positions in x, shaped as the block."""
        return np.arange(self.start, self.start + self.size).reshape(self.shape)

    def along(self, name: str) -> tuple[str, ...]:
        """Give the labels of one axis."""
        return next(axis.labels for axis in self.axes if axis.name == name)

    def by_year(self, values: Floats) -> Floats:
        """Repeat per-cell values over the years, flat in column order."""
        return np.repeat(values.reshape(-1), len(self.years))

    def cell(self, position: int) -> tuple[str, ...]:
        """Give the labels of the column at `position` of x, the year last."""
        where = np.unravel_index(position - self.start, self.shape)
        labels = [axis.labels[i] for axis, i in zip(self.axes, where[:-1], strict=True)]
        return (*labels, str(self.years[int(where[-1])]))


@dataclass(frozen=True)
class Columns:
    """All blocks of a problem, side by side in one vector x."""

    blocks: Mapping[str, Block]

    @classmethod
    def of(cls, blocks: Iterable[Block]) -> Columns:
        """Lay blocks out one after the other."""
        placed: dict[str, Block] = {}
        start = 0
        for block in blocks:
            fields = {**block.__dict__, "start": start}
            placed[block.name] = Block(**fields)
            start += block.size
        return cls(MappingProxyType(placed))

    def __getitem__(self, name: str) -> Block:
        return self.blocks[name]

    def __contains__(self, name: str) -> bool:
        return name in self.blocks

    def __reduce__(self) -> tuple[object, ...]:
        return (Columns.of, (tuple(self.blocks.values()),))

    @property
    def size(self) -> int:
        """How many columns in all."""
        return sum(block.size for block in self.blocks.values())

    def _gather(self, what: str) -> Floats:
        parts = [block.by_year(getattr(block, what)) for block in self.blocks.values()]
        return np.concatenate(parts) if parts else np.zeros(0)

    @property
    def today(self) -> Floats:
        """Today's value of every column; NaN where it is not known."""
        return self._gather("today")

    @property
    def lower(self) -> Floats:
        """Lower bound of every column."""
        return self._gather("lower")

    @property
    def upper(self) -> Floats:
        """Upper bound of every column."""
        return self._gather("upper")

    @property
    def integer(self) -> npt.NDArray[np.bool_]:
        """Which columns take whole numbers only."""
        return np.concatenate([np.full(b.size, b.integer) for b in self.blocks.values()])

    def name(self, position: int) -> str:
        """Give a column's name for a reader, e.g. ``beds[铜梁区人民医院, icu, 2025]``."""
        for block in self.blocks.values():
            if block.start <= position < block.start + block.size:
                return f"{block.name}[{', '.join(block.cell(position))}]"
        message = f"no column {position}; there are {self.size}"
        raise IndexError(message)
