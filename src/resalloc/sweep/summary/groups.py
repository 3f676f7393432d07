"""Factors that stand township by township or site by site, taken together as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.tables import SERIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.problem.columns import Floats
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Factor

EVERY = "[*]"
"""What stands behind the name of factors taken together: ``population[*]``."""


@dataclass(frozen=True, eq=False)
class Group:
    """Factors of one sort, taken together.

    Of people: by how much the people of all its townships change together, the mean of the
    factors weighted by the people of the base year. Of sites: how many are open.

    Parameters
    ----------
    what
        What they change, e.g. ``population``.
    members
        Their positions among the factors.
    weights
        One a member; the group's value is the sum of weight × factor.
    weighted
        Whether the weights are people: not where the people of a township are not known.
    """

    what: str
    members: tuple[int, ...]
    weights: Floats
    weighted: bool = True

    @property
    def name(self) -> str:
        """Its name among the factors."""
        return f"{self.what}{EVERY}"

    def of(self, values: Floats) -> Floats:
        """Give its value by scenario, from scenarios × factors."""
        return np.asarray(values[:, self.members] @ self.weights)


def groups(factors: Sequence[Factor], problem: Problem) -> tuple[Group, ...]:
    """Take together the townships of one series, and the sites, where there are two or more.

    Examples
    --------
    >>> import resalloc as ra
    >>> from resalloc.problem.scenario import Factor
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> (sites,) = groups([Factor("site[铜梁区人民医院]"), Factor("site[安居镇卫生院]")], problem)
    >>> sites.name, sites.of(np.array([[1.0, 1.0], [0.0, 1.0]])).tolist()
    ('site[*]', [2.0, 1.0])
    """
    sorts: dict[str, list[int]] = {}
    for k, factor in enumerate(factors):
        if factor.names and factor.kind in ("people", "site"):
            sorts.setdefault(factor.what, []).append(k)
    found = []
    for what, members in sorts.items():
        if len(members) < 2:
            continue
        if what == "site":
            found.append(Group(what, tuple(members), np.ones(len(members))))
            continue
        people = _people(problem, what)
        counted = [sum(people.get(n, np.nan) for n in factors[k].names) for k in members]
        weights = np.array(counted, dtype=float)
        known = bool(np.isfinite(weights).all() and weights.sum() > 0)
        weights = weights if known else np.ones(len(members))
        found.append(Group(what, tuple(members), weights / weights.sum(), known))
    return tuple(found)


def _people(problem: Problem, what: str) -> dict[str, float]:
    district = problem.district
    series = what if what in SERIES else "residents"
    counted = district.series(series, district.base_year)
    return dict(zip(map(str, district.townships.index), map(float, counted), strict=True))
