"""A job in a process of its own: its memory is its own, and if it dies only it is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = dict[str, Any]
_SHOWN = 200


def run_apart(
    job: str,
    params: Mapping[str, Any],
    hard_limit_s: float,
    environment: Mapping[str, str] | None = None,
) -> Record:
    """Run a job in a process of its own and give what it recorded.

    A job that fails, is killed or does not end gives ``{"status": "failed", "why": …}``.

    Parameters
    ----------
    job
        ``package.module:function``; called with `params`, gives a record.
    params
        Plain values: they travel as JSON.
    hard_limit_s
        When to kill it. The job's own limit should be well below.
    environment
        Variables to add.
    """
    # This process stays small (no NumPy): on Linux the peak of a child starts at its parent's size.
    with tempfile.TemporaryDirectory(prefix="resalloc-bench-") as folder:
        out, log = Path(folder, "record.json"), Path(folder, "log.txt")
        words = [sys.executable, "-m", "benchmarks.job", job, json.dumps(dict(params)), str(out)]
        begun = time.perf_counter()
        with log.open("wb") as stream:
            process = subprocess.Popen(
                words,
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env={**os.environ, **(environment or {})},
            )
            try:
                code = process.wait(timeout=hard_limit_s)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        seconds = time.perf_counter() - begun
        if code == 0 and out.is_file():
            return {**json.loads(out.read_text(encoding="utf-8")), "process_s": seconds}
        why = f"did not end within {hard_limit_s:.0f} s" if code is None else _reason(code, log)
        return {"status": "failed", "why": why, "process_s": seconds}


def leave_no_child_behind() -> None:
    """Let a command that is asked to end (SIGTERM) stop the job it is waiting for, too."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def _reason(code: int, log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace").split("\n")
    words = [line.strip() for line in said if line.strip()]
    last = words[-1][-_SHOWN:] if words else "nothing was said"
    if code < 0:
        return f"killed by signal {-code} (9: often out of memory); last words: {last}"
    return last
