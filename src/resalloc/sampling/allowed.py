"""Which values a factor may take at all: nobody has a negative number of beds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.tables import SERIES
from resalloc.errors import Fault

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats
    from resalloc.problem.scenario import Factor

_MOST = {"people": 10.0, "speed": 10.0, "amount": 100.0}
"""Factors above are taken for percent."""
_AMOUNTS = (
    *("beds", "staff", "equipment", "supply", "fever", "vehicles", "crews"),
    *("station", "crewed"),  # refused with a sentence of their own
)
_WORDS = (
    f"population, {', '.join(SERIES)}, speed, speed.urban, speed.rural, ems.call_min, "
    "ems.chute_min, site[NAME], norm.ID, beds, staff, equipment, supply, fever, vehicles, "
    "crews (as beds.icu@primary_care or beds[NAME]), budget_wan, project"
)
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

    @property
    def most(self) -> float:
        """The value above which it looks like percent."""
        return _MOST.get(self.factor.kind, np.inf)

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

    def percent(self, values: Floats) -> npt.NDArray[np.bool_]:
        """Tell which look like percent: people and speed above 10, amounts above 100."""
        return np.asarray(np.isfinite(values) & (values > self.most))


def in_percent(value: float) -> tuple[str, str]:
    """Give what is wrong with a factor in percent, and the remedy."""
    return f"{value:.4g} is no factor.", f"Write {value / 100:.4g} for {value:.4g} %."


def unknown_word(factor: Factor) -> Fault | None:
    """Tell if a factor changes nothing that there is, and what there is.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> unknown_word(Factor("beds.icu")) is None
    True
    >>> unknown_word(Factor("人口")).what
    "'人口' is nothing that can vary."
    """
    word = factor.what.split("@")[0].split(".")[0]
    if factor.kind != "amount" or word in _AMOUNTS:
        return None
    what = f"'{factor.what}' is nothing that can vary."
    return Fault(f"factor '{factor.name}'", what, f"Write one of: {_WORDS}.")
