"""Authorised beds where only the district's total is printed: modelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from resalloc.district.spread import spread
from resalloc.errors import Fault, InputError, one_fault
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from resalloc.district.settings import AuthorisedBeds

_WHERE = "district.toml, beds.authorised"


class Filled(NamedTuple):
    """Providers with their authorised beds, and the names of those shared out by weights."""

    listed: pd.DataFrame
    unlisted: pd.DataFrame
    shared: tuple[str, ...] = ()


def fill_authorised_beds(
    listed: pd.DataFrame,
    unlisted: pd.DataFrame,
    total: AuthorisedBeds | None,
    base: Callable[[str], float],
) -> Filled:
    """Share out what the known beds leave of the district's total.

    With weights, among all providers whose beds are empty: by the weight of the
    provider's name or else of its kind, times the institutions in its row. Without,
    among the empty unlisted ones by number of institutions; empty listed ones stay
    unknown.

    Parameters
    ----------
    listed, unlisted
        Providers with ``kind`` and ``beds_authorised``, the unlisted with ``n_institutions``.
    total
        The district's authorised beds; nothing is done without them.
    base
        Gives the district's figure a rate is of, e.g. ``residents``.

    Returns
    -------
    Filled
        The same providers; whole beds that sum to the total.

    Raises
    ------
    InputError
        More beds are known than the total, or a weight is missing or of nobody.
    """
    if total is None:
        return Filled(listed, unlisted)
    count = total.count(base(total.of))
    known = pd.concat([listed["beds_authorised"], unlisted["beds_authorised"]])
    several = pd.concat([pd.Series(1.0, index=listed.index), unlisted["n_institutions"].fillna(1)])
    empty = known.isna()
    if total.weights:
        kind = pd.concat([listed["kind"], unlisted["kind"]])
        _check_weights(total.weights, kind, empty)
        weights = kind.map(total.weights)
        weights = pd.Series(kind.index, index=kind.index).map(total.weights).fillna(weights)
    else:
        empty &= known.index.isin(unlisted.index)
        weights = pd.Series(1.0, index=known.index)
    if not empty.any():
        return Filled(listed, unlisted)
    left = count - known.sum()
    if left < 0:
        what = f"{count} beds are fewer than the listed institutions have ({known.sum():g})."
        raise one_fault(_WHERE, what, "Check the total, or the beds in institutions.csv.")
    known[empty] = spread(round(left), (weights * several)[empty]).astype(float)
    return Filled(
        listed.assign(beds_authorised=known[listed.index]),
        unlisted.assign(beds_authorised=known[unlisted.index]),
        tuple(map(str, known.index[empty])) if total.weights else (),
    )


def _check_weights(weights: dict[str, float], kind: pd.Series, empty: pd.Series) -> None:
    kinds = vocabulary().list("institution_kind")
    faults = [
        Fault(_WHERE, f"the weight of '{name}' is of no kind and no institution.", "Mend the name.")
        for name in weights
        if name not in kinds and name not in kind.index
    ]
    lacking = [name for name in kind.index[empty] if not {name, kind[name]} & set(weights)]
    for own in dict.fromkeys(kind[lacking]):
        names = ", ".join(name for name in lacking if kind[name] == own)
        what = f"there is no weight of the kind '{own}' ({names})."
        faults.append(Fault(_WHERE, what, "Give one, or their beds in institutions.csv."))
    if faults:
        raise InputError(faults)
