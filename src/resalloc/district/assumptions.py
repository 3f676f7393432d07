"""Every default the program uses, by name, with its unit and its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from dataclasses import replace as replace_fields
from types import MappingProxyType
from typing import TYPE_CHECKING

from resalloc.errors import Fault, InputError, did_you_mean, one_fault
from resalloc.paths import data_path, read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_NEEDED = ("value", "unit", "zh", "en", "source")
_FIELDS = {*_NEEDED, "unit_zh", "source_zh", "choices"}


@dataclass(frozen=True)
class Assumption:
    """One default: a number, or a choice among words.

    Parameters
    ----------
    key
        Name, e.g. ``travel.detour``.
    value
        The number, or the word chosen.
    unit
        What the number counts; empty for a pure factor or a choice.
    zh, en
        What it is, in one phrase.
    source
        Where the value comes from; ``user`` where it was replaced.
    choices
        The words a choice may take; empty for a number.
    unit_zh, source_zh
        Unit and source in Chinese; empty where the other is to be shown.
    """

    key: str
    value: float | str
    unit: str
    zh: str
    en: str
    source: str
    choices: tuple[str, ...] = ()
    unit_zh: str = ""
    source_zh: str = ""

    def label(self, lang: str) -> str:
        """Give the phrase in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en

    def unit_in(self, lang: str) -> str:
        """Give the unit in ``"zh"`` or ``"en"``."""
        return (lang == "zh" and self.unit_zh) or self.unit

    def source_in(self, lang: str) -> str:
        """Give the source in ``"zh"`` or ``"en"``; in English where it has no Chinese."""
        return (lang == "zh" and self.source_zh) or self.source


@dataclass(frozen=True)
class Assumptions:
    """All defaults in force, in the order of the file.

    Examples
    --------
    >>> defaults = read_assumptions()
    >>> defaults.value("demand.grid_km")
    2.0
    >>> defaults.replace({"demand.grid_km": 1.0}).value("demand.grid_km")
    1.0
    """

    entries: Mapping[str, Assumption] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))

    def __getitem__(self, key: str) -> Assumption:
        try:
            return self.entries[key]
        except KeyError:
            raise InputError([self._unknown(key)]) from None

    def __iter__(self) -> Iterator[Assumption]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Assumptions) and dict(self.entries) == dict(other.entries)

    def __hash__(self) -> int:
        return hash(tuple(self.entries.items()))

    def __reduce__(self) -> tuple[type[Assumptions], tuple[dict[str, Assumption]]]:
        return (Assumptions, (dict(self.entries),))

    def value(self, key: str) -> float:
        """Give the number of `key`.

        Raises
        ------
        InputError
            No such assumption, or it is a choice among words.
        """
        value = self[key].value
        if isinstance(value, str):
            where = f"assumption {key}"
            raise one_fault(where, f"it is the choice '{value}', not a number.", "Use choice().")
        return value

    def choice(self, key: str) -> str:
        """Give the word chosen for `key`."""
        return str(self[key].value)

    def replace(
        self,
        changes: Mapping[str, float | str],
        source: str = "user",
        source_zh: str = "使用者设定",
    ) -> Assumptions:
        """Give the same assumptions with some values changed.

        Parameters
        ----------
        changes
            New values by key.
        source, source_zh
            Where they come from, in English and in Chinese.

        Raises
        ------
        InputError
            A key is unknown or a value is not of the assumption's kind; all at once.
        """
        faults: list[Fault] = []
        entries = dict(self.entries)
        for key, value in changes.items():
            if key not in entries:
                faults.append(self._unknown(key))
                continue
            fault = _misfit(entries[key], value)
            if fault is not None:
                faults.append(fault)
                continue
            kept = value if isinstance(value, str) else float(value)
            entries[key] = replace_fields(
                entries[key], value=kept, source=source, source_zh=source_zh
            )
        if faults:
            raise InputError(faults)
        return Assumptions(entries)

    def merge(self, others: Assumptions) -> Assumptions:
        """Give these with `others` put in the place of, or beside, those of the same key."""
        return Assumptions({**self.entries, **others.entries})

    def _unknown(self, key: str) -> Fault:
        return Fault(
            f"assumption {key}", "there is no such assumption.", did_you_mean(key, self.entries)
        )


def _misfit(known: Assumption, value: object) -> Fault | None:
    where = f"assumption {known.key}"
    if known.choices:
        if value in known.choices:
            return None
        return Fault(where, f"'{value}' is not a choice.", f"Choose {' or '.join(known.choices)}.")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fault(where, f"'{value}' is not a number.", f"Give it in {known.unit or 'digits'}.")
    if not 0 <= value < float("inf"):
        return Fault(where, f"{value} is negative or without bound.", "Give a number from 0 up.")
    return None


def read_assumptions(path: Path | None = None) -> Assumptions:
    """Read the assumptions of a file; by default the bundled ones.

    Parameters
    ----------
    path
        A TOML file of ``[assumption."<key>"]`` tables.

    Raises
    ------
    InputError
        An entry lacks a field, has an unknown one or a value of the wrong kind; all at once.
    """
    path = data_path("assumptions.toml") if path is None else path
    faults: list[Fault] = []
    entries: dict[str, Assumption] = {}
    for key, entry in read_toml(path).get("assumption", {}).items():
        where = f"{path.name}, assumption {key}"
        missing = sorted(set(_NEEDED) - set(entry))
        unknown = sorted(set(entry) - _FIELDS)
        if missing or unknown:
            if missing:
                faults.append(Fault(where, f"lacks {', '.join(missing)}.", "Add it."))
            if unknown:
                what = f"has unknown field {', '.join(unknown)}."
                faults.append(Fault(where, what, did_you_mean(unknown[0], _FIELDS)))
            continue
        value = entry["value"]
        choices = tuple(entry.get("choices", ()))
        if not isinstance(value, str) and not isinstance(value, bool):
            value = float(value)
        texts = {name: entry.get(name, "") for name in ("unit_zh", "source_zh")}
        read = Assumption(
            key, value, entry["unit"], entry["zh"], entry["en"], entry["source"], choices, **texts
        )
        fault = _misfit(read, value)
        if fault is None:
            entries[key] = read
        else:
            faults.append(fault)
    if faults:
        raise InputError(faults)
    return Assumptions(entries)
