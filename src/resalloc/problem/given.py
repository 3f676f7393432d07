"""What a clause reads and nobody decides: people by series, township and year, and the number 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from resalloc.district.tables import SERIES

if TYPE_CHECKING:
    import pandas as pd

    from resalloc.problem.columns import Floats, Ints

NAMES = (*SERIES, "villages")
"""The series, in the order in which they are laid out."""


class Counted(Protocol):
    """Tells how many people of a series live in each township: a district, or lookups of it."""

    @property
    def townships(self) -> pd.DataFrame:
        """The townships, by name."""
        ...

    def series(self, name: str, year: int, /) -> Floats:
        """Give a series by township in a year; NaN where unknown."""
        ...


@dataclass(frozen=True)
class Given:
    """The given quantities of a problem, side by side in one vector.

    A clause's numerator and denominator are linear in them as they are in the columns, so
    that another population is another vector and not another compile.

    Parameters
    ----------
    townships
        Names, in the district's order.
    years
        The years of the problem.
    values
        Series (:data:`NAMES`) × townships × years, flat, then the number 1. NaN where unknown.
    """

    townships: tuple[str, ...]
    years: tuple[int, ...]
    values: Floats

    @classmethod
    def of(cls, district: Counted, years: tuple[int, ...]) -> Given:
        """Read the given quantities of a district."""
        parts = [district.series(name, year) for name in NAMES for year in years]
        table = np.array(parts).reshape(len(NAMES), len(years), len(district.townships))
        flat = np.swapaxes(table, 1, 2).reshape(-1)
        names = tuple(str(name) for name in district.townships.index)
        return cls(names, years, np.append(flat, 1.0))

    @property
    def size(self) -> int:
        """How many quantities, the number 1 among them."""
        return len(self.values)

    def ids(self, name: str, year: int) -> Ints:
        """Give the positions of a series in a year, one a township."""
        return positions(name, year, len(self.townships), self.years)

    def residents(self, year: int) -> Floats:
        """Give the residents by township in a year."""
        return np.asarray(self.values[self.ids("residents", year)])


def positions(name: str, year: int, townships: int, years: tuple[int, ...]) -> Ints:
    """Give where a series of a year stands in the vector, one position a township.

    Examples
    --------
    >>> positions("children_0_14", 2025, 3, (2024, 2025)).tolist()
    [7, 9, 11]
    """
    start = NAMES.index(name) * townships * len(years)
    return start + np.arange(townships) * len(years) + years.index(year)
