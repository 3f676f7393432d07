"""Benchmarks: every subject builds and its cheap phases run. Nothing is asserted of time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from benchmarks.__main__ import main, measure
from benchmarks.record import Run, append
from benchmarks.subject import Phase, Subject, Timing, timed
from benchmarks.subjects import SUBJECTS
from benchmarks.table import lines

if TYPE_CHECKING:
    from pathlib import Path

NOON = datetime(2025, 1, 2, 12, tzinfo=UTC)


def made_up_run() -> Run:
    timings = (
        Timing("s", "read", "s: read", (1.0, 4.0, 2.0), {}),
        Timing("s", "solve", "s: read", (10.0,), {"priority 1": 5.0}),
        Timing("s", "other", "not run: at all", (3.0,), {}),
    )
    return Run(NOON, "a machine", {"numpy": "2"}, {"s": {"columns": 1234}}, timings)


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_subject_builds_and_its_cheap_phases_run(subject: Subject):
    run = measure([subject], NOON, most_repeats=1, only_cheap=True)
    assert [timing.phase for timing in run.timings] == [p.name for p in subject.phases if p.cheap]
    assert all(count > 0 for count in run.counts[subject.name].values())


def test_every_yardstick_is_a_phase():
    keys = {f"{s.name}: {phase.name}" for s in SUBJECTS for phase in s.phases}
    assert {phase.against for s in SUBJECTS for phase in s.phases if phase.against} <= keys
    assert len(keys) == sum(len(s.phases) for s in SUBJECTS)


def test_ratios_are_of_medians():
    """Medians are 2 and 10; what was compared with nothing that ran has no ratio."""
    assert made_up_run().ratios() == {"s: read": 1.0, "s: solve": 5.0}


def test_repeats_are_counted_and_the_first_run_warms_up():
    calls: list[object] = []
    phase = Phase("p", calls.append, repeats=3, details=lambda _: {"half": 0.5})
    timing = timed(Subject("s", lambda: None, (phase,)), phase, "case", 100)
    assert (len(calls), len(timing.seconds)) == (4, 3)
    assert timing.details == {"half": 0.5}
    assert timing.key == timing.against == "s: p"


def test_table_shows_ratios_counts_and_what_has_none():
    text = "\n".join(lines(made_up_run()))
    assert text.startswith("2025-01-02 · a machine")
    assert "s: 1,234 columns" in text
    assert "| s: solve | 5 | s: read | 10 | 1 |" in text
    assert "| — priority 1 | 0.5 | s: solve | 5 | |" in text
    assert "| s: other | — | not run: at all | 3 | 1 |" in text


def test_history_grows_by_one_line_a_run(tmp_path: Path):
    path = tmp_path / "history.jsonl"
    append(made_up_run(), path)
    append(made_up_run(), path)
    first, second = path.read_text(encoding="utf-8").splitlines()
    assert first == second
    found = json.loads(first)
    assert found["when"] == "2025-01-02T12:00:00+00:00"
    assert found["versions"] == {"numpy": "2"}
    assert found["phases"][1]["ratio"] == 5.0
    assert found["phases"][1]["details_s"] == {"priority 1": 5.0}
    assert found["phases"][2]["ratio"] is None


def test_command_prints_and_records(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "history.jsonl"
    words = ["--only", "process", "--repeats", "1", "--history", str(path)]
    assert main(words, NOON) == 0
    assert "| process: import resalloc |" in capsys.readouterr().out
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert set(json.loads(line)) == {"when", "machine", "versions", "counts", "phases"}
