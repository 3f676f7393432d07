"""Which values a factor may take at all: nobody has a negative number of beds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats
    from resalloc.problem.scenario import Factor

_SAYS = {
    "people": "0 or more",
    "speed": "above 0",
    "minutes": "0 or more",
    "site": "0 or 1",
    "amount": "0 or more",
    "budget": "0 or more",
    "project": "from 0 to 1",
    "target": "a number",
}


@dataclass(frozen=True)
class Allowed:
    """The values a factor may take.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> Allowed(Factor("site[南镇]")).refuses(np.array([0.0, 0.5, 1.0])).tolist()
    [False, True, False]
    >>> Allowed(Factor("speed.rural")).says
    'above 0'
    """

    factor: Factor

    @property
    def says(self) -> str:
        """The values in words."""
        return _SAYS[self.factor.kind]

    def refuses(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Tell which of the values it may not take; NaN and the infinite never."""
        kind = self.factor.kind
        good = np.isfinite(values)
        if kind == "site":
            good &= (values == 0) | (values == 1)
        elif kind == "speed":
            good &= values > 0
        elif kind != "target":
            good &= values >= 0
        if kind == "project":
            good &= values <= 1
        return np.asarray(~good)
