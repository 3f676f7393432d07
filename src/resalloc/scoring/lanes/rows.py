"""Rows of ratios in lanes: value, gap and verdict of a clause's worst row in every scenario.

The loops are short and read few arrays each: only such are worked on in parallel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled_ieee
from resalloc.result.scorecard import TOLERANCE
from resalloc.scoring.lanes.block import LANES

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.wiring import Clauses, Lines

MET, SHORT, OVER, UNKNOWN = 0.0, 1.0, 2.0, 3.0
"""Verdicts, by number: ``met``, ``short``, ``over`` and ``not_computable``."""
VALUE, GAP, SHARE, TIGHT, TOLD = range(5)
"""What a row comes to, one line of lanes each: value, gap, gap as a share of the bound, how
much is wanting to it, verdict."""
AT_LEAST, AT_MOST = 0, 1
_MOST = np.finfo(np.float64).max


@compiled_ieee
def measure(
    sense: int, scale: float, above: Floats, below: Floats, bound: Floats, row: Floats
) -> None:
    """Give a row's value and gap in each lane, and how much is wanting.

    Nothing to measure (0 / 0) has no value and falls short by nothing; a gap that is not known
    is NaN. What is wanting is finite where there is a value, else minus infinity.
    """
    value, gap, tight = row[VALUE], row[GAP], row[TIGHT]
    for lane in range(len(value)):
        value[lane] = scale * (above[lane] / below[lane])
    if sense == AT_LEAST:
        for lane in range(len(value)):
            tight[lane] = bound[lane] - value[lane]
    else:
        for lane in range(len(value)):
            tight[lane] = value[lane] - bound[lane]
    if sense > AT_MOST:
        for lane in range(len(value)):
            tight[lane] = abs(tight[lane])
    for lane in range(len(value)):
        short = tight[lane] if tight[lane] > 0.0 else 0.0
        gap[lane] = short if value[lane] == value[lane] else np.nan
    for lane in range(len(value)):
        gap[lane] = 0.0 if (above[lane] == 0.0) & (below[lane] == 0.0) else gap[lane]
    for lane in range(len(value)):
        finite = tight[lane] if tight[lane] > -_MOST else -_MOST
        tight[lane] = finite if value[lane] == value[lane] else -np.inf


@compiled_ieee
def tell(sense: int, bound: Floats, row: Floats) -> None:
    """Give a row's verdict in each lane."""
    value, gap, told = row[VALUE], row[GAP], row[TOLD]
    beyond = SHORT if sense == AT_LEAST else OVER
    for lane in range(len(value)):
        size = abs(bound[lane])
        slack = TOLERANCE * (size if size > 1.0 else 1.0)
        told[lane] = MET if gap[lane] <= slack else beyond
    if sense > AT_MOST:
        for lane in range(len(value)):
            lower = (told[lane] == OVER) & (value[lane] < bound[lane])
            told[lane] = SHORT if lower else told[lane]
    for lane in range(len(value)):
        told[lane] = told[lane] if gap[lane] == gap[lane] else UNKNOWN


@compiled_ieee
def _tally(bound: Floats, row: Floats, real: int) -> tuple[int, int]:
    """Count where a row's gap is known, and where it is one."""
    gap = row[GAP]
    some, bad = 0, 0
    for lane in range(real):
        some += gap[lane] == gap[lane]
    for lane in range(real):
        size = abs(bound[lane])
        bad += gap[lane] > TOLERANCE * (size if size > 1.0 else 1.0)
    return some, bad


@compiled_ieee
def _as_shares(bound: Floats, row: Floats) -> None:
    """Make what is wanting, and the gap, shares of the bound: rows with other bounds compare."""
    share, gap, tight = row[SHARE], row[GAP], row[TIGHT]
    for lane in range(len(bound)):
        size = abs(bound[lane])
        share[lane] = gap[lane] / (size if size > TOLERANCE else TOLERANCE)
    for lane in range(len(bound)):
        size = abs(bound[lane])
        tight[lane] = tight[lane] / (size if size > TOLERANCE else TOLERANCE)


@compiled_ieee
def _keep_worse(
    sense: int, bound: Floats, by: int, row: Floats, worst: Floats, worse: Ints
) -> None:
    """Put a row in the place of the worst so far where it is worse: by gap, then margin.

    `by` says whether gaps (rows with one bound) or their shares are compared.
    """
    own, old, tight, margin = row[by], worst[by], row[TIGHT], worst[TIGHT]
    for lane in range(len(worse)):
        worse[lane] = own[lane] > old[lane]
    for lane in range(len(worse)):
        worse[lane] |= (own[lane] == old[lane]) & (tight[lane] > margin[lane])
    some = 0
    for lane in range(len(worse)):
        some |= worse[lane]
    if some != 0:
        tell(sense, bound, row)
        for line in range(len(row)):
            new, kept = row[line], worst[line]
            for lane in range(len(worse)):
                kept[lane] = new[lane] if worse[lane] != 0 else kept[lane]


@compiled_ieee
def worst_row(
    lines: Lines, clauses: Clauses, c: int, amounts: Floats, target: Floats, aimed: bool,
    real: int, work: Floats, fails: Ints, known: Ints,
) -> None:  # fmt: skip
    """Score the rows of one clause and leave the worst of each lane in ``work[1]``.

    Parameters
    ----------
    lines, clauses, c
        The rows, and the clause.
    amounts
        Quantities and sums × lanes.
    target, aimed
        The clause's target by lane, and whether it is what the rows are held against.
    real
        Lanes that hold a scenario.
    work
        Scratch, 2 × 5 × lanes.
    fails, known
        Added to, by place.
    """
    row, worst, bound, worse = work[0], work[1], target.copy(), np.empty(LANES, np.int64)
    sense, scale, top, bottom = lines.sense, lines.scale, lines.top, lines.bottom
    first, place, even = clauses.first[c], clauses.place[c], clauses.even[c] or aimed
    worst[:] = -np.inf
    worst[TOLD] = UNKNOWN
    for r in range(first, clauses.last[c]):
        if not aimed:
            bound[:] = lines.bound[r]
        measure(sense[r], scale[r], amounts[top[r]], amounts[bottom[r]], bound, row)
        some, bad = _tally(bound, row, real)
        known[place + r - first] += some
        fails[place + r - first] += bad
        if not even:
            _as_shares(bound, row)
        _keep_worse(sense[r], bound, GAP if even else SHARE, row, worst, worse)
    printed = clauses.printed[c]
    for lane in range(LANES):
        if np.isneginf(worst[TIGHT, lane]):
            worst[VALUE, lane], worst[GAP, lane], worst[TOLD, lane] = np.nan, np.nan, UNKNOWN
            worse[lane] = 1
        else:
            worse[lane] = 0
    if not np.isnan(printed):
        _print(lines, first, clauses.last[c], target, aimed, printed, worse, row, worst)


@compiled_ieee
def _print(
    lines: Lines, first: int, last: int, target: Floats, aimed: bool, printed: float,
    wanted: Ints, row: Floats, worst: Floats,
) -> None:  # fmt: skip
    """Put what the district reports where a clause cannot be computed."""
    above, one, bound = np.full(LANES, printed), np.ones(LANES), target.copy()
    for r in range(first, last):
        if not aimed:
            bound[:] = lines.bound[r]
        measure(lines.sense[r], 1.0, above, one, bound, row)
        tell(lines.sense[r], bound, row)
        for lane in range(LANES):
            if wanted[lane] != 0 and not row[GAP, lane] <= worst[GAP, lane]:
                for line in range(len(row)):
                    worst[line, lane] = row[line, lane]
