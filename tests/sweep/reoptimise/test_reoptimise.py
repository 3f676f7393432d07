"""Plans of several futures: what is said of each, what they share, how they are stored."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from resalloc.errors import InputError
from resalloc.problem.allocation import Allocation
from resalloc.problem.scenario import Batch, Factor
from resalloc.solver.solve import SHORTFALL
from resalloc.status import Status
from resalloc.sweep.reoptimise.chosen import choices
from resalloc.sweep.reoptimise.outcome import BASE
from resalloc.sweep.reoptimise.reoptimise import reoptimise
from resalloc.sweep.reoptimise.reoptimised import from_outcomes, read_reoptimised
from resalloc.sweep.reoptimise.tables import to_tables
from resalloc.sweep.reoptimise.work import ReoptimiseWork
from resalloc.sweep.run.run import run_work
from resalloc.sweep.run.work import to_parquet

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.norms.normset import NormSet
    from resalloc.problem.problem import Problem
    from resalloc.sweep.reoptimise.chosen import Choice
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised


def _choice(again: Reoptimised, block: str, place: str, item: str = "") -> Choice:
    (found,) = (c for c in again.choices() if (c.block, c.place, c.item) == (block, place, item))
    return found


# What is said of each future


def test_each_future_keeps_its_status_and_priorities(again: Reoptimised):
    assert again.base.status is Status.OPTIMAL
    assert [one.status for one in again.outcomes[:3]] == [Status.OPTIMAL] * 3
    assert [one.value("cost") for one in again.outcomes[:3]] == pytest.approx([16430, 16540, 23630])
    assert again.base.value(SHORTFALL) == pytest.approx(100 * 2 / 42 * 16 / 15)
    assert all(one.seconds > 0 for one in again.outcomes)


def test_an_infeasible_future_is_there_without_a_plan(again: Reoptimised):
    (lost,) = again.without_plan
    assert (lost.scenario, lost.status) == (3, Status.INFEASIBLE)
    assert (lost.x, lost.conflicts) == (None, ("reach_rural",))
    assert "3 of 4 futures have a plan" in again.summary()
    assert "scenario 4: infeasible (reach_rural)" in again.summary()
    assert "情形 4: 条款互相冲突 (reach_rural)" in again.summary("zh")
    frame = again.frame()
    assert frame["status"].tolist() == ["optimal"] * 4 + ["infeasible"]
    assert math.isnan(frame["norm.reach_rural"][0])
    assert frame["norm.reach_rural"][4] == 3
    assert set(again.phase_frame()["future"]) == set(frame["future"])


def test_without_any_plan_nothing_is_counted(town_problem: Problem):
    """A radius of 3 km is asked of the expected future too."""
    norms = town_problem.norms.override({"reach_rural": "<=3"})
    lost = reoptimise(type(town_problem)(town_problem.district, norms), _people(1.0))
    assert (lost.regret, lost.choices()) == (None, ())
    assert len(lost.without_plan) == 1
    assert lost.choice_frame().empty
    assert "0 of 1 futures have a plan" in lost.summary()


# What they share


def test_beds_are_counted_over_the_futures_with_a_plan(again: Reoptimised):
    """85, 85 and 130 beds where 50 stand; the hospital's fifty always; 北镇 never."""
    centre = _choice(again, "beds_total", "中心社区卫生服务中心")
    assert (centre.chosen, centre.of, centre.today) == (3, 3, 50)
    assert (centre.planned, centre.added) == ((85, 85, 130), (35, 35, 80))
    assert _choice(again, "beds_total", "县人民医院").added == (50, 50, 50)
    north = _choice(again, "beds_total", "北镇卫生院")
    assert (north.chosen, north.how_often(), north.how_often("zh")) == (
        0,
        "in none",
        "各种情形均无",
    )


def test_stations_and_clinics_are_chosen_where_they_are_there(again: Reoptimised):
    assert _choice(again, "station", "北镇卫生院").how_often() == "in every future"
    assert _choice(again, "station", "县人民医院").always  # it stands today
    assert _choice(again, "station", "中心社区卫生服务中心").chosen == 0
    assert _choice(again, "crewed", "南镇卫生院").how_often("zh") == "每种情形"
    sentinel = _choice(again, "fever", "北镇卫生院", "sentinel")
    assert (sentinel.chosen, math.isnan(sentinel.today)) == (3, True)


def test_totals_are_of_the_district(again: Reoptimised):
    places = _choice(again, "supply", "", "childcare_place")
    assert (places.today, places.planned) == (250, (330, 330, 440))
    assert places.label("zh") == "全区·3岁以下婴幼儿托位"
    nurses = _choice(again, "staff", "", "nurse")
    assert (nurses.today, nurses.added[0]) == (300, 44)  # 286 physicians × 1.2 = 343.2


def test_some_futures_are_told_from_all(again: Reoptimised):
    """Were no place added in the first of two futures, they would be chosen in one of two."""
    columns = again.columns
    first, second = again.outcomes[:2]
    assert first.x is not None
    supply = columns["supply"].ids
    x = first.x.copy()
    x[supply] = first.today[supply]
    found = choices([replace(first, x=x), second], again.base, columns)
    (places,) = (c for c in found if (c.place, c.item) == ("", "childcare_place"))
    assert (places.chosen, places.added) == (1, (0, 95, 190))
    assert (places.how_often(), places.how_often("zh")) == ("in 1 of 2", "2 种情形中 1 种")


def test_the_frame_says_it_in_words(again: Reoptimised):
    frame = again.choice_frame("zh").set_index(["block", "place", "item"])
    told = frame.loc[("supply", "", "childcare_place")]
    assert (told["how_often"], told["added_max"]) == ("每种情形", 190)


# Beginning at a plan


def _people(*factors: float) -> Batch:
    return Batch((Factor("population"),), np.array(factors)[:, None])


def test_beginning_at_the_base_plan_changes_no_value(again: Reoptimised, town_problem: Problem):
    """At 0.9 the base plan has all that is asked, at 1.1 it breaks binding clauses."""
    cold = ReoptimiseWork(town_problem, _people(0.9, 1.1))
    base = again.base.x
    assert base is not None
    warm = ReoptimiseWork(town_problem, cold.batch, start=Allocation(cold.columns(), base))
    for chunk in (1, 2):
        one, other = cold.outcome(chunk), warm.outcome(chunk)
        assert other.status is one.status is Status.OPTIMAL
        for mine, theirs in zip(one.phases[:2], other.phases[:2], strict=True):
            assert theirs.value == pytest.approx(mine.value, rel=1e-6)
        assert other.phases[2].value == pytest.approx(one.phases[2].value, rel=5e-3)
    assert cold.identity() != warm.identity()


# Storing


def test_stored_and_read_it_is_the_same(again: Reoptimised):
    tables = again.to_tables()
    back = read_reoptimised(again.problem, again.batch, tables)
    assert again.regret is not None
    assert back.regret is not None
    np.testing.assert_array_equal(back.regret.values, again.regret.values)
    pd.testing.assert_frame_equal(back.choice_frame(), again.choice_frame())
    pd.testing.assert_frame_equal(back.phase_frame(), again.phase_frame())
    assert back.summary() == again.summary()
    assert all(math.isnan(one.seconds) for one in back.outcomes)
    for one, other in zip(back.outcomes, again.outcomes, strict=True):
        assert one.conflicts == other.conflicts
        np.testing.assert_array_equal(one.today, other.today)


def test_a_run_keeps_a_future_a_chunk_and_it_comes_out_the_same(
    again: Reoptimised, town_problem: Problem, futures: Batch, tmp_path: Path
):
    """The expected future and the one without a plan."""
    batch = futures[3:]
    work = pickle.loads(pickle.dumps(ReoptimiseWork(town_problem, batch)))
    assert work.identity() == ReoptimiseWork(town_problem, batch).identity()
    folder = run_work(work, tmp_path / "run")
    assert folder.rows == {"allocations": 2 * again.columns.size, "outcomes": 2, "phases": 7}
    names = ("outcomes", "phases", "allocations")
    kept = {name: folder.dataset(name).to_table() for name in names}
    back = read_reoptimised(town_problem, batch, kept)
    assert again.base.x is not None
    np.testing.assert_array_equal(back.base.x, again.base.x)
    assert back.outcomes[0].conflicts == ("reach_rural",)
    once = to_tables([back.outcomes[0]], work.columns())
    twice = work.run(1)
    assert [to_parquet(once[name]) for name in names] == [to_parquet(twice[n]) for n in names]


def test_a_missing_future_is_refused(again: Reoptimised):
    with pytest.raises(InputError, match="missing \\[-1\\]"):
        from_outcomes(again.problem, again.batch, again.outcomes)


def test_tables_of_another_problem_are_refused(
    again: Reoptimised, town_problem: Problem, town_plan: NormSet
):
    tables = again.to_tables()
    other = type(town_problem)(town_problem.district, town_plan.at(2023))
    with pytest.raises(InputError, match="are not of this problem"):
        read_reoptimised(other, again.batch, tables)


def test_the_identity_knows_problem_scenarios_and_limit(town_problem: Problem):
    work = ReoptimiseWork(town_problem, _people(1.0, 1.1))
    options = type(town_problem.options)(budget_wan=9000)
    richer = type(town_problem)(town_problem.district, town_problem.norms, options)
    others = [
        ReoptimiseWork(town_problem, _people(1.0, 1.2)),
        ReoptimiseWork(richer, _people(1.0, 1.1)),
        ReoptimiseWork(town_problem, _people(1.0, 1.1), time_limit_s=9),
    ]
    assert all(other.identity() != work.identity() for other in others)


# Refusals


def test_faults_of_all_scenarios_come_together_before_any_solve(town_problem: Problem):
    futures = Batch((Factor("population"), Factor("speed")), np.array([[1, 0.0], [-1, 1.0]]))
    with pytest.raises(InputError) as caught:
        reoptimise(town_problem, futures)
    assert [fault.where for fault in caught.value.faults] == [
        "scenario 1, factor 'speed'", "scenario 2, factor 'population'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"time_limit_s": 0}, "is not a time"),
        ({"workers": 0}, "cannot compute"),
        ({"weights": np.ones(3)}, "1 numbers"),
    ],
)
def test_settings_that_cannot_be_are_refused(town_problem: Problem, options, told):
    with pytest.raises(InputError, match=told):
        reoptimise(town_problem, _people(1.0), **options)


def test_no_scenario_is_refused(town_problem: Problem):
    with pytest.raises(InputError, match="there is none"):
        reoptimise(town_problem, Batch((Factor("population"),), np.zeros((0, 1))))


def test_progress_counts_solves_and_judgements(town_problem: Problem):
    seen: list[tuple[int, int]] = []
    reoptimise(town_problem, _people(1.0), progress=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert BASE == -1
