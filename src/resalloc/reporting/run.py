"""A run on disk: everything a result rests on, in plain text, read back as the same result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from resalloc.district.assumptions import read_assumptions
from resalloc.district.read import read_district
from resalloc.district.write import write_district
from resalloc.errors import one_fault
from resalloc.norms.document import Document
from resalloc.norms.norm import Norm
from resalloc.norms.normset import NormSet
from resalloc.problem.allocation import Allocation
from resalloc.problem.problem import Options, Problem
from resalloc.reporting.run_files import (
    AGAIN,
    check_hashes,
    hashes,
    read_allocation,
    read_json,
    write_allocation,
    write_json,
)
from resalloc.result.result import Conflict, OutOfReach, Phase, Result
from resalloc.rules.compile import compile_rows
from resalloc.scoring.score import score, score_allocation
from resalloc.status import Status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.district.district import District
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import Rows

FORMAT = 1
_PHASE_NUMBERS = ("value", "bound", "gap", "seconds")


def save_run(result: Result, folder: str | Path) -> Path:
    """Write a result so that :func:`read_run` gives it back.

    Parameters
    ----------
    result
        What a solve gave.
    folder
        Made if absent. Gets ``run.json`` (versions, options, status, proofs and the
        hash of every other file), ``norms.json`` (the clauses as they were used),
        ``district/`` and, where there is one, ``allocation.csv``.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    problem = result.problem
    write_district(problem.district, home / "district")
    write_json(home / "norms.json", _norms_as_data(problem.norms))
    table = home / "allocation.csv"
    if result.allocation is None:
        table.unlink(missing_ok=True)
    else:
        write_allocation(result.allocation, table)
    write_json(home / "run.json", {**_as_data(result), "files": hashes(home)})
    return home


def read_run(folder: str | Path) -> Result:
    """Read a saved run.

    The problem is compiled again and both scorecards are computed again from the
    allocation; none of their figures is taken from the files.

    Parameters
    ----------
    folder
        As written by :func:`save_run`.

    Returns
    -------
    Result
        Equal to the one that was saved.

    Raises
    ------
    InputError
        A file is missing, was changed since it was written, or cannot be read.
    """
    home = Path(folder)
    data = read_json(home / "run.json")
    if data.get("format") != FORMAT:
        what = f"it has format {data.get('format')!r}, this version reads {FORMAT}."
        raise one_fault("run.json", what, "Solve again with this version.")
    check_hashes(home, data.get("files", {}))
    try:
        problem = Problem(
            _district(home / "district"),
            _norms_from_data(read_json(home / "norms.json")),
            Options(**data["options"]),
        )
        rows = compile_rows(problem)
        x = read_allocation(home / "allocation.csv", rows) if data["has_allocation"] else None
        return _result(rows, x, data)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        what = f"it cannot be read ({type(error).__name__}: {error})."
        raise one_fault(str(home), what, AGAIN) from None


def _district(folder: Path) -> District:
    return read_district(folder, assumptions=read_assumptions(folder / "assumptions.toml"))


def _as_data(result: Result) -> dict[str, Any]:
    from resalloc import __version__

    problem = result.problem
    return {
        "format": FORMAT,
        "resalloc": __version__,
        "district": problem.district.id,
        "plan": problem.norms.document.id,
        "document_sha256": problem.norms.document.sha256,
        "years": list(problem.years),
        "options": dict(problem.options.__dict__),
        "changes": list(problem.norms.changes),
        "status": result.status.value,
        "message": result.message,
        "message_zh": result.message_zh,
        "solver": result.solver,
        "seconds": result.seconds,
        "has_allocation": result.allocation is not None,
        "phases": [_phase_as_data(phase) for phase in result.phases],
        "conflicts": [_plain(conflict.__dict__) for conflict in result.conflicts],
        "out_of_reach": [_plain(point.__dict__) for point in result.out_of_reach],
        "titles": {str(year): card.title for year, card in result.after.items()},
    }


def _result(rows: Rows, x: Floats | None, data: Mapping[str, Any]) -> Result:
    titles: Mapping[str, str] = data["titles"]
    after = {}
    if x is not None:
        after = {
            int(year): score_allocation(rows, x, int(year), title=title)
            for year, title in titles.items()
        }
    return Result(
        rows=rows,
        status=Status(data["status"]),
        allocation=None if x is None else Allocation(rows.columns, x),
        phases=tuple(_phase_from_data(phase) for phase in data["phases"]),
        before=score(rows.problem),
        after=after,
        conflicts=tuple(Conflict(**conflict) for conflict in data["conflicts"]),
        out_of_reach=tuple(OutOfReach(**point) for point in data["out_of_reach"]),
        solver=data["solver"],
        seconds=float(data["seconds"]),
        message=data["message"],
        message_zh=data.get("message_zh", ""),
    )


def _phase_as_data(phase: Phase) -> dict[str, Any]:
    numbers = {name: repr(float(getattr(phase, name))) for name in _PHASE_NUMBERS}
    return {"name": phase.name, "unit": phase.unit, "status": phase.status.value, **numbers}


def _phase_from_data(data: Mapping[str, Any]) -> Phase:
    numbers = {name: float(data[name]) for name in _PHASE_NUMBERS}
    return Phase(name=data["name"], unit=data["unit"], status=Status(data["status"]), **numbers)


def _norms_as_data(norms: NormSet) -> dict[str, Any]:
    return {
        "document": norms.document.model_dump(mode="json"),
        "years": list(norms.years),
        "changes": list(norms.changes),
        "norms": [norm.model_dump(mode="json") for norm in norms],
    }


def _norms_from_data(data: Mapping[str, Any]) -> NormSet:
    return NormSet(
        document=Document.model_validate(data["document"]),
        norms=tuple(Norm.model_validate_json(json.dumps(norm)) for norm in data["norms"]),
        years=tuple(data["years"]),
        changes=tuple(data["changes"]),
    )


def _plain(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.item() if hasattr(value, "item") else value for key, value in record.items()}
