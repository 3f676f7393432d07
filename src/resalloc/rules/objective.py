"""Objectives: what to make best once the clauses are met as far as they can be.

Each is a :class:`Goal`: a cost on the columns, with extra columns and rows where
the measure needs them. Lower is better for all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from resalloc.problem.columns import Columns, Floats
from resalloc.problem.rows import Rows, stack
from resalloc.rules.cost import cost_rates
from resalloc.rules.response import minutes
from resalloc.rules.scope import in_group
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from resalloc.problem.problem import Objective, Problem

Entry = tuple[npt.NDArray[np.int64], Floats]
Group = tuple[npt.NDArray[np.int64], Floats]
_NEWCOMER, _SPECIAL, _UNASKED, _SMALLER_FLEET = 1.5, 0.05, 0.3, 0.01
_TIE_CLOSE = 1e-3
"""Among answers equal in all that matters, a thousandth of the change is close enough."""
_EVEN_ENOUGH = 0.005
"""Whole people at small places leave evenness no finer grain than about half a per cent."""
KEPT = ("beds_total", "beds", "staff", "equipment", "supply", "station", "crews", "vehicles")
_GIVEN_UP = tuple(name for name in KEPT if name != "beds")


@dataclass(frozen=True)
class Goal:
    """A linear measure to make small.

    Parameters
    ----------
    name, unit
        For the report.
    cost
        Coefficients: the problem's columns, then the extra ones.
    constant
        Added to cost · x for the printed value.
    lower
        Lower bound of each extra column (no upper bound, continuous).
    matrix, lo
        Extra rows matrix · x ≥ lo, each with one extra column, at coefficient 1.
    tolerance
        Relative gap at which the goal counts as proven.
    """

    name: str
    unit: str
    cost: Floats
    constant: float
    lower: Floats
    matrix: sparse.csr_array
    lo: Floats
    tolerance: float = 1e-7

    def value(self, x: Floats) -> float:
        """Give the goal's value at an allocation, from nothing but the allocation."""
        size = len(x)
        extra = self.lower.copy()
        needed = self.lo - self.matrix[:, :size] @ x
        which = sparse.coo_array(self.matrix[:, size:])
        np.maximum.at(extra, which.coords[1], needed[which.coords[0]])
        return float(self.cost[:size] @ x + self.cost[size:] @ extra + self.constant)


def goal(rows: Rows) -> Goal:
    """Give the goal the problem's options name."""
    return _GOALS[rows.problem.options.objective](rows)


def cost_goal(rows: Rows) -> Goal:
    """Capital of what is added, and ``cost.years`` years of running it (万元)."""
    rates = cost_rates(rows.problem, rows.columns)
    years = rows.problem.district.assumptions.value("cost.years")
    return _of_what_is_added(rows, "cost", rates.capital + years * rates.yearly)


def capital_goal(rows: Rows) -> Goal:
    """Capital of what is added (万元): what a budget is held against."""
    return _of_what_is_added(rows, "capital", cost_rates(rows.problem, rows.columns).capital)


def loss_goal(rows: Rows) -> Goal:
    """Units given up against today, over all years, where institutions may shrink.

    ::

        Σ max(0, today − x)   over what is known today

    Beds, people, sets, places, stations, crews and vehicles count one each. It comes before
    cost: nothing is closed to save money, only what a clause asks for.
    """
    columns = rows.columns
    ids = np.concatenate([columns[name].ids.reshape(-1) for name in _GIVEN_UP])
    ids = ids[np.nan_to_num(columns.today[ids]) > 0]
    return _one_sided("given up", "units", columns, ids, columns.today[ids], np.ones(len(ids)))


def _of_what_is_added(rows: Rows, name: str, rate: Floats) -> Goal:
    """Σ rate · max(0, x − today); linear as it stands where nothing may shrink."""
    columns = rows.columns
    today = np.nan_to_num(columns.today)
    may_fall = np.flatnonzero((rate > 0) & (today > 0) & (columns.lower < today))
    plain = rate.copy()
    plain[may_fall] = 0.0
    constant = -float(plain @ today)
    if not len(may_fall):
        return _plain(name, "万元", plain, constant)
    extra = _one_sided(name, "万元", columns, may_fall, -today[may_fall], rate[may_fall], sign=-1.0)
    cost = extra.cost.copy()
    cost[: columns.size] += plain
    return replace(extra, cost=cost, constant=constant)


def _one_sided(
    name: str,
    unit: str,
    columns: Columns,
    ids: npt.NDArray[np.int64],
    lo: Floats,
    weights: Floats,
    *,
    sign: float = 1.0,
) -> Goal:
    """Σ weight × max(0, lo − sign · x): one extra column and one row for each column."""
    n, count = columns.size, len(ids)
    entries: list[Entry] = [
        (np.array([position, n + i]), np.array([sign, 1.0])) for i, position in enumerate(ids)
    ]
    cost = np.concatenate([np.zeros(n), weights])
    return Goal(name, unit, cost, 0.0, np.zeros(count), stack(entries, n + count), lo)


def access_goal(rows: Rows) -> Goal:
    """Population-weighted mean response over the plan's years (minutes)."""
    problem, columns = rows.problem, rows.columns
    cost, time = np.zeros(columns.size), minutes(problem)
    usable = np.isfinite(time)
    for y, year in enumerate(problem.years):
        people = problem.district.point_residents(year)
        share = (people / people.sum())[:, None] * np.where(usable, time, 0.0)
        cost[columns["answers"].ids[..., y]] = share / len(problem.years)
    return _plain("access", "min", cost, 0.0)


def equity_goal(rows: Rows) -> Goal:
    """Unevenness of primary care by township: mean absolute deviation, per 1,000.

    ::

        Σ_i p_i |a_i − ā|   for beds, plus the same for health workers, of primary care

    ======  ==========================================
    p_i     the township's share of residents
    a_i     its level per 1,000 residents
    ā       the district's level, Σ p_i a_i
    ======  ==========================================

    Half of it over ā is the Hoover (Robin Hood) index, the share that would have to
    move for all to have the same; linear with one extra column per township.
    """
    problem, columns = rows.problem, rows.columns
    providers = problem.district.providers()
    primary = in_group(providers, "primary_care")
    people = problem.district.series("residents", problem.years[-1])
    staff = columns["staff"]
    top = [staff.along("cadre").index(c) for c in vocabulary().top_cadres()]
    home = [
        primary & (providers["township"] == t).to_numpy() for t in problem.district.townships.index
    ]
    entries: list[Entry] = []
    weights: list[float] = []
    for levels in (
        [columns["beds_total"].ids[here, -1] for here in home],
        [staff.ids[here][:, top, -1].reshape(-1) for here in home],
    ):
        everywhere = np.concatenate(levels)
        mean = np.full(len(everywhere), -1000 / people.sum())
        for here, residents in zip(levels, people, strict=True):
            own = np.full(len(here), 1000 / residents)
            entries.append((np.concatenate([here, everywhere]), np.concatenate([own, mean])))
            weights.append(float(residents / people.sum()))
    targets = np.zeros(len(entries))
    even = _absolute("equity", "per 1,000", columns, entries, targets, np.array(weights))
    return replace(even, tolerance=_EVEN_ENOUGH)


def change_goal(rows: Rows) -> Goal:
    """Least change from today: units added or taken away, over all years.

    A quantity not known today counts by its planned level, so that no more is asked
    than the clauses need.
    """
    columns = rows.columns
    today, lower = columns.today, columns.lower
    cost, constant = np.zeros(columns.size), 0.0
    entries, targets = [], []
    beds = columns["beds"]
    usual = set(beds.ids[_base_kind(columns) & np.isnan(beds.today)].reshape(-1))
    for name in KEPT:
        for position in columns[name].ids.reshape(-1):
            start = today[position]
            if position in usual:
                continue
            if np.isnan(start) or lower[position] >= start:
                cost[position] = 1.0
                constant -= 0.0 if np.isnan(start) else start
            else:
                entries.append((np.array([position]), np.ones(1)))
                targets.append(start)
    extra = _absolute("least-change", "units", columns, entries, np.array(targets),
                      np.ones(len(entries)))  # fmt: skip
    whole = extra.cost.copy()
    whole[: columns.size] += cost
    return Goal("least-change", "units", whole, constant, extra.lower, extra.matrix, extra.lo)


def tie_break_goal(rows: Rows) -> Goal:
    """Least change from today, quick response, even shares: chooses among equal answers.

    To the units changed are added the mean response in minutes (where the plan speaks
    of response) and, for every cadre and every supply, the highest level per bed or
    per resident that any place reaches, relative to a place of mean size: growth is
    spread and not piled up in one place. A cadre new to an institution is avoided, beds
    are an institution's usual kind unless a clause asks for special ones, and people whom
    only a total asks for are other health professionals.
    """
    problem, columns = rows.problem, rows.columns
    base = change_goal(rows)
    groups = _even_groups(problem, columns)
    count = len(base.lower)
    entries: list[Entry] = []
    for g, (ids, sizes) in enumerate(groups):
        for position, size in zip(ids, sizes, strict=True):
            level = np.array([columns.size + count + g, position])
            entries.append((level, np.array([1.0, -1.0 / size])))
    width = columns.size + count + len(groups)
    old = sparse.hstack([base.matrix, sparse.csr_array((len(base.lo), len(groups)))])
    cost = np.concatenate([base.cost, np.ones(len(groups))])
    cost[: columns.size] += _preferences(columns)
    if "answers" in columns:
        cost[: columns.size] += access_goal(rows).cost
    return Goal(
        "least change, quick response, even shares",
        "units",
        cost,
        base.constant,
        np.concatenate([base.lower, np.zeros(len(groups))]),
        sparse.csr_array(sparse.vstack([old, stack(entries, width)])),
        np.concatenate([base.lo, np.zeros(len(entries))]),
        _TIE_CLOSE,
    )


def _even_groups(problem: Problem, columns: Columns) -> list[Group]:
    """Give what is to be spread: columns, and the size of the place behind each.

    Beds, staff and vehicles grow in proportion to today's, where that is known and not
    zero, else to beds, hospitals and primary care apart; special beds in proportion
    to beds; supplies to residents.
    """
    providers = problem.district.providers()
    planned = providers["beds_planned"].fillna(providers["beds_authorised"])
    beds = np.nan_to_num(planned.to_numpy(dtype=float))
    kinds = vocabulary().list("institution_kind")
    sector = np.array([kinds[kind].extra["sector"] for kind in providers["kind"]])
    total = columns["beds_total"]
    groups = [(total.ids, np.nan_to_num(total.today), total.upper > 0)]
    staff, vehicles, supply = columns["staff"], columns["vehicles"], columns["supply"]
    for cadre in range(staff.shape[1]):
        today = staff.today[:, cadre]
        sizes = beds if np.isnan(today).any() else today
        room = staff.upper[:, cadre] > 0
        groups += [(staff.ids[:, cadre], sizes, room & (sector == s)) for s in np.unique(sector)]
    groups.append((vehicles.ids, np.nan_to_num(vehicles.today), vehicles.upper > 0))
    special = columns["beds"]
    for kind in range(special.shape[1]):
        room = (special.upper[:, kind] > 0) & ~_base_kind(columns)[:, kind]
        groups.append((special.ids[:, kind], beds, room))
    people = problem.district.series("residents", problem.years[-1])
    groups += [(supply.ids[:, s], people, people > 0) for s in range(supply.shape[1])]
    return [
        (ids[fit, y], sizes[fit] / sizes[fit].mean())
        for ids, sizes, room in groups
        if (fit := room & (sizes > 0)).any()
        for y in range(ids.shape[-1])
    ]


def _base_kind(columns: Columns) -> npt.NDArray[np.bool_]:
    """Say which kind of bed an institution's beds are unless a clause asks otherwise."""
    beds = columns["beds"]
    labels = beds.along("bed_kind")
    base = np.zeros(beds.upper.shape, dtype=bool)
    open_to = beds.upper > 0
    taken = np.zeros(len(base), dtype=bool)
    for kind in ("general", "tcm", "psychiatric"):
        mine = open_to[:, labels.index(kind)] & ~taken
        base[mine, labels.index(kind)] = True
        taken |= mine
    return base


def _preferences(columns: Columns) -> Floats:
    """Price what is avoided between equals.

    A cadre new to a place, special beds no clause asks for, crews away from where
    ambulances are; people whom only a total asks for are counted as other health
    professionals (allied), not as more physicians, nurses or other staff.
    """
    cost = np.zeros(columns.size)
    staff, beds = columns["staff"], columns["beds"]
    cost[staff.ids[(staff.today == 0) & (staff.upper > 0)].reshape(-1)] = _NEWCOMER
    cost[beds.ids[~_base_kind(columns)].reshape(-1)] = _SPECIAL
    named = [c for c in vocabulary().top_cadres() if c != "allied"]
    where = [staff.along("cadre").index(cadre) for cadre in named]
    cost[staff.ids[:, where].reshape(-1)] = _UNASKED
    fleet, crewed = np.nan_to_num(columns["vehicles"].today), columns["crewed"]
    fewer = 1 - fleet / max(1.0, fleet.max(initial=0.0))
    cost[crewed.ids] = _SMALLER_FLEET * fewer[:, None]
    return cost


def _plain(name: str, unit: str, cost: Floats, constant: float) -> Goal:
    empty = sparse.csr_array((0, len(cost)))
    return Goal(name, unit, cost, constant, np.zeros(0), empty, np.zeros(0))


def _absolute(
    name: str,
    unit: str,
    columns: Columns,
    entries: Sequence[Entry],
    targets: Floats,
    weights: Floats,
) -> Goal:
    """Σ weight × |entry · x − target|: one extra column and two rows each."""
    n, count = columns.size, len(entries)
    both: list[Entry] = []
    lo = []
    for i, (ids, values) in enumerate(entries):
        for sign in (1.0, -1.0):
            both.append((np.append(ids, n + i), np.append(-sign * values, 1.0)))
            lo.append(-sign * targets[i])
    cost = np.concatenate([np.zeros(n), weights])
    return Goal(name, unit, cost, 0.0, np.zeros(count), stack(both, n + count), np.array(lo))


_GOALS: dict[Objective, Callable[[Rows], Goal]] = {
    "cost": cost_goal,
    "access": access_goal,
    "equity": equity_goal,
    "least-change": change_goal,
}
