"""What the property tests draw: allocations, districts in another order, more of everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from resalloc.district.travel import Travel

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.problem.columns import Floats
    from resalloc.problem.rows import Rows


def allocations(rows: Rows, most: float = 500.0) -> st.SearchStrategy[Floats]:
    """Draw values for every decision, whole or not, and derive the rest from them.

    Stations, crews on duty and fever clinics are there or not; one site is always
    crewed, so that somebody answers.
    """
    columns = rows.columns

    def finish(x: Floats) -> Floats:
        for name in ("station", "crewed", "fever"):
            ids = columns[name].ids.reshape(-1)
            x[ids] = x[ids] > most / 2
        x[columns["crewed"].ids[0]] = 1.0
        return rows.derive(x)

    values = st.floats(0.0, most, allow_subnormal=False)
    return npst.arrays(np.float64, columns.size, elements=values, fill=st.just(0.0)).map(finish)


def reordered(district: District, order: tuple[int, ...]) -> District:
    """Give the same district with its townships listed in another order."""
    return district.replace(townships=district.townships.iloc[list(order)])


def multiplied(district: District, factor: float) -> District:
    """Give the district with that many times the people, beds and staff."""
    population, institutions = district.population.copy(), district.institutions.copy()
    population["value"] *= factor
    for name in ("beds_authorised", "beds_actual", "beds_planned"):
        institutions[name] *= factor
    more = {}
    for name in ("beds", "staff", "supply", "equipment", "fleet"):
        frame = getattr(district, name).copy()
        frame["count"] *= factor
        more[name] = frame
    return district.replace(population=population, institutions=institutions, **more)


def with_travel(district: District, km: Floats, minutes: Floats) -> District:
    """Give the district with other distances."""
    travel = district.travel
    return district.replace(travel=Travel(km, minutes, travel.road_km, travel.basis))
