"""The figures a plan prints, one by one: whose, of which year, target or state, how exact."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from resalloc.linting.finding import Quoted

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm, Place, Sense
    from resalloc.norms.normset import NormSet

Role = Literal["state", "target"]
_ABOUT = re.compile(r"约|左右|近|余|多(?:张|名|人|家|个)|以上|>|＞|≥|<|＜|≤")
_ROUGHLY = re.compile("约|左右")
_WIDE = str.maketrans("０１２３４５６７８９．", "0123456789.")


@dataclass(frozen=True)
class Figure:
    """One number a plan prints.

    Parameters
    ----------
    norm
        The clause.
    year
        Of which year it is, or by which it is due.
    role
        ``state``: what is; ``target``: what is to be.
    sense
        As of the clause; ``==`` for a state.
    low, high
        The number, or both ends of a range; in the indicator's unit.
    place
        The clause's own place.
    about
        The words say 约, 左右 (of a state also 以上 …): no exact number.
    """

    norm: Norm
    year: int
    role: Role
    sense: Sense
    low: float
    high: float
    place: Quoted
    about: bool

    @property
    def value(self) -> float:
        """The number printed; the low end of a range."""
        return self.low

    @property
    def last_place(self) -> float:
        """What one unit in the last printed digit is worth: how exact the number can be."""
        return last_place(self.low, self.place.quote)


def last_place(value: float, text: str) -> float:
    """Give the worth of the last digit of `value` as `text` prints it.

    Examples
    --------
    >>> (
    ...     last_place(1.0, "每万人口急救车数量（辆） 0.74 1.0 预期性"),
    ...     last_place(5866, "卫生人员5866名"),
    ... )
    (0.1, 1.0)
    """
    for word in re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d)[ ,，](?=\d{3}\b)", "", text)):
        if math.isclose(float(word), value):
            digits = len(word.partition(".")[2])
            break
    else:
        shown = f"{value:.6f}".rstrip("0")
        digits = len(shown.partition(".")[2])
    return float(10.0**-digits)


def quoted(place: Place) -> Quoted:
    """Give a clause's place as a finding names it."""
    return Quoted(place.quote, place.where)


def printed_figures(plan: NormSet) -> tuple[Figure, ...]:
    """Give every figure of a plan that has an indicator, in the document's order.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> found = printed_figures(read_norms("tongliang-2025"))
    >>> [(f.role, f.year, f.value) for f in found if f.norm.id == "beds_per_1000"]
    [('state', 2020, 5.48), ('target', 2025, 8.0)]
    """
    figures: list[Figure] = []
    for norm in plan:
        if norm.indicator is None:
            continue
        place = quoted(norm.says)
        about = bool(_ABOUT.search(norm.says.quote.translate(_WIDE)) or norm.reads.baseline_sign)
        roughly = bool(_ROUGHLY.search(norm.says.quote))
        figures += [
            Figure(norm, year, "state", "==", value, value, place, about)
            for year, value in norm.reads.baseline.items()
        ]
        for year, target in norm.reads.values.items():
            low, high = target if isinstance(target, tuple) else (target, target)
            figures.append(
                Figure(norm, year, "target", norm.reads.sense, low, high, place, roughly)
            )
    return tuple(figures)
