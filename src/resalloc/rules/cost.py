"""Cost of an allocation: what is added to today, in 万元."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.problem.columns import Columns, Floats
    from resalloc.problem.problem import Problem


@dataclass(frozen=True)
class CostRates:
    """Cost per unit added, by column, in 万元.

    Parameters
    ----------
    capital
        Once, when it is added.
    yearly
        Every year it is there.
    """

    capital: Floats
    yearly: Floats


def cost_rates(problem: Problem, columns: Columns) -> CostRates:
    """Give unit costs by column, from the ``cost.*`` assumptions; last year's columns only.

    Capital is counted on what the last year has over today, and running cost on the
    same for ``cost.years`` years. What is given up, where that is allowed, saves nothing: a
    plan is not made cheaper by closing what stands. Beds, vehicles, stations, fever
    clinics, equipment and childcare places have a capital cost; staff and crews a yearly
    one. The people of a crew are its yearly cost and are not taken from the institutions'
    staff.
    """
    capital, yearly = np.zeros(columns.size), np.zeros(columns.size)
    rate = problem.district.assumptions.value
    words, providers = vocabulary(), problem.district.providers()
    sectors = [words.list("institution_kind")[k].extra["sector"] for k in providers["kind"]]
    bed = [rate("cost.bed_hospital_wan" if s == "hospital" else "cost.bed_primary_wan")
           for s in sectors]  # fmt: skip
    capital[columns["beds_total"].ids[:, -1]] = bed
    beds = columns["beds"]
    icu = beds.along("bed_kind").index("icu")
    capital[beds.ids[:, icu, -1]] = rate("cost.bed_icu_extra_wan")
    staff = columns["staff"]
    top = [staff.along("cadre").index(c) for c in words.top_cadres()]
    yearly[staff.ids[:, top, -1]] = rate("cost.staff_wan_per_year")
    capital[columns["vehicles"].ids[:, -1]] = rate("cost.vehicle_wan")
    new_site = problem.district.sites["candidate"].to_numpy(dtype=bool)
    capital[columns["station"].ids[:, -1]] = np.where(
        new_site, rate("cost.station_wan"), rate("cost.station_institution_wan")
    )
    yearly[columns["crews"].ids[:, -1]] = rate("cost.crew_fte") * rate("cost.staff_wan_per_year")
    fever = columns["fever"]
    for t, tier in enumerate(fever.along("fever_tier")):
        capital[fever.ids[:, t, -1]] = rate(f"cost.fever_{tier}_wan")
    capital[columns["equipment"].ids[..., -1]] = rate("cost.equipment_wan")
    supply = columns["supply"]
    places = supply.along("supply").index("childcare_place")
    capital[supply.ids[:, places, -1]] = rate("cost.childcare_place_wan")
    return CostRates(capital, yearly)


def cost_of(rates: CostRates, columns: Columns, x: Floats, years: float) -> tuple[float, float]:
    """Give capital, and running cost over `years` years, of what `x` adds to today.

    What is not known, today or in `x`, counts as not there; what is taken away saves nothing.
    """
    added = np.maximum(np.nan_to_num(x) - np.nan_to_num(columns.today), 0.0)
    return float(rates.capital @ added), float(rates.yearly @ added * years)
