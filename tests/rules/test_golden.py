"""Every rule's rows as text, against the text that was read and agreed.

A rule that changes shows up as a diff of ``golden/<rule>.txt``; see ``rows_text``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import resalloc.rules
from tests.rules.rows_text import CASES, GOLDEN


@pytest.mark.parametrize("case", sorted(CASES))
def test_rows_read_as_agreed(case: str):
    agreed = (GOLDEN / f"{case}.txt").read_text(encoding="utf-8")
    assert CASES[case]().splitlines() == agreed.splitlines()


def test_every_rule_file_has_a_golden_case():
    """Compile only calls the others, targets are in its examples, candidates have no rows."""
    folder = Path(resalloc.rules.__file__).parent
    rules = {path.stem for path in folder.glob("*.py")}
    excused = {"__init__", "compile", "targets", "candidates"}
    assert rules - excused <= {case.split("_")[0] for case in CASES}


def test_no_golden_file_is_left_over():
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(CASES)
