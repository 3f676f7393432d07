"""Re-optimisation as work in chunks, one solve each, that a run can keep and resume."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field, fields
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pandas as pd

from resalloc.district.assumptions import Assumptions
from resalloc.district.travel import Travel
from resalloc.errors import Fault, InputError
from resalloc.problem.columns import Columns
from resalloc.problem.decisions import decision_blocks
from resalloc.sweep.reoptimise.future import planning_under
from resalloc.sweep.reoptimise.outcome import BASE, Outcome, outcome_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from resalloc.district.district import District
    from resalloc.problem.allocation import Allocation
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Batch

_MANY = 20


@dataclass(frozen=True, eq=False)
class ReoptimiseWork:
    """The solves of a re-optimisation: chunk 0 is the base plan, chunk k scenario k.

    Every solve begins at the same plan, or cold, so that a chunk comes out the same whichever
    worker computes it and whatever was computed before. What a time limit cuts off depends on
    the machine: such an answer says FEASIBLE or UNKNOWN, and only answers that are OPTIMAL
    with a proven tie-break come out the same everywhere. Rather leave time enough.

    Parameters
    ----------
    problem
        The problem as it is expected.
    batch
        The futures.
    time_limit_s
        Seconds a solve may take.
    solver
        As for :func:`~resalloc.solver.solve.solve`.
    start
        A plan every solve begins at; None begins cold. See :func:`reoptimise`.
    sources
        SHA-256 of the files the sweep was described in, by name.
    """

    problem: Problem
    batch: Batch
    time_limit_s: float = 60.0
    solver: str = "highs"
    start: Allocation | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def chunks(self) -> int:
        """How many solves there are."""
        return len(self.batch) + 1

    def size(self, chunk: int) -> int:
        """Say how many futures a chunk solves: one."""
        del chunk
        return 1

    def identity(self) -> Mapping[str, Any]:
        """Give all that decides the results, but for time limits that are hit."""
        problem = self.problem
        return {
            "kind": "reoptimise",
            "district": _of_district(problem.district),
            "norms": _sha256("".join(norm.model_dump_json() for norm in problem.norms)),
            "years": list(problem.years),
            "options": asdict(problem.options),
            "factors": [[f.of, f.name, dict(f.adds), f.counted] for f in self.batch.factors],
            "scenarios": hashlib.sha256(self.batch.values.tobytes()).hexdigest(),
            "time_limit_s": self.time_limit_s,
            "solver": self.solver,
            "start": _of_start(self.start),
            "sources": dict(self.sources),
            "highspy": metadata.version("highspy"),
        }

    def outcome(self, chunk: int) -> Outcome:
        """Solve one future."""
        from threadpoolctl import threadpool_limits

        scenario = chunk - 1 if chunk else BASE
        values = {} if scenario == BASE else next(self.batch[scenario:chunk].scenarios())
        future = planning_under(self.problem, values)
        # A long sum on two threads may end in another last digit than on one.
        with threadpool_limits(1, user_api="blas"):
            return outcome_of(
                scenario,
                future,
                solver=self.solver,
                time_limit_s=self.time_limit_s,
                start=self.start,
            )

    def run(self, chunk: int) -> Mapping[str, pa.Table]:
        """Solve one future, and give ``outcomes``, ``phases`` and ``allocations``."""
        from resalloc.sweep.reoptimise.tables import to_tables

        return to_tables([self.outcome(chunk)], self.columns())

    def columns(self) -> Columns:
        """Give the decision columns of every plan."""
        return Columns.of(decision_blocks(self.problem))

    def check(self) -> None:
        """Refuse scenarios that cannot be planned for, before the first solve.

        Raises
        ------
        InputError
            Their faults, of all scenarios together.
        """
        faults: list[Fault] = []
        for number, scenario in enumerate(self.batch.scenarios(), start=1):
            try:
                planning_under(self.problem, scenario)
            except InputError as error:
                faults += [Fault(f"scenario {number}, {f.where}", f.what, f.remedy)
                           for f in error.faults]  # fmt: skip
        if faults:
            more = len(faults) - _MANY
            rest = [Fault("scenarios", f"and {more} more faults.", "")] if more > 0 else []
            raise InputError([*faults[:_MANY], *rest])


def _of_district(district: District) -> str:
    """Hash all that a district holds."""
    parts = []
    for each in fields(district):
        value = getattr(district, each.name)
        if isinstance(value, pd.DataFrame):
            parts.append(value.to_csv())
        elif isinstance(value, Travel):
            arrays = (value.distance_km, value.travel_min, value.road_km)
            parts += [_sha256(array.tobytes()) for array in arrays]
        elif isinstance(value, Assumptions):
            parts += [f"{one.key}={one.value!r}" for one in value]
        else:
            parts.append(repr(value))
    return _sha256("\n".join(parts))


def _of_start(start: Allocation | None) -> str | None:
    return None if start is None else _sha256(start.x.tobytes())


def _sha256(content: str | bytes) -> str:
    data = content if isinstance(content, bytes) else content.encode()
    return hashlib.sha256(data).hexdigest()
