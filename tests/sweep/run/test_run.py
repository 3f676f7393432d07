from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from resalloc.errors import InputError, SweepError, one_fault
from resalloc.sweep.run.disk import only_run_in
from resalloc.sweep.run.run import Progress, read_run_folder, run_work
from tests.sweep.run.tiny import Tiny, contents

if TYPE_CHECKING:
    from pathlib import Path

WORK = Tiny()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run, that no test changes."""
    return run_work(WORK, tmp_path_factory.mktemp("whole")).path


@dataclass(frozen=True)
class Odd(Tiny):
    """One chunk of it does not fit the others."""

    how: str = ""

    def run(self, chunk: int) -> dict[str, pa.Table]:
        tables = super().run(chunk)
        if chunk != 2:
            return tables
        if self.how == "columns":
            return {**tables, "scenarios": tables["scenarios"].rename_columns(["id", "gini"])}
        return {"data sets": {"scenarios": tables["scenarios"]}, "none": {}}.get(self.how, {})


# What is there in the end


def test_data_sets_are_read_whole_and_in_order(whole: Path):
    table = ds.dataset(whole / "scenarios").to_table()
    assert table["scenario"].to_pylist() == list(range(200))
    chunks = [np.random.default_rng([7, chunk]).random(40) for chunk in range(5)]
    assert table["gini"].to_pylist() == np.concatenate(chunks).tolist()
    run = read_run_folder(whole)
    assert run.rows == {"scenarios": 200, "places": 400}
    assert run.dataset("places").count_rows() == 400


def test_the_same_work_leaves_the_same_bytes_elsewhere_on_more_workers(whole: Path, tmp_path: Path):
    run_work(WORK, tmp_path / "out", workers=2)
    assert contents(tmp_path / "out") == contents(whole)


def test_the_manifest_names_what_the_run_was_made_from_and_every_part(whole: Path):
    manifest = json.loads((whole / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["state"] == "complete"
    assert manifest["identity"]["seed"] == 7
    assert set(manifest["versions"]) == {"numba", "numpy", "pyarrow", "python", "resalloc", "scipy"}
    parts = manifest["datasets"]["places"]["parts"]
    assert [part["file"] for part in parts] == [f"places/part-0000{i}.parquet" for i in range(5)]
    assert all((whole / part["file"]).stat().st_size == part["bytes"] for part in parts)


def test_progress_counts_what_was_kept_but_paces_by_this_run(whole: Path, tmp_path: Path):
    out = copied(whole, tmp_path)
    (out / ".chunks" / "00001.json").unlink()
    (out / "scenarios" / "part-00003.parquet").unlink()
    told: list[Progress] = []
    run_work(WORK, out, resume=True, progress=told.append)
    assert [(p.done, p.chunks, p.rows) for p in told] == [(3, 5, 120), (4, 5, 160), (5, 5, 200)]
    assert math.isnan(told[0].rows_per_s)
    assert math.isnan(told[0].left_s)
    assert told[1].rows_per_s == pytest.approx(40 / told[1].seconds)
    assert told[1].left_s == pytest.approx(told[1].seconds)
    assert told[2].left_s == 0


# Going on


def copied(whole: Path, tmp_path: Path) -> Path:
    out = tmp_path / "out"
    for name, data in contents(whole).items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(data)
    return out


def test_a_complete_run_is_resumed_without_computing_anything(whole: Path, tmp_path: Path):
    out = copied(whole, tmp_path)
    broken = replace(WORK, trouble=tuple((chunk, "error") for chunk in range(5)))
    run = run_work(broken, out, resume=True)
    assert (run.kept, run.redone) == (5, {})
    assert contents(out) == contents(whole)


def test_damaged_parts_are_made_again_and_the_run_says_why(whole: Path, tmp_path: Path):
    out = copied(whole, tmp_path)
    (out / "scenarios" / "part-00000.parquet").unlink()
    short = out / "places" / "part-00001.parquet"
    short.write_bytes(short.read_bytes()[:-1])
    flipped = out / "scenarios" / "part-00002.parquet"
    data = flipped.read_bytes()
    flipped.write_bytes(data[:9] + bytes([data[9] ^ 1]) + data[10:])
    (out / ".chunks" / "00003.json").write_text("{}", encoding="utf-8")
    run = run_work(WORK, out, resume=True)
    assert run.kept == 1
    assert {chunk: why.split(" (")[0] for chunk, why in run.redone.items()} == {
        0: "scenarios/part-00000.parquet is missing",
        1: "places/part-00001.parquet has 2,007 bytes, not 2,008",
        2: "scenarios/part-00002.parquet has changed",
        3: "its record is damaged",
    }
    assert contents(out) == contents(whole)


def test_a_changed_input_is_named_as_it_was_and_as_it_is(whole: Path, tmp_path: Path):
    out = copied(whole, tmp_path)
    with pytest.raises(InputError) as caught:
        run_work(replace(WORK, seed=8, chunks=6), out, resume=True)
    faults = {fault.where: fault for fault in caught.value.faults}
    assert faults["seed"].what == "was 7 when the run began and is 8 now."
    assert faults["chunks"].what == "was 5 when the run began and is 6 now."
    changed = faults["inputs population.csv sha256"].what
    assert changed == "has changed since the run began."
    assert "--out" in faults["seed"].remedy
    assert contents(out) == contents(whole)


def test_another_version_is_a_change(whole: Path, tmp_path: Path):
    out = copied(whole, tmp_path)
    old = (out / "manifest.json").read_text(encoding="utf-8")
    (out / "manifest.json").write_text(
        old.replace(f'"numpy": "{np.__version__}"', '"numpy": "1.0"'), encoding="utf-8"
    )
    with pytest.raises(InputError, match=r'numpy: was "1\.0" when the run began'):
        run_work(WORK, out, resume=True)


def test_a_chunk_that_comes_out_otherwise_the_second_time_is_refused(whole: Path, tmp_path: Path):
    out = copied(whole, tmp_path)
    (out / "scenarios" / "part-00002.parquet").unlink()
    with pytest.raises(SweepError, match="Chunk 2 did not come out as it did"):
        run_work(Odd(how="columns"), out, resume=True)


def test_resume_begins_where_there_is_nothing_yet(whole: Path, tmp_path: Path):
    run_work(WORK, tmp_path / "new" / "out", resume=True)
    assert contents(tmp_path / "new" / "out") == contents(whole)


# What is refused


def test_a_folder_that_holds_something_is_left_as_it_is(whole: Path, tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    for resume, why in ((False, "--resume"), (True, "there is no sweep in this folder")):
        with pytest.raises(InputError, match=why):
            run_work(WORK, tmp_path, resume=resume)
    with pytest.raises(InputError, match="a file, not a folder"):
        run_work(WORK, tmp_path / "notes.txt")
    with pytest.raises(SweepError, match="could not be written"):
        run_work(WORK, tmp_path / "notes.txt" / "out")
    assert contents(tmp_path) == {"notes.txt": b"mine"}


@pytest.mark.parametrize("name", ["part-00009.parquet", "old/part-00000.parquet"])
def test_a_file_that_would_be_read_as_a_part_is_refused(name: str, whole: Path, tmp_path: Path):
    mine = copied(whole, tmp_path) / "scenarios" / name
    mine.parent.mkdir(exist_ok=True)
    mine.write_bytes(b"mine")
    with pytest.raises(InputError, match="would be read as a part"):
        run_work(WORK, tmp_path / "out", resume=True)
    assert mine.read_bytes() == b"mine"


def test_a_folder_is_one_runs_at_a_time(tmp_path: Path):
    with only_run_in(tmp_path), pytest.raises(InputError, match=f"process {os.getpid()} on"):
        run_work(WORK, tmp_path)


def test_a_dead_runs_lock_stops_nobody(tmp_path: Path):
    code = "from resalloc.sweep.run.disk import only_run_in as hold; import os, pathlib, sys\n"
    code += "with hold(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert (tmp_path / ".lock").exists()
    run_work(Tiny(chunks=1), tmp_path)
    assert not (tmp_path / ".lock").exists()


def test_an_incomplete_run_is_not_opened(tmp_path: Path):
    with pytest.raises(SweepError):
        run_work(replace(WORK, trouble=((3, "error"),)), tmp_path)
    with pytest.raises(InputError, match="not complete"):
        read_run_folder(tmp_path)


def test_nothing_to_run_and_nobody_to_run_it(tmp_path: Path):
    with pytest.raises(InputError, match="nothing to run"):
        run_work(Tiny(chunks=0), tmp_path)
    with pytest.raises(InputError, match="--workers"):
        run_work(WORK, tmp_path, workers=0)


# What goes wrong in a chunk


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_chunk_is_named_and_the_others_stay(workers: int, tmp_path: Path):
    out = tmp_path / "out"
    with pytest.raises(SweepError) as caught:
        run_work(replace(WORK, trouble=((4, "error"),)), out, workers=workers)
    said = str(caught.value)
    assert "Chunk 4 failed: ZeroDivisionError: no residents." in said
    assert f"of 5 chunks are kept in {out}; go on with --resume." in said
    if workers == 1:
        assert said.count("4 of 5") == 1
        with pytest.raises(InputError, match="no target") as refused:
            run_work(replace(WORK, trouble=((4, "input"),)), out, resume=True)
        assert refused.value.faults == one_fault("norms.toml", "no target.", "Give one.").faults
        assert run_work(WORK, out, resume=True).kept == 4


@pytest.mark.parametrize(
    ("how", "why"),
    [("columns", "other data sets or columns"), ("data sets", "other"), ("none", "no table")],
)
def test_chunks_must_fit_each_other(how: str, why: str, tmp_path: Path):
    with pytest.raises(SweepError, match=f"Chunk 2 .*{why}"):
        run_work(Odd(how=how), tmp_path)


def test_parts_removed_while_the_run_goes_on_are_not_passed_over(whole: Path, tmp_path: Path):
    def remove(progress: Progress) -> None:
        if progress.done == 3:
            (tmp_path / "places" / "part-00001.parquet").unlink()

    with pytest.raises(SweepError, match="Parts of chunk 1 went missing"):
        run_work(WORK, tmp_path, progress=remove)
    assert run_work(WORK, tmp_path, resume=True).kept == 4
    assert contents(tmp_path) == contents(whole)


def test_work_that_cannot_be_sent_is_refused_before_a_process_starts(tmp_path: Path):
    @dataclass(frozen=True)
    class Local(Tiny):
        pass

    with pytest.raises(SweepError, match="cannot be sent"):
        run_work(Local(), tmp_path, workers=2)
