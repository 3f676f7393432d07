"""A saved run gives the same result back, or says what is wrong with it."""

from __future__ import annotations

import dataclasses
import json
import shutil

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.problem.problem import Options, Problem
from resalloc.reporting.run import read_run, save_run
from resalloc.result.result import Conflict, OutOfReach, Result
from resalloc.rules.compile import compile_rows
from resalloc.scoring.score import score
from resalloc.solver.solve import solve
from resalloc.status import Status


def assert_same(one: Result, other: Result) -> None:
    assert other.problem.district.equals(one.problem.district)
    assert other.problem.norms == one.problem.norms
    assert other.problem.options == one.problem.options
    assert (other.allocation is None) == (one.allocation is None)
    if one.allocation is not None and other.allocation is not None:
        np.testing.assert_array_equal(other.allocation.x, one.allocation.x)
    kept = ("status", "conflicts", "out_of_reach", "solver", "seconds", "message", "message_zh")
    for name in kept:
        assert getattr(other, name) == getattr(one, name), name
    for phase, again in zip(one.phases, other.phases, strict=True):
        np.testing.assert_equal(dataclasses.asdict(again), dataclasses.asdict(phase))
    assert repr(other.before) == repr(one.before)
    assert repr(other.after) == repr(one.after)
    assert other.summary() == one.summary()


def test_round_trip(town_result, tmp_path):
    assert_same(town_result, read_run(save_run(town_result, tmp_path / "run")))


def test_round_trip_of_modelled_district(district_result, tmp_path):
    assert_same(district_result, read_run(save_run(district_result, tmp_path / "run")))


def test_round_trip_without_a_plan_and_with_changes(towns, town_plan, tmp_path):
    plan = town_plan.at(2025).override({"beds_per_1000": ">=6"}).relax("beds_per_1000")
    district = towns.replace(
        assumptions=towns.assumptions.replace({"travel.speed_rural_kmh": 30.0})
    )
    problem = Problem(district, plan, Options(shrink=True, budget_wan=12.5, objective="access"))
    conflict = Conflict(
        "beds_per_1000", "床位", "beds", "三镇县", 2025, 4.0, ">=", 6.0, 2.0, "张", "beds", "q", "w"
    )
    away = OutOfReach("reach_rural", "北镇", "p", 120.0, 12.5, 10.0, "site")
    result = Result(
        compile_rows(problem), Status.INFEASIBLE, None, (), score(problem), {}, (conflict,),
        (away,), "highs", 1.5, "no", "无",
    )  # fmt: skip
    again = read_run(save_run(result, tmp_path / "run"))
    assert_same(result, again)
    assert again.problem.norms.changes == plan.changes


def test_saving_twice_is_the_same(town_result, tmp_path):
    one, other = save_run(town_result, tmp_path / "a"), save_run(town_result, tmp_path / "b")
    names = sorted(p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(other).as_posix() for p in other.rglob("*") if p.is_file())
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


@pytest.mark.parametrize("name", ["allocation.csv", "norms.json", "district/townships.csv"])
def test_changed_file_is_refused(town_report, tmp_path, name):
    run = shutil.copytree(town_report / "run", tmp_path / "run")
    with (run / name).open("a", encoding="utf-8") as handle:
        handle.write("\n")
    with pytest.raises(InputError, match="changed after the run was saved"):
        read_run(run)


@pytest.mark.parametrize("name", ["allocation.csv", "norms.json", "district/district.toml"])
def test_missing_file_is_named(town_report, tmp_path, name):
    run = shutil.copytree(town_report / "run", tmp_path / "run")
    (run / name).unlink()
    with pytest.raises(InputError, match=name):
        read_run(run)


def test_folder_without_a_run(tmp_path):
    with pytest.raises(InputError, match=r"run\.json: the file is missing"):
        read_run(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "not json", '{"format": 0}', '{"format": 1}'])
def test_corrupt_run_is_refused(tmp_path, text):
    (tmp_path / "run.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_run(tmp_path)


def test_lost_rows_are_noticed_even_when_the_hashes_agree(town_result, tmp_path):
    run = save_run(town_result, tmp_path / "run")
    table = run / "allocation.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join(lines[:-3]) + "\n", encoding="utf-8")
    data = json.loads((run / "run.json").read_text(encoding="utf-8"))
    del data["files"]["allocation.csv"]
    (run / "run.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(InputError, match="3 rows are missing"):
        read_run(run)


def test_a_clause_not_yet_due_survives_saving(towns, town_plan, tmp_path):
    """A clause due after the plan year has no target in the run, and is read back so."""
    later = town_plan["beds_per_1000"]
    reads = later.reads.model_copy(update={"values": {2030: 5.0}})
    norms = tuple(
        later.model_copy(update={"reads": reads}) if norm is later else norm for norm in town_plan
    )
    problem = Problem(towns, dataclasses.replace(town_plan, norms=norms).at(2025))
    result = solve(problem, time_limit_s=60)
    save_run(result, tmp_path / "run")
    assert read_run(tmp_path / "run").problem.norms["beds_per_1000"].reads.values == {}
