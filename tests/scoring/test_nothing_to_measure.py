"""A place with nothing to measure (0 / 0) meets a clause, but does not stand for it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.scoring.score import score_allocation

if TYPE_CHECKING:
    from resalloc.problem.rows import Rows
    from resalloc.result.scorecard import Clause


def _clinics(rows: Rows, villages: list[float]) -> Clause:
    """Score the clinics when the towns have this many villages, each with its clinic."""
    old = rows.of("village_clinics")
    block = dataclasses.replace(
        old,
        bottom_constant=np.array(villages),
        unknown=tuple("villages" if np.isnan(count) else "" for count in villages),
    )
    x = np.nan_to_num(rows.columns.today)
    for row, count in enumerate(villages):
        x[old.top[[row]].indices] = np.nan_to_num(count)
    asked = dataclasses.replace(rows, norms=(block,))
    return score_allocation(asked, x, 2025, title="")["village_clinics"]


def test_the_place_shown_is_one_with_a_number(town_rows: Rows):
    """A street without villages needs no clinic; the towns that have some are shown."""
    places = town_rows.of("village_clinics").places
    clause = _clinics(town_rows, [0.0, *[5.0] * (len(places) - 1)])
    assert (clause.verdict, clause.value, clause.failing) == ("met", 1.0, 0)
    assert clause.place == places[1]


@pytest.mark.parametrize(("others", "missing"), [(0.0, "nothing to measure"), (np.nan, "villages")])
def test_a_clause_without_any_number_is_not_met(town_rows: Rows, others: float, missing: str):
    count = len(town_rows.of("village_clinics"))
    clause = _clinics(town_rows, [0.0, *[others] * (count - 1)])
    assert (clause.verdict, clause.value) == ("not_computable", None)
    assert missing in clause.missing
