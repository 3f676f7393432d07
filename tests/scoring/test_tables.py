"""A batch is scored to the numbers of the single audit of each of its futures."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.problem.problem import Problem
from resalloc.problem.scenario import Batch, Factor
from resalloc.result.scores import VERDICTS
from resalloc.scoring.measures.measure import MEASURES, taken
from resalloc.scoring.measuring import situation
from resalloc.scoring.state import planned, score_state, today
from resalloc.scoring.tables import Scorer, score_table
from resalloc.scoring.under import under
from tests.strategies import multiplied, reordered, with_travel
from tests.test_properties import FEW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.district.district import District
    from resalloc.result.result import Result
    from resalloc.result.scores import Scores
    from resalloc.scoring.state import State

SPATIAL = ("reach_urban", "reach_rural", "mean_response_min")
RADIUS, RESPONSE = Factor("norm.reach_rural"), Factor("norm.mean_response_min")


def _all_factors(state: State) -> tuple[tuple[Factor, tuple[float, ...]], ...]:
    """Every kind of factor, with values worth trying."""
    district = state.problem.district
    towns, sites = district.townships.index, district.sites.index
    some = (0.0, 0.5, 0.93, 1.0, 1.3, 4.0)
    return (
        (Factor("population"), some),
        (Factor("children_0_14"), some),
        *((Factor(f"population[{town}]"), some) for town in towns),
        *((Factor(f"site[{site}]"), (0.0, 1.0)) for site in sites),
        (Factor("speed"), (0.4, 1.0, 2.5)),
        (Factor("speed.rural"), (0.7, 1.0, 9.0)),
        (Factor("ems.chute_min"), (0.0, 3.0, 7.5)),
        (Factor("beds"), some),
        (Factor("staff.nurse@primary_care"), some),
        (Factor("vehicles"), some),
        (Factor("supply.village_clinic[南镇]"), some),
        (Factor("project", "新楼", {"beds[县人民医院]": 80.0}, counted=False), (0.0, 0.4, 1.0)),
        (Factor("norm.beds_per_1000"), (3.0, 4.0, 5.5)),
        (RADIUS, (0.0, 3.0, 10.0, 40.0)),
        (RESPONSE, (5.0, 14.65, 16.0)),
        (Factor("budget_wan"), (0.0, 1e4)),
    )


def _agree(scores: Scores, state: State, rows: Sequence[int]) -> None:
    """Every clause of every scenario against the single audit, fixed clauses too."""
    for s in rows:
        scenario = dict(zip(scores.batch.factors, scores.batch.values[s], strict=True))
        card = score_state(under(state, scenario))
        for c, norm in enumerate(scores.clauses):
            alone = card[norm.id]
            told = f"{norm.id} in scenario {s}"
            assert VERDICTS[scores.verdict[s, c]] == alone.verdict, told
            for mine, theirs in ((scores.value, alone.value), (scores.gap, alone.gap)):
                expected = np.nan if theirs is None else theirs
                np.testing.assert_allclose(
                    mine[s, c], expected, rtol=1e-12, atol=1e-12, err_msg=told
                )
        for clause in scores.fixed:
            alone = card[clause.norm.id]
            assert (alone.verdict, alone.value, alone.gap) == (
                clause.verdict, clause.value, clause.gap,
            ), clause.norm.id  # fmt: skip


@pytest.fixture(scope="module")
def state(town_problem: Problem) -> State:
    return today(town_problem)


def test_nothing_changed_is_the_audit(state: State):
    scores = score_table(state, Batch((Factor("population"),), np.ones((1, 1))))
    _agree(scores, state, [0])
    assert under(state, {}).problem.district.equals(state.problem.district)


def test_a_quarter_more_people(state: State):
    batch = Batch((Factor("population"),), np.array([[1.0], [1.25]]))
    scores = score_table(state, batch)
    beds = scores.position("beds_per_1000")
    assert scores.value[:, beds].tolist() == [4.0, 3.2]  # 400 beds for 100, then 125 thousand
    assert scores.gap[:, beds].tolist() == pytest.approx([0.48, 1.28])


def test_by_clause_counts(state: State):
    """35 GPs for 100, 87.5 and 110 thousand people: 3.5, 4.0 and 3.18 per 10,000."""
    batch = Batch((Factor("population"),), np.array([[0.875], [1.0], [1.1]]))
    scores = score_table(state, batch, clauses=["gps_per_10000", "icu_beds_share"])
    line = scores.by_clause().loc["gps_per_10000"]
    assert (line["holds"], line["fails"], line["unknown"]) == (1, 2, 0)
    assert line["share"] == pytest.approx(1 / 3)
    assert line["most"] == pytest.approx(4.0)
    assert "3 scenarios" in repr(scores)
    assert "gps_per_10000" in scores._repr_html_()
    assert "population" in repr(batch)


def test_a_closed_station_leaves_its_people_beyond_the_radius(state: State):
    """With every site closed nobody is in reach, and a response time cannot be computed."""
    sites = state.problem.district.sites.index
    factors = tuple(Factor(f"site[{site}]") for site in sites)
    scores = score_table(state, Batch(factors, np.zeros((1, len(sites)))), clauses=SPATIAL)
    assert scores.value[0, scores.position("reach_rural")] == 0.0
    response = scores.position("mean_response_min")
    assert np.isnan(scores.value[0, response])
    assert VERDICTS[scores.verdict[0, response]] == "not_computable"
    assert np.isnan(scores.share_holding("mean_response_min"))


@FEW
@given(data=st.data())
def test_a_batch_is_scored_as_a_loop(state: State, data: st.DataObject):
    known = _all_factors(state)
    chosen = data.draw(st.lists(st.sampled_from(range(len(known))), min_size=1, unique=True))
    factors = tuple(known[k][0] for k in chosen)
    rows = data.draw(st.lists(st.tuples(*(st.sampled_from(known[k][1]) for k in chosen)),
                              min_size=1, max_size=3))  # fmt: skip
    _agree(score_table(state, Batch(factors, np.array(rows))), state, range(len(rows)))


def test_the_bundled_district_under_a_plan(tongliang_problem: Problem):
    """All clauses of a real plan, a drawn batch of every kind of factor."""
    state = today(tongliang_problem)
    district = state.problem.district
    rng = np.random.default_rng(3)
    factors = [Factor(f"population[{town}]") for town in district.townships.index]
    values = [rng.uniform(0.8, 1.2, (3, len(factors)))]
    factors += [Factor(f"site[{site}]") for site in district.sites.index]
    values.append((rng.random((3, len(district.sites))) < 0.7) * 1.0)
    factors += [Factor("speed.rural"), Factor("beds@primary_care"), RADIUS, RESPONSE]
    values.append(np.array([[0.8, 1.1, 9, 15], [1, 1, 10, 16], [1.2, 0.9, 12, 14]]))
    batch = Batch(tuple(factors), np.hstack(values))
    _agree(score_table(state, batch), state, range(3))


@pytest.mark.parametrize("district", ["towns", "tongliang"])
def test_measures_are_those_of_each_future_by_itself(
    district: str, state: State, request: pytest.FixtureRequest
):
    if district == "tongliang":
        state = today(request.getfixturevalue("tongliang_problem"))
    towns, sites = state.problem.district.townships.index, state.problem.district.sites.index
    rng = np.random.default_rng(4)
    factors = (*(Factor(f"population[{t}]") for t in towns), *(Factor(f"site[{s}]") for s in sites),
               Factor("speed.rural"), Factor("speed"), Factor("ems.call_min"),
               Factor("beds@primary_care"))  # fmt: skip
    values = np.hstack([rng.uniform(0, 2, (6, len(towns))), rng.random((6, len(sites))) < 0.6,
                        rng.uniform(0.5, 2, (6, 4))])  # fmt: skip
    values[0, len(towns) : len(towns) + len(sites)] = 0
    which = [name for name in MEASURES if name != "gini_beds_area"]
    scores = score_table(state, Batch(factors, values), clauses=[], measures=which)
    on_the_way = score_table(state, Batch(factors, values), clauses=SPATIAL, measures=which)
    for name in which:
        np.testing.assert_allclose(on_the_way.measures[name], scores.measures[name], rtol=1e-12)
    for s, scenario in enumerate(scores.batch.scenarios()):
        alone = taken(situation(under(state, scenario)), which)
        for name in which:
            np.testing.assert_allclose(scores.measures[name][s], alone[name], rtol=1e-9, atol=1e-12,
                                       err_msg=f"{name} in scenario {s}")  # fmt: skip
    assert set(which) <= set(scores.frame())


def test_a_measure_that_cannot_be_taken_is_refused(state: State):
    with pytest.raises(InputError, match="response_p90_min"):
        score_table(state, Batch((), np.zeros((1, 0))), measures=["response_p99_min"])
    with pytest.raises(InputError, match="areas"):
        score_table(state, Batch((), np.zeros((1, 0))), measures=["gini_beds_area"])


def test_a_planned_year_is_scored_as_the_solver_reports_it(town_result: Result):
    problem = town_result.rows.problem
    assert town_result.allocation is not None
    state = planned(problem, town_result.allocation, 2025)
    after = town_result.after[2025]
    card = score_state(state)
    for clause in after:
        assert card[clause.norm.id].verdict == clause.verdict
        assert card[clause.norm.id].value == clause.value
    _agree(score_table(state, Batch((Factor("population"),), np.array([[1.0], [1.1]]))), state,
           [0, 1])  # fmt: skip


def test_many_scenarios_on_many_threads_are_as_on_one(state: State):
    factors = (Factor("population"), Factor("speed"))
    rng = np.random.default_rng(0)
    batch = Batch(factors, rng.uniform(0.5, 1.5, (3000, 2)))
    one, four = (score_table(state, batch, threads=t) for t in (1, 4))
    np.testing.assert_array_equal(one.value, four.value)
    np.testing.assert_array_equal(one.verdict, four.verdict)
    np.testing.assert_array_equal(one.places.failing, four.places.failing)
    assert one.places.frame()["known"].max() <= 3000


def test_a_scorer_travels_to_another_process(state: State):
    batch = Batch((Factor("population"),), np.array([[0.9], [1.0]]))
    scorer = Scorer.of(state, batch.factors)
    again = pickle.loads(pickle.dumps(scorer)).score(batch)
    np.testing.assert_array_equal(again.value, scorer.score(batch).value)


def test_places_are_counted(state: State):
    """Every town has rural people: all beyond with all closed."""
    sites = state.problem.district.sites.index
    factors = tuple(Factor(f"site[{site}]") for site in sites)
    batch = Batch(factors, np.array([[0.0] * len(sites), [1.0] * len(sites)]))
    places = score_table(state, batch, clauses=["reach_rural"]).places.frame()
    assert places["failing"].le(places["known"]).all()
    assert places.loc[places["known"] > 0, "failing"].tolist() == [1, 1, 1]


# Laws


@FEW
@given(factor=st.floats(0.1, 20))
def test_twice_the_people_with_twice_the_beds_and_staff(state: State, factor: float):
    """More people under more of everything stand where they stood."""
    problem = state.problem
    more = today(Problem(multiplied(problem.district, factor), problem.norms))
    kept = ("beds_per_1000", "physicians_per_1000", *SPATIAL)
    less = Batch((Factor("population"),), np.array([[1 / factor]]))
    plain = Batch((Factor("population"),), np.array([[1.0]]))
    mine = score_table(state, plain, clauses=kept).value
    theirs = score_table(more, Batch(plain.factors, plain.values), clauses=kept).value
    np.testing.assert_allclose(theirs, mine, rtol=1e-9)
    beds = score_table(more, less, clauses=["beds_per_1000"]).value
    np.testing.assert_allclose(beds, factor * mine[:, :1], rtol=1e-9)


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2)])
def test_the_order_of_townships_does_not_matter(
    towns: District, state: State, order: tuple[int, ...]
):
    factors = tuple(Factor(f"population[{name}]") for name in towns.townships.index)
    batch = Batch(factors, np.array([[0.7, 1.0, 1.4]]))
    other = today(Problem(reordered(towns, order), state.problem.norms))
    mine, theirs = score_table(state, batch), score_table(other, batch)
    np.testing.assert_allclose(theirs.value, mine.value, rtol=1e-12)
    np.testing.assert_array_equal(theirs.verdict, mine.verdict)


def test_one_more_open_station_never_worsens_reach_or_response(state: State):
    sites = state.problem.district.sites.index
    factors = tuple(Factor(f"site[{site}]") for site in sites)
    rng = np.random.default_rng(5)
    fewer = (rng.random((200, len(sites))) < 0.5) * 1.0
    fewer[:, 0] = 1.0
    more = np.maximum(fewer, np.eye(len(sites))[rng.integers(0, len(sites), 200)])
    low, high = (score_table(state, Batch(factors, v), clauses=SPATIAL) for v in (fewer, more))
    for clause, sign in zip(SPATIAL, (1, 1, -1), strict=True):
        c = low.position(clause)
        assert (sign * (high.value[:, c] - low.value[:, c]) >= -1e-9).all()


# What is not known, and what is wrong


def test_no_way_to_a_point_is_not_a_short_way(towns: District, state: State):
    minutes = towns.travel.travel_min.copy()
    minutes[0] = np.inf
    cut_off = with_travel(towns, towns.travel.distance_km, minutes)
    lost = today(Problem(cut_off, state.problem.norms))
    scores = score_table(lost, Batch((Factor("speed"),), np.array([[1.0]])), clauses=SPATIAL)
    _agree(scores, lost, [0])
    assert VERDICTS[scores.verdict[0, scores.position("mean_response_min")]] == "not_computable"


def test_unknown_residents_are_not_none(towns: District, state: State):
    population = towns.population[towns.population["township"] != "南镇"]
    lost = today(Problem(towns.replace(population=population), state.problem.norms))
    scores = score_table(lost, Batch((Factor("population"),), np.array([[1.0], [0.0]])))
    _agree(scores, lost, [0, 1])


def test_an_empty_batch_has_no_scores(state: State):
    scores = score_table(state, Batch((Factor("population"),), np.zeros((0, 1))))
    assert scores.value.shape == (0, len(scores.clauses))
    assert len(scores.frame()) == 0


def test_no_factor_moves_nothing(state: State):
    scores = score_table(state, Batch((), np.zeros((2, 0))))
    assert scores.clauses == ()
    assert len(scores.fixed) == len(state.problem.norms)


def test_every_fault_is_told_at_once(state: State):
    wrong = (Factor("population[东镇]"), Factor("site[东站]"), Factor("norm.no_such"),
             Factor("staff.wizard"), Factor("speed.air"), Factor("project"))  # fmt: skip
    with pytest.raises(InputError) as caught:
        score_table(state, Batch(wrong, np.ones((1, len(wrong)))))
    told = str(caught.value)
    for word in ("东镇", "东站", "no_such", "wizard", "speed.air", "adds"):
        assert word in told


@pytest.mark.parametrize(
    ("of", "value"),
    [
        ("population", -0.1),
        ("population", 90.0),
        ("site[县人民医院]", 0.5),
        ("speed", 0.0),
        ("beds", -1.0),
        ("norm.beds_per_1000", -7.5),
    ],
)
def test_a_value_out_of_range_is_refused(state: State, of: str, value: float):
    with pytest.raises(InputError, match="out of range"):
        score_table(state, Batch((Factor(of),), np.array([[1.0], [value]])))


def test_values_that_are_no_numbers_are_refused():
    with pytest.raises(InputError, match="no number in scenario 2"):
        Batch((Factor("population"),), np.array([[1.0], [np.nan]]))
