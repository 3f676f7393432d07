"""Products of axes (populations × plans × variants of the norms), never held in full.

:class:`Product` says what is asked, :func:`summarise_block` counts a block of populations
with all plans, :func:`merge` makes blocks one, :class:`Summary` gives the tables. How a
block is stored is in :mod:`resalloc.scoring.products.tables`.
"""

from __future__ import annotations

from resalloc.scoring.products.block import summarise, summarise_block
from resalloc.scoring.products.clauses import Clause
from resalloc.scoring.products.mean import WeightedMean
from resalloc.scoring.products.pareto import pareto
from resalloc.scoring.products.partial import Partial, merge
from resalloc.scoring.products.product import Measure, Product
from resalloc.scoring.products.ratio import Ratio
from resalloc.scoring.products.room import Room, room
from resalloc.scoring.products.summary import Summary

__all__ = [
    "Clause",
    "Measure",
    "Partial",
    "Product",
    "Ratio",
    "Room",
    "Summary",
    "WeightedMean",
    "merge",
    "pareto",
    "room",
    "summarise",
    "summarise_block",
]
