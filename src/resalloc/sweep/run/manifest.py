"""The manifest of a run: what it was made from, and whether a later run may go on with it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from resalloc.errors import Fault, InputError, one_fault
from resalloc.sweep.run.work import versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from resalloc.sweep.run.work import Work

FORMAT = 1
NAME = "manifest.json"
_SHOWN = 20
_WIDTH = 40
_ABSENT = "absent"


def opening(work: Work) -> dict[str, Any]:
    """Give the manifest of a run that begins.

    It holds no time, path or number of workers: the same work has the same manifest.
    """
    made = {
        "format": FORMAT,
        "state": "running",
        "chunks": work.chunks,
        "versions": dict(versions()),
        "identity": work.identity(),
    }
    as_read: dict[str, Any] = json.loads(as_json(made))  # tuples as lists, so that they compare
    return as_read


def as_json(value: Mapping[str, Any]) -> bytes:
    """Give a value as JSON text, the same for the same value.

    Examples
    --------
    >>> as_json({"seed": 7, "chunks": 2}).decode().split()
    ['{', '"chunks":', '2,', '"seed":', '7', '}']
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
    return (text + "\n").encode()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a run.

    Raises
    ------
    InputError
        There is none, it cannot be read, or another version's format.
    """
    where = str(folder / NAME)
    try:
        found = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        what = "there is no sweep in this folder."
        raise one_fault(str(folder), what, "Check the name, or give another --out.") from None
    except OSError as error:
        what = f"it cannot be read ({error.strerror})."
        raise one_fault(where, what, "Allow reading it.") from None
    except ValueError as error:
        what = f"it is damaged ({error})."
        raise one_fault(where, what, "Run the sweep again into another --out.") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        what = f"it is not a sweep's manifest of format {FORMAT}."
        raise one_fault(where, what, "Run the sweep again into another --out.")
    return found


def must_be_same(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Refuse to go on with a run whose inputs, settings or versions are not the same now.

    Raises
    ------
    InputError
        Names each thing that changed, as it was and as it is.

    Examples
    --------
    >>> must_be_same({"identity": {"seed": 7}}, {"identity": {"seed": 8}})
    Traceback (most recent call last):
    resalloc.errors.InputError: 1 fault in the input:
      - seed: was 7 when the run began and is 8 now. Undo the change, or give another --out.
    """
    was, is_now = dict(_leaves(_decides(before))), dict(_leaves(_decides(now)))
    faults = []
    for name in dict.fromkeys([*is_now, *was]):
        old, new = was.get(name, _ABSENT), is_now.get(name, _ABSENT)
        if old != new:
            what = f"was {_short(old, new)} when the run began and is {_short(new, old)} now."
            if _is_hash(old) and _is_hash(new):
                what = "has changed since the run began."
            faults.append(Fault(name, what, "Undo the change, or give another --out."))
    if len(faults) > _SHOWN:
        more = Fault("manifest.json", f"and {len(faults) - _SHOWN} more changes.", "")
        faults = [*faults[:_SHOWN], more]
    if faults:
        raise InputError(faults)


def _decides(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Give what decides the results; the identity by its own names."""
    inner = {name: manifest[name] for name in ("chunks", "versions") if name in manifest}
    return {**manifest["identity"], **inner} if "identity" in manifest else inner


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Give every single value, as JSON, under the names that lead to it."""
    inner: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inner = [(str(key), of) for key, of in value.items()]
    elif isinstance(value, list):
        inner = [(str(i), of) for i, of in enumerate(value, 1)]
    if inner:
        for key, of in inner:
            yield from _leaves(of, f"{name} {key}".strip())
    else:
        yield name, json.dumps(value, ensure_ascii=False, sort_keys=True)


def _is_hash(text: str) -> bool:
    """Say whether a value is a SHA-256: it tells a reader nothing but that something changed."""
    return re.fullmatch(r'"[0-9a-f]{64}"', text) is not None


def _short(text: str, other: str) -> str:
    """Cut a long value short, where it first differs from the other if need be."""
    if len(text) <= _WIDTH:
        return text
    if text[: _WIDTH // 3] != other[: _WIDTH // 3]:
        return text[: _WIDTH // 3] + "…"
    first = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    start = max(first - _WIDTH // 3, 0)
    return "…" + text[start : start + _WIDTH] + "…"
