"""What differed between the scenarios, and how it was drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

    from resalloc.problem.columns import Floats
    from resalloc.problem.scenario import Factor
    from resalloc.sampling.copula import Copula
    from resalloc.sampling.design import Design
    from resalloc.sampling.distribution import Distribution
    from resalloc.sweep.summary.groups import Group
    from resalloc.sweep.summary.spread import Spread

LEVELS = 12
"""A factor with no more values than this goes by its levels, any other by shares of scenarios."""


@dataclass(frozen=True, eq=False)
class Varied:
    """One thing that differed, or several of one sort taken together.

    Parameters
    ----------
    name
        Of the factor, or of those taken together, e.g. ``population[*]``.
    factor
        The factor; none of those taken together.
    group
        Those taken together.
    within
        Name of the group it belongs to.
    spread
        Of its values over the scenarios.
    levels
        Its values, ascending, where there are few; none otherwise.
    distribution
        What it was drawn from, where that is known.
    """

    name: str
    factor: Factor | None
    group: Group | None
    within: str
    spread: Spread
    levels: tuple[float, ...]
    distribution: Distribution | None

    @property
    def varies(self) -> bool:
        """Whether it has more than one value."""
        return self.spread.least < self.spread.most

    @property
    def adds(self) -> Mapping[str, float]:
        """What a project adds, by term; nothing of any other factor."""
        return {} if self.factor is None else self.factor.adds

    @property
    def counted(self) -> bool | None:
        """Whether a project is in the state that is scored; none of any other factor."""
        project = self.factor is not None and self.factor.kind == "project"
        return self.factor.counted if project and self.factor is not None else None


@dataclass(frozen=True)
class Drawn:
    """How the scenarios were drawn.

    Parameters
    ----------
    sampler
        Name of the design, e.g. ``Sobol``; several, joined by " × ", where they are crossed.
    seeds
        Of each random design.
    correlated
        Groups of factors that vary together: their names, least and greatest correlation.
    """

    sampler: str = ""
    seeds: tuple[int, ...] = ()
    correlated: tuple[tuple[tuple[str, ...], float, float], ...] = ()


@dataclass(frozen=True)
class Factors:
    """Everything that differed.

    Parameters
    ----------
    each
        In the order of the scenarios' columns, those taken together last.
    drawn
        How.
    """

    each: tuple[Varied, ...]
    drawn: Drawn

    def __getitem__(self, name: str) -> Varied:
        for varied in self.each:
            if varied.name == name:
                return varied
        raise KeyError(name)

    def members(self, group: str) -> tuple[Varied, ...]:
        """Give the factors that are taken together under a name."""
        return tuple(varied for varied in self.each if varied.within == group)

    def frame(self) -> pd.DataFrame:
        """Give one row a factor; `levels`, `distribution` and what a project `adds` as text."""
        import pandas as pd

        lines = [
            {
                "factor": varied.name,
                "within": varied.within,
                "least": varied.spread.least,
                "median": varied.spread.median,
                "mean": varied.spread.mean,
                "most": varied.spread.most,
                "levels": ", ".join(f"{level:g}" for level in varied.levels),
                "distribution": "" if varied.distribution is None else repr(varied.distribution),
                "adds": ", ".join(f"{term} {more:+g}" for term, more in varied.adds.items()),
                "counted": varied.counted,
            }
            for varied in self.each
        ]
        columns = ["factor", "within", "least", "median", "mean", "most"]
        columns += ["levels", "distribution", "adds", "counted"]
        return pd.DataFrame(lines, columns=columns)


class Values:
    """First pass: the values of each factor, as long as they are few."""

    def __init__(self, factors: int) -> None:
        self._seen: list[set[float] | None] = [set() for _ in range(factors)]

    def add(self, values: Floats) -> None:
        """Take in scenarios × factors."""
        for k, seen in enumerate(self._seen):
            if seen is None:
                continue
            few = np.unique(values[:, k])
            seen.update(few[~np.isnan(few)].tolist()[: LEVELS + 1])
            if len(seen) > LEVELS:
                self._seen[k] = None

    def levels(self, k: int) -> tuple[float, ...]:
        """Give the values of a factor, if they are few."""
        return tuple(sorted(self._seen[k] or ()))


def drawn(design: Design | None) -> Drawn:
    """Say how a design draws."""
    if design is None:
        return Drawn()
    parts = list(_parts(design))
    copulas: list[Copula] = [c for part in parts for c in getattr(part, "copulas", ())]
    return Drawn(
        " × ".join(type(part).__name__ for part in parts),
        tuple(int(part.seed) for part in parts if hasattr(part, "seed")),
        tuple((copula.names, *_correlations(copula.matrix)) for copula in copulas),
    )


def distributions(design: Design | None) -> Mapping[str, Distribution]:
    """Give what each factor of a design is drawn from, where the design says so."""
    if design is None:
        return {}
    found: dict[str, Distribution] = {}
    for part in _parts(design):
        for variable in getattr(part, "variables", ()):
            found[variable.factor.name] = variable.distribution
    return found


def _parts(design: Any) -> Iterator[Any]:
    inner: Sequence[Any] = getattr(design, "designs", ())
    if not inner:
        yield design
    for part in inner:
        yield from _parts(part)


def _correlations(matrix: Floats) -> tuple[float, float]:
    apart = matrix[~np.eye(len(matrix), dtype=bool)]
    return (float(apart.min()), float(apart.max())) if len(apart) else (0.0, 0.0)
