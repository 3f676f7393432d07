"""The tables of a district: their files, their columns and what a cell may hold.

One declaration per file. The reader checks against it, the writer follows it
and a test holds the guide ``docs/district_data.md`` to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Holds = Literal[
    "text", "number", "count", "whole", "percent", "longitude", "latitude", "yes_no", "year"
]

SERIES = (
    "residents",
    "children_0_14",
    "aged_65_plus",
    "urban_residents",
    "rural_residents",
    "smi_patients",
)
"""Numbers of people known by township and year."""

FLEET = ("vehicles", "crews")
"""What an ambulance service owns and keeps on duty."""

PLACE_CLASSES = ("urban", "rural")
"""城区 and 农村, as the service radius tells them apart."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Header in the file.
    holds
        What a cell is: ``count`` is a number that is not negative, ``whole`` one
        without a fraction, ``percent`` one from 0 to 100.
    needed
        The file must have the column.
    filled
        No cell of it may be empty; elsewhere an empty cell means *unknown*.
    words
        What the cell's word may be: the name of a closed list of
        ``data/kinds.toml``, or the words themselves.
    refers
        Table whose key the cell must repeat, e.g. ``townships``.
    """

    name: str
    holds: Holds = "text"
    needed: bool = False
    filled: bool = False
    words: str | tuple[str, ...] | None = None
    refers: str | None = None


@dataclass(frozen=True)
class Table:
    """One file of a district.

    Parameters
    ----------
    name
        Name of the table; the file is ``<name>.csv``.
    columns
        Its columns in the order they are written.
    key
        Columns that together name a row; no two rows may agree on all of them.
    needed
        The folder must have the file.
    more
        Further columns are allowed: kept where they are numbers by year
        (``population_2020``), refused where they look like a slip of a known
        name (``beds_planed``), left aside otherwise.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    needed: bool = False
    more: bool = False

    @property
    def file(self) -> str:
        """Name of the file."""
        return f"{self.name}.csv"

    def names(self) -> list[str]:
        """Give the names of the columns, in order."""
        return [column.name for column in self.columns]


def _key(
    name: str, refers: str | None = None, words: str | tuple[str, ...] | None = None
) -> Column:
    return Column(name, needed=True, filled=True, refers=refers, words=words)


_COUNT = Column("count", "whole", needed=True, filled=True)
_BASIS = Column("basis")
_TOWNSHIP = _key("township", refers="townships")
_PROVIDER = _key("institution", refers="providers")
_LON = Column("lon", "longitude", needed=True, filled=True)
_LAT = Column("lat", "latitude", needed=True, filled=True)

_INSTITUTION_COLUMNS = (
    _key("institution"),
    _key("kind", words="institution_kind"),
    Column("level", words="level"),
    Column("ownership", words="ownership"),
    _TOWNSHIP,
    Column("lon", "longitude"),
    Column("lat", "latitude"),
    Column("position_basis"),
    Column("beds_13fyp", "whole"),
    Column("beds_authorised", "whole"),
    Column("beds_actual", "whole"),
    Column("beds_planned", "whole"),
    Column("ems_station", "yes_no"),
    Column("fever_tier", words="fever_tier"),
    Column("source"),
)

_ALL = (
    Table(
        "townships",
        (
            _key("township"),
            Column("code"),
            _key("kind", words="township_kind"),
            _LON,
            _LAT,
            Column("population_group"),
            Column("share_0_14_2020", "percent"),
            Column("share_15_59_2020", "percent"),
            Column("share_60_plus_2020", "percent"),
            Column("share_65_plus_2020", "percent"),
            Column("n_village_committees", "whole"),
            Column("n_resident_committees", "whole"),
        ),
        key=("township",),
        needed=True,
        more=True,
    ),
    Table(
        "population",
        (
            _TOWNSHIP,
            Column("year", "year", needed=True, filled=True),
            _key("series", words=SERIES),
            Column("value", "count", needed=True, filled=True),
            _BASIS,
        ),
        key=("township", "year", "series"),
    ),
    Table("institutions", _INSTITUTION_COLUMNS, key=("institution",), needed=True, more=True),
    Table(
        "unlisted",
        (*_INSTITUTION_COLUMNS, Column("n_institutions", "whole"), _BASIS),
        key=("institution",),
        more=True,
    ),
    Table(
        "beds",
        (_PROVIDER, _key("kind", words="bed_kind"), _COUNT, _BASIS),
        key=("institution", "kind"),
    ),
    Table(
        "staff",
        (_PROVIDER, _key("cadre", words="cadre"), _COUNT, _BASIS),
        key=("institution", "cadre"),
    ),
    Table(
        "supply",
        (_TOWNSHIP, _key("item", words="supply"), _COUNT, _BASIS),
        key=("township", "item"),
    ),
    Table(
        "equipment",
        (_PROVIDER, _key("type", words="equipment"), _COUNT, _BASIS),
        key=("institution", "type"),
    ),
    Table(
        "fleet",
        (_PROVIDER, _key("item", words=FLEET), _COUNT, _BASIS),
        key=("institution", "item"),
    ),
    Table(
        "measures",
        (
            _key("indicator"),
            Column("year", "year", needed=True, filled=True),
            Column("value", "number", needed=True, filled=True),
            _BASIS,
            Column("source"),
            Column("clause"),
        ),
        key=("indicator", "clause", "year"),
    ),
    Table(
        "points",
        (
            _key("point"),
            _TOWNSHIP,
            _key("place_class", words=PLACE_CLASSES),
            _LON,
            _LAT,
            Column("share", "count", needed=True, filled=True),
            Column("label"),
            Column("seat", "yes_no"),
        ),
        key=("point",),
    ),
    Table(
        "sites",
        (
            _key("site"),
            Column("institution", refers="providers"),
            Column("township", refers="townships"),
            _LON,
            _LAT,
            Column("candidate", "yes_no"),
            Column("place_class", words=PLACE_CLASSES),
        ),
        key=("site",),
    ),
    Table(
        "candidates",
        (_key("site"), Column("township", refers="townships"), _LON, _LAT),
        key=("site",),
    ),
    Table(
        "travel",
        (
            _key("from"),
            _key("to"),
            Column("km", "count", needed=True, filled=True),
            Column("min", "count", needed=True, filled=True),
            Column("road_km", "count"),
        ),
        key=("from", "to"),
    ),
    Table(
        "neighbours",
        (_key("neighbour"), Column("county"), _LON, _LAT, Column("source")),
        key=("neighbour",),
    ),
    Table(
        "boundaries",
        (_TOWNSHIP, Column("wkt", needed=True, filled=True)),
        key=("township",),
    ),
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _ALL})
"""Every table by name, in the order they are read and written."""
