"""Outcomes as Arrow tables, one scenario a chunk, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from resalloc.errors import one_fault
from resalloc.result.result import Phase
from resalloc.status import Status
from resalloc.sweep.reoptimise.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from resalloc.problem.columns import Columns, Floats

_WORDS = pa.dictionary(pa.int32(), pa.string())
SCHEMAS: Mapping[str, pa.Schema] = {
    "outcomes": pa.schema(
        {
            "scenario": pa.int64(),
            "status": pa.string(),
            "conflicts": pa.list_(pa.string()),
            "message": pa.string(),
            "message_zh": pa.string(),
        }
    ),
    "phases": pa.schema(
        {
            "scenario": pa.int64(),
            "phase": pa.int64(),
            "name": pa.string(),
            "unit": pa.string(),
            "status": pa.string(),
            "value": pa.float64(),
            "bound": pa.float64(),
            "gap": pa.float64(),
        }
    ),
    "allocations": pa.schema(
        {
            "scenario": pa.int64(),
            "block": _WORDS,
            "cell": _WORDS,
            "year": pa.int64(),
            "today": pa.float64(),
            "planned": pa.float64(),
        }
    ),
}
"""The data sets: what came out, with what proof, and how much of everything."""


def to_tables(outcomes: Sequence[Outcome], columns: Columns) -> dict[str, pa.Table]:
    """Give outcomes as tables.

    Parameters
    ----------
    outcomes
        Of one or more scenarios; an outcome without a plan has planned amounts of null.
    columns
        The decision columns.

    Returns
    -------
    dict
        ``outcomes``, ``phases`` and ``allocations``, as :data:`SCHEMAS`. How long anything
        took is left out, so that the same work gives the same bytes.
    """
    heads = [
        {
            "scenario": one.scenario,
            "status": one.status.value,
            "conflicts": list(one.conflicts),
            "message": one.message,
            "message_zh": one.message_zh,
        }
        for one in outcomes
    ]
    phases = [
        {
            "scenario": one.scenario,
            "phase": number,
            "name": phase.name,
            "unit": phase.unit,
            "status": phase.status.value,
            "value": float(phase.value),
            "bound": float(phase.bound),
            "gap": float(phase.gap),
        }
        for one in outcomes
        for number, phase in enumerate(one.phases)
    ]
    tables = {
        "outcomes": pa.Table.from_pylist(heads, SCHEMAS["outcomes"]),
        "phases": pa.Table.from_pylist(phases, SCHEMAS["phases"]),
    }
    tables["allocations"] = pa.concat_tables(
        [_allocation(one, columns) for one in outcomes] or [SCHEMAS["allocations"].empty_table()]
    )
    return tables


def from_tables(tables: Mapping[str, pa.Table], columns: Columns) -> tuple[Outcome, ...]:
    """Give outcomes back, in the order of their scenarios; their seconds are not known.

    Raises
    ------
    InputError
        The tables are of another problem, or a scenario stands in them twice.
    """
    phases: dict[int, list[Phase]] = {}
    for row in (
        tables["phases"].sort_by([("scenario", "ascending"), ("phase", "ascending")]).to_pylist()
    ):
        numbers = (row["value"], row["bound"], row["gap"], float("nan"))
        phase = Phase(row["name"], row["unit"], Status(row["status"]), *numbers)
        phases.setdefault(row["scenario"], []).append(phase)
    amounts = _amounts(tables["allocations"], columns)
    heads = tables["outcomes"].sort_by("scenario").to_pylist()
    names = [head["scenario"] for head in heads]
    if len(set(names)) < len(names) or set(names) != set(amounts):
        raise one_fault("outcomes", "a scenario is missing or stands twice.", "Run it again.")
    return tuple(
        Outcome(
            scenario=head["scenario"],
            status=Status(head["status"]),
            phases=tuple(phases.get(head["scenario"], ())),
            today=amounts[head["scenario"]][0],
            x=amounts[head["scenario"]][1],
            conflicts=tuple(head["conflicts"]),
            message=head["message"],
            message_zh=head["message_zh"],
        )
        for head in heads
    )


def _allocation(outcome: Outcome, columns: Columns) -> pa.Table:
    blocks, cells, years = _names(columns)
    size = columns.size
    planned = pa.nulls(size, pa.float64()) if outcome.x is None else pa.array(outcome.x)
    values = {
        "scenario": pa.array(np.full(size, outcome.scenario)),
        "block": pa.array(blocks).cast(_WORDS),
        "cell": pa.array(cells).cast(_WORDS),
        "year": pa.array(years),
        "today": pa.array(outcome.today),
        "planned": planned,
    }
    return pa.table(values, schema=SCHEMAS["allocations"])


def _names(columns: Columns) -> tuple[list[str], list[str], list[int]]:
    """Give block, cell (its labels, joined) and year of every column."""
    blocks: list[str] = []
    cells: list[str] = []
    years: list[int] = []
    for block in columns.blocks.values():
        labels = [""]
        for axis in block.axes:
            labels = [
                f"{before} / {label}".strip(" /") for before in labels for label in axis.labels
            ]
        blocks += [block.name] * block.size
        cells += [label for label in labels for _ in block.years]
        years += [year for _ in labels for year in block.years]
    return blocks, cells, years


def _amounts(table: pa.Table, columns: Columns) -> dict[int, tuple[Floats, Floats | None]]:
    """Give today's and the planned amounts by scenario, checked against the columns."""
    blocks, cells, years = _names(columns)
    found: dict[int, tuple[Floats, Floats | None]] = {}
    scenarios = table["scenario"].to_numpy()
    for scenario in np.unique(scenarios).tolist():
        own = table.filter(pa.array(scenarios == scenario))
        named = [own[name].to_pylist() for name in ("block", "cell", "year")]
        if named != [blocks, cells, years]:
            what = f"those of scenario {scenario + 1} are not of this problem."
            raise one_fault("allocations", what, "Read them with the problem they were made for.")
        none = own["planned"].null_count == len(own)
        planned = None if none else own["planned"].to_numpy()
        found[int(scenario)] = (own["today"].to_numpy(), planned)
    return found
