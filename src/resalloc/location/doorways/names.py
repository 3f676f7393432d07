"""Names of demand points and sites as users give them, each standing for one place."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from resalloc.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHOWN = 8
"""How many faults of one kind are spelled out."""


def names_of(where: str, labels: Iterable[object]) -> tuple[tuple[str, ...], list[Fault]]:
    """Give labels as names, with a fault for each that is empty or stands twice.

    Parameters
    ----------
    where
        What they name, for the messages: ``"demand"``, ``"sites"``.
    labels
        One a place; numbers become words.

    Examples
    --------
    >>> names_of("sites", ["East", 7])[0]
    ('East', '7')
    >>> names_of("sites", ["East", "East"])[1][0].where
    "sites, 'East'"
    """
    names = tuple("" if _missing(label) else str(label).strip() for label in labels)
    faults = [
        Fault(f"{where}, row {i}", "has no name.", "Give each place a name of its own.")
        for i, name in enumerate(names)
        if not name
    ]
    counts = Counter(name for name in names if name)
    faults += [
        Fault(f"{where}, '{name}'", f"stands for {n} places.", "Give each a name of its own.")
        for name, n in counts.items()
        if n > 1
    ]
    return names, shortened(where, faults)


def shortened(where: str, faults: Sequence[Fault]) -> list[Fault]:
    """Give the first few faults of one kind, and how many more there are."""
    if len(faults) <= SHOWN:
        return list(faults)
    more = Fault(where, f"{len(faults) - SHOWN} more of this kind.", "")
    return [*faults[:SHOWN], more]


def _missing(label: object) -> bool:
    """Say whether a label is no label: None, NaN or NaT, which are not equal to themselves."""
    return label is None or bool(label != label)
