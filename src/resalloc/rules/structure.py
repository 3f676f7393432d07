"""What holds whatever the plan says: parts and wholes, rounding, crews and vehicles, time."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.problem.columns import Columns, Floats
from resalloc.problem.decisions import bed_steps
from resalloc.problem.rows import Links, stack
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resalloc.problem.problem import Problem

Entry = tuple[npt.NDArray[np.int64], Floats]
_MOST_CREWS, _MOST_VEHICLES, _MOST_BEDS = 20.0, 40.0, 20000.0


def structure_links(problem: Problem, columns: Columns) -> tuple[Links, ...]:
    """Give the links between decisions that no clause states.

    Beds of all kinds add up to the institution's total, which is a whole number of
    planning steps (fives, or fifties at hospitals); a cadre's parts stay within it;
    crews need a station and a vehicle each; an institution runs one fever clinic at
    most; nothing built is taken away in a later year.
    """
    links = [
        *_bed_links(problem, columns),
        *_staff_links(columns),
        *_ems_links(columns),
        _fever_links(columns),
        _fever_kept(problem, columns),
        *_supply_links(columns),
        *_time_links(problem, columns),
    ]
    return tuple(link for link in links if len(link.lo))


def _links(name: str, why: str, entries: Iterable[Entry], size: int, lo: float, hi: float) -> Links:
    rows = list(entries)
    count = len(rows)
    return Links(name, why, stack(rows, size), np.full(count, lo), np.full(count, hi))


def _bed_links(problem: Problem, columns: Columns) -> Iterable[Links]:
    """Beds add up, and an institution whose beds change plans them in whole steps.

    ::

        total = step × steps + (1 − moved) × today,   steps ≤ most × moved

    `moved` is free only where today's beds are no multiple of the step: such an
    institution may stay as it is, and is not rounded up for its own sake.
    """
    beds, total = columns["beds"], columns["beds_total"]
    steps, moved = columns["bed_steps"], columns["bed_moved"]
    step, sums, rounds, rests, most = bed_steps(problem), [], [], [], []
    for i, y in np.ndindex(total.shape):
        cells = beds.ids[i, :, y]
        whole = total.ids[i : i + 1, y]
        sums.append((np.concatenate([cells, whole]), np.append(np.ones(len(cells)), -1.0)))
        rest = total.today[i] if moved.lower[i] == 0 else 0.0
        ids = np.array([whole[0], steps.ids[i, y], moved.ids[i, y]])
        rounds.append((ids, np.array([1.0, -step[i], rest])))
        rests.append(rest)
        if rest:
            pair = np.array([steps.ids[i, y], moved.ids[i, y]])
            most.append((pair, np.array([1.0, -_MOST_BEDS / step[i]])))
    size = columns.size
    yield _links("bed_sum", "beds of all kinds add up to the institution's total", sums, size, 0, 0)
    yield Links(
        "bed_step",
        "beds that change are planned in whole steps (5, hospitals 50)",
        stack(rounds, size),
        np.array(rests),
        np.array(rests),
    )
    yield _links("bed_moved", "steps only where beds change", most, size, -np.inf, 0)


def _staff_links(columns: Columns) -> Iterable[Links]:
    staff, words = columns["staff"], vocabulary()
    labels = staff.along("cadre")
    entries: list[Entry] = []
    for whole in labels:
        parts = words.parts_of(whole)
        alone = [p for p in parts if not words.list("cadre")[p].extra.get("overlaps")]
        shared = [[p] for p in parts if words.list("cadre")[p].extra.get("overlaps")]
        for together in [alone, *shared] if alone else shared:
            where = [labels.index(p) for p in together]
            for i, y in np.ndindex(staff.shape[0], staff.shape[2]):
                cells = np.append(staff.ids[i, where, y], staff.ids[i, labels.index(whole), y])
                entries.append((cells, np.append(np.ones(len(where)), -1.0)))
    yield _links("cadre_parts", "a cadre's parts stay within it", entries, columns.size, -np.inf, 0)


def _ems_links(columns: Columns) -> Iterable[Links]:
    station, crewed = columns["station"].ids.reshape(-1), columns["crewed"].ids.reshape(-1)
    crews, vehicles = columns["crews"].ids.reshape(-1), columns["vehicles"].ids.reshape(-1)

    def at_most(
        name: str, why: str, small: npt.NDArray[np.int64], big: npt.NDArray[np.int64], times: float
    ) -> Links:
        pairs = [
            (np.array([a, b]), np.array([1.0, -times])) for a, b in zip(small, big, strict=True)
        ]
        return _links(name, why, pairs, columns.size, -np.inf, 0)

    yield at_most("crew_station", "a crew on duty needs a station", crewed, station, 1)
    yield at_most("crewed_crews", "a crewed station has a crew", crewed, crews, 1)
    yield at_most("crews_crewed", "crews are at crewed stations", crews, crewed, _MOST_CREWS)
    yield at_most("crews_vehicles", "every crew on duty has a vehicle", crews, vehicles, 1)
    yield at_most("station_vehicle", "every station has a vehicle", station, vehicles, 1)
    pairs = [
        (np.array([v, s]), np.array([1.0, -_MOST_VEHICLES]))
        for v, s in zip(vehicles, station, strict=True)
    ]
    there = np.nan_to_num(columns["vehicles"].by_year(columns["vehicles"].today))
    yield Links(
        "vehicle_station",
        "new vehicles stand at stations",
        stack(pairs, columns.size),
        np.full(len(pairs), -np.inf),
        there,
    )


def _fever_links(columns: Columns) -> Links:
    fever = columns["fever"]
    entries = [
        (fever.ids[i, :, y], np.ones(fever.shape[1]))
        for i, y in np.ndindex(fever.shape[0], fever.shape[2])
    ]
    return _links(
        "fever_tier",
        "an institution runs one fever clinic at most",
        entries,
        columns.size,
        -np.inf,
        1,
    )


def _fever_kept(problem: Problem, columns: Columns) -> Links:
    """Tiers run from the fullest to the simplest: what is there stays, or is made fuller."""
    fever = columns["fever"]
    entries: list[Entry] = []
    if not problem.options.shrink:
        for i, tier in np.argwhere((fever.today == 1) & (fever.upper > 0)):
            entries += [
                (fever.ids[i, : tier + 1, y], np.ones(tier + 1)) for y in range(fever.shape[2])
            ]
    why = "a fever clinic is not given up or made simpler"
    return _links("fever_kept", why, entries, columns.size, 1, np.inf)


def _supply_links(columns: Columns) -> Iterable[Links]:
    supply = columns["supply"]
    labels = supply.along("supply")
    entries: list[Entry] = []
    for item, entry in vocabulary().list("supply").items():
        whole = entry.extra.get("part_of")
        if whole:
            for t, y in np.ndindex(supply.shape[0], supply.shape[2]):
                pair = supply.ids[t, [labels.index(item), labels.index(whole)], y]
                entries.append((pair, np.array([1.0, -1.0])))
    yield _links(
        "supply_parts", "part of a supply stays within it", entries, columns.size, -np.inf, 0
    )


_KEPT = ("beds_total", "staff", "equipment", "supply", "station", "crewed", "crews", "vehicles")


def _time_links(problem: Problem, columns: Columns) -> Iterable[Links]:
    if problem.options.shrink or len(problem.years) < 2:
        return
    entries: list[Entry] = []
    for name in _KEPT:
        ids = columns[name].ids.reshape(-1, len(problem.years))
        for row in ids:
            entries += [
                (np.array([earlier, later]), np.array([1.0, -1.0]))
                for earlier, later in pairwise(row)
            ]
    yield _links(
        "keep", "what is there one year is there the next", entries, columns.size, -np.inf, 0
    )
