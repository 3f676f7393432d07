"""The axes of a sweep file as they are written, before they meet a district."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from resalloc.errors import Fault
from resalloc.sweep.check_factor import factor_faults
from resalloc.sweep.entries import AxisHead, FactorEntry, Sampler, checked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

AXIS_KEYS = ("sampler", "size", "seed", "file")
"""What says how an axis is drawn; at the top of the file it is said of the only table."""
_DRAWN = ("latin-hypercube", "sobol", "monte-carlo", "subsets")


@dataclass(frozen=True)
class AxisSettings:
    """One axis, or the only table: how its scenarios are made.

    Parameters
    ----------
    name
        Its name; ``table`` of the only table.
    sampler
        How scenarios are drawn.
    size, seed
        Number of scenarios and seed of a random sampler; 0 elsewhere.
    file
        File of scenarios of the user's own, if that is the sampler.
    factors
        What differs, as the file says.
    """

    name: str
    sampler: Sampler
    size: int
    seed: int
    file: Path | None
    factors: tuple[FactorEntry, ...]


def read_axes(
    content: Mapping[str, Any], path: Path, faults: list[Fault]
) -> tuple[AxisSettings, ...]:
    """Read the only table, or every ``[[axis]]``, and note the faults."""
    table = {key: content[key] for key in ("factor", *AXIS_KEYS) if key in content}
    axes = content.get("axis", [])
    if "axis" not in content:
        made = _axis(table, path, path.name, "table", faults)
        return (made,) if made else ()
    if table:
        what = f"it has axes, and '{min(table)}' outside them."
        faults.append(Fault(path.name, what, "Write one table, or put it below an [[axis]]."))
    if not _are_tables(axes):
        faults.append(Fault(f"{path.name}, axis", "is no list of tables.", "Write [[axis]]."))
        return ()
    made_axes = []
    for number, axis in enumerate(axes, start=1):
        name = str(axis.get("name", ""))
        where = f"{path.name}, axis {number}" + (f" ({name})" if name else "")
        if not name:
            faults.append(Fault(where, "has no name.", "Give each axis a name of its own."))
        elif name in [str(other.get("name", "")) for other in axes[: number - 1]]:
            faults.append(Fault(where, "is named twice.", "Give each axis a name of its own."))
        made_axes.append(_axis(axis, path, where, name, faults))
    return tuple(axis for axis in made_axes if axis)


def _are_tables(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _axis(
    record: Mapping[str, Any], path: Path, where: str, name: str, faults: list[Fault]
) -> AxisSettings | None:
    rest = {key: value for key, value in record.items() if key != "factor"}
    head = checked(AxisHead, rest, where, faults)
    records = record.get("factor", [])
    if not _are_tables(records):
        faults.append(Fault(f"{where}, factor", "is no list of tables.", "Write [[factor]]."))
        records = []
    sampler = None if head is None else head.sampler or ("file" if head.file else None)
    entries = []
    for number, entry_record in enumerate(records, start=1):
        of = str(entry_record.get("of", ""))
        place = f"{where}, factor {number}" + (f" ({of})" if of else "")
        entry = checked(FactorEntry, entry_record, place, faults)
        if entry is not None:
            faults.extend(factor_faults(entry, sampler, place))
            entries.append(entry)
    if head is None:
        return None
    file = path.parent / head.file if head.file else None
    faults.extend(_head_faults(head, sampler, file, bool(records), where))
    if sampler is None:
        return None
    size, seed = head.size or 0, head.seed or 0
    return AxisSettings(name, sampler, size, seed, file, tuple(entries))


def _head_faults(
    head: AxisHead, sampler: Sampler | None, file: Path | None, factors: bool, where: str
) -> Iterator[Fault]:
    """Tell what of sampler, size, seed and file does not go together."""
    if sampler is None:
        words = ", ".join(get_args(Sampler))
        yield Fault(f"{where}, sampler", "is missing.", f"Say how scenarios are drawn: {words}.")
        return
    if sampler in _DRAWN and head.size is None:
        yield Fault(f"{where}, size", "is missing.", "Say how many scenarios are drawn.")
    for key in ("size", "seed"):
        if sampler not in _DRAWN and getattr(head, key) is not None:
            yield Fault(f"{where}, {key}", f"a {sampler} sampler has none.", "Leave it out.")
    if sampler != "file" and file is not None:
        yield Fault(f"{where}, file", f"a {sampler} sampler reads none.", 'Use sampler = "file".')
    if sampler == "file" and file is None:
        yield Fault(f"{where}, file", "is missing.", "Name a CSV or Parquet file.")
    elif file is not None and not file.is_file():
        what = f"there is no file '{head.file}'."
        yield Fault(f"{where}, file", what, f"Give its path from {file.parent}.")
    if sampler != "file" and not factors:
        yield Fault(where, "has no factor.", "Say what differs between the scenarios: [[factor]].")
