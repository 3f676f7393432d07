"""Plans side by side, and what excludes what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from resalloc.linting.compare import compare
from tests.linting.plan_text import plan_of

if TYPE_CHECKING:
    from resalloc.norms.normset import NormSet


def _named(name: str, plan: NormSet) -> NormSet:
    return replace(plan, document=plan.document.model_copy(update={"id": name}))


def test_a_floor_against_a_ceiling():
    floor = _named("a", plan_of({"indicator": "beds_per_1000", "values": {2025: 8.0}}))
    ceiling = plan_of(
        {"indicator": "beds_per_1000", "sense": "<=", "values": {2027: 8.2, 2030: 7.5}}
    )
    found = compare([floor, _named("b", ceiling)])
    (clash,) = found.clashes
    assert [(plan, figure.year) for plan, figure in clash.members] == [("a", 2025), ("b", 2030)]
    assert "cannot hold together" in clash.message("en")
    (row,) = found.rows
    assert set(row.clauses) == {"a", "b"}


def test_clauses_of_two_plans_that_exclude_each_other_through_a_ratio():
    """8.0 beds at 0.45 doctors each are 3.6 doctors: a ceiling of 3.2 excludes them."""
    one = plan_of(
        {"indicator": "beds_per_1000", "values": {2025: 8.0}},
        {"indicator": "physicians_per_bed", "values": {2025: 0.45}},
    )
    other = plan_of({"indicator": "physicians_per_1000", "sense": "<=", "values": {2025: 3.2}})
    (clash,) = compare([_named("a", one), _named("b", other)]).clashes
    assert len(clash.members) == 3


def test_times_exclude_each_other_too():
    one = plan_of(
        {"indicator": "average_length_of_stay_days", "sense": "<=", "values": {2025: 7.7}}
    )
    other = plan_of({"indicator": "average_length_of_stay_days", "values": {2025: 9}})
    assert len(compare([_named("a", one), _named("b", other)]).clashes) == 1


def test_plans_that_agree():
    one = plan_of({"indicator": "beds_per_1000", "values": {2025: 6.0}})
    other = plan_of({"indicator": "beds_per_1000", "sense": "<=", "values": {2030: 7.5}})
    found = compare([_named("a", one), _named("b", other)])
    assert not found.clashes
    assert found.as_dict("en")["rows"][0]["clauses"]["a"][0]["values"] == {"2025": 6.0}
