"""The keys of a site map: circles of the radius, sizes of points, the list of open sites."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.reporting.siting import words as site_words
from resalloc.reporting.siting.canvas import Canvas, round_below
from resalloc.reporting.siting.labels import text_width
from resalloc.reporting.siting.words import served, sites_in_order, with_unit
from resalloc.reporting.texts import texts
from resalloc.study.facts import served_from

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Floats
    from resalloc.reporting.siting.dots import Gathered
    from resalloc.study.study import Study

SIDE = 316.0
"""Width of the column of keys."""
_RINGS, _LISTED = 60, 14
_STYLES = ("", "7 4", "2 3", "10 3 2 3")
LARGEST = 2.0
"""By how much, at most, a map grows so that the circles of a radius stay whole."""


@dataclass(frozen=True)
class Ring:
    """How far a radius reaches around an open site."""

    x: float
    y: float
    r: float
    dash: str
    colour: str


def rings(
    study: Study,
    sites: Floats,
    opened: Sequence[int],
    shades: dict[int, str],
    ground: Canvas,
    lang: str,
) -> tuple[tuple[Ring, ...], tuple[tuple[str, str], ...]]:
    """Give the circles of each radius around the sites that serve points of its class."""
    reach = reaches(study)
    if not opened or len(opened) > _RINGS:
        return (), ()
    rings, key = [], []
    for dash, found in zip(_STYLES, reach, strict=False):
        pixels = round(found.km * ground.km, 1)
        rings += [
            Ring(
                round(float(sites[j, 0]), 1), round(float(sites[j, 1]), 1), pixels, dash, shades[j]
            )
            for j in opened
            if j in found.serving
        ]
        said = with_unit(study, found.limit, lang)
        if found.driven or study.travel.detour != 1:
            straight = f"{site_words.figure(found.km)} {texts()['site.km'].label(lang)}"
            said = texts()["site.legend_straight"].format(radius=said, km=straight).label(lang)
        values = {"radius": said, "name": site_words.class_name(found.name, lang)}
        phrase = "site.legend_radius_of" if found.name else "site.legend_radius"
        key.append((dash, texts()[phrase].format(**values).label(lang)))
    return tuple(rings), tuple(key)


@dataclass(frozen=True)
class Reach:
    """A radius of a class of points: in the unit of the costs, on the map, and whose it is."""

    limit: float
    km: float
    name: str
    driven: bool
    serving: frozenset[int]


def reaches(study: Study) -> list[Reach]:
    """Give each radius that can be drawn, the smallest first, and the sites that serve by it."""
    radius, ways = study.radius, study.travel
    if radius is None or ways.basis == "matrix":
        return []
    speed = ways.speed if ways.speed is not None else np.full(len(radius), np.nan)
    classes = study.points.classes if isinstance(study.request.radius, dict) else ()
    reach: dict[tuple[float, float | None, str], set[int]] = {}
    point, site, _, _ = served_from(study.siting, study.weights)
    serving = [set[int]() for _ in radius]
    for i, j in zip(point.tolist(), site.tolist(), strict=True):
        serving[i].add(j)
    for i, limit in enumerate(radius.tolist()):
        name = classes[i] if classes else ""
        own = None if np.isnan(speed[i]) else float(speed[i])
        reach.setdefault((limit, own, name), set()).update(serving[i])
    if len(reach) > len(_STYLES):
        return []
    return [
        Reach(limit, ways.reach_km(limit, own), name, own is not None, frozenset(by))
        for (limit, own, name), by in sorted(
            reach.items(), key=lambda item: (item[0][0], str(item[0]))
        )
    ]


def site_key(
    study: Study, shades: dict[int, str], lang: str
) -> tuple[tuple[tuple[str, str], ...], int]:
    """Give the open sites that serve most, each with its colour and figures."""
    if not study.model.serves:
        return (), 0
    order = sites_in_order(study)
    shown = [f for f in order if f.site in shades][:_LISTED]
    rows = []
    for f in shown:
        figures = f"{site_words.figure(served(study, f))} · {with_unit(study, f.mean, lang)}"
        name = study.sites.names[f.site]
        room = SIDE - 34 - text_width("  " + figures, 12.0)
        while text_width(name, 12.0) > room and len(name) > 2:
            name = name.rstrip("…")[:-1] + "…"
        rows.append((shades[f.site], f"{name}  {figures}"))
    return tuple(rows), len(order) - len(shown)


def size_key(study: Study, shown: Gathered, r: Floats) -> tuple[tuple[float, str], ...]:
    """Give two or three circles of round weights and their radii."""
    if "weight" not in study.points.columns or not len(r) or r.min() == r.max():
        return ()
    most = int(shown.weights.argmax())
    scale = float(r[most]) / float(shown.weights[most]) ** 0.5
    largest = round_below(float(shown.weights[most]))
    values = dict.fromkeys([largest, round_below(largest / 4), round_below(largest / 20)])
    return tuple(
        (round(scale * value**0.5, 1), site_words.figure(value))
        for value in values
        if scale * value**0.5 >= float(r.min())
    )


def bar(km: float, lang: str) -> str:
    """Give what stands over the scale bar."""
    if km < 1:
        return f"{km * 1000:g} {texts()['site.m'].label(lang)}"
    return f"{km:,g} {texts()['site.km'].label(lang)}"


def room_for_rings(study: Study, people: Floats, places: Floats) -> Floats:
    """Give places at the edges of the circles that a map has to show whole.

    None where that would make the map more than `LARGEST` times as wide or as tall: circles of
    an endless radius would leave the places themselves no room.
    """
    opened = [j for j in study.siting.open.tolist() if np.isfinite(places[j]).all()]
    known = places[np.isfinite(places).all(axis=1)]
    every = np.concatenate([people, known])
    edges = [
        places[j] + side * found.km
        for found in reaches(study)
        for j in opened
        if j in found.serving
        for side in np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])
    ]
    if not edges or len(opened) > _RINGS:
        return np.empty((0, 2))
    both = np.concatenate([every, np.array(edges)])
    span = float(np.ptp(every, axis=0).max())
    return np.array(edges) if float(np.ptp(both, axis=0).max()) <= LARGEST * span else (
        np.empty((0, 2))
    )  # fmt: skip
