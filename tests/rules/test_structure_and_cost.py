"""What holds whatever the plan says, and what an allocation costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.problem.problem import Options, Problem
from resalloc.rules.compile import compile_rows
from resalloc.rules.cost import cost_of, cost_rates
from resalloc.rules.objective import goal

if TYPE_CHECKING:
    from resalloc.norms.normset import NormSet
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import Links, Rows
    from resalloc.result.result import Result


def _link(rows: Rows, name: str) -> Links:
    return next(link for link in rows.links if link.name == name)


def _broken(rows: Rows, x: Floats) -> set[str]:
    found = set()
    for link in rows.links:
        level = link.matrix @ x
        if (level < link.lo - 1e-9).any() or (level > link.hi + 1e-9).any():
            found.add(link.name)
    return found


def _plan(result: Result) -> Floats:
    assert result.allocation is not None
    return np.nan_to_num(result.allocation.x)


def test_a_solved_plan_keeps_every_link(town_result: Result):
    assert _broken(town_result.rows, _plan(town_result)) == set()


@pytest.mark.parametrize(
    ("block", "cell", "value", "names"),
    [
        ("beds_total", (0,), 360, {"bed_sum", "bed_step"}),  # hospitals: steps of 50
        ("beds_total", (2,), 42, {"bed_sum", "bed_step"}),  # 42 is no multiple of 5
        ("beds", (0, 0), 0, {"bed_sum"}),
        ("staff", (3, 5), 99, {"cadre_parts"}),  # more general practitioners than physicians
        ("station", (3,), 0, {"vehicle_station", "cover.reach_rural"}),
        ("vehicles", (3,), 0, {"station_vehicle"}),
        ("crews", (2,), 0, {"crewed_crews", "crew_load"}),
        ("crews", (2,), 2, {"crews_vehicles"}),
        ("crews", (1,), 1, {"crews_crewed"}),
        ("crewed", (2,), 0, {"by_crew", "crews_crewed"}),
        ("fever", (3, 0), 1, {"fever_tier"}),  # a clinic beside the sentinel room
        ("fever", (1, 2), 0, {"fever_kept"}),  # 中心社区 gives its sentinel room up
        ("supply", (0, 4), 9999, {"supply_parts"}),
    ],
)  # fmt: skip
def test_links_notice_what_cannot_be(town_result: Result, block, cell, value, names):
    x = _plan(town_result)
    x[town_result.rows.columns[block].ids[(*cell, 0)]] = value
    assert _broken(town_result.rows, x) == names


def test_shrinking_allows_a_fever_clinic_to_close(town_problem: Problem):
    free = Problem(town_problem.district, town_problem.norms, Options(shrink=True))
    assert "fever_kept" not in {link.name for link in compile_rows(free).links}


def test_what_is_built_stays_from_year_to_year(town_problem: Problem, town_plan: NormSet):
    """One row per cell and pair of years, and none where shrinking is allowed."""
    norms = town_plan.at(2023, 2024, 2025)
    rows = compile_rows(Problem(town_problem.district, norms))
    kept = ("beds_total", "staff", "equipment", "supply", "station", "crewed", "crews", "vehicles")
    cells = sum(rows.columns[name].size // 3 for name in kept)
    assert len(_link(rows, "keep").lo) == 2 * cells
    free = compile_rows(Problem(town_problem.district, norms, Options(shrink=True)))
    assert "keep" not in {link.name for link in free.links}
    assert "keep" not in {link.name for link in compile_rows(town_problem).links}


@pytest.mark.parametrize(
    ("block", "cell", "added", "capital", "yearly"),
    [
        ("beds_total", (0,), 50, 50 * 60, 0),
        ("beds_total", (1,), 5, 5 * 40, 0),
        ("beds", (0, 4), 2, 2 * 50, 0),  # an intensive care bed costs 50 more
        ("beds", (0, 0), 50, 0, 0),  # a kind of bed is no bed more
        ("staff", (0, 1), 3, 0, 3 * 15),
        ("staff", (0, 5), 3, 0, 0),  # general practitioners are physicians already paid
        ("vehicles", (3,), 1, 40, 0),
        ("station", (3,), 1, 20, 0),  # at an institution
        ("crews", (2,), 1, 0, 20 * 15),
        ("fever", (3, 2), 1, 30, 0),
        ("equipment", (0, 3), 1, 1000, 0),
        ("supply", (1, 3), 40, 40, 0),
    ],
)
def test_unit_costs(town_rows: Rows, block, cell, added, capital, yearly):
    """Five years of running cost are counted; figures in 万元 from assumptions.toml."""
    x = np.nan_to_num(town_rows.columns.today)
    rates = cost_rates(town_rows.problem, town_rows.columns)
    assert cost_of(rates, town_rows.columns, x, 5) == (0.0, 0.0)
    x[town_rows.columns[block].ids[(*cell, 0)]] += added
    assert cost_of(rates, town_rows.columns, x, 5) == (capital, 5 * yearly)


def test_a_new_station_outside_an_institution_costs_more(town_problem: Problem):
    wider = Problem(town_problem.district.with_candidates(), town_problem.norms)
    rows = compile_rows(wider)
    capital = cost_rates(wider, rows.columns).capital
    assert capital[rows.columns["station"].ids[:, 0]].tolist() == [20] * 4 + [80] * 3


def test_cost_is_counted_on_the_last_year_only(town_problem: Problem, town_plan: NormSet):
    """What is built in 2023 and stands in 2025 is paid once."""
    problem = Problem(town_problem.district, town_plan.at(2023, 2025))
    rows = compile_rows(problem)
    rates = cost_rates(problem, rows.columns)
    first = np.concatenate([b.ids[..., 0].reshape(-1) for b in rows.columns.blocks.values()])
    assert not rates.capital[first].any()
    assert not rates.yearly[first].any()


@pytest.mark.parametrize("objective", ["cost", "least-change"])
def test_today_is_the_zero_of_cost_and_change(town_problem: Problem, objective: str):
    problem = Problem(town_problem.district, town_problem.norms, Options(objective=objective))
    rows = compile_rows(problem)
    aim = goal(rows)
    today = np.nan_to_num(rows.columns.today)
    x = np.concatenate([today, np.zeros(len(aim.lower))])
    assert aim.cost @ x + aim.constant == pytest.approx(0.0)
    assert (aim.matrix @ x >= aim.lo - 1e-9).all()
