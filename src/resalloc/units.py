"""Units of indicators: a closed list, read from ``data/units.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from resalloc.paths import data_path, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Unit:
    """A unit of measure: value = `scale` × numerator / denominator.

    Parameters
    ----------
    id
        Name in the data files, e.g. ``beds_per_1000``.
    zh, en
        What is printed beside a figure.
    scale
        Factor from the plain quotient to the printed figure; 1000 for "per 1,000".
    """

    id: str
    zh: str
    en: str
    scale: float

    def label(self, lang: str) -> str:
        """Give the unit's name in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en


@cache
def units() -> Mapping[str, Unit]:
    """Give every known unit by its id.

    Examples
    --------
    >>> units()["percent"].scale
    100.0
    """
    table = read_toml(data_path("units.toml"))["unit"]
    return MappingProxyType(
        {
            key: Unit(key, entry["zh"], entry["en"], float(entry["scale"]))
            for key, entry in table.items()
        }
    )
