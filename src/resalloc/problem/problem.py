"""The problem: one district, the norms due, and what the planner allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from resalloc.errors import one_fault

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.norms.normset import NormSet


Objective = Literal["cost", "access", "equity", "least-change"]


@dataclass(frozen=True)
class Options:
    """What the planner allows in this run.

    Parameters
    ----------
    shrink
        May an institution lose beds, staff, vehicles or equipment it has today?
    budget_wan
        Ceiling on capital spending over the plan, in 万元; none if absent.
    objective
        What to make best once the clauses are met as far as they can be: least
        ``cost``, shortest mean response (``access``), most even beds and primary
        care staff by township (``equity``), or least change from today.
    """

    shrink: bool = False
    budget_wan: float | None = None
    objective: Objective = "cost"


@dataclass(frozen=True)
class Problem:
    """A district, the norms asked of it, and the planner's options.

    Parameters
    ----------
    district
        The place.
    norms
        Norms at the years of the plan: ``read_norms(...).at(2025)``.
    options
        What is allowed.

    Examples
    --------
    >>> import resalloc as ra
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> problem.years
    (2025,)
    """

    district: District
    norms: NormSet
    options: Options = Options()

    def __post_init__(self) -> None:
        if not self.norms.years:
            raise one_fault(
                "Problem", "the norms have no year yet.", "Pass norms.at(2025), not the whole plan."
            )

    @property
    def years(self) -> tuple[int, ...]:
        """The years planned for."""
        return self.norms.years

    def today(self) -> Problem:
        """Give the same targets asked of the district as it stands in its base year."""
        return replace(self, norms=self.norms.asked_of(self.district.base_year))
