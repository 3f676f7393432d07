"""The report's fixed words in Chinese and English, read from ``data/texts.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from resalloc.paths import data_path, read_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True)
class Text:
    """A phrase in both languages.

    Examples
    --------
    >>> Text("床位", "beds").label("zh")
    '床位'
    """

    zh: str
    en: str

    @classmethod
    def of(cls, phrase: Callable[[str], str]) -> Text:
        """Give what `phrase` says in either language."""
        return cls(phrase("zh"), phrase("en"))

    def label(self, lang: str) -> str:
        """Give the phrase in ``"zh"`` or ``"en"``."""
        return self.zh if lang == "zh" else self.en

    def format(self, **values: object) -> Text:
        """Fill the places in braces."""
        return Text(self.zh.format(**values), self.en.format(**values))


@cache
def texts() -> Mapping[str, Text]:
    """Give every phrase by its key, e.g. ``scorecard.title``.

    Examples
    --------
    >>> texts()["scorecard.title"].zh
    '指标对照表'
    """
    found = {}
    for section, entries in read_toml(data_path("texts.toml")).items():
        for key, entry in entries.items():
            found[f"{section}.{key}"] = Text(entry["zh"], entry["en"])
    return MappingProxyType(found)
