"""Beds by kind where only totals are printed: modelled."""

from __future__ import annotations

from collections.abc import Callable, Collection
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


def model_beds(
    providers: pd.DataFrame, totals: BedTotals, base: Base, shared: Collection[str] = ()
) -> pd.DataFrame:
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
    shared
        Providers whose authorised beds are themselves shared out by weights.

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
    by_weight = ""
    if totals.authorised is not None:
        by_weight = basis.BEDS_BY_WEIGHT.text(
            source=totals.authorised.source, weights=totals.authorised.weights_source
        )
    for name, own, count_left in zip(providers.index, providers["kind"], left, strict=True):
        hosts = kinds[own].extra["hosts"]
        if hosts and pd.notna(count_left) and hosts[0] not in totals.kind:
            told = by_weight if name in shared else basis.BEDS_LEFT.text()
            rows.append({"institution": name, "kind": hosts[0], "count": count_left, "basis": told})
    return pd.DataFrame(rows, columns=COLUMNS)
