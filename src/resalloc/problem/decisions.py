"""What is decided: the blocks of columns a district gives rise to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.problem.columns import Axis, Block, Floats
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resalloc.problem.problem import Problem


def decision_blocks(problem: Problem) -> tuple[Block, ...]:
    """Give the blocks of decisions of a problem.

    Returns
    -------
    tuple of Block
        ``beds_total``, ``bed_steps`` and ``bed_moved`` (do its beds change at all?) by
        institution, ``beds`` by institution and kind, ``staff`` by institution and
        cadre, ``equipment`` by institution and type, ``supply`` by township and item,
        ``fever`` by institution and tier, ``station``, ``crewed``, ``crews`` and
        ``vehicles`` by ambulance site; each by year. Unless shrinking is allowed,
        what is known to exist today is the lower bound of totals, special beds,
        staff, vehicles and equipment.
    """
    desk = _Desk(problem)
    return (
        *_beds(desk),
        desk.block("staff", (desk.institutions, desk.axis("cadre")), problem.district.staff,
                   room=_staff_room(desk)),
        desk.block("equipment", (desk.institutions, desk.axis("equipment")),
                   problem.district.equipment),
        desk.block("supply", (desk.townships, desk.axis("supply")), problem.district.supply),
        _fever(desk),
        *_ambulances(desk),
    )  # fmt: skip


@dataclass(frozen=True)
class _Desk:
    """A problem, and how a block is made of one of its tables."""

    problem: Problem

    @property
    def providers(self) -> pd.DataFrame:
        return self.problem.district.providers()

    @property
    def institutions(self) -> Axis:
        return Axis("institution", tuple(self.providers.index))

    @property
    def townships(self) -> Axis:
        return Axis("township", tuple(self.problem.district.townships.index))

    @property
    def sites(self) -> Axis:
        return Axis("site", tuple(self.problem.district.sites.index))

    def axis(self, words: str) -> Axis:
        return Axis(words, tuple(vocabulary().list(words)))

    def kind_says(self, field: str) -> list[object]:
        """Give what the list of kinds says of every provider's kind."""
        kinds = vocabulary().list("institution_kind")
        return [kinds[kind].extra[field] for kind in self.providers["kind"]]

    def allowed(self, field: str, axis: Axis) -> Floats:
        """Give infinite room where a provider's kind names the word, none elsewhere."""
        rows = [[word in words for word in axis.labels] for words in self.kind_says(field)]  # type: ignore[operator]
        return np.where(np.array(rows).reshape(-1, len(axis.labels)), np.inf, 0.0)

    def kept(self, name: str, axes: tuple[Axis, ...], today: Floats, room: float | Floats) -> Block:
        """Make a block in which what is known to exist today stays, unless it may shrink."""
        floor = np.where(np.isnan(today) | self.problem.options.shrink, 0.0, today)
        upper = np.maximum(np.broadcast_to(room, today.shape), floor)
        return Block(name, axes, self.problem.years, today, floor, upper)

    def block(
        self, name: str, axes: tuple[Axis, Axis], table: pd.DataFrame, room: float | Floats = np.inf
    ) -> Block:
        """Make a kept block of a long table."""
        return self.kept(name, axes, pivot(table, axes), room)


def _beds(desk: _Desk) -> Iterable[Block]:
    kinds = desk.axis("bed_kind")
    may_hold = desk.allowed("hosts", kinds)
    holds = may_hold.max(axis=1)
    today = np.where(holds == 0, 0.0, desk.providers["beds_authorised"].to_numpy(dtype=float))
    years, unknown = desk.problem.years, np.full(len(holds), np.nan)
    yield desk.kept("beds_total", (desk.institutions,), today, holds)
    yield Block("bed_steps", (desk.institutions,), years, unknown, np.zeros(len(holds)), holds)
    odd = np.nan_to_num(today) % bed_steps(desk.problem) != 0
    moved = np.where(odd, 0.0, 1.0)
    yield Block("bed_moved", (desk.institutions,), years, unknown, moved, np.ones(len(holds)))
    by_kind = desk.block("beds", (desk.institutions, kinds), desk.problem.district.beds, may_hold)
    special = np.array([kind != "general" for kind in kinds.labels])
    floor = np.where(special, by_kind.lower, 0.0)
    yield Block("beds", by_kind.axes, years, by_kind.today, floor, by_kind.upper)


def bed_steps(problem: Problem) -> Floats:
    """Give the step in which each institution's beds are planned (5, hospitals 50)."""
    kinds = vocabulary().list("institution_kind")
    providers = problem.district.providers()
    return np.array([float(kinds[kind].extra["bed_step"]) for kind in providers["kind"]])


def _staff_room(desk: _Desk) -> Floats:
    """Public health institutions count all their staff as one cadre; others have the rest."""
    office = np.array([sector == "public_health" for sector in desk.kind_says("sector")])
    cadre = np.array([word == "public_health" for word in desk.axis("cadre").labels])
    return np.where(office[:, None] == cadre[None, :], np.inf, 0.0)


def _fever(desk: _Desk) -> Block:
    """Fever clinics by tier; where a plan asks for any, hospitals run a full one if assumed."""
    tiers = desk.axis("fever_tier")
    room = desk.allowed("fever_tiers", tiers).clip(max=1)
    asked = any(
        norm.use == "constraint" and any(term.startswith("fever") for term in norm.indicator.of)
        for norm in desk.problem.norms
        if norm.indicator
    )
    assumed = asked and desk.problem.district.assumptions.value("fever.hospital_clinic") > 0
    hospital = desk.providers["kind"].isin(["general_hospital", "tcm_hospital"]).to_numpy()
    full = np.array([tier == "clinic" for tier in tiers.labels])
    floor = np.outer(hospital & assumed, full).astype(float)
    today = [
        [
            float(tier == label) if isinstance(tier, str) and tier else np.nan
            for label in tiers.labels
        ]
        for tier in desk.providers["fever_tier"]
    ]
    shape = (len(desk.providers), len(tiers.labels))
    known = np.array(today, dtype=float).reshape(shape)
    axes = (desk.institutions, tiers)
    return Block("fever", axes, desk.problem.years, known, floor, np.maximum(room, floor))


def _ambulances(desk: _Desk) -> Iterable[Block]:
    """Stations, crewed stations, crews on duty and vehicles, three different things."""
    sites, axes = desk.problem.district.sites, (desk.sites,)
    fleet = pivot(desk.problem.district.fleet, (desk.sites, Axis("item", ("vehicles", "crews"))))
    fleet[sites["candidate"].to_numpy(dtype=bool)] = 0.0
    vehicles, crews = fleet.T
    known = desk.providers["ems_station"].to_dict()
    answers = [
        0.0 if new else known.get(owner)
        for new, owner in zip(sites["candidate"], sites["institution"], strict=True)
    ]
    station = np.array([np.nan if v is None or pd.isna(v) else float(v) for v in answers])
    yield desk.kept("station", axes, station, 1.0)
    yield desk.kept("crewed", axes, np.where(np.isnan(crews), np.nan, crews > 0), 1.0)
    yield desk.kept("crews", axes, crews, np.inf)
    yield desk.kept("vehicles", axes, vehicles, np.inf)


def pivot(frame: pd.DataFrame, axes: tuple[Axis, Axis]) -> Floats:
    """Give a long table as an array over two axes; NaN where the table has no row.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"institution": ["A"], "type": ["ct64"], "count": [2.0]})
    >>> pivot(table, (Axis("institution", ("A", "B")), Axis("equipment", ("ct64",))))
    array([[ 2.],
           [nan]])
    """
    owner, field = frame.columns[0], frame.columns[1]
    first, second = ({label: i for i, label in enumerate(axis.labels)} for axis in axes)
    found = np.full((len(first), len(second)), np.nan)
    for name, kind, count in zip(frame[owner], frame[field], frame["count"], strict=True):
        if name in first and kind in second:
            found[first[name], second[kind]] = count
    return found
