"""A real Dask scheduler and its workers, each a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resalloc.errors import InputError, SweepError
from resalloc.sweep.run import cluster
from resalloc.sweep.run.run import Progress, run_work
from tests.sweep.run.tiny import Tiny, contents

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]


@contextmanager
def process(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a `dask` command on this machine only, until the end of the block."""
    env = {
        **os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "5s",
    }  # fmt: skip
    running = subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments],
        env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield running
    finally:
        running.kill()
        running.wait()


class Cluster:
    """A scheduler and three workers."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        told = folder / "scheduler.json"
        self.scheduler = stack.enter_context(
            process("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
                    "--scheduler-file", str(told))
        )  # fmt: skip
        self.workers = [
            stack.enter_context(
                process("worker", "--scheduler-file", str(told), "--host", "127.0.0.1",
                        "--nthreads", "2", "--no-nanny", "--no-dashboard",
                        "--local-directory", str(folder))
            )
            for _ in range(3)
        ]  # fmt: skip
        until = time.monotonic() + 30
        while not told.exists() or not told.read_text(encoding="utf-8").strip():
            assert time.monotonic() < until, "the scheduler does not start"
            time.sleep(0.02)
        self.address: str = json.loads(told.read_text(encoding="utf-8"))["address"]


@pytest.fixture(scope="module")  # the tests use it up, in their order
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with ExitStack() as stack:
        yield Cluster(tmp_path_factory.mktemp("dask"), stack)


def test_a_cluster_that_loses_a_worker_leaves_the_same_bytes_as_one_process(
    dask: Cluster, tmp_path: Path
):
    whole = run_work(Tiny(chunks=12), tmp_path / "whole").path

    def kill(progress: Progress) -> None:
        if progress.done == 3:
            dask.workers[0].kill()

    work = Tiny(chunks=12, pause_s=0.05)
    run_work(work, tmp_path / "out", scheduler=dask.address, progress=kill)
    assert dask.workers[0].wait(timeout=5)
    assert contents(tmp_path / "out") == contents(whole)


def test_errors_of_a_chunk_come_over_as_they_are(dask: Cluster, tmp_path: Path):
    with pytest.raises(InputError, match="no target"):
        run_work(Tiny(trouble=((2, "input"),)), tmp_path / "input", scheduler=dask.address)
    with pytest.raises(SweepError, match=r"Chunk 2 failed: ZeroDivisionError.* chunks are kept"):
        run_work(Tiny(trouble=((2, "error"),)), tmp_path / "error", scheduler=dask.address)


def test_a_chunk_that_kills_its_workers_does_not_go_round_for_ever(
    dask: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cluster, "IDLE_S", 2)
    with pytest.raises(SweepError, match=r"(lost its worker|has had no worker).* kept in"):
        run_work(Tiny(trouble=((1, "die"),)), tmp_path, scheduler=dask.address)


def test_a_scheduler_that_goes_away_is_told_plainly(dask: Cluster, tmp_path: Path):
    timer = threading.Timer(1, dask.scheduler.kill)
    timer.start()
    with pytest.raises(SweepError, match=r"went away.* chunks are kept in"):
        run_work(Tiny(chunks=999, pause_s=0.05), tmp_path, scheduler=dask.address)
    timer.join()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.1:8786", "tcp://host", "not an address"])
def test_an_address_without_protocol_or_port_is_refused(tmp_path: Path, address: str):
    with pytest.raises(InputError, match=r"tcp://127\.0\.0\.1:8786"):
        run_work(Tiny(), tmp_path / "out", scheduler=address)


def test_no_scheduler_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cluster, "CONNECT_S", 0.5)
    with pytest.raises(InputError, match=r"no Dask scheduler answers there"):
        run_work(Tiny(), tmp_path, scheduler="tcp://127.0.0.1:9")


def test_without_dask_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def absent(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(cluster, "import_module", absent)
    with pytest.raises(InputError, match=r"pip install 'resalloc\[distributed\]'"):
        run_work(Tiny(), tmp_path, scheduler="tcp://127.0.0.1:9")
