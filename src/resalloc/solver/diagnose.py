"""When the binding clauses cannot all hold: which, and how far each stays short."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.result.result import Conflict, OutOfReach
from resalloc.result.scorecard import TOLERANCE
from resalloc.rules.reach import catchments

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import NormRows, Rows


def conflicts(rows: Rows, x: Floats, hard: list[NormRows]) -> tuple[Conflict, ...]:
    """Name the binding clauses that `x`, the nearest miss, does not keep.

    Parameters
    ----------
    rows
        Compiled problem.
    x
        An allocation that keeps the links and comes as near to the binding clauses
        as possible (smallest worst share of target, then smallest mean).
    hard
        The binding clauses.

    Returns
    -------
    tuple of Conflict
        Each place and year that falls short, in the clause's own unit.
    """
    del rows
    found = []
    for block in hard:
        indicator = block.norm.indicator
        assert indicator is not None
        values, gaps = block.value(x), block.shortfall(x)
        for i in np.flatnonzero(gaps > TOLERANCE * np.maximum(1.0, np.abs(block.bound))):
            reach = indicator.rule == "reach"
            found.append(
                Conflict(
                    norm_id=block.norm.id,
                    indicator_zh=indicator.zh,
                    indicator_en=indicator.en,
                    place=block.places[i],
                    year=int(block.years[i]),
                    value=float(values[i]),
                    sense=block.sense[i],
                    target=float(block.bound[i]),
                    short_by=float(gaps[i]),
                    unit_zh="%（半径内居民）" if reach else indicator.units.zh,
                    unit_en="% of residents within the radius" if reach else indicator.units.en,
                    quote=block.norm.says.quote,
                    where=block.norm.says.where,
                )
            )
    return tuple(found)


def out_of_reach(rows: Rows) -> tuple[OutOfReach, ...]:
    """Name the places that no site of the district can reach within a clause's radius."""
    problem = rows.problem
    district, found = problem.district, []
    people = district.point_residents(problem.years[-1])
    labels = district.points["label"].tolist()
    homes = district.points["township"].tolist()
    for norm in problem.norms:
        indicator = norm.indicator
        if indicator is None or indicator.rule != "reach" or not norm.reads.values:
            continue
        radius = max(r for r in norm.reads.values.values() if isinstance(r, float))
        for point in catchments(norm, problem).beyond():
            distance = district.travel.distance_km[point]
            nearest = int(np.argmin(distance))
            found.append(
                OutOfReach(
                    norm_id=norm.id,
                    township=str(homes[point]),
                    point=str(labels[point]),
                    residents=float(people[point]),
                    nearest_km=float(distance[nearest]),
                    radius_km=radius,
                    nearest_site=str(district.sites.index[nearest]),
                )
            )
    return tuple(found)
