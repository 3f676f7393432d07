"""The sweep file: which district, which futures, what is scored.

One table of scenarios::

    district = "tongliang"
    sampler = "sobol"
    size = 20_000
    seed = 7

    [[factor]]
    of = "population"
    by = "township"
    lognormal = { mean = 1.0, cv = 0.06 }
    correlation_km = 15

    [[factor]]
    of = "speed.rural"
    triangular = { low = 0.7, mode = 1.0, high = 1.1 }

or a product of axes, each with a name, a sampler and factors of its own
(``[[axis]]`` and ``[[axis.factor]]``), or a file (``file = "plans.csv"``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resalloc.district.read import districts
from resalloc.errors import Fault, InputError, did_you_mean, one_fault
from resalloc.norms.read import plans
from resalloc.paths import data_path, read_toml
from resalloc.sweep.axis_settings import AXIS_KEYS, AxisSettings, read_axes
from resalloc.sweep.entries import Head, checked
from resalloc.sweep.hashes import hashes, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_HEAD_KEYS = ("district", "plan", "year", "state", "title", "clauses", "measures")
_TOP_KEYS = (*_HEAD_KEYS, *AXIS_KEYS)


@dataclass(frozen=True)
class SweepSettings:
    """Everything a sweep file says.

    Parameters
    ----------
    path
        The file.
    sha256
        Of its bytes.
    files
        SHA-256 of every file that it names, by path: tables of scenarios, an own plan, the
        files of an own district's or a saved run's folder.
    district, plan
        A bundled name, or a path; no plan means the district's newest.
    year
        The plan year, if said.
    state
        ``"today"``, or the folder of a saved run.
    title
        What to call the sweep.
    clauses
        Ids of the clauses to score; none for all that can be computed.
    measures
        Further measures to compute, by name.
    targets, assumptions
        Replaced targets (``[set]``) and assumptions (``[assume]``).
    axes
        The axes, the last one fastest; one for a table.
    """

    path: Path
    sha256: str
    files: Mapping[str, str]
    district: str
    plan: str | None
    year: int | None
    state: str
    title: str
    clauses: tuple[str, ...]
    measures: tuple[str, ...]
    targets: Mapping[str, str]
    assumptions: Mapping[str, float | str]
    axes: tuple[AxisSettings, ...]


def sweeps() -> tuple[str, ...]:
    """Give the names of the bundled sweep files.

    Examples
    --------
    >>> sweeps()
    ('tongliang', 'tongliang_product', 'tongliang_reoptimise')
    """
    return tuple(sorted(path.stem for path in data_path("scenarios").glob("*.toml")))


def read_settings(name_or_path: str | Path) -> SweepSettings:
    """Read a sweep file strictly.

    Parameters
    ----------
    name_or_path
        A ``.toml`` file, or the name of a bundled one. Paths in it are relative to it.

    Raises
    ------
    InputError
        The file is missing, a key is unknown or missing, a value is of the wrong kind, a
        distribution's figures do not fit, or a file it names does not exist; all at once.
        Names of townships and sites are checked by :func:`resalloc.sweep.axes.axes_of`.

    Examples
    --------
    >>> settings = read_settings("tongliang")
    >>> settings.district, settings.axes[0].sampler, settings.axes[0].size
    ('tongliang', 'sobol', 20000)
    """
    path = _find(name_or_path)
    faults: list[Fault] = []
    content = _moved_up(read_toml(path), path.name, faults)
    top = {key: content[key] for key in content if key not in ("factor", "axis", *AXIS_KEYS)}
    if isinstance(top.get("assume"), dict):
        top["assume"] = dict(_flat(top["assume"]))
    head = checked(Head, top, path.name, faults)
    axes = read_axes(content, path, faults)
    named: list[Path] = [axis.file for axis in axes if axis.file]
    if head is None:
        raise InputError(faults)
    settings = SweepSettings(
        path=path,
        sha256=sha256_of(path),
        files={},
        district=_place("district", head.district, districts(), path, named, faults),
        plan=_place("plan", head.plan, plans(), path, named, faults) if head.plan else None,
        year=head.year,
        state=_place("state", head.state, ("today",), path, named, faults),
        title=head.title or path.stem,
        clauses=tuple(head.clauses),
        measures=tuple(head.measures),
        targets=head.targets,
        assumptions=head.assumptions,
        axes=axes,
    )
    if faults:
        raise InputError(faults)
    return replace(settings, files=hashes(named))


def _find(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix == ".toml":
        return path
    if str(name_or_path) not in sweeps():
        remedy = f"{did_you_mean(str(name_or_path), sweeps())} Or give a .toml file."
        raise one_fault("sweep", f"there is no bundled sweep '{name_or_path}'.", remedy)
    return data_path("scenarios", f"{name_or_path}.toml")


def _place(
    key: str,
    text: str,
    bundled: Sequence[str],
    path: Path,
    named: list[Path],
    faults: list[Fault],
) -> str:
    """Give a bundled name, or the path meant, which is noted in `named`."""
    if text in bundled:
        return text
    place = path.parent / text
    if place.exists():
        named.append(place)
    else:
        remedy = f"{did_you_mean(text, bundled)} Or give a path from {path.parent}."
        faults.append(Fault(f"{path.name}, {key}", f"there is no '{text}'.", remedy))
    return str(place)


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Read ``travel.detour = 1.5`` as ``"travel.detour" = 1.5``."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _moved_up(content: dict[str, Any], name: str, faults: list[Fault]) -> dict[str, Any]:
    """Put keys where they are meant that stand below a table, where TOML puts them; tell it."""

    def move(table: Any, label: str, up: dict[str, Any], keys: Sequence[str], to: str) -> None:
        for key in [key for key in table if key in keys] if isinstance(table, dict) else ():
            what = f"'{key}' stands below {label}."
            faults.append(Fault(f"{name}, {label.strip('[]')}.{key}", what, f"Move it {to}."))
            up.setdefault(key, table.pop(key))

    top = "to the top of the file"
    for table in ("set", "assume"):
        move(content.get(table), f"[{table}]", content, _TOP_KEYS, f"{top}, above [{table}]")
    for factor in _tables(content.get("factor")):
        move(factor, "[[factor]]", content, _TOP_KEYS, top)
    for axis in _tables(content.get("axis")):
        for factor in _tables(axis.get("factor")):
            move(factor, "[[axis.factor]]", axis, AXIS_KEYS, "up, right below [[axis]]")
            move(factor, "[[axis.factor]]", content, _HEAD_KEYS, top)
        move(axis, "[[axis]]", content, _HEAD_KEYS, top)
    return content


def _tables(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
