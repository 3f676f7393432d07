"""Summarising a block of populations with all plans, tile by tile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.errors import one_fault
from resalloc.scoring.products.partial import Partial, merge
from resalloc.scoring.products.room import LIMIT_BYTES, TILE_BYTES, room

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.scoring.products.device import DeviceTiles
    from resalloc.scoring.products.host import HostTiles
    from resalloc.scoring.products.product import Product


def summarise_block(
    product: Product,
    low: int,
    high: int,
    *,
    tile_bytes: int = TILE_BYTES,
    limit_bytes: int = LIMIT_BYTES,
    compiled: bool = True,
) -> Partial:
    """Summarise populations `low` to `high` (exclusive) with every plan and variant.

    All plans of a population are in one tile, so regret within a population is exact. Tiles
    start at whole multiples of their size, counted from population 0.

    Parameters
    ----------
    product
        What is asked.
    low, high
        The block.
    tile_bytes, limit_bytes
        The most a tile, and everything, may take; see :func:`room`.
    compiled
        Read NumPy arrays by compiled loops. Else, as for every other library, by the
        functions of the array API standard, on the arrays' device.

    Raises
    ------
    InputError
        The block is not one of the product, or takes too much memory.

    Examples
    --------
    >>> from resalloc.scoring.products import Clause, Product, Ratio
    >>> beds = Ratio([300.0, 400.0], None, None, [5e4], ">=", [7.0], scale=1000)
    >>> part = summarise_block(Product((Clause("beds", (beds,)),)), 0, 1, compiled=False)
    >>> part.by_population.counts.tolist()  # holds, not computable, fails
    [[[[1, 0, 1]]]]
    """
    if not 0 <= low < high <= product.shape[0]:
        what = f"{low} to {high} is not within the {product.shape[0]} populations."
        raise one_fault("a block", what, "Count from 0; give at least one population.")
    found = room(product, high - low, tile_bytes=tile_bytes, limit_bytes=limit_bytes)
    into = Partial.empty(product, low, high)
    measures = [(product.number(measure.clause), measure) for measure in product.measures]
    with _tiles(product, found.tile_populations, compiled) as tiles:
        for start, end in _cuts(low, high, found.tile_populations):
            tiles.start(start, end)
            for k, clause in enumerate(product.clauses):
                tiles.compute(clause)
                for n in range(product.shape[2]):
                    tiles.count(k, n, into, clause.name in product.joint)
                for number, (of, measure) in enumerate(measures):
                    if of == k:
                        sign = 1.0 if measure.better == "lower" else -1.0
                        tiles.regret(number, measure.variant, sign, into)
            tiles.count_joint(into)
    return into


def summarise(
    product: Product,
    *,
    block: int | None = None,
    tile_bytes: int = TILE_BYTES,
    limit_bytes: int = LIMIT_BYTES,
    compiled: bool = True,
) -> Partial:
    """Summarise the whole product, in blocks of so many populations (all in one by default).

    Raises
    ------
    InputError
        It takes too much memory.
    """
    size = block or product.shape[0]
    ends = range(0, product.shape[0], size)
    return merge(
        summarise_block(
            product, low, min(low + size, product.shape[0]),
            tile_bytes=tile_bytes, limit_bytes=limit_bytes, compiled=compiled,
        )
        for low in ends
    )  # fmt: skip


def _tiles(product: Product, populations: int, compiled: bool) -> HostTiles | DeviceTiles:
    if compiled and product.on_numpy:
        from resalloc.scoring.products.host import HostTiles

        return HostTiles(product, populations)
    from resalloc.scoring.products.device import DeviceTiles

    return DeviceTiles(product, populations)


def _cuts(low: int, high: int, step: int) -> Iterator[tuple[int, int]]:
    """Cut a block at the multiples of a step."""
    start = low
    while start < high:
        end = min((start // step + 1) * step, high)
        yield start, end
        start = end
