r"""Agglomeration (集聚度): a township's share of beds beside its share of area and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.scoring.equity.shares import Floats, checked, quotient, shares

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Agglomeration:
    """Agglomeration by unit, scenarios × units.

    Parameters
    ----------
    hrad
        Health resource agglomeration degree (卫生资源集聚度): share of the amount over share of
        the area; 1 is fair by area. Σ (area share × HRAD) = 1.
    pad
        Population agglomeration degree (人口集聚度): share of the people over share of the area.
    hrad_per_pad
        Share of the amount over share of the people: near 1 where the amount matches the people,
        above 1 a relative surplus, below 1 a shortage. Σ (people share × HRAD/PAD) = 1.
    hrdi
        Health resource density index (卫生资源密度指数): geometric mean of the amount per `per`
        people and the amount per km².
    """

    hrad: Floats
    pad: Floats
    hrad_per_pad: Floats
    hrdi: Floats

    def frame(self, units: Any) -> pd.DataFrame:
        """Give one row a unit, of one scenario."""
        import pandas as pd

        columns = ("hrad", "pad", "hrad_per_pad", "hrdi")
        return pd.DataFrame({name: getattr(self, name) for name in columns}, index=units)


def agglomeration(amount: Any, people: Any, area_km2: Any, *, per: float = 1000.0) -> Agglomeration:
    r"""Set each unit's share of beds or staff beside its shares of area and of people.

    Parameters
    ----------
    amount
        What is shared out by unit, scenarios × units.
    people
        People by unit; scenarios × units or units alone.
    area_km2
        Area by unit, likewise.
    per
        People to whom the amount is related in HRDI; 1,000 by default.

    Returns
    -------
    Agglomeration
        By unit. NaN throughout a scenario in which a figure is not known, or a total is nothing.
        Over a unit without area (or people): infinite, NaN for 0 / 0.

    Raises
    ------
    InputError
        Numbers below zero or infinite, or shapes that do not go together.

    Notes
    -----
    .. math::

        HRAD_i = y_i / s_i, \quad PAD_i = p_i / s_i, \quad
        HRDI_i = \sqrt{\frac{x_i}{P_i / per} \cdot \frac{x_i}{A_i}}

    =================== ==================================================
    *x_i*, *P_i*, *A_i* amount, people and km² of unit *i*
    *y_i*, *p_i*, *s_i* its shares in the totals of these
    =================== ==================================================

    Examples
    --------
    >>> found = agglomeration([200, 150, 50], [30, 50, 20], [100, 300, 600])
    >>> found.hrad.round(5).tolist(), found.hrad_per_pad.round(5).tolist()
    ([5.0, 1.25, 0.20833], [1.66667, 0.75, 0.625])
    """
    x, n, area = checked("agglomeration", amount=amount, people=people, area_km2=area_km2)
    y, p, s = shares(x), shares(n), shares(area)
    density = quotient(x * per, n) * quotient(x, area)
    lost = np.isnan(y + p + s).any(axis=-1, keepdims=True)
    parts = (quotient(y, s), quotient(p, s), quotient(y, p), np.sqrt(density))
    return Agglomeration(*(np.where(lost, np.nan, part) for part in parts))
