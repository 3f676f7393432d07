"""Scenarios from a file of the user's own."""

from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from resalloc.errors import InputError
from resalloc.problem.scenario import Factor
from resalloc.sampling import read_own_table

PROJECT = Factor("project", "新院区", {"beds[A]": 200})
CSV = "population[南镇],site[A],新院区\n0.9,1,0\n1.0,0,0.5\n1.1,1,1\n"


def _csv(folder, text, encoding="utf-8"):
    path = folder / "plans.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_columns_are_factors_and_rows_scenarios(tmp_path, encoding):
    design = pickle.loads(pickle.dumps(read_own_table(_csv(tmp_path, CSV, encoding), [PROJECT])))
    assert [factor.name for factor in design.factors] == ["population[南镇]", "site[A]", "新院区"]
    assert design.factors[2] == PROJECT
    assert len(design) == 3
    assert design.rows(1, 3).values.tolist() == [[1.0, 0.0, 0.5], [1.1, 1.0, 1.0]]
    assert len(design.rows(1, 1)) == 0


def test_parquet_is_read_by_rows_across_its_groups(tmp_path):
    path = tmp_path / "plans.parquet"
    columns = {"speed": np.arange(1, 101) / 100, "site[A]": np.arange(100) % 2 == 0}
    parquet.write_table(pa.table(columns), path, row_group_size=7)
    design = read_own_table(path)
    assert len(design) == 100
    whole = np.column_stack(list(columns.values())).astype(float)
    for low, high in ((0, 100), (5, 8), (6, 7), (7, 7), (13, 43)):
        assert np.array_equal(design.rows(low, high).values, whole[low:high])


def test_all_faults_of_a_csv_file_are_told_at_once(tmp_path):
    rows = ["0.9,1,80%,1", " ,0.5,1,1", "90,1,inf,1", "1.0,1,1,1"]
    path = _csv(tmp_path, "\n".join(["population,site[A],speed[,", *rows]))
    with pytest.raises(InputError) as caught:
        read_own_table(path, [PROJECT])
    assert [(fault.where, fault.what) for fault in caught.value.faults] == [
        ("plans.csv, column 新院区", "is missing."),
        ("plans.csv, column 3", "'speed[' cannot be read."),
        ("plans.csv, column 4", "its header is empty."),
        ("plans.csv, row 3, column population", "is blank."),
        ("plans.csv, row 4, column population", "must be a factor of at most 10, not percent."),
        ("plans.csv, row 3, column site[A]", "must be 0 or 1."),
        ("plans.csv, rows 2, 4, column speed[", "'80%', 'inf' is not a number."),
    ]


def test_all_faults_of_a_parquet_file_are_told_at_once(tmp_path):
    path = tmp_path / "plans.parquet"
    table = {"speed": [1.0, None, 0.0], "beds": ["1", "2", None], "site[A]": [0, 1, 1]}
    parquet.write_table(pa.table(table), path, row_group_size=2)
    with pytest.raises(InputError) as caught:
        read_own_table(path)
    assert [(fault.where, fault.what) for fault in caught.value.faults] == [
        ("plans.parquet, row 2, column speed", "is blank."),
        ("plans.parquet, row 3, column speed", "must be above 0."),
        ("plans.parquet, row 3, column beds", "is blank."),
        ("plans.parquet, rows 1, 2, column beds", "'1', '2' is not a number."),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("speed,beds\n", "it has no scenario"),
        ("scenario\n1\n", "it has no factor"),
        ("speed,speed\n1,2\n", "named twice"),
        ("speed,beds\n1,2\n1\n", "no CSV file"),
        ("project\n1\n", "does not say what the project adds"),
        ("人口\n1\n", "'人口' is nothing that can vary"),
    ],
)
def test_a_file_that_is_no_table_of_scenarios_is_refused(tmp_path, text, said):
    with pytest.raises(InputError, match=said):
        read_own_table(_csv(tmp_path, text))


def test_a_file_that_cannot_be_read_is_refused(tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        read_own_table(tmp_path / "none.csv")
    with pytest.raises(InputError, match="not UTF-8"):
        read_own_table(_csv(tmp_path, "population[南镇]\n1\n", "gbk"))
    fake = tmp_path / "fake.parquet"
    fake.write_text("speed\n1\n")
    with pytest.raises(InputError, match="no Parquet file"):
        read_own_table(fake)


def test_the_number_of_a_scenario_is_left_out(tmp_path):
    design = read_own_table(_csv(tmp_path, "scenario,speed\n0,1.0\n1,0.9\n"))
    assert [factor.name for factor in design.factors] == ["speed"]
    assert design.rows(0, 2).values.tolist() == [[1.0], [0.9]]


def test_a_workbook_is_refused(tmp_path):
    path = tmp_path / "plans.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(InputError, match=r"only CSV or Parquet.*CSV UTF-8"):
        read_own_table(path)


def test_a_file_that_changes_is_noticed(tmp_path):
    design = read_own_table(_csv(tmp_path, CSV), [PROJECT])
    _csv(tmp_path, "population[南镇],site[A],新院区\n0.9,1,0\n")
    with pytest.raises(InputError, match="has changed"):
        design.rows(1, 3)
    _csv(tmp_path, "population[南镇],site[A]\n0.9,1\n")
    with pytest.raises(InputError, match="no longer there"):
        design.rows(0, 1)
