"""Scope: the places a norm speaks of, one row each.

======================================  =====================================================
``district``                            the whole district, one row
``each:township``                       every township, one row each
``each:township[A|B]``                  the named townships
``each:institution@group``              every institution of a group (``data/kinds.toml``)
``each:institution[A|B]``               the named institutions
``where:institution@group``             the group taken together, one row
``where:institution[A|B]``              the named institutions taken together
======================================  =====================================================
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.errors import did_you_mean, one_fault
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from resalloc.district.district import District
    from resalloc.problem.columns import Floats

Mask = npt.NDArray[np.bool_]
_SCOPE = re.compile(r"^(district|each|where)(?::(township|institution)(?:@(\w+)|\[(.+)\])?)?$")


@dataclass(frozen=True)
class Place:
    """One place of a scope: who counts there.

    Parameters
    ----------
    label
        What to call it.
    institutions
        Which providers count, in the district's order.
    townships
        Which townships count, in the district's order.
    territory
        A whole township or the district: ambulance sites without an institution count.
    """

    label: str
    institutions: Mask
    townships: Mask
    territory: bool = False


@dataclass(frozen=True)
class Lookups:
    """A district as scopes and terms read it, each table worked out once.

    Hundreds of clauses ask for the same tables. Lookups remember them for one compile
    and are then dropped: a district keeps no memory that could go out of date.

    Parameters
    ----------
    name, townships, sites
        As of the district.
    providers, series
        As the district's methods; what they give is not to be changed.
    """

    name: str
    townships: pd.DataFrame
    sites: pd.DataFrame
    providers: Callable[[], pd.DataFrame]
    series: Callable[[str, int], Floats]


def lookups(district: District) -> Lookups:
    """Give the lookups of a district as it is now."""
    return Lookups(
        district.name,
        district.townships,
        district.sites,
        cache(district.providers),
        cache(district.series),
    )


def in_group(providers: pd.DataFrame, group: str) -> Mask:
    """Give which providers belong to a named group.

    Raises
    ------
    InputError
        There is no such group.
    """
    groups = vocabulary().list("group")
    if group not in groups:
        known = did_you_mean(group, groups)
        raise one_fault("kinds.toml", f"there is no group '{group}'.", known)
    rules = groups[group].extra
    mask = np.ones(len(providers), dtype=bool)
    if "kind" in rules:
        mask &= providers["kind"].isin(rules["kind"]).to_numpy()
    if "ownership" in rules:
        mask &= providers["ownership"].isin(rules["ownership"]).to_numpy()
    if "min_level" in rules:
        levels = vocabulary().list("level")
        least = levels[rules["min_level"]].extra["rank"]
        rank = {key: entry.extra["rank"] for key, entry in levels.items()}
        mask &= np.array([rank.get(level, -1) >= least for level in providers["level"]], dtype=bool)
    return mask


def places(scope: str, district: District | Lookups) -> tuple[Place, ...]:
    """Give the places of a scope in a district.

    Parameters
    ----------
    scope
        As in the table above.
    district
        The district, or lookups of it.

    Returns
    -------
    tuple of Place
        Empty when the district has none of them.

    Raises
    ------
    InputError
        The scope cannot be read.
    """
    match = _SCOPE.match(scope)
    if match is None or (match[1] == "district") != (match[2] is None):
        raise one_fault(
            f"scope '{scope}'", "cannot be read.", "See the table in resalloc.rules.scope."
        )
    providers = district.providers()
    everyone = np.ones(len(providers), dtype=bool)
    everywhere = np.ones(len(district.townships), dtype=bool)
    if match[1] == "district":
        return (Place(district.name, everyone, everywhere, territory=True),)
    names = match[4].split("|") if match[4] else None
    if match[2] == "township":
        return _townships(district, names)
    mask = in_group(providers, match[3]) if match[3] else everyone.copy()
    if names is not None:
        mask &= providers.index.isin(names)
    if match[1] == "where":
        label = match[4] or vocabulary().list("group")[match[3]].zh
        return (Place(label, mask, everywhere),) if mask.any() else ()
    one = np.eye(len(providers), dtype=bool)
    home = [district.townships.index == township for township in providers["township"]]
    labels = [str(name) for name in providers.index]
    return tuple(
        Place(labels[i], one[i], np.asarray(home[i])) for i in map(int, np.flatnonzero(mask))
    )


def _townships(district: District | Lookups, names: list[str] | None) -> tuple[Place, ...]:
    index, home = district.townships.index, district.providers()["township"].to_numpy()
    return tuple(
        Place(str(name), np.asarray(home == name), np.asarray(index == name), territory=True)
        for name in index
        if names is None or name in names
    )
