"""What is chosen in every future, in some, in none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from resalloc.problem.columns import Block, Columns, Floats, Ints
    from resalloc.sweep.reoptimise.outcome import Outcome

YES_OR_NO = ("station", "crewed", "fever")
COUNTED = ("beds_total", "beds", "staff", "equipment", "supply", "crews", "vehicles")
BLOCKS_ZH = {
    "station": "急救站点",
    "crewed": "有车组值班的站点",
    "fever": "发热门诊（诊室、哨点）",
    "beds_total": "床位",
    "beds": "床位（分类）",
    "staff": "人员",
    "equipment": "设备",
    "supply": "设施与供给",
    "crews": "车组",
    "vehicles": "急救车",
}
"""What is decided, in Chinese."""
BLOCKS_EN = {
    "station": "ambulance station",
    "crewed": "crewed station",
    "fever": "fever clinic",
    "beds_total": "beds",
    "beds": "beds of a kind",
    "staff": "staff",
    "equipment": "equipment",
    "supply": "supply",
    "crews": "crews on duty",
    "vehicles": "ambulances",
}
"""What is decided, in English."""
_LISTS = {"beds": "bed_kind", "staff": "cadre", "fever": "fever_tier"}
_LESS = 1e-6


@dataclass(frozen=True)
class Choice:
    """One decision over the futures that have a plan; amounts of the last plan year.

    Parameters
    ----------
    block
        What is decided: ``station``, ``fever``, ``beds_total``, ``staff`` …
    place
        Institution, site or township; empty for the whole district.
    item
        Kind of bed, cadre, tier …; empty where there is none.
    today
        What stands today, as expected; NaN where not known. Of the whole district, what is
        known of it.
    chosen, of
        In how many futures it is chosen, of how many in which that can be said. A station, a
        crew or a fever clinic is chosen where the plan has it, whether or not it stands
        today; anything else where the plan has more than stands today in that future.
    planned
        Smallest, middle and largest planned amount; NaN where the plans say nothing.
    added
        Likewise what is added to today's in each future; what is known of the whole district.
    """

    block: str
    place: str
    item: str
    today: float
    chosen: int
    of: int
    planned: tuple[float, float, float]
    added: tuple[float, float, float]

    @property
    def always(self) -> bool:
        """Whether it is chosen in every future."""
        return self.of > 0 and self.chosen == self.of

    def label(self, lang: str = "en") -> str:
        """Give what is decided and where, in ``"zh"`` or ``"en"``."""
        zh = lang == "zh"
        what = (BLOCKS_ZH if zh else BLOCKS_EN)[self.block]
        words = vocabulary().list(_LISTS.get(self.block, self.block)) if self.item else {}
        item = words[self.item].label(lang) if self.item in words else self.item
        whole = "全区" if zh else "whole district"
        parts = [self.place or whole, item or what]
        return ("·" if zh else ", ").join(parts)

    def how_often(self, lang: str = "en") -> str:
        """Say in how many futures it is chosen, in ``"zh"`` or ``"en"``.

        Examples
        --------
        >>> of = lambda n: Choice("station", "A", "", 0.0, n, 9, (0, 1, 1), (0, 1, 1))
        >>> of(9).how_often(), of(7).how_often(), of(0).how_often()
        ('in every future', 'in 7 of 9', 'in none')
        >>> of(9).how_often("zh"), of(7).how_often("zh"), of(0).how_often("zh")
        ('每种情形', '9 种情形中 7 种', '各种情形均无')
        """
        zh = lang == "zh"
        if self.of == 0:
            return "现状未知，无法判断" if zh else "not known today"
        if self.always:
            return "每种情形" if zh else "in every future"
        if self.chosen == 0:
            return "各种情形均无" if zh else "in none"
        count, of = self.chosen, self.of
        return f"{of} 种情形中 {count} 种" if zh else f"in {count} of {of}"


def choices(outcomes: Sequence[Outcome], base: Outcome, columns: Columns) -> tuple[Choice, ...]:
    """Count over futures what the plans choose.

    Parameters
    ----------
    outcomes
        Those of the futures; only those with a plan are counted.
    base
        The expected future, for what stands today.
    columns
        The decision columns.

    Returns
    -------
    tuple of Choice
        Of each block the whole district by item, then every place; without plans none.
    """
    plans = [one for one in outcomes if one.x is not None]
    if not plans:
        return ()
    planned = np.array([one.x for one in plans])
    today = np.array([one.today for one in plans])
    found: list[Choice] = []
    for name in (*YES_OR_NO, *COUNTED):
        found += _of_block(columns[name], planned, today, base.today)
    return tuple(found)


def _of_block(block: Block, planned: Floats, today: Floats, expected: Floats) -> Iterator[Choice]:
    ids = block.ids[..., -1].reshape(len(block.axes[0].labels), -1)
    items = block.axes[1].labels if len(block.axes) > 1 else ("",)
    for column, item in enumerate(items):
        cells = ids[:, column]
        yield _choice(block.name, "", item, cells, planned, today, expected)
    for row, place in enumerate(block.axes[0].labels):
        for column, item in enumerate(items):
            cells = ids[row, [column]]
            yield _choice(block.name, place, item, cells, planned, today, expected)


def _choice(
    name: str, place: str, item: str, cells: Ints, planned: Floats, today: Floats, expected: Floats
) -> Choice:
    """Count one decision; over several cells, what is known of them."""
    level = _known_sum(planned[:, cells])
    more = _known_sum(planned[:, cells] - today[:, cells])
    judged = level if name in YES_OR_NO and place else more
    known = judged[~np.isnan(judged)]
    return Choice(
        name,
        place,
        item,
        float(_known_sum(expected[cells])),
        int((known > (0.5 if judged is level else _LESS)).sum()),
        len(known),
        _spread(level),
        _spread(more),
    )


def _known_sum(values: Floats) -> Floats:
    """Add up what is known along the last axis; NaN where nothing is."""
    total = np.nansum(values, axis=-1)
    return np.asarray(np.where(np.isnan(values).all(axis=-1), np.nan, total))


def _spread(values: Floats) -> tuple[float, float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return (float("nan"),) * 3
    return float(known.min()), float(np.median(known)), float(known.max())
