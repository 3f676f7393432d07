"""A norm: what the document says, how we read it, and what it is used for."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from resalloc.norms.condition import parse_condition
from resalloc.norms.indicator import Indicator, indicators
from resalloc.norms.project import Project

Sense = Literal[">=", "<=", "==", "between"]
Use = Literal["constraint", "score", "context"]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Year = Annotated[int, Field(ge=1949, le=2100)]
Target = Number | Annotated[tuple[Number, Number], Field(strict=False)]


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Record):
    """A short quote and where it stands in the document."""

    quote: str = Field(min_length=1)
    where: str = Field(min_length=1)


class Print(Place):
    """Another place of the document that prints the same clause.

    Parameters
    ----------
    prints
        The figures printed there by year, where they are not the clause's own.
    inferred
        The year, or the figure, of `prints` is our reading of words that do not give it.
    sizes
        What is printed there of a capital project, by field, e.g. ``area_m2``.
    """

    prints: dict[Year, Target] = {}
    inferred: bool = False
    sizes: dict[Literal["beds", "beds_added", "area_m2", "cost_wan"], Number] = {}


class Says(Place):
    """The document's own words.

    Parameters
    ----------
    quote
        The phrase, or the cells of the table row, that carry the figure.
    where
        Section, paragraph or box (专栏) and row.
    nature
        指标性质 as printed: 约束性 (binding), 预期性 (expected) or ``none``.
    also
        Other places that print the same clause.
    """

    nature: Literal["约束性", "预期性", "none"]
    also: tuple[Print, ...] = ()


class Reads(_Record):
    """Our reading of the words; open to argument.

    Parameters
    ----------
    indicator
        Id in ``data/indicators.toml``; may be empty for a context norm only.
    scope
        ``district``, ``each:…`` or ``where:…``; see ``resalloc.rules.scope``.
    sense
        ``>=``, ``<=``, ``==`` or ``between`` (both ends included).
    values
        Target by the year in which it is due, in the indicator's unit.
    baseline
        Value the document prints for an earlier year, in the same unit.
    baseline_sign
        Sign printed with it (>79.5): a bound on the state, not its value.
    binding
        Must it hold (hard), or is falling short priced (soft)?
    when
        Condition under which the clause speaks, e.g. ``village_residents < 800``;
        see :func:`~resalloc.norms.condition.parse_condition`.
    total_of
        Norms, or tables of norms, of whose figures this one is printed as the total.
    part_of
        Norm whose figure contains this one (其中).
    project
        What a capital project is to build, where the clause is one.
    note, note_zh
        Anything a reader might read otherwise, in English and in Chinese.
    """

    indicator: str = ""
    scope: str = "district"
    sense: Sense = ">="
    values: dict[Year, Target] = {}
    baseline: dict[Year, Number] = {}
    baseline_sign: Literal["", ">", ">=", "<", "<="] = ""
    binding: bool = False
    when: str = ""
    total_of: tuple[str, ...] = ()
    part_of: str = ""
    project: Project | None = None
    note: str = ""
    note_zh: str = ""

    def note_in(self, lang: str) -> str:
        """Give the note in ``"zh"`` or ``"en"``; in English where it has no Chinese."""
        return (lang == "zh" and self.note_zh) or self.note

    @field_validator("when")
    @classmethod
    def _condition_reads(cls, text: str) -> str:
        parse_condition(text)
        return text

    @model_validator(mode="after")
    def _targets_fit_sense(self) -> Reads:
        for year, target in self.values.items():
            if isinstance(target, tuple) != (self.sense == "between"):
                message = (
                    f"values.{year} must be "
                    + ("two numbers [low, high]" if self.sense == "between" else "one number")
                    + f" because sense is '{self.sense}'"
                )
                raise ValueError(message)
            if isinstance(target, tuple) and target[0] > target[1]:
                message = f"values.{year} has its low end above its high end"
                raise ValueError(message)
        return self


class Norm(_Record):
    """One numeric clause of a plan: says, reads, use.

    Parameters
    ----------
    id
        Name within the plan.
    use
        ``constraint``: in the model and scored; ``score``: scored only;
        ``context``: kept for the reader. The last two say why in `because`.
    because, because_zh
        Why it is not in the model, in English and in Chinese.
    """

    id: str = Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)?$")
    use: Use
    because: str = ""
    because_zh: str = ""
    says: Says
    reads: Reads = Reads()

    @model_validator(mode="after")
    def _complete(self) -> Norm:
        if self.use != "constraint" and not self.because:
            message = f"use is '{self.use}', so `because` must say why in one sentence"
            raise ValueError(message)
        if self.use == "constraint" and self.reads.when:
            message = "reads.when is not enforced in the model; say who is meant in reads.scope"
            raise ValueError(message)
        if self.use != "context" and not self.reads.indicator:
            message = "reads.indicator is missing; only a context norm may have none"
            raise ValueError(message)
        return self

    @property
    def indicator(self) -> Indicator | None:
        """The indicator it bounds, if it has one."""
        return indicators().get(self.reads.indicator)

    def because_in(self, lang: str) -> str:
        """Give the reason in ``"zh"`` or ``"en"``; in English where it has no Chinese."""
        return (lang == "zh" and self.because_zh) or self.because

    def as_dict(self) -> dict[str, Any]:
        """Give the norm flat, as ``resalloc norms PLAN --json`` prints it."""
        indicator = self.indicator
        return {
            "id": self.id,
            "quote": self.says.quote,
            "where": self.says.where,
            "also": [place.model_dump(mode="json") for place in self.says.also],
            "nature": self.says.nature,
            "indicator": self.reads.indicator or None,
            "indicator_zh": indicator.zh if indicator else None,
            "indicator_en": indicator.en if indicator else None,
            "formula": indicator.formula if indicator else None,
            "scope": self.reads.scope,
            "sense": self.reads.sense if self.reads.values else None,
            "values": {str(year): target for year, target in self.reads.values.items()},
            "baseline": {str(year): value for year, value in self.reads.baseline.items()},
            "baseline_sign": self.reads.baseline_sign,
            "unit": indicator.units.zh if indicator else None,
            "unit_id": indicator.unit if indicator else None,
            "binding": self.reads.binding,
            "when": self.reads.when,
            "total_of": list(self.reads.total_of),
            "part_of": self.reads.part_of,
            "project": self.reads.project.model_dump() if self.reads.project else None,
            "use": self.use,
            "because": self.because,
            "because_zh": self.because_zh,
            "note": self.reads.note,
            "note_zh": self.reads.note_zh,
        }
