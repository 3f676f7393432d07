"""Where to open sites: the classical location problems on arrays, solved to a proof.

Every model takes costs (demand × sites; see :class:`Costs`), weights, sites that stay open and
sites that may not open, and gives a :class:`Siting`.

>>> import numpy as np
>>> from resalloc import location
>>> travel_min = np.array([[2, 14, 25], [11, 3, 18], [30, 16, 4]])
>>> answer = location.p_median(travel_min, 2, weights=[900, 400, 1500])
>>> answer.open.tolist(), answer.objective, answer.status.value
([0, 2], 12200.0, 'optimal')
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resalloc.location.access.access import access_2sfca as access_2sfca
    from resalloc.location.access.access import access_3sfca as access_3sfca
    from resalloc.location.access.access import access_hierarchical as access_hierarchical
    from resalloc.location.access.access import access_huff_3sfca as access_huff_3sfca
    from resalloc.location.access.catchments import Access as Access
    from resalloc.location.access.decay import Exponential as Exponential
    from resalloc.location.access.decay import Gaussian as Gaussian
    from resalloc.location.access.decay import Linear as Linear
    from resalloc.location.access.decay import Power as Power
    from resalloc.location.access.decay import Step as Step
    from resalloc.location.access.decay import Zones as Zones
    from resalloc.location.capacity.capacitated_facility import (
        capacitated_facility as capacitated_facility,
    )
    from resalloc.location.capacity.capacitated_median import (
        capacitated_median as capacitated_median,
    )
    from resalloc.location.center.p_center import p_center as p_center
    from resalloc.location.costs import Costs as Costs
    from resalloc.location.costs import PlanarCosts as PlanarCosts
    from resalloc.location.covering.max_cover import max_cover as max_cover
    from resalloc.location.covering.min_sites import min_sites_for_share as min_sites_for_share
    from resalloc.location.covering.set_cover import set_cover as set_cover
    from resalloc.location.dispersion.p_dispersion import p_dispersion as p_dispersion
    from resalloc.location.doorways.geodataframes import (
        costs_from_geodataframes as costs_from_geodataframes,
    )
    from resalloc.location.doorways.graph import costs_from_graph as costs_from_graph
    from resalloc.location.doorways.matrix import costs_from_matrix as costs_from_matrix
    from resalloc.location.doorways.matrix import costs_from_pairs as costs_from_pairs
    from resalloc.location.market.attendance import max_attendance as max_attendance
    from resalloc.location.market.huff import market_share as market_share
    from resalloc.location.median.p_median import p_median as p_median
    from resalloc.location.siting import Siting as Siting

_HOMES = {
    "Access": "access.catchments",
    "Costs": "costs",
    "Exponential": "access.decay",
    "Gaussian": "access.decay",
    "Linear": "access.decay",
    "PlanarCosts": "costs",
    "Power": "access.decay",
    "Siting": "siting",
    "Step": "access.decay",
    "Zones": "access.decay",
    "access_2sfca": "access.access",
    "access_3sfca": "access.access",
    "access_hierarchical": "access.access",
    "access_huff_3sfca": "access.access",
    "capacitated_facility": "capacity.capacitated_facility",
    "capacitated_median": "capacity.capacitated_median",
    "costs_from_geodataframes": "doorways.geodataframes",
    "costs_from_graph": "doorways.graph",
    "costs_from_matrix": "doorways.matrix",
    "costs_from_pairs": "doorways.matrix",
    "market_share": "market.huff",
    "max_attendance": "market.attendance",
    "max_cover": "covering.max_cover",
    "min_sites_for_share": "covering.min_sites",
    "p_center": "center.p_center",
    "p_dispersion": "dispersion.p_dispersion",
    "p_median": "median.p_median",
    "set_cover": "covering.set_cover",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        message = f"module 'resalloc.location' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"resalloc.location.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
