"""Staff, vehicles and services where only district totals are printed: modelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.district import basis
from resalloc.district.spread import spread
from resalloc.errors import Fault, InputError, one_fault
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from resalloc.district.settings import Figure, FleetFigure, StaffFigure

Base = Callable[[str], float]


def model_staff(
    providers: pd.DataFrame, figures: Mapping[str, StaffFigure], base: Base
) -> pd.DataFrame:
    """Share each cadre's district total out among the providers, in whole people.

    By authorised beds times the weight of the kind of institution. What a figure
    fixes by name is taken first. The parts of a cadre never exceed it at any
    provider, whatever their order. A cadre without a figure stays unknown.

    Parameters
    ----------
    providers
        Indexed by institution, with ``kind`` and ``beds_authorised``.
    figures
        The total and the weights by cadre.
    base
        Gives the district's figure a rate is of.

    Returns
    -------
    pandas.DataFrame
        Long: institution, cadre, count, basis; a row for every provider and cadre known.
    """
    words = vocabulary()
    cadres = words.list("cadre")
    faults = [
        Fault(f"district.toml, staff.{cadre}", f"'{name}' is unknown.", "Mend the name.")
        for cadre, figure in figures.items()
        for names, known in (
            ((cadre,), cadres),
            (figure.per_bed, words.list("institution_kind")),
            ((*figure.at, *figure.rest), providers.index),
        )
        for name in names
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    found: dict[str, pd.Series] = {}
    room: dict[str, pd.Series] = {}
    for cadre in sorted(figures, key=lambda name: len(_above(name))):
        parent = next((name for name in _above(cadre) if name in figures), None)
        if parent and parent not in found:
            continue  # it could not be shared out: that is told already
        free = room[parent] if parent else pd.Series(np.inf, index=providers.index)
        shared = _share_out(cadre, figures[cadre], providers, free, base, parent)
        if isinstance(shared, Fault):
            faults.append(shared)
            continue
        found[cadre] = shared
        room[cadre] = found[cadre].copy()
        if parent:
            room[parent] = free - found[cadre]
    if faults:
        raise InputError(faults)
    frames = [
        pd.DataFrame(
            {
                "institution": providers.index,
                "cadre": cadre,
                "count": found[cadre].to_numpy(float),
                "basis": basis.STAFF.text(source=figures[cadre].source),
            }
        )
        for cadre in figures
    ]
    empty = pd.DataFrame(columns=["institution", "cadre", "count", "basis"])
    return pd.concat(frames, ignore_index=True) if frames else empty


def _above(cadre: str) -> list[str]:
    """Give the cadres a cadre is part of, nearest first."""
    cadres, above = vocabulary().list("cadre"), []
    while parent := cadres[cadre].extra.get("part_of"):
        above.append(str(parent))
        cadre = above[-1]
    return above


def _share_out(
    cadre: str,
    figure: StaffFigure,
    providers: pd.DataFrame,
    room: pd.Series,
    base: Base,
    parent: str | None,
) -> pd.Series | Fault:
    """Give the cadre's number by provider, or why it cannot be shared out."""
    count = pd.Series(0, index=providers.index)
    for name, fixed in figure.at.items():
        count[name] = fixed.count(base(fixed.of))
    left = figure.count(base(figure.of)) - int(count.sum())
    weight = providers["kind"].map(figure.per_bed).fillna(0) * providers["beds_authorised"]
    weight = weight.fillna(0).astype(float)
    weight[figure.rest] = 1.0
    where = f"district.toml, staff.{cadre}"
    if left < 0:
        what = f"the numbers fixed under 'at' are {-left} more than all {cadre}."
        return Fault(where, what, "Check total (or rate, per and of) against those under 'at'.")
    free = (room - count).clip(lower=0)
    hold = float(np.floor(free[weight > 0]).sum())
    if hold < left:
        what = f"{left} {cadre} cannot be shared out: the institutions with a weight hold {hold:g}"
        what += f" (no more than their {parent})." if parent else "."
        remedy = "Check its total (or rate, per and of), the kinds in per_bed, and beds_authorised"
        remedy += " of their institutions"
        remedy += f"; and staff.{parent}, which it is part of." if parent else "."
        return Fault(where, what, remedy)
    if left:
        count = count + spread(left, weight, free)
    return count


def model_fleet(
    sites: pd.DataFrame,
    providers: pd.DataFrame,
    figures: Mapping[str, FleetFigure],
    base: Base,
) -> pd.DataFrame:
    """Give each ambulance site at an institution so many vehicles, and the rest by beds.

    Parameters
    ----------
    sites
        With ``institution``; candidates get none.
    providers
        With ``beds_authorised``.
    figures
        Totals by item (``vehicles``, ``crews``).
    base
        Gives the district's figure a rate is of.

    Returns
    -------
    pandas.DataFrame
        Long: institution, item, count, basis.
    """
    hosts = [name for name in sites["institution"].dropna() if name in providers.index]
    rows = []
    for item, figure in figures.items():
        total = figure.count(base(figure.of))
        each = min(figure.each, total // max(len(hosts), 1))
        weights = providers.loc[hosts, "beds_authorised"].fillna(0)
        left = total - each * len(hosts)
        if left and not weights.any():
            what = f"{left} {item} cannot be shared out: no ambulance site has beds_authorised."
            remedy = "Check the total, and ems_station and beds_authorised in institutions.csv."
            raise one_fault(f"district.toml, fleet.{item}", what, remedy)
        count = each + (spread(left, weights) if left else np.zeros(len(hosts), dtype=np.int64))
        told = basis.FLEET.text(source=figure.source, each=each)
        rows += [
            {"institution": name, "item": item, "count": float(n), "basis": told}
            for name, n in zip(hosts, count, strict=True)
        ]
    return pd.DataFrame(rows, columns=["institution", "item", "count", "basis"])


def model_supply(residents: pd.Series, figures: Mapping[str, Figure], base: Base) -> pd.DataFrame:
    """Share what is counted by township out by residents, in whole units.

    Parameters
    ----------
    residents
        By township.
    figures
        Totals by item.
    base
        Gives the district's figure a rate is of.

    Returns
    -------
    pandas.DataFrame
        Long: township, item, count, basis.
    """
    rows = []
    for item, figure in figures.items():
        count = spread(figure.count(base(figure.of)), residents)
        rows += [
            {
                "township": name,
                "item": item,
                "count": float(n),
                "basis": basis.SUPPLY.text(source=figure.source),
            }
            for name, n in zip(residents.index, count, strict=True)
        ]
    return pd.DataFrame(rows, columns=["township", "item", "count", "basis"])
