"""Scenarios side by side in lanes: what the factors change, and which sites are open in which.

Scratch arrays have the scenarios of a block as their last axis, so that the processor works on
several at once; a set of scenarios is the bits of one number. Each scenario is still computed by
itself, its sums in one order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from resalloc.compiled import compiled_ieee
from resalloc.scoring.wiring import ADD, MINUTES, OPEN, SPEED, TARGET, TIMES

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.ground import Ground
    from resalloc.scoring.quantities import Entries
    from resalloc.scoring.wiring import Changes, Wiring

Bits = npt.NDArray[np.uint64]
LANES = 64
"""Scenarios that are worked on together: as many as a number has bits."""
_NONE, _ONE = np.uint64(0), np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_DE_BRUIJN, _TOP = np.uint64(0x03F79D71B4CB0A89), np.uint64(58)
_PLACES = np.argsort([(0x03F79D71B4CB0A89 << bit) % 2**64 >> 58 for bit in range(64)])
_LINE = 8  # numbers in a line of the processor's cache


class Lanes(NamedTuple):
    """Scratch arrays of a block of scenarios, each … × :data:`LANES`, and sets of scenarios.

    `sites` says for each site in which scenarios its station is open (0), in which that is not
    known (1), and the same of its crew (2, 3).
    """

    values: Floats
    amounts: Floats
    sums: Floats
    pace: Floats
    before: Floats
    target: Floats
    sites: Bits


@compiled_ieee
def lanes_of(wiring: Wiring, factors: int) -> Lanes:
    """Make the scratch arrays for a wiring."""
    return Lanes(
        np.empty((factors, LANES)),
        np.empty((len(wiring.amounts), LANES)),
        np.empty((len(wiring.sums.start) - 1, LANES)),
        np.empty((3, LANES)),
        np.empty((2, LANES)),
        np.empty((len(wiring.clauses.target), LANES)),
        np.empty((4, len(wiring.ground.station)), dtype=np.uint64),
    )


@compiled_ieee
def lay(wiring: Wiring, scenarios: Floats, first: int, lanes: Lanes) -> None:
    """Lay a block of scenarios out: what the factors make of the amounts, sites and targets.

    The last scenario stands for those that would be beyond the end.
    """
    ground = wiring.ground
    _fetch(scenarios, first, lanes.values)
    _copy(wiring.amounts, lanes.amounts)
    _copy(ground.before, lanes.before)
    _copy(wiring.clauses.target, lanes.target)
    lanes.pace[:] = 1.0
    for j in range(len(ground.station)):
        lanes.sites[0, j] = _ALL if ground.station[j] > 0.5 else _NONE
        lanes.sites[1, j] = _ALL if np.isnan(ground.station[j]) else _NONE
        lanes.sites[2, j] = _ALL if ground.crewed[j] > 0.5 else _NONE
        lanes.sites[3, j] = _ALL if np.isnan(ground.crewed[j]) else _NONE
    _change(wiring.changes, ground, lanes)
    lanes.pace[:] = 1.0 / lanes.pace
    _add_up(wiring.sums, lanes.amounts, lanes.sums)


@compiled_ieee
def _fetch(scenarios: Floats, first: int, values: Floats) -> None:
    """Turn some rows of scenarios into lanes, a line of the cache at a time."""
    size, factors = scenarios.shape
    for low in range(0, factors, _LINE):
        high = min(low + _LINE, factors)
        for lane in range(LANES):
            s = min(first + lane, size - 1)
            for k in range(low, high):
                values[k, lane] = scenarios[s, k]


@compiled_ieee
def _copy(state: Floats, into: Floats) -> None:
    for i in range(len(state)):
        for lane in range(into.shape[1]):
            into[i, lane] = state[i]


@compiled_ieee
def _change(changes: Changes, ground: Ground, lanes: Lanes) -> None:
    """Let each factor act in turn."""
    does, start, ids, more, stays = changes
    for k in range(len(does)):
        act = does[k]
        for e in range(start[k], start[k + 1]):
            i = ids[e]
            if act == TIMES:
                _times(lanes.amounts, i, lanes.values, k)
            elif act == OPEN:
                _open(ground, i, lanes, k)
            elif act == ADD:
                for lane in range(lanes.values.shape[1]):
                    lanes.amounts[i, lane] += (lanes.values[k, lane] - stays[k]) * more[e]
            elif act == SPEED:
                _times(lanes.pace, i, lanes.values, k)
            elif act == MINUTES:
                _set(lanes.before, i, lanes.values, k)
            elif act == TARGET:
                _set(lanes.target, i, lanes.values, k)


@compiled_ieee
def _times(amounts: Floats, i: int, values: Floats, k: int) -> None:
    for lane in range(values.shape[1]):
        amounts[i, lane] *= values[k, lane]


@compiled_ieee
def _set(into: Floats, i: int, values: Floats, k: int) -> None:
    for lane in range(values.shape[1]):
        into[i, lane] = values[k, lane]


@compiled_ieee
def _open(ground: Ground, j: int, lanes: Lanes, k: int) -> None:
    """Open a site with a crew in some scenarios, and close it in the others."""
    values, amounts = lanes.values, lanes.amounts
    is_open = _NONE
    for lane in range(values.shape[1]):
        is_open |= np.uint64(values[k, lane] > 0.5) << np.uint64(lane)
    lanes.sites[0, j] = is_open
    lanes.sites[1, j] = _NONE
    lanes.sites[2, j] = is_open
    lanes.sites[3, j] = _NONE
    if ground.station_at[j] >= 0:
        _set(amounts, ground.station_at[j], values, k)
    if ground.crewed_at[j] >= 0:
        _set(amounts, ground.crewed_at[j], values, k)
    at = ground.crews_at[j]
    if at >= 0:
        for lane in range(values.shape[1]):
            crews = amounts[at, lane]
            amounts[at, lane] = values[k, lane] * (crews if crews > 1.0 else 1.0)


@compiled_ieee
def _add_up(entries: Entries, amounts: Floats, sums: Floats) -> None:
    """Add up each sum, its terms in turn."""
    start, ids, weights = entries
    for u in range(len(sums)):
        for lane in range(sums.shape[1]):
            sums[u, lane] = 0.0
        for k in range(start[u], start[u + 1]):
            weight, i = weights[k], ids[k]
            for lane in range(sums.shape[1]):
                sums[u, lane] += weight * amounts[i, lane]


@compiled_ieee
def lowest(scenarios: Any) -> int:
    """Give the first scenario of a set that is not empty: the place of its lowest bit.

    De Bruijn's way (Leiserson, Prokop & Randall 1998): the product with a single bit puts six
    bits that tell its place at the top.
    """
    alone = scenarios & (~scenarios + _ONE)
    return int(_PLACES[(alone * _DE_BRUIJN) >> _TOP])


@compiled_ieee
def first_open(order: Ints, away: Floats, i: int, sites: Bits, near: Floats) -> None:
    """Write for each scenario how far the first site of a point's list is that is open in it.

    Parameters
    ----------
    order, away
        Points × sites: each point's sites from the nearest on, and how far they are.
    i
        The point.
    sites
        By site, the scenarios in which it is open.
    near
        Written, one number a lane; infinite where none is open.
    """
    near[:] = np.inf
    left = _ALL
    for k in range(order.shape[1]):
        here = sites[order[i, k]] & left
        if here == _NONE:
            continue
        left ^= here
        while here != _NONE:
            near[lowest(here)] = away[i, k]
            here &= here - _ONE
        if left == _NONE:
            break


@compiled_ieee
def way_by_crew(ground: Ground, i: int, lanes: Lanes, late: Floats) -> None:
    """Write for each scenario the minutes of a point's nearest crew.

    NaN where none comes, or where it is not known of some site whether it has one.
    """
    pace = lanes.pace[ground.place_class[i]]
    drive, floor, order = ground.drive, ground.floor, ground.min_order
    if ground.steady:
        first_open(order, drive, i, lanes.sites[2], late)
        shortest = floor[i, 0] if floor.shape[1] else 0.0
        for lane in range(len(late)):
            driven = late[lane] * pace[lane]
            driven = driven if driven > shortest else shortest
            late[lane] = driven + (lanes.before[0, lane] + lanes.before[1, lane])
    else:
        late[:] = np.inf
        for k in range(drive.shape[1]):
            there = lanes.sites[2, order[i, k]]
            while there != _NONE:
                lane = lowest(there)
                driven = max(drive[i, k] * pace[lane], floor[i, k])
                before = lanes.before[0, lane] + lanes.before[1, lane]
                late[lane] = min(late[lane], driven + before)
                there &= there - _ONE
    for lane in range(len(late)):
        late[lane] = late[lane] if late[lane] < np.inf else np.nan


@compiled_ieee
def unsure(sites: Bits) -> Any:
    """Give the scenarios in which something is not known of some site."""
    some = _NONE
    for j in range(len(sites)):
        some |= sites[j]
    return some
