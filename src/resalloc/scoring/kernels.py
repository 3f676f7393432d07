"""The compiled loop over scenarios: each clause's worst place, by the rules of the single audit."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.compiled import compiled
from resalloc.result.scorecard import TOLERANCE
from resalloc.rules.reach import EDGE_KM, EVERYONE
from resalloc.scoring.lanes import LANES, first_open, lanes_of, lay, unsure, way_by_crew
from resalloc.scoring.wiring import RATIO, REACH, WANTS_KM, WANTS_MIN

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.lanes import Lanes
    from resalloc.scoring.wiring import Lines, Wiring

    Small = npt.NDArray[np.int8]

MET, SHORT, OVER, UNKNOWN = 0, 1, 2, 3
"""Verdicts, by number: ``met``, ``short``, ``over`` and ``not_computable``."""
_AT_LEAST, _AT_MOST = 0, 1


class Ways(NamedTuple):
    """A point's ways, one number a lane: to the nearest open station, possible one, crew."""

    near: Floats
    maybe: Floats
    late: Floats


class Added(NamedTuple):
    """Sums of the clauses that speak of demand points, clauses × lanes.

    `above` and `below` are of the whole district. `there` and `people` are of the township at
    hand: people beyond the radius, or people's minutes, and people.
    """

    above: Floats
    below: Floats
    there: Floats
    people: Floats


@compiled
def verdict(sense: int, value: float, bound: float, gap: float) -> int:
    """Give the verdict on one comparison, by number."""
    if np.isnan(gap):
        return UNKNOWN
    if gap <= TOLERANCE * max(1.0, abs(bound)):
        return MET
    if sense == _AT_LEAST or (sense != _AT_MOST and value < bound):
        return SHORT
    return OVER


@compiled
def _gap(sense: int, value: float, bound: float) -> float:
    """Give how far a value falls short of a bound."""
    if np.isnan(value):
        return np.nan
    short = bound - value
    if sense == _AT_MOST:
        short = -short
    elif sense != _AT_LEAST:
        short = abs(short)
    return short if short > 0.0 else 0.0


@compiled
def _over(scale: float, above: float, below: float) -> float:
    """Give a quotient: NaN for 0 / 0, infinite for something over nothing."""
    if below != 0.0:
        return scale * above / below
    if above == 0.0 or np.isnan(above):
        return np.nan
    return np.inf if scale * above > 0.0 else -np.inf


@compiled
def _ratio(
    lines: Lines, first: int, last: int, target: float, aimed: bool, printed: float,
    sums: Floats, lane: int, place: int, fails: Ints, known: Ints, out: Floats,
) -> int:  # fmt: skip
    """Score the rows of one clause; give the verdict, and value and gap of the worst row."""
    value_of, gap_of = np.nan, np.nan
    found, measured = UNKNOWN, False
    worst, margin = -np.inf, -np.inf
    for r in range(first, last):
        above, below = sums[lines.top[r], lane], sums[lines.bottom[r], lane]
        value = _over(lines.scale[r], above, below)
        sense, bound = lines.sense[r], target if aimed else lines.bound[r]
        gap = 0.0 if above == 0.0 and below == 0.0 else _gap(sense, value, bound)
        if np.isnan(gap):
            continue
        own = verdict(sense, value, bound, gap)
        known[place + r - first] += 1
        fails[place + r - first] += own != MET
        size = max(abs(bound), TOLERANCE)
        tight = -np.inf
        if not np.isnan(value):
            measured = True
            tight = gap
            if sense <= _AT_MOST:
                tight = value - bound if sense == _AT_MOST else bound - value
            tight = tight / size
        share = gap / size
        if found == UNKNOWN or share > worst or (share == worst and tight > margin):
            found, worst, margin = own, share, tight
            value_of, gap_of = value, gap
    if not measured:
        found, value_of, gap_of = UNKNOWN, np.nan, np.nan
        if not np.isnan(printed):
            for r in range(first, last):
                bound = target if aimed else lines.bound[r]
                gap = _gap(lines.sense[r], printed, bound)
                if found == UNKNOWN or gap > gap_of:
                    value_of, gap_of = printed, gap
                    found = verdict(lines.sense[r], printed, bound, gap)
    out[0], out[1] = value_of, gap_of
    return found


@compiled
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


@compiled
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


@compiled
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
            some += people[c, lane] > 0.0 and there[c, lane] >= 0.0
            bad += people[c, lane] > 0.0 and (there[c, lane] / people[c, lane] - bound > slack)
    known[at] += some
    fails[at] += bad
    for lane in range(there.shape[1]):
        there[c, lane] = 0.0
        people[c, lane] = 0.0


@compiled
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


@compiled
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
    out = np.empty(2)
    for block in range(0, len(scenarios), LANES):
        real = min(LANES, len(scenarios) - block)
        lay(wiring, scenarios, block, lanes)
        if spatial:
            _spread(wiring, lanes, real, ways, added, fails, known)
        for lane in range(real):
            s = block + lane
            for c in range(count):
                if clauses.rule[c] == RATIO:
                    found[s, c] = _ratio(
                        lines, clauses.first[c], clauses.last[c], lanes.target[c, lane], aimed[c],
                        clauses.printed[c], lanes.sums, lane, clauses.place[c], fails, known, out,
                    )  # fmt: skip
                    value[s, c], gap[s, c] = out[0], out[1]
                    continue
                reach, below = clauses.rule[c] == REACH, added.below[c, lane]
                sense, bound = _AT_LEAST if reach else _AT_MOST, lanes.target[c, lane]
                bound = EVERYONE if reach else bound
                own = np.nan
                if below > 0.0:
                    own = (EVERYONE if reach else 1.0) * added.above[c, lane] / below
                short = _gap(sense, own, bound)
                value[s, c], gap[s, c] = own, short
                found[s, c] = verdict(sense, own, bound, short)


@compiled
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
