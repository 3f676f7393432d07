"""Scopes name places, terms name columns; what neither knows is refused with a suggestion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.rules.scope import in_group, places
from resalloc.rules.targets import sides
from resalloc.rules.terms import sum_of

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.problem.rows import Rows


def _value(term: str, rows: Rows, scope: str = "district") -> float:
    """A term's value today."""
    (place, *_) = places(scope, rows.problem.district)
    found = sum_of((term,), rows.columns, rows.problem.district, place, 2025)
    return float(rows.columns.today[found.columns] @ found.coefficients + found.constant)


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("beds", 400),
        ("beds@public_hospital", 300),
        ("beds@primary_care", 100),
        ("beds.general", 390),
        ("staff.physician", 260),
        ("staff.health_workers", 660),
        ("staff.technical", 260 + 300 + 50),
        ("staff.health_workers@township_hospital", 50 + 25),
        ("staff.gp@primary_care", 30),
        ("supply.village_clinic", 38),
        ("supply.childcare_place", 250),
        ("vehicles", 6),
        ("crews", 2),
        ("crewed", 1),
        ("station@primary_care", 0),
        ("equipment.ct64", 1),
        ("residents", 110_000),
        ("villages", 40),
        ("institutions", 4),
        ("institutions@primary_care", 3),
        ("townships", 3),
        ("fever.clinic@public_hospital", 1),
    ],
)
def test_terms_add_up_to_the_figures_of_the_readme(town_rows: Rows, term: str, value: float):
    assert _value(term, town_rows) == value


def test_a_list_of_terms_is_their_sum(town_rows: Rows):
    district = town_rows.problem.district
    (place,) = places("district", district)
    found = sum_of(("beds", "residents"), town_rows.columns, district, place, 2025)
    assert found.constant == 110_000
    assert town_rows.columns.today[found.columns].sum() == 400


def test_no_terms_are_the_constant_one(town_rows: Rows):
    district = town_rows.problem.district
    found = sum_of((), town_rows.columns, district, places("district", district)[0], 2025)
    assert (found.constant, len(found.columns)) == (1.0, 0)


def test_a_site_without_an_institution_counts_in_its_township(towns: District, town_problem):
    """A candidate at 南/b belongs to 南镇 and to the district, and to no institution."""
    from resalloc.problem.problem import Problem
    from resalloc.rules.compile import compile_rows

    wider = towns.with_candidates()
    rows = compile_rows(Problem(wider, town_problem.norms))

    def count(scope: str, term: str = "station") -> int:
        (place, *_) = places(scope, wider)
        return len(sum_of((term,), rows.columns, wider, place, 2025).columns)

    assert count("district") == 4 + 3
    assert count("each:township[南镇]") == 1 + 1
    assert count("each:institution[南镇卫生院]") == 1
    assert count("where:institution@township_hospital") == 2
    assert count("district", "station@primary_care") == 3


@pytest.mark.parametrize(
    ("term", "words"),
    [
        ("beds.icy", "'icy' is not a kind of beds"),
        ("staff.doctor", "'doctor' is not a kind of staff"),
        ("beds@hospitals", "there is no group 'hospitals'"),
        ("resident", "Did you mean 'residents'"),
        ("beds per head", "cannot be read"),
        ("supply", "is not a kind of supply"),
    ],
)
def test_an_unknown_word_is_refused(town_rows: Rows, term: str, words: str):
    with pytest.raises(InputError, match=words):
        _value(term, town_rows)


@pytest.mark.parametrize(
    "scope",
    ["", "all", "district:township", "each", "where", "each:town", "each:township[", "each:site"],
)
def test_a_scope_that_cannot_be_read_is_refused(towns: District, scope: str):
    with pytest.raises(InputError, match="cannot be read"):
        places(scope, towns)


def test_a_scope_may_have_no_place(towns: District):
    assert places("each:institution@cdc", towns) == ()
    assert places("each:institution[no such place]", towns) == ()
    assert places("each:township[no such place]", towns) == ()


@pytest.mark.parametrize(
    ("group", "members"),
    [
        ("all", 4),
        ("public_hospital", 1),
        ("primary_care", 3),
        ("township_hospital", 2),
        ("central_township_hospital", 0),
        ("secondary_any", 1),
        ("bedded", 4),
        ("private_hospital", 0),
    ],
)
def test_groups_follow_kind_ownership_and_level(towns: District, group: str, members: int):
    assert in_group(towns.providers(), group).sum() == members


def test_every_township_scope_splits_the_district(tongliang: District):
    """The places of each:township share no institution and leave none out."""
    every = places("each:township", tongliang)
    institutions = np.array([place.institutions for place in every])
    assert (institutions.sum(axis=0) == 1).all()
    assert (np.array([place.townships for place in every]).sum(axis=0) == 1).all()


def test_a_range_has_two_sides():
    assert sides("between", (2.0, 5.0)) == ((">=", 2.0), ("<=", 5.0))
    assert sides("==", 3.0) == (("==", 3.0),)
