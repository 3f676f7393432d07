"""Which futures to look at: designs that give scenarios by number, chunk by chunk.

Every design gives the same scenarios whatever the chunks, the process or the order asked for.

>>> from resalloc import sampling
>>> from resalloc.problem.scenario import Factor
>>> people = sampling.Variable(Factor("population"), sampling.Uniform(0.9, 1.1))
>>> design = sampling.Sobol((people,), size=1024, seed=7)
>>> len(design), round(float(design.rows(0, 1024).of("population").mean()), 3)
(1024, 1.0)
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resalloc.sampling.copula import Copula as Copula
    from resalloc.sampling.crossed import Crossed as Crossed
    from resalloc.sampling.design import Design as Design
    from resalloc.sampling.distribution import Distribution as Distribution
    from resalloc.sampling.distribution import Levels as Levels
    from resalloc.sampling.distribution import LogNormal as LogNormal
    from resalloc.sampling.distribution import Normal as Normal
    from resalloc.sampling.distribution import Triangular as Triangular
    from resalloc.sampling.distribution import Uniform as Uniform
    from resalloc.sampling.factorial import Factorial as Factorial
    from resalloc.sampling.own_table import OwnTable as OwnTable
    from resalloc.sampling.own_table import read_own_table as read_own_table
    from resalloc.sampling.sampled import LatinHypercube as LatinHypercube
    from resalloc.sampling.sampled import MonteCarlo as MonteCarlo
    from resalloc.sampling.sampled import Sobol as Sobol
    from resalloc.sampling.subsets import Subsets as Subsets
    from resalloc.sampling.variable import Variable as Variable

_HOMES = {
    "Copula": "copula",
    "Crossed": "crossed",
    "Design": "design",
    "Distribution": "distribution",
    "Factorial": "factorial",
    "LatinHypercube": "sampled",
    "Levels": "distribution",
    "LogNormal": "distribution",
    "MonteCarlo": "sampled",
    "Normal": "distribution",
    "OwnTable": "own_table",
    "Sobol": "sampled",
    "Subsets": "subsets",
    "Triangular": "distribution",
    "Uniform": "distribution",
    "Variable": "variable",
    "read_own_table": "own_table",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for."""
    if name not in _HOMES:
        message = f"module 'resalloc.sampling' has no attribute '{name}'"
        raise AttributeError(message)
    return getattr(importlib.import_module(f"resalloc.sampling.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
