"""The compiled loop over scenarios: each clause's worst place, by the rules of the single audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.compiled import compiled_ieee
from resalloc.result.scorecard import TOLERANCE
from resalloc.rules.reach import EDGE_KM, EVERYONE
from resalloc.scoring.lanes import LANES, first_open, lanes_of, lay, unsure, way_by_crew
from resalloc.scoring.wiring import RATIO, REACH, WANTS_KM, WANTS_MIN

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.lanes import Lanes
    from resalloc.scoring.wiring import Clauses, Lines, Wiring

    Small = npt.NDArray[np.int8]

MET, SHORT, OVER, UNKNOWN = 0, 1, 2, 3
"""Verdicts, by number: ``met``, ``short``, ``over`` and ``not_computable``."""
_AT_LEAST, _AT_MOST = 0, 1


class Ways(NamedTuple):
    """A point's ways, one number a lane: to the nearest open station, possible one, crew."""

    near: Floats
    maybe: Floats
    late: Floats


class Row(NamedTuple):
    """What a row of a clause comes to, one number a lane; `told` is the verdict."""

    value: Floats
    gap: Floats
    share: Floats
    tight: Floats
    told: Ints


class Scratch(NamedTuple):
    """Scratch arrays for the rows of a clause, one number a lane."""

    row: Row
    worst: Row
    bound: Floats
    measured: Ints
    everyone: Floats


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
def _measure(
    sense: int, scale: float, above: Floats, below: Floats, bound: Floats, row: Row
) -> None:
    """Give a row's value, gap and verdict in each lane.

    Nothing to measure (0 / 0) has no value and falls short by nothing; a gap that is not known
    is NaN. `share` is the gap as a share of the bound, `tight` how much is wanting to it.
    """
    value, gap, share, tight, told = row
    for lane in range(len(value)):
        value[lane] = scale * above[lane] / below[lane]
    if sense == _AT_LEAST:
        for lane in range(len(value)):
            tight[lane] = bound[lane] - value[lane]
    else:
        for lane in range(len(value)):
            tight[lane] = value[lane] - bound[lane]
    if sense > _AT_MOST:
        for lane in range(len(value)):
            tight[lane] = abs(tight[lane])
    for lane in range(len(value)):
        short = tight[lane] if tight[lane] > 0.0 else 0.0
        short = np.nan if value[lane] != value[lane] else short
        gap[lane] = 0.0 if (above[lane] == 0.0) & (below[lane] == 0.0) else short
    for lane in range(len(value)):
        size = max(abs(bound[lane]), TOLERANCE)
        share[lane] = gap[lane] / size
        margin = tight[lane] / size
        tight[lane] = margin if margin == margin else -np.inf
    beyond = SHORT if sense == _AT_LEAST else OVER
    for lane in range(len(value)):
        holds = gap[lane] <= TOLERANCE * max(1.0, abs(bound[lane]))
        lower = SHORT if (sense > _AT_MOST) & (value[lane] < bound[lane]) else beyond
        known = MET if holds else lower
        told[lane] = known if gap[lane] == gap[lane] else UNKNOWN


@compiled_ieee
def _keep_worse(row: Row, worst: Row) -> None:
    """Put a row in the place of the worst so far where it is worse: by share, then margin."""
    for lane in range(len(row.value)):
        more = row.share[lane] > worst.share[lane]
        same = (row.share[lane] == worst.share[lane]) & (row.tight[lane] > worst.tight[lane])
        worse = more | same
        worst.value[lane] = row.value[lane] if worse else worst.value[lane]
        worst.gap[lane] = row.gap[lane] if worse else worst.gap[lane]
        worst.share[lane] = row.share[lane] if worse else worst.share[lane]
        worst.tight[lane] = row.tight[lane] if worse else worst.tight[lane]
        worst.told[lane] = row.told[lane] if worse else worst.told[lane]


@compiled_ieee
def _ratio(
    lines: Lines, clauses: Clauses, c: int, lanes: Lanes, aimed: bool, real: int,
    scratch: Scratch, fails: Ints, known: Ints,
) -> None:  # fmt: skip
    """Score the rows of one clause; leave the worst row of each lane in ``scratch.worst``."""
    row, worst, bound = scratch.row, scratch.worst, scratch.bound
    first, last, place = clauses.first[c], clauses.last[c], clauses.place[c]
    worst.value[:] = np.nan
    worst.gap[:] = np.nan
    worst.share[:] = -np.inf
    worst.tight[:] = -np.inf
    worst.told[:] = UNKNOWN
    scratch.measured[:] = 0
    for r in range(first, last):
        for lane in range(len(bound)):
            bound[lane] = lanes.target[c, lane] if aimed else lines.bound[r]
        above, below = lanes.sums[lines.top[r]], lanes.sums[lines.bottom[r]]
        _measure(lines.sense[r], lines.scale[r], above, below, bound, row)
        some, bad = 0, 0
        for lane in range(real):
            some += row.told[lane] != UNKNOWN
            bad += (row.told[lane] == SHORT) | (row.told[lane] == OVER)
        known[place + r - first] += some
        fails[place + r - first] += bad
        for lane in range(len(bound)):
            scratch.measured[lane] |= (row.value[lane] == row.value[lane]) & (
                row.told[lane] != UNKNOWN
            )
        _keep_worse(row, worst)
    for lane in range(len(bound)):
        if scratch.measured[lane] == 0:
            worst.value[lane], worst.gap[lane], worst.told[lane] = np.nan, np.nan, UNKNOWN
    if not np.isnan(clauses.printed[c]):
        _print(lines, clauses, c, lanes, aimed, scratch)


@compiled_ieee
def _print(
    lines: Lines, clauses: Clauses, c: int, lanes: Lanes, aimed: bool, scratch: Scratch
) -> None:
    """Put what the district reports where a clause cannot be computed."""
    row, worst, bound = scratch.row, scratch.worst, scratch.bound
    above, one = np.full(LANES, clauses.printed[c]), np.ones(LANES)
    for r in range(clauses.first[c], clauses.last[c]):
        for lane in range(LANES):
            bound[lane] = lanes.target[c, lane] if aimed else lines.bound[r]
        _measure(lines.sense[r], 1.0, above, one, bound, row)
        for lane in range(LANES):
            if scratch.measured[lane] == 0 and not row.gap[lane] <= worst.gap[lane]:
                worst.value[lane], worst.gap[lane] = row.value[lane], row.gap[lane]
                worst.told[lane] = row.told[lane]


@compiled_ieee
def _reach(c: int, lanes: Lanes, people: Floats, ways: Ways, added: Added) -> None:
    """Count a point's people as within a service radius of an open station, or beyond it."""
    target, near, maybe = lanes.target, ways.near, ways.maybe
    above, below, beyond = added.above, added.below, added.there
    for lane in range(len(people)):
        here, edge = people[lane], target[c, lane] + EDGE_KM
        inside = near[lane] <= edge
        lost = 0.0 if inside else (np.nan if maybe[lane] <= edge else here)
        below[c, lane] += here
        above[c, lane] += here if inside else lost - lost
        beyond[c, lane] += lost


@compiled_ieee
def _response(c: int, people: Floats, late: Floats, added: Added) -> None:
    """Count a point's people, and their minutes from the call to the nearest crew."""
    above, below, spent, there = added.above, added.below, added.there, added.people
    for lane in range(len(people)):
        here = people[lane]
        minutes = here * late[lane]
        below[c, lane] += here
        above[c, lane] += minutes
        there[c, lane] += here
        spent[c, lane] += minutes


@compiled_ieee
def _count(
    c: int, reach: bool, at: int, lanes: Lanes, real: int, added: Added, fails: Ints, known: Ints
) -> None:
    """Count the scenarios in which a township does not meet a clause; start the next anew."""
    there, people, target = added.there, added.people, lanes.target
    some, bad = 0, 0
    for lane in range(real):
        if reach:
            some += there[c, lane] >= 0.0
            bad += there[c, lane] > 0.0
        else:
            bound = target[c, lane]
            slack = TOLERANCE * max(1.0, abs(bound))
            mean = there[c, lane] / people[c, lane]
            some += mean >= 0.0
            bad += mean - bound > slack
    known[at] += some
    fails[at] += bad
    for lane in range(there.shape[1]):
        there[c, lane] = 0.0
        people[c, lane] = 0.0


@compiled_ieee
def _spread(
    wiring: Wiring, lanes: Lanes, real: int, ways: Ways, added: Added, fails: Ints, known: Ints
) -> None:
    """Go through the demand points, township by township, for every radius and response."""
    ground, clauses = wiring.ground, wiring.clauses
    doubt = unsure(lanes.sites[1]) != 0
    told = unsure(lanes.sites[3])
    added.above[:] = 0.0
    added.below[:] = 0.0
    added.there[:] = 0.0
    added.people[:] = 0.0
    ways.maybe[:] = np.inf
    people = np.empty(LANES)
    for t in range(len(ground.residents)):
        residents = lanes.amounts[ground.residents[t]]
        for p in range(ground.town_start[t], ground.town_start[t + 1]):
            i = ground.town_points[p]
            for lane in range(LANES):
                people[lane] = ground.share[i] * residents[lane]
            if clauses.wants[i] & WANTS_KM:
                first_open(ground.km_order, ground.km, i, lanes.sites[0], ways.near)
                if doubt:
                    first_open(ground.km_order, ground.km, i, lanes.sites[1], ways.maybe)
            if clauses.wants[i] & WANTS_MIN:
                way_by_crew(ground, i, lanes, ways.late)
                if told != 0:
                    for lane in range(LANES):
                        if (told >> np.uint64(lane)) & np.uint64(1) != 0:
                            ways.late[lane] = np.nan
            for q in range(clauses.of_start[i], clauses.of_start[i + 1]):
                c = clauses.of[q]
                if clauses.rule[c] == REACH:
                    _reach(c, lanes, people, ways, added)
                else:
                    _response(c, people, ways.late, added)
        for q in range(clauses.town_start[t], clauses.town_start[t + 1]):
            c = clauses.town_of[q]
            _count(
                c, clauses.rule[c] == REACH, clauses.place[c] + t, lanes, real, added, fails, known
            )


@compiled_ieee
def score_scenarios(
    wiring: Wiring,
    scenarios: Floats,
    aimed: npt.NDArray[np.bool_],
    value: Floats,
    gap: Floats,
    found: Small,
    fails: Ints,
    known: Ints,
) -> None:
    """Score scenarios, :data:`~resalloc.scoring.lanes.LANES` at a time; threads share them out.

    Parameters
    ----------
    wiring
        State, factors and clauses.
    scenarios
        Scenarios × factors.
    aimed
        Whether some factor sets the target of each clause.
    value, gap, found
        Written: scenarios × clauses.
    fails, known
        Added to, by place: in how many scenarios it does not meet its clause, and in how
        many that can be said.
    """
    clauses, lines = wiring.clauses, wiring.lines
    count, spatial = len(clauses.rule), len(clauses.of) > 0
    lanes = lanes_of(wiring, scenarios.shape[1])
    ways = Ways(np.empty(LANES), np.empty(LANES), np.empty(LANES))
    added = Added(
        np.empty((count, LANES)), np.empty((count, LANES)), np.empty((count, LANES)),
        np.empty((count, LANES)),
    )  # fmt: skip
    scratch = Scratch(
        _row(), _row(), np.empty(LANES), np.empty(LANES, np.int64), np.full(LANES, EVERYONE)
    )
    worst, row = scratch.worst, scratch.row
    for block in range(0, len(scenarios), LANES):
        real = min(LANES, len(scenarios) - block)
        lay(wiring, scenarios, block, lanes)
        if spatial:
            _spread(wiring, lanes, real, ways, added, fails, known)
        for c in range(count):
            if clauses.rule[c] == RATIO:
                _ratio(lines, clauses, c, lanes, aimed[c], real, scratch, fails, known)
                _write(worst, block, real, c, value, gap, found)
                continue
            above, below = added.above[c], added.below[c]
            for lane in range(LANES):  # nobody to count is nothing to measure
                above[lane] = above[lane] if below[lane] > 0.0 else np.nan
            if clauses.rule[c] == REACH:
                _measure(_AT_LEAST, EVERYONE, above, below, scratch.everyone, row)
            else:
                _measure(_AT_MOST, 1.0, above, below, lanes.target[c], row)
            _write(row, block, real, c, value, gap, found)


@compiled_ieee
def _row() -> Row:
    return Row(
        np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES),
        np.empty(LANES, np.int64),
    )  # fmt: skip


@compiled_ieee
def _write(
    row: Row, block: int, real: int, c: int, value: Floats, gap: Floats, found: Small
) -> None:
    """Write a clause's numbers of a block of scenarios."""
    for lane in range(real):
        value[block + lane, c] = row.value[lane]
        gap[block + lane, c] = row.gap[lane]
        found[block + lane, c] = row.told[lane]


@compiled_ieee
def lay_out(
    wiring: Wiring,
    scenarios: Floats,
    sums: Floats,
    residents: Floats,
    near: Floats,
    maybe: Floats,
    late: Floats,
) -> None:
    """Give what clauses are made of, scenario by scenario, without scoring any.

    Parameters
    ----------
    wiring
        State and factors.
    scenarios
        Scenarios × factors.
    sums, residents
        Written: scenarios × sums, scenarios × townships.
    near, maybe, late
        Written: scenarios × demand points: km to the nearest open station and to the nearest
        that may be open, minutes of the nearest crew (NaN where none comes or one is not
        known); not where they have no row.
    """
    ground = wiring.ground
    at, points = ground.residents, near.shape[1] if len(near) else 0
    lanes = lanes_of(wiring, scenarios.shape[1])
    ways = Ways(np.empty(LANES), np.empty(LANES), np.empty(LANES))
    for block in range(0, len(scenarios), LANES):
        real = min(LANES, len(scenarios) - block)
        lay(wiring, scenarios, block, lanes)
        told = unsure(lanes.sites[3])
        for lane in range(real):
            for u in range(sums.shape[1]):
                sums[block + lane, u] = lanes.sums[u, lane]
            for t in range(len(at)):
                residents[block + lane, t] = lanes.amounts[at[t], lane]
        for i in range(points):
            first_open(ground.km_order, ground.km, i, lanes.sites[0], ways.near)
            first_open(ground.km_order, ground.km, i, lanes.sites[1], ways.maybe)
            way_by_crew(ground, i, lanes, ways.late)
            for lane in range(real):
                near[block + lane, i] = ways.near[lane]
                maybe[block + lane, i] = ways.maybe[lane]
                sure = (told >> np.uint64(lane)) & np.uint64(1) == 0
                late[block + lane, i] = ways.late[lane] if sure else np.nan
