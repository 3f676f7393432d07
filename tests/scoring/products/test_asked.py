"""What cannot be summarised is refused, with what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.scoring.products import (
    Clause,
    Measure,
    Product,
    Ratio,
    Summary,
    WeightedMean,
    room,
    summarise_block,
)
from tests.scoring.products.worlds import world

if TYPE_CHECKING:
    from collections.abc import Callable

W, F = [[1.0, 2.0]], [[0.0, 1.0]]
BEDS = Ratio([1.0], None, None, [1.0], ">=", [1.0])
TWO_VARIANTS = Ratio([1.0], None, None, [1.0], ">=", [1.0, 2.0])


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: WeightedMean([[1.0, -2.0]], (F,), ">=", [1]), "negative or infinite"),
        (lambda: WeightedMean(W, ([[np.inf, 1.0]],), ">=", [1]), "Give NaN where nobody can"),
        (lambda: WeightedMean(W, (F, [[1.0]]), ">=", [1]), "Give plans × places"),
        (lambda: WeightedMean(W, (F,), ">=", [1, 2], (0, 1)), "beyond the 1"),
        (lambda: WeightedMean(W, (F,), ">=", [1, 2], (0,)), "names 1 fields for 2"),
        (lambda: WeightedMean(W, (F,), ">=", [1], shares=[1.0, 0.0]), "whose share is 0"),
        (lambda: WeightedMean(W, (F,), ">=", [1], shares=[1.0]), "are 1 for 2 places"),
        (lambda: WeightedMean(W, (), ">=", [1]), "are none"),
        (lambda: WeightedMean([1.0], (F,), ">=", [1]), "has 1 axes instead of 2"),
        (lambda: WeightedMean([["x", 1]], (F,), ">=", [1]), "is no array of numbers"),
        (lambda: Ratio([1.0], None, [1.0, 2.0], [1.0], ">=", [1]), "Give as many of both"),
        (lambda: Ratio([1.0], None, None, None, ">=", [1]), "are both left out"),
        (lambda: Ratio([np.inf], None, None, [1.0], ">=", [1]), "infinite"),
        (lambda: Ratio([1.0], None, None, [1.0], ">", [np.nan], 0.0), "3 faults"),
        (lambda: Clause("beds", ()), "has no row"),
        (lambda: Product(()), "are none"),
        (lambda: Product((Clause("a", (BEDS,)), Clause("a", (BEDS,)))), "is named twice"),
        (lambda: Product((Clause("a", (BEDS,)),), joint=("b",)), "not among the clauses"),
        (lambda: Product((Clause("a", (BEDS,)),), (), (Measure("a", "lower", 1),)), "variant 1"),
        (lambda: Product((Clause("a", (BEDS,)),), variants=("x", "y")), "not 1 different"),
        (lambda: Product((Clause("a", (BEDS, TWO_VARIANTS)),)), "is for 2 variants"),
    ],
)  # fmt: skip
def test_input_that_does_not_fit(make: Callable[[], Any], match: str):
    with pytest.raises(InputError, match=match):
        make()


def test_memory_is_stated_and_held_to():
    product = world(1, 50, 40)
    stated = room(product, 10)
    tally = 2 * 4 * (48 * (10 + 40) + 8 * 4098)
    assert stated.summary_bytes == tally + 24 * (2 + 2) * (10 + 40)
    assert stated.tile_bytes == 10 * 40 * (8 + 11 * 2)
    with pytest.raises(InputError, match="a tile may take"):
        summarise_block(product, 0, 10, tile_bytes=40 * 29)
    with pytest.raises(InputError, match="a block of 10 populations takes"):
        summarise_block(product, 0, 10, limit_bytes=stated.total_bytes - 1)
    summarise_block(product, 0, 10, limit_bytes=stated.total_bytes)


def test_a_block_outside_the_product_is_refused():
    product = world(1, 3, 2)
    for low, high in ((0, 4), (2, 2), (-1, 1)):
        with pytest.raises(InputError, match="not within the 3 populations"):
            summarise_block(product, low, high)
    with pytest.raises(InputError, match="Merge all of them"):
        Summary(product, summarise_block(product, 0, 2))
