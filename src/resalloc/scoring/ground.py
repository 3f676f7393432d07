"""The ground of a district: demand points, sites, and each point's sites from the nearest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.district.travel import pace_of
from resalloc.rules.effects import BEFORE, CLASSES

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.rows import Rows
    from resalloc.scoring.quantities import Quantities


class Ground(NamedTuple):
    """Who lives where, and how far it is to each site.

    `residents` are the quantities that hold each township's people, `town_points` its points,
    township after township; `station` and `crewed` are
    today's, NaN where not known, and the three ``*_at`` where rows read them (−1: nowhere).
    `km_order` and `min_order` list each point's sites from the nearest on; `km`, `drive` and
    `floor` are in that order. `steady` is false where speed may change the order of minutes,
    `one_order` is true where both orders are one.
    """

    township: Ints
    share: Floats
    residents: Ints
    town_start: Ints
    town_points: Ints
    place_class: Ints
    km: Floats
    km_order: Ints
    drive: Floats
    floor: Floats
    min_order: Ints
    before: Floats
    station: Floats
    crewed: Floats
    station_at: Ints
    crewed_at: Ints
    crews_at: Ints
    steady: bool
    one_order: bool


def lay_ground(rows: Rows, x: Floats, found: Quantities) -> Ground:
    """Lay out the demand points and sites of a problem of one year.

    Parameters
    ----------
    rows
        The compiled problem.
    x
        Values of its columns.
    found
        Where residents and sites stand among the quantities.
    """
    problem, columns = rows.problem, rows.columns
    district = problem.district
    points, given = district.points, district.assumptions
    where = {name: i for i, name in enumerate(district.townships.index)}
    number = {name: i for i, name in enumerate(CLASSES)}
    km = district.travel.distance_km
    by_km = np.argsort(km, axis=1, kind="stable")
    pace = pace_of(district.travel, points, given)
    by_min = np.argsort(pace.drive_min, axis=1, kind="stable")
    drive, floor = (np.take_along_axis(a, by_min, axis=1) for a in (pace.drive_min, pace.floor_min))
    home = np.array([where[name] for name in points["township"]], dtype=np.int64)
    counts = np.bincount(home, minlength=len(where))
    return Ground(
        home,
        points["share"].to_numpy(dtype=float).copy(),
        found.residents,
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
        np.argsort(home, kind="stable").astype(np.int64),
        np.array([number.get(name, len(number)) for name in points["place_class"]], dtype=np.int64),
        np.take_along_axis(km, by_km, axis=1),
        by_km.astype(np.int64),
        drive,
        floor,
        by_min.astype(np.int64),
        np.array([given.value(key) for key in BEFORE]),
        x[columns["station"].ids[:, 0]],
        x[columns["crewed"].ids[:, 0]],
        *found.sites,
        bool((floor == floor[:, :1]).all()) if floor.size else True,
        bool((by_km == by_min).all()),
    )
