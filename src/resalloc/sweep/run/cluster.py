"""Chunks computed on a Dask cluster: its scheduler's address is enough, no shared disk."""

from __future__ import annotations

import pickle
import re
import threading
import uuid
from collections import deque
from importlib import import_module
from typing import TYPE_CHECKING, Any

from resalloc.errors import ResallocError, SweepError, one_fault
from resalloc.sweep.run.processes import AHEAD
from resalloc.sweep.run.work import compute

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from resalloc.sweep.run.work import Made, Work

CONNECT_S = 10
"""How long to wait for the scheduler."""

IDLE_S = 60
"""How long to wait for a worker on a cluster that has none."""

_ONE_CHUNK = threading.Lock()

_ADDRESS = re.compile(r"[a-z]+://(\[[^\]]+\]|[^:/]+):\d+")


def on_cluster(work: Work, chunks: Sequence[int], scheduler: str) -> Generator[Made, None, None]:
    """Compute chunks on the workers of a Dask scheduler, in the order they are done.

    The work is sent once; a chunk comes back as Parquet files and is written here, so that
    workers need no disk in common. Chunks of a lost worker are computed again on another, as
    often as the scheduler's ``allowed-failures`` says.

    Raises
    ------
    InputError
        Dask is not installed, the scheduler does not answer, or as the work raises it.
    SweepError
        A chunk failed or lost too many workers, or the cluster went away.
    """
    client = _connected(scheduler)
    waiting, flying = deque(chunks), dict[Any, int]()
    try:
        run = uuid.uuid4().hex
        held = _sent(client, work, run)
        while waiting or flying:
            most = AHEAD * max(_workers(client, scheduler), 1)
            while waiting and len(flying) < most:
                chunk = waiting.popleft()
                key = f"resalloc-chunk-{chunk}-{run}"
                flying[client.submit(_compute, held, chunk, key=key, pure=False)] = chunk
            for future in _landed(client, list(flying), scheduler):
                yield _made(client, future, flying.pop(future), scheduler)
    finally:
        _leave(client, list(flying))


def _library(name: str, scheduler: str) -> Any:
    """Load a library of the extra that only this module needs; it carries no types."""
    try:
        return import_module(name)
    except ModuleNotFoundError:
        remedy = "Install it: pip install 'resalloc[distributed]'."
        raise one_fault(f"--scheduler {scheduler}", f"{name} is not installed.", remedy) from None


def _connected(scheduler: str) -> Any:
    where = f"--scheduler {scheduler}"
    if not _ADDRESS.fullmatch(scheduler):
        what = f"'{scheduler}' is no address of a scheduler."
        raise one_fault(where, what, "Write protocol, host and port: tcp://127.0.0.1:8786.")
    distributed = _library("distributed", scheduler)
    try:
        return distributed.Client(scheduler, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError, RuntimeError) as error:
        what = f"no Dask scheduler answers there within {CONNECT_S} seconds ({error})."
        remedy = "Start one (dask scheduler), or check the address, e.g. tcp://127.0.0.1:8786."
        raise one_fault(where, what, remedy) from error


def _sent(client: Any, work: Work, run: str) -> Any:
    """Send the work; as a task, so that the scheduler can make it again if a worker is lost."""
    dask = import_module("dask")
    try:
        payload = import_module("cloudpickle").dumps(work)
    except Exception as error:
        raise SweepError(f"The work cannot be sent to other machines ({error}).") from error
    with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
        return client.submit(pickle.loads, payload, key=f"resalloc-work-{run}", pure=False)


def _workers(client: Any, scheduler: str) -> int:
    try:
        return len(client.nthreads())
    except Exception as error:
        raise SweepError(_gone(scheduler)) from error


def _must_have_workers(client: Any, scheduler: str) -> None:
    if not _workers(client, scheduler):
        what = f"The cluster at {scheduler} has had no worker for {IDLE_S} seconds."
        raise SweepError(f"{what} Start some (dask worker {scheduler}).")


def _landed(client: Any, flying: list[Any], scheduler: str) -> list[Any]:
    """Wait for the next chunks; a cluster that stays without workers is given up."""
    distributed = import_module("distributed")
    while True:
        try:
            with client.as_current():
                return list(distributed.wait(flying, IDLE_S, "FIRST_COMPLETED").done)
        except TimeoutError:
            _must_have_workers(client, scheduler)
        except (distributed.CancelledError, OSError) as error:
            raise SweepError(_gone(scheduler)) from error


def _made(client: Any, future: Any, chunk: int, scheduler: str) -> Made:
    """Bring a chunk over; if its worker is lost meanwhile, another computes it again."""
    distributed = import_module("distributed")
    patience_s = IDLE_S
    while True:
        try:
            made: Made = future.result(timeout=patience_s)
        except TimeoutError:
            _must_have_workers(client, scheduler)
            patience_s *= 2  # it may be a slow line
        except ResallocError:
            raise
        except distributed.KilledWorker as error:
            times = error.allowed_failures + 1
            what = f"Chunk {chunk}, or one beside it, lost its worker {times} times."
            raise SweepError(f"{what} It may need more memory: use smaller chunks.") from error
        except (distributed.CancelledError, OSError) as error:
            raise SweepError(_gone(scheduler)) from error
        except Exception as error:
            what = f"A worker could not compute chunk {chunk} ({type(error).__name__}: {error})."
            raise SweepError(f"{what} Is the same resalloc installed there?") from error
        else:
            return made


def _gone(scheduler: str) -> str:
    return f"The Dask scheduler at {scheduler} went away. Start it again."


def _leave(client: Any, flying: list[Any]) -> None:
    """Take back what is in flight and part from the cluster, which may be gone."""
    try:
        client.cancel(flying, force=True)
    except Exception:
        pass
    finally:
        client.close(timeout=CONNECT_S)


def _compute(work: Work, chunk: int) -> Made:
    """Compute a chunk on a worker, one at a time: compiled loops run on all its cores."""
    with _ONE_CHUNK:
        return compute(work, chunk)
