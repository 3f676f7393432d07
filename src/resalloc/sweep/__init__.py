"""Many futures of a district: what differs, scoring it, running it, telling it.

>>> import numpy as np
>>> import resalloc as ra
>>> from resalloc import sweep
>>> problem = ra.Problem(ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025))
>>> futures = sweep.Batch((sweep.Factor("population"),), np.array([[0.9], [1.0], [1.2]]))
>>> scores = sweep.score_table(sweep.today(problem), futures, clauses=["gps_per_10000"])
>>> round(scores.share_holding("gps_per_10000"), 2)
0.67
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resalloc.problem.scenario import Batch as Batch
    from resalloc.problem.scenario import Factor as Factor
    from resalloc.result.scores import Scores as Scores
    from resalloc.scoring.crossing import Axes as Axes
    from resalloc.scoring.crossing import cross as cross
    from resalloc.scoring.state import State as State
    from resalloc.scoring.state import planned as planned
    from resalloc.scoring.state import score_state as score_state
    from resalloc.scoring.state import today as today
    from resalloc.scoring.tables import Scorer as Scorer
    from resalloc.scoring.tables import score_table as score_table
    from resalloc.scoring.under import under as under
    from resalloc.sweep.run.run import read_run_folder as read_run_folder
    from resalloc.sweep.run.run import run_work as run_work
    from resalloc.sweep.settings import read_settings as read_settings
    from resalloc.sweep.settings import sweeps as sweeps
    from resalloc.sweep.summary.summarise import summarise as summarise
    from resalloc.sweep.sweep import Sweep as Sweep
    from resalloc.sweep.sweep import prepare as prepare

_HOMES = {
    "Axes": "resalloc.scoring.crossing",
    "Batch": "resalloc.problem.scenario",
    "Factor": "resalloc.problem.scenario",
    "Scorer": "resalloc.scoring.tables",
    "Scores": "resalloc.result.scores",
    "State": "resalloc.scoring.state",
    "Sweep": "resalloc.sweep.sweep",
    "cross": "resalloc.scoring.crossing",
    "planned": "resalloc.scoring.state",
    "prepare": "resalloc.sweep.sweep",
    "read_run_folder": "resalloc.sweep.run.run",
    "read_settings": "resalloc.sweep.settings",
    "run_work": "resalloc.sweep.run.run",
    "score_state": "resalloc.scoring.state",
    "score_table": "resalloc.scoring.tables",
    "summarise": "resalloc.sweep.summary.summarise",
    "sweeps": "resalloc.sweep.settings",
    "today": "resalloc.scoring.state",
    "under": "resalloc.scoring.under",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        message = f"module 'resalloc.sweep' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
