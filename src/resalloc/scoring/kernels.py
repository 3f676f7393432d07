"""The compiled loop over scenarios: each scored by itself, in the arithmetic of the single audit.

Sums are taken in the order in which the rows list their terms, so that a clause that is a
ratio comes to the same number, bit for bit, as it does in :func:`resalloc.scoring.score.score`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.result.scorecard import TOLERANCE
from resalloc.rules.reach import EDGE_KM, EVERYONE
from resalloc.scoring.wiring import RATIO, REACH

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.wiring import Changes, Entries, Ground, Lines, Wiring

    Small = npt.NDArray[np.int8]

MET, SHORT, OVER, UNKNOWN = 0, 1, 2, 3
"""Verdicts, by number: ``met``, ``short``, ``over`` and ``not_computable``."""
_PEOPLE, _AMOUNT, _PROJECT, _SITE, _SPEED, _MINUTES, _TARGET = range(1, 8)
_AT_LEAST, _AT_MOST = 0, 1


@compiled
def _add_rows(entries: Entries, values: Floats, sums: Floats) -> None:
    """Add to each row's sum its own terms, taken in turn."""
    start, ids, weights = entries.start, entries.ids, entries.weights
    for r in range(len(sums)):
        total = 0.0
        for k in range(start[r], start[r + 1]):
            total += weights[k] * values[ids[k]]
        sums[r] += total


@compiled
def _change(
    changes: Changes, ground: Ground, scenario: Floats, x: Floats, given: Floats,
    speed: Floats, before: Floats, target: Floats,
) -> None:  # fmt: skip
    """Let each factor act in turn on the scratch arrays."""
    for k in range(len(scenario)):
        kind, value = changes.kind[k], scenario[k]
        for e in range(changes.start[k], changes.start[k + 1]):
            i = changes.ids[e]
            if kind == _PEOPLE:
                given[i] *= value
            elif kind == _AMOUNT:
                x[i] *= value
            elif kind == _PROJECT:
                x[i] += (value - changes.stays[k]) * changes.amounts[e]
            elif kind == _SITE:
                is_open = 1.0 if value > 0.5 else 0.0
                x[ground.station[i]] = is_open
                x[ground.crewed[i]] = is_open
                crews = x[ground.crews[i]]
                x[ground.crews[i]] = (crews if crews > 1.0 else 1.0) if value > 0.5 else 0.0
            elif kind == _SPEED:
                speed[i] *= value
            elif kind == _MINUTES:
                before[i] = value
            elif kind == _TARGET:
                target[i] = value


@compiled
def _restore(
    changes: Changes, ground: Ground, x: Floats, given: Floats, x_base: Floats, given_base: Floats
) -> None:
    """Put back what the factors changed."""
    for k in range(len(changes.kind)):
        kind = changes.kind[k]
        for e in range(changes.start[k], changes.start[k + 1]):
            i = changes.ids[e]
            if kind == _PEOPLE:
                given[i] = given_base[i]
            elif kind in (_AMOUNT, _PROJECT):
                x[i] = x_base[i]
            elif kind == _SITE:
                for j in (ground.station[i], ground.crewed[i], ground.crews[i]):
                    x[j] = x_base[j]


@compiled
def nearest_km(ground: Ground, x: Floats, near: Floats, maybe: Floats) -> None:
    """Give each point's nearest open station, and the nearest that may be open."""
    for i in range(ground.km.shape[0]):
        near[i] = np.inf
        maybe[i] = np.inf
        for k in range(ground.km.shape[1]):
            state = x[ground.station[ground.km_order[i, k]]]
            if state > 0.5:
                near[i] = ground.km[i, k]
                break
            if np.isnan(state) and maybe[i] == np.inf:
                maybe[i] = ground.km[i, k]


@compiled
def nearest_min(ground: Ground, x: Floats, speed: Floats, before: float, near: Floats) -> None:
    """Give the minutes of each point's nearest crew; NaN where none comes or one is unknown."""
    known = True
    for j in range(len(ground.crewed)):
        if np.isnan(x[ground.crewed[j]]):
            known = False
    for i in range(ground.drive.shape[0]):
        best = np.inf
        pace = speed[ground.place_class[i]]
        if known:
            for k in range(ground.drive.shape[1]):
                if x[ground.crewed[ground.min_order[i, k]]] > 0.5:
                    driven = ground.drive[i, k] / pace
                    best = min(best, max(driven, ground.floor[i, k]) + before)
                    if ground.pace_fixed:
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
    tops: Floats, bottoms: Floats, fails: Ints, known: Ints, out: Floats,
) -> int:  # fmt: skip
    """Score the rows of one clause; give the verdict, and value and gap of the worst row."""
    out[0], out[1] = np.nan, np.nan
    found, measured = UNKNOWN, False
    worst, margin = -np.inf, -np.inf
    for r in range(first, last):
        above, below = tops[r], bottoms[r]
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
        known[r - first] += 1
        if own != MET:
            fails[r - first] += 1
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
    ground: Ground, points: Ints, radius: float, people: Floats, near: Floats, maybe: Floats,
    beyond: Floats, fails: Ints, known: Ints, out: Floats,
) -> int:  # fmt: skip
    """Score a service radius: the share of residents within it of an open station."""
    covered, total = 0.0, 0.0
    beyond[:] = -1.0
    for p in range(len(points)):
        i = points[p]
        total += people[i]
        t = ground.township[i]
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
            known[t] += 1
            if beyond[t] > 0.0:
                fails[t] += 1
    return _shared(covered, total, EVERYONE, _AT_LEAST, EVERYONE, out)


@compiled
def _response(
    ground: Ground, points: Ints, bound: float, people: Floats, near: Floats,
    above: Floats, below: Floats, fails: Ints, known: Ints, out: Floats,
) -> int:  # fmt: skip
    """Score a mean response: residents' mean minutes from the call to the nearest crew."""
    minutes, total = 0.0, 0.0
    above[:] = 0.0
    below[:] = 0.0
    for p in range(len(points)):
        i = points[p]
        total += people[i]
        minutes += people[i] * near[i]
        above[ground.township[i]] += people[i] * near[i]
        below[ground.township[i]] += people[i]
    for t in range(len(above)):
        if below[t] > 0.0 and not np.isnan(above[t]):
            known[t] += 1
            if verdict(_AT_MOST, 0.0, bound, above[t] / below[t] - bound) != MET:
                fails[t] += 1
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
    clauses, ground = wiring.clauses, wiring.ground
    n, t, count = len(ground.township), len(ground.residents), len(clauses.rule)
    x, given = wiring.x.copy(), wiring.given.copy()
    speed, before, target = np.ones(3), ground.before.copy(), clauses.target.copy()
    people, near, maybe, late = np.empty(n), np.empty(n), np.empty(n), np.empty(n)
    above, below, out = np.empty(t), np.empty(t), np.empty(2)
    tops, bottoms = np.empty(len(wiring.lines.scale)), np.empty(len(wiring.lines.scale))
    wants_km, wants_min = False, False
    for c in range(count):
        wants_km = wants_km or clauses.rule[c] == REACH
        wants_min = wants_min or clauses.rule[c] > REACH
    for s in range(len(scenarios)):
        speed[:] = 1.0
        before[:] = ground.before
        target[:] = clauses.target
        _change(wiring.changes, ground, scenarios[s], x, given, speed, before, target)
        tops[:] = 0.0
        bottoms[:] = 0.0
        _add_rows(wiring.lines.top, x, tops)
        _add_rows(wiring.lines.top_given, given, tops)
        _add_rows(wiring.lines.bottom, x, bottoms)
        _add_rows(wiring.lines.bottom_given, given, bottoms)
        if wants_km or wants_min:
            for i in range(n):
                people[i] = ground.share[i] * given[ground.residents[ground.township[i]]]
        if wants_km:
            nearest_km(ground, x, near, maybe)
        if wants_min:
            nearest_min(ground, x, speed, before[0] + before[1], late)
        for c in range(count):
            own_fails = fails[clauses.place[c] : clauses.place[c + 1]]
            own_known = known[clauses.place[c] : clauses.place[c + 1]]
            points = clauses.points[clauses.point_start[c] : clauses.point_start[c + 1]]
            if clauses.rule[c] == RATIO:
                found[s, c] = _ratio(
                    wiring.lines, clauses.first[c], clauses.last[c], target[c], aimed[c],
                    clauses.printed[c], tops, bottoms, own_fails, own_known, out,
                )  # fmt: skip
            elif clauses.rule[c] == REACH:
                found[s, c] = _reach(
                    ground, points, target[c], people, near, maybe, above, own_fails, own_known,
                    out,
                )  # fmt: skip
            else:
                found[s, c] = _response(
                    ground, points, target[c], people, late, above, below, own_fails, own_known,
                    out,
                )  # fmt: skip
            value[s, c], gap[s, c] = out[0], out[1]
        _restore(wiring.changes, ground, x, given, wiring.x, wiring.given)
