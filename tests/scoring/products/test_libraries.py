"""Arrays of other libraries give what NumPy's give."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.scoring.products import Clause, Product, Ratio, WeightedMean, summarise
from tests.scoring.products.worlds import world

if TYPE_CHECKING:
    from resalloc.scoring.products import Partial

OTHERS = [
    pytest.param(name, marks=pytest.mark.skipif(not find_spec(name), reason=f"{name}: not here"))
    for name in ("array_api_strict", "torch")
]


def _same(one: Partial, other: Partial) -> None:
    for tally in ("by_plan", "by_population"):
        mine, theirs = getattr(one, tally), getattr(other, tally)
        np.testing.assert_array_equal(mine.counts, theirs.counts)
        for name in ("total", "least", "most"):
            np.testing.assert_allclose(getattr(mine, name), getattr(theirs, name), rtol=1e-12)
    np.testing.assert_array_equal(one.bins, other.bins)
    np.testing.assert_array_equal(one.joint_by_plan, other.joint_by_plan)
    np.testing.assert_array_equal(one.joint_by_population, other.joint_by_population)
    for name in ("population", "plan", "row"):
        np.testing.assert_array_equal(getattr(one.worst, name), getattr(other.worst, name))
    np.testing.assert_allclose(one.worst.excess, other.worst.excess, rtol=1e-12)
    np.testing.assert_allclose(one.regret.largest, other.regret.largest, rtol=1e-12)
    np.testing.assert_allclose(one.regret.total, other.regret.total, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(one.regret.unknown, other.regret.unknown)


def test_compiled_loops_and_the_standard_functions_agree():
    product = world(11, 30, 600)
    _same(summarise(product), summarise(product, compiled=False))


@pytest.mark.parametrize("name", OTHERS)
def test_another_library_agrees_with_numpy(name: str):
    xp: Any = import_module(name)
    there = world(12, 9, 20, put=lambda numbers: xp.asarray(numbers))
    assert not there.on_numpy
    _same(summarise(world(12, 9, 20)), summarise(there, tile_bytes=20 * 126 * 4))


def test_two_libraries_in_one_product_are_refused():
    xp: Any = pytest.importorskip("array_api_strict")
    with pytest.raises(InputError, match="different array libraries"):
        WeightedMean(np.ones((1, 2)), (xp.ones((1, 2)),), ">=", [1.0])
    here = Ratio([1.0], None, None, [1.0], ">=", [1.0])
    there = Ratio(xp.ones(1), None, None, xp.ones(1), ">=", [1.0])
    with pytest.raises(InputError, match="different array libraries"):
        Product((Clause("one", (here,)), Clause("other", (there,))))
