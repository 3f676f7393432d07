"""The measures a sweep can report beside the clauses: a closed list."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

import numpy as np

from resalloc.scoring import equity
from resalloc.scoring.measures.quantiles import weighted_quantiles

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from resalloc.scoring.equity.shares import Floats
    from resalloc.scoring.measures.situation import Need, Situation


@dataclass(frozen=True)
class Measure:
    """One number that describes a scenario; no clause bounds it.

    Parameters
    ----------
    id
        Name, e.g. ``response_p90_min``.
    zh, en
        What it is, in one phrase, with its convention.
    unit
        Id of a unit of ``data/units.toml``; empty for a pure number.
    better
        Which way is better.
    needs
        What of a :class:`~resalloc.scoring.measures.situation.Situation` it is taken from,
        beside people.
    of
        Takes it: one number a scenario.
    """

    id: str
    zh: str
    en: str
    unit: str
    better: Literal["lower", "higher"]
    needs: tuple[Need, ...]
    of: Callable[[Situation], Floats]

    def label(self, lang: str) -> str:
        """Give the phrase in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en


def taken(situation: Situation, which: Collection[str] | None = None) -> dict[str, Floats]:
    """Take the measures that the situation allows, one number a scenario each.

    Parameters
    ----------
    situation
        Scenarios.
    which
        Ids of measures; by default all.

    Examples
    --------
    >>> import numpy as np
    >>> from resalloc.scoring.measures.situation import Situation
    >>> people = np.array([600.0, 300.0, 100.0])
    >>> found = taken(Situation(people, people, response_min=np.array([8.0, 12.0, 30.0])))
    >>> {name: float(value) for name, value in found.items()}
    {'response_median_min': 8.0, 'response_p90_min': 12.0, 'response_worst_min': 30.0}
    """
    return {measure.id: measure.of(situation) for measure in possible(situation.known(), which)}


def possible(known: Collection[str], which: Collection[str] | None = None) -> tuple[Measure, ...]:
    """Give the measures, of those asked for, whose needs are all known, in the list's order."""
    return tuple(
        measure
        for measure in MEASURES.values()
        if (which is None or measure.id in which) and set(measure.needs) <= set(known)
    )


def response_median_min(seen: Situation) -> Floats:
    """Minutes within which half of the residents are reached."""
    return _quantile(seen.response_min, seen, 0.5)


def response_p90_min(seen: Situation) -> Floats:
    """Minutes within which nine in ten residents are reached."""
    return _quantile(seen.response_min, seen, 0.9)


def response_worst_min(seen: Situation) -> Floats:
    """Minutes after which every resident is reached."""
    return _quantile(seen.response_min, seen, 1.0)


def station_worst_km(seen: Situation) -> Floats:
    """Kilometres from the nearest station at which the farthest residents live."""
    return _quantile(seen.station_km, seen, 1.0)


def gini_beds(seen: Situation) -> Floats:
    """Gini coefficient of beds by township, by population."""
    return equity.gini(seen.township_beds, seen.township_people)


def gini_beds_area(seen: Situation) -> Floats:
    """Gini coefficient of beds by township, by area."""
    return equity.gini(seen.township_beds, seen.township_km2)


def theil_beds(seen: Situation) -> Floats:
    """Theil's L of beds by township, by population, in natural logarithms.

    Infinite where people of a township have no bed.
    """
    return equity.theil(seen.township_beds, seen.township_people, form="L")


def gini_access(seen: Situation) -> Floats:
    """Gini coefficient of beds within reach, by population: over people, not townships."""
    return equity.gini(cast("Floats", seen.access) * seen.point_people, seen.point_people)


def access_mean(seen: Situation) -> Floats:
    """Beds within reach per 1,000 residents, mean over residents.

    That is the beds somebody reaches over all residents: access hands beds out, none lost.
    """
    people = seen.point_people
    held = (cast("Floats", seen.access) * people).sum(axis=-1)
    total = people.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = np.where(total > 0, 1000.0 * held / total, np.nan)[()]
    return mean


def access_least(seen: Situation) -> Floats:
    """Beds within reach per 1,000 residents, where residents have least."""
    return 1000.0 * _quantile(seen.access, seen, 0.0)


def _quantile(values: Floats | None, seen: Situation, share: float) -> Floats:
    found: Floats = weighted_quantiles(values, seen.point_people, [share])[..., 0]
    return found


_RESPONSE: tuple[Need, ...] = ("response_min",)
_ACCESS: tuple[Need, ...] = ("access",)
_BEDS: tuple[Need, ...] = ("township_beds",)

MEASURES: Mapping[str, Measure] = MappingProxyType({
    measure.id: measure
    for measure in (
        Measure("response_median_min", "急救反应时间中位数（按居民）",
                "response time, median over residents",
                "minutes", "lower", _RESPONSE, response_median_min),
        Measure("response_p90_min", "90%居民的急救反应时间不超过",
                "response time that nine in ten residents do not exceed",
                "minutes", "lower", _RESPONSE, response_p90_min),
        Measure("response_worst_min", "最长急救反应时间（有居民处）",
                "longest response time of any resident",
                "minutes", "lower", _RESPONSE, response_worst_min),
        Measure("station_worst_km", "居民距最近站点的最远距离",
                "farthest distance of any resident from a station",
                "km", "lower", ("station_km",), station_worst_km),
        Measure("gini_beds", "床位基尼系数（乡镇，按人口）",
                "Gini coefficient of beds over townships, by population",
                "", "lower", _BEDS, gini_beds),
        Measure("gini_beds_area", "床位基尼系数（乡镇，按面积）",
                "Gini coefficient of beds over townships, by area",
                "", "lower", (*_BEDS, "township_km2"), gini_beds_area),
        Measure("theil_beds", "床位泰尔指数（乡镇，按人口，L型，自然对数）",
                "Theil index of beds over townships, by population, form L, natural logarithm",
                "", "lower", _BEDS, theil_beds),
        Measure("gini_access", "床位可达性基尼系数（按人口）",
                "Gini coefficient of beds within reach, over residents",
                "", "lower", _ACCESS, gini_access),
        Measure("access_mean", "可达范围内每千人口床位数，居民平均（2SFCA）",
                "beds within reach per 1,000 residents, mean over residents (2SFCA)",
                "beds_per_1000", "higher", _ACCESS, access_mean),
        Measure("access_least", "可达范围内每千人口床位数，最低处（2SFCA）",
                "beds within reach per 1,000 residents, where there are fewest (2SFCA)",
                "beds_per_1000", "higher", _ACCESS, access_least),
    )
})  # fmt: skip
"""Every measure by its id, in the order of reports."""
