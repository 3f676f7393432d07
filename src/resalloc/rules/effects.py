"""Effects: which numbers of a problem a factor of a sweep changes, and how."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.tables import SERIES
from resalloc.errors import Fault, InputError, did_you_mean
from resalloc.problem.given import positions
from resalloc.rules.scope import Lookups, Place, lookups, places
from resalloc.rules.terms import sum_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from resalloc.problem.columns import Columns, Floats, Ints
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Factor

CLASSES = ("urban", "rural")
"""Place classes of demand points, each with a driving speed."""
BEFORE = ("ems.call_min", "ems.chute_min")
"""Minutes that pass before the wheels turn."""


@dataclass(frozen=True, eq=False)
class Effect:
    """What one factor changes.

    Parameters
    ----------
    factor
        The factor.
    ids
        Positions of what it changes: in the given quantities (``people``), among the columns
        (``amount``, ``project``), of sites (``site``), of :data:`CLASSES` (``speed``) or of
        :data:`BEFORE` (``minutes``); none for a target or a budget.
    amounts
        What a project adds at each position.
    norm_id
        The clause of a ``target``.
    """

    factor: Factor
    ids: Ints
    amounts: Floats
    norm_id: str = ""

    @property
    def stays(self) -> float:
        """The value at which a factor or a project leaves everything as it is."""
        return 1.0 if self.factor.kind != "project" or self.factor.counted else 0.0


def effects(factors: Iterable[Factor], problem: Problem, columns: Columns) -> tuple[Effect, ...]:
    """Find out what each factor changes in a problem of one year.

    Parameters
    ----------
    factors
        What differs between futures.
    problem
        A problem of one year.
    columns
        Its columns.

    Returns
    -------
    tuple of Effect
        One a factor, in order.

    Raises
    ------
    InputError
        A factor names what the district or the plan does not have; all at once.
    """
    desk = _Desk(problem, columns, lookups(problem.district))
    found, faults = [], []
    for factor in factors:
        try:
            found.append(desk.effect(factor))
        except InputError as error:
            faults += [
                Fault(f"factor '{factor.name}', {fault.where}", fault.what, fault.remedy)
                for fault in error.faults
            ]
    if faults:
        raise InputError(faults)
    return tuple(found)


@dataclass(frozen=True)
class _Desk:
    """A problem, and how a factor is looked up in it."""

    problem: Problem
    columns: Columns
    district: Lookups

    @property
    def year(self) -> int:
        return self.problem.years[0]

    def effect(self, factor: Factor) -> Effect:
        make = {
            "people": self._people, "speed": self._speed, "minutes": self._minutes,
            "site": self._sites, "amount": self._amounts, "project": self._project,
            "target": self._target, "budget": self._budget,
        }[factor.kind]  # fmt: skip
        return make(factor)

    def _people(self, factor: Factor) -> Effect:
        townships = self.district.townships.index
        where = _positions(factor.names, townships, "township") if factor.names else slice(None)
        series = SERIES if factor.what == "population" else (factor.what,)
        ids = [
            positions(name, self.year, len(townships), self.problem.years)[where] for name in series
        ]
        return _plain(factor, np.concatenate(ids))

    def _speed(self, factor: Factor) -> Effect:
        _, _, named = factor.what.partition(".")
        if factor.names or (named and named not in CLASSES):
            raise _misread(factor, "Write speed, speed.urban or speed.rural.")
        return _plain(factor, np.array([CLASSES.index(c) for c in CLASSES if named in ("", c)]))

    def _minutes(self, factor: Factor) -> Effect:
        if factor.names:
            raise _misread(factor, f"Write {factor.what} alone.")
        return _plain(factor, np.array([BEFORE.index(factor.what)]))

    def _sites(self, factor: Factor) -> Effect:
        if not factor.names:
            raise _misread(factor, "Name the site: site[NAME].")
        return _plain(factor, _positions(factor.names, self.district.sites.index, "site"))

    def _amounts(self, factor: Factor) -> Effect:
        return _plain(factor, self._cells(factor.what, factor.names))

    def _project(self, factor: Factor) -> Effect:
        if not factor.adds:
            raise _misread(factor, 'Say what it adds: adds = { "beds[NAME]" = 200 }.')
        ids, amounts = [], []
        for text, amount in factor.adds.items():
            part = type(factor)(text)
            cells = self._cells(part.what, part.names)
            if len(cells) != 1:
                what = f"'{text}' is {len(cells)} numbers; a project adds to one place each."
                remedy = "Name one institution, or one township for a supply: beds[NAME]."
                raise InputError([Fault("adds", what, remedy)])
            ids.append(cells)
            amounts.append(float(amount))
        return Effect(factor, np.concatenate(ids), np.array(amounts))

    def _target(self, factor: Factor) -> Effect:
        norm_id = factor.what.removeprefix("norm.")
        norm = self.problem.norms[norm_id]
        targets = norm.reads.values.values()
        if norm.use == "context" or not targets:
            what = f"the clause '{norm_id}' has no target in {self.year}."
            raise InputError([Fault(factor.of, what, "Choose a clause that is due and used.")])
        if any(isinstance(target, tuple) for target in targets):
            what = f"the clause '{norm_id}' has two ends."
            raise InputError([Fault(factor.of, what, "Only a clause with one target varies.")])
        return Effect(factor, _none(), np.zeros(0), norm_id)

    def _budget(self, factor: Factor) -> Effect:
        return Effect(factor, _none(), np.zeros(0))

    def _cells(self, term: str, names: tuple[str, ...]) -> Ints:
        if term.split("@")[0] in ("station", "crewed"):
            what = f"'{term}' is either there or not, site by site."
            raise InputError([Fault(term, what, "Write site[NAME] with 0 or 1.")])
        place = self._place(term, names)
        found = sum_of((term,), self.columns, self.district, place, self.year)
        if len(found.given):
            what = f"'{term}' is not a quantity of the columns."
            raise InputError([Fault(term, what, "Write e.g. beds, staff.nurse or vehicles.")])
        return found.columns

    def _place(self, term: str, names: tuple[str, ...]) -> Place:
        whole = places("district", self.district)[0]
        if not names:
            return whole
        if term.startswith("supply"):
            townships = self.district.townships.index
            mask = np.zeros(len(townships), dtype=bool)
            mask[_positions(names, townships, "township")] = True
            return Place("", whole.institutions, mask)
        providers = self.district.providers().index
        mask = np.zeros(len(providers), dtype=bool)
        mask[_positions(names, providers, "institution")] = True
        return Place("", mask, whole.townships)


def _plain(factor: Factor, ids: Ints) -> Effect:
    return Effect(factor, ids, np.zeros(len(ids)))


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _misread(factor: Factor, remedy: str) -> InputError:
    return InputError([Fault(factor.of, "cannot be read.", remedy)])


def _positions(names: Sequence[str], known: Iterable[object], what: str) -> Ints:
    """Give the positions of names, all that are unknown in one error."""
    where = {str(name): i for i, name in enumerate(known)}
    faults = [
        Fault(what, f"there is no {what} '{name}'.", did_you_mean(name, where))
        for name in names
        if name not in where
    ]
    if faults:
        raise InputError(faults)
    return np.array([where[name] for name in names], dtype=np.int64)
