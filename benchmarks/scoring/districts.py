"""Made-up districts of any size, with a plan of ten clauses that their futures all move."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from resalloc.district.read import read_district
from resalloc.norms.read import read_norms
from resalloc.problem.problem import Problem
from resalloc.problem.scenario import Batch, Factor
from resalloc.scoring.state import today
from resalloc.scoring.tables import Scorer

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.scoring.state import State

YEAR = 2020
PEOPLE = 700_000
SQUARE_DEG = 0.6
"""Side of the district: about 60 km."""
CLAUSES = (
    ("urban_cover", "reach_urban_km", "district", "<=", 4),
    ("rural_cover", "reach_rural_km", "district", "<=", 10),
    ("mean_response", "mean_response_min", "district", "<=", 14),
    ("beds", "beds_per_1000", "district", ">=", 5),
    ("physicians", "physicians_per_1000", "district", ">=", 2.5),
    ("nurses", "nurses_per_physician", "district", ">=", 1.2),
    ("staff", "staff_per_bed", "district", ">=", 1.1),
    ("ambulances", "ambulances_per_10000", "district", ">=", 0.7),
    ("gps", "gps_per_10000", "district", ">=", 3.5),
    ("clinics", "village_clinics_per_village", "each:township", ">=", 1),
)
"""Id, indicator, scope, sense and target of each clause."""
_FIELDS = (
    ("speed.urban", 0.7, 1.3), ("speed.rural", 0.7, 1.3), ("beds", 0.8, 1.3),
    ("staff.nurse", 0.8, 1.3), ("staff.physician", 0.8, 1.3), ("supply.village_clinic", 0.9, 1.2),
    ("norm.beds", 4, 7), ("norm.mean_response", 8, 20), ("norm.rural_cover", 6, 14),
)  # fmt: skip
"""Factors besides people and sites: the least and the most of each."""
_PLAN = """
[[norm]]
id = "{id}"
use = "constraint"
[norm.says]
quote = "made up"
where = "benchmark"
nature = "none"
[norm.reads]
indicator = "{indicator}"
scope = "{scope}"
sense = "{sense}"
values = {{ 2020 = {target} }}
"""


@dataclass(frozen=True, eq=False)
class Case:
    """A district under the plan, ready to be scored.

    Parameters
    ----------
    state
        As it is expected.
    factors
        Residents of every township, every site open or not, speeds, beds, staff, village
        clinics and three targets.
    scorer
        Made for them.
    """

    state: State
    factors: tuple[Factor, ...]
    scorer: Scorer

    def batch(self, scenarios: int, share_open: float, seed: int = 1) -> Batch:
        """Draw scenarios: people and sites by themselves, each site open with a probability."""
        rng = np.random.default_rng(seed)
        district = self.state.problem.district
        towns, sites = len(district.townships), len(district.sites)
        low, high = np.array([(low, high) for _, low, high in _FIELDS], dtype=float).T
        parts = (
            rng.uniform(0.7, 1.3, (scenarios, towns)),
            (rng.random((scenarios, sites)) < share_open).astype(float),
            low + (high - low) * rng.random((scenarios, len(_FIELDS))),
        )
        return Batch(self.factors, np.hstack(parts))


def made_up(towns: int, sites: int, seed: int = 1) -> Case:
    """Give a district of so many townships, one demand point each, and sites."""
    with tempfile.TemporaryDirectory(prefix="resalloc-bench-") as name:
        folder = Path(name)
        for table, rows in _tables(towns, sites, np.random.default_rng(seed)).items():
            pd.DataFrame(rows).to_csv(folder / f"{table}.csv", index=False)
        who = f'id = "made-up"\nname = "某区"\nname_en = "Made up"\nbase_year = {YEAR}\n'
        (folder / "district.toml").write_text(f"[district]\n{who}", encoding="utf-8")
        district = read_district(folder)
        keys = ("id", "indicator", "scope", "sense", "target")
        plan = "".join(_PLAN.format(**dict(zip(keys, one, strict=True))) for one in CLAUSES)
        (folder / "plan").mkdir()
        (folder / "plan" / "plan.toml").write_text(plan, encoding="utf-8")
        norms = read_norms(folder / "plan" / "plan.toml").at(YEAR)
    state = today(Problem(district, norms))
    factors = (
        *(Factor(f"residents[{name}]") for name in district.townships.index),
        *(Factor(f"site[{name}]") for name in district.sites.index),
        *(Factor(of) for of, _, _ in _FIELDS),
    )
    return Case(state, factors, Scorer.of(state, factors, measures=["response_worst_min"]))


def _tables(towns: int, sites: int, rng: np.random.Generator) -> dict[str, dict[str, Any]]:
    """Give the tables of the folder: streets in the middle, hospitals in the first of them."""
    xy = rng.random((towns, 2)) * SQUARE_DEG
    xy = xy[np.argsort(((xy - SQUARE_DEG / 2) ** 2).sum(axis=1))]
    streets = max(1, towns // 8)
    name = [f"乡{i}" for i in range(towns)]
    street = np.arange(towns) < streets
    weights = rng.gamma(3.0, 1.0, towns) * np.where(street, 2.0, 1.0)
    residents = (PEOPLE * weights / weights.sum()).round() + 10
    villages = rng.integers(3, 20, towns)
    host = np.arange(sites) if sites <= towns else np.arange(sites) % towns
    host = host if sites >= towns else np.sort(rng.choice(towns, sites, replace=False))
    place = xy[host] + rng.normal(0.0, 0.02, (sites, 2))
    large = np.arange(sites) < max(1, sites // 12)
    beds = np.where(large, rng.integers(6, 16, sites) * 50, rng.integers(4, 20, sites) * 5)
    nurse, physician = (beds * 0.55).astype(int), (beds * 0.45).astype(int)
    cadres = {
        "physician": physician, "nurse": nurse, "allied": beds // 10, "public_health": 0 * beds,
        "other": beds // 12, "gp": physician // 5,
    }  # fmt: skip
    special = beds // 20
    kinds = {
        "general": beds - special, "icu": special * large, "rehabilitation": special * ~large
    }  # fmt: skip
    fleet = {"vehicles": rng.integers(1, 4, sites), "crews": np.ones(sites, dtype=int)}
    house = [f"院{j}" for j in range(sites)]
    return {
        "townships": {
            "township": name, "kind": np.where(street, "street", "town"),
            "lon": 106 + xy[:, 0], "lat": 29.5 + xy[:, 1],
            "n_village_committees": villages, f"population_{YEAR}": residents.astype(int),
        },
        "institutions": {
            "institution": house,
            "kind": np.where(large, "general_hospital", "township_hospital"),
            "level": np.where(large, "secondary", "primary"), "ownership": "government",
            "township": [name[i] for i in host],
            "lon": 106 + place[:, 0], "lat": 29.5 + place[:, 1],
            "beds_authorised": beds, "ems_station": "yes",
        },
        "points": {
            "point": [f"{town}/a" for town in name], "township": name,
            "place_class": np.where(street, "urban", "rural"),
            "lon": 106 + xy[:, 0], "lat": 29.5 + xy[:, 1], "share": 1.0, "label": name,
            "seat": "yes",
        },
        "beds": _long("institution", house, "kind", kinds),
        "staff": _long("institution", house, "cadre", cadres),
        "supply": _long("township", name, "item", {"village_clinic": villages}),
        "fleet": _long("institution", house, "item", fleet),
    }  # fmt: skip


def _long(
    key: str, names: list[str], of: str, columns: dict[str, npt.NDArray[Any]]
) -> dict[str, Any]:
    """Give a long table: a row a name and column."""
    return {
        key: names * len(columns),
        of: [word for word in columns for _ in names],
        "count": np.concatenate(list(columns.values())),
    }
