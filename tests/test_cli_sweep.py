"""``resalloc sweep``: files in, folders out, and messages where something is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.dataset as ds
import pytest
from typer.testing import CliRunner

from resalloc.cli import app
from resalloc.district.read import read_district
from resalloc.norms.read import read_norms
from resalloc.problem.problem import Problem
from resalloc.problem.scenario import Factor
from resalloc.scoring.state import score_state, today
from resalloc.scoring.under import under
from resalloc.sweep import prepare, read_settings, run_work

TOWNS = Path(__file__).parent / "data" / "three_towns"
HEAD = f"""
district = "{TOWNS.as_posix()}"
plan = "{(TOWNS / "three_towns.toml").as_posix()}"
"""
TABLE = """
sampler = "sobol"
size = 20000
seed = 3

[[factor]]
of = "population"
by = "township"
lognormal = { mean = 1.0, cv = 0.1 }
correlation = 0.5

[[factor]]
of = "speed"
uniform = { low = 0.7, high = 1.2 }

[[factor]]
of = "site"
by = "site"
open = 0.8
"""
PRODUCT = """
[[axis]]
name = "people"
sampler = "monte-carlo"
size = 300
seed = 1
[[axis.factor]]
of = "population"
by = "township"
lognormal = { mean = 1.0, cv = 0.1 }

[[axis]]
name = "stations"
sampler = "factorial"
[[axis.factor]]
of = "site"
by = "site"
levels = [0, 1]

[[axis]]
name = "targets"
sampler = "factorial"
[[axis.factor]]
of = "norm.mean_response_min"
levels = [10, 16]
"""


def _write(folder: Path, text: str) -> Path:
    path = folder / "futures.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return path


def _run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["sweep", *map(str, words)])
    return result.exit_code, result.output


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_table_is_scored_and_told_as_data(tmp_path: Path):
    file = _write(tmp_path, TABLE.replace("20000", "500"))
    words = ["sweep", str(file), "--out", str(tmp_path / "out"), "--workers", "1", "--json"]
    result = CliRunner().invoke(app, [*words, "--lang", "en"])
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["scenarios"] == 500
    assert "500 scenarios" in result.stderr
    assert (tmp_path / "out" / "sweep.html").is_file()
    frame = ds.dataset(tmp_path / "out" / "run" / "scenarios").to_table().to_pandas()
    assert frame["scenario"].tolist() == list(range(500))
    problem = Problem(read_district(TOWNS), read_norms(TOWNS / "three_towns.toml").at(2025))
    row = frame.iloc[17]
    names = [name for name in frame.columns if "[" in name or name == "speed"]
    card = score_state(under(today(problem), {Factor(name): float(row[name]) for name in names}))
    assert row["beds_per_1000.value"] == pytest.approx(card["beds_per_1000"].value, rel=1e-12)
    assert bool(row["reach_rural.holds"]) is (card["reach_rural"].verdict == "met")


def test_a_product_is_summarised_and_told(tmp_path: Path):
    file = _write(tmp_path, PRODUCT)
    code, told = _run(file, "--out", tmp_path / "out", "--workers", "2", "--lang", "en")
    assert code == 0, told
    assert "9,600" in told  # 300 populations × 16 sets of stations × 2 targets
    assert (tmp_path / "out" / "sweep.html").is_file()
    one = _bytes(tmp_path / "out" / "run")
    code, told = _run(file, "--out", tmp_path / "again", "--workers", "1", "--lang", "zh")
    assert code == 0, told
    assert _bytes(tmp_path / "again" / "run") == one


def test_killed_and_resumed_it_is_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A real sweep, SIGKILLed once some chunks are kept; then resumed on two processes."""
    monkeypatch.setattr("resalloc.sweep.table_work.CHUNK_BYTES", 1)  # one block a chunk
    file = _write(tmp_path, TABLE)
    run_work(prepare(read_settings(file)).work(), tmp_path / "whole" / "run")
    script = (
        "import resalloc.sweep.table_work as t, sys; t.CHUNK_BYTES = 1\n"
        "from resalloc.cli import app; app(sys.argv[1:])"
    )
    words = ["sweep", str(file), "--out", str(tmp_path / "cut"), "--workers", "1"]
    process = subprocess.Popen([sys.executable, "-c", script, *words], stderr=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, env={**os.environ})  # fmt: skip
    kept = tmp_path / "cut" / "run" / ".chunks"
    while process.poll() is None and not (kept.is_dir() and any(kept.glob("*.json"))):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    code, told = _run(file, "--out", tmp_path / "cut", "--workers", "1", "--resume")
    assert code == 0, told
    assert _bytes(tmp_path / "cut" / "run") == _bytes(tmp_path / "whole" / "run")


def test_a_changed_file_is_not_resumed_silently(tmp_path: Path):
    file = _write(tmp_path, TABLE.replace("20000", "100"))
    run_work(prepare(read_settings(file)).work(), tmp_path / "out" / "run")
    code, told = _run(file, "--out", tmp_path / "out", "--workers", "1")
    assert code == 2
    assert "--resume" in told
    file.write_text(file.read_text(encoding="utf-8").replace("seed = 3", "seed = 4"), "utf-8")
    code, told = _run(file, "--out", tmp_path / "out", "--workers", "1", "--resume")
    assert code == 2
    assert "sweep file" in told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sampler = 'sobol'\nsize = 8\n[[factor]]\nof = 'beds.wizard'\nuniform = {low=1,high=2}\n",
         ["wizard"]),
        ("sampler = 'sobol'\nsize = 8\n[[factor]]\nof = 'site[东站]'\nopen = 0.5\n", ["东站"]),
        ("sampler = 'dice'\nsize = -1\n[[factor]]\nof = 'speed'\n", ["sampler", "size"]),
        ("clauses = ['beds_per_100']\nsampler = 'sobol'\nsize = 8\n[[factor]]\nof = 'beds'\n"
         "uniform = {low=1,high=2}\n", ["beds_per_100", "beds_per_1000"]),
        ("measures = ['gini']\nsampler = 'sobol'\nsize = 8\n[[factor]]\nof = 'beds'\n"
         "uniform = {low=1,high=2}\n", ["gini", "gini_beds"]),
        ("file = 'none.csv'\n", ["none.csv"]),
        ("this is not toml", ["futures.toml"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_without_a_traceback(tmp_path: Path, text: str, words: list[str]):
    code, told = _run(_write(tmp_path, text), "--out", tmp_path / "out", "--workers", "1")
    assert code == 2, told
    assert "Traceback" not in told
    for word in words:
        assert word in told


def test_a_part_that_was_damaged_is_made_again_and_named(tmp_path: Path):
    file = _write(tmp_path, PRODUCT)
    run = run_work(prepare(read_settings(file)).work(), tmp_path / "out" / "run")
    whole = _bytes(tmp_path / "out" / "run")
    part = run.path / "plans" / "part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-7] + b"damaged")
    code, told = _run(file, "--out", tmp_path / "out", "--workers", "1", "--resume", "--lang", "en")
    assert code == 0, told
    assert "Part 1 was made again" in told
    assert _bytes(tmp_path / "out" / "run") == whole


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("clauses = ['reach_rural']\nsampler = 'factorial'\n[[factor]]\nof = 'norm.beds_per_1000'\n"
         "levels = [4, 5]\n", ["norm.beds_per_1000", "not scored", "clauses"]),
        ("sampler = 'factorial'\n[[factor]]\nof = 'budget_wan'\nlevels = [1, 5]\n",
         ["budget", "--reoptimise"]),
        ("clauses = ['reach_rural']\nsampler = 'factorial'\n[[factor]]\nof = 'beds'\n"
         "levels = [1, 2]\n", ["no factor moves"]),
        ("sampler = 'factorial'\n[[factor]]\nof = 'norm.beds_per_1000'\nlevels = [-7.5]\n",
         ["out of range"]),
    ],
)  # fmt: skip
def test_what_would_change_no_number_is_refused(tmp_path: Path, text: str, words: list[str]):
    code, told = _run(_write(tmp_path, text), "--out", tmp_path / "out", "--workers", "1")
    assert code == 2, told
    assert not [word for word in words if word not in told], told


def test_no_such_sweep_names_those_there_are():
    code, told = _run("tonglang", "--out", "nowhere")
    assert code == 2
    assert "tongliang" in told
    assert not Path("nowhere").exists()
