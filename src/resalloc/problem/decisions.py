"""What is decided: the blocks of columns a district gives rise to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from resalloc.problem.columns import Axis, Block, Floats
from resalloc.problem.problem import Problem
from resalloc.vocabulary import vocabulary

Axes = tuple[Axis, ...]


def decision_blocks(problem: Problem) -> tuple[Block, ...]:
    """Give the blocks of decisions of a problem.

    Returns
    -------
    tuple of Block
        ``beds_total`` and ``bed_steps`` by institution, ``beds`` by institution and
        kind, ``staff`` by institution and cadre, ``equipment`` by institution and
        type, ``supply`` by township and item, ``fever`` by institution and tier,
        ``station``, ``crewed``, ``crews`` and ``vehicles`` by ambulance site; each
        by year. Unless shrinking is allowed, what is known to exist today is the
        lower bound of totals, special beds, staff, vehicles and equipment.
    """
    district, words = problem.district, vocabulary()
    providers = district.providers()
    kinds = words.list("institution_kind")
    institutions = Axis("institution", tuple(providers.index))
    townships = Axis("township", tuple(district.townships.index))
    sites = Axis("site", tuple(district.sites.index))
    by = {name: Axis(name, tuple(words.list(name))) for name in _LISTS}
    years = problem.years
    shrink = problem.options.shrink

    def block(name: str, axes: Axes, today: Floats, upper: Floats, *, keep: bool) -> Block:
        floor = np.where(np.isnan(today) | (not keep) | shrink, 0.0, today)
        return Block(name, axes, years, today, floor, np.maximum(upper, floor))

    def allowed(axis: Axis, field: str) -> Floats:
        rows = [[_room(k in kinds[kind].extra[field]) for k in axis.labels] for kind in providers.kind]
        return np.array(rows, dtype=float).reshape(len(rows), len(axis.labels))

    may_hold = allowed(by["bed_kind"], "hosts")
    holds_beds = np.where(may_hold.any(axis=1), np.inf, 0.0)
    total = providers.beds_authorised.to_numpy(dtype=float)
    total = np.where(holds_beds == 0, 0.0, total)
    bed_axes, staff_axes = (institutions, by["bed_kind"]), (institutions, by["cadre"])
    kit_axes, supply_axes = (institutions, by["equipment"]), (townships, by["supply"])
    beds_today = _pivot(district.beds, bed_axes, "kind")
    special = np.array([kind != "general" for kind in by["bed_kind"].labels])
    beds = block("beds", bed_axes, beds_today, may_hold, keep=True)
    beds_floor = np.where(special, beds.lower, 0.0)
    fleet = _pivot(district.fleet, (sites, Axis("item", ("vehicles", "crews"))), "item")
    ems_today = _station_today(problem)
    tiers = allowed(by["fever_tier"], "fever_tiers").clip(max=1)
    endless = {
        name: np.full([len(axis.labels) for axis in axes], np.inf)
        for name, axes in {"staff": staff_axes, "equipment": kit_axes, "supply": supply_axes}.items()
    }
    public_health = np.array([kinds[kind].extra["sector"] == "public_health" for kind in providers.kind])
    in_office = np.array([c == "public_health" for c in by["cadre"].labels])
    staff_room = np.where(public_health[:, None] == in_office[None, :], endless["staff"], 0.0)
    n_sites = len(sites.labels)
    return (
        block("beds_total", (institutions,), total, holds_beds, keep=True),
        Block("bed_steps", (institutions,), years, np.full(len(total), np.nan),
              np.zeros(len(total)), holds_beds),
        Block("beds", bed_axes, years, beds_today, beds_floor, beds.upper),
        block("staff", staff_axes, _pivot(district.staff, staff_axes, "cadre"), staff_room, keep=True),
        block("equipment", kit_axes, _pivot(district.equipment, kit_axes, "type"),
              endless["equipment"], keep=True),
        block("supply", supply_axes, _pivot(district.supply, supply_axes, "item"),
              endless["supply"], keep=True),
        Block("fever", (institutions, by["fever_tier"]), years, _fever_today(problem),
              _fever_floor(problem), tiers),
        block("station", (sites,), ems_today, np.ones(n_sites), keep=True),
        block("crewed", (sites,), np.where(np.isnan(fleet[:, 1]), np.nan, fleet[:, 1] > 0),
              np.ones(n_sites), keep=True),
        block("crews", (sites,), fleet[:, 1], np.full(n_sites, np.inf), keep=True),
        block("vehicles", (sites,), fleet[:, 0], np.full(n_sites, np.inf), keep=True),
    )  # fmt: skip


_LISTS = ("bed_kind", "cadre", "equipment", "supply", "fever_tier")


def _room(yes: bool) -> float:
    return np.inf if yes else 0.0


def _pivot(frame: pd.DataFrame, axes: Axes, field: str) -> Floats:
    """Give a long table as an array over two axes; NaN where the table has no row."""
    first, second = axes
    position: Callable[[Axis], dict[str, int]] = lambda axis: {
        label: i for i, label in enumerate(axis.labels)
    }
    rows, columns = position(first), position(second)
    found = np.full((len(rows), len(columns)), np.nan)
    owner = "township" if first.name == "township" else "institution"
    for name, kind, count in zip(frame[owner], frame[field], frame["count"], strict=True):
        if name in rows and kind in columns:
            found[rows[name], columns[kind]] = count
    return found


def _station_today(problem: Problem) -> Floats:
    """Is each site a station today? NaN unknown; a candidate is not one."""
    sites, known = problem.district.sites, problem.district.providers().ems_station
    today = []
    for site in sites.itertuples():
        if site.candidate:
            today.append(0.0)
        else:
            value = known.get(site.institution)
            today.append(np.nan if value is None or pd.isna(value) else float(value))
    return np.array(today, dtype=float)


def _fever_floor(problem: Problem) -> Floats:
    """General and TCM hospitals run a full clinic where the assumption says so."""
    tiers = tuple(vocabulary().list("fever_tier"))
    if not problem.district.assumptions.value("fever.hospital_clinic"):
        return np.zeros((len(problem.district.providers()), len(tiers)))
    full = problem.district.providers()["kind"].isin(["general_hospital", "tcm_hospital"])
    return np.outer(full.to_numpy(dtype=float), [float(t == "clinic") for t in tiers])


def _fever_today(problem: Problem) -> Floats:
    tiers = tuple(vocabulary().list("fever_tier"))
    rows = []
    for tier in problem.district.providers().fever_tier:
        known = isinstance(tier, str) and tier != ""
        rows.append([float(tier == t) if known else np.nan for t in tiers])
    return np.array(rows, dtype=float).reshape(-1, len(tiers))
