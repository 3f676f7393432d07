"""The measures of a sweep: numbers beside the clauses, by scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.travel import pace_of
from resalloc.errors import Fault, InputError, did_you_mean
from resalloc.location import access_2sfca
from resalloc.rules.effects import CLASSES
from resalloc.rules.response import minutes
from resalloc.scoring.measures.measure import MEASURES
from resalloc.scoring.measures.nearest_first import nearest_first
from resalloc.scoring.measures.situation import Situation
from resalloc.scoring.wiring import Wiring, width_of, wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from resalloc.problem.columns import Columns, Floats
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import Rows
    from resalloc.rules.effects import Effect
    from resalloc.scoring.measures.loop import Lists
    from resalloc.scoring.measures.measure import Measure
    from resalloc.scoring.quantities import Terms
    from resalloc.scoring.state import State

CATCHMENT = "access.catchment_min"
_GROUPS = ("response_min", "station_km", "township_beds", "access")
_PLACE = (
    "response_median_min", "response_p90_min", "response_worst_min", "station_worst_km",
    "gini_beds", "theil_beds", "gini_access", "access_mean", "access_least",
)  # fmt: skip
_HELD = 16_000_000
"""Bytes of people, ways and beds that are laid out at a time."""


@dataclass(frozen=True, eq=False)
class Measuring:
    """Some measures of a state, ready to be taken in many scenarios.

    Parameters
    ----------
    measures
        Which.
    wiring
        State and factors, with the sums of beds by township and by site.
    lists
        For each demand point the sites in reach, nearest first.
    speed
        For each factor, 1 by class where it changes the driving speed.
    reach_min
        How long a drive is in reach.
    """

    measures: tuple[Measure, ...]
    wiring: Wiring
    lists: Lists
    speed: npt.NDArray[np.bool_]
    reach_min: float

    @classmethod
    def of(
        cls, which: Sequence[str], rows: Rows, x: Floats, effects: Sequence[Effect]
    ) -> Measuring | None:
        """Make measures ready; None where none is asked for.

        Raises
        ------
        InputError
            There is no such measure, or the district lacks what it needs; all at once.
        """
        from resalloc.scoring.measures.loop import Lists

        if not which:
            return None
        measures = _chosen(which)
        problem, district = rows.problem, rows.problem.district
        reach = district.assumptions.value(CATCHMENT)
        pace = pace_of(district.travel, district.points, district.assumptions)
        found = nearest_first(pace.drive_min)
        townships, sites = _bed_sums(problem, rows.columns)
        wiring = wire(rows, x, effects, (), (), (*townships, *sites))
        speed = np.zeros((len(effects), len(CLASSES)), dtype=bool)
        for k, effect in enumerate(effects):
            if effect.factor.kind == "speed":
                speed[k, effect.ids] = True
        return cls(measures, wiring, Lists(found.start, found.site, found.away), speed, reach)

    def take(self, values: Floats) -> dict[str, Floats]:
        """Take the measures: one number a scenario each; NaN where it cannot be said."""
        ground, size = self.wiring.ground, len(values)
        each = 8 * (4 * len(ground.township) + 3 * len(ground.residents) + 2 * len(ground.station))
        step = max(1, _HELD // each)
        parts = [self._some(values[low : low + step]) for low in range(0, size, step)]
        found = np.concatenate(parts) if parts else np.empty((0, len(_PLACE)))
        return {m.id: found[:, _PLACE.index(m.id)].copy() for m in self.measures}

    def _some(self, values: Floats) -> Floats:
        from resalloc.scoring.kernels import lay_out
        from resalloc.scoring.measures.loop import Laid, take_each

        ground, size = self.wiring.ground, len(values)
        n, t = len(ground.township), len(ground.residents)
        sums, residents = np.empty((size, width_of(self.wiring))), np.empty((size, t))
        near, maybe, late = np.empty((size, n)), np.empty((size, n)), np.empty((size, n))
        lay_out(self.wiring, values, sums, residents, near, maybe, late)
        near[(maybe < near) | np.isinf(near)] = np.nan
        beds = sums[:, self.wiring.extra]
        factor = np.ones((size, len(CLASSES) + 1))
        for k, changed in enumerate(self.speed):
            factor[:, :-1][:, changed] *= values[:, k : k + 1]
        laid = Laid(
            residents[:, ground.township] * ground.share, residents, near, late,
            np.ascontiguousarray(beds[:, :t]), np.ascontiguousarray(beds[:, t:]),
            self.reach_min * factor[:, ground.place_class],
        )  # fmt: skip
        wanted = np.array([any(g in m.needs for m in self.measures) for g in _GROUPS], np.int64)
        found = np.full((size, len(_PLACE)), np.nan)
        take_each(laid, self.lists, wanted, found)
        return found


def situation(state: State) -> Situation:
    """Give what the measures of one state are taken from, worked out by itself.

    Beds within reach are those of institutions that are ambulance sites, by their driving
    times: the only ones it is known how long the drive is to.
    """
    problem, district, year = state.problem, state.problem.district, state.year
    columns, x = state.columns, state.x
    people = district.point_residents(year)
    residents = district.series("residents", year)
    station, crewed = (x[columns[name].ids[:, 0]] for name in ("station", "crewed"))
    townships, sites = _bed_sums(problem, columns)
    beds, supply = (
        np.array([sum(x[i] * w for i, w in terms) for terms in sums]) for sums in (townships, sites)
    )
    late = np.full(len(people), np.nan)
    if not np.isnan(crewed).any():
        late = np.where(crewed > 0.5, minutes(problem), np.inf).min(axis=1, initial=np.inf)
        late[np.isinf(late)] = np.nan
    km = district.travel.distance_km
    near, maybe = (
        np.where(open_, km, np.inf).min(axis=1, initial=np.inf)
        for open_ in (station > 0.5, np.isnan(station))
    )
    near = np.where((maybe < near) | np.isinf(near), np.nan, near)
    access = np.full(len(people), np.nan)
    if not (np.isnan(supply).any() or np.isnan(people).any()):
        catchment = district.assumptions.value(CATCHMENT)
        drive = pace_of(district.travel, district.points, district.assumptions).drive_min
        access = access_2sfca(drive, supply, people, radius=catchment).access
    return Situation(people, residents, late, near, access, beds)


def _chosen(which: Sequence[str]) -> tuple[Measure, ...]:
    faults = []
    for name in which:
        if name not in MEASURES:
            what = "there is no such measure."
            faults.append(Fault(f"measure '{name}'", what, did_you_mean(name, MEASURES)))
        elif name not in _PLACE:
            what = "it needs the townships' areas, which a district does not give."
            faults.append(Fault(f"measure '{name}'", what, "Leave it out."))
    if faults:
        raise InputError(faults)
    return tuple(measure for name, measure in MEASURES.items() if name in which)


def _bed_sums(problem: Problem, columns: Columns) -> tuple[list[Terms], list[Terms]]:
    """Give the columns of the beds of each township, and of each site's institution."""
    providers, district = problem.district.providers(), problem.district
    ids = columns["beds_total"].ids[:, 0]
    home = providers["township"].to_numpy()
    at = {name: int(i) for name, i in zip(providers.index, ids, strict=True)}
    townships: list[Terms] = [
        tuple((int(i), 1.0) for i in ids[home == name]) for name in district.townships.index
    ]
    sites: list[Terms] = [
        ((at[owner], 1.0),) if owner in at else () for owner in district.sites["institution"]
    ]
    return townships, sites
