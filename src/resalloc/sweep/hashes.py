"""What a run was made from, so that it is resumed only on the same files."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_READ = (".csv", ".json", ".parquet", ".toml")


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def hashes(places: Iterable[Path]) -> dict[str, str]:
    """Give the SHA-256 of files, by path; of a folder, those of the tables that lie in it."""
    files: list[Path] = []
    for place in places:
        if place.is_dir():
            files.extend(file for file in sorted(place.iterdir()) if file.suffix in _READ)
        else:
            files.append(place)
    return {str(file): sha256_of(file) for file in files if file.is_file()}


def digest(*arrays: Any) -> str:
    """Give the SHA-256 of arrays: their kinds, shapes and numbers, in order."""
    found = hashlib.sha256()
    for array in arrays:
        whole = np.ascontiguousarray(array)
        found.update(f"{whole.dtype.str}{whole.shape}".encode())
        found.update(whole.tobytes())
    return found.hexdigest()
