"""One re-optimisation of the three towns that many tests look at and none changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from resalloc.problem.scenario import Batch, Factor
from resalloc.sweep.reoptimise.reoptimise import reoptimise

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised


@pytest.fixture(scope="session")
def futures() -> Batch:
    """As expected; 4 childcare places; 4.9 beds; a radius of 3 km, which no site can keep."""
    named = ("norm.childcare_places", "norm.beds_per_1000", "norm.reach_rural")
    values = [[3.0, 4.48, 10.0], [4.0, 4.48, 10.0], [3.0, 4.9, 10.0], [3.0, 4.48, 3.0]]
    return Batch(tuple(Factor(name) for name in named), np.array(values))


@pytest.fixture(scope="session")
def again(town_problem: Problem, futures: Batch) -> Reoptimised:
    return reoptimise(town_problem, futures)
