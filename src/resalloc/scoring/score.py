"""Scoring one state of a district against every clause, from the same rows as the model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.result.scorecard import (
    TOLERANCE,
    Basis,
    Clause,
    PlaceScore,
    Scorecard,
    Verdict,
    number,
)
from resalloc.rules.compile import compile_rows
from resalloc.rules.reach import EVERYONE, catchments
from resalloc.rules.targets import sides

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm, Target
    from resalloc.problem.columns import Floats, Ints
    from resalloc.problem.problem import Problem
    from resalloc.problem.rows import NormRows, Rows


def score(problem: Problem) -> Scorecard:
    """Score the district as it stands in its base year against every clause.

    Parameters
    ----------
    problem
        District and norms at a date; each clause's latest target is asked of today's
        people, beds and staff.

    Returns
    -------
    Scorecard
        Every clause of the plan, used or not. What is not known is
        ``not_computable`` and says what is missing; it is never taken for zero.

    Examples
    --------
    >>> import resalloc as ra
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> ra.score(problem)["beds_per_1000"].verdict
    'short'
    """
    today = problem.today()
    rows = compile_rows(today)
    year = problem.district.base_year
    return score_allocation(rows, rows.columns.today, year, title=f"{problem.district.name} {year}")


def score_allocation(rows: Rows, x: Floats, year: int, *, title: str) -> Scorecard:
    """Score any allocation in one year.

    Parameters
    ----------
    rows
        A compiled problem.
    x
        Values of its columns; derived ones are recomputed here.
    year
        Which of the problem's years to report.
    title
        What to call the state.

    Returns
    -------
    Scorecard
        One line per clause, in the document's order.
    """
    x = rows.derive(x)
    compiled = {block.norm.id: block for block in rows.norms}
    reasons = dict(rows.skipped)
    clauses = []
    for norm in rows.problem.norms:
        if norm.id in compiled:
            clauses.append(_computed(compiled[norm.id], rows, x, year))
        elif reasons.get(norm.id) == "measure":
            clauses.append(reported(norm, rows.problem, year))
        elif reasons.get(norm.id) == "nothing in scope":
            missing = f"the district has nothing in the scope '{norm.reads.scope}'"
            missing_zh = f"本区没有条款所指的对象（{norm.reads.scope}）"
            clauses.append(Clause(norm, "not_computable", missing=missing, missing_zh=missing_zh))
        else:
            verdict: Verdict = "context" if norm.use == "context" else "not_due"
            clauses.append(Clause(norm, verdict))
    return Scorecard(title, year, tuple(clauses))


def _computed(block: NormRows, rows: Rows, x: Floats, year: int) -> Clause:
    norm = block.norm
    if year not in block.years:
        return Clause(norm, "not_due")
    values, gaps = block.value(x), block.shortfall(x)
    chosen = np.flatnonzero(block.years == year)
    scores = tuple(
        PlaceScore(
            block.places[i],
            int(block.years[i]),
            float(values[i]),
            block.sense[i],
            float(block.bound[i]),
            float(gaps[i]),
            verdict_of(block.sense[i], float(values[i]), float(block.bound[i]), float(gaps[i])),
        )
        for i in chosen
    )
    known = [s for s in scores if s.verdict != "not_computable"]
    missing = _missing(block, rows, x, chosen)
    if all(math.isnan(s.value) for s in known):
        nothing = bool(known) and not missing
        printed = reported(norm, rows.problem, year)
        if norm.reads.scope == "district" and printed.value is not None:
            return printed
        return Clause(
            norm, "not_computable", target=_target(norm, year),
            missing="there is nothing to measure" if nothing else missing,
            places=len({s.place for s in scores}), rows=scores,
            missing_zh="没有可计量的对象" if nothing else "",
        )  # fmt: skip
    worst = max(known, key=_tightness)
    failing = [s for s in known if s.verdict != "met"]
    remark, remark_zh = _remark(norm, rows, x, year)
    named = {s.place for s in scores}
    return Clause(
        norm=norm,
        verdict=worst.verdict,
        value=worst.value,
        target=_target(norm, year),
        gap=worst.gap,
        place=worst.place,
        places=len(named),
        failing=len({s.place for s in failing}),
        basis=_basis(norm),
        missing=missing if len(known) < len(scores) else "",
        remark=remark,
        rows=scores,
        remark_zh=remark_zh,
    )


def _target(norm: Norm, year: int) -> Target:
    """Give what the value is compared with; a radius asks for everyone within it."""
    reach = norm.indicator is not None and norm.indicator.rule == "reach"
    return EVERYONE if reach else norm.reads.values[year]


def _tightness(row: PlaceScore) -> tuple[float, float]:
    """Order rows from the loosest to the worst: share short of target, then margin left.

    A place with nothing to measure (0 / 0) comes before every place with a number.
    """
    size = max(abs(row.target), TOLERANCE)
    signed = {">=": row.target - row.value, "<=": row.value - row.target}.get(row.sense, row.gap)
    return row.gap / size, -math.inf if math.isnan(row.value) else signed / size


def verdict_of(sense: str, value: float, bound: float, gap: float) -> Verdict:
    """Give the status of one comparison.

    Examples
    --------
    >>> verdict_of("<=", 8.0, 7.5, 0.5), verdict_of(">=", 7.5, 8.0, 0.5)
    ('over', 'short')
    """
    if math.isnan(gap):
        return "not_computable"
    if gap <= TOLERANCE * max(1.0, abs(bound)):
        return "met"
    return "short" if sense == ">=" or (sense == "==" and value < bound) else "over"


def reported(norm: Norm, problem: Problem, year: int) -> Clause:
    """Score a clause from the figure the district itself reports, if it does."""
    indicator = norm.indicator
    assert indicator is not None
    target = norm.reads.values[max(norm.reads.values)]
    found = _reports_on(norm, problem)
    found = found[(found["year"] <= year) & found["value"].notna()].sort_values("year")
    if norm.reads.scope != "district" or found.empty:
        missing = f"measures.csv: {indicator.id}"
        if _shared(indicator.id, problem):
            missing += f" of clause {norm.id}"
        return Clause(norm, "not_computable", target=target, missing=missing)
    last = found.iloc[-1]
    value, reported = float(last["value"]), int(last["year"])
    if reported < year:
        figure = f"{number(value)} {indicator.units.en}"
        return Clause(
            norm, "not_computable", target=target, missing=f"measures.csv: {indicator.id} {year}",
            remark=f"{figure} as reported for {reported}; not moved by the model",
            remark_zh=f"{reported}年上报 {number(value)}{indicator.units.zh}；模型不作推算",
        )  # fmt: skip
    rows = []
    for sense, bound in sides(norm.reads.sense, target):
        below, above = max(bound - value, 0.0), max(value - bound, 0.0)
        gap = {">=": below, "<=": above, "==": below + above}[sense]
        rows.append(
            PlaceScore(
                problem.district.name, reported, value, sense, bound, gap,
                verdict_of(sense, value, bound, gap),
            )
        )  # fmt: skip
    worst = max(rows, key=lambda r: r.gap)
    remark, remark_zh = f"as reported for {reported}", f"{reported}年上报数"
    return Clause(
        norm, worst.verdict, value, target, worst.gap, problem.district.name, 1,
        int(worst.verdict != "met"), "printed", "", remark, tuple(rows), remark_zh=remark_zh,
    )  # fmt: skip


def _reports_on(norm: Norm, problem: Problem) -> pd.DataFrame:
    """Give the reported figures that speak of a clause.

    A figure that names its clause speaks of that one alone. One that names none speaks of
    its indicator, and so of no clause where several share the indicator: one task done does
    not stand for the others.
    """
    measures = problem.district.measures
    indicator = norm.reads.indicator
    same = measures[measures["indicator"] == indicator]
    named = same["clause"] if "clause" in same else pd.Series("", index=same.index)
    own = same[named == norm.id]
    if not own.empty or _shared(indicator, problem):
        return own
    return same[named.isna() | (named == "")]


def _shared(indicator: str, problem: Problem) -> bool:
    """Say whether several clauses of the plan bound one reported indicator."""
    users = [n for n in problem.norms if n.use != "context" and n.reads.indicator == indicator]
    return len(users) > 1


_WHERE = {
    "beds_total": "institutions.csv: beds_authorised",
    "station": "institutions.csv: ems_station",
    "covered": "institutions.csv: ems_station",
    "fever": "institutions.csv: fever_tier",
    "vehicles": "fleet.csv: vehicles",
    "crews": "fleet.csv: crews",
    "crewed": "fleet.csv: crews",
    "answers": "fleet.csv: crews",
}


def _missing(block: NormRows, rows: Rows, x: Floats, chosen: Ints) -> str:
    """Say what would have to be known, by the table and column that would hold it."""
    words = [w for i in chosen for w in block.unknown[i].split(", ") if w]
    words = [w if ": " in w else f"townships.csv: {w}" for w in words]
    unknown = np.isnan(x)
    for matrix in (block.top, block.bottom):
        used = np.unique(matrix[chosen].indices)
        words += [_home(rows, int(position)) for position in used[unknown[used]]]
    return ", ".join(dict.fromkeys(words))


def _home(rows: Rows, position: int) -> str:
    name = rows.columns.name(position).split("[")[0].split(".")[0]
    if name in _WHERE:
        return _WHERE[name]
    block = rows.columns[name]
    return f"{name}.csv: {block.cell(position)[1]}"


_MODELLED = ("staff", "supply", "vehicles", "residents", "children_0_14", "aged_65_plus",
             "urban_residents", "rural_residents")  # fmt: skip


def _basis(norm: Norm) -> Basis:
    indicator = norm.indicator
    assert indicator is not None
    if indicator.rule in {"reach", "response"}:
        return "modelled"
    terms = (*indicator.of, *indicator.per)
    return (
        "modelled"
        if any(term.split(".")[0].split("@")[0] in _MODELLED for term in terms)
        else "computed"
    )


def _remark(norm: Norm, rows: Rows, x: Floats, year: int) -> tuple[str, str]:
    """Say, in English and in Chinese, how far from a station people live and how many too far."""
    indicator = norm.indicator
    if indicator is None or indicator.rule != "reach":
        return "", ""
    problem = rows.problem
    found, district = catchments(norm, problem), problem.district
    station = x[rows.columns["station"].ids[:, problem.years.index(year)]]
    opened = np.nan_to_num(station) > 0.5
    if not opened.any():
        return "no station is open", "没有设置站点"
    nearest = district.travel.distance_km[np.ix_(found.points, np.flatnonzero(opened))].min(axis=1)
    radius = norm.reads.values[year]
    assert isinstance(radius, float)
    outside = district.point_residents(year)[found.points][nearest > radius + 1e-9].sum()
    far = f"{nearest.max():.1f}"
    return (
        f"share of residents within {radius:g} km of a station; the farthest live "
        f"{far} km away, {outside:,.0f} people beyond the radius",
        f"数值为距站点{radius:g}公里以内居民的比例；最远的居民距站点{far}公里，"
        f"半径以外{outside:,.0f}人",
    )
