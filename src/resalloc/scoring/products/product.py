"""Every population with every plan under every variant of the norms: what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from resalloc.errors import Fault, InputError, did_you_mean
from resalloc.scoring.products.arrays import is_numpy, same_home

if TYPE_CHECKING:
    from collections.abc import Callable

    from resalloc.problem.columns import Floats
    from resalloc.scoring.products.arrays import Array
    from resalloc.scoring.products.clauses import Clause

Better = Literal["lower", "higher"]
BINS = 4096
"""Into how many bins the range of a clause's values is divided for its quantiles."""
_PAD = 1e-9


@dataclass(frozen=True)
class Measure:
    """What plans are compared by: the value of a clause under one variant.

    Parameters
    ----------
    clause
        Its name.
    better
        Which way is better, ``"lower"`` or ``"higher"``.
    variant
        Number of the variant, from 0.
    """

    clause: str
    better: Better
    variant: int = 0


@dataclass(frozen=True, eq=False)
class Product:
    """All populations × all plans × all variants, of which only summaries are ever held.

    Parameters
    ----------
    clauses
        What is asked; all for the same populations, plans and variants.
    joint
        Names of the clauses of which it is counted whether all hold; every clause by default.
    measures
        By what plans are compared within a population (regret).
    variants
        What to call the variants; ``variant 1`` … by default.

    Raises
    ------
    InputError
        Sizes or names do not fit, or arrays belong to different libraries.

    Examples
    --------
    >>> from resalloc.scoring.products import Clause, Ratio
    >>> beds = Ratio([300.0, 400.0], None, None, [5e4], ">=", [7.0], scale=1000)
    >>> product = Product((Clause("beds", (beds,)),))
    >>> product.shape, product.scenarios
    ((1, 2, 1), 2)
    """

    clauses: tuple[Clause, ...]
    joint: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()
    variants: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "clauses", tuple(self.clauses))
        names = [clause.name for clause in self.clauses]
        object.__setattr__(self, "joint", tuple(self.joint) or tuple(names))
        object.__setattr__(self, "measures", tuple(self.measures))
        faults = _size_faults(self.clauses)
        if not faults:
            count = self.clauses[0].rows[0].variants
            given = tuple(self.variants) or tuple(f"variant {n + 1}" for n in range(count))
            object.__setattr__(self, "variants", given)
            faults = [*self._name_faults(names, count), *same_home(self._arrays)]
        if faults:
            raise InputError(faults)

    @property
    def shape(self) -> tuple[int, int, int]:
        """How many populations, plans and variants."""
        row = self.clauses[0].rows[0]
        return row.populations, row.plans, row.variants

    @property
    def scenarios(self) -> int:
        """How many scenarios: populations × plans × variants."""
        populations, plans, variants = self.shape
        return populations * plans * variants

    @property
    def on_numpy(self) -> bool:
        """Are the arrays NumPy's? Then the compiled loops read them."""
        return is_numpy(self._arrays[0])

    @property
    def held_bytes(self) -> int:
        """What the arrays take, each counted once."""
        each = {id(array): array for array in self._arrays}
        return sum(8 * int(np.prod(array.shape)) for array in each.values())

    @cached_property
    def ranges(self) -> Floats:
        """Between which numbers every clause's finite values lie; clauses × 2."""
        found = []
        for clause in self.clauses:
            ends = [row.range for row in clause.rows]
            low, high = min(low for low, _ in ends), max(high for _, high in ends)
            pad = _PAD * max(abs(low), abs(high), high - low, 1e-3)
            found.append((low - pad, high + pad))
        return np.array(found)

    @cached_property
    def widths(self) -> Floats:
        """Give the width of a bin of each clause: how far off a quantile may be."""
        return np.asarray((self.ranges[:, 1] - self.ranges[:, 0]) / BINS)

    def number(self, clause: str) -> int:
        """Give the position of a clause.

        Raises
        ------
        KeyError
            There is no such clause.
        """
        for k, one in enumerate(self.clauses):
            if one.name == clause:
                return k
        raise KeyError(clause)

    def on(self, asarray: Callable[[Floats], Array]) -> Product:
        """Give the product on another array library, or on its device.

        Parameters
        ----------
        asarray
            Takes a NumPy array and gives the library's, e.g. ``cupy.asarray`` or
            ``lambda a: torch.asarray(a, device="cuda")``. Each array is handed over once.

        Examples
        --------
        >>> import numpy as np
        >>> from resalloc.scoring.products import Clause, Ratio
        >>> beds = Ratio([300.0, 400.0], None, None, [5e4], ">=", [7.0], scale=1000)
        >>> Product((Clause("beds", (beds,)),)).on(np.asarray).shape
        (1, 2, 1)
        """
        taken: dict[int, tuple[Array, Array]] = {}

        def to(array: Array) -> Array:
            if id(array) not in taken:
                taken[id(array)] = array, asarray(array)
            return taken[id(array)][1]

        clauses = tuple(
            replace(clause, rows=tuple(row.moved(to) for row in clause.rows))
            for clause in self.clauses
        )
        return replace(self, clauses=clauses)

    @property
    def _arrays(self) -> list[Array]:
        return [array for clause in self.clauses for row in clause.rows for array in row.arrays]

    def _name_faults(self, names: list[str], variants: int) -> list[Fault]:
        faults = [
            Fault(f"clause '{name}'", "is named twice.", "Give each a name of its own.")
            for name in dict.fromkeys(n for n in names if names.count(n) > 1)
        ]
        asked = [*self.joint, *(measure.clause for measure in self.measures)]
        faults += [
            Fault(f"clause '{name}'", "is not among the clauses.", did_you_mean(name, names))
            for name in dict.fromkeys(asked)
            if name not in names
        ]
        for measure in self.measures:
            where = f"measure '{measure.clause}'"
            if measure.better not in ("lower", "higher"):
                what = f"'{measure.better}' is no direction."
                faults.append(Fault(where, what, "Write lower or higher."))
            if not 0 <= measure.variant < variants:
                what = f"variant {measure.variant} is not one of {variants}."
                faults.append(Fault(where, what, "Count from 0."))
        if len(set(self.measures)) < len(self.measures):
            faults.append(Fault("measures", "hold one twice.", "Give each once."))
        if len(self.variants) != variants or len(set(self.variants)) != variants:
            what = f"are not {variants} different names."
            faults.append(Fault("variants", what, "Give each a name of its own."))
        return faults


def _size_faults(clauses: tuple[Clause, ...]) -> list[Fault]:
    if not clauses:
        return [Fault("clauses", "are none.", "Give at least one.")]
    first, faults = clauses[0].rows[0], []
    for what in ("populations", "plans", "variants"):
        size = getattr(first, what)
        if size == 0:
            faults.append(Fault(what, "are none.", "Give at least one."))
        faults += [
            Fault(
                f"clause '{clause.name}', {row.name or f'row {number}'}",
                f"is for {getattr(row, what)} {what}, clause '{clauses[0].name}' for {size}.",
                "Give all rows the same.",
            )
            for clause in clauses
            for number, row in enumerate(clause.rows, 1)
            if getattr(row, what) != size
        ]
    return faults
