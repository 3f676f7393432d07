"""Kill a run at each thing it asks of the disk, in turn; resume it; compare every byte.

``python -m tests.sweep.run.kill_points FOLDER`` prints at how many points it was killed.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from resalloc.sweep.run.run import run_work
from resalloc.sweep.run.work import compute
from tests.sweep.run.tiny import Tiny, contents

if TYPE_CHECKING:
    from collections.abc import Callable

WORK = Tiny(chunks=2, rows=5)
CALLS = ("open", "write", "fsync", "replace", "mkdir", "unlink")


def ended_by(action: Callable[[], object]) -> int:
    """Do something in a process of its own; give the signal that killed it, or 0."""
    child = os.fork()
    if not child:
        try:
            action()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the run failed"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def killed_at(last: int, out: Path, *, resume: bool) -> int:
    """Run, and be killed at the `last` call that concerns the disk; a write is half done."""
    count = itertools.count(1)

    def counted(name: str) -> Callable[..., object]:
        call = getattr(os, name)

        def wrapper(*args: object, **options: object) -> object:
            if next(count) == last:
                if name == "write":
                    call(args[0], args[1][: len(args[1]) // 2])
                os.kill(os.getpid(), signal.SIGKILL)
            return None if name == "fsync" else call(*args, **options)

        return wrapper

    def run() -> None:
        for name in CALLS:
            setattr(os, name, counted(name))
        run_work(WORK, out, resume=resume)

    return ended_by(run)


def main(folder: Path) -> None:
    os.fsync = lambda file: None  # a kill loses nothing that was written: this only takes time
    compute(WORK, 0)  # what it imports is imported once, before the forks
    whole = folder / "whole"
    ended_by(lambda: run_work(WORK, whole))
    expected = contents(whole)
    for point in itertools.count(1):
        out = folder / f"killed-{point}"
        if not killed_at(point, out, resume=False):
            break
        if point % 3 == 0:
            killed_at(point + 3, out, resume=True)  # and once more on the way
        ended_by(lambda out=out: run_work(WORK, out, resume=True))
        assert contents(out) == expected, f"killed at call {point}: other bytes"
    sys.stdout.write(f"{point - 1}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
