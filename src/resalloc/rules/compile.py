"""Compiling: a problem becomes columns, norm rows and links. The one statement of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.problem.columns import Columns
from resalloc.problem.decisions import decision_blocks
from resalloc.problem.given import Given
from resalloc.problem.rows import Derivation, Links, NormRows, Rows
from resalloc.rules.ratio import ratio_rows
from resalloc.rules.reach import covered_block, reach_rows
from resalloc.rules.response import (
    NearestCrew,
    answer_links,
    answers_block,
    crews_for_load,
    minutes,
    response_rows,
)
from resalloc.rules.scope import lookups
from resalloc.rules.structure import structure_links

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem


def compile_rows(problem: Problem) -> Rows:
    """Compile a problem.

    Parameters
    ----------
    problem
        District, norms due and options.

    Returns
    -------
    Rows
        What audit, solver, explanation and report all read. Norms without rows are
        in ``skipped`` with the reason: reported as a figure, not due, or nothing
        in scope.

    Raises
    ------
    InputError
        A norm names a scope or a term that does not exist.
    """
    due, skipped = [], []
    for norm in problem.norms:
        rule = norm.indicator.rule if norm.indicator else None
        if norm.use == "context":
            skipped.append((norm.id, "context"))
        elif not norm.reads.values:
            skipped.append((norm.id, "not due"))
        elif rule == "measure":
            skipped.append((norm.id, "measure"))
        else:
            due.append(norm)
    blocks = [*decision_blocks(problem)]
    blocks += [
        covered_block(n, problem) for n in due if n.indicator and n.indicator.rule == "reach"
    ]
    responds = problem.options.objective == "access" or any(
        n.indicator and n.indicator.rule == "response" for n in due
    )
    if responds:
        blocks.append(answers_block(problem))
    columns = Columns.of(blocks)
    compiled: list[NormRows] = []
    links: list[Links] = [*structure_links(problem, columns)]
    derivations: list[Derivation] = []
    if responds:
        links += answer_links(problem, columns)
        answers, crewed, time = columns["answers"].ids, columns["crewed"].ids, minutes(problem)
        derivations.append(NearestCrew(answers, crewed, time))
    district = lookups(problem.district)
    given = Given.of(district, problem.years)
    for norm in due:
        assert norm.indicator is not None
        if norm.indicator.rule == "reach":
            rows, more, derive = reach_rows(norm, problem, columns)
            links += more
            derivations.append(derive)
        elif norm.indicator.rule == "response":
            rows = response_rows(norm, problem, columns)
        else:
            rows = ratio_rows(norm, district, columns, given)
        if rows is None:
            skipped.append((norm.id, "nothing in scope"))
        else:
            compiled.append(rows)
    settle = None
    if responds:
        crews = set(columns["crews"].ids.reshape(-1).tolist())
        counted = any(crews & set(b.top.indices) | crews & set(b.bottom.indices) for b in compiled)
        settle = crews_for_load(problem, columns, trim=not counted)
    return Rows(
        problem,
        columns,
        given,
        tuple(compiled),
        tuple(links),
        tuple(derivations),
        tuple(skipped),
        settle,
    )
