"""What a user asks of a location model, in the words of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from resalloc.district.cell import Unusable, number
from resalloc.errors import Fault

if TYPE_CHECKING:
    from pathlib import Path

ByClass = float | Mapping[str, float]
"""One number for all points, or one for each class of points."""


@dataclass(frozen=True)
class Request:
    """One model, the tables it reads, and its numbers; None where nothing was given.

    Parameters
    ----------
    model
        Name as on the command line, e.g. ``"p-median"``.
    points
        CSV of demand points; see :mod:`resalloc.study.tables`.
    sites
        CSV of possible sites; else every point is one.
    matrix
        CSV of travel, in place of coordinates; `cost_column` names the column of a long
        one, and `unit` what its figures are.
    weight
        Column of `points` that holds the people.
    xy_unit
        Unit of ``x`` and ``y``: ``"m"`` or ``"km"``.
    speed, detour
        Minutes instead of kilometres: km/h, for all or by class; road over straight line.
    p, radius, share, mean_cap, capacity, budget
        As the models take them.
    travel_cost
        What one person's kilometre (or minute) costs, in the unit of the sites' costs.
    exponent, smallest
        Of the market share: how fast the pull falls with the way; ways below count as this.
    at_least
        Open sites each point must have within its radius.
    lexicographic
        Of the centre: how many of the farthest are brought near, one after the other.
    backup
        Of the smallest covers, one that covers the most people twice.
    split
        Demand of one point may be divided among sites.
    fixed, forbidden
        Names of sites, besides those marked in the tables.
    time_limit_s, gap
        When to stop.
    title
        Of the map; else the name of the file of points.
    """

    model: str
    points: Path
    sites: Path | None = None
    matrix: Path | None = None
    cost_column: str | None = None
    unit: str | None = None
    weight: str | None = None
    xy_unit: str | None = None
    speed: ByClass | None = None
    detour: float | None = None
    p: int | None = None
    radius: ByClass | None = None
    share: float | None = None
    mean_cap: float | None = None
    capacity: float | None = None
    budget: float | None = None
    travel_cost: float | None = None
    exponent: float | None = None
    smallest: float | None = None
    at_least: int | None = None
    lexicographic: int | None = None
    backup: bool = False
    split: bool = False
    fixed: tuple[str, ...] = field(default=())
    forbidden: tuple[str, ...] = field(default=())
    time_limit_s: float | None = None
    gap: float | None = None
    title: str | None = None


def by_class(option: str, text: str) -> tuple[ByClass | None, list[Fault]]:
    """Read ``3.5`` or ``urban=3.5,rural=10``, with the faults found.

    Examples
    --------
    >>> by_class("--radius", "3.5")[0], by_class("--radius", "urban=3.5, rural=10")[0]
    (3.5, {'urban': 3.5, 'rural': 10.0})
    >>> print(by_class("--radius", "urban=far")[1][0])
    --radius, urban: 'far' is not a number. Write plain digits.
    """
    parts = words(text)
    example = f"Write {option} 3.5, or {option} urban=3.5,rural=10."
    if len(parts) == 1 and "=" not in parts[0]:
        value, faults = _amount(option, parts[0])
        return value, faults
    found: dict[str, float] = {}
    faults = [] if parts else [Fault(option, "is empty.", example)]
    for part in parts:
        name, sign, figure = (piece.strip() for piece in part.partition("="))
        if not sign or not name:
            faults.append(Fault(option, f"'{part}' is not CLASS=NUMBER.", example))
        elif name in found:
            faults.append(Fault(option, f"'{name}' stands twice.", "Keep one."))
        else:
            value, wrong = _amount(f"{option}, {name}", figure)
            found[name] = 0.0 if value is None else value
            faults += wrong
    return (None if faults else found), faults


def words(text: str) -> list[str]:
    """Split names or parts at commas, full-width ones and 、 too.

    Examples
    --------
    >>> words("甲镇，乙镇、 丙镇,")
    ['甲镇', '乙镇', '丙镇']
    """
    plain = text.replace("，", ",").replace("、", ",")
    return [word.strip() for word in plain.split(",") if word.strip()]


def _amount(where: str, text: str) -> tuple[float | None, list[Fault]]:
    value = number(text)
    if isinstance(value, Unusable):
        # The words are those for a cell of a table, which may be empty; an option may not.
        remedy = value.remedy.replace(", or leave the cell empty", "")
        return None, [Fault(where, value.what, remedy.replace("Leave the cell empty: ", ""))]
    if not value > 0:
        what = "is empty." if value != value else f"is {value:g}."
        return None, [Fault(where, what, "Give a number above 0.")]
    return value, []
