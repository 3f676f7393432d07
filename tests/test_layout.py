"""The package's outer shape: names, layers, what is loaded, what is shipped.

Adding a public name means adding it to `PUBLIC` here and to the changelog.
"""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

import resalloc

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "resalloc"

PUBLIC = [
    "Allocation",
    "Assumptions",
    "Clause",
    "Comparison",
    "District",
    "Finding",
    "InputError",
    "Norm",
    "NormSet",
    "Options",
    "Problem",
    "Report",
    "ResallocError",
    "Result",
    "Rows",
    "Scorecard",
    "SolverError",
    "Status",
    "compare",
    "compile_rows",
    "districts",
    "lint",
    "plans",
    "read_district",
    "read_norms",
    "read_run",
    "report",
    "score",
    "solve",
    "write_district",
]

LOCATION = [
    "Access",
    "Costs",
    "Exponential",
    "Gaussian",
    "Linear",
    "PlanarCosts",
    "Power",
    "Siting",
    "Step",
    "Zones",
    "access_2sfca",
    "access_3sfca",
    "access_hierarchical",
    "access_huff_3sfca",
    "capacitated_facility",
    "capacitated_median",
    "costs_from_geodataframes",
    "costs_from_graph",
    "costs_from_matrix",
    "costs_from_pairs",
    "market_share",
    "max_attendance",
    "max_cover",
    "min_sites_for_share",
    "p_center",
    "p_dispersion",
    "p_median",
    "set_cover",
]

SAMPLING = [
    "Copula",
    "Crossed",
    "Design",
    "Distribution",
    "Factorial",
    "LatinHypercube",
    "Levels",
    "LogNormal",
    "MonteCarlo",
    "Normal",
    "OwnTable",
    "Sobol",
    "Subsets",
    "Triangular",
    "Uniform",
    "Variable",
    "read_own_table",
]

SWEEP = [
    "Axes",
    "Batch",
    "Factor",
    "Scorer",
    "Scores",
    "State",
    "Sweep",
    "cross",
    "planned",
    "prepare",
    "read_run_folder",
    "read_settings",
    "run_work",
    "score_state",
    "score_table",
    "summarise",
    "sweeps",
    "today",
    "under",
]

HEAVY = {"altair", "distributed", "geopandas", "highspy", "numba", "openpyxl", "pulp", "vl_convert"}
GRAB_BAG = re.compile(r"(utils?|helpers?|common|misc|base|manager)")


def _modules_after(code: str) -> set[str]:
    """Give the top-level modules that are loaded after `code` in a fresh interpreter."""
    code += "\nimport json, sys; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return set(json.loads(run.stdout.splitlines()[-1]))


def _project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


# Public names


def test_public_names_are_locked():
    assert sorted(resalloc.__all__) == sorted(PUBLIC)


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_exists_and_is_documented(name):
    assert (getattr(resalloc, name).__doc__ or "").strip(), f"resalloc.{name} has no docstring"


def test_public_names_are_found_by_completion():
    assert set(PUBLIC) <= set(dir(resalloc))


def test_star_import_gives_the_public_names():
    namespace: dict[str, object] = {}
    exec("from resalloc import *", namespace)
    assert set(namespace) - {"__builtins__"} == set(PUBLIC)


def test_names_of_the_location_models_are_locked():
    from resalloc import location

    assert sorted(location.__all__) == LOCATION
    assert set(LOCATION) <= set(dir(location))
    with pytest.raises(AttributeError, match="no_such_name"):
        location.no_such_name  # noqa: B018 - looking it up is the test


@pytest.mark.parametrize("name", LOCATION)
def test_location_name_exists_and_is_documented_with_an_example(name):
    from resalloc import location

    words = getattr(location, name).__doc__ or ""
    assert words.strip(), f"resalloc.location.{name} has no docstring"
    if name[0].islower():
        assert ">>>" in words, f"resalloc.location.{name} has no example"
        assert "Raises" in words, f"resalloc.location.{name} does not say what it raises"


@pytest.mark.parametrize(("package", "names"), [("sampling", SAMPLING), ("sweep", SWEEP)])
def test_names_of_the_sweeps_are_locked_and_documented(package: str, names: list[str]):
    module = importlib.import_module(f"resalloc.{package}")
    assert sorted(module.__all__) == names
    assert set(names) <= set(dir(module))
    assert not [name for name in names if not (getattr(module, name).__doc__ or "").strip()]
    with pytest.raises(AttributeError, match="no_such_name"):
        module.no_such_name  # noqa: B018 - looking it up is the test


def test_unknown_name_is_refused():
    with pytest.raises(AttributeError, match="no_such_name"):
        resalloc.no_such_name  # noqa: B018 - looking it up is the test


# What is loaded


def test_import_is_light():
    loaded = _modules_after("import resalloc")
    assert not loaded & (HEAVY | {"networkx", "pandas", "scipy", "shapely", "typer"})


def test_help_is_light():
    loaded = _modules_after(
        "import io, contextlib\n"
        "from typer.testing import CliRunner\n"
        "from resalloc.cli import app\n"
        "result = CliRunner().invoke(app, ['--help'])\n"
        "assert result.exit_code == 0, result.output\n"
    )
    assert not loaded & HEAVY


# Layers and names of modules


def test_layers_are_kept(monkeypatch, capsys):
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename=str(ROOT / ".importlinter"), no_cache=True, no_logo=True)
    assert code == 0, capsys.readouterr().out


def test_every_folder_is_a_package():
    folders = {path.parent for path in SOURCE.rglob("*.py")}
    assert not [folder for folder in folders if not (folder / "__init__.py").is_file()]


def test_no_module_is_a_grab_bag():
    parts = {path: path.relative_to(SOURCE).with_suffix("").parts for path in SOURCE.rglob("*.py")}
    assert not [path for path, names in parts.items() if any(map(GRAB_BAG.fullmatch, names))]


def test_modules_stay_readable():
    lengths = {
        str(path.relative_to(SOURCE)): len(path.read_text(encoding="utf-8").splitlines())
        for path in SOURCE.rglob("*.py")
    }
    assert not {name: lines for name, lines in lengths.items() if lines > 400}


# What is shipped


def test_one_version_everywhere():
    version = _project()["version"]
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert resalloc.__version__ == version
    assert f"\nversion: {version}\n" in citation
    newest = re.search(r"^## (\S+)", changelog, flags=re.MULTILINE)
    assert newest is not None
    assert newest[1] == version


def test_every_dependency_has_its_reason():
    page = (ROOT / "docs" / "decisions" / "0001-dependencies.md").read_text(encoding="utf-8")
    project = _project()
    required = [*project["dependencies"]]
    for extra in project["optional-dependencies"].values():
        required += extra
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in required]
    rows = "\n".join(line for line in page.splitlines() if line.startswith("|"))
    assert not [name for name in names if not re.search(rf"\b{re.escape(name)}\b", rows)]


def test_every_decision_is_indexed():
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = sorted(page.name for page in folder.glob("[0-9]*.md"))
    assert pages
    assert not [page for page in pages if f"({page})" not in index]


def test_wheel_carries_the_data_and_the_types(tmp_path):
    if find_spec("hatchling") is None:
        pytest.skip("hatchling is not installed (it is in the extra 'dev')")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    run = subprocess.run(
        [*build, "--directory", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    (wheel,) = tmp_path.glob("*.whl")
    shipped = set(zipfile.ZipFile(wheel).namelist())
    data = ROOT / "data"
    expected = {
        f"resalloc/data/{path.relative_to(data).as_posix()}"
        for path in data.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert expected
    assert expected <= shipped
    assert "resalloc/py.typed" in shipped
    assert not [name for name in shipped if name.startswith(("tests/", "data/"))]
