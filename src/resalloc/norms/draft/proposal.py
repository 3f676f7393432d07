"""What is proposed: one clause of a plan, as a record a person may confirm."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.norms.draft.words import Change
    from resalloc.norms.norm import Sense
    from resalloc.norms.project import Project

Nature = Literal["约束性", "预期性", "none"]
Target = float | tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """A quote and where it stands."""

    quote: str
    where: str


@dataclass(frozen=True)
class Clause:
    """A clause as it is printed, before an indicator is looked for.

    Parameters
    ----------
    quote, where
        The shortest words that carry the figure, and their place.
    about
        Readings of what the figure is about, the likeliest first: subject and object.
    unit
        As printed; empty where none is.
    sense
        What sign or word says; empty where nothing does.
    word
        That sign or word.
    firm
        The word leaves no doubt (不低于, ≤), as 达到 does.
    values, baseline
        Targets and printed states by year.
    nature
        指标性质 as printed.
    years_printed
        The years are printed, not taken from the plan's period.
    kind
        ``text``, ``row``, ``task``, ``project`` or ``total``.
    project
        What a row of a project list prints.
    also
        Other places that print the same.
    change
        Whether the figure is of what is added, or by how much something changes.
    indicator
        Id of the indicator, where the kind of the clause tells it.
    rows
        Of a total, the rows it is printed for.
    """

    quote: str
    where: str
    about: tuple[str, ...] = ()
    unit: str = ""
    sense: Sense | Literal[""] = ""
    word: str = ""
    firm: bool = False
    values: Mapping[int, Target] = field(default_factory=dict)
    baseline: Mapping[int, float] = field(default_factory=dict)
    nature: Nature = "none"
    years_printed: bool = False
    kind: Literal["text", "row", "task", "project", "total"] = "text"
    project: Project | None = None
    also: tuple[Spot, ...] = ()
    change: Change = ""
    indicator: str = ""
    rows: tuple[Spot, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A norm proposed from the text; nothing of it is confirmed.

    Parameters
    ----------
    id
        A suggested id, unique among the proposals of a text.
    quote, where, nature
        As :class:`~resalloc.norms.norm.Says` has them.
    indicator
        Id in ``data/indicators.toml``; empty where none is like enough.
    sense, values, baseline
        As :class:`~resalloc.norms.norm.Reads` has them, in the indicator's unit if there is
        one, else in the printed unit.
    unit
        The unit as printed.
    confidence
        0 to 1, from the evidence alone; see :func:`~resalloc.norms.draft.judge.judged`.
    evidence
        What was found, in words.
    project
        For a row of a project list.
    also
        Other places that print the same clause.
    rows
        Of a total, the rows it is printed for.
    total_of
        Their ids.
    """

    id: str
    quote: str
    where: str
    nature: Nature
    indicator: str
    sense: Sense
    values: Mapping[int, Target]
    baseline: Mapping[int, float]
    unit: str
    confidence: float
    evidence: tuple[str, ...]
    project: Project | None = None
    also: tuple[Spot, ...] = ()
    rows: tuple[Spot, ...] = ()
    total_of: tuple[str, ...] = ()

    @property
    def figures(self) -> frozenset[float]:
        """Every figure it carries."""
        return figures_of(self.values, self.baseline, self.project)

    def as_dict(self) -> dict[str, Any]:
        """Give the proposal flat, with plain values only."""
        return {
            "id": self.id,
            "quote": self.quote,
            "where": self.where,
            "also": [{"quote": spot.quote, "where": spot.where} for spot in self.also],
            "nature": self.nature,
            "indicator": self.indicator or None,
            "sense": self.sense if self.values else None,
            "values": {
                str(year): list(target) if isinstance(target, tuple) else target
                for year, target in self.values.items()
            },
            "baseline": {str(year): value for year, value in self.baseline.items()},
            "unit": self.unit or None,
            "total_of": list(self.total_of),
            "project": self.project.model_dump(mode="json") if self.project else None,
            "confidence": self.confidence,
            "evidence": list(self.evidence),
        }


def figures_of(
    values: Mapping[int, Target], baseline: Mapping[int, float], project: Project | None
) -> frozenset[float]:
    """Collect the figures of a clause, the ends of a range and a project's sizes included.

    Examples
    --------
    >>> sorted(figures_of({2025: (1.0, 2.0)}, {2020: 0.5}, None))
    [0.5, 1.0, 2.0]
    """
    found: set[float] = set(baseline.values())
    for target in values.values():
        found.update(target if isinstance(target, tuple) else (target,))
    if project is not None:
        sizes = (project.beds, project.beds_added, project.places, project.area_m2)
        costs = (project.cost_wan, project.cost_in_period_wan)
        found.update(size for size in (*sizes, *costs) if size is not None)
    return frozenset(found)
