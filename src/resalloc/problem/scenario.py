"""Futures: what differs between them, and many of them side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from resalloc.district.tables import SERIES
from resalloc.errors import Fault, InputError, one_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from resalloc.problem.columns import Floats

Kind = Literal["people", "speed", "minutes", "site", "amount", "target", "budget", "project"]
_OF = re.compile(r"^(?P<what>[^\[\]]+?)(?:\[(?P<names>[^\[\]]+)\])?$")
_MINUTES = ("ems.call_min", "ems.chute_min")
_SHOWN = 5


@dataclass(frozen=True)
class Factor:
    """One thing that differs between futures.

    ==========================================  ===========  ==================================
    ``of``                                      value        what it does
    ==========================================  ===========  ==================================
    ``population``, ``population[A|B]``         factor       every series of people, of all or
                                                             of the named townships
    ``residents``, ``children_0_14``, …         factor       one series, likewise
    ``speed``, ``speed.urban``, ``speed.rural`` factor       driving speed to points of a class
    ``ems.call_min``, ``ems.chute_min``         minutes      the time before the wheels turn
    ``site[NAME]``                              0 or 1       is the station open, with a crew?
    ``beds``, ``staff.nurse@primary_care``,     factor       what an indicator's term counts,
    ``vehicles``, ``beds[A|B]`` …                            of all or of the named places
    ``norm.ID``                                 target       the clause's target (a radius: km)
    ``budget_wan``                              万元         ceiling on capital, re-optimised
    ``project``                                 0 to 1       share of `adds` that is there
    ==========================================  ===========  ==================================

    Parameters
    ----------
    of
        What is changed, as above.
    name
        What to call it; `of` by default.
    adds
        Of a project: what it adds, by term, e.g. ``{"beds[铜梁区中医院]": 200}``.
    counted
        Of a project: are these already in the state that is scored? Then a project that
        slips takes them away; else one that is finished brings them.

    Raises
    ------
    InputError
        `of` cannot be read.

    Examples
    --------
    >>> Factor("staff.nurse@primary_care").kind, Factor("norm.beds_per_1000").kind
    ('amount', 'target')
    >>> Factor("population[南镇|北镇]").names
    ('南镇', '北镇')
    """

    of: str
    name: str = ""
    adds: Mapping[str, float] = field(default_factory=dict)
    counted: bool = True

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.of)
        object.__setattr__(self, "adds", dict(self.adds))
        if _OF.match(self.of) is None:
            remedy = "Write e.g. population, site[NAME], beds.icu@primary_care or norm.ID."
            raise one_fault(f"factor '{self.name}'", f"'{self.of}' cannot be read.", remedy)

    def __hash__(self) -> int:
        return hash((self.of, self.name, self.counted, *self.adds.items()))

    @property
    def what(self) -> str:
        """What is changed, without names in brackets."""
        match = _OF.match(self.of)
        assert match is not None
        return match["what"]

    @property
    def names(self) -> tuple[str, ...]:
        """The townships, institutions or sites named in brackets; none for all."""
        match = _OF.match(self.of)
        assert match is not None
        return tuple(name.strip() for name in match["names"].split("|")) if match["names"] else ()

    @property
    def kind(self) -> Kind:
        """What manner of change it is."""
        what = self.what
        if what == "population" or what in SERIES:
            return "people"
        if what.split(".")[0] == "speed":
            return "speed"
        if what in _MINUTES:
            return "minutes"
        if what == "site":
            return "site"
        if what == "budget_wan":
            return "budget"
        if what == "project":
            return "project"
        return "target" if what.startswith("norm.") else "amount"


@dataclass(frozen=True, eq=False)
class Batch:
    """Scenarios side by side: one row each, one column a factor.

    Parameters
    ----------
    factors
        What the columns are.
    values
        Scenarios × factors; every number is known.

    Raises
    ------
    InputError
        The shape does not fit, two factors have one name, or a value is not a number.

    Examples
    --------
    >>> import numpy as np
    >>> batch = Batch((Factor("population"),), np.array([[0.9], [1.0], [1.1]]))
    >>> len(batch), batch.of("population").tolist()
    (3, [0.9, 1.0, 1.1])
    """

    factors: tuple[Factor, ...]
    values: Floats

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, dtype=float)
        object.__setattr__(self, "factors", tuple(self.factors))
        object.__setattr__(self, "values", values)
        names = [factor.name for factor in self.factors]
        if values.ndim != 2 or values.shape[1] != len(names):
            what = f"{values.shape} values for {len(names)} factors."
            raise one_fault("scenarios", what, "Give one row a scenario, one column a factor.")
        faults = [
            Fault(f"factor '{name}'", "is named twice.", "Give each a name of its own.")
            for name in dict.fromkeys(n for n in names if names.count(n) > 1)
        ]
        for k in np.flatnonzero(~np.isfinite(values).all(axis=0)):
            rows = np.flatnonzero(~np.isfinite(values[:, k]))
            first = ", ".join(str(row + 1) for row in rows[:_SHOWN])
            more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
            what = f"no number in scenario {first}{more}."
            faults.append(Fault(f"factor '{names[k]}'", what, "Give every scenario a value."))
        if faults:
            raise InputError(faults)
        values.setflags(write=False)

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, which: slice) -> Batch:
        return Batch(self.factors, self.values[which])

    def of(self, name: str) -> Floats:
        """Give the values of one factor.

        Raises
        ------
        KeyError
            There is no such factor.
        """
        for k, factor in enumerate(self.factors):
            if factor.name == name:
                return np.asarray(self.values[:, k])
        raise KeyError(name)

    def __repr__(self) -> str:
        names = [factor.name for factor in self.factors]
        told = ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
        return f"Batch({len(self):,} scenarios × {len(names)} factors: {told})"

    def scenarios(self) -> Iterator[dict[Factor, float]]:
        """Give the scenarios one by one, as a value for each factor."""
        for row in self.values:
            yield dict(zip(self.factors, map(float, row), strict=True))

    def frame(self) -> pd.DataFrame:
        """Give one row a scenario, one column a factor by name."""
        import pandas as pd

        return pd.DataFrame(self.values, columns=[factor.name for factor in self.factors])
