"""Two ways to the same scores: the compiled loop and NumPy broadcasting."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import resalloc.scoring.broadcast as broadcast
from resalloc.errors import InputError
from resalloc.problem.problem import Problem
from resalloc.problem.scenario import Batch, Factor
from resalloc.result.scores import VERDICTS
from resalloc.scoring.broadcast import score_by_broadcasting
from resalloc.scoring.state import today
from resalloc.scoring.tables import Scorer
from tests.strategies import with_travel
from tests.test_properties import FEW

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.scoring.state import State

SOME = (0.0, 0.5, 0.93, 1.0, 1.3, 4.0)
FACTORS = (
    (Factor("population"), SOME),
    (Factor("residents[南镇|北镇]"), SOME),
    (Factor("residents[南镇]", "again"), SOME),
    (Factor("site[县人民医院]"), (0.0, 1.0)),
    (Factor("site[南镇卫生院]"), (0.0, 1.0)),
    (Factor("site[北镇卫生院]"), (0.0, 1.0)),
    (Factor("speed"), (0.4, 1.0, 2.5)),
    (Factor("speed.urban"), (0.05, 1.0, 9.0)),
    (Factor("ems.call_min"), (0.0, 3.0)),
    (Factor("ems.chute_min"), (0.0, 3.0, 7.5)),
    (Factor("beds"), SOME),
    (Factor("staff.nurse"), SOME),
    (Factor("vehicles"), SOME),
    (Factor("crews"), SOME),
    (Factor("supply.village_clinic[南镇]"), SOME),
    (Factor("project", "新楼", {"beds[县人民医院]": 80.0, "beds.icu[县人民医院]": 9.0},
            counted=False), (0.0, 0.4, 1.0)),
    (Factor("norm.beds_per_1000"), (3.0, 4.0, 5.5)),
    (Factor("norm.nurses_per_physician"), (1.0, 1.2)),
    (Factor("norm.reach_urban"), (0.0, 3.34, 40.0)),
    (Factor("norm.reach_rural"), (0.0, 3.34, 10.0, 11.12, 40.0)),
    (Factor("norm.mean_response_min"), (5.0, 14.65, 16.0)),
    (Factor("budget_wan"), (0.0, 1e4)),
)  # fmt: skip


def _as_it_is(towns: District) -> District:
    return towns


def _unknown_station(towns: District) -> District:
    """Whether two of the sites are stations is not known; nor, of the second, the crews."""
    institutions = towns.institutions.copy()
    unknown = ["中心社区卫生服务中心", "北镇卫生院"]
    institutions["ems_station"] = institutions["ems_station"].astype(object)
    institutions.loc[unknown, "ems_station"] = np.nan
    return towns.replace(institutions=institutions)


def _unknown_crews(towns: District) -> District:
    fleet = towns.fleet[towns.fleet["institution"] != "南镇卫生院"]
    return towns.replace(fleet=fleet)


def _unknown_people(towns: District) -> District:
    return towns.replace(population=towns.population[towns.population["township"] != "南镇"])


def _no_way(towns: District) -> District:
    minutes = towns.travel.travel_min.copy()
    minutes[0], minutes[2, 1:] = np.inf, np.inf
    return with_travel(towns, towns.travel.distance_km, minutes)


def _modelled_here_and_there(towns: District) -> District:
    """Some minutes are modelled and so have a shortest drive: their order changes with speed."""
    minutes = towns.travel.travel_min.copy()
    urban = (towns.points["place_class"] == "urban").to_numpy()
    value = towns.assumptions.value
    kmh = np.where(urban, value("travel.speed_urban_kmh"), value("travel.speed_rural_kmh"))
    modelled = np.maximum(60 * towns.travel.road_km / kmh[:, None], value("travel.intrazonal_min"))
    minutes[:, ::2] = modelled[:, ::2]
    return with_travel(towns, towns.travel.distance_km, minutes)


def _reported(towns: District) -> District:
    """Nurses are not known, but the district reports their ratio to physicians."""
    row = {"indicator": "nurses_per_physician", "year": 2020, "value": 1.1, "basis": "printed"}
    measures = pd.concat([towns.measures, pd.DataFrame([row])], ignore_index=True)
    staff = towns.staff[towns.staff["cadre"] != "nurse"]
    return towns.replace(measures=measures, staff=staff)


CHANGES = (_as_it_is, _unknown_station, _unknown_crews, _unknown_people, _no_way,
           _modelled_here_and_there, _reported)  # fmt: skip


@pytest.fixture(scope="module")
def states(town_problem: Problem) -> dict[str, State]:
    return {
        change.__name__: today(Problem(change(town_problem.district), town_problem.norms))
        for change in CHANGES
    }


WORST = ("response_worst_min",)


def _same(scorer: Scorer, batch: Batch) -> None:
    compiled = scorer.score(batch, threads=1)
    for nearest in ("plain", "blocked", "ranked"):
        plain = score_by_broadcasting(scorer, batch, nearest=nearest)
        np.testing.assert_array_equal(plain.verdict, compiled.verdict)
        np.testing.assert_allclose(plain.value, compiled.value, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(plain.gap, compiled.gap, rtol=1e-12, atol=1e-12)
        pd.testing.assert_frame_equal(plain.places.frame(), compiled.places.frame())
        assert (plain.clauses, plain.fixed) == (compiled.clauses, compiled.fixed)
        assert plain.measures.keys() == compiled.measures.keys()
        for name, values in plain.measures.items():
            np.testing.assert_allclose(values, compiled.measures[name], rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__.strip("_"))
def test_every_factor_at_random(states: dict[str, State], change: object):
    """All factors at once, and each state with none of the sites told."""
    state, rng = states[change.__name__], np.random.default_rng(11)
    for factors in (FACTORS, [f for f in FACTORS if f[0].kind != "site"]):
        values = np.column_stack([rng.choice(tried, 300) for _, tried in factors])
        batch = Batch(tuple(factor for factor, _ in factors), values)
        _same(Scorer.of(state, batch.factors, measures=WORST), batch)


@FEW
@given(data=st.data())
def test_few_factors_in_any_order(states: dict[str, State], data: st.DataObject):
    state = states[data.draw(st.sampled_from(sorted(states)))]
    chosen = data.draw(st.lists(st.sampled_from(FACTORS), min_size=1, max_size=6, unique=True))
    rows = st.lists(st.tuples(*(st.sampled_from(tried) for _, tried in chosen)), max_size=4)
    values = np.array(data.draw(rows), dtype=float).reshape(-1, len(chosen))
    batch = Batch(tuple(factor for factor, _ in chosen), values)
    _same(Scorer.of(state, batch.factors), batch)


def test_what_the_states_are_for_does_happen(states: dict[str, State]):
    """A radius that hangs on an unknown station, a reported ratio, a drive that never ends."""
    radius = Batch((Factor("norm.reach_rural"),), np.array([[0.5]]))
    for name, clause, verdict in (
        ("_unknown_station", "reach_rural", "not_computable"),
        ("_no_way", "mean_response_min", "not_computable"),
    ):
        factors = radius.factors if clause == "reach_rural" else (Factor("speed"),)
        batch = Batch(factors, np.ones((1, 1)))
        scores = score_by_broadcasting(Scorer.of(states[name], factors), batch)
        assert VERDICTS[scores.verdict[0, scores.position(clause)]] == verdict
    nurses = Batch((Factor("staff.nurse"),), np.ones((1, 1)))
    scorer = Scorer.of(states["_reported"], nurses.factors)
    scores = score_by_broadcasting(scorer, nurses)
    assert scores.value[0, scores.position("nurses_per_physician")] == 1.1
    assert not Scorer.of(states["_modelled_here_and_there"], nurses.factors).wiring.ground.steady


def test_chunks_and_blocks_change_nothing(
    states: dict[str, State], monkeypatch: pytest.MonkeyPatch
):
    factors = tuple(factor for factor, _ in FACTORS)
    rng = np.random.default_rng(2)
    batch = Batch(factors, np.column_stack([rng.choice(tried, 7) for _, tried in FACTORS]))
    scorer = Scorer.of(states["_modelled_here_and_there"], factors)
    whole = score_by_broadcasting(scorer, batch)
    monkeypatch.setattr(broadcast, "_MOST", 2)
    monkeypatch.setattr(broadcast, "_BLOCK", 1.0)
    small = score_by_broadcasting(scorer, batch)
    np.testing.assert_array_equal(small.value, whole.value)
    np.testing.assert_array_equal(small.places.known, whole.places.known)


def test_other_factors_and_values_out_of_range_are_refused(states: dict[str, State]):
    scorer = Scorer.of(states["_as_it_is"], (Factor("population"),))
    with pytest.raises(InputError, match="factors are others"):
        score_by_broadcasting(scorer, Batch((Factor("residents"),), np.ones((1, 1))))
    with pytest.raises(InputError, match="out of range"):
        score_by_broadcasting(scorer, Batch((Factor("population"),), -np.ones((1, 1))))
