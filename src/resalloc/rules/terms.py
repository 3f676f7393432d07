"""Terms: the words of an indicator's formula as coefficients on the columns.

A term is ``<block>[.<kind>][@<group>]``: ``beds``, ``beds.icu``,
``staff.physician@primary_care``, ``residents``, ``institutions@primary_care``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.errors import one_fault
from resalloc.problem.given import NAMES, positions
from resalloc.rules.scope import Lookups, Mask, Place, in_group
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.problem.columns import Block, Columns, Floats

_TERM = re.compile(r"^(\w+?)(?:\.(\w+))?(?:@(\w+))?$")
_SITE_BLOCKS = ("station", "crewed", "crews", "vehicles")


@dataclass(frozen=True)
class Sum:
    """A weighted sum of columns plus a weighted sum of what is given.

    `constant` is the second sum, `unknown` names what of it the district does not give.
    """

    columns: npt.NDArray[np.int64]
    coefficients: Floats
    constant: float = 0.0
    unknown: tuple[str, ...] = ()
    given: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    weights: Floats = field(default_factory=lambda: np.zeros(0))


def sum_of(
    terms: tuple[str, ...],
    columns: Columns,
    district: District | Lookups,
    place: Place,
    year: int,
) -> Sum:
    """Give a sum of terms at a place in a year.

    Parameters
    ----------
    terms
        Terms as in the module's docstring; none means the constant 1.
    columns
        The problem's columns.
    district
        Gives the series (residents, children …) and who is who; or lookups of it.
    place
        Whose beds, staff and people count.
    year
        The year.

    Returns
    -------
    Sum
        Coefficients are all 1: scale belongs to the unit.

    Raises
    ------
    InputError
        A term names no block, kind, series or group.
    """
    if not terms:
        return _constant(1.0, columns, district)
    parts = [_one(term, columns, district, place, year) for term in terms]
    return Sum(
        np.concatenate([part.columns for part in parts]),
        np.concatenate([part.coefficients for part in parts]),
        sum(part.constant for part in parts),
        tuple(word for part in parts for word in part.unknown),
        np.concatenate([part.given for part in parts]),
        np.concatenate([part.weights for part in parts]),
    )


def _one(term: str, columns: Columns, district: District | Lookups, place: Place, year: int) -> Sum:
    match = _TERM.match(term)
    if match is None:
        raise one_fault(f"term '{term}'", "cannot be read.", "Write <block>[.<kind>][@<group>].")
    name, kind, group = match.groups()
    providers = district.providers()
    who = place.institutions & (in_group(providers, group) if group else True)
    if name in {"institutions", "townships"}:
        count = who.sum() if name == "institutions" else place.townships.sum()
        return _constant(float(count), columns, district)
    if name in {"beds", "staff", "equipment", "fever"}:
        return _cells(_institution_cells(name, kind, columns, who, year, term))
    if name == "supply":
        block = columns["supply"]
        return _cells(_ids(block, year)[place.townships, _position(block, "supply", kind, term)])
    if name in _SITE_BLOCKS:
        owners = district.sites["institution"]
        here = np.asarray(owners.isin(providers.index[who]))
        if place.territory and not group:
            names = district.townships.index[place.townships]
            here = here | np.asarray(owners.isna() & district.sites["township"].isin(names))
        return _cells(_ids(columns[name], year)[here])
    values = district.series(name, year)
    total = float(values[place.townships].sum())
    given = positions(name, year, len(values), _years(columns))[place.townships]
    unknown = (name,) if np.isnan(total) else ()
    return _given(total, unknown, given, np.ones(len(given)))


def _institution_cells(
    name: str, kind: str | None, columns: Columns, who: Mask, year: int, term: str
) -> npt.NDArray[np.int64]:
    if name == "beds" and kind is None:
        return _ids(columns["beds_total"], year)[who]
    block = columns[name]
    axis = block.axes[1].name
    if kind is None:
        return _ids(block, year)[who].reshape(-1)
    sums = vocabulary().list("cadre_sum")
    kinds = sums[kind].extra["of"] if name == "staff" and kind in sums else [kind]
    where = [_position(block, axis, one, term) for one in kinds]
    return _ids(block, year)[who][:, where].reshape(-1)


def _ids(block: Block, year: int) -> npt.NDArray[np.int64]:
    return block.ids[..., block.years.index(year)]


def _position(block: Block, axis: str, kind: str | None, term: str) -> int:
    labels = block.along(axis)
    if kind not in labels:
        raise one_fault(
            f"term '{term}'",
            f"'{kind}' is not a kind of {block.name}.",
            f"Known are: {', '.join(labels)}.",
        )
    return labels.index(kind)


def _cells(ids: npt.NDArray[np.int64]) -> Sum:
    return Sum(ids, np.ones(len(ids)))


def _years(columns: Columns) -> tuple[int, ...]:
    return columns["beds_total"].years


def _constant(value: float, columns: Columns, district: District | Lookups) -> Sum:
    """Give a number that depends on nobody: so many times the last of what is given."""
    one = len(NAMES) * len(district.townships) * len(_years(columns))
    return _given(value, (), np.array([one]), np.array([value]))


def _given(
    total: float, unknown: tuple[str, ...], ids: npt.NDArray[np.int64], weights: Floats
) -> Sum:
    return Sum(np.zeros(0, dtype=np.int64), np.zeros(0), total, unknown, ids, weights)
