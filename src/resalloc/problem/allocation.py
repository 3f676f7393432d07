"""An allocation: values for every column, readable by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.errors import did_you_mean, one_fault

if TYPE_CHECKING:
    from resalloc.problem.columns import Columns, Floats


@dataclass(frozen=True)
class Allocation:
    """How much of everything, where and when.

    Parameters
    ----------
    columns
        What the entries of `x` mean.
    x
        One value per column; NaN where not known.
    """

    columns: Columns
    x: Floats

    def array(self, block: str) -> Floats:
        """Give a block's values, shaped by its axes with the year last."""
        return np.asarray(self.x[self.columns[block].ids])

    def frame(self, block: str) -> pd.DataFrame:
        """Give a block as a long table: its axes, year, today, planned, change.

        Parameters
        ----------
        block
            ``beds_total``, ``beds``, ``staff``, ``equipment``, ``supply``, ``fever``,
            ``station``, ``crewed``, ``crews`` or ``vehicles``.

        Raises
        ------
        InputError
            There is no such block.

        Examples
        --------
        >>> import numpy as np
        >>> from resalloc.problem.columns import Axis, Block, Columns
        >>> one = Block(
        ...     "beds_total",
        ...     (Axis("institution", ("A",)),),
        ...     (2025,),
        ...     np.array([20.0]),
        ...     np.zeros(1),
        ...     np.ones(1),
        ... )
        >>> frame = Allocation(Columns.of([one]), np.array([25.0])).frame("beds_total")
        >>> frame.to_dict("records")  # doctest: +NORMALIZE_WHITESPACE
        [{'institution': 'A', 'year': 2025, 'today': 20.0, 'planned': 25.0, 'change': 5.0}]
        """
        if block not in self.columns:
            known = did_you_mean(block, self.columns.blocks)
            raise one_fault("allocation", f"there is no block '{block}'.", known)
        of = self.columns[block]
        names = [axis.name for axis in of.axes]
        index = pd.MultiIndex.from_product(
            [*(axis.labels for axis in of.axes), of.years], names=[*names, "year"]
        )
        today = of.by_year(of.today)
        planned = self.x[of.ids].reshape(-1)
        frame = pd.DataFrame({"today": today, "planned": planned}, index=index).reset_index()
        frame["change"] = frame["planned"] - frame["today"]
        return frame
