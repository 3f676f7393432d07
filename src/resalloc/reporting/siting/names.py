"""The names on a map of sites: which are wanted, in which order, and how many are left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.reporting.siting.labels import Board, Label, Wish
from resalloc.reporting.siting.marks import Mark, reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Floats
    from resalloc.reporting.siting.canvas import Canvas
    from resalloc.reporting.siting.dots import Dot
    from resalloc.study.study import Study

NAMED_POINTS, _NAMED_CLOSED = 60, 40
"""Points, and sites that stay closed, up to which they are named."""


@dataclass(frozen=True)
class Line:
    """From a point to the site that serves it."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    missed: bool


def names_on(
    study: Study,
    ground: Canvas,
    marks: Sequence[Mark],
    circles: Sequence[Dot],
    lines: Sequence[Line],
    at: Floats,
    r: Floats,
) -> tuple[list[Label], tuple[int, int]]:
    """Place the names: open sites first, fixed and large ones before others; then the points.

    With them, how many names of sites and of points found no room.
    """
    board = Board(ground.width, ground.height)
    board.take(0, ground.height - 42, ground.width / 4, ground.height)  # the scale bar
    board.take(ground.width - 50, 0, ground.width, 62)  # the arrow
    strong = [mark for mark in marks if mark.kind in ("open", "fixed", "competitor")]
    for mark in strong:
        reach = reach_of(mark) + 2
        board.take(mark.x - reach, mark.y - reach, mark.x + reach, mark.y + reach)
    round_ones = [(dot.x, dot.y, dot.r) for dot in circles] if len(circles) <= 300 else []
    own = {(x, y): radius for x, y, radius in round_ones}
    board.avoid(
        np.array([(line.x1, line.y1, line.x2, line.y2) for line in lines]), np.array(round_ones)
    )
    people = {f.site: f.people for f in study.facts.sites}
    position = {name: j for j, name in enumerate(study.sites.names)}
    strong.sort(
        key=lambda mark: (
            mark.kind != "fixed", -people.get(position[mark.name], 0.0), mark.name,
        )
    )  # fmt: skip
    wishes = [
        Wish(
            mark.name,
            mark.x,
            mark.y,
            max(reach_of(mark), own.get((mark.x, mark.y), 0.0)),
            13.0,
            True,
        )
        for mark in strong
    ]
    already = {mark.name for mark in strong}
    ringed = {(mark.x, mark.y): mark.size for mark in marks if mark.kind == "both"}
    points = []
    if len(study.points.names) <= NAMED_POINTS:
        order = np.lexsort((np.arange(len(at)), -study.weights))
        points = [
            Wish(name, x, y, ringed.get((round(x, 1), round(y, 1)), float(r[i])), 11.0, False)
            for i in order.tolist()
            for x, y in (at[i].tolist(),)
            if (name := study.points.names[i]) not in already
        ]
    shut = [mark for mark in marks if mark.kind in ("closed", "forbidden")]
    closed = [
        Wish(mark.name, mark.x, mark.y, mark.size, 10.5, False)
        for mark in shut
        if len(shut) <= _NAMED_CLOSED
    ]
    for mark in shut:
        board.take(mark.x - 5.5, mark.y - 5.5, mark.x + 5.5, mark.y + 5.5)
    placed = [board.place_all(some) for some in (wishes, points, closed)]
    left = (
        len(wishes) - len(placed[0]) + len(closed) - len(placed[2]),
        len(points) - len(placed[1]),
    )
    return [label for some in placed for label in some], left
