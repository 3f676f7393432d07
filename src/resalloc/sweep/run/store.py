"""The folder of a run: a Parquet file for each chunk and data set, and a record of each chunk.

::

    out/manifest.json             what the run was made from; when complete, every part
    out/scenarios/part-00000.parquet …    one folder for each data set
    out/.chunks/00000.json …      written last: the chunk is done, and its parts are these
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from resalloc.errors import Fault, InputError, SweepError, one_fault
from resalloc.sweep.run.disk import LOCK, make_folder, partial_name, sha256_of, write_whole
from resalloc.sweep.run.manifest import NAME, as_json, must_be_same, opening, read_manifest
from resalloc.sweep.run.work import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from resalloc.sweep.run.work import Made, Work

_RECORDS = ".chunks"
_SHOWN = 5


@dataclass
class Store:
    """A run's folder while it is written: the one place that knows what has been kept.

    Parameters
    ----------
    folder
        Where it is.
    manifest
        As it stands when the run begins.
    kept
        By chunk, the parts of it that are whole on the disk.
    redone
        By chunk, why it has to be computed again.
    """

    folder: Path
    manifest: dict[str, Any]
    kept: dict[int, dict[str, Part]] = field(default_factory=dict)
    redone: dict[int, str] = field(default_factory=dict)
    _before: dict[int, dict[str, Part]] = field(default_factory=dict)

    @property
    def chunks(self) -> int:
        """How many chunks the run has."""
        return int(self.manifest["chunks"])

    def missing(self) -> list[int]:
        """Give the chunks that are yet to be computed."""
        return [chunk for chunk in range(self.chunks) if chunk not in self.kept]

    def path(self, name: str, chunk: int) -> Path:
        """Give where a chunk's part of a data set is."""
        return self.folder / name / f"part-{self._number(chunk)}.parquet"

    def keep(self, made: Made) -> None:
        """Write a chunk's parts, then the record that they are there.

        Raises
        ------
        SweepError
            The chunk does not fit the others, was made with other versions, or did not come
            out as it did before.
        """
        self._check(made)
        for name in sorted(made.files):
            make_folder(self.folder / name)
            write_whole(self.path(name, made.chunk), made.files[name])
        parts = [{"dataset": name, **asdict(part)} for name, part in made.parts.items()]
        write_whole(self._record(made.chunk), as_json({"parts": parts}))
        self.kept[made.chunk] = dict(made.parts)

    def finish(self) -> None:
        """Make sure that every chunk is there, and say so in the manifest.

        Raises
        ------
        SweepError
            A part went missing meanwhile; another run with ``resume`` makes it again.
        InputError
            A data set has files that the run did not write.
        """
        gone = self.missing() or [
            chunk for chunk, parts in self.kept.items() if self._flaw(chunk, parts, by_size=True)
        ]
        if gone:
            for chunk in gone:
                self.kept.pop(chunk, None)
            raise SweepError(f"Parts of chunk {_listed(gone)} went missing during the run.")
        self._refuse_strangers()
        write_whole(self.folder / NAME, as_json(self._complete()))

    def survey(self, *, was_complete: bool) -> None:
        """Find the chunks that an earlier run has kept, reading every part.

        Raises
        ------
        InputError
            A data set has files that the run did not write.
        """
        self._remove_partials()
        for chunk in range(self.chunks):
            path = self._record(chunk)
            if not path.exists():
                if was_complete:
                    self.redone[chunk] = "its record is missing"
                continue
            try:
                parts = _read_record(path)
            except (ValueError, TypeError, KeyError):
                self.redone[chunk] = "its record is damaged"
                continue
            flaw = self._flaw(chunk, parts)
            if flaw:
                self.redone[chunk] = flaw
                self._before[chunk] = parts
            else:
                self.kept[chunk] = parts
        self._refuse_strangers()

    def _flaw(self, chunk: int, parts: Mapping[str, Part], *, by_size: bool = False) -> str:
        """Say what is wrong with the parts of a chunk, if anything."""
        for name, part in parts.items():
            path = self.path(name, chunk)
            shown = f"{name}/{path.name}"
            if not path.is_file():
                return f"{shown} is missing"
            size = path.stat().st_size
            if size != part.bytes:
                return f"{shown} has {size:,} bytes, not {part.bytes:,}"
            if not by_size and sha256_of(path) != part.sha256:
                return f"{shown} has changed (its sha256 is not the one recorded)"
        return ""

    def _check(self, made: Made) -> None:
        expected = self.manifest["versions"]
        other = {k: v for k, v in made.versions.items() if expected.get(k) != v}
        if other:
            what = ", ".join(f"{k} {v} instead of {expected.get(k)}" for k, v in other.items())
            raise SweepError(f"Chunk {made.chunk} was computed with {what}. Install the same.")
        before = self._before.get(made.chunk)
        if before is not None and before != made.parts:
            what = f"Chunk {made.chunk} did not come out as it did the first time: something that"
            what += " decides the results is not in the manifest. Run again into another --out."
            raise SweepError(what)
        sample = next(iter(self.kept.values()), made.parts)
        if _columns(sample) != _columns(made.parts):
            what = f"Chunk {made.chunk} has other data sets or columns than the chunks before it."
            raise SweepError(what)

    def _complete(self) -> dict[str, Any]:
        """Give the manifest of the finished run."""
        names = sorted(self.kept[0])
        sets = {}
        for name in names:
            parts = [self.kept[chunk][name] for chunk in range(self.chunks)]
            sets[name] = {
                "rows": sum(part.rows for part in parts),
                "columns": list(parts[0].columns),
                "parts": [
                    {
                        "file": f"{name}/{self.path(name, chunk).name}",
                        "bytes": part.bytes,
                        "rows": part.rows,
                        "sha256": part.sha256,
                    }
                    for chunk, part in enumerate(parts)
                ],
            }
        return {**self.manifest, "state": "complete", "datasets": sets}

    def _refuse_strangers(self) -> None:
        """Refuse files that a reader of a data set would take for a part of it."""
        names = {name for parts in self.kept.values() for name in parts}
        faults = []
        for name in sorted(names):
            ours = {self.path(name, chunk) for chunk in range(self.chunks)}
            for path in sorted(set((self.folder / name).rglob("*")) - ours):
                inner = path.relative_to(self.folder).parts
                if path.is_file() and not any(step.startswith((".", "_")) for step in inner):
                    what = "the run did not write it, and it would be read as a part of it."
                    faults.append(Fault(str(path), what, "Move it elsewhere."))
        if faults:
            raise InputError(faults[:_SHOWN])

    def _remove_partials(self) -> None:
        """Remove what an earlier run was writing when it was cut off, and nothing else."""
        for folder, pattern in (
            (self.folder, partial_name(NAME)),
            (self.folder / _RECORDS, partial_name("[0-9]*.json")),
            *((path, partial_name("part-[0-9]*.parquet")) for path in _folders(self.folder)),
        ):
            for path in folder.glob(pattern):
                path.unlink(missing_ok=True)

    def _number(self, chunk: int) -> str:
        return f"{chunk:0{max(5, len(str(self.chunks - 1)))}d}"

    def _record(self, chunk: int) -> Path:
        return self.folder / _RECORDS / f"{self._number(chunk)}.json"


def begin(work: Work, folder: Path, *, resume: bool) -> Store:
    """Begin a run in a folder, or go on with the one that is there.

    Raises
    ------
    InputError
        The folder holds something and `resume` is not asked for; it holds no run; or what
        decides the results has changed since the run began.
    """
    now = opening(work)
    held = {path.name for path in folder.iterdir()} - {LOCK, partial_name(NAME)}
    if held and not resume:
        remedy = "Give --resume to go on with the run in it, or another --out."
        raise one_fault(str(folder), "the folder is not empty.", remedy)
    store = Store(folder, now)
    was_complete = False
    if held:
        before = read_manifest(folder)
        must_be_same(before, now)
        was_complete = before["state"] == "complete"
        store.survey(was_complete=was_complete)
    if not was_complete or store.missing():
        write_whole(folder / NAME, as_json(store.manifest))
    make_folder(folder / _RECORDS)
    return store


def _read_record(path: Path) -> dict[str, Part]:
    parts = json.loads(path.read_bytes())["parts"]
    if not parts:
        raise ValueError
    return {
        part["dataset"]: Part(part["bytes"], part["rows"], part["sha256"], tuple(part["columns"]))
        for part in parts
    }


def _columns(parts: Mapping[str, Part]) -> dict[str, tuple[str, ...]]:
    return {name: part.columns for name, part in parts.items()}


def _folders(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.is_dir() and path.name != _RECORDS)


def _listed(chunks: list[int]) -> str:
    first = ", ".join(map(str, chunks[:_SHOWN]))
    return first + (f" and {len(chunks) - _SHOWN} more" if len(chunks) > _SHOWN else "")
