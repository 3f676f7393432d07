"""The benchmark runs, in small. Nothing is asserted of time."""

from __future__ import annotations

from benchmarks.scoring.products import HEAD, row, sweep, verdict


def test_the_benchmark_measures_and_prints_a_product():
    record = sweep(7, 5, places=12, matrix=16)
    assert record["scenarios"] == 7 * 5 * 2
    assert row(record).count("|") == HEAD[0].count("|")
    assert "70 scenarios" in verdict([record])
    failed = {"populations": 7, "plans": 5, "status": "failed", "why": "a | b"}
    assert "failed: a / b" in row(failed)
    assert verdict([failed]) == "products: all failed"
