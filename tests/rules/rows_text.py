"""Rows as text that a reviewer can read and a diff can show.

``python -m tests.rules.rows_text`` writes the golden files anew; what changed is then
read in the diff before it is believed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.read import read_district
from resalloc.norms.read import read_norms
from resalloc.problem.given import NAMES
from resalloc.problem.problem import Options, Problem
from resalloc.problem.scenario import Factor
from resalloc.rules.compile import compile_rows
from resalloc.rules.cost import cost_rates
from resalloc.rules.effects import BEFORE, CLASSES, effects
from resalloc.rules.objective import Goal, goal, tie_break_goal
from resalloc.rules.scope import places
from resalloc.rules.terms import sum_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from resalloc.problem.columns import Columns
    from resalloc.problem.rows import Links, NormRows, Rows

GOLDEN = Path(__file__).parent / "golden"
_TOWNS = Path(__file__).parents[1] / "data" / "three_towns"
_TERMS = (
    "beds", "beds.icu", "beds@primary_care", "staff.nurse@public_hospital",
    "staff.health_workers@township_hospital", "staff.technical@community_health_centre",
    "equipment.ct64", "supply.village_clinic", "fever@primary_care",
    "fever.clinic@public_hospital", "station@primary_care", "crews", "vehicles", "residents",
    "villages", "aged_65_plus", "smi_patients", "institutions@primary_care", "townships",
)  # fmt: skip
_SCOPES = (
    "district", "each:township", "each:township[南镇|北镇]", "each:institution@primary_care",
    "each:institution[县人民医院]", "where:institution@township_hospital",
    "where:institution[南镇卫生院|北镇卫生院]", "each:institution@cdc", "where:institution@cdc",
)  # fmt: skip
_FACTORS = (
    Factor("population[南镇]"), Factor("children_0_14"), Factor("speed"), Factor("speed.rural"),
    Factor("ems.chute_min"), Factor("site[县人民医院]"), Factor("beds@primary_care"),
    Factor("staff.nurse[县人民医院]"), Factor("supply.village_clinic[南镇|北镇]"),
    Factor("norm.reach_rural"), Factor("budget_wan"),
    Factor("project", "新楼", {"beds[县人民医院]": 80.0, "staff.nurse[县人民医院]": 50.0}),
    Factor("project", "未列入", {"supply.childcare_place[北镇]": 60.0}, counted=False),
)  # fmt: skip


def _sum(ids: Iterable[int], values: Iterable[float], constant: float, columns: Columns) -> str:
    """One sum, its columns in order: ``2 beds[…] + 5``."""
    parts = [
        columns.name(int(i)) if value == 1 else f"{value:g} {columns.name(int(i))}"
        for i, value in sorted(zip(ids, values, strict=True))
    ]
    if constant or not parts:
        parts.append(f"{constant:g}")
    return " + ".join(parts)


def norm_text(rows: NormRows, columns: Columns) -> str:
    lines = []
    for i, place in enumerate(rows.places):
        above = _row_sum(rows.top, i, rows.top_constant[i], columns)
        below = _row_sum(rows.bottom, i, rows.bottom_constant[i], columns)
        lines += [
            f"{rows.norm.id} · {place} · {rows.years[i]}",
            f"    {rows.scale:g} × ( {above} )",
            f"    / ( {below} )",
            f"    {rows.sense[i]} {rows.bound[i]:g}"
            + (f"    unknown: {rows.unknown[i]}" if rows.unknown[i] else ""),
        ]
    return "\n".join(lines) + "\n"


def _row_sum(matrix: object, row: int, constant: float, columns: Columns) -> str:
    cells = slice(matrix.indptr[row], matrix.indptr[row + 1])
    return _sum(matrix.indices[cells], matrix.data[cells], constant, columns)


def links_text(links: Links, columns: Columns) -> str:
    lines = [f"{links.name}: {links.why}"]
    for i in range(len(links.lo)):
        total = _row_sum(links.matrix, i, 0.0, columns)
        low = "" if np.isinf(links.lo[i]) else f"{links.lo[i]:.6g} <= "
        high = "" if np.isinf(links.hi[i]) else f" <= {links.hi[i]:.6g}"
        lines.append(f"    {low}{total}{high}")
    return "\n".join(lines) + "\n"


def goal_text(aim: Goal, columns: Columns) -> str:
    def name(position: int) -> str:
        return (
            columns.name(position)
            if position < columns.size
            else f"extra {position - columns.size}"
        )

    lines = [f"{aim.name} ({aim.unit}), constant {aim.constant:g}"]
    for i in np.flatnonzero(aim.cost):
        lines.append(f"    {aim.cost[i]:g} {name(int(i))}")
    for i in range(len(aim.lo)):
        cells = slice(aim.matrix.indptr[i], aim.matrix.indptr[i + 1])
        pairs = sorted(zip(aim.matrix.indices[cells], aim.matrix.data[cells], strict=True))
        lines.append("    " + " ".join(f"{v:+.6g} {name(int(c))}" for c, v in pairs)
                     + f" >= {aim.lo[i] + 0.0:.6g}")  # fmt: skip
    return "\n".join(lines) + "\n"


def _rows(*years: int, objective: str = "cost", keep: tuple[str, ...] | None = None) -> Rows:
    plan = read_norms(_TOWNS / "three_towns.toml").at(*(years or (2025,)))
    if keep is not None:
        plan = type(plan)(
            plan.document, tuple(n for n in plan if n.id in keep), plan.years, plan.changes
        )
    return compile_rows(Problem(read_district(_TOWNS), plan, Options(objective=objective)))


def _norms(*norm_ids: str) -> str:
    rows = _rows()
    return "\n".join(norm_text(rows.of(norm_id), rows.columns) for norm_id in norm_ids)


def _links(names: tuple[str, ...], *years: int) -> str:
    rows = _rows(*years)
    return "\n".join(links_text(link, rows.columns) for link in rows.links if link.name in names)


def _ratio() -> str:
    return _norms("beds_per_1000", "icu_beds_share", "nurses_per_physician", "fever_clinic_share",
                  "village_clinics", "primary_beds.01", "equipment_ct64")  # fmt: skip


def _reach() -> str:
    return _norms("reach_urban", "reach_rural") + "\n" + _links(
        ("cover.reach_urban", "cover.reach_rural")
    )  # fmt: skip


def _response() -> str:
    return _norms("mean_response_min") + "\n" + _links(("crew_load", "answered", "by_crew"))


def _structure() -> str:
    names = ("bed_sum", "bed_step", "crew_station", "crewed_crews", "crews_crewed",
             "crews_vehicles", "station_vehicle", "vehicle_station", "fever_tier", "fever_kept",
             "supply_parts")  # fmt: skip
    return _links(names)


def _staff() -> str:
    """The parts of cadres, of one institution."""
    rows = _rows()
    (link,) = [link for link in rows.links if link.name == "cadre_parts"]
    lines = links_text(link, rows.columns).splitlines()
    return "\n".join(lines[:1] + [line for line in lines if "北镇" in line]) + "\n"


def _keep() -> str:
    """From one year to the next, for the stations and the beds."""
    rows = _rows(2023, 2025)
    (link,) = [link for link in rows.links if link.name == "keep"]
    lines = links_text(link, rows.columns).splitlines()
    chosen = [line for line in lines if "beds_total" in line or " station[" in line]
    return "\n".join(lines[:1] + chosen) + "\n"


def _cost() -> str:
    rows = _rows()
    rates = cost_rates(rows.problem, rows.columns)
    both = np.flatnonzero((rates.capital != 0) | (rates.yearly != 0))
    lines = [f"{rates.capital[i]:g} once, {rates.yearly[i]:g} a year: {rows.columns.name(int(i))}"
             for i in both]  # fmt: skip
    return "\n".join(lines) + "\n"


def _objective() -> str:
    parts = []
    for objective in ("access", "equity"):
        rows = _rows(objective=objective)
        parts.append(goal_text(goal(rows), rows.columns))
    rows = _rows()
    tie = goal_text(tie_break_goal(rows), rows.columns).splitlines()
    shown = [
        line for line in tie[1:] if "vehicles[" in line or ("general" in line and "extra" in line)
    ]
    parts.append("\n".join([tie[0], "  of vehicles and general beds:", *shown]) + "\n")
    return "\n".join(parts)


def _terms() -> str:
    rows = _rows()
    district = rows.problem.district
    lines = []
    for term in _TERMS:
        for place in (*places("district", district), *places("each:township[北镇]", district)):
            found = sum_of((term,), rows.columns, district, place, 2025)
            text = _sum(found.columns, found.coefficients, found.constant, rows.columns)
            missing = f" unknown: {', '.join(found.unknown)}" if found.unknown else ""
            lines.append(f"{term} · {place.label}: {text}{missing}")
    return "\n".join(lines) + "\n"


def _scopes() -> str:
    district = _rows().problem.district
    providers = district.providers().index
    lines = []
    for scope in _SCOPES:
        lines.append(scope)
        for place in places(scope, district):
            who = "、".join(providers[place.institutions])
            where = "、".join(district.townships.index[place.townships])
            lines.append(f"    {place.label}: {who} | {where}")
    return "\n".join(lines) + "\n"


def _effects() -> str:
    rows = _rows()
    lines = []
    for effect in effects(_FACTORS, rows.problem, rows.columns):
        names = {
            "people": lambda i: f"{NAMES[i // 3]}[{rows.given.townships[i % 3]}]",
            "site": lambda i: rows.problem.district.sites.index[i],
            "speed": CLASSES.__getitem__,
            "minutes": BEFORE.__getitem__,
        }.get(effect.factor.kind, rows.columns.name)
        amounts = (
            f" + {effect.amounts.tolist()} from {effect.stays:g}" if effect.factor.adds else ""
        )
        told = ", ".join(names(int(i)) for i in effect.ids) or effect.norm_id
        lines.append(f"{effect.factor.name} ({effect.factor.kind}): {told}{amounts}")
    return "\n".join(lines) + "\n"


CASES: dict[str, Callable[[], str]] = {
    "cost": _cost,
    "effects": _effects,
    "objective": _objective,
    "ratio": _ratio,
    "reach": _reach,
    "response": _response,
    "scope": _scopes,
    "structure": _structure,
    "structure_keep": _keep,
    "structure_staff": _staff,
    "terms": _terms,
}

if __name__ == "__main__":
    for case, text in CASES.items():
        (GOLDEN / f"{case}.txt").write_text(text(), encoding="utf-8")
