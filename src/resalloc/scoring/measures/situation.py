"""What the measures are taken from: people, times and beds, by demand point and by township."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from resalloc.scoring.equity.shares import Floats

Need = Literal["response_min", "station_km", "access", "township_beds", "township_km2"]
"""What a measure cannot do without, beside the people."""


@dataclass(frozen=True, eq=False)
class Situation:
    """One or many scenarios as the measures see them; None for what the district does not have.

    Parameters
    ----------
    point_people
        Residents, scenarios × demand points.
    township_people
        Residents, scenarios × townships.
    response_min
        Minutes from the call to the nearest crew's arrival, scenarios × demand points; NaN where
        it is not known who answers.
    station_km
        Kilometres to the nearest station as a service radius is measured, likewise.
    access
        Beds per person within the catchment (2SFCA), scenarios × demand points.
    township_beds
        Beds of all institutions of a township, scenarios × townships; NaN where one is not known.
    township_km2
        Area by township.
    """

    point_people: Floats
    township_people: Floats
    response_min: Floats | None = None
    station_km: Floats | None = None
    access: Floats | None = None
    township_beds: Floats | None = None
    township_km2: Floats | None = None

    def known(self) -> frozenset[Need]:
        """Name what there is."""
        needs: tuple[Need, ...] = (
            "response_min", "station_km", "access", "township_beds", "township_km2",
        )  # fmt: skip
        return frozenset(need for need in needs if getattr(self, need) is not None)
