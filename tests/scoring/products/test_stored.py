from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest

from resalloc.errors import InputError
from resalloc.scoring.products import merge, summarise_block
from resalloc.scoring.products.tables import from_tables, to_tables
from tests.scoring.products.worlds import world

if TYPE_CHECKING:
    from pathlib import Path


def test_a_block_comes_back_from_its_files_as_it_was(tmp_path: Path):
    product = world(21, 7, 5)
    parts = [summarise_block(product, 0, 3), summarise_block(product, 3, 7)]
    back = []
    for number, part in enumerate(parts):
        for name, table in to_tables(part).items():
            pq.write_table(table, tmp_path / f"{name}-{number}.parquet")
        files = {name: tmp_path / f"{name}-{number}.parquet" for name in to_tables(part)}
        back.append(from_tables(product, {name: pq.read_table(f) for name, f in files.items()}))
    once, again = to_tables(merge(parts)), to_tables(merge(back))
    assert list(once) == list(again)
    for name in once:
        for column in once[name].column_names:
            one, other = once[name][column].to_numpy(), again[name][column].to_numpy()
            assert one.tobytes() == other.tobytes(), (name, column)


def test_tables_of_another_block_or_product_are_refused():
    product = world(22, 4, 3)
    tables = to_tables(summarise_block(product, 0, 2))
    with pytest.raises(InputError, match="'bins': is missing"):
        from_tables(product, {name: table for name, table in tables.items() if name != "bins"})
    other = to_tables(summarise_block(product, 2, 4))
    with pytest.raises(InputError, match="'worst': does not hold"):
        from_tables(product, {**tables, "worst": other["worst"]})
    with pytest.raises(InputError, match="lines of populations"):
        from_tables(world(22, 4, 2), tables)


def test_blocks_out_of_order_are_refused():
    product = world(23, 4, 3)
    first, last = summarise_block(product, 0, 2), summarise_block(product, 2, 4)
    with pytest.raises(InputError, match="starts at population 0"):
        merge([last, first])
    with pytest.raises(InputError, match="are none"):
        merge([])
    np.testing.assert_array_equal(merge([first]).bins, first.bins)
