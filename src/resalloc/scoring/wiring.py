"""Wiring: a state and a sweep's factors as flat arrays, for the compiled loop over scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from resalloc.district.travel import pace_of
from resalloc.rules.effects import BEFORE, CLASSES, Effect
from resalloc.rules.reach import points_of, radius_km
from resalloc.scoring.under import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scipy import sparse

    from resalloc.problem.columns import Columns, Floats, Ints
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.problem.scenario import Kind

Small = npt.NDArray[np.int8]
KINDS: tuple[Kind, ...] = (
    "budget", "people", "amount", "project", "site", "speed", "minutes", "target",
)  # fmt: skip
"""Kinds of effect, by the number the compiled loop knows them by."""
SENSES = (">=", "<=", "==")
RATIO, REACH, RESPONSE = 0, 1, 2
"""Rules, by the number the compiled loop knows them by."""


class Entries(NamedTuple):
    """A sparse matrix by rows: what to add up, in the order in which it is added."""

    start: Ints
    ids: Ints
    weights: Floats


class Changes(NamedTuple):
    """What each factor changes, factor after factor."""

    kind: Small
    start: Ints
    ids: Ints
    amounts: Floats
    stays: Floats


class Lines(NamedTuple):
    """The ratio rows of the clauses, clause after clause."""

    top: Entries
    top_given: Entries
    bottom: Entries
    bottom_given: Entries
    scale: Floats
    sense: Small
    bound: Floats


class Clauses(NamedTuple):
    """The clauses: the rule, its rows among the lines, its demand points, its target.

    `printed` is what the district reports where a clause cannot be computed; NaN where nothing.
    `place` is where the clause's places start among all places counted.
    """

    rule: Small
    first: Ints
    last: Ints
    point_start: Ints
    points: Ints
    target: Floats
    printed: Floats
    place: Ints


class Ground(NamedTuple):
    """Demand points and sites: who lives where, and how far it is to each site.

    `km_order` and `min_order` list each point's sites from the nearest on; `km` and `drive` and
    `floor` are in that order. `pace_fixed` is false where the order may change with speed.
    """

    township: Ints
    share: Floats
    residents: Ints
    place_class: Ints
    km: Floats
    km_order: Ints
    drive: Floats
    floor: Floats
    min_order: Ints
    before: Floats
    station: Ints
    crewed: Ints
    crews: Ints
    pace_fixed: bool


class Wiring(NamedTuple):
    """All the compiled loop needs."""

    x: Floats
    given: Floats
    changes: Changes
    lines: Lines
    clauses: Clauses
    ground: Ground


def touched(effects: Iterable[Effect], columns: Columns) -> tuple[set[int], set[int]]:
    """Give the given quantities and the columns that some factor changes, by position."""
    given: set[int] = set()
    cells: set[int] = set()
    for effect in effects:
        kind = effect.factor.kind
        if kind == "people":
            given |= set(effect.ids.tolist())
        elif kind in ("amount", "project"):
            cells |= set(effect.ids.tolist())
        elif kind == "site":
            for name in SITE:
                cells |= set(columns[name].ids[effect.ids, 0].tolist())
    return given, cells


def moved(block: NormRows, rows: Rows, effects: Sequence[Effect]) -> bool:
    """Say whether any factor can change what a clause comes to."""
    given, cells = touched(effects, rows.columns)
    if any(effect.norm_id == block.norm.id for effect in effects):
        return True
    rule = rule_of(block)
    if rule == RATIO:
        assert block.top_given is not None
        assert block.bottom_given is not None
        read = set(block.top.indices.tolist()) | set(block.bottom.indices.tolist())
        counted = set(block.top_given.indices.tolist()) | set(block.bottom_given.indices.tolist())
        return bool(read & cells or counted & given)
    year = rows.problem.years[0]
    kinds = {effect.factor.kind for effect in effects}
    if given & set(rows.given.ids("residents", year).tolist()):
        return True
    if rule == RESPONSE and kinds & {"speed", "minutes"}:
        return True
    sites = rows.columns["station" if rule == REACH else "crewed"].ids
    return bool(cells & set(sites.reshape(-1).tolist()))


def rule_of(block: NormRows) -> int:
    """Give the number of a clause's rule."""
    assert block.norm.indicator is not None
    return {"reach": REACH, "response": RESPONSE}.get(block.norm.indicator.rule, RATIO)


def wire(
    rows: Rows,
    x: Floats,
    effects: Sequence[Effect],
    blocks: Sequence[NormRows],
    printed: Sequence[float],
) -> Wiring:
    """Lay out a state, the factors and the clauses they move.

    Parameters
    ----------
    rows
        The compiled problem of one year.
    x
        Values of its columns; the derived ones are not read.
    effects
        What each factor changes.
    blocks
        The rows of the clauses to score.
    printed
        For each of them what the district reports where it cannot be computed, or NaN.
    """
    columns, problem = rows.columns, rows.problem
    ratios = [block for block in blocks if rule_of(block) == RATIO]
    sites = [columns[name].ids[:, 0] for name in SITE]
    used = [block.top.indices for block in ratios] + [block.bottom.indices for block in ratios]
    kept = np.unique(np.concatenate([*used, *sites]).astype(np.int64))
    local = np.full(columns.size, -1, dtype=np.int64)
    local[kept] = np.arange(len(kept))
    return Wiring(
        x[kept].copy(),
        rows.given.values.copy(),
        _changes(effects, local, [block.norm.id for block in blocks]),
        _lines(ratios, local),
        _clauses(blocks, printed, problem),
        _ground(problem, rows, [local[ids] for ids in sites]),
    )


def _changes(effects: Sequence[Effect], local: Ints, norms: list[str]) -> Changes:
    ids: list[Ints] = []
    amounts: list[Floats] = []
    for effect in effects:
        kind = effect.factor.kind
        own, more = effect.ids, effect.amounts
        if kind in ("amount", "project"):
            here = local[own] >= 0
            own, more = local[own][here], more[here]
        elif kind == "target":
            own = np.array([norms.index(effect.norm_id)] if effect.norm_id in norms else [])
            more = np.zeros(len(own))
        ids.append(own.astype(np.int64))
        amounts.append(more.astype(float))
    return Changes(
        np.array([KINDS.index(effect.factor.kind) for effect in effects], dtype=np.int8),
        _starts(ids),
        _whole(ids),
        _real(amounts),
        np.array([effect.stays for effect in effects], dtype=float),
    )


def _lines(blocks: Sequence[NormRows], local: Ints) -> Lines:
    senses = [SENSES.index(sense) for block in blocks for sense in block.sense]
    scale = [np.full(len(block), block.scale) for block in blocks]
    return Lines(
        _entries([block.top for block in blocks], local),
        _entries([block.top_given for block in blocks]),
        _entries([block.bottom for block in blocks], local),
        _entries([block.bottom_given for block in blocks]),
        _real(scale),
        np.array(senses, dtype=np.int8),
        _real([block.bound for block in blocks]),
    )


def _entries(matrices: Sequence[sparse.csr_array | None], local: Ints | None = None) -> Entries:
    counts, ids, weights = [np.zeros(1, dtype=np.int64)], [], []
    for matrix in matrices:
        assert matrix is not None
        counts.append(np.diff(matrix.indptr).astype(np.int64))
        own = matrix.indices.astype(np.int64)
        ids.append(own if local is None else local[own])
        weights.append(matrix.data.astype(float))
    return Entries(np.cumsum(np.concatenate(counts)), _whole(ids), _real(weights))


def _clauses(blocks: Sequence[NormRows], printed: Sequence[float], problem: Problem) -> Clauses:
    rules = [rule_of(block) for block in blocks]
    lengths = [
        len(block) if rule == RATIO else 0 for block, rule in zip(blocks, rules, strict=True)
    ]
    ends = np.cumsum(lengths, dtype=np.int64)
    points = [
        np.zeros(0, dtype=np.int64) if rule == RATIO else points_of(block.norm, problem)
        for block, rule in zip(blocks, rules, strict=True)
    ]
    target = [
        radius_km(block.norm) if rule == REACH else float(block.bound[0])
        for block, rule in zip(blocks, rules, strict=True)
    ]
    return Clauses(
        np.array(rules, dtype=np.int8),
        ends - np.array(lengths, dtype=np.int64),
        ends,
        _starts(points),
        _whole(points),
        np.array(target, dtype=float),
        np.array(printed, dtype=float),
        _starts([np.zeros(place_count(block, problem)) for block in blocks]),
    )


def place_count(block: NormRows, problem: Problem) -> int:
    """Give how many places a clause is counted at: its rows, or the townships."""
    return len(block) if rule_of(block) == RATIO else len(problem.district.townships)


def _ground(problem: Problem, rows: Rows, sites: Sequence[Ints]) -> Ground:
    district, year = problem.district, problem.years[0]
    points, given = district.points, district.assumptions
    where = {name: i for i, name in enumerate(district.townships.index)}
    classes = points["place_class"].to_numpy()
    km = district.travel.distance_km
    pace = pace_of(district.travel, points, given)
    by_km = np.argsort(km, axis=1, kind="stable")
    by_min = np.argsort(np.maximum(pace.drive_min, pace.floor_min), axis=1, kind="stable")
    drive, floor = (np.take_along_axis(a, by_min, axis=1) for a in (pace.drive_min, pace.floor_min))
    steady = bool((floor == floor[:, :1]).all()) if floor.size else True
    if steady:
        by_min = np.argsort(pace.drive_min, axis=1, kind="stable")
        drive = np.take_along_axis(pace.drive_min, by_min, axis=1)
    return Ground(
        np.array([where[name] for name in points["township"]], dtype=np.int64),
        points["share"].to_numpy(dtype=float),
        rows.given.ids("residents", year),
        np.array([CLASSES.index(c) if c in CLASSES else len(CLASSES) for c in classes]),
        np.take_along_axis(km, by_km, axis=1),
        by_km.astype(np.int64),
        np.ascontiguousarray(drive),
        np.ascontiguousarray(floor),
        by_min.astype(np.int64),
        np.array([given.value(key) for key in BEFORE]),
        sites[0],
        sites[1],
        sites[2],
        steady,
    )


def _starts(parts: Sequence[npt.NDArray[Any]]) -> Ints:
    return np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)


def _whole(parts: Sequence[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _real(parts: Sequence[Floats]) -> Floats:
    return np.concatenate([np.zeros(0), *parts])
