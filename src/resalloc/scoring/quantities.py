"""Quantities: what the ratio rows add up, merged where no factor and no row tells it apart.

Hundreds of columns (nurses at each institution …) that every factor changes alike and every
row counts alike are one quantity, their sum. That is exact but for the order of addition.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.scoring.under import SITE

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from scipy import sparse

    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.rules.effects import Effect

Terms = tuple[tuple[int, float], ...]


class Entries(NamedTuple):
    """A sparse matrix by rows: what to add up, and how many times each."""

    start: Ints
    ids: Ints
    weights: Floats


@dataclass(frozen=True, eq=False)
class Quantities:
    """What is added up.

    Parameters
    ----------
    amounts
        The quantities of the state; NaN where something in one is not known.
    sums
        The different sums over them.
    top, bottom
        What is numerator and denominator of each row: a quantity, or (from their number on)
        a sum.
    extra
        The further sums, likewise.
    changed
        By effect: the quantities a factor or project changes, and by how much a project does.
    residents
        Quantity of the residents of each township.
    sites
        For each of :data:`~resalloc.scoring.under.SITE`: the quantity of each site's column,
        −1 where no row reads it.
    """

    amounts: Floats
    sums: Entries
    top: Ints
    bottom: Ints
    extra: Ints
    changed: tuple[tuple[Ints, Floats], ...]
    residents: Ints
    sites: tuple[Ints, Ints, Ints]


def quantities(
    blocks: Sequence[NormRows],
    rows: Rows,
    x: Floats,
    effects: Sequence[Effect],
    more: Sequence[Terms] = (),
) -> Quantities:
    """Merge what the rows of some clauses add up.

    Parameters
    ----------
    blocks
        Clauses that are ratios.
    rows
        The compiled problem of one year.
    x
        Values of its columns.
    effects
        What each factor changes.
    more
        Further sums of columns, as position and weight.
    """
    width, year = rows.columns.size, rows.problem.years[0]
    values = np.concatenate([x, rows.given.values])
    residents = rows.given.ids("residents", year) + width
    sites = [rows.columns[name].ids[:, 0] for name in SITE]
    sums: dict[Terms, int] = {}
    top = [sums.setdefault(t, len(sums)) for b in blocks for t in _terms(b.top, b.top_given, width)]
    bottom = [
        sums.setdefault(t, len(sums))
        for b in blocks
        for t in _terms(b.bottom, b.bottom_given, width)
    ]
    extra = [sums.setdefault(terms, len(sums)) for terms in more]
    read: dict[int, list[tuple[int, float]]] = {int(i): [] for i in residents}
    for terms, number in sums.items():
        for position, weight in terms:
            read.setdefault(position, []).append((number, weight))
    acts = _acts(effects, width)
    alone = {int(i) for i in residents} | {int(i) for ids in sites for i in ids}
    merged: dict[Hashable, int] = {}
    home = {
        position: merged.setdefault(
            (
                tuple(pattern),
                tuple(k for k, _ in acts[position]),
                (position in alone) and position + 1,
            ),
            len(merged),
        )
        for position, pattern in read.items()
    }
    amounts = np.zeros(len(merged))
    for position, where in home.items():
        amounts[where] += values[position]
    entries, place = _entries(sums, home, len(amounts))
    return Quantities(
        amounts,
        entries,
        place[np.array(top, dtype=np.int64)],
        place[np.array(bottom, dtype=np.int64)],
        place[np.array(extra, dtype=np.int64)],
        tuple(_changed(k, acts, home) for k in range(len(effects))),
        np.array([home[int(i)] for i in residents], dtype=np.int64),
        (_at(sites[0], home), _at(sites[1], home), _at(sites[2], home)),
    )


def _terms(columns: sparse.csr_array, given: sparse.csr_array | None, width: int) -> list[Terms]:
    """Give each row's terms: position (the given quantities after the columns) and weight."""
    assert given is not None
    found = []
    for r in range(columns.shape[0]):
        own = slice(columns.indptr[r], columns.indptr[r + 1])
        more = slice(given.indptr[r], given.indptr[r + 1])
        ids = np.concatenate([columns.indices[own], given.indices[more] + width])
        weights = np.concatenate([columns.data[own], given.data[more]])
        found.append(tuple(zip(ids.tolist(), weights.tolist(), strict=True)))
    return found


def _acts(effects: Sequence[Effect], width: int) -> dict[int, list[tuple[int, float]]]:
    """Give, by position, the factors and projects that change it, in turn, and what they add."""
    acts: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for k, effect in enumerate(effects):
        if effect.factor.kind in ("people", "amount", "project"):
            offset = width if effect.factor.kind == "people" else 0
            for i, amount in zip(effect.ids.tolist(), effect.amounts.tolist(), strict=True):
                acts[i + offset].append((k, amount))
    return acts


def _entries(sums: dict[Terms, int], home: dict[int, int], size: int) -> tuple[Entries, Ints]:
    """Give the sums over quantities, and where each stands; a single quantity is itself."""
    starts: list[int] = [0]
    ids: list[int] = []
    weights: list[float] = []
    places: list[int] = []
    for terms in sums:
        own = {home[position]: weight for position, weight in terms}
        if len(own) == 1 and set(own.values()) == {1.0}:
            places.append(next(iter(own)))
            continue
        ids += own.keys()
        weights += own.values()
        places.append(size + len(starts) - 1)
        starts.append(len(ids))
    entries = Entries(
        np.array(starts, dtype=np.int64),
        np.array(ids, dtype=np.int64),
        np.array(weights, dtype=np.float64),
    )
    return entries, np.array(places, dtype=np.int64)


def _changed(
    k: int, acts: dict[int, list[tuple[int, float]]], home: dict[int, int]
) -> tuple[Ints, Floats]:
    """Give the quantities a factor changes, and what a project adds to each in all."""
    more: dict[int, float] = {}
    for position, changes in acts.items():
        for factor, amount in changes:
            if factor == k and position in home:
                more[home[position]] = more.get(home[position], 0.0) + amount
    return np.array(list(more), dtype=np.int64), np.array(list(more.values()), dtype=np.float64)


def _at(ids: Ints, home: dict[int, int]) -> Ints:
    return np.array([home.get(int(i), -1) for i in ids], dtype=np.int64)
