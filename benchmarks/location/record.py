"""Measured lines on record: one line of location_history.jsonl each, as soon as it is known.

A run that is cut off has what it did before.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.record import machine, versions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

HISTORY = Path(__file__).parents[1] / "location_history.jsonl"


def setting(when: datetime, *, small: bool, **more: Any) -> dict[str, Any]:
    """Give what all lines of a run share: date, machine, versions, how busy the machine was.

    Parameters
    ----------
    when
        By the clock, given by the caller.
    small
        Whether the sizes are those for a look, which count for nothing.
    more
        Further versions, by package.
    """
    return {
        "when": when.isoformat(timespec="seconds"),
        "machine": machine(),
        "versions": {**versions("numba"), **more},
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "small": small,
    }


def append(record: Mapping[str, Any], path: Path = HISTORY) -> None:
    """Add a measured line to the end of the history."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write(json.dumps(_short(dict(record)), ensure_ascii=False) + "\n")


def heading(shared: Mapping[str, Any]) -> list[str]:
    """Give machine and versions as the lines above a table."""
    packages = ", ".join(f"{name} {found}" for name, found in shared["versions"].items())
    busy = f", load {shared['load']} at the start" if shared["load"] is not None else ""
    return [f"{shared['when'][:10]} · {shared['machine']}{busy}", packages, ""]


def _short(value: Any) -> Any:
    """Give seconds and the like with six digits; objectives and bounds as they are."""
    exact = ("objective", "bound", "known", "claimed")
    return {
        key: float(f"{one:.6g}") if isinstance(one, float) and key not in exact else one
        for key, one in value.items()
    }
