"""A small work for the run engine's tests, in a module that other processes can import."""

from __future__ import annotations

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from resalloc.errors import one_fault


@dataclass(frozen=True)
class Tiny:
    """Random numbers in two data sets, and what may go wrong with a chunk.

    Parameters
    ----------
    trouble
        By chunk: ``"error"``, ``"input"``, ``"die"`` (the process is killed), or the path of a
        file: the process is killed unless the file is there, and leaves it there.
    """

    chunks: int = 5
    seed: int = 7
    rows: int = 40
    pause_s: float = 0.0
    trouble: tuple[tuple[int, str], ...] = ()

    def size(self, chunk: int) -> int:
        return self.rows

    def identity(self) -> dict[str, object]:
        inputs = {"population.csv": {"sha256": f"{self.seed:064x}"}}
        return {"seed": self.seed, "rows": self.rows, "inputs": inputs, "years": (2024, 2025)}

    def run(self, chunk: int) -> dict[str, pa.Table]:
        time.sleep(self.pause_s)
        trouble = dict(self.trouble).get(chunk, "")
        if trouble == "error":
            raise ZeroDivisionError("no residents")
        if trouble == "input":
            raise one_fault("norms.toml", "no target.", "Give one.")
        if trouble == "die" or (trouble and not Path(trouble).exists()):
            if trouble != "die":
                Path(trouble).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        random = np.random.default_rng([self.seed, chunk])
        first = chunk * self.rows
        scenario = np.arange(first, first + self.rows)
        places = np.array(["南镇", "北镇"])[np.tile([0, 1], self.rows)]
        return {
            "scenarios": pa.table({"scenario": scenario, "gini": random.random(self.rows)}),
            "places": pa.table(
                {
                    "scenario": np.repeat(scenario, 2),
                    "place": pa.array(places).dictionary_encode(),
                    "value": random.random(2 * self.rows),
                }
            ),
        }


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file of a folder, hidden ones too, by its path in it."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
