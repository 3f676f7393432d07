"""The map of a siting answer: who is served from where, who is not, and what stays closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.reporting.html import environment
from resalloc.reporting.siting import keys as site_keys
from resalloc.reporting.siting import words as site_words
from resalloc.reporting.siting.canvas import Canvas, canvas, in_plane
from resalloc.reporting.siting.colours import MISSED, UNSERVED, colours
from resalloc.reporting.siting.dots import CELL, MOST, Dot, Gathered, dots, gathered, radii
from resalloc.reporting.siting.keys import SIDE, Ring
from resalloc.reporting.siting.labels import Board, Label, Wish, wrapped
from resalloc.reporting.siting.words import amount, with_unit
from resalloc.reporting.texts import texts
from resalloc.study.facts import served_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Floats, Mask
    from resalloc.study.study import Study

SPIDERS = 2000
"""Points up to which a line leads from each to its site."""
_CLOSED, _NAMED_POINTS = 1500, 60


@dataclass(frozen=True)
class Mark:
    """A site: ``open``, ``fixed``, ``closed``, ``forbidden`` or ``competitor``."""

    name: str
    x: float
    y: float
    kind: str
    colour: str
    size: float
    says: str


@dataclass(frozen=True)
class Line:
    """From a point to the site that serves it."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    missed: bool


@dataclass(frozen=True)
class SiteMap:
    """Everything the map template draws, in pixels."""

    canvas: Canvas
    title: tuple[str, ...]
    result: tuple[str, ...]
    notes: tuple[str, ...]
    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    rings: tuple[Ring, ...]
    marks: tuple[Mark, ...]
    labels: tuple[Label, ...]
    ring_key: tuple[tuple[str, str], ...]
    size_key: tuple[tuple[float, str], ...]
    site_key: tuple[tuple[str, str], ...]
    rest: int
    kinds: frozenset[str]
    missed: int
    who: str
    bar: str
    covers: bool
    serves: bool
    shared: bool
    side: float = SIDE


def site_map_svg(study: Study, lang: str) -> str:
    """Give the map as a picture of its own.

    Parameters
    ----------
    study
        With positions.
    lang
        ``"zh"`` or ``"en"``.
    """
    drawn = site_map(study, lang)
    words = {key.removeprefix("site."): text.label(lang) for key, text in texts().items()}
    return environment().get_template("site_map.svg.j2").render(map=drawn, say=words)


def site_map(study: Study, lang: str) -> SiteMap:
    """Lay a study out on a canvas."""
    people, places = _planes(study)
    known = np.asarray(np.isfinite(places).all(axis=1))
    ground = canvas(np.concatenate([people, places[known]]))
    at, sites = ground.place(people), ground.place(places)
    opened = [int(j) for j in study.siting.open if known[j]]
    shades = dict(zip(study.siting.open.tolist(), colours(_middles(study, at, sites)), strict=True))
    marks = _marks(study, sites, known, shades, lang)
    shown, r, says = _shown(study, at, lang)
    circles = dots(shown, r, [_shade(shown, i, shades) for i in range(len(r))], says)
    circles_around, ring_key = site_keys.rings(study, sites, opened, shades, ground, lang)
    labels, unnamed = _labels(study, ground, marks, circles, at, r)
    width = ground.width + 24 + SIDE
    notes = list(site_words.assumed(study, lang))
    if len(r) < len(at):
        values = {"count": f"{len(at):,}", "size": CELL, "dots": f"{len(r):,}"}
        notes.append(texts()["site.binned"].format(**values).label(lang))
    if unnamed:
        notes.append(texts()["site.not_named"].format(count=unnamed).label(lang))
    notes.append(texts()["site.map_note"].label(lang))
    site_key, rest = site_keys.site_key(study, shades, lang)
    return SiteMap(
        canvas=ground,
        title=tuple(wrapped(_title(study, lang), 22.0, width - 40)),
        result=tuple(
            line
            for text in (site_words.headline(study, lang), site_words.missed(study, lang))
            for line in wrapped(text, 14.5, width - 40)
        ),
        notes=tuple(line for note in notes for line in wrapped(note, 11.5, width - 40)),
        dots=circles,
        lines=_lines(study, at, sites, known, shades),
        rings=circles_around,
        marks=marks,
        labels=tuple(labels),
        ring_key=ring_key,
        size_key=site_keys.size_key(study, shown, r),
        site_key=site_key,
        rest=rest,
        kinds=frozenset(mark.kind for mark in marks),
        missed=int(shown.missed.sum()),
        who=site_words.who(study, lang),
        bar=site_keys.bar(ground.bar_km, lang),
        covers=study.model.covers,
        serves=study.model.serves,
        shared=study.request.model == "market-share",
    )


def _title(study: Study, lang: str) -> str:
    title = study.request.title or study.request.points.stem
    return f"{title} · {site_words.model_title(study, lang)}"


def _planes(study: Study) -> tuple[Floats, Floats]:
    """Give points and sites in km."""
    points, sites = study.points, study.sites
    middle = float((points.xy[:, 1].min() + points.xy[:, 1].max()) / 2)
    metres = study.request.xy_unit or "m"
    return (
        in_plane(points.xy, points.kind, metres, middle),
        in_plane(sites.xy, points.kind, metres, middle),
    )


def _middles(study: Study, at: Floats, sites: Floats) -> Floats:
    """Give where each open site is, or where those are whom it serves if nobody says."""
    middles = sites[study.siting.open].copy()
    for k, j in enumerate(study.siting.open.tolist()):
        if not np.isfinite(middles[k]).all():
            own = at[study.siting.assignment == j]
            middles[k] = own.mean(axis=0) if len(own) else at.mean(axis=0)
    return middles


def _marks(
    study: Study, sites: Floats, known: Mask, shades: dict[int, str], lang: str
) -> tuple[Mark, ...]:
    given = study.given
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
            says = _says([name, amount(study, fact.people, lang), _mean(study, fact.mean, lang)])
            marks.append(Mark(name, round(x, 1), round(y, 1), kind, shades[j], size, says))
            continue
        kind = (
            "competitor" if given.competitor[j] else "forbidden" if given.forbidden[j] else "closed"
        )
        if kind == "competitor" or closed or (kind == "forbidden" and rest <= _CLOSED):
            shown = 6.0 if kind == "competitor" else 4.5
            marks.append(Mark(name, round(x, 1), round(y, 1), kind, "#5b6b75", shown, name))
    order = {"closed": 0, "forbidden": 0, "competitor": 1, "open": 2, "fixed": 3}
    return tuple(sorted(marks, key=lambda mark: order[mark.kind]))


def _shown(study: Study, at: Floats, lang: str) -> tuple[Gathered, Floats, list[str]]:
    """Give the circles to draw, their radii, and what each says when pointed at."""
    siting = study.siting
    missed = ~siting.covered & study.model.serves
    if len(at) > MOST:
        shown = gathered(at, study.weights, siting.assignment, missed)
        return shown, radii(shown.weights, 5.0, 1.3), []
    shown = Gathered(at, study.weights, siting.assignment, missed)
    count = len(at)
    largest, smallest = (
        (15.0, 3.0) if count <= 60 else (9.0, 2.0) if count <= 500 else (8.0, 1.8)
    )  # fmt: skip
    says = []
    for i, j in enumerate(siting.assignment.tolist()):
        parts = [study.points.names[i], amount(study, float(study.weights[i]), lang)]
        if j >= 0:
            served = with_unit(study, float(siting.served_cost[i]), lang)
            parts.append(f"→ {study.sites.names[j]} {served}")
        if missed[i]:
            parts.append(texts()["site.legend_missed"].label(lang))
        says.append(_says(parts))
    return shown, radii(study.weights, largest, smallest), says


def _says(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)


def _mean(study: Study, cost: float, lang: str) -> str:
    """Give a mean with its name; nothing where nobody is served."""
    if np.isnan(cost):
        return ""
    return f"{texts()['site.mean'].label(lang)} {with_unit(study, cost, lang)}"


def _shade(shown: Gathered, i: int, shades: dict[int, str]) -> str:
    if shown.missed[i]:
        return MISSED
    return shades.get(int(shown.site[i]), UNSERVED)


def _lines(
    study: Study, at: Floats, sites: Floats, known: Mask, shades: dict[int, str]
) -> tuple[Line, ...]:
    if len(at) > SPIDERS:
        return ()
    if study.request.model == "market-share":  # everybody comes a little to every site
        point = np.flatnonzero(study.siting.assignment >= 0)
        site = study.siting.assignment[point]
    else:
        point, site, _, _ = served_from(study.siting)
    lines = []
    for i, j in zip(point.tolist(), site.tolist(), strict=True):
        if not known[j] or np.abs(at[i] - sites[j]).max() < 0.5:
            continue
        missed = not study.siting.covered[i]
        ends = [round(float(v), 1) for v in (*at[i], *sites[j])]
        colour = MISSED if missed else shades.get(j, UNSERVED)
        lines.append(Line(ends[0], ends[1], ends[2], ends[3], colour, bool(missed)))
    return tuple(lines)


def _labels(
    study: Study,
    ground: Canvas,
    marks: Sequence[Mark],
    circles: Sequence[Dot],
    at: Floats,
    r: Floats,
) -> tuple[list[Label], int]:
    board = Board(ground.width, ground.height)
    board.take(0, ground.height - 42, ground.width / 4, ground.height)  # the scale bar
    board.take(ground.width - 50, 0, ground.width, 62)  # the arrow
    strong = [mark for mark in marks if mark.kind in ("open", "fixed", "competitor")]
    for mark in strong:
        reach = _reach(mark) + 2
        board.take(mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach)
    if len(circles) <= 300:
        for dot in circles:
            board.take(dot.x - dot.r, dot.y - dot.r, dot.x + dot.r, dot.y + dot.r)
    own = {(dot.x, dot.y): dot.r for dot in circles} if len(circles) <= 300 else {}
    people = {f.site: f.people for f in study.facts.sites}
    position = {name: j for j, name in enumerate(study.sites.names)}
    strong.sort(key=lambda mark: (-people.get(position[mark.name], 0.0), mark.name))
    wishes = [
        Wish(
            mark.name, mark.x, mark.y, max(_reach(mark), own.get((mark.x, mark.y), 0.0)), 13.0, True
        )
        for mark in strong
    ]
    named = board.place_all(wishes)
    unnamed = len(wishes) - len(named)
    if len(study.points.names) <= _NAMED_POINTS:
        already = {mark.name for mark in strong}
        order = np.lexsort((np.arange(len(at)), -study.weights))
        for i in order.tolist():
            name = study.points.names[i]
            if name not in already:
                wish = Wish(name, float(at[i, 0]), float(at[i, 1]), float(r[i]), 11.0, False)
                placed = board.place(wish)
                named += [placed] if placed is not None else []
    return named, unnamed


def _reach(mark: Mark) -> float:
    """Give how far a symbol reaches: some stand on a corner."""
    return 1.45 * mark.size if mark.kind in ("fixed", "competitor") else mark.size
