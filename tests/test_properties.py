"""What must hold for any allocation, any district, any target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from resalloc.errors import InputError
from resalloc.problem.problem import Problem
from resalloc.rules.compile import compile_rows
from resalloc.scoring.score import score
from resalloc.solver.solve import solve
from tests.strategies import allocations, multiplied, reordered, with_travel

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.norms.normset import NormSet
    from resalloc.problem.rows import NormRows, Rows
    from resalloc.result.result import Result

# Fixtures are read only, so one serves every example; the clock of a shared machine says little.
STEADY = settings(
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FEW = settings(STEADY, max_examples=12)


# The two readers of a row


def _broken_by(rows: NormRows, x: np.ndarray) -> np.ndarray:
    """How far the multiplied-out row, as the solver sees it, is from holding."""
    matrix, lo, hi = rows.linear()
    level = matrix @ x
    return np.maximum(np.maximum(lo - level, level - hi), 0.0)


@STEADY
@given(data=st.data())
def test_solver_slack_is_scorer_shortfall(town_rows: Rows, data: st.DataObject):
    """Shortfall × denominator / scale is what the solver's row lacks, for any x and any sense."""
    x = data.draw(allocations(town_rows))
    for rows in town_rows.norms:
        below = rows.bottom @ x + rows.bottom_constant
        measured = below > 1e-6  # nothing to measure is another case
        scored = rows.shortfall(x)[measured] * below[measured] / rows.scale
        modelled = _broken_by(rows, x)[measured]
        size = 1.0 + np.abs(rows.top @ x + rows.top_constant)[measured]
        np.testing.assert_allclose(modelled / size, scored / size, atol=1e-9, err_msg=rows.norm.id)


@STEADY
@given(data=st.data())
def test_a_row_holds_for_both_readers_or_for_neither(town_rows: Rows, data: st.DataObject):
    x = np.round(data.draw(allocations(town_rows)))
    for rows in town_rows.norms:
        clear = np.abs(rows.value(x) - rows.bound) > 1e-6
        np.testing.assert_array_equal(
            rows.shortfall(x)[clear] > 0, _broken_by(rows, x)[clear] > 0, err_msg=rows.norm.id
        )


def test_slack_is_shortfall_on_the_bundled_plan(tongliang_rows: Rows):
    """The same on every clause of the bundled plan, for a few drawn allocations."""
    rng = np.random.default_rng(11)
    columns = tongliang_rows.columns
    for _ in range(3):
        x = rng.uniform(0, 300, size=columns.size)
        for name in ("station", "crewed", "fever"):
            x[columns[name].ids] = rng.integers(0, 2, size=columns[name].shape)
        x = tongliang_rows.derive(x)
        for rows in tongliang_rows.norms:
            if any(rows.unknown):
                continue
            below = rows.bottom @ x + rows.bottom_constant
            scored = rows.shortfall(x) * below / rows.scale
            np.testing.assert_allclose(_broken_by(rows, x), scored, rtol=1e-9, atol=1e-6)


@STEADY
@given(data=st.data(), count=st.integers(1, 4))
def test_a_batch_is_scored_as_a_loop(town_rows: Rows, data: st.DataObject, count: int):
    batch = np.array([data.draw(allocations(town_rows)) for _ in range(count)])
    filled = town_rows.derive(batch)
    for rows in town_rows.norms:
        each = np.array([rows.value(town_rows.derive(x)) for x in batch])
        np.testing.assert_array_equal(rows.value(filled), each)
        short = np.array([rows.shortfall(town_rows.derive(x)) for x in batch])
        np.testing.assert_array_equal(rows.shortfall(filled), short)


# Districts


@FEW
@given(order=st.permutations((0, 1, 2)))
def test_the_order_of_townships_does_not_matter(
    towns: District, town_problem: Problem, order: list[int]
):
    other = Problem(reordered(towns, tuple(order)), town_problem.norms)
    for mine, theirs in zip(score(town_problem), score(other), strict=True):
        assert theirs.verdict == mine.verdict
        assert theirs.place == mine.place
        if mine.value is not None:
            assert theirs.value == pytest.approx(mine.value)
            assert theirs.gap == pytest.approx(mine.gap)


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2)])
def test_the_order_of_townships_does_not_matter_to_the_plan(
    towns: District, town_problem: Problem, town_result: Result, order: tuple[int, ...]
):
    other = solve(Problem(reordered(towns, order), town_problem.norms))
    for mine, theirs in zip(town_result.phases, other.phases, strict=True):
        assert theirs.value == pytest.approx(mine.value, rel=1e-6)


RATIOS = (
    "beds_per_1000", "public_hospital_beds_per_1000", "icu_beds_share", "physicians_per_1000",
    "nurses_per_physician", "staff_per_bed", "gps_per_10000", "ambulances_per_10000",
    "reach_urban", "reach_rural", "mean_response_min", "childcare_places",
)  # fmt: skip


@FEW
@given(factor=st.floats(0.1, 50))
def test_more_of_everything_leaves_ratios_alone(
    towns: District, town_problem: Problem, factor: float
):
    """Twice the people with twice the beds and staff stand where they stood."""
    before = score(town_problem)
    after = score(Problem(multiplied(towns, factor), town_problem.norms))
    for norm_id in RATIOS:
        assert after[norm_id].value == pytest.approx(before[norm_id].value), norm_id
        assert after[norm_id].verdict == before[norm_id].verdict
    # a total is no ratio
    assert after["equipment_ct64"].value == pytest.approx(factor)


@STEADY
@given(
    km=npst.arrays(np.float64, (6, 4), elements=st.floats(0, 30)),
    minutes=npst.arrays(np.float64, (6, 4), elements=st.floats(0, 90)),
    stations=npst.arrays(np.bool_, 4),
    more=st.integers(0, 3),
)
def test_one_more_station_never_worsens_reach_or_response(
    towns: District, town_problem: Problem, km, minutes, stations, more
):
    """On any map: more residents within the radius, no more minutes to wait."""
    rows = compile_rows(Problem(with_travel(towns, km, minutes), town_problem.norms))
    fewer = np.zeros(rows.columns.size)
    for block in ("station", "crewed"):
        fewer[rows.columns[block].ids[:, 0]] = stations
    wider = fewer.copy()
    for block in ("station", "crewed"):
        wider[rows.columns[block].ids[more, 0]] = 1.0
    fewer, wider = rows.derive(fewer), rows.derive(wider)
    for norm_id in ("reach_urban", "reach_rural"):
        assert rows.of(norm_id).value(wider) >= rows.of(norm_id).value(fewer) - 1e-9
    if stations.any():  # with nobody on duty there is no mean to compare
        response = rows.of("mean_response_min")
        assert response.value(wider) <= response.value(fewer) + 1e-9


@STEADY
@given(
    km=npst.arrays(np.float64, (6, 4), elements=st.floats(0, 30)),
    stations=npst.arrays(np.bool_, 4),
)
def test_merged_catchments_are_exact(towns: District, town_problem: Problem, km, stations):
    """The share of residents within the radius is the one counted point by point."""
    moved = with_travel(towns, km, np.ones((6, 4)))
    rows = compile_rows(Problem(moved, town_problem.norms))
    x = np.zeros(rows.columns.size)
    x[rows.columns["station"].ids[:, 0]] = stations
    rural = (towns.points["place_class"] == "rural").to_numpy()
    people = towns.point_residents(2025)
    near = (km[:, stations] <= 10 + 1e-9).any(axis=1)
    share = 100 * people[rural & near].sum() / people[rural].sum()
    assert rows.of("reach_rural").value(rows.derive(x)) == pytest.approx(share)


# Targets


@FEW
@given(
    norm=st.sampled_from(
        [("beds_per_1000", ">=", 4.0, 5.0), ("physicians_per_1000", ">=", 2.6, 3.4),
         ("childcare_places", ">=", 2.0, 5.0), ("mean_response_min", "<=", 14.0, 6.5)]
    ),
    ends=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)  # fmt: skip
def test_a_tighter_norm_never_improves_the_objective(town_problem: Problem, norm, ends):
    """Nearer to the clauses or cheaper: never both, nor one of them at no loss of the other."""
    norm_id, sense, loosest, tightest = norm

    def reached(share: float) -> tuple[float, float]:
        bound = round(loosest + share * (tightest - loosest), 4)
        norms = town_problem.norms.override({norm_id: f"{sense}{bound}"})
        result = solve(Problem(town_problem.district, norms))
        if result.status.exit_code:
            return (np.inf, np.inf)
        return (result.phases[0].value, result.objective)

    loose, tight = reached(min(ends)), reached(max(ends))
    assert tight[0] >= loose[0] - 1e-4
    if np.isfinite(tight[0]) and tight[0] <= loose[0] + 1e-4:
        assert tight[1] >= loose[1] - 1e-3


@STEADY
@given(
    years=st.lists(st.integers(2018, 2030), min_size=1, max_size=4),
    between=st.sampled_from(["last", "next", "linear"]),
)
def test_asking_twice_for_the_same_years_changes_nothing(
    town_plan: NormSet, years: list[int], between
):
    once = town_plan.at(*years, between=between)
    assert once.at(*years, between=between) == once
    assert once.at(*reversed(years), between=between) == once
    assert all(set(norm.reads.values) <= set(years) for norm in once)


@STEADY
@given(
    target=st.floats(0, 1e6, allow_subnormal=False),
    sense=st.sampled_from(["<=", ">=", "=="]),
    soft=st.booleans(),
)
def test_setting_twice_is_setting_once(town_plan: NormSet, target: float, sense: str, soft: bool):
    setting = {"beds_per_1000": f"{'~' if soft else ''}{sense}{target!r}"}
    once = town_plan.at(2025).override(setting)
    assert once.override(setting).norms == once.norms
    reads = once["beds_per_1000"].reads
    assert (reads.sense, reads.values, reads.binding) == (sense, {2025: target}, not soft)


@STEADY
@given(text=st.text(alphabet="~<>=≤≥0123456789.eE+- n", max_size=12))
def test_a_setting_is_read_or_refused_but_never_crashes(town_plan: NormSet, text: str):
    def bounds() -> dict[int, object]:
        try:
            return (
                town_plan.at(2025).override({"beds_per_1000": text})["beds_per_1000"].reads.values
            )
        except InputError:
            return {2025: "refused"}

    assert set(bounds()) == {2025}


@STEADY
@given(ids=st.lists(st.sampled_from(["reach_rural", "mean_response_min", "beds_per_1000"])))
def test_relaxing_twice_is_relaxing_once(town_plan: NormSet, ids: list[str]):
    once = town_plan.relax(*ids)
    assert once.relax(*ids).norms == once.norms
