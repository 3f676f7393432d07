"""A plan's figures as one linear system: which of them cannot all be true, and what they imply.

Every figure is a bound on a ratio of named quantities, ``low <= scale N / D <= high``, which
is linear once multiplied out: ``low D <= scale N <= high D``. Quantities are never negative, a
part is never more than its whole, and parts that do not overlap are together never more.

=========  =====================================================================
N, D       sums of named quantities (unknowns, at least 0); D = 1 for a count
low, high  the printed number, give or take one unit in its last digit
=========  =====================================================================

Smallest conflicting sets are found by a deletion filter (Chinneck and Dravnieks, 1991,
ORSA Journal on Computing 3(2)).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog

from resalloc.linting.quantity import contains, parts_apart

_LARGE = 1e9


@dataclass(frozen=True)
class Bound:
    """One printed figure as a bound: ``low <= scale * sum(top) / sum(bottom) <= high``.

    Parameters
    ----------
    name
        Which figure.
    top, bottom
        Quantities; an empty `bottom` is the number 1.
    low, high
        In the figure's own unit; infinite where it sets no bound.
    scale
        Of the unit, e.g. 1000 for per 1,000.
    """

    name: str
    top: tuple[str, ...]
    bottom: tuple[str, ...]
    low: float
    high: float
    scale: float


@dataclass(frozen=True)
class System:
    """Bounds that are all to hold together."""

    bounds: tuple[Bound, ...]

    def holds(self) -> bool:
        """Say whether some quantities satisfy every bound.

        Examples
        --------
        >>> beds = Bound("beds", ("beds",), (), 3757.5, 3758.5, 1)
        >>> per_bed = Bound("staff per bed", ("staff",), ("beds",), 1.46, 1.48, 1)
        >>> staff = Bound("staff", ("staff",), (), 5865.5, 5866.5, 1)
        >>> System((beds, per_bed)).holds(), System((beds, per_bed, staff)).holds()
        (True, False)
        """
        names, rows = self._rows()
        at_least = np.zeros(len(names))
        for bound in self.bounds:
            for name in bound.bottom:
                at_least[names.index(name)] = 1.0
        limits: list[tuple[float, float | None]] = [(float(low), None) for low in at_least]
        limits[0] = (1.0, 1.0)
        answer = linprog(
            np.zeros(len(names)), A_ub=rows, b_ub=np.zeros(rows.shape[0]), bounds=limits
        )
        return bool(answer.status != 2)

    def conflict(self) -> tuple[Bound, ...]:
        """Give a smallest set of bounds that cannot hold together; empty if all can.

        Leaving any one of them out, the rest can hold.
        """
        if self.holds():
            return ()
        kept = list(self.bounds)
        for bound in reversed(self.bounds):
            fewer = [other for other in kept if other is not bound]
            if not System(tuple(fewer)).holds():
                kept = fewer
        return tuple(kept)

    def implied(self, bound: Bound) -> tuple[float, float]:
        """Give the least and the greatest value the other bounds leave for `bound`'s ratio."""
        others = tuple(other for other in self.bounds if other is not bound)
        system = System((*others, _free(bound)))
        names, rows = system._rows()
        top = np.array([bound.top.count(name) * bound.scale for name in names], dtype=float)
        bottom = np.array(
            [bound.bottom.count(name) if bound.bottom else name == "1" for name in names],
            dtype=float,
        )
        found: list[float] = []
        for sign in (1.0, -1.0):
            answer = linprog(
                sign * top,
                A_ub=rows,
                b_ub=np.zeros(rows.shape[0]),
                A_eq=bottom.reshape(1, -1),
                b_eq=[1.0],
                bounds=(0, _LARGE),
            )
            value = float(answer.fun or 0.0) * sign if answer.status == 0 else sign * -np.inf
            found.append(float(value) if abs(value) < _LARGE else float(sign * -np.inf))
        return found[0], found[1]

    def _rows(self) -> tuple[list[str], npt.NDArray[np.float64]]:
        """Give the unknowns, the number 1 first, and the rows ``A x <= 0``."""
        used = [name for bound in self.bounds for name in (*bound.top, *bound.bottom)]
        names = list(dict.fromkeys(["1", *used]))
        rows: list[npt.NDArray[np.float64]] = []

        def row(entries: dict[str, float]) -> None:
            line = np.zeros(len(names))
            for name, value in entries.items():
                line[names.index(name)] += value
            rows.append(line / np.abs(line).max())

        for bound in self.bounds:
            bottom = bound.bottom or ("1",)
            for limit, sign in ((bound.high, 1.0), (bound.low, -1.0)):
                if not np.isfinite(limit) or (sign < 0 and limit <= 0):
                    continue
                entries = dict.fromkeys((*bound.top, *bottom), 0.0)
                for name in bound.top:
                    entries[name] += sign * bound.scale
                for name in bottom:
                    entries[name] -= sign * limit
                row(entries)
        for whole, part in permutations(names[1:], 2):
            if contains(whole, part):
                row({part: 1.0, whole: -1.0})
        for whole, parts in parts_apart(names[1:]).items():
            row({**dict.fromkeys(parts, 1.0), whole: -1.0})
        rows.append(np.zeros(len(names)))
        return names, np.array(rows)


def _free(bound: Bound) -> Bound:
    """Give the same ratio without bounds, so that its quantities are known to the system."""
    return Bound(bound.name, bound.top, bound.bottom, -np.inf, np.inf, bound.scale)
