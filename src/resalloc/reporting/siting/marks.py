"""The sites as symbols on a map: open, fixed, closed, forbidden, or a competitor's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.reporting.siting.colours import NEUTRAL
from resalloc.reporting.siting.words import amount, with_unit
from resalloc.reporting.texts import texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Floats, Mask
    from resalloc.study.study import Study

_CLOSED = 1500
"""Sites that stay closed, up to which they are drawn."""


@dataclass(frozen=True)
class Mark:
    """A site: ``open``, ``fixed``, ``closed``, ``both``, ``forbidden`` or ``competitor``.

    ``both`` is one that stays closed and is a demand point as well.
    """

    name: str
    x: float
    y: float
    kind: str
    colour: str
    size: float
    says: str


def sites_marks(
    study: Study,
    sites: Floats,
    known: Mask,
    shades: dict[int, str],
    lang: str,
    at: Floats,
    r: Floats,
) -> tuple[Mark, ...]:
    """Give the symbols to draw, those that matter most last, so that they lie on top.

    Parameters
    ----------
    study, lang
        What was solved; the language of what a symbol says.
    sites, known
        Where the sites are, in pixels, and for which of them that is known.
    shades
        Colour by open site.
    at, r
        Where the points are, and the radii of their circles.
    """
    given = study.given
    # A square on a point that is a possible site as well would hide how large it is.
    on = {(round(x, 1), round(y, 1)): float(r[i]) for i, (x, y) in enumerate(at.tolist())} if (
        len(r) == len(at)
    ) else {}  # fmt: skip
    facts = {f.site: f for f in study.facts.sites}
    rest = len(sites) - len(shades)
    # Where every point is a possible site, a mark on each would hide the points themselves.
    closed = rest <= _CLOSED and not study.every_point
    size = 9.0 if len(shades) <= 60 else 7.0 if len(shades) <= 200 else 5.0
    marks = []
    for j, (x, y) in enumerate(sites.tolist()):
        if not known[j]:
            continue
        name = study.sites.names[j]
        if j in shades:
            kind = "fixed" if given.fixed[j] else "open"
            fact = facts[j]
            says = said([name, amount(study, fact.people, lang), mean_said(study, fact.mean, lang)])
            marks.append(Mark(name, round(x, 1), round(y, 1), kind, shades[j], size, says))
            continue
        if given.fixed[j]:  # there is no answer, but this one would be open in any
            spot = (round(x, 1), round(y, 1))
            marks.append(Mark(name, *spot, "fixed", NEUTRAL, size, name))
            continue
        kind = (
            "competitor" if given.competitor[j] else "forbidden" if given.forbidden[j] else "closed"
        )
        around = on.get((round(x, 1), round(y, 1)))
        if kind == "closed" and around is not None and closed:
            marks.append(
                Mark(name, round(x, 1), round(y, 1), "both", "#5b6b75", around + 2.2, name)
            )
            continue
        if kind == "competitor" or closed or (kind == "forbidden" and rest <= _CLOSED):
            shown = 6.0 if kind == "competitor" else 4.5
            marks.append(Mark(name, round(x, 1), round(y, 1), kind, "#5b6b75", shown, name))
    order = {"closed": 0, "both": 0, "forbidden": 0, "competitor": 1, "open": 2, "fixed": 3}
    return tuple(sorted(marks, key=lambda mark: order[mark.kind]))


def reach_of(mark: Mark) -> float:
    """Give how far a symbol reaches: some stand on a corner."""
    return 1.45 * mark.size if mark.kind in ("fixed", "competitor") else mark.size


def said(parts: Sequence[str]) -> str:
    """Join what a symbol says when pointed at; empty parts fall out."""
    return " · ".join(part for part in parts if part)


def mean_said(study: Study, cost: float, lang: str) -> str:
    """Give a mean with its name; nothing where nobody is served."""
    if np.isnan(cost):
        return ""
    return f"{texts()['site.mean'].label(lang)} {with_unit(study, cost, lang)}"
