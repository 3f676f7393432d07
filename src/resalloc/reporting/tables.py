"""The tables of a report, in its order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.reporting.institution_tables import (
    equipment,
    fever_clinics,
    institution_beds,
    institution_cadres,
    institution_staff,
)
from resalloc.reporting.township_tables import emergencies, supply, townships

if TYPE_CHECKING:
    from resalloc.reporting.figures import Figures
    from resalloc.reporting.table import Table


def tables(f: Figures) -> tuple[Table, ...]:
    """Give every table of a report, in its order."""
    return (
        institution_beds(f),
        institution_staff(f),
        institution_cadres(f),
        townships(f),
        emergencies(f),
        fever_clinics(f),
        equipment(f),
        supply(f),
    )
