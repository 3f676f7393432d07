"""Benchmarks of tables of scenarios: tiny sizes run and agree. Nothing is asserted of time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.scoring import tables
from benchmarks.scoring.__main__ import main
from benchmarks.scoring.districts import CLAUSES, made_up
from benchmarks.scoring.linear import exponent

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2025, 1, 2, 12, tzinfo=UTC)


def test_tables_run_side_by_side_and_are_recorded(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "history.jsonl"
    assert main(["tables", "--small", "--history", str(path)], NOON) == 0
    out = capsys.readouterr().out
    assert "| 12 × 8 | 0.5 | compiled, 1 thread | 256 |" in out
    assert "core for core); aim 1,000: " in out
    (line,) = path.read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert (found["when"], found["small"], found["clauses"]) == (NOON.isoformat(), True, 10)
    assert list(found["ways"]) == list(tables.WAYS)
    assert all(one["cpu_us"] and one["wall_us"] for one in found["ways"].values())


def test_growth_is_recorded_and_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "history.jsonl"
    words = ["linear", "--small", "--history", str(path), "--images", str(tmp_path)]
    assert main(words, NOON) == 0
    assert "seconds ~ scenarios^" in capsys.readouterr().out
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3 + 4
    assert (tmp_path / "sweep_cost.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "sweep_cost.png").stat().st_size > 0


def test_exponent_is_the_slope_on_logarithms():
    """Cost by scenario: 2 at 10, 20 at 1000: a power of one half."""
    records = [{"n": 10, "cpu_s": 2.0}, {"n": 1000, "cpu_s": 40.0, "scenarios": 2}]
    assert exponent(records, "n") == 0.5


def test_made_up_district_is_as_large_as_asked_and_the_same_each_time():
    one, other = made_up(9, 20), made_up(9, 20)
    assert one.state.problem.district.equals(other.state.problem.district)
    assert one.state.problem.district.travel.distance_km.shape == (9, 20)
    assert one.scorer.clauses == other.scorer.clauses
    assert len(one.scorer.clauses) == len(CLAUSES) == 10
    batch = one.batch(1000, 0.8)
    np.testing.assert_array_equal(batch.values, other.batch(1000, 0.8).values)
    assert len(one.factors) == 9 + 20 + 9
    assert batch.values[:, 9:29].mean() == pytest.approx(0.8, abs=0.01)


def test_ways_that_differ_are_not_timed():
    case = made_up(12, 8)
    whole = case.batch(256, 0.5)
    other = case.batch(256, 0.5, seed=2)
    with pytest.raises(AssertionError):
        tables.agree(case, whole, other, whole[:1])
