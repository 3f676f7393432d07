"""Every quote stands in the text it is quoted from.

The texts of published plans are no part of the project; where they are at hand, the
environment variable RESALLOC_PLAN_TEXTS names their folder.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest

from resalloc.norms.normset import NormSet
from resalloc.norms.read import plans, read_norms

TEXTS = os.environ.get("RESALLOC_PLAN_TEXTS", "")
THREE_TOWNS = Path(__file__).parents[1] / "data" / "three_towns"


def _bare(text: str) -> str:
    """Text without any white space: a table's row is quoted cell by cell."""
    return re.sub(r"\s+", "", text)


def _not_found(plan: NormSet, path: Path) -> list[str]:
    text = _bare(path.read_text(encoding="utf-8"))
    quotes = [(norm.id, place.quote) for norm in plan for place in (norm.says, *norm.says.also)]
    return [f"{norm_id}: {quote}" for norm_id, quote in quotes if _bare(quote) not in text]


def _text_of(plan: NormSet) -> Path:
    path = Path(TEXTS) / plan.document.file
    if not TEXTS or not path.is_file():
        pytest.skip(f"{plan.document.file} is not at hand (set RESALLOC_PLAN_TEXTS)")
    return path


@pytest.mark.parametrize("plan_id", plans())
def test_every_quote_is_in_the_published_text(plan_id: str):
    plan = read_norms(plan_id)
    assert _not_found(plan, _text_of(plan)) == []


@pytest.mark.parametrize("plan_id", plans())
def test_the_text_at_hand_is_the_one_that_was_read(plan_id: str):
    plan = read_norms(plan_id)
    assert hashlib.sha256(_text_of(plan).read_bytes()).hexdigest() == plan.document.sha256


def test_the_made_up_plan_is_quoted_exactly(town_plan: NormSet):
    """The same check where the text is part of the tests, so that it runs everywhere."""
    path = THREE_TOWNS / town_plan.document.file
    assert _not_found(town_plan, path) == []
    assert hashlib.sha256(path.read_bytes()).hexdigest() == town_plan.document.sha256


def test_a_wrong_quote_is_noticed(town_plan: NormSet):
    says = town_plan["beds_per_1000"].says.model_copy(update={"quote": "床位数增加到4.84张"})
    wrong = town_plan["beds_per_1000"].model_copy(update={"says": says})
    plan = NormSet(town_plan.document, (wrong,))
    assert _not_found(plan, THREE_TOWNS / "three_towns.txt") == [
        "beds_per_1000: 床位数增加到4.84张"
    ]


@pytest.mark.parametrize("plan_id", plans())
def test_quotes_stay_short(plan_id: str):
    """Only the phrase that carries the figure is quoted, not the text around it."""
    long = [norm.id for norm in read_norms(plan_id) if len(norm.says.quote) > 120]
    assert long == []
