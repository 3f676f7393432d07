"""Believing an answer: recomputing it from the rows with NumPy, without the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.solver.priorities import split

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import NormRows, Rows

Mask = npt.NDArray[np.bool_]
TOLERANCE = 1e-5
_SERVICE = ("station", "crewed", "crews", "vehicles")
_SPOKEN = ("beds_total", "beds", "staff", "equipment", "supply", "fever", *_SERVICE)


def whole(rows: Rows, x: Floats) -> Floats:
    """Give the allocation as it is reported: whole numbers whole, derived columns recomputed."""
    size = rows.columns.size
    clean = np.where(rows.columns.integer, np.round(x[:size]), x[:size]) + 0.0  # no -0
    return rows.derive(clean)


def settled(rows: Rows, x: Floats) -> Floats:
    """Give the allocation made true to its derived columns (crews by who is nearest)."""
    return x if rows.settle is None else rows.derive(rows.settle(x))


def spoken(rows: Rows, x: Floats) -> Floats:
    """Give the allocation without what the model says nothing of.

    A quantity that is not known today and that no clause in the model mentions was
    left at zero by the solver; that is not a plan to have none. It stays unknown. So do
    the general beds of an institution, the rest of its total, while one of its other
    kinds is not known.
    """
    columns = rows.columns
    unknown = np.isnan(columns.today) & (columns.upper > 0) & ~_named(rows, x)
    total, beds = columns["beds_total"].ids, columns["beds"]
    none = (x[total] == 0) & ~unknown[total]
    unknown[beds.ids] &= ~none[:, None]
    told = x.copy()
    for name in _SPOKEN:
        ids = columns[name].ids.reshape(-1)
        told[ids[unknown[ids] & (x[ids] == 0)]] = np.nan
    general = beds.along("bed_kind").index("general")
    others = np.isnan(told[np.delete(beds.ids, general, axis=1)]).any(axis=1)
    rest = beds.ids[:, general]
    told[rest] = np.where(unknown[rest] & others, np.nan, told[rest])
    return told


def _named(rows: Rows, x: Floats) -> Mask:
    """Say which columns the clauses of the model speak of, themselves or by what follows.

    What is set for one year stands in the next. A clause on any tier speaks of an
    institution's fever clinic whatever its tier. A service radius sets the stations, each
    with a vehicle; a response time the whole service; no vehicle is no station, and no
    station no crew.
    """
    columns = rows.columns
    named = np.zeros(columns.size, dtype=bool)
    for block in [*split(rows)[0], *split(rows)[1]]:
        named[block.top.indices] = True
        named[block.bottom.indices] = True
    fever = columns["fever"].ids
    named[fever] |= (named[fever] | (x[fever] > 0)).any(axis=1, keepdims=True)
    station, crewed, crews, vehicles = (columns[name].ids for name in _SERVICE)
    for name, of in columns.blocks.items():
        if name == "answers":
            for ids in (station, crewed, crews, vehicles):
                named[ids] = True
        elif name.startswith("covered.") and of.size:
            by_year = named[of.ids].any(axis=0)
            named[station] |= by_year
            named[vehicles] |= by_year
    named[station] |= named[vehicles] & (x[vehicles] == 0)
    closed = (named[station] | ~np.isnan(columns.today[station])) & (x[station] == 0)
    named[crewed] |= closed
    named[crews] |= closed
    for name in _SPOKEN:
        ids = columns[name].ids
        named[ids] = np.logical_or.accumulate(named[ids], axis=-1)
    return named


def faults(rows: Rows, x: Floats, hard: list[NormRows]) -> tuple[str, ...]:
    """Give what an allocation breaks: bounds, links, binding clauses; empty when nothing.

    Parameters
    ----------
    rows
        Compiled problem.
    x
        Allocation, as from :func:`whole`.
    hard
        The binding clauses.

    Returns
    -------
    tuple of str
        One phrase per broken family, with the largest violation.
    """
    columns, found = rows.columns, []
    if np.isnan(x).any():
        return ("some columns have no value",)
    beyond = np.maximum(columns.lower - x, x - columns.upper).max(initial=0.0)
    if beyond > TOLERANCE:
        found.append(f"bounds of columns broken by {beyond:.3g}")
    fraction = np.abs(x - np.round(x))[columns.integer].max(initial=0.0)
    if fraction > TOLERANCE:
        found.append(f"whole numbers broken by {fraction:.3g}")
    for link in rows.links:
        found += _broken(f"'{link.why}'", link.matrix @ x, link.lo, link.hi)
    for block in hard:
        matrix, lo, hi = block.linear()
        found += _broken(f"binding clause {block.norm.id}", matrix @ x, lo, hi)
    return tuple(found)


def _broken(name: str, level: Floats, lo: Floats, hi: Floats) -> list[str]:
    size = np.maximum(1.0, np.abs(np.where(np.isfinite(lo), lo, hi)))
    by = (np.maximum(lo - level, level - hi) / size).max(initial=0.0)
    return [f"{name} broken by {by:.3g}"] if by > TOLERANCE else []
