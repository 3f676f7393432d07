"""Scenarios side by side in lanes: what the factors change, and which sites are open in which.

Scratch arrays have the scenarios of a block as their last axis, so that the processor works on
several at once; a set of scenarios is the bits of one number. Each scenario is still computed by
itself, its sums in one order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from resalloc.compiled import compiled_ieee
from resalloc.scoring.wiring import ADD, MINUTES, OPEN, SPEED, TARGET, TIMES

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.scoring.ground import Ground
    from resalloc.scoring.quantities import Entries
    from resalloc.scoring.wiring import Changes, Wiring

Bits = npt.NDArray[np.uint64]
LANES = 64
"""Scenarios that are worked on together: as many as a number has bits."""
_NONE = np.uint64(0)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_TOGETHER = 128  # factors whose values are turned into lanes at a time


class Lanes(NamedTuple):
    """Scratch arrays of a block of scenarios, each … × :data:`LANES`, and sets of scenarios.

    `values` are those of some factors at a time; `pace` is by place class how much longer a drive
    takes, and last a row of ones. `amounts` are the quantities, then their sums.
    `sites` says for each site in which scenarios its station is open (0), in which that is not
    known (1), and the same of its crew (2, 3).
    """

    values: Floats
    amounts: Floats
    pace: Floats
    before: Floats
    target: Floats
    sites: Bits


@compiled_ieee
def lanes_of(wiring: Wiring) -> Lanes:
    """Make the scratch arrays for a wiring."""
    return Lanes(
        np.empty((_TOGETHER, LANES)),
        np.empty((len(wiring.amounts) + len(wiring.sums.start) - 1, LANES)),
        np.empty((4, LANES)),
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
    _copy(wiring.amounts, lanes.amounts)
    _copy(ground.before, lanes.before)
    _copy(wiring.clauses.target, lanes.target)
    lanes.pace[:] = 1.0
    for j in range(len(ground.station)):
        lanes.sites[0, j] = _ALL if ground.station[j] > 0.5 else _NONE
        lanes.sites[1, j] = _ALL if np.isnan(ground.station[j]) else _NONE
        lanes.sites[2, j] = _ALL if ground.crewed[j] > 0.5 else _NONE
        lanes.sites[3, j] = _ALL if np.isnan(ground.crewed[j]) else _NONE
    _change(wiring.changes, ground, scenarios, first, lanes)
    lanes.pace[:] = 1.0 / lanes.pace
    _add_up(wiring.sums, lanes.amounts, len(wiring.amounts))


@compiled_ieee
def _fetch(scenarios: Floats, first: int, low: int, high: int, values: Floats) -> None:
    """Turn the values of some factors in a block of scenarios into lanes."""
    last = len(scenarios) - 1
    for k in range(low, high):
        for lane in range(LANES):
            values[k - low, lane] = scenarios[min(first + lane, last), k]


@compiled_ieee
def _copy(state: Floats, into: Floats) -> None:
    for i in range(len(state)):
        for lane in range(into.shape[1]):
            into[i, lane] = state[i]


@compiled_ieee
def _change(changes: Changes, ground: Ground, scenarios: Floats, first: int, lanes: Lanes) -> None:
    """Let each factor act in turn.

    What is called for each factor gets plain arrays: a tuple of many costs more than the work.
    """
    does, start, ids, more, stays = changes
    station_at, crewed_at, crews_at = ground.station_at, ground.crewed_at, ground.crews_at
    values, amounts, sites = lanes.values, lanes.amounts, lanes.sites
    pace, before, target = lanes.pace, lanes.before, lanes.target
    for low in range(0, len(does), _TOGETHER):
        high = min(low + _TOGETHER, len(does))
        _fetch(scenarios, first, low, high, values)
        for k in range(low, high):
            act, at = does[k], k - low
            for e in range(start[k], start[k + 1]):
                i = ids[e]
                if act == TIMES:
                    _times(amounts, i, values, at)
                elif act == OPEN:
                    _open(sites, i, values, at)
                    if station_at[i] >= 0:
                        _set(amounts, station_at[i], values, at)
                    if crewed_at[i] >= 0:
                        _set(amounts, crewed_at[i], values, at)
                    if crews_at[i] >= 0:
                        _crew(amounts, crews_at[i], values, at)
                elif act == ADD:
                    _add(amounts, i, values, at, stays[k], more[e])
                elif act == SPEED:
                    _times(pace, i, values, at)
                elif act == MINUTES:
                    _set(before, i, values, at)
                elif act == TARGET:
                    _set(target, i, values, at)


@compiled_ieee
def _times(amounts: Floats, i: int, values: Floats, k: int) -> None:
    for lane in range(values.shape[1]):
        amounts[i, lane] *= values[k, lane]


@compiled_ieee
def _set(into: Floats, i: int, values: Floats, k: int) -> None:
    for lane in range(values.shape[1]):
        into[i, lane] = values[k, lane]


@compiled_ieee
def _add(amounts: Floats, i: int, values: Floats, k: int, stays: float, more: float) -> None:
    for lane in range(values.shape[1]):
        amounts[i, lane] += (values[k, lane] - stays) * more


@compiled_ieee
def _crew(amounts: Floats, i: int, values: Floats, k: int) -> None:
    """A site that opens has its crews, at least one; one that closes has none."""
    for lane in range(values.shape[1]):
        crews = amounts[i, lane]
        amounts[i, lane] = values[k, lane] * (crews if crews > 1.0 else 1.0)


@compiled_ieee
def _open(sites: Bits, j: int, values: Floats, k: int) -> None:
    """Open a site with a crew in some scenarios, and close it in the others."""
    is_open = _NONE
    for lane in range(values.shape[1]):
        is_open |= np.uint64(values[k, lane] > 0.5) << np.uint64(lane)
    sites[0, j] = is_open
    sites[1, j] = _NONE
    sites[2, j] = is_open
    sites[3, j] = _NONE


@compiled_ieee
def _add_up(entries: Entries, amounts: Floats, first: int) -> None:
    """Add up each sum, its terms in turn, behind the amounts."""
    start, ids, weights = entries
    for u in range(len(start) - 1):
        total = amounts[first + u]
        total[:] = 0.0
        for k in range(start[u], start[u + 1]):
            weight, part = weights[k], amounts[ids[k]]
            for lane in range(len(total)):
                total[lane] += weight * part[lane]
