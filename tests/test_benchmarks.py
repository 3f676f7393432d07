"""Benchmarks: every subject builds and its cheap phases run. Nothing is asserted of time."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from benchmarks.__main__ import main, measure
from benchmarks.apart import run_apart
from benchmarks.job import plain
from benchmarks.location.__main__ import chosen
from benchmarks.location.__main__ import main as location_main
from benchmarks.location.__main__ import measure as measure_location
from benchmarks.location.cases import SUBJECTS as LOCATION
from benchmarks.location.cases import Case, Places
from benchmarks.location.chongqing import region, travel_minutes
from benchmarks.location.points import KINDS, floor_distances, points
from benchmarks.location.table import HEAD, row, verdicts
from benchmarks.peers import compare
from benchmarks.peers.problems import MODELS, problem, value
from benchmarks.record import Run, append
from benchmarks.subject import Phase, Subject, Timing, timed
from benchmarks.subjects import SUBJECTS
from benchmarks.table import lines

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


# Location models


@pytest.fixture
def townships(tmp_path: Path) -> Path:
    """Six townships: one without a point, two at the same point, one without a figure."""
    path = tmp_path / "townships.csv"
    path.write_text(
        "name,lon,lat,population_geonames\n"
        "A,106.00,29.80,1000\n"
        "B,106.10,29.80,3000\n"
        "C,106.10,29.80,2000\n"
        "D,106.20,29.90,\n"
        "E,106.05,29.95,4000\n"
        "F,,,9000\n",
        encoding="utf-8",
    )
    return path


def places(townships: Path | None = None, tsp: Path | None = None) -> Places:
    reference = os.environ.get("RESALLOC_REFERENCE_DATA")
    return Places(Path(reference) if reference else None, townships, tsp)


def tsp_folder(folder: Path) -> Path:
    rows = "\n".join(f"{i + 1} {10 * (i % 4)} {10.0 * (i // 4)}" for i in range(12))
    text = f"NAME: t\nDIMENSION: 12\nNODE_COORD_SECTION\n{rows}\nEOF\n"
    (folder / "t.tsp").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("subject", LOCATION)
def test_location_subject_builds_and_runs_at_small_size(
    subject: str, townships: Path, tmp_path: Path
):
    """In this process: that each has its own is shown once, below."""
    cases = LOCATION[subject](places(townships, tsp_folder(tmp_path)), True)
    if not cases:
        pytest.skip("published instances are not at hand (RESALLOC_REFERENCE_DATA)")
    records = []
    for case in cases:
        module, name = case.job.split(":")
        limit = {"limit_s": 20.0} if case.limit_s else {}
        sites = {"p": 2} if subject == "chongqing" and case.params["p"] else {}
        found = getattr(import_module(module), name)(**{**case.params, **sites, **limit})
        records.append({"subject": subject, "case": case.name, **plain(found)})
    assert {record["status"] for record in records} == (
        {"agrees"} if subject == "access" else {"optimal"}
    )
    assert all(record.get("equal") in (None, True) for record in records)
    assert all(record["peak_mb"] is None or record["peak_mb"] > 0 for record in records)
    assert all(row(record).count("|") == HEAD[0].count("|") for record in records)
    (verdict,) = verdicts(records)
    assert verdict.startswith(f"{subject}: ")


def test_full_sizes_are_those_that_are_reported(townships: Path, tmp_path: Path):
    found = places(townships, tsp_folder(tmp_path))
    count = {name: len(cases(found, False)) for name, cases in LOCATION.items()}
    # Three kinds × three sizes × six p; three p; three questions; two loops.
    assert count["planar-median"] == 54
    assert (count["cover"], count["chongqing"], count["access"]) == (3, 3, 2)
    assert count["tsplib-median"] == 6


def test_what_lacks_its_files_is_told_and_left_out(capsys: pytest.CaptureFixture[str]):
    assert chosen(Places(), only=["chongqing"]) == []
    assert "chongqing: not run, it needs a table of townships" in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_points_are_as_many_as_asked_and_the_same_each_time(kind: str):
    xy = points(kind, 70, 5)
    assert xy.shape == (70, 2)
    assert np.array_equal(xy, points(kind, 70, 5))
    assert len(np.unique(xy, axis=0)) == 70


def test_distances_are_rounded_down():
    # (0, 0) to (1, 1) is 1.41, to (3, 4) is 5.
    table = floor_distances(np.array([[0.0, 0.0], [1.0, 1.0], [3.0, 4.0]]))
    assert table[0].tolist() == [0.0, 1.0, 5.0]


def test_people_of_the_townships_are_all_on_the_grid(townships: Path):
    """1000 + 3000 + 2000 + 4000, and the median of the four, 2500, for D; F has no point."""
    place = region(townships, 2.0)
    assert place.people.sum() == pytest.approx(12500)
    assert len(place.seats) == 4
    assert "5 of 6 townships have a point, at 4 places; 1 without" in place.notes[0]


def test_grid_points_belong_to_the_nearest_seat_and_lie_within_15_km(townships: Path):
    place = region(townships, 2.0)
    minutes = travel_minutes(place)
    assert minutes.shape == (len(place.points), 4)
    # 15 km × 1.4 at 35 km/h are 36 minutes.
    assert minutes.min(axis=1).max() <= 36 * (1 + 1e-9)
    near = travel_minutes(place, 16.0)
    assert 0 < len(near) < len(minutes)
    assert (near.min(axis=1) <= 16).all()


def test_job_apart_gives_its_record():
    params = {"demand": 30, "sites": 5, "seed": 1, "loop": "numpy"}
    record = run_apart("benchmarks.location.access:catchments", params, 120.0)
    assert record["status"] == "agrees"
    assert record["process_s"] > record["wall_s"]


def test_job_that_fails_is_a_record_with_its_reason():
    record = run_apart("benchmarks.location.points:points", {"kind": "odd", "n": 1, "seed": 1}, 60)
    assert record["status"] == "failed"
    assert record["why"] == "ValueError: no such kind of points: odd"


def test_job_that_does_not_end_is_stopped():
    record = run_apart("time:sleep", {}, 0.0)
    assert (record["status"], record["why"]) == ("failed", "did not end within 0 s")


def test_failed_case_leaves_the_others():
    loops = LOCATION["access"](Places(), True)[:1]
    odd = Case("access", "odd", "benchmarks.location.points:points", {"kind": "odd"})
    records = list(measure_location([odd, *loops]))
    assert [record["status"] for record in records] == ["failed", "agrees"]
    assert "failed: TypeError: points() missing" in row(records[0])
    assert verdicts(records)[1] == "access: 1 of 2 failed"


def test_location_command_prints_and_records_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "history.jsonl"
    words = ["--only", "access", "--match", "numpy", "--small", "--history", str(path)]
    assert location_main(words, NOON) == 0
    assert "| access | against numpy loops | 200 × 50 |" in capsys.readouterr().out
    (line,) = path.read_text(encoding="utf-8").splitlines()
    found = json.loads(line)
    assert (found["when"], found["small"]) == ("2025-01-02T12:00:00+00:00", True)
    assert {"machine", "versions", "load", "status", "wall_s", "cpu_s", "peak_mb"} <= set(found)
    assert "numba" in found["versions"]


# Peers


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # spopt writes models PuLP's old way
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("tool", ["ours", "scipy_milp", "spopt_highs"])
def test_tool_answers_as_ours_does(tool: str, model: str):
    if tool == "spopt_highs" and find_spec("spopt") is None:
        pytest.skip("spopt is not installed here; `make peers` installs it apart")
    given = problem(model, 30, 20, 3, 7)
    answer = import_module(f"benchmarks.peers.{tool}").solve(given, 30.0)
    best = import_module("benchmarks.peers.ours").solve(given, 30.0)
    assert answer.proven
    assert value(given, answer.open) == pytest.approx(best.claimed, rel=1e-6)
    assert answer.claimed == pytest.approx(best.claimed, rel=1e-6)


def test_worth_of_sites_is_read_off_the_costs():
    given = problem("p-median", 6, 4, 2, 3)
    sites = np.array([0, 2])
    by_hand = sum(
        float(given.weights[i]) * min(float(given.cost[i, 0]), float(given.cost[i, 2]))
        for i in range(6)
    )
    assert value(given, sites) == pytest.approx(by_hand)
    assert np.isnan(value(given, np.array([0, 1, 2])))  # more than p
    assert np.isnan(value(given, np.empty(0, dtype=np.int64)))


def peer(status: str, objective: float | None, seconds: float, **more: object) -> dict[str, object]:
    return {
        "model": "p-median",
        "tool": "spopt",
        "size": "9 × 9",
        "says": "Optimal",
        "status": status,
        "objective": objective,
        "claimed": objective,
        "total_s": seconds,
        **more,
    }


@pytest.mark.parametrize(
    ("record", "ratio", "at_least", "verdict"),
    [
        (peer("proven", 100.0, 40.0), 20.0, False, "agree"),
        (peer("proven", 101.0, 40.0), 20.0, False, "DISAGREE"),
        (peer("not proven", 120.0, 300.0), 150.0, True, "peer not proven, 20 % worse"),
        (peer("not proven", 99.0, 300.0), 150.0, True, "DISAGREE"),
        (peer("not proven", None, 300.0), 150.0, True, "peer not proven, no answer"),
        (peer("not proven", 100.0, 9.0, claimed=80.0), 4.5, True, "peer not proven, claims 80"),
    ],
)
def test_peers_word_is_judged_and_its_time_is_a_lower_bound_without_a_proof(
    record: dict[str, object], ratio: float, at_least: bool, verdict: str
):
    found = compare.compared(record, peer("proven", 100.0, 2.0))
    assert (found["ratio"], found["at_least"], found["verdict"]) == (ratio, at_least, verdict)
    assert compare.row(found).count("|") == compare.HEAD[0].count("|")


def test_there_is_no_factor_where_ours_is_not_proven():
    found = compare.compared(peer("proven", 100.0, 40.0), peer("not proven", 100.0, 2.0))
    assert found["ratio"] is None


def test_aims_are_held_against_the_factors():
    met = {**peer("not proven", 100.0, 1.0), "ratio": 150.0, "at_least": True, "aim": 100}
    missed = {**peer("proven", 100.0, 1.0), "ratio": 30.0, "at_least": False, "aim": 40}
    assert compare.verdicts([met, missed]) == [
        "p-median 9 × 9: at least 150 times as fast as spopt; aim 100: met",
        "p-median 9 × 9: 30 times as fast as spopt; aim 40: NOT met",
    ]
