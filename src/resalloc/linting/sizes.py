"""Institutions: planned below what stands there, or above what one site may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.district.assumptions import read_assumptions
from resalloc.linting.figures import quoted
from resalloc.linting.finding import Finding, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet

_PLANNED, _IN_PLACE = "institution_beds", "institution_beds_actual"


def below_stock(plan: NormSet) -> Iterator[Finding]:
    """Find an institution planned with fewer beds than it has in place.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> found = {f.norms[0]: f for f in below_stock(read_norms("tongliang-2025"))}
    >>> found["public_hospital_beds.04"].figures["planned"]
    350.0
    """
    in_place = {n.reads.scope: n for n in plan if n.reads.indicator == _IN_PLACE}
    for norm in plan:
        stock = in_place.get(norm.reads.scope)
        if norm.reads.indicator != _PLANNED or stock is None or not norm.reads.values:
            continue
        year, state_year = max(norm.reads.values), max(stock.reads.baseline)
        planned, has = norm.reads.values[year], stock.reads.baseline[state_year]
        if isinstance(planned, tuple) or planned >= has:
            continue
        yield Finding(
            "below_stock",
            "low",
            f"{norm.says.where}「{norm.says.quote}」：{year}年规划{number(planned)}张，"
            f"少于{state_year}年实有{number(has)}张。",
            f"{norm.says.where}: {number(planned)} beds planned for {year}, {number(has)} in place"
            f" in {state_year}.",
            {"planned": planned, "in_place": has},
            (quoted(norm.says),),
            (norm.id, stock.id),
        )


def size_caps(plan: NormSet) -> Iterator[Finding]:
    """Find a single site planned above the size the national guidance has in mind.

    The cap is the assumption ``lint.hospital_beds``; it is guidance, not law.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> [f.norms[0] for f in size_caps(read_norms("tongliang-2025"))]
    ['public_hospital_beds.01']
    """
    assumption = read_assumptions()["lint.hospital_beds"]
    cap = float(assumption.value)
    for norm in plan:
        beds = _beds_of(norm)
        if beds is None or beds <= cap:
            continue
        yield Finding(
            "size_caps",
            "low",
            f"{norm.says.where}「{norm.says.quote}」：{number(beds)}张，超过单体规模参考值"
            f"{number(cap)}张（{assumption.source_in('zh')}）。",
            f"{norm.says.where}: {number(beds)} beds at one site, above {number(cap)}"
            f" ({assumption.source}).",
            {"beds": beds, "cap": cap},
            (quoted(norm.says),),
            (norm.id,),
        )


def _beds_of(norm: Norm) -> float | None:
    """Give the beds planned at one institution of a table.

    Projects are left out: their owners may be hospitals of another level.
    """
    single = norm.reads.scope.startswith("each:institution[") and "|" not in norm.reads.scope
    if norm.reads.indicator != _PLANNED or not single or not norm.reads.values:
        return None
    target = norm.reads.values[max(norm.reads.values)]
    return target if not isinstance(target, tuple) else target[1]
