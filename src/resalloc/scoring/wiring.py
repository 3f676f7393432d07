"""Wiring: a state and a sweep's factors as flat arrays, for the compiled loop over scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from resalloc.rules.reach import points_of, radius_km
from resalloc.scoring.ground import Ground, lay_ground
from resalloc.scoring.quantities import Entries, quantities
from resalloc.scoring.under import SITE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from resalloc.problem.columns import Columns, Floats, Ints
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.problem.scenario import Kind
    from resalloc.rules.effects import Effect
    from resalloc.scoring.quantities import Quantities, Terms

Small = npt.NDArray[np.int8]
NOTHING, TIMES, ADD, OPEN, SPEED, MINUTES, TARGET = range(7)
"""What a factor does, by the number the compiled loop knows it by."""
DOES: dict[Kind, int] = {
    "people": TIMES, "amount": TIMES, "project": ADD, "site": OPEN, "speed": SPEED,
    "minutes": MINUTES, "target": TARGET, "budget": NOTHING,
}  # fmt: skip
SENSES = (">=", "<=", "==")
RATIO, REACH, RESPONSE = 0, 1, 2
"""Rules, by the number the compiled loop knows them by."""
WANTS_KM, WANTS_MIN = 1, 2
"""Bits that say which ways of a demand point are needed."""


class Changes(NamedTuple):
    """What each factor changes, factor after factor: positions, and what a project adds there."""

    does: Small
    start: Ints
    ids: Ints
    amounts: Floats
    stays: Floats


class Lines(NamedTuple):
    """The ratio rows of the clauses, clause after clause.

    `top` and `bottom` are quantities or, from their number on, sums.
    """

    top: Ints
    bottom: Ints
    scale: Floats
    sense: Small
    bound: Floats


class Clauses(NamedTuple):
    """The clauses: the rule, its rows among the lines, its demand points, its target.

    `printed` is what the district reports where a clause cannot be computed; NaN where nothing.
    `place` is where the clause's places start among all places counted. `of` lists, point by
    point, the clauses that speak of it, `town_of` the same by township; `wants` says which ways
    of a point are needed, `even` whether all rows of a clause have one bound.
    """

    rule: Small
    first: Ints
    last: Ints
    point_start: Ints
    points: Ints
    target: Floats
    printed: Floats
    place: Ints
    of_start: Ints
    of: Ints
    town_start: Ints
    town_of: Ints
    wants: Small
    even: npt.NDArray[np.bool_]


class Wiring(NamedTuple):
    """All the compiled loop needs.

    `amounts` are the quantities of the state, `sums` what the lines add up of them; `extra` are
    sums asked for beside the lines.
    """

    amounts: Floats
    sums: Entries
    extra: Ints
    changes: Changes
    lines: Lines
    clauses: Clauses
    ground: Ground


def width_of(wiring: Wiring) -> int:
    """Give how many quantities and sums a wiring has."""
    return len(wiring.amounts) + len(wiring.sums.start) - 1


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
    more: Sequence[Terms] = (),
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
    more
        Further sums of columns, as position and weight.
    """
    ratios = [block for block in blocks if rule_of(block) == RATIO]
    found = quantities(ratios, rows, x, effects, more)
    return Wiring(
        found.amounts,
        found.sums,
        found.extra,
        _changes(effects, found, [block.norm.id for block in blocks]),
        _lines(ratios, found),
        _clauses(blocks, printed, rows.problem),
        lay_ground(rows, x, found),
    )


def _changes(effects: Sequence[Effect], found: Quantities, norms: list[str]) -> Changes:
    ids: list[Ints] = []
    amounts: list[Floats] = []
    for k, effect in enumerate(effects):
        kind = effect.factor.kind
        own, more = effect.ids, np.zeros(len(effect.ids))
        if kind in ("people", "amount", "project"):
            own, more = found.changed[k]
        elif kind == "target":
            own = np.array([norms.index(effect.norm_id)] if effect.norm_id in norms else [])
            more = np.zeros(len(own))
        ids.append(own.astype(np.int64))
        amounts.append(more)
    return Changes(
        np.array([DOES[effect.factor.kind] for effect in effects], dtype=np.int8),
        _starts(ids),
        np.concatenate([np.zeros(0, dtype=np.int64), *ids]),
        np.concatenate([np.zeros(0), *amounts]),
        np.array([effect.stays for effect in effects], dtype=float),
    )


def _lines(blocks: Sequence[NormRows], found: Quantities) -> Lines:
    senses = [SENSES.index(sense) for block in blocks for sense in block.sense]
    scale = [np.full(len(block), block.scale) for block in blocks]
    return Lines(
        found.top,
        found.bottom,
        np.concatenate([np.zeros(0), *scale]),
        np.array(senses, dtype=np.int8),
        np.concatenate([np.zeros(0), *(block.bound for block in blocks)]),
    )


def _clauses(blocks: Sequence[NormRows], printed: Sequence[float], problem: Problem) -> Clauses:
    rules = [rule_of(block) for block in blocks]
    each = list(zip(blocks, rules, strict=True))
    lengths = [len(block) if rule == RATIO else 0 for block, rule in each]
    ends = np.cumsum(lengths, dtype=np.int64)
    none = np.zeros(0, dtype=np.int64)
    points = [none if rule == RATIO else points_of(block.norm, problem) for block, rule in each]
    target = [
        radius_km(block.norm) if rule == REACH else float(block.bound[0]) for block, rule in each
    ]
    district = problem.district
    by_point: list[list[int]] = [[] for _ in range(len(district.points))]
    for c, own in enumerate(points):
        for i in own.tolist():
            by_point[i].append(c)
    by_town: dict[str, set[int]] = {name: set() for name in district.townships.index}
    for name, own_clauses in zip(district.points["township"], by_point, strict=True):
        by_town[name] |= set(own_clauses)
    wanted = {REACH: WANTS_KM, RESPONSE: WANTS_MIN}
    wants = [sum({wanted[rules[c]] for c in own_clauses}) for own_clauses in by_point]
    of_start, of = _lists(by_point)
    town_start, town_of = _lists([sorted(found) for found in by_town.values()])
    return Clauses(
        np.array(rules, dtype=np.int8),
        ends - np.array(lengths, dtype=np.int64),
        ends,
        _starts(points),
        np.concatenate([none, *points]),
        np.array(target, dtype=float),
        np.array(printed, dtype=float),
        _starts([np.zeros(place_count(block, problem)) for block in blocks]),
        of_start,
        of,
        town_start,
        town_of,
        np.array(wants, dtype=np.int8),
        np.array([len(set(block.bound.tolist())) == 1 for block in blocks], dtype=bool),
    )


def _lists(parts: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    arrays = [np.array(part, dtype=np.int64) for part in parts]
    return _starts(arrays), np.concatenate([np.zeros(0, dtype=np.int64), *arrays])


def place_count(block: NormRows, problem: Problem) -> int:
    """Give how many places a clause is counted at: its rows, or the townships."""
    return len(block) if rule_of(block) == RATIO else len(problem.district.townships)


def _starts(parts: Sequence[npt.NDArray[Any]]) -> Ints:
    return np.cumsum([0, *(len(part) for part in parts)], dtype=np.int64)
