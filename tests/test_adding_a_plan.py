"""docs/adding_a_plan.md, run as a newcomer would: its files, its commands, what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from resalloc.cli import app
from resalloc.norms.read import read_norms

PAGE = Path(__file__).parents[1] / "docs" / "adding_a_plan.md"
FILE = re.compile(r"<!-- file: (?P<name>\S+) -->\n```\w+\n(?P<text>.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n(?P<text>.*?)```", re.DOTALL)


def _files(folder: Path) -> None:
    for match in FILE.finditer(PAGE.read_text(encoding="utf-8")):
        path = folder / match["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(match["text"], encoding="utf-8")


def _commands() -> list[tuple[str, list[str]]]:
    """Give each command of the page with the lines it is said to print."""
    found: list[tuple[str, list[str]]] = []
    for match in CONSOLE.finditer(PAGE.read_text(encoding="utf-8")):
        for line in match["text"].splitlines():
            if line.startswith("$ resalloc "):
                found.append((line.removeprefix("$ resalloc "), []))
            elif line.strip():
                found[-1][1].append(line)
    return found


def _bare(text: str) -> str:
    return re.sub(r"[\s│┃]+", "", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    _files(folder)
    return folder


@pytest.mark.parametrize(("command", "shown"), _commands(), ids=lambda value: str(value)[:40])
def test_the_commands_print_what_the_page_says(
    command: str, shown: list[str], folder: Path, monkeypatch: pytest.MonkeyPatch
):
    """``…`` stands for anything left out; white space and table lines do not count."""
    monkeypatch.chdir(folder)
    result = CliRunner().invoke(app, shlex.split(command))
    assert result.exit_code == 0, result.output
    output = _bare(result.output)
    for line in shown:
        pieces = [re.escape(_bare(piece)) for piece in line.split("…")]
        assert re.search(".*".join(pieces), output), f"{line}\n\n{result.output}"


def test_the_draft_finds_the_clauses(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """What the page asks a person to confirm is there to be confirmed."""
    monkeypatch.chdir(folder)
    drafted = read_norms("draft.toml")
    named = {norm.reads.indicator for norm in drafted}
    confirmed = {norm.reads.indicator for norm in read_norms("qingjiang-2030.toml")}
    assert len(confirmed & named) >= len(confirmed) - 2


def test_the_quotes_of_the_page_stand_in_its_text(folder: Path):
    text = re.sub(r"\s", "", (folder / "qingjiang.txt").read_text(encoding="utf-8"))
    for norm in read_norms(folder / "qingjiang-2030.toml"):
        for place in (norm.says, *norm.says.also):
            assert re.sub(r"\s", "", place.quote) in text
