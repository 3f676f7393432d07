"""Every rule over one plan, and over a plan and its district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.errors import one_fault
from resalloc.linting.against_district import (
    projects_and_beds,
    staff_and_recruits,
    tables_and_beds,
)
from resalloc.linting.consistency import looser_targets, state_figures, target_figures
from resalloc.linting.facts import Facts, facts_of
from resalloc.linting.finding import SEVERITIES, Finding
from resalloc.linting.projects import build_and_name, listed_twice, sizes_twice, window_and_money
from resalloc.linting.repeats import (
    clauses_twice,
    named_and_counted,
    printed_twice,
)
from resalloc.linting.shares import (
    share_between_steps,
    shares_of_one_group,
    whole_institutions,
)
from resalloc.linting.sizes import below_stock, size_caps
from resalloc.linting.strength import bracket_differs, stage_differs, strength_dropped
from resalloc.linting.targets import backwards, below_reached, deadlines, unit_slips
from resalloc.linting.totals import part_and_whole, total_and_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from resalloc.district.district import District
    from resalloc.norms.normset import NormSet

RULES: tuple[Callable[[NormSet], Iterator[Finding]], ...] = (
    total_and_rows,
    part_and_whole,
    printed_twice,
    clauses_twice,
    named_and_counted,
    target_figures,
    looser_targets,
    window_and_money,
    build_and_name,
    sizes_twice,
    listed_twice,
    backwards,
    below_reached,
    below_stock,
    unit_slips,
    deadlines,
    strength_dropped,
    stage_differs,
    bracket_differs,
    shares_of_one_group,
    share_between_steps,
    size_caps,
)
DISTRICT_RULES: tuple[Callable[[NormSet, Facts], Iterator[Finding]], ...] = (
    whole_institutions,
    staff_and_recruits,
    projects_and_beds,
    tables_and_beds,
)


def lint(plan: NormSet, district: District | None = None) -> tuple[Finding, ...]:
    """Check a plan's own numbers against each other, before anything is solved.

    Parameters
    ----------
    plan
        The plan, with all its years (not narrowed by ``at``).
    district
        Also hold the plan against this district's people and institutions.

    Returns
    -------
    tuple of Finding
        The gravest first, then in the order of the rules and of the document. Each is a
        question to the author, not a verdict.

    Raises
    ------
    InputError
        The plan says of which place it is, and the district is another.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> found = lint(read_norms("tongliang-2025"))
    >>> print(found[0].message("en"))
    Possible inconsistency, please check: 专栏2 合计 prints a total of 1,475; its 28 rows add up \
to 1,465, 10 apart (2025).
    """
    place = plan.document.place
    if district is not None and not (place in district.name or district.name in place):
        what = f"the plan is {plan.document.place}'s, the district is {district.name}."
        raise one_fault("district", what, "Name the plan's own district.")
    found = [finding for rule in RULES for finding in rule(plan)]
    if district is None:
        found += state_figures(plan)
    else:
        facts = facts_of(district)
        found += state_figures(plan, facts.people)
        found += [finding for rule in DISTRICT_RULES for finding in rule(plan, facts)]
    found = list({(finding.rule, finding.zh): finding for finding in found}.values())
    return tuple(sorted(found, key=lambda finding: SEVERITIES.index(finding.severity)))
