"""From a sweep file to the work: the state that is scored, the axes, and what is to be run."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from resalloc.district.read import read_district
from resalloc.errors import Fault, InputError, one_fault
from resalloc.norms.read import newest_plan, read_norms
from resalloc.problem.problem import Problem
from resalloc.scoring.crossing import cross
from resalloc.scoring.state import planned, score_state, today
from resalloc.scoring.tables import Scorer
from resalloc.sweep.axes import axes_of
from resalloc.sweep.product_work import ProductWork, three_axes
from resalloc.sweep.summary.passing import counts_jointly
from resalloc.sweep.table_work import TableWork

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.norms.norm import Norm
    from resalloc.problem.allocation import Allocation
    from resalloc.result.result import Result
    from resalloc.scoring.state import State
    from resalloc.sweep.axes import Axis
    from resalloc.sweep.settings import SweepSettings


@dataclass(frozen=True, eq=False)
class Sweep:
    """A sweep that is ready to run.

    Parameters
    ----------
    settings
        What the file says.
    problem
        What would be planned for; its years are those of the plan.
    state
        What is scored in every scenario.
    axes
        The scenarios.
    """

    settings: SweepSettings
    problem: Problem
    state: State
    axes: tuple[Axis, ...]

    @property
    def scenarios(self) -> int:
        """How many scenarios in all."""
        count = 1
        for axis in self.axes:
            count *= len(axis.design)
        return count

    @property
    def sources(self) -> Mapping[str, str]:
        """SHA-256 of the sweep file and of every file it names, by path from the sweep file."""
        here = self.settings.path.parent
        files = {
            Path(os.path.relpath(path, here)).as_posix(): found
            for path, found in self.settings.files.items()
        }
        return {"sweep file": self.settings.sha256, **files}

    def work(self, *, threads: int = 1) -> TableWork | ProductWork:
        """Give what is to be run: one axis is a table, several are a product.

        Raises
        ------
        InputError
            A factor or a clause is not usable, or an axis of a product mixes people with
            plans or targets.
        """
        clauses = self.settings.clauses or None
        self._refuse_idle_factors()
        if len(self.axes) == 1:
            (axis,) = self.axes
            scorer = Scorer.of(
                self.state, axis.design.factors, clauses=clauses, measures=self.settings.measures
            )
            if not scorer.clauses and not scorer.measures:
                what = "no factor moves any of the clauses that are scored."
                remedy = "Vary something they depend on, or score other clauses."
                raise one_fault(self.settings.path.name, what, remedy)
            return TableWork(scorer, axis.design, self.sources, threads)
        if self.settings.measures:
            what = "a product counts clauses only."
            remedy = "Leave the measures out, or make it one table."
            raise one_fault(f"{self.settings.path.name}, measures", what, remedy)
        axes = three_axes(self.axes)
        compared = [
            (norm.id, direction)
            for norm in self.state.problem.norms
            if (direction := _direction(norm)) and (clauses is None or norm.id in clauses)
        ]
        binding = [norm.id for norm in self.state.problem.norms if counts_jointly(norm)]
        product = cross(self.state, axes, clauses=clauses, measures=compared, joint=binding)
        return ProductWork(product, axes, self.sources)

    def missing(self) -> Mapping[str, str]:
        """Say by clause what would have to be known of the state to compute it."""
        card = score_state(self.state)
        return {clause.norm.id: clause.missing for clause in card if clause.missing}

    def _refuse_idle_factors(self) -> None:
        """Refuse what would change no number: a budget, a target of a clause not scored."""
        chosen = self.settings.clauses
        faults = []
        for factor in (factor for axis in self.axes for factor in axis.design.factors):
            where = f"{self.settings.path.name}, factor '{factor.name}'"
            if factor.kind == "budget":
                what = "a budget changes no score."
                faults.append(Fault(where, what, "Leave it out, or plan anew: --reoptimise."))
            elif factor.kind == "target" and chosen and factor.what[5:] not in chosen:
                what = "the clause whose target it varies is not scored."
                faults.append(Fault(where, what, f'Add "{factor.what[5:]}" to clauses.'))
        if faults:
            raise InputError(faults)


def prepare(settings: SweepSettings, run: Result | None = None) -> Sweep:
    """Read the district and the plan, and lay out the scenarios.

    Parameters
    ----------
    settings
        What the file says.
    run
        The saved run its ``state`` names; None where that is ``"today"``.

    Raises
    ------
    InputError
        District, plan, year or names do not fit together.
    """
    if run is not None:
        problem, state = _planned(settings, run)
    else:
        problem = _problem(settings)
        state = today(problem)
    district = problem.district
    axes = axes_of(settings, district.townships, [str(name) for name in district.sites.index])
    return Sweep(settings, problem, state, axes)


def _problem(settings: SweepSettings) -> Problem:
    district = read_district(settings.district, replacing=dict(settings.assumptions))
    norms = read_norms(settings.plan or newest_plan(district.id))
    year = settings.year or norms.last_year()
    if year is None:
        what = "no clause of the plan is ever due."
        raise one_fault(f"{settings.path.name}, plan", what, "Choose a plan with targets.")
    return Problem(district, norms.at(year).override(dict(settings.targets)))


def _planned(settings: SweepSettings, run: Result) -> tuple[Problem, State]:
    where = f"{settings.path.name}, state"
    if run.allocation is None:
        raise one_fault(where, "the run found no allocation.", "Solve again, or sweep today.")
    if settings.targets or settings.assumptions:
        what = "a saved run has targets and assumptions of its own."
        raise one_fault(where, what, "Solve again with --set and --assume, then sweep that run.")
    allocation: Allocation = run.allocation
    problem = run.rows.problem
    return problem, planned(problem, allocation, settings.year or problem.years[-1])


def _direction(norm: Norm) -> str:
    """Say which way is better for a clause by which plans are compared; empty for others."""
    rule = norm.indicator.rule if norm.indicator and norm.use != "context" else ""
    return {"response": "lower", "reach": "higher"}.get(rule, "")
