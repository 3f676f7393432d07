"""docs/district_data.md names every table and column there is."""

from pathlib import Path

import pytest

from resalloc.district.tables import TABLES

GUIDE = (Path(__file__).parents[2] / "docs" / "district_data.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(TABLES))
def test_the_guide_names_every_column(name: str):
    table = TABLES[name]
    assert table.file in GUIDE
    for column in table.names():
        assert f"`{column}`" in GUIDE, f"{table.file}: {column}"
