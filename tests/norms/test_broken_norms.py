"""One defect a file: the error says where, what and what to do, for all faults at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from resalloc.errors import InputError
from resalloc.norms.read import read_norms

DATA = Path(__file__).parents[1] / "data"
DEFECTS = sorted((DATA / "broken_norms").glob("*.toml"))


def _placed(file: Path, folder: Path) -> Path:
    """Put a norm file beside the made-up plan's document and tables, under one name."""
    towns = DATA / "three_towns"
    plan = folder / "plan.toml"
    shutil.copy(file, plan)
    shutil.copy(towns / "three_towns.document.toml", folder / "plan.document.toml")
    shutil.copytree(towns / "three_towns", folder / "plan")
    return plan


@pytest.mark.parametrize("file", DEFECTS, ids=lambda file: file.stem)
def test_the_error_names_the_defect(file: Path, tmp_path: Path):
    """The words after ``# expect:`` stand in the message, and every fault has a remedy."""
    plan = _placed(file, tmp_path)
    with pytest.raises(InputError) as caught:
        read_norms(plan)
    message = str(caught.value)
    lines = file.read_text(encoding="utf-8").splitlines()
    words = [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]
    assert words
    for word in words:
        assert word in message
    assert all(fault.remedy for fault in caught.value.faults)


def test_a_norm_file_of_ones_own_needs_no_document(tmp_path: Path):
    plan = _placed(DATA / "three_towns" / "three_towns.toml", tmp_path)
    plan.with_suffix(".document.toml").unlink()
    read = read_norms(plan)
    assert (read.document.id, read.document.title) == (plan.stem, plan.stem)
    assert read.document.period == (2020, 2025)


def test_a_document_with_an_unknown_key_is_refused(tmp_path: Path):
    plan = _placed(DATA / "three_towns" / "three_towns.toml", tmp_path)
    document = plan.with_suffix(".document.toml")
    text = document.read_text(encoding="utf-8")
    document.write_text(text.replace("sha256 = ", "hash = "), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_norms(plan)
    assert "hash: unknown key" in str(caught.value)


def test_a_plan_that_is_nowhere_gets_a_suggestion():
    with pytest.raises(InputError, match="Did you mean 'tongliang-2025'"):
        read_norms("tonglang-2025")


def test_a_norm_file_that_is_nowhere_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"none\.toml: the file does not exist"):
        read_norms(tmp_path / "none.toml")
