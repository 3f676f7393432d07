"""What a bundled plan's reader is told stands in English and in Chinese."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from resalloc.norms.read import plans, read_norms

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2,} +[A-Za-z]{2,}")


@pytest.fixture(scope="module", params=plans())
def norms(request) -> tuple[Norm, ...]:
    return read_norms(request.param).norms


@pytest.mark.parametrize("field", ["note", "because"])
def test_every_english_text_has_a_chinese_one(norms, field):
    for norm in norms:
        flat = norm.as_dict()
        english, chinese = flat[field], flat[f"{field}_zh"]
        assert bool(english) == bool(chinese), norm.id
        if english:
            assert CHINESE.search(chinese), norm.id
            assert not ENGLISH.search(chinese), norm.id
            assert not re.search(r"[{}]", english + chinese), norm.id


def test_both_name_the_same_clauses(norms):
    ids = {norm.id for norm in norms if "_" in norm.id}
    for norm in norms:
        named = [
            {each for each in re.findall(r"[a-z0-9_]+", text) if each in ids}
            for text in (norm.reads.note, norm.reads.note_zh)
        ]
        assert named[0] == named[1], norm.id


def test_both_state_the_same_figures(norms):
    """What is a figure in English is one in Chinese too, but for 万 and numbers in words."""
    for norm in norms:
        english, chinese = (
            set(re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text)))
            for text in (norm.reads.note, norm.reads.note_zh)
        )
        assert {n for n in english if "." in n or (len(n) > 2 and n[-3:] != "000")} <= chinese


def test_tables_fill_in_the_chinese_note():
    row = read_norms("tongliang-2025")["primary_care_beds.04"]
    assert "现有编制床位60张、实有床位69张" in row.reads.note_in("zh")
    assert "60 authorised now, 69 in place" in row.reads.note_in("en")


def test_english_stands_in_for_chinese_that_nobody_wrote(town_plan):
    norm = next(norm for norm in town_plan if norm.reads.note)
    assert norm.reads.note_zh == ""
    assert norm.reads.note_in("zh") == norm.reads.note
    scored = next(norm for norm in town_plan if norm.because)
    assert scored.because_in("zh") == scored.because
