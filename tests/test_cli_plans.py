"""lint, norms compare and norms draft from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resalloc.cli import app
from resalloc.norms.read import plans, read_norms

THREE_TOWNS = Path(__file__).parent / "data" / "three_towns"


def run(*words: str):
    return CliRunner().invoke(app, list(words))


def test_lint_as_data():
    result = run("lint", "yongchuan-2030", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert found
    for each in found:
        assert set(each) >= {"rule", "severity", "message", "figures", "places"}
        assert all(set(place) == {"quote", "where"} for place in each["places"])
    beds = next(each for each in found if "beds_per_1000" in each["norms"])
    assert beds["rule"] == "printed_twice"
    assert {place["where"] for place in beds["places"]} == {
        "附件1 第16项",
        "二（三）6",
        "附件2 第6项",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("plan", plans())
def test_lint_in_words(plan: str, lang: str):
    result = run("lint", plan, "--lang", lang)
    assert result.exit_code == 0, result.output
    assert ("疑似不一致，请核对" if lang == "zh" else "please check") in result.output
    assert "错误" not in result.output


def test_lint_beside_a_district_adds_the_census():
    result = run("lint", "tongliang-2025", "--district", "tongliang", "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "685,729 residents" in result.output


def test_a_plan_without_findings_says_so():
    result = run("lint", str(THREE_TOWNS / "three_towns.toml"), "--lang", "en")
    assert result.exit_code == 0, result.output
    assert "Nothing found" in result.output


def test_compare_five_plans():
    result = run("norms", "compare", *plans(), "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert found["plans"] == list(plans())
    rows = {row["indicator"]: row["clauses"] for row in found["rows"]}
    assert len(rows["physicians_per_1000"]) >= 4
    assert any("yongchuan-2030" in clash["message"] for clash in found["clashes"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("lint", "yongchuan-2031"), "Did you mean 'yongchuan-2030'"),
        (("lint", "yongchuan-2030", "--district", "yongchaun"), "yongchuan"),
        (("norms", "compare", "yongchuan-2030"), "two or more different plans are needed"),
        (("norms", "compare", "yongchuan-2030", "nowhere.toml"), "does not exist"),
        (("norms", "yongchuan"), "Did you mean"),
    ],
)
def test_bad_words_are_told(words: tuple[str, ...], told: str):
    result = run(*words)
    assert result.exit_code == 2
    assert told in result.output
    assert "Traceback" not in result.output


def test_a_draft_is_written_once_and_can_be_read(tmp_path: Path):
    text, out = tmp_path / "plan.txt", tmp_path / "draft.toml"
    text.write_text("一、床位\n到2025年，每千人口医疗卫生机构床位数达到6.5张。\n", encoding="utf-8")
    assert run("norms", "draft", str(text), "--out", str(out)).exit_code == 0
    (norm,) = read_norms(out)
    assert norm.reads.values == {2025: 6.5}
    again = run("norms", "draft", str(text), "--out", str(out))
    assert again.exit_code == 2
    assert "is there already" in again.output


@pytest.mark.parametrize(
    "content", [b"", "每千人口床位".encode("gbk"), b"\x00\x01\x02\xff", "没有数字。".encode()]
)
def test_a_text_that_cannot_be_used_is_refused(tmp_path: Path, content: bytes):
    text = tmp_path / "plan.txt"
    text.write_bytes(content)
    result = run("norms", "draft", str(text))
    assert result.exit_code == 2
    assert "plan.txt" in result.output
    assert "Traceback" not in result.output
