"""Believing an answer: recomputing it from the rows with NumPy, without the solver."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.solver.priorities import split

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import NormRows, Rows

TOLERANCE = 1e-5


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
    left at zero by the solver; that is not a plan to have none. It stays unknown.
    """
    hard, soft = split(rows)
    mentioned = np.zeros(rows.columns.size, dtype=bool)
    for block in [*hard, *soft]:
        mentioned[block.top.indices] = True
        mentioned[block.bottom.indices] = True
    told = x.copy()
    for name in ("supply", "equipment", "staff"):
        ids = rows.columns[name].ids.reshape(-1)
        silent = ids[np.isnan(rows.columns.today[ids]) & ~mentioned[ids] & (x[ids] == 0)]
        told[silent] = np.nan
    return told


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
