"""The compiled loop over scenarios: each scored by itself, by the rules of the single audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.result.scorecard import TOLERANCE
from resalloc.rules.reach import EDGE_KM, EVERYONE
from resalloc.scoring.wiring import ADD, MINUTES, OPEN, RATIO, REACH, SPEED, TARGET, TIMES

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.ground import Ground
    from resalloc.scoring.quantities import Entries
    from resalloc.scoring.wiring import Changes, Lines, Wiring

    Small = npt.NDArray[np.int8]

MET, SHORT, OVER, UNKNOWN = 0, 1, 2, 3
"""Verdicts, by number: ``met``, ``short``, ``over`` and ``not_computable``."""
_AT_LEAST, _AT_MOST = 0, 1


@compiled
def _add_up(entries: Entries, amounts: Floats, sums: Floats) -> None:
    """Add up each sum."""
    start, ids, weights = entries.start, entries.ids, entries.weights
    for u in range(len(sums)):
        total = 0.0
        for k in range(start[u], start[u + 1]):
            total += weights[k] * amounts[ids[k]]
        sums[u] = total


@compiled
def _change(
    changes: Changes, at: tuple[Ints, Ints, Ints], scenarios: Floats, s: int, amounts: Floats,
    station: Floats, crewed: Floats, speed: Floats, before: Floats, target: Floats,
) -> None:  # fmt: skip
    """Let each factor act in turn on the scratch arrays.

    A site that opens has a station and a crew, and one that closes has none; `at` says where
    among the amounts these stand, if anywhere.
    """
    does, start, ids, more, stays = changes
    station_at, crewed_at, crews_at = at
    for k in range(len(does)):
        value, act = scenarios[s, k], does[k]
        for e in range(start[k], start[k + 1]):
            i = ids[e]
            if act == TIMES:
                amounts[i] *= value
            elif act == OPEN:
                station[i] = value
                crewed[i] = value
                if station_at[i] >= 0:
                    amounts[station_at[i]] = value
                if crewed_at[i] >= 0:
                    amounts[crewed_at[i]] = value
                if crews_at[i] >= 0:
                    crews = amounts[crews_at[i]]
                    amounts[crews_at[i]] = value * (crews if crews > 1.0 else 1.0)
            elif act == ADD:
                amounts[i] += (value - stays[k]) * more[e]
            elif act == SPEED:
                speed[i] *= value
            elif act == MINUTES:
                before[i] = value
            elif act == TARGET:
                target[i] = value


@compiled
def nearest_km(ground: Ground, station: Floats, near: Floats, maybe: Floats) -> None:
    """Give each point's nearest open station, and the nearest that may be open."""
    km, order = ground.km, ground.km_order
    for i in range(km.shape[0]):
        near[i] = np.inf
        maybe[i] = np.inf
        for k in range(km.shape[1]):
            state = station[order[i, k]]
            if state > 0.5:
                near[i] = km[i, k]
                break
            if np.isnan(state) and maybe[i] == np.inf:
                maybe[i] = km[i, k]


@compiled
def nearest_min(ground: Ground, crewed: Floats, speed: Floats, before: float, near: Floats) -> None:
    """Give the minutes of each point's nearest crew; NaN where none comes or one is unknown."""
    drive, floor, order, steady = ground.drive, ground.floor, ground.min_order, ground.steady
    place_class = ground.place_class
    if np.isnan(crewed.sum()):
        near[:] = np.nan
        return
    for i in range(drive.shape[0]):
        best = np.inf
        for k in range(drive.shape[1]):
            if crewed[order[i, k]] > 0.5:
                driven = drive[i, k] / speed[place_class[i]]
                best = min(best, max(driven, floor[i, k]) + before)
                if steady:
                    break
        near[i] = best if best < np.inf else np.nan


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
def _gap(sense: int, value: float, bound: float, nothing: bool) -> float:
    """Give how far a value falls short of a bound; 0 where there is nothing to measure."""
    if nothing:
        return 0.0
    if np.isnan(value):
        return np.nan
    short = bound - value
    if sense == _AT_MOST:
        short = -short
    elif sense != _AT_LEAST:
        short = abs(short)
    return short if short > 0.0 else 0.0


@compiled
def _ratio(
    lines: Lines, first: int, last: int, target: float, aimed: bool, printed: float,
    sums: Floats, place: int, fails: Ints, known: Ints, out: Floats,
) -> int:  # fmt: skip
    """Score the rows of one clause; give the verdict, and value and gap of the worst row."""
    out[0], out[1] = np.nan, np.nan
    found, measured = UNKNOWN, False
    worst, margin = -np.inf, -np.inf
    for r in range(first, last):
        above, below = sums[lines.top[r]], sums[lines.bottom[r]]
        nothing = above == 0.0 and below == 0.0
        if below != 0.0:
            value = lines.scale[r] * above / below
        elif above == 0.0 or np.isnan(above):
            value = np.nan
        else:
            value = np.inf if above * lines.scale[r] > 0.0 else -np.inf
        sense, bound = lines.sense[r], lines.bound[r]
        if aimed:
            bound = target
        gap = _gap(sense, value, bound, nothing)
        if np.isnan(gap):
            continue
        own = verdict(sense, value, bound, gap)
        known[place + r - first] += 1
        if own != MET:
            fails[place + r - first] += 1
        size = max(abs(bound), TOLERANCE)
        tight = -np.inf
        if not np.isnan(value):
            measured = True
            tight = (
                gap if sense > _AT_MOST else (value - bound if sense == _AT_MOST else bound - value)
            )
            tight = tight / size
        share = gap / size
        if found == UNKNOWN or share > worst or (share == worst and tight > margin):
            found, worst, margin = own, share, tight
            out[0], out[1] = value, gap
    if measured:
        return found
    out[0], out[1] = np.nan, np.nan
    if np.isnan(printed):
        return UNKNOWN
    found = UNKNOWN
    for r in range(first, last):
        bound = target if aimed else lines.bound[r]
        gap = _gap(lines.sense[r], printed, bound, False)
        if found == UNKNOWN or gap > out[1]:
            out[0], out[1] = printed, gap
            found = verdict(lines.sense[r], printed, bound, gap)
    return found


@compiled
def _reach(
    township: Ints, points: Ints, first: int, last: int, radius: float, people: Floats,
    near: Floats, maybe: Floats, beyond: Floats, place: int, fails: Ints, known: Ints, out: Floats,
) -> int:  # fmt: skip
    """Score a service radius: the share of residents within it of an open station."""
    covered, total = 0.0, 0.0
    beyond[:] = -1.0
    for p in range(first, last):
        i = points[p]
        total += people[i]
        t = township[i]
        beyond[t] = max(beyond[t], 0.0)
        if near[i] <= radius + EDGE_KM:
            covered += people[i]
        elif maybe[i] <= radius + EDGE_KM:
            covered = np.nan
            beyond[t] = np.nan
        else:
            beyond[t] += people[i]
    for t in range(len(beyond)):
        if beyond[t] >= 0.0:
            known[place + t] += 1
            if beyond[t] > 0.0:
                fails[place + t] += 1
    return _shared(covered, total, EVERYONE, _AT_LEAST, EVERYONE, out)


@compiled
def _response(
    township: Ints, points: Ints, first: int, last: int, bound: float, people: Floats,
    near: Floats, above: Floats, below: Floats, place: int, fails: Ints, known: Ints, out: Floats,
) -> int:  # fmt: skip
    """Score a mean response: residents' mean minutes from the call to the nearest crew."""
    minutes, total = 0.0, 0.0
    above[:] = 0.0
    below[:] = 0.0
    for p in range(first, last):
        i = points[p]
        spent = people[i] * near[i]
        total += people[i]
        minutes += spent
        above[township[i]] += spent
        below[township[i]] += people[i]
    for t in range(len(above)):
        if below[t] > 0.0 and not np.isnan(above[t]):
            known[place + t] += 1
            if verdict(_AT_MOST, 0.0, bound, above[t] / below[t] - bound) != MET:
                fails[place + t] += 1
    return _shared(minutes, total, 1.0, _AT_MOST, bound, out)


@compiled
def _shared(above: float, below: float, scale: float, sense: int, bound: float, out: Floats) -> int:
    """Give the verdict on a single row, and its value and gap."""
    out[0], out[1] = np.nan, np.nan
    if not below > 0.0 or np.isnan(above):
        return UNKNOWN
    out[0] = scale * above / below
    out[1] = _gap(sense, out[0], bound, False)
    return verdict(sense, out[0], bound, out[1])


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
    """Score scenarios one after the other; threads take a part of them each.

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
    clauses, ground, lines = wiring.clauses, wiring.ground, wiring.lines
    n, t, count = len(ground.township), len(ground.residents), len(clauses.rule)
    amounts, station, crewed = wiring.amounts.copy(), ground.station.copy(), ground.crewed.copy()
    speed, before, target = np.ones(3), ground.before.copy(), clauses.target.copy()
    people, near, maybe, late = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    above, below, out = np.empty(t), np.empty(t), np.empty(2)
    sums = np.empty(len(wiring.sums.start) - 1)
    at = (ground.station_at, ground.crewed_at, ground.crews_at)
    wants_km, wants_min = False, False
    for c in range(count):
        wants_km = wants_km or clauses.rule[c] == REACH
        wants_min = wants_min or clauses.rule[c] > REACH
    for s in range(len(scenarios)):
        amounts[:] = wiring.amounts
        station[:] = ground.station
        crewed[:] = ground.crewed
        speed[:] = 1.0
        before[:] = ground.before
        target[:] = clauses.target
        _change(
            wiring.changes, at, scenarios, s, amounts, station, crewed, speed, before, target
        )
        _add_up(wiring.sums, amounts, sums)
        if wants_km or wants_min:
            for i in range(n):
                people[i] = ground.share[i] * amounts[ground.residents[ground.township[i]]]
        if wants_km:
            nearest_km(ground, station, near, maybe)
        if wants_min:
            nearest_min(ground, crewed, speed, before[0] + before[1], late)
        for c in range(count):
            place, first, last = (
                clauses.place[c],
                clauses.point_start[c],
                clauses.point_start[c + 1],
            )
            if clauses.rule[c] == RATIO:
                found[s, c] = _ratio(
                    lines, clauses.first[c], clauses.last[c], target[c], aimed[c],
                    clauses.printed[c], sums, place, fails, known, out,
                )  # fmt: skip
            elif clauses.rule[c] == REACH:
                found[s, c] = _reach(
                    ground.township, clauses.points, first, last, target[c], people, near, maybe,
                    above, place, fails, known, out,
                )  # fmt: skip
            else:
                found[s, c] = _response(
                    ground.township, clauses.points, first, last, target[c], people, late,
                    above, below, place, fails, known, out,
                )  # fmt: skip
            value[s, c], gap[s, c] = out[0], out[1]
