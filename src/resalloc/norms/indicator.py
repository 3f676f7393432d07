"""Indicators: what a norm measures, and of what. A closed list."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from resalloc.paths import data_path, read_toml
from resalloc.units import Unit, units

if TYPE_CHECKING:
    from collections.abc import Mapping

RuleName = Literal["ratio", "total", "reach", "response", "measure"]


class Indicator(BaseModel):
    """A quantity that clauses bound: `unit.scale` × sum of `of` / sum of `per`.

    Parameters
    ----------
    id
        Name used by norm files.
    zh, en
        The field's standard term.
    unit
        Id in ``data/units.toml``.
    better
        Which way is better, when the clause itself does not say.
    rule
        Which file of ``resalloc.rules`` turns it into rows.
    of, per
        Terms ``<block>[.<kind>][@<group>]`` of the numerator and the denominator. A
        `measure` may have them too: they say what is counted, for :mod:`resalloc.linting`.
    points
        For `reach` and `response`: the class of demand points it speaks of.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    zh: str
    en: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    rule: RuleName
    of: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    points: Literal["all", "urban", "rural"] = "all"

    def label(self, lang: str) -> str:
        """Give the indicator's name in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en

    @property
    def units(self) -> Unit:
        """The unit, with its labels and scale."""
        return units()[self.unit]

    @property
    def formula(self) -> str:
        """The indicator as a line of arithmetic, for a reader."""
        if self.rule == "measure":
            return "as reported by the district"
        if self.rule == "reach":
            return (
                f"{self.points} residents within the radius of a station / {self.points} residents"
            )
        if self.rule == "response":
            return "Σ residents × (call + turn-out + driving min) / residents"
        top = " + ".join(self.of)
        if not self.per:
            return top
        scale = self.units.scale
        factor = "" if scale == 1 else f" × {scale:g}"
        return f"({top}) / ({' + '.join(self.per)}){factor}"


@cache
def indicators() -> Mapping[str, Indicator]:
    """Give every known indicator by its id.

    Examples
    --------
    >>> indicators()["beds_per_1000"].formula
    '(beds) / (residents) × 1000'
    """
    table = read_toml(data_path("indicators.toml"))["indicator"]
    return MappingProxyType(
        {key: Indicator.model_validate({"id": key, **entry}) for key, entry in table.items()}
    )
