"""What the columns of a sweep's scenarios are: factors, clauses, measures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.errors import Fault, InputError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

SCENARIO = "scenario"
PARTS = ("value", "gap", "holds")


@dataclass(frozen=True)
class Layout:
    """The columns of the data set ``scenarios``, by what they are.

    Parameters
    ----------
    factors
        What differs, by name.
    clauses
        Ids of the clauses that some factor can move.
    measures
        Further numbers.
    """

    factors: tuple[str, ...]
    clauses: tuple[str, ...]
    measures: tuple[str, ...]

    @property
    def columns(self) -> list[str]:
        """Every column, in the order in which they are read."""
        parts = [f"{clause}.{part}" for part in PARTS for clause in self.clauses]
        return [SCENARIO, *self.factors, *parts, *self.measures]


def layout(names: Sequence[str], norms: Collection[str], factors: Collection[str] = ()) -> Layout:
    """Tell the columns apart: factors stand before the clauses, measures after them.

    Parameters
    ----------
    names
        Of the columns, in order.
    norms
        Ids of the plan's clauses.
    factors
        Names of the factors, where they are known: without any clause, they alone tell
        factors and measures apart.

    Raises
    ------
    InputError
        There is no column ``scenario``, a clause lacks one of its three columns, or the
        plan has no clause of that name.

    Examples
    --------
    >>> names = ["scenario", "population", "beds.value", "beds.gap", "beds.holds", "gini_beds"]
    >>> layout(names, ["beds"])
    Layout(factors=('population',), clauses=('beds',), measures=('gini_beds',))
    """
    of_clause = {f"{norm}.{part}": norm for norm in norms for part in PARTS}
    places = [k for k, name in enumerate(names) if name in of_clause]
    first, last = (places[0], places[-1]) if places else (len(names), len(names))
    if not places and factors:
        first = 1 + max((k for k, name in enumerate(names) if name in factors), default=-1)
        last = first - 1
    clauses = tuple(dict.fromkeys(of_clause[names[k]] for k in places))
    faults = []
    if SCENARIO not in names:
        what = f"there is no column '{SCENARIO}'."
        faults.append(Fault("scenarios", what, "Give the scenarios of a sweep of a table."))
    for clause in clauses:
        lacking = [f"{clause}.{part}" for part in PARTS if f"{clause}.{part}" not in names]
        if lacking:
            faults.append(Fault(f"clause '{clause}'", f"lacks {', '.join(lacking)}.", "Add it."))
    for k in range(first, last):
        if names[k] not in of_clause:
            remedy = did_you_mean(names[k].rpartition(".")[0] or names[k], list(norms))
            faults.append(Fault(f"column '{names[k]}'", "is of no clause of the plan.", remedy))
    if faults:
        raise InputError(faults)
    return Layout(
        tuple(name for name in names[:first] if name != SCENARIO),
        clauses,
        tuple(name for name in names[last + 1 :] if name != SCENARIO),
    )
