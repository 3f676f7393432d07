"""What is known of a district from elsewhere, as a plan's figures are to be held against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from resalloc.linting.finding import Quoted, number
from resalloc.rules.scope import in_group
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.district.district import District


@dataclass(frozen=True)
class Fact:
    """One number that is not the plan's.

    Parameters
    ----------
    year
        Of which year.
    quantity
        What it counts, e.g. ``residents``.
    value
        The number.
    zh, en
        The number in words, with its source.
    place
        Where it stands.
    """

    year: int
    quantity: str
    value: float
    zh: str
    en: str
    place: Quoted


@dataclass(frozen=True)
class Facts:
    """What a district's data say, as far as the rules need it.

    Parameters
    ----------
    name
        The district.
    people
        Population figures that are printed or counted, by year.
    residents
        Residents by year, counted or assumed, as the district's data have them.
    institutions
        How many listed institutions each group has.
    """

    name: str
    people: tuple[Fact, ...]
    residents: Mapping[int, float]
    institutions: Mapping[str, int]


def facts_of(district: District) -> Facts:
    """Give the facts a plan is held against.

    Examples
    --------
    >>> from resalloc.district.read import read_district
    >>> facts = facts_of(read_district("tongliang"))
    >>> facts.people[0].value, facts.institutions["secondary_general"]
    (685729.0, 2)
    """
    providers = district.institutions
    groups = {group: int(in_group(providers, group).sum()) for group in vocabulary().list("group")}
    population = district.population
    years = sorted({int(year) for year in population["year"]})
    residents = {year: district.total("residents", year) for year in years}
    base = district.base_year
    people = []
    if base in residents:
        value = round(residents[base])
        source = f"{district.name}（区县数据）"
        people.append(
            Fact(
                base,
                "residents",
                float(value),
                f"{district.name}{base}年常住人口{number(value)}人",
                f"{number(value)} residents of {district.name} in {base}",
                Quoted(f"{base}年常住人口{number(value)}人", source),
            )
        )
    return Facts(district.name, tuple(people), residents, groups)
