"""What a summary of a product takes in memory: stated before, and held to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.errors import Fault, InputError
from resalloc.scoring.products.product import BINS

if TYPE_CHECKING:
    from resalloc.scoring.products.product import Product

TILE_BYTES = 64_000_000
"""What a tile, some populations × all plans, may take while it is summarised."""
LIMIT_BYTES = 4_000_000_000
"""What a block may take in all, if nothing else is said."""

_TALLY = 3 * 8 + 3 * 8  # three counts; total, least, most
_ONE_VARIANT = 8 + 2 + 1  # value, row that stands for the clause, joint status
_TEMPORARY = 12 * 8  # what an array library holds on the way: keys, masks, a sorted copy …


@dataclass(frozen=True)
class Room:
    """What a block of populations takes in memory.

    Parameters
    ----------
    populations
        In the block.
    tile_populations
        Worked on at a time, with all plans.
    held_bytes, tile_bytes, summary_bytes
        The product's own arrays, the tile, and what is kept of the block.
    """

    populations: int
    tile_populations: int
    held_bytes: int
    tile_bytes: int
    summary_bytes: int

    @property
    def total_bytes(self) -> int:
        """All of it."""
        return self.held_bytes + self.tile_bytes + self.summary_bytes


def room(
    product: Product,
    populations: int | None = None,
    *,
    tile_bytes: int = TILE_BYTES,
    limit_bytes: int = LIMIT_BYTES,
) -> Room:
    """Give what the summary of a block takes, before anything is computed.

    ::

        tile      = populations at a time × plans × (8 + 11 × variants) bytes
        summary   = clauses × variants × (48 × (populations + plans) + 8 × bins)
                    + joint and regret: 24 × (variants + measures) × (populations + plans)

    With another library than NumPy a tile's temporaries are counted as well: 96 bytes more.

    Parameters
    ----------
    product
        What is asked.
    populations
        In the block; all by default.
    tile_bytes, limit_bytes
        The most a tile, and everything, may take.

    Raises
    ------
    InputError
        One population's tile is larger than `tile_bytes`, or everything than `limit_bytes`.

    Examples
    --------
    >>> from resalloc.scoring.products import Clause, Product, Ratio
    >>> beds = Ratio([300.0, 400.0], None, None, [5e4], ">=", [7.0], scale=1000)
    >>> room(Product((Clause("beds", (beds,)),))).tile_bytes
    38
    """
    every, plans, variants = product.shape
    count = every if populations is None else populations
    cell = 8 + _ONE_VARIANT * variants + (0 if product.on_numpy else _TEMPORARY)
    each = plans * cell
    if each > tile_bytes:
        what = (
            f"{plans:,} plans under {variants:,} variants take {each / 1e6:,.0f} MB for one "
            f"population; a tile may take {tile_bytes / 1e6:,.0f} MB."
        )
        raise InputError([Fault("product", what, "Give fewer plans or variants, or more room.")])
    at_a_time = min(tile_bytes // each, max(count, 1))
    tallies = len(product.clauses) * variants
    asked = variants + len(product.measures)
    kept = tallies * (_TALLY * (count + plans) + 8 * (BINS + 2)) + 24 * asked * (count + plans)
    found = Room(count, at_a_time, product.held_bytes, at_a_time * each, kept)
    if found.total_bytes > limit_bytes:
        what = (
            f"a block of {count:,} populations takes {found.total_bytes / 1e6:,.0f} MB "
            f"(arrays {found.held_bytes / 1e6:,.0f}, summary {kept / 1e6:,.0f}); "
            f"the limit is {limit_bytes / 1e6:,.0f} MB."
        )
        remedy = "Take smaller blocks, fewer plans or variants, or raise the limit."
        raise InputError([Fault("product", what, remedy)])
    return found
