"""A clause: what is asked of every pair of a population and a plan, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from resalloc.errors import one_fault
from resalloc.result.scorecard import TOLERANCE
from resalloc.scoring.products.bounds import SENSES
from resalloc.scoring.products.mean import WeightedMean
from resalloc.scoring.products.ratio import Ratio

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats

Row = WeightedMean | Ratio


@dataclass(frozen=True, eq=False)
class Clause:
    """A clause: one row, or one for every place it speaks of.

    Its value is that of the row that is furthest from its bound, as a share of the bound
    (then of the row with the least margin). A row that cannot be computed, or has nothing
    to measure (0 / 0), does not stand for it; a clause without any number is not computable.

    Parameters
    ----------
    name
        What to call it, e.g. the norm's id.
    rows
        At least one, all for the same populations, plans and variants.
    """

    name: str
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", tuple(self.rows))
        if not self.rows:
            raise one_fault(f"clause '{self.name}'", "has no row.", "Give at least one.")
        if len(self.rows) > np.iinfo(np.int16).max:
            most = f"{np.iinfo(np.int16).max:,}"
            raise one_fault(f"clause '{self.name}'", f"has more than {most} rows.", "Divide it.")

    def limits(self, variant: int) -> Limits:
        """Give what the rows' values are compared with under a variant."""
        bounds = np.array([row.bounds[variant] for row in self.rows])
        return Limits(
            np.array([SENSES[row.sense] for row in self.rows]),
            bounds,
            np.maximum(np.abs(bounds), TOLERANCE),
            TOLERANCE * np.maximum(1.0, np.abs(bounds)),
        )


class Limits(NamedTuple):
    """By row: the sense (1 for >=, -1 for <=, 0 for ==), the bound, and two sizes.

    A gap is divided by `sizes` to compare rows, and holds up to `slacks`.
    """

    senses: npt.NDArray[np.int64]
    bounds: Floats
    sizes: Floats
    slacks: Floats
