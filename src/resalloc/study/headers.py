"""How a user heads the columns of a table, and what they are here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.district.cell import Unusable, number

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

CHINESE = {
    "名称": "name", "经度": "lon", "纬度": "lat", "权重": "weight", "人口": "weight",
    "类别": "class", "容量": "capacity", "建设费用": "site_cost", "保留": "fixed",
    "不得设": "forbidden", "竞争者": "competitor", "吸引力": "attraction",
}  # fmt: skip
"""Columns as Chinese tables head them, and what they are here."""

_PEOPLE = frozenset({"people", "population", "residents", "pop", "人数", "常住人口", "户籍人口"})


def own_headers(
    header: Sequence[str], columns: Collection[str], weight: str | None = None
) -> dict[str, str]:
    """Give for each column of ours that a table has how the table heads it.

    Parameters
    ----------
    header
        Of the table.
    columns
        Ours that it may have.
    weight
        Column the user named as the weights.

    Examples
    --------
    >>> own_headers(["名称", "x", "y", "calls"], ["name", "x", "y", "weight"], "calls")
    {'weight': 'calls', 'x': 'x', 'y': 'y', 'name': '名称'}
    """
    found = {"weight": weight} if weight is not None and weight in header else {}
    for name in columns:
        if name in header and name not in found and name != weight:
            found[name] = name
    for chinese, name in CHINESE.items():
        if chinese in header and name in columns and name not in found and chinese != weight:
            found[name] = chinese
    return found


def like_people(raw: pd.DataFrame) -> tuple[str, ...]:
    """Give the columns of numbers that are headed as if they held people.

    Examples
    --------
    >>> import pandas as pd
    >>> like_people(pd.DataFrame({"name": ["A"], "people": ["120"], "population_2020": ["?"]}))
    ('people',)
    """

    def headed(name: str) -> bool:
        return name.lower() in _PEOPLE or name.lower().startswith(("population_", "residents_"))

    return tuple(
        name
        for name in map(str, raw.columns)
        if headed(name)
        and not any(isinstance(number(cell.strip()), Unusable) for cell in raw[name])
    )
