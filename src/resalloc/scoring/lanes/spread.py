"""Demand points in lanes: service radii and response times, and the townships that miss them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.compiled import compiled_ieee
from resalloc.result.scorecard import TOLERANCE
from resalloc.rules.reach import EDGE_KM
from resalloc.scoring.lanes.ways import (
    arrive,
    crews_are_stations,
    driven,
    first_of_both,
    first_open,
    unsure,
)
from resalloc.scoring.wiring import REACH, WANTS_KM, WANTS_MIN

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.ground import Ground
    from resalloc.scoring.lanes.block import Lanes
    from resalloc.scoring.wiring import Clauses


class Ways(NamedTuple):
    """A demand point: ways to its nearest station, possible one and crew, its people.

    One number a lane each; `lost` are the people whom a radius misses. `worst` is the longest of
    the crews' ways so far to anybody, `unsaid` 0, or NaN where one of them is not known.
    """

    near: Floats
    maybe: Floats
    late: Floats
    people: Floats
    lost: Floats
    worst: Floats
    unsaid: Floats


class Added(NamedTuple):
    """Sums of the clauses that speak of demand points, clauses × lanes.

    `above` and `below` are of the whole district. `there` and `people` are of the township at
    hand: people beyond the radius, or people's minutes, and people.
    """

    above: Floats
    below: Floats
    there: Floats
    people: Floats


@compiled_ieee
def _reach(
    edge: Floats, people: Floats, near: Floats, maybe: Floats, doubt: bool, lost: Floats,
    missed: Floats,
) -> None:  # fmt: skip
    """Add a point's people to those beyond a service radius; NaN where that is not known."""
    for lane in range(len(people)):
        lost[lane] = 0.0 if near[lane] <= edge[lane] else people[lane]
    if doubt:
        for lane in range(len(people)):
            within = (maybe[lane] <= edge[lane]) & (near[lane] > edge[lane])
            lost[lane] = np.nan if within else lost[lane]
    for lane in range(len(people)):
        missed[lane] += lost[lane]


@compiled_ieee
def _count_reach(
    missed: Floats, here: Floats, above: Floats, below: Floats, real: int
) -> tuple[int, int]:
    """Close a township: add it up, and count where that is known and where someone is missed."""
    some, bad = 0, 0
    for lane in range(real):
        some += missed[lane] >= 0.0
    for lane in range(real):
        bad += missed[lane] > 0.0
    for lane in range(len(here)):
        above[lane] += here[lane] - missed[lane]
    for lane in range(len(here)):
        below[lane] += here[lane]
    return some, bad


@compiled_ieee
def _count_response(
    spent: Floats, here: Floats, above: Floats, below: Floats, bound: Floats, real: int
) -> tuple[int, int]:
    """Close a township: add it up, and count where its mean is known and where it is over."""
    some, bad = 0, 0
    for lane in range(real):
        some += spent[lane] / here[lane] >= 0.0
    for lane in range(real):
        size = abs(bound[lane])
        limit = bound[lane] + TOLERANCE * (size if size > 1.0 else 1.0)
        bad += spent[lane] / here[lane] > limit
    for lane in range(len(here)):
        above[lane] += spent[lane]
    for lane in range(len(here)):
        below[lane] += here[lane]
    return some, bad


@compiled_ieee
def _settle(share: float, amounts: Floats, at: int, people: Floats) -> None:
    """Give the residents of a demand point: its share of the township's."""
    for lane in range(len(people)):
        people[lane] = share * amounts[at, lane]


@compiled_ieee
def _wait(people: Floats, late: Floats, spent: Floats) -> None:
    """Add a point's minutes from the call to the nearest crew."""
    for lane in range(len(people)):
        spent[lane] += people[lane] * late[lane]


@compiled_ieee
def _longest(people: Floats, late: Floats, worst: Floats, unsaid: Floats) -> None:
    """Keep the longest way of a crew to anybody."""
    for lane in range(len(people)):
        own = late[lane] if people[lane] > 0.0 else -np.inf
        worst[lane] = own if own > worst[lane] else worst[lane]
    for lane in range(len(people)):
        unsaid[lane] += (late[lane] + people[lane]) * 0.0


@compiled_ieee
def _add_to(total: Floats, part: Floats) -> None:
    for lane in range(len(total)):
        total[lane] += part[lane]


@compiled_ieee
def spread(
    ground: Ground, clauses: Clauses, lanes: Lanes, real: int, ways: Ways, added: Added,
    fails: Ints, known: Ints,
) -> None:  # fmt: skip
    """Go through the demand points, township by township, for every radius and response.

    What is called for each point gets plain arrays: a tuple of many costs more than the work.
    """
    amounts, sites, target = lanes.amounts, lanes.sites, lanes.target
    near, maybe, late, people, lost, worst, unsaid = ways
    above, below, there, here = added
    rule, place, wants = clauses.rule, clauses.place, clauses.wants
    of, of_start, town_of, town_start = (
        clauses.of, clauses.of_start, clauses.town_of, clauses.town_start,
    )  # fmt: skip
    km, km_order, drive, floor, min_order = (
        ground.km, ground.km_order, ground.drive, ground.floor, ground.min_order,
    )  # fmt: skip
    share, residents, points = ground.share, ground.residents, ground.town_points
    start, place_class, steady = ground.town_start, ground.place_class, ground.steady
    doubt, told = unsure(sites, 1) != 0, unsure(sites, 3)
    both = ground.one_order and steady and crews_are_stations(sites)
    above[:] = 0.0
    below[:] = 0.0
    maybe[:] = np.inf
    worst[:] = -np.inf
    unsaid[:] = 0.0
    edges, wait, pace = target + EDGE_KM, lanes.before[0] + lanes.before[1], lanes.pace
    for t in range(len(residents)):
        for q in range(town_start[t], town_start[t + 1]):
            there[town_of[q]] = 0.0
            here[town_of[q]] = 0.0
        for p in range(start[t], start[t + 1]):
            i = points[p]
            _settle(share[i], amounts, residents[t], people)
            once = both and wants[i] == WANTS_KM | WANTS_MIN
            if once:
                first_of_both(km_order, km, drive, i, sites, near, late)
            elif wants[i] & WANTS_KM:
                first_open(km_order, km, i, sites, 0, near)
            if doubt and wants[i] & WANTS_KM:
                first_open(km_order, km, i, sites, 1, maybe)
            if wants[i] & WANTS_MIN:
                if steady:
                    if not once:
                        first_open(min_order, drive, i, sites, 2, late)
                    arrive(floor[i, 0], pace[place_class[i]], wait, told, late)
                else:
                    driven(min_order, drive, floor, i, sites, pace[place_class[i]], late)
                    arrive(0.0, pace[3], wait, told, late)
            if wants[i] & WANTS_MIN:
                _longest(people, late, worst, unsaid)
            for q in range(of_start[i], of_start[i + 1]):
                c = of[q]
                _add_to(here[c], people)
                if rule[c] == REACH:
                    _reach(edges[c], people, near, maybe, doubt, lost, there[c])
                else:
                    _wait(people, late, there[c])
        for q in range(town_start[t], town_start[t + 1]):
            c = town_of[q]
            if rule[c] == REACH:
                some, bad = _count_reach(there[c], here[c], above[c], below[c], real)
            else:
                some, bad = _count_response(there[c], here[c], above[c], below[c], target[c], real)
            known[place[c] + t] += some
            fails[place[c] + t] += bad
