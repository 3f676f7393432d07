"""The compiled loops over scenarios: scoring them, and laying out what they are scored by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled_ieee
from resalloc.rules.reach import EVERYONE
from resalloc.scoring.lanes.block import LANES, lanes_of, lay
from resalloc.scoring.lanes.rows import (
    AT_LEAST,
    AT_MOST,
    GAP,
    TOLD,
    VALUE,
    measure,
    tell,
    worst_row,
)
from resalloc.scoring.lanes.spread import Added, Ways, spread
from resalloc.scoring.lanes.ways import arrive, driven, first_open, unsure
from resalloc.scoring.wiring import RATIO, REACH

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.wiring import Wiring

    Small = npt.NDArray[np.int8]


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
    worst_min: Floats,
) -> None:
    """Score scenarios, 64 lanes at a time; threads share them out.

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
    worst_min
        Written: the longest response to anybody, by scenario; not where it has no entry.
    """
    clauses, lines = wiring.clauses, wiring.lines
    count, spatial = len(clauses.rule), len(clauses.of) > 0
    lanes = lanes_of(wiring)
    ways = Ways(
        np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES), np.empty(LANES),
        np.empty(LANES), np.empty(LANES),
    )  # fmt: skip
    added = Added(
        np.empty((count, LANES)), np.empty((count, LANES)), np.empty((count, LANES)),
        np.empty((count, LANES)),
    )  # fmt: skip
    work, everyone = np.empty((2, 5, LANES)), np.full(LANES, EVERYONE)
    amounts, target, row, worst = lanes.amounts, lanes.target, work[0], work[1]
    for block in range(0, len(scenarios), LANES):
        real = min(LANES, len(scenarios) - block)
        lay(wiring, scenarios, block, lanes)
        if spatial:
            spread(wiring.ground, clauses, lanes, real, ways, added, fails, known)
        if len(worst_min):
            for lane in range(real):
                longest = ways.worst[lane] + ways.unsaid[lane]
                worst_min[block + lane] = longest if longest > -np.inf else np.nan
        for c in range(count):
            if clauses.rule[c] == RATIO:
                worst_row(lines, clauses, c, amounts, target[c], aimed[c], real, work, fails, known)
                _write(worst, block, real, c, value, gap, found)
                continue
            above, below = added.above[c], added.below[c]
            for lane in range(LANES):  # nobody to count is nothing to measure
                above[lane] = above[lane] if below[lane] > 0.0 else np.nan
            if clauses.rule[c] == REACH:
                measure(AT_LEAST, EVERYONE, above, below, everyone, row)
                tell(AT_LEAST, everyone, row)
            else:
                measure(AT_MOST, 1.0, above, below, target[c], row)
                tell(AT_MOST, target[c], row)
            _write(row, block, real, c, value, gap, found)


@compiled_ieee
def _write(
    row: Floats, block: int, real: int, c: int, value: Floats, gap: Floats, found: Small
) -> None:
    """Write a clause's numbers of a block of scenarios."""
    for lane in range(real):
        value[block + lane, c] = row[VALUE, lane]
        gap[block + lane, c] = row[GAP, lane]
        found[block + lane, c] = int(row[TOLD, lane])


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
        Written: scenarios × quantities and their sums, scenarios × townships.
    near, maybe, late
        Written: scenarios × demand points: km to the nearest open station and to the nearest
        that may be open, minutes of the nearest crew (NaN where none comes or one is not
        known); not where they have no row.
    """
    ground = wiring.ground
    at, points = ground.residents, near.shape[1] if len(near) else 0
    lanes, away = lanes_of(wiring), np.empty((3, LANES))
    sites, pace = lanes.sites, lanes.pace
    for block in range(0, len(scenarios), LANES):
        real = min(LANES, len(scenarios) - block)
        lay(wiring, scenarios, block, lanes)
        told, wait = unsure(sites, 3), lanes.before[0] + lanes.before[1]
        for lane in range(real):
            for u in range(sums.shape[1]):
                sums[block + lane, u] = lanes.amounts[u, lane]
            for t in range(len(at)):
                residents[block + lane, t] = lanes.amounts[at[t], lane]
        for i in range(points):
            first_open(ground.km_order, ground.km, i, sites, 0, away[0])
            first_open(ground.km_order, ground.km, i, sites, 1, away[1])
            own = pace[ground.place_class[i]]
            if ground.steady:
                first_open(ground.min_order, ground.drive, i, sites, 2, away[2])
                arrive(ground.floor[i, 0], own, wait, told, away[2])
            else:
                driven(ground.min_order, ground.drive, ground.floor, i, sites, own, away[2])
                arrive(0.0, pace[3], wait, told, away[2])
            for lane in range(real):
                near[block + lane, i] = away[0, lane]
                maybe[block + lane, i] = away[1, lane]
                late[block + lane, i] = away[2, lane]
