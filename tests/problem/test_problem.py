"""The problem: who may ask what of whom, and what is there today."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.problem.decisions import decision_blocks
from resalloc.problem.problem import Options, Problem

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.norms.normset import NormSet


def _blocks(problem: Problem) -> dict[str, object]:
    return {block.name: block for block in decision_blocks(problem)}


def test_norms_without_a_year_are_refused(towns: District, town_plan: NormSet):
    with pytest.raises(InputError, match=r"norms\.at\(2025\)"):
        Problem(towns, town_plan)


def test_today_asks_the_same_targets_of_the_base_year(town_problem: Problem):
    today = town_problem.today()
    assert today.years == (2020,)
    assert today.norms["beds_per_1000"].reads.values == {2020: 4.48}


def test_a_problem_can_be_pickled(town_problem: Problem):
    again = pickle.loads(pickle.dumps(town_problem))
    assert again.norms == town_problem.norms
    assert again.options == town_problem.options
    assert again.district.equals(town_problem.district)


def test_what_is_known_today_is_the_least(town_problem: Problem):
    """300 + 50 + 30 + 20 beds, 260 physicians, 6 vehicles stay unless shrinking is allowed."""
    blocks = _blocks(town_problem)
    assert blocks["beds_total"].lower.tolist() == [300, 50, 30, 20]
    assert blocks["staff"].lower[:, 0].tolist() == [200, 30, 20, 10]
    assert blocks["vehicles"].lower.tolist() == [4, 1, 1, 0]
    assert blocks["station"].lower.tolist() == [1, 0, 0, 0]
    assert blocks["crews"].lower.tolist() == [2, 0, 0, 0]


def test_shrinking_takes_the_floor_away(town_problem: Problem):
    free = Problem(town_problem.district, town_problem.norms, Options(shrink=True))
    for name in ("beds_total", "staff", "vehicles", "crews", "station", "equipment", "supply"):
        assert not _blocks(free)[name].lower.any()


def test_general_beds_may_become_special_ones_but_not_the_reverse(town_problem: Problem):
    beds = _blocks(town_problem)["beds"]
    kinds = beds.along("bed_kind")
    assert beds.lower[0, kinds.index("general")] == 0
    assert beds.lower[0, kinds.index("icu")] == 10


def test_what_no_table_gives_is_not_known(town_problem: Problem):
    """No row is not zero: infectious beds, the fever clinic of 北镇."""
    blocks = _blocks(town_problem)
    beds = blocks["beds"]
    assert np.isnan(beds.today[:, beds.along("bed_kind").index("infectious")]).all()
    assert np.isnan(blocks["fever"].today[3]).all()
    assert blocks["fever"].today[:3].tolist() == [[1, 0, 0], [0, 0, 1], [0, 0, 1]]


def test_a_kind_of_institution_hosts_its_kinds_of_beds_only(town_problem: Problem):
    beds = _blocks(town_problem)["beds"]
    kinds = beds.along("bed_kind")
    psychiatric, icu = kinds.index("psychiatric"), kinds.index("icu")
    assert not beds.upper[:, psychiatric].any()
    assert beds.upper[:, icu].tolist() == [np.inf, 0, 0, 0]  # the hospital alone


def test_public_health_staff_work_in_public_health_institutions(town_problem: Problem):
    staff = _blocks(town_problem)["staff"]
    cadre = staff.along("cadre").index("public_health")
    assert not staff.upper[:, cadre].any()


def test_every_block_ends_with_the_years(towns: District, town_plan: NormSet):
    problem = Problem(towns, town_plan.at(2023, 2025))
    for block in decision_blocks(problem):
        assert block.shape[-1] == 2
        assert (block.lower <= block.upper).all()
        assert block.today.shape == block.lower.shape == block.upper.shape == block.shape[:-1]
