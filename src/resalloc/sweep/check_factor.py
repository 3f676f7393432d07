"""What of one ``[[factor]]`` does not go together, told without a district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.errors import Fault, InputError
from resalloc.problem.scenario import Factor
from resalloc.sampling.allowed import unknown_word
from resalloc.sampling.distribution import Levels
from resalloc.sampling.variable import Variable
from resalloc.sweep.entries import DISTRIBUTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.sweep.entries import FactorEntry, Sampler

_COUPLED = ("monte-carlo", "latin-hypercube", "sobol")


def factor_faults(entry: FactorEntry, sampler: Sampler | None, where: str) -> Iterator[Fault]:
    """Tell what of a factor does not go together, or not with the sampler."""
    try:
        factor = Factor(entry.of, entry.name, entry.adds, entry.counted is not False)
    except InputError as error:
        yield from _within(where, error)
        return
    yield from _kind_faults(entry, factor, where)
    yield from _group_faults(entry, factor, sampler, where)
    yield from _sampler_faults(entry, sampler, where)
    if entry.weights is not None and entry.levels is None:
        yield Fault(f"{where}, weights", "there are no levels.", "Give levels, one a weight.")
    if len(entry.said) == 1 and entry.exactly is None:
        try:
            distribution = entry.distribution()
            Variable(factor, distribution)
        except InputError as error:
            yield from _within(where, error)
            return
        weighted = isinstance(distribution, Levels) and distribution.weights is not None
        if sampler == "factorial" and (weighted or not isinstance(distribution, Levels)):
            what = "a factorial takes every level once."
            remedy = 'Give levels without weights, or use sampler = "sobol".'
            yield Fault(f"{where}, {entry.said[0]}", what, remedy)


def _within(where: str, error: InputError) -> Iterator[Fault]:
    for fault in error.faults:
        inner = "" if fault.where.startswith("factor") else f", {fault.where}"
        yield Fault(f"{where}{inner}", fault.what, fault.remedy)


def _kind_faults(entry: FactorEntry, factor: Factor, where: str) -> Iterator[Fault]:
    if factor.kind == "project":
        for key, given in (("name", entry.name), ("adds", entry.adds)):
            if not given:
                yield Fault(f"{where}, {key}", "is missing.", "Name the project and what it adds.")
        if entry.counted is None:
            what = "is missing: say whether the state has it already."
            yield Fault(f"{where}, counted", what, "Write counted = true or counted = false.")
        return
    if unknown := unknown_word(factor):
        yield Fault(f"{where}, of", unknown.what, unknown.remedy)
    if entry.adds:
        yield Fault(f"{where}, adds", "only a project adds.", 'Write of = "project".')
    if entry.open is not None and factor.kind != "site":
        yield Fault(f"{where}, open", "only a site or a project opens.", "Give levels instead.")
    if factor.kind == "site" and not factor.names and entry.group is None:
        remedy = 'Write site[NAME], or add by = "site" for every site.'
        yield Fault(f"{where}, of", "does not say which site.", remedy)


def _group_faults(
    entry: FactorEntry, factor: Factor, sampler: Sampler | None, where: str
) -> Iterator[Fault]:
    kinds = {"township": "people", "site": "site"}
    if entry.group is not None and factor.kind != kinds[entry.group]:
        what = f"'{entry.of}' does not differ by {entry.group}."
        remedy = 'Only series of people vary by = "township", only `site` varies by = "site".'
        yield Fault(where, what, remedy)
    if entry.sites and entry.townships:
        yield Fault(where, "names townships and sites.", "Name the one or the other.")
    elif (entry.townships and entry.by == "site") or (entry.sites and entry.by == "township"):
        yield Fault(where, f"is by {entry.by} and names others.", "Name those it varies by.")
    elif (entry.sites or entry.townships) and factor.names:
        yield Fault(f"{where}, of", "names are given twice.", "Leave out those in brackets.")
    correlated = [k for k in ("correlation", "correlation_km") if getattr(entry, k) is not None]
    if len(correlated) > 1:
        yield Fault(where, "has two correlations.", "Give correlation or correlation_km.")
    for key in correlated[:1]:
        if entry.group is None:
            remedy = 'Add by = "township" or by = "site".'
            yield Fault(f"{where}, {key}", "it is one factor.", remedy)
        elif key == "correlation_km" and entry.group == "site":
            what = "holds for townships only."
            yield Fault(f"{where}, {key}", what, "Give sites a correlation.")
        if sampler is not None and sampler not in _COUPLED:
            what = f"a {sampler} sampler draws no factors together."
            yield Fault(f"{where}, {key}", what, f"Use sampler = {' or '.join(_COUPLED)}.")


def _sampler_faults(entry: FactorEntry, sampler: Sampler | None, where: str) -> Iterator[Fault]:
    """Tell whether the factor says how it varies, once, and as the sampler takes it."""
    if sampler == "file":
        for key in entry.said:
            yield Fault(f"{where}, {key}", "the file says how it varies.", "Leave it out.")
        if entry.group is not None:
            yield Fault(where, "the file has a column each.", "Leave out the group.")
        return
    ways = ("exactly",) if sampler == "subsets" else DISTRIBUTIONS
    wrong = [key for key in entry.said if key not in ways]
    if sampler is not None and wrong:
        what = f"a {sampler} sampler does not take it."
        yield Fault(f"{where}, {wrong[0]}", what, f"Give {' or '.join(ways)}.")
    elif not entry.said:
        yield Fault(where, "does not say how it varies.", f"Give one of {', '.join(ways)}.")
    elif len(entry.said) > 1:
        what = f"says how it varies {len(entry.said)} times: {', '.join(entry.said)}."
        yield Fault(where, what, "Give one.")
    if entry.fixed and entry.exactly is None:
        yield Fault(f"{where}, fixed", "nothing is said of `exactly`.", "Say how many are open.")
    if entry.exactly is not None and entry.group != "site":
        yield Fault(f"{where}, exactly", "counts sites only.", 'Add by = "site", or sites = […].')
