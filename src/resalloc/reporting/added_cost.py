"""What the plan adds, in money: capital and running cost, by who owns the institution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.reporting.sources import Source, assumption_source
from resalloc.rules.cost import cost_rates

if TYPE_CHECKING:
    from resalloc.problem.columns import Block
    from resalloc.reporting.figures import Figures

OWNERS = ("public", "private", "open")
"""Public and private institutions, and what no institution is named for (childcare places)."""
KINDS = ("capital", "running")


@dataclass(frozen=True)
class AddedCost:
    """Cost of what is added to today, in 万元.

    Parameters
    ----------
    table
        Blocks of decisions down; across, (capital or running, owner).
    unknown
        Part of the whole that comes from figures not known today and so counted as new.
    years
        Years of running cost.
    sources
        The assumptions every figure rests on.
    """

    table: pd.DataFrame
    unknown: float
    years: float
    sources: tuple[Source, ...]

    def sum(self, kind: str = "", owner: str = "") -> float:
        """Add up one kind of cost, one owner, or all."""
        return float(
            sum(
                self.table[k, o].sum()
                for k in KINDS
                for o in OWNERS
                if kind in {"", k} and owner in {"", o}
            )
        )


def added_cost(f: Figures) -> AddedCost | None:
    """Give the cost of the plan; None without one."""
    if not f.planned:
        return None
    problem = f.problem
    rates = cost_rates(problem, f.columns)
    years = problem.district.assumptions.value("cost.years")
    added = np.maximum(np.nan_to_num(f.plan) - np.nan_to_num(f.today), 0.0)
    parts = {"capital": rates.capital * added, "running": rates.yearly * added * years}
    rows = {}
    for name, block in f.columns.blocks.items():
        if not block.size:
            continue
        ids = block.ids.reshape(len(block.axes[0].labels), -1)
        if not (rates.capital[ids].any() or rates.yearly[ids].any()):
            continue
        owners = _owners(f, block)
        rows[name] = [parts[k][ids[owners == o]].sum() for k in KINDS for o in OWNERS]
    heads = pd.MultiIndex.from_product([KINDS, OWNERS])
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.columns = heads
    new = np.isnan(f.today)
    unknown = float(sum(part[new].sum() for part in parts.values()))
    keys = [a.key for a in problem.district.assumptions if a.key.startswith("cost.")]
    sources = tuple(assumption_source(problem, key) for key in keys)
    return AddedCost(table[(table != 0).any(axis=1)], unknown, years, sources)


def _owners(f: Figures, block: Block) -> np.ndarray:
    """Say who owns each place of a block; a new site counts as public."""
    axis, district = block.axes[0], f.problem.district
    private = set(district.providers().query("ownership == 'private'").index)
    if axis.name == "institution":
        return np.array(["private" if p in private else "public" for p in axis.labels])
    if axis.name == "site":
        homes = district.sites["institution"]
        return np.array(["private" if home in private else "public" for home in homes])
    return np.full(len(axis.labels), "open")
