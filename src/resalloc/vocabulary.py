"""The closed lists of the domain: bed kinds, cadres, kinds of institution, groups.

They are read from ``data/kinds.toml``. A word that is not on its list is
refused wherever it stands, in a norm file as in a district's table.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from resalloc.paths import data_path, read_toml

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Entry:
    """One word of a closed list.

    Parameters
    ----------
    id
        The word as the data files write it.
    zh, en
        Labels.
    extra
        What else the list says of it, e.g. ``hosts`` of a kind of institution.
    """

    id: str
    zh: str
    en: str
    extra: Mapping[str, Any]

    def label(self, lang: str) -> str:
        """Give the label in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Vocabulary:
    """All closed lists, by name."""

    lists: Mapping[str, Mapping[str, Entry]]

    def list(self, name: str) -> Mapping[str, Entry]:
        """Give one list: its entries by id, in the file's order."""
        return self.lists[name]

    def top_cadres(self) -> tuple[str, ...]:
        """Give the cadres that together are all health workers."""
        cadres = self.list("cadre")
        return tuple(key for key, entry in cadres.items() if not entry.extra.get("part_of"))

    def parts_of(self, cadre: str) -> tuple[str, ...]:
        """Give the cadres counted inside `cadre`."""
        cadres = self.list("cadre")
        return tuple(key for key, entry in cadres.items() if entry.extra.get("part_of") == cadre)


@cache
def vocabulary() -> Vocabulary:
    """Give the bundled closed lists.

    Examples
    --------
    >>> vocabulary().list("bed_kind")["icu"].zh
    '重症床位'
    """
    table = read_toml(data_path("kinds.toml"))
    lists = {
        name: MappingProxyType(
            {
                key: Entry(
                    key,
                    entry["zh"],
                    entry["en"],
                    MappingProxyType({k: v for k, v in entry.items() if k not in {"zh", "en"}}),
                )
                for key, entry in entries.items()
            }
        )
        for name, entries in table.items()
    }
    return Vocabulary(MappingProxyType(lists))
