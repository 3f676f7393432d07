"""What a figure counts, by name, and which quantity contains which.

A quantity is a term of an indicator (``beds.icu``, ``staff.physician``), with the group of
institutions it is of: ``beds@public_hospital``. A clause of each institution of a group is,
added up, a clause of the group.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from resalloc.norms.norm import Norm

_SCOPE = re.compile(r"^(?:each|where):institution@(\w+)$")
_AT_INSTITUTIONS = {"beds", "staff", "equipment", "fever", "institutions"}


def quantities(
    norm: Norm, everyone: tuple[str, ...] = ("all",)
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Give the numerator and the denominator of a clause as named quantities.

    None where the clause counts nothing that has a name, or speaks of single places.
    Groups in `everyone` are taken for all institutions.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> plan = read_norms("tongliang-2025")
    >>> quantities(plan["nurses_per_physician_each"])
    (('staff.nurse@bedded',), ('staff.physician@bedded',))
    """
    indicator = norm.indicator
    if indicator is None or not indicator.of or norm.reads.when:
        return None
    if indicator.rule in ("reach", "response"):  # its target is a radius or a time, not a ratio
        return None
    group = ""
    if norm.reads.scope != "district":
        match = _SCOPE.match(norm.reads.scope)
        if match is None:
            return None
        group = "" if match[1] in everyone else match[1]
    top = tuple(_at(term, group, everyone) for term in indicator.of)
    bottom = tuple(_at(term, group, everyone) for term in indicator.per)
    if None in top or None in bottom:
        return None
    return tuple(map(str, top)), tuple(map(str, bottom))


def _at(term: str, group: str, everyone: tuple[str, ...]) -> str | None:
    """Give a term of one group of institutions; None if that says nothing."""
    bare, _, own = term.partition("@")
    own = "" if own in everyone else own
    if not group:
        return f"{bare}@{own}" if own else bare
    if bare.partition(".")[0] not in _AT_INSTITUTIONS or own not in ("", group):
        return None
    return f"{bare}@{group}"


def contains(whole: str, part: str) -> bool:
    """Say whether everything `part` counts is counted by `whole` too.

    Examples
    --------
    >>> contains("beds", "beds.icu"), contains("staff.health_workers", "staff.gp@primary_care")
    (True, True)
    >>> contains("beds@public_hospital", "beds@private_hospital")
    False
    """
    if whole == part:
        return False
    big, _, big_group = whole.partition("@")
    small, _, small_group = part.partition("@")
    return _within(big, small) and _groups_within(big_group, small_group)


def parts_apart(names: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Give, for each quantity, those of its parts among `names` that do not overlap.

    Examples
    --------
    >>> parts_apart(["beds", "beds.icu", "beds.psychiatric"])
    {'beds': ('beds.icu', 'beds.psychiatric')}
    """
    known = tuple(dict.fromkeys(names))
    found: dict[str, tuple[str, ...]] = {}
    for whole in known:
        big, _, group = whole.partition("@")
        family = [name for name in known if name.partition("@")[2] == group]
        apart = [name for name in family if _apart(big, name.partition("@")[0])]
        if len(apart) > 1:
            found[whole] = tuple(apart)
    return found


@cache
def _cadres_of(kind: str) -> frozenset[str]:
    """Give a cadre, or a sum of cadres, with every cadre inside it."""
    words = vocabulary()
    sums, cadres = words.list("cadre_sum"), words.list("cadre")
    found = set(sums[kind].extra["of"]) if kind in sums else {kind}
    grown = True
    while grown:
        more = {key for key, entry in cadres.items() if entry.extra.get("part_of") in found}
        grown = not more <= found
        found |= more
    return frozenset(found)


def _within(big: str, small: str) -> bool:
    if big == small:
        return True
    block, _, kind = small.partition(".")
    big_block, _, big_kind = big.partition(".")
    if big == "residents":
        return block in {"children_0_14", "aged_65_plus", "urban_residents"}
    if block != big_block:
        return False
    if block == "staff":
        if not big_kind:
            return True
        return bool(kind) and _cadres_of(kind) <= _cadres_of(big_kind)
    if block == "supply":
        entry = vocabulary().list("supply").get(kind)
        return entry is not None and entry.extra.get("part_of") == big_kind
    return not big_kind


def _apart(big: str, small: str) -> bool:
    """Say whether `small` is one of the parts of `big` that never overlap a sibling."""
    if big == small or not _within(big, small):
        return False
    block, _, kind = small.partition(".")
    if block == "beds":
        return True
    if block != "staff":
        return False
    words = vocabulary()
    cadres = words.list("cadre")
    if kind not in cadres or cadres[kind].extra["overlaps"]:
        return False
    big_kind = big.partition(".")[2]
    sums = words.list("cadre_sum")
    if big_kind in sums:
        return kind in tuple(sums[big_kind].extra["of"])
    return str(cadres[kind].extra.get("part_of", "")) == big_kind


def _groups_within(big: str, small: str) -> bool:
    if big in ("", small):
        return True
    if not small:
        return False
    groups = vocabulary().list("group")
    if big not in groups or small not in groups:
        return False
    outer, inner = groups[big].extra, groups[small].extra
    narrower = all(
        set(inner.get(key, ())) <= set(outer[key]) and inner.get(key)
        for key in ("kind", "ownership")
        if key in outer
    )
    return narrower and inner.get("min_level") == outer.get("min_level", inner.get("min_level"))
