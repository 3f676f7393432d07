"""From the scenarios of a sweep to its summary, in three passes over the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.errors import one_fault
from resalloc.problem.scenario import Factor
from resalloc.sweep.summary.blocks import blocks
from resalloc.sweep.summary.frontier import Undominated, check_indicators, default_indicators
from resalloc.sweep.summary.groups import groups
from resalloc.sweep.summary.layout import layout
from resalloc.sweep.summary.passing import Clauses, Passing, Verdicts, WorstFirst
from resalloc.sweep.summary.risk import risk
from resalloc.sweep.summary.spread import Histogram, Ranges, spread_of
from resalloc.sweep.summary.summary import SweepSummary
from resalloc.sweep.summary.tornado import ByBin, cuts
from resalloc.sweep.summary.varied import Factors, Values, Varied, distributions, drawn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow.dataset as ds

    from resalloc.problem.problem import Problem
    from resalloc.result.scorecard import Clause
    from resalloc.sampling.design import Design
    from resalloc.sweep.summary.frontier import Indicator
    from resalloc.sweep.summary.groups import Group


def summarise(
    scenarios: ds.Dataset,
    places: ds.Dataset,
    *,
    problem: Problem,
    fixed: Sequence[Clause],
    title: str = "",
    state: str = "",
    factors: Sequence[Factor] = (),
    design: Design | None = None,
    indicators: Sequence[Indicator] | None = None,
    missing: Mapping[str, str] | None = None,
) -> SweepSummary:
    """Say what a sweep of a table of scenarios comes to.

    The data are read three times, a block at a time: first counts, means, ranges and worst
    scenarios; then histograms between least and greatest, and the trade-off; then means by
    bins of each factor. Memory does not grow with the number of scenarios, whatever it is: one
    file and two blocks of 16,384 scenarios, 8 bytes a number; 64 kB a column for histograms;
    24 bytes for each clause and bin of a factor (20 bins at most); and the trade-off itself.
    For 70 clauses and 68 factors in files of 4,096 scenarios that is about 300 MB. It takes
    scenarios × factors × clauses additions, some 35 µs a scenario there.

    Parameters
    ----------
    scenarios
        One row a scenario: ``scenario``, the factors, then ``<clause>.value``,
        ``<clause>.gap`` and ``<clause>.holds`` by clause, then the measures.
    places
        One row a chunk, clause and place: ``clause``, ``place``, ``failing``, ``known``.
    problem
        District and clauses they were scored with.
    fixed
        The clauses that no factor moves, as the audit has them.
    title
        What to call the sweep; the district by default.
    state
        What was scored in every scenario, e.g. the title of a state.
    factors
        What differed; where not given, each is what its column is called.
    design
        What the scenarios were drawn from, for the table of what was varied.
    indicators
        Two or three to weigh against each other; by default see
        :func:`~resalloc.sweep.summary.frontier.default_indicators`. An empty list for none.
    missing
        What is missing where a clause cannot be computed, by clause, e.g. as the audit of
        the state has it.

    Raises
    ------
    InputError
        A column is missing or unknown, there is no scenario, or an indicator is not there.
    """
    listed = [*(design.factors if design is not None else ()), *factors]
    ids = [norm.id for norm in problem.norms]
    of = layout(scenarios.schema.names, ids, [factor.name for factor in listed])
    known_as = {factor.name: factor for factor in listed}
    varied = tuple(known_as.get(name) or Factor(name) for name in of.factors)
    together = groups(varied, problem)
    names = (*of.factors, *(group.name for group in together))
    norms = [problem.norms[clause] for clause in of.clauses]
    clauses, measures = len(norms), len(of.measures)
    first_factor = 2 * clauses + measures

    ranges, verdicts = Ranges(first_factor + len(names)), Verdicts(norms)
    worst, values = WorstFirst(norms, len(of.factors)), Values(len(names))
    for block in blocks(scenarios, of, together):
        ranges.add(block.amounts)
        verdicts.add(block)
        worst.add(block)
        values.add(block.factors)
    size = verdicts.scenarios
    if not size:
        raise one_fault("scenarios", "there is none.", "Run the sweep first.")

    counts = [verdicts.count(c) for c in range(clauses)]
    if indicators is None:
        moving = ranges.least[first_factor:] < ranges.most[first_factor:]
        varying = [name for name, moves in zip(names, moving, strict=True) if moves]
        indicators = default_indicators(of, varying, norms, counts)
    check_indicators(indicators, [*of.clauses, *of.measures, *names])
    histogram = Histogram(ranges)
    undominated = Undominated(indicators, of, names, size)
    for block in blocks(scenarios, of, together):
        histogram.add(block.amounts)
        undominated.add(block)

    bins = [cuts(k, first_factor + k, values, histogram) for k in range(len(names))]
    said = verdicts.holds + verdicts.fails
    by_bin = ByBin(bins, ranges.mean[:clauses], ranges.known[:clauses], said, size)
    for block in blocks(scenarios, of, together):
        by_bin.add(block)

    spreads = [spread_of(k, ranges, histogram) for k in range(first_factor + len(names))]
    each = tuple(
        Passing(norm, counts[c], spreads[c], spreads[clauses + c], worst.of(c, of.factors))
        for c, norm in enumerate(norms)
    )
    joint, held = verdicts.joint_count, tuple(map(int, verdicts.held))
    within = {of.factors[k]: group.name for group in together for k in group.members}
    known: list[Factor | Group] = [*varied, *together]
    drawn_from = distributions(design)
    differed = tuple(
        Varied(
            name,
            entry if isinstance(entry, Factor) else None,
            None if isinstance(entry, Factor) else entry,
            within.get(name, ""),
            spreads[first_factor + k],
            values.levels(k),
            drawn_from.get(name),
        )
        for k, (name, entry) in enumerate(zip(names, known, strict=True))
    )
    return SweepSummary(
        problem=problem,
        title=title or problem.district.name,
        state=state,
        scenarios=size,
        clauses=Clauses(each, joint, held),
        fixed=tuple(fixed),
        factors=Factors(differed, drawn(design)),
        tornado=by_bin.tornado(of.clauses, names),
        frontier=undominated.frontier(),
        risk=risk(places, problem, size),
        measures={n: spreads[2 * clauses + k] for k, n in enumerate(of.measures)},
        missing=dict(missing or {}),
    )
