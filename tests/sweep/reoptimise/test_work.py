"""Re-optimisation as work: what makes a chunk come out the same everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import threadpool_info

from resalloc.problem.scenario import Batch, Factor
from resalloc.sweep.reoptimise import work as module
from resalloc.sweep.reoptimise.work import ReoptimiseWork

if TYPE_CHECKING:
    import pytest

    from resalloc.problem.problem import Problem


def test_a_plan_is_solved_on_one_blas_thread(
    town_problem: Problem, monkeypatch: pytest.MonkeyPatch
):
    """A long sum on two threads may end in another last digit than on one."""
    seen: list[int] = []

    def look(*_: object, **__: object) -> None:
        seen.extend(p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas")

    monkeypatch.setattr(module, "outcome_of", look)
    ReoptimiseWork(town_problem, Batch((Factor("population"),), np.array([[1.0]]))).outcome(1)
    assert set(seen) == {1}
