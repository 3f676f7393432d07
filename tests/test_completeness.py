"""Nothing is stated twice, unused or left without a reason.

Every clause has rows on the bundled district or an excuse; every indicator, unit and
word of the closed lists is used or excused below, with why.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from resalloc.district.tables import SERIES
from resalloc.errors import InputError
from resalloc.norms.indicator import indicators
from resalloc.norms.read import plans, read_norms
from resalloc.rules.scope import places
from resalloc.rules.terms import sum_of
from resalloc.units import units
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.problem.rows import Rows

ROOT = Path(__file__).parents[1]

WITHOUT_ROWS: dict[str, str] = {}
"""Constraints without rows on the bundled district, and why."""

UNUSED_UNITS: dict[str, str] = {}
"""Units no indicator has, and why they are kept."""

EVERY_NORM = [(plan, norm) for plan in plans() for norm in read_norms(plan)]


def _terms() -> list[str]:
    return [term for each in indicators().values() for term in (*each.of, *each.per)]


# Clauses


def test_every_constraint_has_rows_or_an_excuse(tongliang_rows: Rows):
    compiled = {rows.norm.id for rows in tongliang_rows.norms}
    asked = {norm.id for norm in tongliang_rows.problem.norms if norm.use == "constraint"}
    assert asked - compiled == set(WITHOUT_ROWS)


def test_no_clause_is_lost(tongliang_rows: Rows):
    """Every clause of the plan is either compiled or skipped for a reason."""
    compiled = [rows.norm.id for rows in tongliang_rows.norms]
    skipped = [norm_id for norm_id, _ in tongliang_rows.skipped]
    assert sorted(compiled + skipped) == sorted(norm.id for norm in tongliang_rows.problem.norms)
    reasons = {reason for _, reason in tongliang_rows.skipped}
    assert reasons <= {"context", "measure", "not due", "nothing in scope"}


def test_a_constraint_is_something_the_columns_decide():
    """A reported figure cannot be a constraint: the model has nothing to move."""
    wrong = [
        norm.id
        for _, norm in EVERY_NORM
        if norm.use == "constraint" and norm.indicator and norm.indicator.rule == "measure"
    ]
    assert wrong == []


@pytest.mark.parametrize("plan", plans())
def test_what_is_not_in_the_model_says_why(plan: str):
    assert not [n.id for n in read_norms(plan) if n.use != "constraint" and len(n.because) < 20]


@pytest.mark.parametrize("plan", plans())
def test_every_clause_has_labels_a_unit_and_a_place_in_the_document(plan: str):
    for norm in read_norms(plan):
        assert norm.says.where
        assert norm.indicator is not None or norm.use == "context"
        if norm.indicator is not None:
            assert norm.indicator.label("zh")
            assert norm.indicator.label("en")
            assert norm.indicator.units.label("zh")
            assert norm.indicator.formula


@pytest.mark.parametrize("plan", plans())
def test_binding_follows_the_printed_nature_unless_a_note_says_why(plan: str):
    """约束性 is read as binding, 预期性 and no nature as expected; anything else is argued."""
    odd = [
        norm.id
        for norm in read_norms(plan)
        if norm.use == "constraint"
        and norm.reads.binding != (norm.says.nature == "约束性")
        and not norm.reads.note
    ]
    assert odd == []


@pytest.mark.parametrize("plan", plans())
def test_targets_are_due_around_the_period(plan: str):
    norms = read_norms(plan)
    first, last = norms.document.period
    for norm in norms:
        # a plan may look a few years beyond its own, and the plan's own check asks about
        # dates before them; anything further off is a slip of ours
        assert all(first - 1 <= year <= last + 10 for year in norm.reads.values), norm.id
        assert all(year < first + 1 for year in norm.reads.baseline), norm.id


# Closed lists


def test_every_indicator_is_used_by_a_clause():
    used = {norm.reads.indicator for _, norm in EVERY_NORM}
    assert set(indicators()) - used == set()


def test_every_unit_is_used_by_an_indicator():
    used = {each.unit for each in indicators().values()}
    assert used <= set(units())
    assert set(units()) - used == set(UNUSED_UNITS)


def test_an_indicator_has_what_its_rule_needs():
    for each in indicators().values():
        if each.rule != "measure":  # a measure may say what it counts, for the plan's own check
            assert each.of, each.id
            assert bool(each.per) == (each.rule == "ratio"), each.id
        assert each.zh, each.id
        assert each.en, each.id


def test_every_term_is_known(tongliang_rows: Rows):
    district = tongliang_rows.problem.district
    (place,) = places("district", district)
    unknown = []
    for term in _terms():
        try:
            sum_of((term,), tongliang_rows.columns, district, place, 2025)
        except InputError as error:
            unknown.append(str(error))
    assert unknown == []


def test_every_group_named_is_declared():
    groups = set(vocabulary().list("group"))
    named = {term.split("@")[1] for term in _terms() if "@" in term}
    named |= {norm.reads.scope.split("@")[1] for _, norm in EVERY_NORM if "@" in norm.reads.scope}
    assert named <= groups


def test_every_kind_of_a_group_and_of_a_host_list_is_declared():
    words = vocabulary()
    kinds, beds = set(words.list("institution_kind")), set(words.list("bed_kind"))
    tiers = set(words.list("fever_tier"))
    for entry in words.list("group").values():
        assert set(entry.extra.get("kind", ())) <= kinds
        assert set(entry.extra.get("ownership", ())) <= set(words.list("ownership"))
    for entry in words.list("institution_kind").values():
        assert set(entry.extra["hosts"]) <= beds
        assert set(entry.extra["fever_tiers"]) <= tiers
        assert entry.extra["bed_step"] > 0
    cadres = words.list("cadre")
    assert {e.extra["part_of"] for e in cadres.values() if "part_of" in e.extra} <= set(cadres)


def test_every_word_has_both_labels():
    words = vocabulary()
    for name, entries in words.lists.items():
        for key, entry in entries.items():
            assert entry.label("zh"), (name, key)
            assert entry.label("en"), (name, key)


def test_every_series_a_term_needs_is_one_a_district_may_have():
    blocks = {"beds", "staff", "equipment", "supply", "fever", "station", "crewed", "crews",
              "vehicles", "institutions", "townships"}  # fmt: skip
    plain = {term for term in _terms() if "." not in term and "@" not in term}
    assert plain - blocks <= {*SERIES, "villages"}


# Data files


def test_every_norm_file_has_its_document_and_every_table_is_read():
    data = ROOT / "data"
    assert {p.stem for p in (data / "documents").glob("*.toml")} == set(plans())
    for plan in plans():
        content = tomllib.loads((data / "norms" / f"{plan}.toml").read_text(encoding="utf-8"))
        named = {table["file"] for table in content.get("table", [])}
        folder = data / "tables" / plan
        there = {path.name for path in folder.glob("*.csv")} if folder.is_dir() else set()
        assert named == there


def test_every_default_is_used_somewhere():
    """An assumption nobody reads would be shown in reports as if it mattered."""
    content = tomllib.loads((ROOT / "data" / "assumptions.toml").read_text(encoding="utf-8"))
    source = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "src" / "resalloc").rglob("*.py")
    )
    # f"cost.fever_{tier}_wan"; the detours are figures a district's own file may choose among
    built = ("cost.fever_", "travel.detour_")
    unread = [k for k in content["assumption"] if k not in source and not k.startswith(built)]
    assert unread == []
