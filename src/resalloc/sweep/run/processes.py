"""Chunks computed on this machine: in this process, or on several."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import Counter, deque
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TYPE_CHECKING

from resalloc.errors import SweepError
from resalloc.sweep.run.work import compute

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from resalloc.sweep.run.work import Made, Work

LOSSES = 3
"""How often a chunk may lose the process that computes it; the last time it runs alone."""

AHEAD = 2
"""Chunks in flight for each worker, so that memory stays bounded however long the run."""

_BLAS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def in_process(work: Work, chunks: Sequence[int]) -> Generator[Made, None, None]:
    """Compute chunks one after the other, in this process."""
    for chunk in chunks:
        yield compute(work, chunk)


def on_processes(work: Work, chunks: Sequence[int], workers: int) -> Generator[Made, None, None]:
    """Compute chunks on several processes of this machine, in the order they are done.

    A process that is killed, for want of memory say, takes its chunks with it: they are
    computed again on new ones.

    Raises
    ------
    InputError
        As the work raises it.
    SweepError
        A chunk failed, or lost its process :data:`LOSSES` times.
    """
    try:
        payload = pickle.dumps(work, protocol=pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        what = f"The work cannot be sent to other processes ({error}). Use one worker."
        raise SweepError(what) from error
    workers = min(workers, max(len(chunks), 1))
    waiting, losses = deque(chunks), Counter[int]()
    any_back = False
    while waiting:
        lost: list[int] = []
        with _Pool(payload, workers) as pool:
            while not lost and (waiting or pool.flying):
                lost += pool.launch(waiting, losses)
                for made in pool.landed(lost):
                    any_back = True
                    yield made
        for chunk in sorted(lost, reverse=True):
            losses[chunk] += 1
            waiting.appendleft(chunk)
            if losses[chunk] >= LOSSES and len(lost) == 1:
                raise SweepError(_why_lost(chunk, any_back))


class _Pool:
    """Worker processes, and the chunks that are in flight on them."""

    def __init__(self, payload: bytes, workers: int) -> None:
        self.workers = workers
        self.flying: dict[Future[Made], int] = {}
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, context, _start, (payload,))

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        """Stop at once: nobody waits for what is in flight."""
        processes = list((self._pool._processes or {}).values())
        self._pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            if process.pid is not None:
                process.kill()
        for process in processes:
            if process.pid is not None:
                process.join()

    def launch(self, waiting: deque[int], losses: Counter[int]) -> list[int]:
        """Send chunks off as long as there is room; give those lost on the way.

        A chunk on its last try flies alone: if its process dies once more, it is the cause.
        """
        last = LOSSES - 1
        while waiting and len(self.flying) < AHEAD * self.workers:
            chunk = waiting[0]
            alone = any(losses[c] >= last for c in (chunk, *self.flying.values()))
            if alone and self.flying:
                break
            try:
                with _few_threads(self.workers):  # the processes are started on the way
                    future = self._pool.submit(_compute, chunk)
            except (BrokenProcessPool, BrokenPipeError, ConnectionError):
                if self.flying:
                    break  # they are told of it themselves
                return [waiting.popleft()]
            self.flying[future] = waiting.popleft()
        return []

    def landed(self, lost: list[int]) -> Iterator[Made]:
        """Wait for the next chunks and give them; those whose process died go to `lost`."""
        done = wait(self.flying, return_when=FIRST_COMPLETED).done
        if any(isinstance(future.exception(), BrokenProcessPool) for future in done):
            done = wait(self.flying).done  # all the others are done or lost too
        for future in done:
            chunk = self.flying.pop(future)
            if isinstance(future.exception(), BrokenProcessPool):
                lost.append(chunk)
            else:
                yield future.result()


def _why_lost(chunk: int, any_back: bool) -> str:
    what = f"The process that computes chunk {chunk} died {LOSSES} times, the last time alone."
    if any_back:
        return what + " It may need more memory: use smaller chunks."
    return what + (
        " No process gave back anything. In a script, call the sweep under"
        ' `if __name__ == "__main__":`, so that the processes can import it.'
    )


@contextmanager
def _few_threads(workers: int) -> Iterator[None]:
    """Give processes started meanwhile their share of the cores, and BLAS one thread.

    What the user has set stands. BLAS sums in another order on more threads, so that its last
    bits would depend on the machine.
    """
    share = str(max((os.cpu_count() or 1) // workers, 1))
    wanted = {"NUMBA_NUM_THREADS": share, **dict.fromkeys(_BLAS, "1")}
    added = {name: value for name, value in wanted.items() if name not in os.environ}
    os.environ.update(added)
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


# In the worker process

_payload = b""
_work: Work | None = None


def _start(payload: bytes) -> None:
    """Prepare a worker: it leaves Ctrl-C to the run, and ends when the run does."""
    global _payload  # what a worker is told once, before its first chunk
    _payload = payload
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _compute(chunk: int) -> Made:
    global _work  # unpacked with the first chunk, so that a failure has a name
    if _work is None:
        try:
            _work = pickle.loads(_payload)
        except Exception as error:
            what = f"A worker process cannot read the work ({type(error).__name__}: {error})."
            raise SweepError(what) from error
    assert _work is not None
    return compute(_work, chunk)
