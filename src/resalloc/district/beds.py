"""Beds by kind where only totals are printed: modelled."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from resalloc.district import basis
from resalloc.district.spread import spread
from resalloc.errors import Fault, InputError
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.district.settings import BedTotals

Base = Callable[[str], float]
COLUMNS = ["institution", "kind", "count", "basis"]


def fill_unlisted_beds(
    listed: pd.DataFrame, unlisted: pd.DataFrame, totals: BedTotals, base: Base
) -> pd.DataFrame:
    """Give the providers outside the plan's tables the beds its tables leave over.

    Parameters
    ----------
    listed, unlisted
        Providers with ``beds_authorised``.
    totals
        With the district's total of authorised beds; nothing is done without it.
    base
        Gives the district's figure a rate is of, e.g. ``residents``.

    Returns
    -------
    pandas.DataFrame
        `unlisted` with the empty ``beds_authorised`` filled by number of institutions.

    Raises
    ------
    InputError
        The listed institutions already have more beds than the total.
    """
    empty = unlisted["beds_authorised"].isna()
    if totals.authorised is None or not empty.any():
        return unlisted
    total = totals.authorised.count(base(totals.authorised.of))
    left = total - listed["beds_authorised"].sum() - unlisted["beds_authorised"].sum()
    if left < 0:
        raise InputError(
            [
                Fault(
                    "district.toml, beds.authorised",
                    f"{total} beds are fewer than the listed institutions have ({total - left:g}).",
                    "Check the total, or the beds in institutions.csv.",
                )
            ]
        )
    weights = unlisted.loc[empty, "n_institutions"].fillna(1)
    filled = unlisted.copy()
    filled.loc[empty, "beds_authorised"] = spread(round(left), weights).astype(float)
    return filled


def model_beds(providers: pd.DataFrame, totals: BedTotals, base: Base) -> pd.DataFrame:
    """Give beds by kind: district totals shared out by beds, and the rest.

    Each kind with a total goes to the providers named for it, by their authorised
    beds; every other provider has none. What is left of a provider's authorised
    beds is of the first kind its kind of institution may hold (general, TCM or
    psychiatric), and contains the kinds nobody counted.

    Parameters
    ----------
    providers
        Indexed by institution, with ``kind`` and ``beds_authorised``.
    totals
        The kinds with a district total.
    base
        Gives the district's figure a rate is of.

    Returns
    -------
    pandas.DataFrame
        Long: institution, kind, count, basis.
    """
    kinds = vocabulary().list("institution_kind")
    authorised = providers["beds_authorised"]
    left = authorised.copy()
    rows: list[dict[str, object]] = []
    faults: list[Fault] = []
    for kind, figure in totals.kind.items():
        where = f"district.toml, beds.kind.{kind}"
        for name in figure.among:
            if name not in providers.index:
                faults.append(Fault(where, f"there is no institution '{name}'.", "Mend the name."))
            elif kind not in kinds[str(providers.at[name, "kind"])].extra["hosts"]:
                what = f"'{name}' may not hold {kind} beds by its kind."
                faults.append(Fault(where, what, "Name another, or mend its kind."))
        if faults:
            continue
        among = left[figure.among].fillna(0)
        given = spread(figure.count(base(figure.of)), authorised[figure.among].fillna(0), among)
        left[figure.among] = among - given
        count = pd.Series(0, index=providers.index)
        count[figure.among] = given
        told = basis.BEDS_OF_KIND.text(source=figure.source, names=", ".join(figure.among))
        rows += [
            {"institution": name, "kind": kind, "count": float(n), "basis": told}
            for name, n in count.items()
        ]
    if faults:
        raise InputError(faults)
    for name, own, count_left in zip(providers.index, providers["kind"], left, strict=True):
        hosts = kinds[own].extra["hosts"]
        if hosts and pd.notna(count_left) and hosts[0] not in totals.kind:
            told = basis.BEDS_LEFT.text()
            rows.append({"institution": name, "kind": hosts[0], "count": count_left, "basis": told})
    return pd.DataFrame(rows, columns=COLUMNS)
