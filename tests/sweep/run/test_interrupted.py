"""Runs cut off from outside: killed, out of disk, stopped by the user."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from resalloc.errors import SweepError
from resalloc.sweep.run import processes
from resalloc.sweep.run.run import Progress, run_work
from tests.sweep.run.tiny import Tiny, contents

ROOT = Path(__file__).parents[3]
WORK = Tiny(chunks=8)
START = """
import sys
from resalloc.sweep.run.run import run_work
from tests.sweep.run.tiny import Tiny
run_work(Tiny(chunks=8, pause_s=0.05), sys.argv[1], workers=int(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_work(WORK, tmp_path_factory.mktemp("whole")).path


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True,
        stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip


def wait_for_chunks(out: Path, count: int, run: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 30
    while len(list(out.glob(".chunks/[0-9]*.json"))) < count:
        assert run.poll() is None, "the run ended before it could be cut off"
        assert time.monotonic() < until, "the run does not come forward"
        time.sleep(0.005)


def wait_for_the_end_of_group(leader: int) -> None:
    """Wait until no process that a killed run had started is left."""
    until = time.monotonic() + 20
    with contextlib.suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.killpg(leader, 0)
            time.sleep(0.02)
        pytest.fail("workers outlive their run")


def test_killed_at_each_thing_it_asks_of_the_disk(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "tests.sweep.run.kill_points", str(tmp_path)],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 50


@pytest.mark.parametrize(("workers", "chunks"), [(1, 3), (2, 4)])
def test_killed_midway_and_resumed_leaves_the_same_bytes(
    workers: int, chunks: int, whole: Path, tmp_path: Path
):
    out = tmp_path / "out"
    run = started(START, out, workers)
    wait_for_chunks(out, chunks, run)
    run.kill()
    run.communicate()
    wait_for_the_end_of_group(run.pid)
    again = run_work(WORK, out, workers=3 - workers, resume=True)
    assert chunks <= again.kept < 8
    assert again.redone == {}
    assert contents(out) == contents(whole)


def test_stopped_by_the_user_says_what_is_kept(tmp_path: Path):
    out = tmp_path / "out"
    run = started(START, out, 2)
    wait_for_chunks(out, 2, run)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal does: to the workers too
    said = run.communicate(timeout=20)[1]
    assert said.splitlines()[-1].startswith("KeyboardInterrupt: Stopped. ")
    assert f"of 8 chunks are kept in {out}; go on with --resume." in said
    assert "SpawnProcess" not in said
    assert not [name for name in contents(out) if name.endswith((".partial", ".lock"))]
    assert run_work(WORK, out, resume=True).kept >= 2


# A worker process is killed


def test_chunks_of_a_killed_worker_are_computed_again(whole: Path, tmp_path: Path):
    out, flag = tmp_path / "out", tmp_path / "killed"
    run_work(replace(WORK, trouble=((3, str(flag)),)), out, workers=2)
    assert flag.exists()
    assert contents(out) == contents(whole)


def test_a_chunk_that_always_kills_its_worker_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(processes, "LOSSES", 2)
    with pytest.raises(SweepError, match=r"computes chunk 3 died 2 times.* chunks are kept in"):
        run_work(Tiny(chunks=5, trouble=((3, "die"),)), tmp_path, workers=2)


# The disk


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (errno.ENOSPC, "disk is full: .* MB are free"),
        (errno.EACCES, "may not be written"),
        (errno.EIO, "could not be written"),
    ],
)
@pytest.mark.parametrize("call", ["write", "fsync"])
def test_a_disk_that_takes_no_more_is_told_plainly(
    call: str, code: int, why: str, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real, out = getattr(os, call), tmp_path / "out"

    def refuse(progress: Progress) -> None:
        def refused(file: int, *data: bytes) -> int:
            if data and len(data[0]) > 100:
                return real(file, data[0][:100])  # a short write, and then no more
            raise OSError(code, os.strerror(code))

        if progress.done == 3:
            monkeypatch.setattr(os, call, refused)

    with pytest.raises(SweepError, match=f"{why}.* 3 of 8 chunks are kept in .*--resume"):
        run_work(WORK, out, progress=refuse)
    assert not [name for name in contents(out) if name.endswith(".partial")]
    monkeypatch.undo()
    assert run_work(WORK, out, resume=True).kept == 3
    assert contents(out) == contents(whole)


def test_short_writes_are_gone_on_with(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real = os.write
    monkeypatch.setattr(os, "write", lambda file, data: real(file, data[:97]))
    run_work(WORK, tmp_path)
    assert contents(tmp_path) == contents(whole)


FULL = """
import sys
from resalloc.sweep.run.run import run_work
from tests.sweep.run.tiny import Tiny
run_work(Tiny(chunks=8, rows=20_000), sys.argv[1], resume=True)
"""


def test_a_disk_that_is_really_full(tmp_path: Path):
    mount = "mount -t tmpfs -o size=2m tmpfs $0 && "
    probe = ["unshare", "--mount", "sh", "-c", mount + "true", str(tmp_path)]
    try:
        able = subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        able = False
    if not able:
        pytest.skip("needs the right to mount a small disk")
    script = mount + '"$1" -c "$2" "$0/out"; ls -A "$0/out" "$0/out/scenarios"; mount -o remount,'
    script += 'size=64m "$0" && "$1" -c "$2" "$0/out" && grep state "$0/out/manifest.json"'
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, str(tmp_path), sys.executable, FULL],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert "SweepError: The disk is full" in done.stderr
    assert ".partial" not in done.stdout
    assert '"state": "complete"' in done.stdout, done.stderr
