"""Running work into a folder, going on with it after any interruption, and opening the result."""

from __future__ import annotations

import math
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from resalloc.errors import SweepError, one_fault
from resalloc.sweep.run.cluster import on_cluster
from resalloc.sweep.run.disk import only_run_in, told_plainly
from resalloc.sweep.run.manifest import read_manifest
from resalloc.sweep.run.processes import in_process, on_processes
from resalloc.sweep.run.store import begin

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from typing import Any

    import pyarrow.dataset as ds

    from resalloc.sweep.run.store import Store
    from resalloc.sweep.run.work import Made, Work


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Parameters
    ----------
    done, chunks
        Chunks on the disk, and chunks there are.
    rows
        Scenarios on the disk.
    seconds
        Since this run began, or was resumed.
    rows_per_s
        Scenarios of this run in each second, without those kept from before; NaN before the first.
    left_s
        Seconds to go at this pace; NaN before the first chunk.
    """

    done: int
    chunks: int
    rows: int
    seconds: float
    rows_per_s: float
    left_s: float


@dataclass(frozen=True)
class RunFolder:
    """A complete run on the disk.

    Parameters
    ----------
    path
        Its folder.
    manifest
        What it was made from, and every part with bytes, rows and sha256.
    kept
        How many chunks an earlier run had kept.
    redone
        By chunk, why it had to be computed again, e.g. a part that was damaged.
    """

    path: Path
    manifest: Mapping[str, Any]
    kept: int = 0
    redone: Mapping[int, str] = field(default_factory=dict)

    @property
    def chunks(self) -> int:
        """How many chunks the run has."""
        return int(self.manifest["chunks"])

    @property
    def rows(self) -> dict[str, int]:
        """Rows by data set."""
        return {name: int(one["rows"]) for name, one in self.manifest["datasets"].items()}

    def dataset(self, name: str) -> ds.Dataset:
        """Open a data set: all its parts as one, read only as far as needed.

        Raises
        ------
        KeyError
            There is no such data set.
        """
        import pyarrow.dataset as ds

        parts = self.manifest["datasets"][name]["parts"]
        return ds.dataset([str(self.path / part["file"]) for part in parts])


def run_work(
    work: Work,
    out: str | Path,
    *,
    workers: int = 1,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> RunFolder:
    """Run all chunks of a work and keep what they give as Parquet data sets in a folder.

    The run may be cut off at any moment, by a power failure even, and resumed: chunks that are
    whole on the disk are kept, the others computed again. In the end the folder is the same,
    byte for byte, as that of a run that was never interrupted, whatever the number of workers.

    Parameters
    ----------
    work
        What to run. On several processes or machines it must be picklable.
    out
        Folder for the results; made if absent.
    workers
        Processes on this machine; 1 computes in this one.
    scheduler
        Address of a Dask scheduler, e.g. ``tcp://127.0.0.1:8786``: its workers compute, and
        `workers` is not used.
    resume
        Go on with the run that is in the folder, if there is one.
    progress
        Called once at the start and after each chunk.

    Returns
    -------
    RunFolder
        The complete run; it says which chunks had to be made again, and why.

    Raises
    ------
    InputError
        The folder is not empty and `resume` is not asked for; it is in use by another run;
        what decides the results has changed since the run began; it holds files that are not
        the run's; there is nothing to run; the scheduler does not answer.
    SweepError
        A chunk failed, or the disk is full: says how many chunks are kept. Or the folder
        cannot be written to at all.
    KeyboardInterrupt
        As the user asked; says how many chunks are kept.

    Notes
    -----
    A chunk counts as done when its record, written last, is there and every part it names has
    the size and SHA-256 it names. Each file is written to a temporary name, brought to the
    disk and then renamed. In the end every chunk is looked for again before the manifest says
    ``complete``: there is never a silent gap.

    Examples
    --------
    >>> import tempfile
    >>> import pyarrow as pa
    >>> class Squares:
    ...     chunks = 3
    ...
    ...     def identity(self):
    ...         return {"chunk_size": 2}
    ...
    ...     def size(self, chunk):
    ...         return 2
    ...
    ...     def run(self, chunk):
    ...         numbers = [2 * chunk, 2 * chunk + 1]
    ...         squares = [number**2 for number in numbers]
    ...         return {"squares": pa.table({"number": numbers, "square": squares})}
    >>> with tempfile.TemporaryDirectory() as out:
    ...     run = run_work(Squares(), out)
    ...     again = run_work(Squares(), out, resume=True)
    ...     again.kept, again.dataset("squares").to_table()["square"].to_pylist()
    (3, [0, 1, 4, 9, 16, 25])
    """
    if workers < 1:
        raise one_fault("--workers", f"{workers} cannot compute anything.", "Give 1 or more.")
    if work.chunks < 1:
        raise one_fault("sweep", "there is nothing to run: it has no chunk.", "Ask for some.")
    folder = Path(out)
    if folder.exists() and not folder.is_dir():
        raise one_fault(str(folder), "this is a file, not a folder.", "Give another --out.")
    with told_plainly(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with only_run_in(folder):
        with told_plainly(folder):
            store = begin(work, folder, resume=resume)
        kept = len(store.kept)
        _fill(store, _computed(work, store.missing(), workers, scheduler), progress, work.size)
    return RunFolder(folder, read_manifest(folder), kept, dict(store.redone))


def read_run_folder(path: str | Path) -> RunFolder:
    """Open a complete run.

    Raises
    ------
    InputError
        There is no run in the folder, or it is not complete.
    """
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest["state"] != "complete":
        what = "the sweep in this folder is not complete."
        raise one_fault(str(folder), what, "Run it again with --resume.")
    return RunFolder(folder, manifest)


def _computed(
    work: Work, chunks: list[int], workers: int, scheduler: str | None
) -> Generator[Made, None, None]:
    if scheduler is not None and chunks:
        return on_cluster(work, chunks, scheduler)
    if workers > 1 and chunks:
        return on_processes(work, chunks, workers)
    return in_process(work, chunks)


def _fill(
    store: Store,
    computed: Generator[Made, None, None],
    progress: Callable[[Progress], None] | None,
    size: Callable[[int], int],
) -> None:
    """Keep chunks as they come, until all are there."""
    pace = _Pace(store, size)
    try:
        with closing(computed):
            if progress is not None:
                progress(pace.now())
            for made in computed:
                with told_plainly(store.folder):
                    store.keep(made)
                pace.count(made)
                if progress is not None:
                    progress(pace.now())
        with told_plainly(store.folder):
            store.finish()
    except SweepError as error:
        raise SweepError(f"{error} {_so_far(store)}") from error
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"Stopped. {_so_far(store)}") from None


def _so_far(store: Store) -> str:
    kept = f"{len(store.kept)} of {store.chunks} chunks are kept in {store.folder}"
    return f"{kept}; go on with --resume."


class _Pace:
    """Tells how far a run is, by the clock."""

    def __init__(self, store: Store, size: Callable[[int], int]) -> None:
        self._store = store
        self._size = size
        self._began = time.monotonic()
        self._kept = len(store.kept)
        self._kept_rows = sum(map(size, store.kept))
        self._rows = 0

    def count(self, made: Made) -> None:
        self._rows += self._size(made.chunk)

    def now(self) -> Progress:
        seconds = time.monotonic() - self._began
        done, chunks = len(self._store.kept), self._store.chunks
        fresh = done - self._kept
        pace = self._rows / seconds if fresh and seconds else math.nan
        left = (chunks - done) * seconds / fresh if fresh else math.nan
        return Progress(done, chunks, self._kept_rows + self._rows, seconds, pace, left)
