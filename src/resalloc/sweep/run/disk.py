"""Files that are whole or not there, and a folder that one run at a time writes to."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from resalloc.errors import SweepError, one_fault

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LOCK = ".lock"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_BINARY = getattr(os, "O_BINARY", 0)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that, cut off at any moment, it is whole or not there.

    The bytes go to a temporary name beside it, to the disk, and only then to its own name.
    """
    partial = path.with_name(partial_name(path.name))
    try:
        file = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, 0o666)
        try:
            left = memoryview(data)
            while left:
                written = os.write(file, left)
                if not written:
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(partial))
                left = left[written:]
            os.fsync(file)
        finally:
            os.close(file)
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    settle(path.parent)


def partial_name(name: str) -> str:
    """Give the temporary name of a file; Parquet readers pass over names with a dot in front."""
    return f".{name}.partial"


def make_folder(path: Path) -> None:
    """Make a folder, on the disk too, if it is not there."""
    if not path.is_dir():
        path.mkdir()
        settle(path.parent)


def settle(folder: Path) -> None:
    """Bring a folder's list of names to the disk."""
    if sys.platform != "win32":  # which does it by itself
        file = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def sha256_of(path: Path) -> str:
    """Give the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def told_plainly(folder: Path) -> Iterator[None]:
    """Say in plain words why the disk would not take what was written.

    Raises
    ------
    SweepError
        The disk is full, writing is not allowed, or the disk failed.
    """
    try:
        yield
    except OSError as error:
        name = error.filename or folder
        if error.errno in _FULL:
            there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
            free = shutil.disk_usage(there).free / 1e6
            what = f"The disk is full: {free:,.1f} MB are free for {folder}. Free some space."
        elif error.errno in _REFUSED:
            what = f"{name} may not be written ({error.strerror}). Allow it."
        else:
            what = f"{name} could not be written or read ({error.strerror or error})."
        raise SweepError(what) from error


@contextmanager
def only_run_in(folder: Path) -> Iterator[None]:
    """Hold a folder for this run alone.

    The operating system holds the lock and lets go of it when the process ends, however it
    ends: what a killed run leaves behind stops nobody.

    Raises
    ------
    InputError
        Another run is writing to the folder, or its disk cannot lock files.
    SweepError
        The folder cannot be written to.
    """
    path = folder / LOCK
    with told_plainly(folder):
        file = _taken(path)
    try:
        with told_plainly(folder):
            os.ftruncate(file, 0)
            os.write(file, f"process {os.getpid()} on {socket.gethostname()}\n".encode())
        yield
    finally:
        if sys.platform == "win32":  # where an open file cannot be removed
            os.close(file)
            path.unlink(missing_ok=True)
        else:
            path.unlink(missing_ok=True)
            os.close(file)


def _taken(path: Path) -> int:
    """Open and lock a file; one that its last holder removed meanwhile does not count."""
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(file)
            if _is_at(file, path):
                return file
        except BlockingIOError:
            holder = os.read(file, 200).decode(errors="replace").strip() or "another process"
            os.close(file)
            what = f"another run is writing here ({holder})."
            raise one_fault(str(path.parent), what, "Wait for it, or give another --out.") from None
        except OSError as error:
            os.close(file)
            what = f"its disk cannot lock files ({error.strerror})."
            raise one_fault(str(path.parent), what, "Give an --out on another disk.") from None
        os.close(file)


def _is_at(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _lock(file: int) -> None:
    """Lock an open file, or raise `BlockingIOError` where another process has."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(file, 1 << 20, os.SEEK_SET)  # beyond the text, which others may read
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from None
        finally:
            os.lseek(file, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
