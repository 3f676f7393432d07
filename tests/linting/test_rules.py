"""Each rule finds what was planted, and keeps quiet where there is only a resemblance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from resalloc.linting.check import lint
from tests.linting.plan_text import plan_of

if TYPE_CHECKING:
    from resalloc.linting.finding import Finding
    from resalloc.norms.normset import NormSet


def _found(plan: NormSet, rule: str) -> list[Finding]:
    return [finding for finding in lint(plan) if finding.rule == rule]


def _project(**cells: Any) -> dict[str, Any]:
    cells = {"name": "甲卫生院新建项目", **cells}
    return {"quote": cells["name"], "project": cells}


def _rows(*beds: int) -> list[dict[str, Any]]:
    return [
        {
            "id": f"beds.{i:02d}",
            "indicator": "institution_beds",
            "scope": f"each:institution[{i}]",
            "sense": "==",
            "values": {2025: n},
        }
        for i, n in enumerate(beds, start=1)
    ]


def _total(value: int) -> dict[str, Any]:
    return {
        "quote": f"合计 {value}",
        "indicator": "institution_beds",
        "sense": "==",
        "values": {2025: value},
        "total_of": ["beds.01", "beds.02"],
    }


def test_a_total_that_is_not_its_rows():
    (finding,) = _found(plan_of(*_rows(30, 45), _total(80)), "total_and_rows")
    assert finding.severity == "high"
    assert finding.figures["rows"] == 75
    assert finding.figures["difference"] == -5
    assert finding.message("zh").startswith("疑似不一致，请核对")
    assert next(place.quote for place in finding.places) == "合计 80"
    assert not _found(plan_of(*_rows(30, 45), _total(75)), "total_and_rows")


def test_a_total_of_project_money():
    total = {
        "quote": "合计 700",
        "indicator": "projects_cost_wan",
        "baseline": {2021: 700},
        "total_of": ["clause_1", "clause_2"],
    }
    rows = [_project(cost_wan=300), _project(name="乙院改造项目", cost_wan=500)]
    (finding,) = _found(plan_of(total, *rows), "total_and_rows")
    assert finding.figures["rows"] == 800


def test_a_part_larger_than_its_whole():
    whole = {"id": "places", "indicator": "childcare_places_per_1000", "values": {2025: 4.5}}
    part = {
        "indicator": "affordable_childcare_places_per_1000",
        "values": {2025: 5.0},
        "part_of": "places",
    }
    (finding,) = _found(plan_of(whole, part), "part_and_whole")
    assert finding.figures["part"] == 5.0
    assert not _found(plan_of(whole, {**part, "values": {2025: 2.7}}), "part_and_whole")


def test_another_figure_in_another_place():
    beds = {
        "indicator": "beds_per_1000",
        "sense": "<=",
        "values": {2027: 7.7, 2030: 7.5},
        "also": [
            {"quote": "控制在7.5张以内", "where": "正文", "prints": {2027: 7.5}},
            {"quote": "严控在7.5张以内", "where": "附件", "prints": {2027: 7.5}},
            {"quote": "7.5张", "where": "三"},
        ],
    }
    (finding,) = _found(plan_of(beds, period=(2026, 2030)), "printed_twice")
    assert [place.where for place in finding.places] == ["0", "正文", "附件"]
    assert finding.severity == "high"


def test_the_same_figure_at_another_date():
    share = {
        "indicator": "health_literacy_pct",
        "values": {2030: 45},
        "also": [{"quote": "2027年达45%", "where": "附件", "prints": {2027: 45}}],
    }
    (finding,) = _found(plan_of(share, period=(2026, 2030)), "printed_twice")
    assert "2030" in finding.message("en")
    assert "2027" in finding.message("en")


def test_two_clauses_on_one_thing():
    one = {"indicator": "physicians_per_1000", "values": {2025: 3.6}}
    other = {"indicator": "physicians_per_1000", "values": {2025: 3.2}}
    assert len(_found(plan_of(one, other), "clauses_twice")) == 1
    assert not _found(plan_of(one, {**other, "values": {2025: 3.6}}), "clauses_twice")
    assert not _found(plan_of(one, {**other, "scope": "each:township"}), "clauses_twice")
    assert not _found(plan_of(one, {**other, "values": {2024: 3.2}}), "clauses_twice")


def test_two_clauses_that_count_different_things_are_no_finding():
    one = {"indicator": "smart_hospitals", "values": {2025: 1}}
    assert not _found(plan_of(one, {**one, "values": {2025: 3}}), "clauses_twice")


def test_a_count_and_the_names_behind_it():
    clause = {"indicator": "smart_hospitals", "values": {2025: 3}, "quote": "建成3家（甲院、乙院）"}
    (finding,) = _found(plan_of(clause), "named_and_counted")
    assert finding.figures == {"count": 3.0, "names": 2}
    kept = {**clause, "quote": "建成3家（甲院、乙院、丙院）"}
    split = {**clause, "quote": "引进3名（甲院2名、乙院1名）"}
    assert not _found(plan_of(kept, split), "named_and_counted")


def test_a_word_of_strength_dropped():
    clause = {
        "indicator": "tertiary_hospitals",
        "values": {2025: 3},
        "quote": "力争三级医院达到3家",
        "also": [{"quote": "三级医院达到3家", "where": "专栏2"}],
    }
    (finding,) = _found(plan_of(clause), "strength_dropped")
    assert finding.figures == {"word": "力争"}
    row = {**clause, "quote": "三级医院（家） 1 3 预期性"}
    assert not _found(plan_of(row), "strength_dropped")


def test_targets_that_exclude_each_other():
    plan = plan_of(
        {"indicator": "beds_per_1000", "sense": "<=", "values": {2025: 7.5}},
        {"indicator": "staff_per_bed", "sense": "<=", "values": {2025: 1.2}},
        {"indicator": "physicians_per_1000", "values": {2025: 4.6}},
        {"indicator": "nurses_per_1000", "values": {2025: 4.5}},
    )
    (finding,) = _found(plan, "target_figures")  # 4.6 + 4.5 = 9.1 > 7.5 x 1.2 = 9.0
    assert len(finding.norms) == 4


def test_a_target_looser_than_the_others_ask():
    """3.6 doctors and 1.3 nurses per doctor are 4.68 nurses: 4.7 agrees, 4.5 does not."""
    doctors = {"indicator": "physicians_per_1000", "values": {2025: 3.6}}
    ratio = {"indicator": "nurses_per_physician", "values": {2025: 1.3}}
    nurses = {"indicator": "nurses_per_1000", "values": {2025: 4.5}, "quote": "4.5人"}
    (finding,) = _found(plan_of(doctors, ratio, nurses), "looser_targets")
    assert round(float(finding.figures["implied"]), 2) == 4.68
    agreed = {**nurses, "values": {2025: 4.7}, "quote": "4.7人"}
    assert not _found(plan_of(doctors, ratio, agreed), "looser_targets")


def test_money_and_window_of_a_project():
    rows = [
        _project(start=2022, end=2024, cost_wan=900, cost_in_period_wan=500),  # all within
        _project(name="乙", start=2024, end=2026, cost_wan=14, cost_in_period_wan=14),  # beyond
        _project(name="丙", start=2020, end=2022, cost_wan=94, cost_in_period_wan=94),  # before
        _project(name="丁", start=2021, end=2025, cost_wan=10, cost_in_period_wan=10),
        _project(name="戊", start=2024, end=2026, cost_wan=15, cost_in_period_wan=5),
        _project(name="己", start=2024, end=2026, cost_wan=5, cost_in_period_wan=15),  # more
    ]
    found = _found(plan_of(*rows), "window_and_money")
    assert [(f.norms[0], f.severity) for f in found] == [
        ("clause_5", "high"),
        ("clause_0", "medium"),
        ("clause_1", "medium"),
        ("clause_2", "low"),
    ]


def test_kind_of_works_against_the_name():
    plan = plan_of(
        _project(name="静观医院迁建项目", build=["新建"]),
        _project(name="蔡家医院扩建项目", build=["改扩建"]),
        _project(name="发热门诊建设项目", build=["改造"]),
        _project(name="妇幼保健院新建项目", build=["在建"]),
    )
    assert [f.norms[0] for f in _found(plan, "build_and_name")] == ["clause_0"]


def test_a_project_listed_twice():
    same = _project(owner="甲", area_m2=500, cost_wan=600)
    plan = plan_of(same, {**same}, _project(name="乙卫生院项目", owner="乙", area_m2=500))
    (finding,) = _found(plan, "listed_twice")
    assert finding.norms == ("clause_0", "clause_1")


def test_a_target_already_passed():
    floor = {"indicator": "gps_per_10000", "baseline": {2020: 4.48}, "values": {2025: 4}}
    cap = {
        "indicator": "infant_mortality_per_mille",
        "sense": "<=",
        "baseline": {2020: 2.9},
        "values": {2025: 5},
    }
    fine = {"indicator": "health_literacy_pct", "baseline": {2020: 27}, "values": {2025: 30}}
    found = _found(plan_of(floor, cap, fine), "below_reached")
    assert [f.norms[0] for f in found] == ["clause_0", "clause_1"]


def test_a_milestone_that_steps_back():
    plan = plan_of({"indicator": "health_literacy_pct", "values": {2023: 40, 2025: 35}})
    assert len(_found(plan, "backwards")) == 1


def test_a_figure_its_unit_does_not_allow():
    share = {"indicator": "health_literacy_pct", "values": {2025: 120}}
    slip = {"indicator": "beds_per_1000", "baseline": {2020: 6.2}, "values": {2025: 800}}
    fine = {"indicator": "beds_per_1000", "baseline": {2020: 6.2}, "values": {2025: 8.0}}
    found = _found(plan_of(share, slip, fine), "unit_slips")
    assert [f.norms[0] for f in found] == ["clause_0", "clause_1"]


def test_a_date_before_the_plan():
    early = {"indicator": "health_literacy_pct", "values": {2019: 20}}
    on_time = {"indicator": "health_literacy_pct", "values": {2021: 20}}
    found = _found(plan_of(early, on_time), "deadlines")
    assert [f.norms[0] for f in found] == ["clause_0"]


def test_fewer_beds_planned_than_in_place():
    in_place = {
        "indicator": "institution_beds_actual",
        "scope": "each:institution[1]",
        "baseline": {2020: 550},
    }
    (finding,) = _found(plan_of(*_rows(350), in_place), "below_stock")
    assert finding.figures == {"planned": 350, "in_place": 550}
    assert not _found(plan_of(*_rows(600), in_place), "below_stock")


def test_a_site_above_the_guidance():
    assert len(_found(plan_of(*_rows(1250, 900)), "size_caps")) == 1


def test_every_finding_is_a_question_with_its_places():
    plan = plan_of(*_rows(1250, 45), _total(80))
    for finding in lint(plan):
        as_dict = finding.as_dict("zh")
        assert set(as_dict) >= {"rule", "severity", "message", "figures", "places"}
        assert all(set(place) == {"quote", "where"} for place in as_dict["places"])
        assert as_dict["message"].startswith("疑似不一致，请核对")
        assert "错误" not in as_dict["message"]


def test_a_share_between_the_steps_of_few_institutions():
    few = {
        "indicator": "geriatric_department_pct",
        "baseline": {2020: 33.33},
        "values": {2025: 95},
        "quote": "33.33 95",
    }
    assert len(_found(plan_of(few), "share_between_steps")) == 1
    reachable = {**few, "values": {2025: 66.67}}
    many = {**few, "baseline": {2020: 55}, "values": {2025: 60}, "quote": "55 60"}
    assert not _found(plan_of(reachable, many), "share_between_steps")


def test_shares_of_the_same_institutions():
    half = {"indicator": "infectious_department_pct", "baseline": {2020: 50}, "quote": "50"}
    third = {"indicator": "geriatric_department_pct", "baseline": {2020: 66.67}, "quote": "66.67"}
    (finding,) = _found(plan_of(half, third), "shares_of_one_group")
    assert finding.figures["fewest"] == 6
    all_of_them = {**third, "baseline": {2020: 100}, "quote": "100"}
    assert not _found(plan_of(half, all_of_them), "shares_of_one_group")


def test_a_size_that_differs_between_two_places():
    project = _project(area_m2=68000)
    project["also"] = [{"quote": "约6万平方米", "where": "专栏3", "sizes": {"area_m2": 60000}}]
    (finding,) = _found(plan_of(project), "sizes_twice")
    assert finding.figures["other"] == 60000
    near = _project(area_m2=18243)
    near["also"] = [{"quote": "约1.8万平方米", "where": "专栏2", "sizes": {"area_m2": 18000}}]
    assert not _found(plan_of(near), "sizes_twice")


def test_a_start_in_one_place_and_an_end_in_another():
    task = {
        "indicator": "task_done",
        "values": {2023: 1},
        "quote": "2023年底申请三级医院评审",
        "also": [{"quote": "2023年底通过三级医院评审", "where": "附件"}],
    }
    assert len(_found(plan_of(task), "stage_differs")) == 1
    same = {**task, "also": [{"quote": "申请三级医院评审", "where": "附件"}]}
    assert not _found(plan_of(same), "stage_differs")


def test_words_in_brackets_left_out():
    def fever(quote: str, indicator: str) -> dict[str, Any]:
        return {"indicator": indicator, "values": {2025: 100}, "quote": quote}

    plan = plan_of(
        fever("设置发热门诊（诊室、哨点）的比例达到100%", "fever_clinic_pct"),
        fever("设置发热门诊（诊室）的比例达到100%", "fever_clinic_or_room_pct"),
        fever("设置感染性疾病科（含中医）的比例达到100%", "infectious_department_pct"),
    )
    assert [f.norms for f in _found(plan, "bracket_differs")] == [("clause_0", "clause_1")]


def test_a_number_of_times_in_per_cent():
    plan = plan_of({"indicator": "health_literacy_pct", "sense": "<=", "values": {2025: 0.01},
                    "quote": "平均跑动次数降至0.01%以下"})  # fmt: skip
    assert len(_found(plan, "unit_slips")) == 1
