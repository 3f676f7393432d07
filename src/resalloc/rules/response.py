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

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm
    from resalloc.problem.problem import Problem

Positions = npt.NDArray[np.int64]
CLOCK = "from the call being received: call handling + turn-out + driving"


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
    chosen = np.ones(len(district.points), dtype=bool)
    if indicator.points != "all":
        chosen = (district.points["place_class"] == indicator.points).to_numpy()
    points = np.flatnonzero(chosen)
    usable = np.isfinite(time[points])
    tops, totals, years, bounds = [], [], [], []
    for year, target in norm.reads.values.items():
        weights = district.point_residents(year)[points]
        ids = block.ids[points, :, problem.years.index(year)][usable]
        tops.append((ids, (weights[:, None] * np.where(usable, time[points], 0.0))[usable]))
        totals.append(weights.sum())
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
        top_constant=np.zeros(count),
        bottom=sparse.csr_array((count, columns.size)),
        bottom_constant=np.array(totals),
        scale=indicator.units.scale,
        sense=("<=",) * count,
        bound=np.array(bounds),
        unknown=tuple("residents" if np.isnan(total) else "" for total in totals),
    )


def crews_needed(problem: Problem) -> Floats:
    """Give by year the crews on duty below which they are too often busy.

    ::

        offered load / largest busy share,   load = calls per hour × hours per call

    Little's law: the load is the mean number of busy crews. The mean response counts
    on the nearest crew being idle, which is near the truth only while few are busy.
    """
    given, district = problem.district.assumptions.value, problem.district
    per_person = given("ems.calls_per_1000_per_year") / 1000 / 8760 * given("ems.service_h")
    people = np.array([district.point_residents(year).sum() for year in problem.years])
    return people * per_person / given("ems.busy_share_max")


def answer_links(problem: Problem, columns: Columns) -> tuple[Links, ...]:
    """Give the links: every point is answered once, and only by a crewed site."""
    block, crews = columns["answers"], columns["crews"]
    points, sites, years = block.shape
    answers = np.moveaxis(block.ids, -1, 0)
    crewed = np.broadcast_to(columns["crewed"].ids.T[:, None, :], answers.shape)
    joined = np.broadcast_to(block.upper > 0, answers.shape)
    pairs = np.stack([answers[joined], crewed[joined]], axis=1)
    once, by_crew, size = years * points, len(pairs), columns.size
    return (
        Links("crew_load", "enough crews on duty that few are busy when a call comes",
              _each(crews.ids.T, np.ones(sites), size),
              crews_needed(problem), np.full(years, np.inf)),
        Links("answered", "every demand point is answered by one site",
              _each(answers.reshape(once, sites), np.ones(sites), size),
              np.ones(once), np.ones(once)),
        Links("by_crew", "only a site with a crew on duty answers",
              _each(pairs, np.array([1.0, -1.0]), size),
              np.full(by_crew, -np.inf), np.zeros(by_crew)),
    )  # fmt: skip


def _each(ids: Positions, coefficients: Floats, size: int) -> sparse.csr_array:
    """Give one row for each row of `ids`, all with the same coefficients."""
    count, width = ids.shape
    rows = np.repeat(np.arange(count), width)
    values = np.tile(coefficients, count)
    return sparse.csr_array((values, (rows, ids.reshape(-1))), shape=(count, size))
