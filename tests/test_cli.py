"""The command line: what it prints, its exit codes, and that no one ever meets a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from resalloc.cli import app

TOWNS = Path(__file__).parent / "data" / "three_towns"
PLAN = TOWNS / "three_towns.toml"
NORM_KEYS = {
    "id", "quote", "where", "nature", "indicator", "indicator_zh", "scope", "sense", "values",
    "baseline", "unit", "binding", "use", "because", "note",
}  # fmt: skip
CLAUSE_KEYS = {
    "id", "indicator", "value", "target", "sense", "gap", "unit", "status", "place", "places",
    "failing", "nature", "binding", "use", "basis", "missing", "quote", "where",
}  # fmt: skip


def _run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def _json(*words: object) -> Any:
    run = _run(*words, "--json")
    assert run.exit_code == 0, run.output
    return json.loads(run.stdout)


def _refused(*words: object) -> str:
    """Run what cannot work; give the message on standard error, which is not a traceback."""
    run = _run(*words)
    assert run.exit_code == 2, run.output
    assert run.exception is None or isinstance(run.exception, SystemExit)
    assert "Traceback" not in run.output
    assert run.stderr.strip()
    return run.stderr


# norms


def test_plans_are_listed():
    run = _run("norms")
    assert run.exit_code == 0
    assert "tongliang-2025" in run.stdout


def test_plans_as_json():
    (plan,) = [each for each in _json("norms") if each["id"] == "tongliang-2025"]
    assert plan["period"] == [2021, 2025]
    assert len(plan["sha256"]) == 64


def test_one_plan_is_shown_with_its_sources():
    run = _run("norms", PLAN)
    assert run.exit_code == 0
    assert "每千人口公立医院床位数不低于3.0张" in run.stdout
    assert "硬约束" in run.stdout
    assert "(binding)" in _run("norms", PLAN, "--lang", "en").stdout


@pytest.mark.parametrize(("plan", "at_least"), [("tongliang-2025", 100), (PLAN, 20)])
def test_one_plan_as_json_is_a_list_of_clauses(plan: object, at_least: int):
    clauses = _json("norms", plan)
    assert len(clauses) >= at_least
    for clause in clauses:
        assert set(clause) >= NORM_KEYS
        assert clause["quote"]
        assert clause["where"]
        assert clause["use"] in {"constraint", "score", "context"}
    assert len({clause["id"] for clause in clauses}) == len(clauses)


def test_labels_come_in_two_languages():
    assert "每千人口医疗卫生机构床位数" in _run("norms", PLAN, "--lang", "zh").stdout
    english = _run("norms", PLAN, "--lang", "en").stdout
    assert "1,000" in english


# audit


def test_the_audit_of_the_three_towns():
    run = _run("audit", TOWNS, "--plan", PLAN, "--lang", "en")
    assert run.exit_code == 0, run.output
    assert "20 clauses; 7 met, 9 short, 1 over, 2 not computable" in run.stdout
    assert "14.65" in run.stdout


def test_the_audit_as_json():
    clauses = {clause["id"]: clause for clause in _json("audit", TOWNS, "--plan", PLAN)}
    assert len(clauses) == 20
    assert all(set(clause) >= CLAUSE_KEYS for clause in clauses.values())
    beds = clauses["beds_per_1000"]
    assert (beds["status"], beds["value"], beds["target"]) == ("short", 4.0, 4.48)
    assert clauses["icu_beds_share"]["target"] == [2.0, 5.0]
    assert clauses["infectious_beds"]["value"] is None
    assert clauses["infectious_beds"]["missing"] == "beds.csv: infectious"


def test_only_what_does_not_hold():
    """Public hospital beds hold, childcare places do not; a long listing becomes a shorter one."""
    words = ("audit", TOWNS, "--plan", PLAN, "--lang", "en")
    whole, short = _run(*words).stdout, _run(*words, "--short").stdout
    assert "public hospital beds" in whole
    assert "public hospital beds" not in short
    assert "childcare places" in whole
    assert "childcare places" in short


def test_the_bundled_district_finds_its_plan():
    clauses = _json("audit", "tongliang")
    assert len(clauses) > 100
    assert {"met", "short", "not_computable"} <= {clause["status"] for clause in clauses}


def test_an_early_year_leaves_clauses_not_due():
    """Reported figures included: none of the bundled plan's falls due in 2020."""
    clauses = _json("audit", "tongliang", "--years", "2020")
    assert {clause["status"] for clause in clauses} == {"not_due", "context"}


def test_setting_a_target():
    """Three towns have 4.0 beds per 1,000: over a ceiling of 3.9, within one of 7.5."""

    def beds(text: str) -> dict[str, Any]:
        clauses = _json("audit", TOWNS, "--plan", PLAN, "--set", f"beds_per_1000={text}")
        return next(clause for clause in clauses if clause["id"] == "beds_per_1000")

    ceiling = beds("<=7.5")
    assert (ceiling["sense"], ceiling["target"], ceiling["status"]) == ("<=", 7.5, "met")
    assert ceiling["binding"]
    assert beds("<=3.9")["status"] == "over"
    assert beds('"<=3.9"')["status"] == "over"  # quotes that a shell left on
    assert beds("3..5")["target"] == [3.0, 5.0]
    assert not beds("~>=8")["binding"]


def test_replacing_an_assumption():
    """A minute more for each call is a minute more of mean response."""
    words = ("audit", TOWNS, "--plan", PLAN, "--assume", "ems.call_min=2")
    clauses = {clause["id"]: clause for clause in _json(*words)}
    assert clauses["mean_response_min"]["value"] == pytest.approx(15.65)


# solve


def test_the_plan_of_the_three_towns_as_json():
    result = _json("solve", TOWNS, "--plan", PLAN)
    assert result["status"] == "optimal"
    assert result["objective"] == {"name": "cost", "value": pytest.approx(16430)}
    assert result["years"] == [2025]
    assert result["conflicts"] == []
    assert [phase["status"] for phase in result["phases"]] == ["optimal"] * 3
    beds = {row["institution"]: row["planned"] for row in result["allocation"]["beds_total"]}
    assert beds == {
        "县人民医院": 350,
        "中心社区卫生服务中心": 85,
        "南镇卫生院": 40,
        "北镇卫生院": 20,
    }
    assert set(result["scorecard"]) == {"2025"}
    assert set(result["scorecard"]["2025"][0]) >= CLAUSE_KEYS


def test_json_is_json_to_the_letter():
    """No NaN and no Infinity, which other readers refuse."""

    def refuse(word: str) -> float:
        raise AssertionError(word)

    run = _run("solve", TOWNS, "--plan", PLAN, "--json")
    json.loads(run.stdout, parse_constant=refuse)
    run = _run("audit", "tongliang", "--json")
    json.loads(run.stdout, parse_constant=refuse)


def test_the_plan_for_people():
    run = _run("solve", TOWNS, "--plan", PLAN, "--lang", "en")
    assert run.exit_code == 0, run.output
    assert "16430" in run.stdout.replace(",", "")
    assert "Traceback" not in run.output


def test_clauses_that_collide_give_exit_code_3():
    run = _run("solve", TOWNS, "--plan", PLAN, "--set", "beds_per_1000=<=4")
    assert run.exit_code == 3
    assert "0.09" in run.stdout
    run = _run("solve", TOWNS, "--plan", PLAN, "--set", "beds_per_1000=<=4", "--json")
    assert run.exit_code == 3
    (conflict,) = json.loads(run.stdout)["conflicts"]
    assert conflict["norm_id"] == "beds_per_1000"
    assert conflict["short_by"] == pytest.approx(1 / 11)


def test_relaxing_one_of_them_mends_it():
    words = ("solve", TOWNS, "--plan", PLAN, "--set", "beds_per_1000=<=4")
    assert _run(*words, "--relax", "beds_per_1000").exit_code == 0


def test_undecided_gives_exit_code_4(monkeypatch):
    """A solver that runs out of time without an answer."""
    import numpy as np

    import resalloc.milp.highs
    from resalloc.milp.model import Answer
    from resalloc.status import Status

    def nothing(*_: object, **__: object) -> Answer:
        return Answer(Status.UNKNOWN, None, np.nan, np.nan, 0.1, "Time limit reached")

    monkeypatch.setattr(resalloc.milp.highs, "solve_with_highs", nothing)
    run = _run("solve", TOWNS, "--plan", PLAN)
    assert run.exit_code == 4
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (("--budget", "5029"), "optimal"),
        (("--objective", "access"), "optimal"),
        (("--shrink",), "optimal"),
        (("--candidates", "--set", "reach_rural=<=3"), "optimal"),
        (("--solver", "cbc"), "optimal"),
        (("--years", "2023,2025"), "optimal"),
        (("--years", "2023，2025"), "optimal"),  # a full-width comma
    ],
)
def test_options_of_solve(words: tuple[str, ...], status: str):
    assert _json("solve", TOWNS, "--plan", PLAN, *words)["status"] == status


def test_candidates_of_the_planners_own(tmp_path: Path):
    """One at 南/b, one at 北/b: with them 3 km can be kept."""
    sites = tmp_path / "sites.csv"
    sites.write_text("site,lon,lat\n南新站,106.0,29.97\n北新站,106.0,30.23\n", encoding="utf-8")
    words = ("solve", TOWNS, "--plan", PLAN, "--set", "reach_rural=<=3")
    result = _json(*words, "--candidates-from", sites)
    assert sorted(result["new_stations"]) == ["北新站", "南新站"]


# Bad input


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("norms", "tongling-2025"), "Did you mean 'tongliang-2025'"),
        (("norms", "no/such/file.toml"), "does not exist"),
        (("audit", "tonglang"), "Did you mean 'tongliang'"),
        (("audit", "no/such/folder"), ""),
        (("audit", TOWNS), "Name one: --plan PLAN"),
        (("audit", TOWNS, "--plan", PLAN, "--years", "soon"), "'soon' is not a list of years"),
        (("audit", TOWNS, "--plan", PLAN, "--years", ","), "is not a list of years"),
        (("audit", TOWNS, "--plan", PLAN, "--set", "beds"), "is not NAME=VALUE"),
        (("audit", TOWNS, "--plan", PLAN, "--set", "bed_per_1000=8"), "'beds_per_1000'"),
        (("audit", TOWNS, "--plan", PLAN, "--set", "beds_per_1000=many"), "is not a target"),
        (("audit", TOWNS, "--plan", PLAN, "--set", "beds_per_1000<=8"), "no norm"),
        (("audit", TOWNS, "--plan", PLAN, "--set", "reach_rural=5..10"), "must be one upper limit"),
        (("audit", TOWNS, "--plan", PLAN, "--assume", "ems.calls_min=2"), "Did you mean"),
        (("audit", TOWNS, "--plan", PLAN, "--assume", "ems.call_min=two"), "'two'"),
        (("solve", TOWNS, "--plan", PLAN, "--relax", "reach_rurale"), "'reach_rural'"),
        (("solve", TOWNS, "--plan", PLAN, "--solver", "nosuch"), "Installed are: highs"),
        (("solve", TOWNS, "--plan", PLAN, "--years", "2026"), "in 2026 are not known"),
        (("solve", TOWNS, "--plan", PLAN, "--objective", "wealth"), "least-change"),
        (("solve", TOWNS, "--plan", PLAN, "--budget", "-1"), "budget"),
        (("solve", TOWNS, "--plan", PLAN, "--time-limit", "0"), "time-limit"),
        (("solve", TOWNS, "--plan", PLAN, "--candidates-from", "no.csv"), "no.csv"),
        (("report", "no/such/run"), ""),
        (("frobnicate",), "frobnicate"),
    ],
)
def test_bad_input_says_what_to_do(words: tuple[object, ...], message: str):
    text = _refused(*words)
    assert message in " ".join(text.split()).replace("│ ", "")


@pytest.mark.parametrize("file", sorted((TOWNS.parent / "broken_norms").glob("*.toml"))[:6])
def test_a_broken_norm_file_is_bad_input(file: Path, tmp_path: Path):
    plan = tmp_path / "plan.toml"
    plan.write_bytes(file.read_bytes())
    document = TOWNS / "three_towns.document.toml"
    (tmp_path / "plan.document.toml").write_bytes(document.read_bytes())
    assert "plan.toml" in _refused("norms", plan)


def test_a_broken_district_is_bad_input(tmp_path: Path):
    (tmp_path / "district.toml").write_text("[district]\nname = 3\n", encoding="utf-8")
    assert "fault" in _refused("audit", tmp_path, "--plan", PLAN)


def test_help_is_there_for_every_command():
    run = _run("--help")
    assert run.exit_code == 0
    for command in ("norms", "audit", "solve", "report"):
        assert command in run.stdout
        assert _run(command, "--help").exit_code == 0
