"""Population by township where a census prints it only for the district: modelled.

The pattern is the last census by township, the level the district totals.
Nothing is rounded: a township's figure is a share of a printed total.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.errors import Fault, InputError, one_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

COLUMNS = ["township", "year", "series", "value", "basis"]
_COMMITTEES = ["n_village_committees", "n_resident_committees"]
_AGE_SHARES = {"children_0_14": "share_0_14_2020", "aged_65_plus": "share_65_plus_2020"}


def split_groups(
    townships: pd.DataFrame, census: str, groups: Mapping[str, float], split: str
) -> pd.Series:
    """Give each township its census population where some are printed together.

    Parameters
    ----------
    townships
        Indexed by township; has the column `census`, ``population_group`` and the committees.
    census
        Column of the census population; empty for the townships printed together.
    groups
        Population of each group printed together.
    split
        ``"committees"``: by the number of committees; ``"equal"``: the same for each.

    Returns
    -------
    pandas.Series
        Persons by township.
    """
    known = townships[census].astype(float).copy()
    faults: list[Fault] = []
    for group, people in groups.items():
        members = townships.index[townships["population_group"] == group]
        if members.empty:
            faults.append(
                Fault(
                    f"population.groups.{group}",
                    "no township is in this group.",
                    "Name the group in column population_group of townships.csv.",
                )
            )
            continue
        weight = pd.Series(1.0, index=members)
        if split == "committees":
            weight = townships.loc[members, _COMMITTEES].sum(axis=1).astype(float)
        known[members] = people * weight / weight.sum()
    for township in known.index[known.isna()]:
        faults.append(
            Fault(
                f"townships.csv, {township}",
                f"no figure in {census} and none for its group.",
                "Give the figure, or the group's total under [population.groups].",
            )
        )
    if faults:
        raise InputError(faults)
    return known


def urban_share(
    residents: pd.Series, townships: pd.DataFrame, urban_total: float, cap: float
) -> pd.Series:
    """Share of urban residents (城镇人口) by township, from the kinds of its committees.

    The share is k × residents' committees / all committees, at most `cap`; k is
    the same everywhere and makes the urban residents sum to `urban_total`.

    Raises
    ------
    InputError
        Even the cap everywhere does not reach the total.
    """
    from scipy.optimize import brentq

    committees = townships[_COMMITTEES].astype(float)
    part = committees["n_resident_committees"] / committees.sum(axis=1)

    def excess(k: float) -> float:
        return float((residents * np.minimum(k * part, cap)).sum() - urban_total)

    highest = cap / part[part > 0].min() if (part > 0).any() else 0.0
    if excess(highest) < 0:
        raise one_fault(
            "population.urban_residents",
            f"{urban_total:g} urban residents do not fit the committees of the townships.",
            "Check the total and the numbers of committees.",
        )
    k = brentq(excess, 0.0, highest, xtol=1e-14, rtol=1e-15)
    return (k * part).clip(upper=cap).rename("urban_share")


def model_population(
    townships: pd.DataFrame,
    totals: Mapping[str, Mapping[int, float]],
    *,
    census: str = "population_2010",
    groups: Mapping[str, float] | None = None,
    split: str = "committees",
    urban_cap: float = 0.98,
) -> pd.DataFrame:
    """Scale a census by township to the district's totals.

    Residents: census × total / Σ census, in the first year; townships whose residents
    of a year are known (``population_<year>``) keep them, and the rest share what is
    left. A later year keeps the shares of the one before. Age groups: residents × the
    township's printed share, the same everywhere where none is printed, scaled to the
    printed total of the first year; later years without a total keep its shares.
    Urban residents: see :func:`urban_share`; later years keep the shares. Rural: the rest.

    Parameters
    ----------
    townships
        Indexed by township, as in ``townships.csv``.
    totals
        Series → year → printed total of the district; ``residents`` is needed.
    census
        Column that holds the pattern.
    groups
        Census population of the townships printed together.
    split
        How such a group is split: ``"committees"`` or ``"equal"``.
    urban_cap
        Largest urban share of a township.

    Returns
    -------
    pandas.DataFrame
        Long: township, year, series, value and ``basis``: ``modelled``, or ``known``
        for a township's known residents, ``left`` for those of the others beside
        them, ``kept`` for those of the years after, ``even`` for an age group of the
        same share everywhere.

    Raises
    ------
    InputError
        A census figure is missing, or known residents leave less than none to the others.
    """
    pattern = split_groups(townships, census, groups or {}, split)
    years = sorted(totals["residents"])
    first = years[0]
    residents: dict[int, pd.Series] = {}
    frames, beside_known = [], False
    for year in years:
        known = _known(townships, year)
        residents[year] = _scaled(pattern, known, totals["residents"][year], year)
        if known.notna().any():
            pattern = residents[year]
        others = "left" if known.notna().any() else "kept" if beside_known else "modelled"
        beside_known = others != "modelled"
        told = pd.Series(others, index=known.index)
        frames.append(_long(residents[year], year, "residents", told.mask(known.notna(), "known")))
    for series, column in _AGE_SHARES.items():
        if series not in totals:
            continue
        even = column not in townships or townships[column].isna().all()
        share = pd.Series(1.0, index=townships.index)
        if not even:
            share = townships[column].astype(float) / 100
        share = share * (totals[series][first] / (residents[first] * share).sum())
        for year in years:
            value = residents[year] * share
            if year in totals[series]:
                value = value * (totals[series][year] / value.sum())
            frames.append(_long(value, year, series, "even" if even else "modelled"))
    if "urban_residents" in totals:
        urban = urban_share(
            residents[first], townships, totals["urban_residents"][first], urban_cap
        )
        for year in years:
            frames.append(_long(residents[year] * urban, year, "urban_residents"))
            frames.append(_long(residents[year] * (1 - urban), year, "rural_residents"))
    return pd.concat(frames, ignore_index=True)


def _known(townships: pd.DataFrame, year: int) -> pd.Series:
    """Give the residents of a year that ``townships.csv`` has; NaN where it has none."""
    column = f"population_{year}"
    if column not in townships:
        return pd.Series(np.nan, index=townships.index)
    return townships[column].astype(float)


def _scaled(pattern: pd.Series, known: pd.Series, total: float, year: int) -> pd.Series:
    """Scale a pattern to a total beside the townships whose figure is known."""
    free, sum_known = known.isna(), float(known.sum())
    left = total - sum_known
    if left < 0 or (not free.any() and left > 0.5):
        what = f"the townships known have {sum_known:,.15g} residents, the district {total:,.15g}."
        remedy = "Check population.totals in district.toml."
        raise one_fault(f"townships.csv, population_{year}", what, remedy)
    if not free.any():
        return known
    return known.where(~free, pattern * (left / pattern[free].sum()))


def _long(
    values: pd.Series, year: int, series: str, told: pd.Series | str = "modelled"
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "township": values.index.astype(str),
            "year": year,
            "series": series,
            "value": values.to_numpy(dtype=float),
            "basis": told if isinstance(told, str) else told.to_numpy(),
        }
    )[COLUMNS]
