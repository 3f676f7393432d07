"""The registry: which instances of which models are timed. Plain values; nothing is built here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REFERENCE, TOWNSHIPS = "RESALLOC_REFERENCE_DATA", "RESALLOC_TOWNSHIPS"
SEED = 20_25


@dataclass(frozen=True)
class Case:
    """One line of the table.

    Parameters
    ----------
    subject, name
        Which family, and which of it.
    job
        What is run, see :mod:`benchmarks.apart`.
    params
        For it: plain values.
    limit_s
        The model's time limit; 0 where it takes none.
    """

    subject: str
    name: str
    job: str
    params: Mapping[str, Any] = field(default_factory=dict)
    limit_s: float = 0.0

    @property
    def hard_limit_s(self) -> float:
        """When the process is killed: it also reads, builds, warms up and confirms."""
        return 3 * self.limit_s + 600


@dataclass(frozen=True)
class Places:
    """Where files are that the project does not hold; None where nobody said.

    Parameters
    ----------
    reference
        Folder of published instances.
    townships
        CSV with lon, lat and population by township.
    tsp
        Folder of TSPLIB files.
    """

    reference: Path | None = None
    townships: Path | None = None
    tsp: Path | None = None

    @classmethod
    def named(cls, townships: Path | None, tsp: Path | None) -> Places:
        """Give the places named on the command line, and in the environment."""
        reference, listed = os.environ.get(REFERENCE), os.environ.get(TOWNSHIPS)
        return cls(
            Path(reference) if reference else None,
            townships or (Path(listed) if listed else None),
            tsp,
        )


def orlib_median(places: Places, small: bool) -> list[Case]:
    """Published p-median instances."""
    return [
        Case("orlib-median", name, "benchmarks.location.median:orlib", _in(places, name), 300.0)
        for name in _orlib(places, small)
    ]


def orlib_center(places: Places, small: bool) -> list[Case]:
    """The same graphs, for the worst-off."""
    return [
        Case("orlib-center", name, "benchmarks.location.center:orlib", _in(places, name), 300.0)
        for name in _orlib(places, small)
    ]


def planar_median(places: Places, small: bool) -> list[Case]:
    """Points made here, as large as TSPLIB's."""
    del places
    sizes = (60,) if small else (1300, 2100, 3000)
    return [
        Case(
            "planar-median",
            f"{kind} {n}, p {p}",
            "benchmarks.location.median:generated",
            {"kind": kind, "n": n, "p": p, "seed": SEED + n},
            120.0,
        )
        for kind in ("uniform", "clustered", "board")
        for n in sizes
        for p in ((5, 20) if small else (5, 10, 50, 100, 200, 500))
    ]


def tsplib_median(places: Places, small: bool) -> list[Case]:
    """Every TSPLIB file of a folder."""
    files = sorted(places.tsp.glob("*.tsp")) if places.tsp else []
    return [
        Case(
            "tsplib-median",
            f"{file.stem}, p {p}",
            "benchmarks.location.median:tsplib",
            {"path": str(file), "p": p},
            120.0,
        )
        for file in files[: 1 if small else None]
        for p in ((5,) if small else (5, 10, 50, 100, 200, 500))
    ]


def planar_center(places: Places, small: bool) -> list[Case]:
    """Points in a square, to a proof."""
    del places
    n = 80 if small else 1000
    params = {"demand": n, "sites": n, "p": 10, "seed": SEED}
    return [Case("planar-center", "square", "benchmarks.location.center:square", params, 300.0)]


def cover(places: Places, small: bool) -> list[Case]:
    """Ten million demand points and a hundred sites."""
    del places
    demand = 5_000 if small else 10_000_000
    return [
        Case(
            "cover",
            f"p {p}",
            "benchmarks.location.cover:million",
            {"demand": demand, "sites": 100, "p": p, "seed": SEED},
            600.0,
        )
        for p in ((5,) if small else (10, 15, 20))
    ]


def chongqing(places: Places, small: bool) -> list[Case]:
    """Every township with a point."""
    if places.townships is None:
        return []
    p, step_km = (5, 5.0) if small else (100, 1.0)
    questions = {
        "16 min, fewest sites": ("fewest", None),
        "16 min, most people": ("most", p),
        "least mean": ("mean", p),
    }
    return [
        Case(
            "chongqing",
            name,
            "benchmarks.location.chongqing:minutes",
            {
                "path": str(places.townships),
                "question": question,
                "p": sites,
                "step_km": step_km,
            },
            300.0,
        )
        for name, (question, sites) in questions.items()
    ]


def access(places: Places, small: bool) -> list[Case]:
    """Two-step catchments against plain loops."""
    del places
    demand, sites = (200, 50) if small else (5000, 1000)
    return [
        Case(
            "access",
            f"against {loop} loops",
            "benchmarks.location.access:catchments",
            {"demand": demand, "sites": sites, "seed": SEED, "loop": loop},
        )
        for loop in ("python", "numpy")
    ]


SUBJECTS: Mapping[str, Callable[[Places, bool], list[Case]]] = {
    "orlib-median": orlib_median,
    "planar-median": planar_median,
    "tsplib-median": tsplib_median,
    "planar-center": planar_center,
    "orlib-center": orlib_center,
    "cover": cover,
    "chongqing": chongqing,
    "access": access,
}
NEEDS = {
    "orlib-median": f"the folder of published instances ({REFERENCE})",
    "orlib-center": f"the folder of published instances ({REFERENCE})",
    "tsplib-median": "a folder of .tsp files (--tsp FOLDER)",
    "chongqing": f"a table of townships (--townships PATH or {TOWNSHIPS})",
}
"""What a subject needs that the project does not hold."""


def _orlib(places: Places, small: bool) -> list[str]:
    folder = places.reference / "pmed" if places.reference else None
    names = [path.stem for path in folder.glob("pmed*.txt")] if folder else []
    names.sort(key=lambda name: int(name.removeprefix("pmed")))
    return names[: 2 if small else None]


def _in(places: Places, name: str) -> dict[str, str]:
    return {"folder": str(places.reference and places.reference / "pmed"), "name": name}
