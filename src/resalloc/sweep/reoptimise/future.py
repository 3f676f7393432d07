"""The problem to plan for in one future."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.district.travel import Travel
from resalloc.errors import Fault, InputError
from resalloc.problem.columns import Block, Columns
from resalloc.problem.decisions import decision_blocks
from resalloc.rules.candidates import with_useful_candidates
from resalloc.rules.compile import compile_rows
from resalloc.rules.effects import effects
from resalloc.rules.response import CrewsForLoad
from resalloc.rules.structure import structure_links
from resalloc.scoring.state import State
from resalloc.scoring.under import SITE, under

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from resalloc.district.district import District
    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import Rows
    from resalloc.problem.scenario import Factor

_TABLES = {
    "beds": "beds",
    "staff": "staff",
    "equipment": "equipment",
    "supply": "supply",
    "vehicles": "fleet",
    "crews": "fleet",
}
"""Which table of a district holds what a block has today."""
_WITHIN = ("bed_sum", "cadre_parts", "supply_parts")


@dataclass(frozen=True, eq=False)
class Future:
    """A problem as it would be in one future.

    Parameters
    ----------
    problem
        District, norms and options of that future.
    opened, shut
        Sites that have a crewed station there whatever is planned, and sites that can have
        none.
    """

    problem: Problem
    opened: frozenset[str] = frozenset()
    shut: frozenset[str] = frozenset()

    def rows(self, *, useful: bool = False) -> Rows:
        """Compile it; with `useful`, without the candidate sites that cannot matter."""
        rows = compile_rows(self._useful() if useful else self.problem)
        columns = Columns.of(self._bound(block) for block in rows.columns.blocks.values())
        settle = rows.settle
        if isinstance(settle, CrewsForLoad):
            settle = replace(settle, today=columns["crews"].today)
        return replace(rows, columns=columns, settle=settle)

    def _useful(self) -> Problem:
        """Leave out candidate sites that cannot matter, but none that is there in any case."""
        sites = self.problem.district.sites
        candidate = sites["candidate"] & ~sites.index.isin(list(self.opened))
        kept = with_useful_candidates(self._with_sites(sites.assign(candidate=candidate)))
        sites = kept.district.sites.assign(candidate=sites["candidate"])
        return replace(kept, district=kept.district.replace(sites=sites))

    def _with_sites(self, sites: pd.DataFrame) -> Problem:
        return replace(self.problem, district=self.problem.district.replace(sites=sites))

    def columns(self) -> Columns:
        """Give its decision columns, all candidate sites among them."""
        return Columns.of(self._bound(block) for block in decision_blocks(self.problem))

    def _bound(self, block: Block) -> Block:
        """Hold the stations and crews of sites that are opened or shut."""
        if block.name not in SITE:
            return block
        sites = block.along("site")
        opened = np.array([site in self.opened for site in sites], dtype=bool)
        shut = np.array([site in self.shut for site in sites], dtype=bool)
        today = np.where(opened, np.fmax(block.today, 1.0), np.where(shut, 0.0, block.today))
        lower = np.where(opened, today, np.where(shut, 0.0, block.lower))
        upper = np.where(shut, 0.0, np.maximum(block.upper, lower))
        return replace(block, today=today, lower=lower, upper=upper)


def planning_under(problem: Problem, scenario: Mapping[Factor, float]) -> Future:
    """Give the problem to plan for in one future.

    What :func:`~resalloc.scoring.under.under` does to a state is done to what the plan starts
    from and is asked:

    ============  ========================================================================
    factor        in the plan
    ============  ========================================================================
    people        the residents of every year, those of the plan years among them
    speed,        how fast an ambulance comes, today and in the plan
    minutes
    target        the clause's target, in every plan year in which it is due
    budget        the ceiling on capital
    amount,       what stands before the plan begins, in whole units: it costs the plan
    project       nothing, and unless shrinking is allowed it is the least there can be
    site 0        no station and no crew can be there and it serves nobody; its vehicles stay
    site 1        a station with a crew is there, at no cost; a vehicle it lacks is bought
    ============  ========================================================================

    A part of a whole that becomes smaller (special beds of all beds, general practitioners of
    physicians) is cut in proportion where it would be more than the whole.

    Parameters
    ----------
    problem
        The problem as it is expected.
    scenario
        A value for each factor; none leaves the problem as it is.

    Returns
    -------
    Future
        Compile it with :meth:`Future.rows`.

    Raises
    ------
    InputError
        A factor names what is not there, a value is out of its range, or a project changes
        what the district's tables do not say; all at once.

    Examples
    --------
    >>> import resalloc as ra
    >>> from resalloc.problem.scenario import Factor
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> future = planning_under(problem, {Factor("population"): 1.1})
    >>> more = future.problem.district.total("residents", 2025)
    >>> round(more / problem.district.total("residents", 2025), 6)
    1.1
    """
    columns = Columns.of(decision_blocks(problem))
    expected = State(problem, columns.today)
    state = under(expected, scenario)
    sites = {name: value for f, value in scenario.items() if f.kind == "site" for name in f.names}
    if sites:
        rest = {factor: value for factor, value in scenario.items() if factor.kind != "site"}
        state = under(expected, rest)
    opened = frozenset(site for site, value in sites.items() if value)
    shut = frozenset(sites) - opened
    _require_known(expected, scenario)
    first = _first_year(columns)
    counts = _whole(problem, columns, expected.x, state.x)
    moved = first[_differ(expected.x, counts)[first]]
    district = _standing(state.problem.district, columns, counts, moved)
    problem = replace(state.problem, district=_cut_off(district, shut))
    _require_told(columns, counts, moved, Columns.of(decision_blocks(problem)))
    return Future(problem, opened, shut)


def _first_year(columns: Columns) -> Ints:
    """Give the columns of the first year, which a factor changes in the name of today."""
    return np.concatenate([block.ids[..., 0].reshape(-1) for block in columns.blocks.values()])


def _differ(one: Floats, other: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray((one != other) & ~(np.isnan(one) & np.isnan(other)))


def _whole(problem: Problem, columns: Columns, before: Floats, after: Floats) -> Floats:
    """Round what a factor changed to whole units, and keep parts within their wholes."""
    moved = _differ(before, after)
    counts = np.where(moved, np.floor(after + 0.5), after)
    for link in structure_links(problem, columns):
        matrix = link.matrix if link.name in _WITHIN else link.matrix[:0]
        for low, high in pairwise(matrix.indptr):
            ids, signs = matrix.indices[low:high], matrix.data[low:high]
            parts, whole = ids[signs > 0], ids[signs < 0]
            total = counts[parts].sum()
            if moved[ids].any() and total > counts[whole].sum():
                share = counts[whole].sum() / total
                counts[parts] = np.floor(counts[parts] * share + 1e-9)
    return counts


def _standing(district: District, columns: Columns, counts: Floats, moved: Ints) -> District:
    """Write changed counts into the district's tables; what they do not hold stays out."""
    changed: dict[str, dict[tuple[str, ...], float]] = {}
    for position in moved:
        block = next(b for b in columns.blocks.values() if b.start <= position < b.start + b.size)
        *cell, _ = block.cell(int(position))
        item = [block.name] if block.name in ("vehicles", "crews") else []
        where = _TABLES.get(block.name, block.name)
        changed.setdefault(where, {})[(*cell, *item)] = float(counts[position])
    tables = {
        name: _counted(getattr(district, name), values)
        for name, values in changed.items()
        if name in _TABLES.values()
    }
    totals = {place: count for (place, *_), count in changed.get("beds_total", {}).items()}
    for name in ("institutions", "unlisted") if totals else ():
        table = getattr(district, name).copy()
        own = {place: count for place, count in totals.items() if place in table.index}
        table["beds_authorised"] = table["beds_authorised"].astype(float)
        table.loc[list(own), "beds_authorised"] = list(own.values())
        tables[name] = table
    return district.replace(**tables)


def _counted(table: pd.DataFrame, values: Mapping[tuple[str, ...], float]) -> pd.DataFrame:
    """Give a long table with some of its counts changed."""
    owner, field = table.columns[0], table.columns[1]
    keys = zip(table[owner], table[field], strict=True)
    count = [
        values.get((str(place), str(kind)), old)
        for (place, kind), old in zip(keys, table["count"], strict=True)
    ]
    return table.assign(count=np.array(count, dtype=float))


def _cut_off(district: District, shut: frozenset[str]) -> District:
    """Give the district in which nobody can be reached from some sites."""
    if not shut:
        return district
    gone = district.sites.index.isin(list(shut))
    was = district.travel
    away = Travel(
        np.where(gone, np.inf, was.distance_km),
        np.where(gone, np.inf, was.travel_min),
        np.where(gone, np.inf, was.road_km),
        was.basis,
    )
    return district.replace(travel=away)


def _require_known(state: State, scenario: Mapping[Factor, float]) -> None:
    """Refuse a project that adds to, or takes from, what is not known today."""
    projects = {f: v for f, v in scenario.items() if f.kind == "project"}
    faults = []
    for effect in effects(projects, state.problem, state.columns):
        if projects[effect.factor] != effect.stays:
            for position in effect.ids[np.isnan(state.x[effect.ids])]:
                what = f"how many there are today is not known: {state.columns.name(position)}."
                remedy = "Give the figure, or leave the project out."
                faults.append(Fault(f"factor '{effect.factor.name}'", what, remedy))
    if faults:
        raise InputError(faults)


def _require_told(columns: Columns, counts: Floats, moved: Ints, now: Columns) -> None:
    """Refuse a change that the district's tables cannot hold, or below nothing."""
    faults = []
    for position in moved:
        name, count = columns.name(int(position)), counts[position]
        if count < 0:
            what = f"comes to {count:g}."
            faults.append(Fault(name, what, "Take away no more than there is today."))
        elif now.today[position] != count:
            what = "is no count of today that a factor can change for a plan."
            faults.append(Fault(name, what, "Vary beds, staff, equipment, supplies or the fleet."))
    if faults:
        raise InputError(faults)
