"""Notebooks: committed without outputs, and every cell runs."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

import resalloc

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
CELL_SECONDS = 300

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def _code(path: Path) -> list[Any]:
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert NOTEBOOKS


@each
def test_outputs_are_stripped(path: Path):
    cells = _code(path)
    assert not [cell.id for cell in cells if cell.outputs or cell.execution_count is not None]
    assert not [cell.id for cell in cells if cell.metadata.get("execution")]


@each
def test_notebook_names_what_the_package_has(path: Path):
    """Cheap enough for every run: each cell parses, and `ra.<name>` is a public name."""
    trees = [ast.parse(cell.source) for cell in _code(path)]
    used = {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "ra"
    }
    assert used
    assert used <= set(resalloc.__all__)


@each
def test_notebook_ends_in_assertions(path: Path):
    last = ast.parse(_code(path)[-1].source)
    assert any(isinstance(node, ast.Assert) for node in last.body)


@each
def test_readme_lists_the_notebook(path: Path):
    assert f"({path.name})" in (FOLDER / "README.md").read_text(encoding="utf-8")


@each
def test_every_cell_runs(path: Path, tmp_path: Path):
    """A cell that fails stops the notebook, and nbclient's error shows the cell."""
    notebook = nbformat.read(path, as_version=4)
    place = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", resources=place).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert outputs
    assert not [out for out in outputs if out.output_type == "error"]
