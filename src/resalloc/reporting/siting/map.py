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
from resalloc.reporting.siting.labels import Label, wrapped
from resalloc.reporting.siting.marks import Mark, said, sites_marks
from resalloc.reporting.siting.names import NAMED_POINTS, Line, names_on
from resalloc.reporting.siting.words import amount, with_unit
from resalloc.reporting.texts import texts
from resalloc.study.facts import served_from

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Mask
    from resalloc.study.study import Study

SPIDERS = 2000
"""Points up to which a line leads from each to its site."""


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
    full: int
    parted: int
    between: int
    key_missed: str
    who: str
    bar: str
    covers: bool
    limited: bool
    serves: bool
    found: bool
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
    edges = site_keys.room_for_rings(study, people, places)
    ground = canvas(np.concatenate([people, places[known], edges]))
    at, sites = ground.place(people), ground.place(places)
    opened = [int(j) for j in study.siting.open if known[j]]
    shades = dict(zip(study.siting.open.tolist(), colours(_middles(study, at, sites)), strict=True))
    shown, r, says = _shown(study, at, lang)
    marks = sites_marks(study, sites, known, shades, lang, at, r)
    full = np.zeros(len(r), dtype=bool)
    if says and site_words.limited(study) and site_words.found(study):
        full[site_words.shortfalls(study)[1]] = True
    divided = _divided(study, shades) if says else {}
    tints = [_shade(shown, i, shades) for i in range(len(r))]
    circles = dots(shown, r, tints, says, full, divided)
    circles_around, ring_key = site_keys.rings(study, sites, opened, shades, ground, lang)
    lines = _lines(study, at, sites, known, shades)
    labels, unnamed = names_on(study, ground, marks, circles, lines, at, r)
    width = ground.width + 24 + SIDE
    notes = list(site_words.assumed(study, lang))
    if len(r) < len(at):
        values = {"count": f"{len(at):,}", "size": CELL, "dots": f"{len(r):,}"}
        notes.append(texts()["site.binned"].format(**values).label(lang))
    if any(unnamed):
        values = {"sites": unnamed[0], "points": unnamed[1]}
        notes.append(texts()["site.not_named"].format(**values).label(lang))
    if len(at) > NAMED_POINTS:
        most = {"most": NAMED_POINTS}
        notes.append(texts()["site.points_not_named"].format(**most).label(lang))
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
        lines=lines,
        rings=circles_around,
        marks=marks,
        labels=tuple(labels),
        ring_key=ring_key,
        size_key=site_keys.size_key(study, shown, r),
        site_key=site_key,
        rest=rest,
        kinds=frozenset(mark.kind for mark in marks),
        missed=int((shown.missed & ~full).sum())
        - sum(1 for i, cut in divided.items() if shown.missed[i] and not full[i]),
        full=int(full.sum()) - sum(1 for i in divided if full[i]),
        parted=sum(1 for i in divided if shown.missed[i]),
        between=sum(1 for i in divided if not shown.missed[i]),
        key_missed=_key_missed(study),
        who=site_words.who(study, lang),
        bar=site_keys.bar(ground.bar_km, lang),
        covers=study.model.covers,
        limited=site_words.limited(study),
        serves=study.model.serves,
        found=site_words.found(study),
        shared=study.request.model == "market-share",
    )


def _title(study: Study, lang: str) -> str:
    title = study.request.title or texts()["site.title"].label(lang)
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


def _shown(study: Study, at: Floats, lang: str) -> tuple[Gathered, Floats, list[str]]:
    """Give the circles to draw, their radii, and what each says when pointed at."""
    siting = study.siting
    missed = np.zeros(len(at), dtype=bool)
    if study.model.serves:
        missed[study.facts.missed] = True
    if len(at) > MOST:
        shown = gathered(at, study.weights, siting.assignment, missed)
        return shown, radii(shown.weights, 5.0, 1.3), []
    shown = Gathered(at, study.weights, siting.assignment, missed)
    count = len(at)
    largest, smallest = (
        (15.0, 3.0) if count <= 60 else (9.0, 2.0) if count <= 500 else (8.0, 1.8)
    )  # fmt: skip
    said_of = _reasons(study, lang)
    says = []
    for i, j in enumerate(siting.assignment.tolist()):
        parts = [study.points.names[i], amount(study, float(study.weights[i]), lang)]
        if j >= 0:
            served = with_unit(study, float(siting.served_cost[i]), lang)
            parts.append(f"→ {study.sites.names[j]} {served}")
        if missed[i]:
            parts.append(said_of.get(i, texts()[f"site.{_key_missed(study)}"].label(lang)))
        says.append(said(parts))
    return shown, radii(study.weights, largest, smallest), says


def _key_missed(study: Study) -> str:
    if not site_words.found(study):
        return "legend_unreached"
    return "legend_far" if site_words.limited(study) else "legend_missed"


def _reasons(study: Study, lang: str) -> dict[int, str]:
    """Say of points that are within reach of an open site why they are not wholly served."""
    if not site_words.limited(study) or not site_words.found(study):
        return {}
    full = texts()["site.legend_full"].label(lang)
    part = texts()["site.legend_part"].label(lang)
    said = dict.fromkeys(site_words.shortfalls(study)[1], full)
    return said | dict.fromkeys(site_words.served_in_part(study), part)


def _divided(study: Study, shades: dict[int, str]) -> dict[int, list[tuple[float, str]]]:
    """Give the parts of each point that several sites serve, or that is not wholly served."""
    if not site_words.divides(study):
        return {}
    point, site, part, _ = served_from(study.siting, study.weights)
    cut: dict[int, list[tuple[float, str]]] = {}
    for i, j, piece in zip(point.tolist(), site.tolist(), part.tolist(), strict=True):
        cut.setdefault(i, []).append((piece, shades.get(j, UNSERVED)))
    in_part = set(site_words.served_in_part(study))
    for i in in_part:
        cut[i].append((1 - sum(piece for piece, _ in cut[i]), ""))
    return {i: pieces for i, pieces in cut.items() if len(pieces) > 1}


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
        point, site, _, _ = served_from(study.siting, study.weights)
    lines = []
    for i, j in zip(point.tolist(), site.tolist(), strict=True):
        if not known[j] or np.abs(at[i] - sites[j]).max() < 0.5:
            continue
        missed = not study.siting.covered[i] and study.siting.split is None
        ends = [round(float(v), 1) for v in (*at[i], *sites[j])]
        colour = MISSED if missed else shades.get(j, UNSERVED)
        lines.append(Line(ends[0], ends[1], ends[2], ends[3], colour, bool(missed)))
    return tuple(lines)
