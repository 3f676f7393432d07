"""Tables of scenarios scored by NumPy broadcasting alone: the second way to the same numbers.

It reads what the compiled loop reads (a :class:`~resalloc.scoring.wiring.Wiring`) and shares
none of its arithmetic: whole arrays instead of one scenario at a time, the least over all open
sites instead of the first open one, sparse products instead of sums in turn. The tests hold the
two to each other, and the benchmark times one beside the other. For work, use
:func:`~resalloc.scoring.tables.score_table`.

Arrays have scenarios along the last axis: quantities × scenarios, points × scenarios.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
from scipy import sparse

from resalloc.errors import one_fault
from resalloc.result.scorecard import TOLERANCE
from resalloc.result.scores import VERDICTS, Places, Scores
from resalloc.rules.reach import EDGE_KM, EVERYONE
from resalloc.scoring.under import check_values
from resalloc.scoring.wiring import (
    ADD,
    MINUTES,
    OPEN,
    RATIO,
    REACH,
    SENSES,
    SPEED,
    TARGET,
    TIMES,
)  # fmt: skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.scenario import Batch
    from resalloc.scoring.tables import Scorer
    from resalloc.scoring.wiring import Changes, Wiring

    Flags = npt.NDArray[np.bool_]
    Small = npt.NDArray[np.int8]

MET, SHORT, OVER, UNKNOWN = map(VERDICTS.index, ("met", "short", "over", "not_computable"))
_AT_LEAST, _AT_MOST, _EQUAL = map(SENSES.index, (">=", "<=", "=="))
_BLOCK = 8e6
"""Bytes of the largest array; what is near a core's cache is fastest."""
_MOST = 2048
"""Scenarios side by side at most."""
_PLAIN = 64_000_000
"""Bytes of a plain broadcast."""
Nearest = Literal["plain", "blocked", "ranked"]


def score_by_broadcasting(scorer: Scorer, batch: Batch, *, nearest: Nearest = "blocked") -> Scores:
    """Score a batch as ``scorer.score(batch)`` does, to 1 part in 10^12, without compiled loops.

    Parameters
    ----------
    scorer
        A state made ready for the batch's factors.
    batch
        The scenarios.
    nearest
        How each point's nearest open site is found: ``"plain"``, one broadcast of scenarios ×
        points × sites and the least along the last axis, in chunks of 64 MB; ``"blocked"``, the
        same with the scenarios last and blocks that stay in the cache; ``"ranked"``, from the
        nearest site on until every scenario has found an open one.

    Raises
    ------
    InputError
        The batch has other factors than the scorer, or a value is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> import resalloc as ra
    >>> from resalloc.problem.scenario import Batch, Factor
    >>> from resalloc.scoring.state import today
    >>> from resalloc.scoring.tables import Scorer
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> batch = Batch((Factor("population"),), np.array([[0.8], [1.0], [1.25]]))
    >>> scorer = Scorer.of(today(problem), batch.factors, clauses=["beds_per_1000"])
    >>> score_by_broadcasting(scorer, batch).value[:, 0].round(3).tolist()
    [6.85, 5.48, 4.384]
    """
    if batch.factors != scorer.factors:
        raise one_fault("scenarios", "their factors are others.", "Make a scorer for them.")
    check_values(batch.factors, batch.values)
    groups = _groups(scorer.wiring.changes)
    size, count = len(batch), len(scorer.clauses)
    value, gap = np.empty((size, count)), np.empty((size, count))
    found = np.empty((size, count), dtype=np.int8)
    failing = np.zeros(len(scorer.labels[0]), dtype=np.int64)
    known = np.zeros_like(failing)
    worst_min = np.full(size, np.nan)
    rows = max(len(scorer.wiring.amounts), len(scorer.wiring.ground.township), 1)
    step = max(1, min(_MOST, int(_BLOCK / 8 / rows)))
    for low in range(0, size, step):
        part = slice(low, low + step)
        futures = _futures(scorer.wiring, groups, np.ascontiguousarray(batch.values[part].T))
        near = _nearest(scorer.wiring, futures, nearest)
        if scorer.longest:
            late = np.where(futures.people > 0, near.minutes, -np.inf).max(axis=0)
            told = np.isfinite(late) & ~np.isnan(near.minutes + futures.people).any(axis=0)
            worst_min[part] = np.where(told, late, np.nan)
        for c in range(count):
            own = _score(scorer.wiring, futures, near, c, bool(scorer.aimed[c]))
            value[part, c], gap[part, c], found[part, c] = own.value, own.gap, own.found
            at = slice(*scorer.wiring.clauses.place[c : c + 2])
            failing[at] += own.failing
            known[at] += own.known
    places = Places(*scorer.labels, failing, known)
    measures = {"response_worst_min": worst_min} if scorer.longest else {}
    return Scores(batch, scorer.clauses, value, gap, found, places, measures, scorer.fixed)


# What the factors change


class _Group(NamedTuple):
    """A run of factors that do the same and change nothing in common, so that they act at once.

    One entry a change: which factor, the position it changes, what a project adds there.
    """

    does: int
    factors: Ints
    ids: Ints
    amounts: Floats


def _groups(changes: Changes) -> list[_Group]:
    groups: list[_Group] = []
    taken: set[int] = set()
    for k, does in enumerate(changes.does.tolist()):
        part = slice(*changes.start[k : k + 2])
        ids, amounts = changes.ids[part], changes.amounts[part]
        factors = np.full(len(ids), k)
        if groups and groups[-1].does == does and not taken & set(ids.tolist()):
            last = groups.pop()
            factors, ids, amounts = (
                np.concatenate(pair) for pair in zip(last[1:], (factors, ids, amounts), strict=True)
            )
        else:
            taken = set()
        groups.append(_Group(does, factors, ids, amounts))
        taken |= set(ids.tolist())
    return groups


class _Futures(NamedTuple):
    """Scenarios side by side: what each quantity comes to in each."""

    sums: Floats
    people: Floats
    station: Floats
    crewed: Floats
    speed: Floats
    before: Floats
    target: Floats


def _futures(wiring: Wiring, groups: Sequence[_Group], values: Floats) -> _Futures:
    """Let the factors act on the quantities of scenarios given as factors × scenarios."""
    ground, entries = wiring.ground, wiring.sums
    now, station, crewed, before, target = (
        np.repeat(today[:, None], values.shape[1], axis=1)
        for today in (
            wiring.amounts, ground.station, ground.crewed, ground.before, wiring.clauses.target
        )
    )  # fmt: skip
    speed = np.ones((3, values.shape[1]))
    for does, factors, ids, amounts in groups:
        value = values[factors]
        if does == TIMES:
            now[ids] *= value
        elif does == ADD:
            now[ids] += (value - wiring.changes.stays[factors, None]) * amounts[:, None]
        elif does == OPEN:
            station[ids] = crewed[ids] = value
            for at in (ground.station_at[ids], ground.crewed_at[ids]):
                now[at[at >= 0]] = value[at >= 0]
            at = ground.crews_at[ids]
            now[at[at >= 0]] = np.fmax(now[at[at >= 0]], 1.0) * value[at >= 0]
        elif does == SPEED:
            speed[ids] *= value
        elif does == MINUTES:
            before[ids] = value
        elif does == TARGET:
            target[ids] = value
    shape = (len(entries.start) - 1, len(wiring.amounts))
    matrix = sparse.csr_array((entries.weights, entries.ids, entries.start), shape=shape)
    people = ground.share[:, None] * now[ground.residents][ground.township]
    return _Futures(
        np.vstack([now, np.asarray(matrix @ now)]),
        people,
        station,
        crewed,
        speed,
        before.sum(axis=0),
        target,
    )


# How far it is to the nearest


class _Near(NamedTuple):
    """Km to the nearest station and to the nearest that may be one, and minutes; by point."""

    km: Floats
    maybe_km: Floats
    minutes: Floats


def _nearest(wiring: Wiring, futures: _Futures, nearest: Nearest) -> _Near:
    ground, rules = wiring.ground, set(wiring.clauses.rule.tolist())
    least = {"plain": _plain, "blocked": _least, "ranked": _first_open}[nearest]
    none = np.full((len(ground.township), futures.people.shape[1]), np.nan)
    km = maybe = minutes = none
    if REACH in rules:
        table, unknown = _by_site(ground.km, ground.km_order), np.isnan(futures.station)
        km = least(table, futures.station > 0.5)
        maybe = least(table, unknown) if unknown.any() else np.full_like(none, np.inf)
    if rules - {RATIO, REACH}:
        drive, floor = (_by_site(t, ground.min_order) for t in (ground.drive, ground.floor))
        pace, manned = futures.speed[ground.place_class], futures.crewed > 0.5
        if (floor == floor[:, :1]).all():
            minutes = np.maximum(least(drive, manned) / pace, floor[:, :1])
        else:
            minutes = _least(drive, manned, pace, floor)
        minutes = minutes + futures.before
        lost = ~np.isfinite(minutes) | np.isnan(futures.crewed).any(axis=0)
        minutes = np.where(lost, np.nan, minutes)
    return _Near(km, maybe, minutes)


def _by_site(sorted_table: Floats, order: Ints) -> Floats:
    """Give a table of points × sites in the order of the sites again."""
    table = np.empty_like(sorted_table)
    np.put_along_axis(table, order, sorted_table, axis=1)
    return table


def _least(
    table: Floats, allowed: Flags, pace: Floats | None = None, floor: Floats | None = None
) -> Floats:
    """Give the least of points × sites over the allowed sites × scenarios; infinite for none."""
    points, (sites, size) = len(table), allowed.shape
    shut = np.where(allowed, 0.0, np.inf)
    least = np.full((points, size), np.inf)
    step = max(1, int(_BLOCK / 8 / max(1, sites * size)))
    for low in range(0, points if sites else 0, step):
        part = slice(low, low + step)
        costs = table[part, :, None]
        if pace is not None and floor is not None:
            costs = np.maximum(costs / pace[part, None, :], floor[part, :, None])
        least[part] = (costs + shut).min(axis=1)
    return least


def _plain(table: Floats, allowed: Flags) -> Floats:
    """Give the same as it is first written down: scenarios × points × sites, least along sites."""
    sites, size = allowed.shape
    least = np.full((len(table), size), np.inf)
    step = max(1, _PLAIN // (8 * max(1, table.size)))
    for low in range(0, size if sites else 0, step):
        is_open = np.ascontiguousarray(allowed[:, low : low + step].T)
        costs = np.where(is_open[:, None, :], table[None, :, :], np.inf)
        least[:, low : low + step] = costs.min(axis=-1).T
    return least


def _first_open(table: Floats, allowed: Flags) -> Floats:
    """Give the same, rank by rank from each point's nearest site on."""
    order = np.argsort(table, axis=1, kind="stable")
    least = np.full((len(table), allowed.shape[1]), np.inf)
    open_still = np.ones(least.shape, dtype=bool)
    for rank in order.T:
        hit = allowed[rank] & open_still
        np.copyto(least, table[np.arange(len(table)), rank][:, None], where=hit)
        open_still &= ~hit
        if not open_still.any():
            break
    return least


# What the clauses come to


class _Own(NamedTuple):
    """One clause in many scenarios, and how often each of its places fails and is known."""

    value: Floats
    gap: Floats
    found: Small
    failing: Ints
    known: Ints


def _score(wiring: Wiring, futures: _Futures, near: _Near, c: int, aimed: bool) -> _Own:
    clauses, target = wiring.clauses, futures.target[c]
    if clauses.rule[c] == RATIO:
        return _ratio(wiring, futures, c, target if aimed else None)
    points = clauses.points[slice(*clauses.point_start[c : c + 2])]
    people, home = futures.people[points], wiring.ground.township[points]
    towns = len(wiring.ground.residents)
    whole = np.ones(len(points)), (home, np.arange(len(points)))
    by_town = sparse.csr_array(whole, shape=(towns, len(points)))
    here = np.bincount(home, minlength=towns) > 0
    total = people.sum(axis=0)
    if clauses.rule[c] == REACH:
        within = near.km[points] <= target + EDGE_KM
        unsure = ~within & (near.maybe_km[points] <= target + EDGE_KM)
        beyond = by_town @ np.where(unsure, np.nan, np.where(within, 0.0, people))
        known = here[:, None] & ~np.isnan(beyond)
        covered = np.where(unsure, np.nan, np.where(within, people, 0.0)).sum(axis=0)
        one = _whole(covered, total, EVERYONE, _AT_LEAST, np.float64(EVERYONE))
        return _Own(*one, (known & (beyond > 0)).sum(axis=1), known.sum(axis=1))
    spent = people * near.minutes[points]
    above, below = np.asarray(by_town @ spent), np.asarray(by_town @ people)
    with np.errstate(divide="ignore", invalid="ignore"):
        over = above / below - target
    known = (below > 0) & ~np.isnan(above)
    failing = known & (over > TOLERANCE * np.maximum(1.0, np.abs(target)))
    one = _whole(spent.sum(axis=0), total, 1.0, _AT_MOST, target)
    return _Own(*one, failing.sum(axis=1), known.sum(axis=1))


def _whole(
    above: Floats, below: Floats, scale: float, sense: int, bound: Floats | np.float64
) -> tuple[Floats, Floats, Small]:
    """Give value, gap and verdict of a share or a mean of people; NaN without people."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(below > 0, scale * (above / below), np.nan)
    gap = _gap(np.full(len(value), sense), value, bound)
    return value, gap, _verdict(np.full(len(value), sense), value, bound, gap)


def _ratio(wiring: Wiring, futures: _Futures, c: int, target: Floats | None) -> _Own:
    """Give the worst row of a clause by scenario, as the single audit chooses it."""
    part = slice(int(wiring.clauses.first[c]), int(wiring.clauses.last[c]))
    sense, scale = wiring.lines.sense[part, None], wiring.lines.scale[part, None]
    above, below = (futures.sums[at[part]] for at in (wiring.lines.top, wiring.lines.bottom))
    bound = np.broadcast_to(wiring.lines.bound[part, None], above.shape)
    if target is not None:
        bound = np.broadcast_to(target, above.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = scale * (above / below)
    gap = np.where((above == 0) & (below == 0), 0.0, _gap(sense, value, bound))
    found = _verdict(sense, value, bound, gap)
    size = np.maximum(np.abs(bound), TOLERANCE)
    share = np.where(found == UNKNOWN, -np.inf, gap / size)
    margin = np.where(sense == _EQUAL, gap, np.where(sense == _AT_MOST, -1, 1) * (bound - value))
    margin = np.where(np.isnan(value), -np.inf, margin / size)
    worst = (found != UNKNOWN) & (share == share.max(axis=0, initial=-np.inf))
    tightest = np.where(worst, margin, -np.inf).max(axis=0, initial=-np.inf)
    pick = (worst & (margin == tightest)).argmax(axis=0)[None]
    measured = (~np.isnan(value) & (found != UNKNOWN)).any(axis=0)
    one = [np.take_along_axis(each, pick, axis=0)[0] for each in (value, gap, found)]
    if not measured.all():
        printed = _printed(float(wiring.clauses.printed[c]), sense, bound)
        one = [np.where(measured, one[k], printed[k]) for k in range(3)]
    known = found != UNKNOWN
    failing = (known & (found != MET)).sum(axis=1)
    return _Own(one[0], one[1], one[2], failing, known.sum(axis=1))


def _printed(printed: float, sense: Small, bound: Floats) -> tuple[Floats, Floats, Small]:
    """Give what the district's own figure comes to, where nothing can be computed."""
    value = np.full(bound.shape, printed)
    gap = _gap(sense, value, bound)
    pick = np.where(np.isnan(gap), -np.inf, gap).argmax(axis=0)[None]
    found = _verdict(sense, value, bound, gap)
    one = [np.take_along_axis(each, pick, axis=0)[0] for each in (value, gap, found)]
    return one[0], one[1], one[2]


def _gap(sense: npt.NDArray[np.integer], value: Floats, bound: Floats | np.float64) -> Floats:
    short = bound - value
    short = np.where(sense == _AT_MOST, -short, np.where(sense == _EQUAL, np.abs(short), short))
    return np.maximum(short, 0.0)


def _verdict(
    sense: npt.NDArray[np.integer], value: Floats, bound: Floats | np.float64, gap: Floats
) -> Small:
    short = (sense == _AT_LEAST) | ((sense == _EQUAL) & (value < bound))
    found = np.where(short, SHORT, OVER)
    found = np.where(gap <= TOLERANCE * np.maximum(1.0, np.abs(bound)), MET, found)
    return np.where(np.isnan(gap), UNKNOWN, found).astype(np.int8)
