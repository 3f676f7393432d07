"""The other side of :mod:`benchmarks.apart`: ``python -m benchmarks.job JOB PARAMS OUT``."""

from __future__ import annotations

import json
import math
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(words: Sequence[str]) -> int:
    """Run one job and write its record."""
    job, params, out = words
    module, name = job.split(":")
    record = getattr(import_module(module), name)(**json.loads(params))
    Path(out).write_text(json.dumps(plain(record), ensure_ascii=False), encoding="utf-8")
    return 0


def plain(value: Any) -> Any:
    """Give a record as JSON can hold it: what is not a finite number becomes null."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
