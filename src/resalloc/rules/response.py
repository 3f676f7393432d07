"""Response time: mean minutes from the call to the crew's arrival."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from scipy import sparse

from resalloc.errors import one_fault
from resalloc.problem.columns import Axis, Block, Columns, Floats
from resalloc.problem.rows import Links, NormRows, stack
from resalloc.rules.reach import in_turn, points_of

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.norms.norm import Norm
    from resalloc.problem.problem import Problem

Positions = npt.NDArray[np.int64]


def minutes(problem: Problem) -> Floats:
    """Give response minutes from each site to each demand point (points × sites).

    call handling + turn-out + driving; the clock starts when the call is received.
    """
    given = problem.district.assumptions
    before = given.value("ems.call_min") + given.value("ems.chute_min")
    return np.asarray(problem.district.travel.travel_min + before)


def answers_block(problem: Problem) -> Block:
    """Give the derived columns: which crewed site answers which demand point.

    A pair that no road joins has no use and is held at zero.
    """
    district = problem.district
    shape = (len(district.points), len(district.sites))
    axes = (
        Axis("point", tuple(str(p) for p in district.points.index)),
        Axis("site", tuple(str(s) for s in district.sites.index)),
    )
    reachable = np.isfinite(district.travel.travel_min).astype(float)
    return Block(
        "answers",
        axes,
        problem.years,
        np.full(shape, np.nan),
        np.zeros(shape),
        reachable,
        integer=False,
        derived=True,
    )


@dataclass(frozen=True)
class NearestCrew:
    """Derives who answers: the nearest crewed site; the first listed wins a tie."""

    answers: Positions
    crewed: Positions
    minutes: Floats

    def __call__(self, x: Floats) -> Floats:
        """Fill the answers; unknown where any site's crew is unknown or none is on duty."""
        filled = x.copy()
        for year in range(self.crewed.shape[-1]):
            crews = x[..., self.crewed[:, year]]
            on_duty = np.nan_to_num(crews) > 0.5
            time = np.where(on_duty[..., None, :], self.minutes, np.inf)
            nearest = np.argmin(time, axis=-1)
            share = np.zeros((*x.shape[:-1], *self.minutes.shape))
            np.put_along_axis(share, nearest[..., None], 1.0, axis=-1)
            best = np.take_along_axis(time, nearest[..., None], axis=-1)
            unknown = np.asarray(np.isnan(crews).any(axis=-1))
            unsure = unknown[..., None, None] | ~np.isfinite(best)
            filled[..., self.answers[..., year]] = np.where(unsure, np.nan, share)
        return filled


def response_rows(norm: Norm, problem: Problem, columns: Columns) -> NormRows | None:
    """Give the rows of a mean-response clause.

    ::

        Σ_i w_i Σ_j τ_ij a_ij / Σ_i w_i ≤ target

    ======  =========================================================
    i       demand points of the indicator's class
    j       sites with a crew on duty
    w_i     residents of i in the year
    τ_ij    minutes: call handling + turn-out + driving from j to i
    a_ij    1 where j answers i: in scoring the nearest crewed site
    ======  =========================================================

    Parameters
    ----------
    norm
        Norm whose indicator's rule is ``response``.
    problem, columns
        What it is compiled against; `columns` holds ``answers``.
    """
    indicator, district = norm.indicator, problem.district
    assert indicator is not None
    block, time = columns["answers"], minutes(problem)
    points = points_of(norm, problem)
    usable = np.isfinite(time[points])
    lost = points[~usable.any(axis=1)]
    tops, totals, years, bounds = [], [], [], []
    for year, target in norm.reads.values.items():
        weights = district.point_residents(year)[points]
        ids = block.ids[points, :, problem.years.index(year)][usable]
        tops.append((ids, (weights[:, None] * np.where(usable, time[points], 0.0))[usable]))
        totals.append(in_turn(weights))
        years.append(year)
        if isinstance(target, tuple) or norm.reads.sense != "<=":
            raise one_fault(
                f"norm '{norm.id}'", "a response time is an upper limit.", "Write <= and minutes."
            )
        bounds.append(float(target))
    if not years:
        return None
    count = len(years)
    return NormRows(
        norm=norm,
        places=(district.name,) * count,
        years=np.array(years),
        top=stack(tops, columns.size),
        top_constant=np.full(count, np.nan if len(lost) else 0.0),
        bottom=sparse.csr_array((count, columns.size)),
        bottom_constant=np.array(totals),
        scale=indicator.units.scale,
        sense=("<=",) * count,
        bound=np.array(bounds),
        unknown=tuple(_unknown(district, total, lost) for total in totals),
    )


def _unknown(district: District, total: float, lost: Positions) -> str:
    """Say what a mean response lacks: residents, or a way to some point from any site at all."""
    words = ["residents"] if np.isnan(total) else []
    words += [f"travel.csv: a way to {district.points.index[i]}" for i in lost]
    return ", ".join(words)


def load_per_resident(problem: Problem) -> float:
    """Give the crews one resident keeps busy on average (Little's law).

    ::

        dispatches per resident and hour × hours a dispatch keeps a crew
    """
    given = problem.district.assumptions.value
    return given("ems.calls_per_1000_per_year") / 1000 / 8760 * given("ems.service_h")


def answer_links(problem: Problem, columns: Columns) -> tuple[Links, ...]:
    """Give the links between crews and the points they answer.

    ::

        Σ_j a_ij = 1                                    every point is answered
        a_ij ≤ y_j                                      by a site with a crew on duty
        Σ_j c_j ≥ Σ_i ρ w_i / q                         enough crews in all
        Σ_i ρ w_i a_ij ≤ q c_j                          and at every station (after the solve)

    ======  ==============================================================
    y_j     is j crewed?  c_j crews on duty there
    ρ       crews one resident keeps busy on average
    q       largest share of time a station's crews may be busy
    ======  ==============================================================

    The mean response counts the nearest crew as idle; the last row keeps that near the
    truth at every station. It is not in the model, where a point need not be answered
    by the nearest crew: :class:`CrewsForLoad` sets the crews by the true answers after
    the solve, and what that adds to the cost is shown as the gap to the proven bound.
    """
    block = columns["answers"]
    points, sites, years = block.shape
    answers = np.moveaxis(block.ids, -1, 0)
    crewed = np.broadcast_to(columns["crewed"].ids.T[:, None, :], answers.shape)
    joined = np.broadcast_to(block.upper > 0, answers.shape)
    pairs = np.stack([answers[joined], crewed[joined]], axis=1)
    once, by_crew, size = years * points, len(pairs), columns.size
    return (
        Links("answered", "every demand point is answered by one site",
              _each(answers.reshape(once, sites), np.ones(sites), size),
              np.ones(once), np.ones(once)),
        Links("by_crew", "only a site with a crew on duty answers",
              _each(pairs, np.array([1.0, -1.0]), size),
              np.full(by_crew, -np.inf), np.zeros(by_crew)),
        Links("crews_in_all", "enough crews in all that they are seldom busy",
              _each(columns["crews"].ids.T, np.ones(sites), size),
              crews_for_load(problem, columns, trim=True).least(), np.full(years, np.inf)),
        _load_links(problem, columns),
    )  # fmt: skip


@dataclass(frozen=True)
class CrewsForLoad:
    """Sets crews on duty to what the people nearest to each crewed site keep busy.

    The model lets a point be answered from farther away; in truth the nearest crew
    answers. So after a solve each station gets the crews its own people need, and a
    vehicle for each; never fewer than today's. `need` is crews per resident of a point
    (points × years), `today` what is known of today's crews (sites). With `trim`, crews
    beyond the need are sent home (no clause counts crews).
    """

    answers: Positions
    crewed: Positions
    crews: Positions
    vehicles: Positions
    need: Floats
    today: Floats
    trim: bool

    def least(self) -> Floats:
        """Give by year the crews that all residents together need, wherever they stand."""
        return np.asarray(np.ceil(self.need.sum(axis=0) - 1e-9), dtype=np.float64)

    def __call__(self, x: Floats) -> Floats:
        """Give x with crews and vehicles set."""
        settled = x.copy()
        load = np.einsum("ijy,iy->jy", np.nan_to_num(x[self.answers]), self.need)
        wanted = np.maximum(np.ceil(load - 1e-9), x[self.crewed])
        wanted = np.maximum(wanted, np.nan_to_num(self.today)[:, None])
        if not self.trim:
            wanted = np.maximum(wanted, x[self.crews])
        wanted = np.maximum.accumulate(wanted, axis=1)
        settled[self.crews] = wanted
        vehicles = np.maximum(x[self.vehicles], wanted)
        settled[self.vehicles] = np.maximum.accumulate(vehicles, axis=1)
        return settled


def crews_for_load(problem: Problem, columns: Columns, *, trim: bool) -> CrewsForLoad:
    """Give how crews follow from the crewed sites of a problem."""
    per_resident = load_per_resident(problem)
    busy = problem.district.assumptions.value("ems.busy_share_max")
    people = [np.nan_to_num(problem.district.point_residents(year)) for year in problem.years]
    return CrewsForLoad(
        columns["answers"].ids,
        columns["crewed"].ids,
        columns["crews"].ids,
        columns["vehicles"].ids,
        np.array(people).T * per_resident / busy,
        columns["crews"].today,
        trim,
    )


def _load_links(problem: Problem, columns: Columns) -> Links:
    """A station's crews are busy no more than the largest share allowed."""
    block, crews = columns["answers"], columns["crews"]
    busy = problem.district.assumptions.value("ems.busy_share_max")
    entries = []
    for y, year in enumerate(problem.years):
        load = np.nan_to_num(problem.district.point_residents(year)) * load_per_resident(problem)
        for j in range(block.shape[1]):
            ids = np.append(block.ids[:, j, y], crews.ids[j, y])
            entries.append((ids, np.append(load, -busy)))
    count = len(entries)
    why = "enough crews at every station that they are seldom busy when a call comes"
    matrix = stack(entries, columns.size)
    return Links("crew_load", why, matrix, np.full(count, -np.inf), np.zeros(count), after=True)


def _each(ids: Positions, coefficients: Floats, size: int) -> sparse.csr_array:
    """Give one row for each row of `ids`, all with the same coefficients."""
    count, width = ids.shape
    rows = np.repeat(np.arange(count), width)
    values = np.tile(coefficients, count)
    return sparse.csr_array((values, (rows, ids.reshape(-1))), shape=(count, size))
