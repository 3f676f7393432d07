"""Where figures come from is said in Chinese too, and stays so in a snapshot."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from resalloc.district.assumptions import read_assumptions
from resalloc.district.basis import basis_zh
from resalloc.district.read import read_district
from resalloc.district.write import write_district
from resalloc.paths import data_path, read_toml

ENGLISH = re.compile(r"[A-Za-z]{2,}[ ,;:]+[A-Za-z]{2,}")
TABLES = ("population", "beds", "staff", "fleet", "supply", "equipment", "measures")


def bases(district) -> set[str]:
    found = {district.travel.basis, *district.providers()["position_basis"]}
    for name in TABLES:
        found |= set(getattr(district, name)["basis"].dropna())
    return {str(basis) for basis in found if not pd.isna(basis)}


@pytest.mark.parametrize("entry", list(read_assumptions()), ids=lambda entry: entry.key)
def test_every_assumption_has_chinese_words(entry):
    assert re.search(r"[\u4e00-\u9fff]", entry.source_zh)
    assert not ENGLISH.search(entry.source_zh)
    assert bool(entry.unit) == bool(entry.unit_zh)
    for text in (entry.en, entry.source, entry.unit):
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"\(.*?\)", "", text))


def test_every_basis_has_chinese_words(tongliang):
    for basis in bases(tongliang):
        chinese = basis_zh(basis, tongliang.sources_zh)
        assert re.search(r"[\u4e00-\u9fff]", chinese), basis
        assert not ENGLISH.search(chinese), basis


def test_every_assumption_in_force_has_chinese_words(tongliang):
    for entry in tongliang.assumptions:
        assert not ENGLISH.search(entry.source_in("zh")), entry.key


def test_no_chinese_source_is_left_over():
    folder = data_path("districts", "tongliang")
    content = read_toml(folder / "district.toml")
    named = content.pop("sources_zh")
    used = str(content) + "".join(
        path.read_text(encoding="utf-8") for path in sorted(Path(folder).glob("*.csv"))
    )
    assert [text for text in named if text not in used] == []


@pytest.mark.parametrize(
    ("basis", "chinese"),
    [
        ("given", "使用者提供"),
        ("given: travel.csv", "使用者提供：travel.csv"),
        ("modelled: township seat", "推算：取所在乡镇（街道）驻地"),
        (
            "modelled: item 8; by authorised beds of 甲院, 乙院",
            "推算：第8项；按编制床位分配到甲院、乙院",
        ),
        (
            "given: travel.csv; to candidates modelled: great circle × 1.4, "
            "by speed of place class",
            "使用者提供：travel.csv；到候选站点：推算：直线距离 × 1.4，按城区、农村车速计算",
        ),
        ("counted on the spot", "counted on the spot"),
    ],
)
def test_basis_in_chinese(basis, chinese):
    assert basis_zh(basis, {"item 8": "第8项"}) == chinese


def test_snapshot_keeps_the_chinese(tongliang, tmp_path):
    again = read_district(write_district(tongliang, tmp_path / "again"))
    assert again.sources_zh == tongliang.sources_zh
    assert list(again.assumptions) == list(tongliang.assumptions)


def test_replaced_value_forgets_the_old_source():
    entry = read_assumptions().replace({"ems.call_min": 2.0})["ems.call_min"]
    assert (entry.source, entry.source_zh) == ("user", "使用者设定")


@pytest.mark.parametrize(
    ("basis", "chinese"),
    [
        (
            "modelled: item 8, shared out by the average, less the kinds told apart",
            "推算：第8项；按平均数分配到各机构，减去已单列的各类床位",
        ),
        ("modelled: item 8, by the average", "推算：第8项；按平均数的分乡镇构成分配"),
        (
            "modelled: item 8 less the townships known, by the average",
            "推算：第8项，减去已知乡镇（街道）；其余按平均数的分乡镇构成分配",
        ),
        ("modelled: item 8, in the shares of 2020", "推算：第8项；按2020年的分乡镇构成分配"),
        (
            "modelled: item 8, the same share of residents in every township",
            "推算：第8项；各乡镇（街道）取相同人口比重",
        ),
    ],
)
def test_the_most_particular_basis_is_read(basis, chinese):
    assert basis_zh(basis, {"item 8": "第8项", "the average": "平均数"}) == chinese
