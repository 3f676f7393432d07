"""How a figure is written on the page."""

from __future__ import annotations

import math


def figure(value: float, digits: int = 0, signed: bool = False) -> str:
    """Write a figure of a table; a dash where it is not known.

    Examples
    --------
    >>> figure(12345.0), figure(4.5, 2), figure(float("nan")), figure(3.0, 0, True)
    ('12,345', '4.50', '—', '+3')
    """
    if math.isnan(value):
        return "—"
    rounded = round(value, digits) + 0.0
    if signed:
        return "0" if rounded == 0 else f"{rounded:+,.{digits}f}".replace("-", "−")
    return f"{rounded:,.{digits}f}".replace("-", "−")
