"""Clauses in words: terms, formulas and scopes as a planner says them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from resalloc.reporting.texts import Text, texts
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.norms.indicator import Indicator
    from resalloc.norms.norm import Norm

_NAMED = re.compile(r"^(?:each|where):(?:institution|township)\[(.+)\]$")
_CHANGES = {
    re.compile(r"(?P<id>\S+): set to (?P<to>.+) by the user"): "{id}：使用者改为 {to}",
    re.compile(r"(?P<id>\S+): read as expected, not binding"): "{id}：改按预期性处理，不作约束",
}
"""What a user may change in a clause, as the norm set says it, and the same in Chinese."""
_KIND_LISTS = {
    "beds": ("bed_kind",),
    "staff": ("cadre", "cadre_sum"),
    "equipment": ("equipment",),
    "supply": ("supply",),
    "fever": ("fever_tier",),
}


def term_in_words(term: str) -> Text:
    """Say a term of an indicator.

    Examples
    --------
    >>> term_in_words("beds.icu@public_hospital").zh
    '公立医院的重症床位'
    >>> term_in_words("residents").en
    'residents'
    """
    rest, _, group = term.partition("@")
    block, _, kind = rest.partition(".")
    words = vocabulary()
    name = texts().get(f"term.{block}", Text(block, block))
    if kind:
        for listed in _KIND_LISTS.get(block, ()):
            entry = words.list(listed).get(kind)
            if entry is not None:
                name = Text(entry.zh, entry.en)
    if group:
        of = words.list("group")[group]
        return Text(f"{of.zh}的{name.zh}", f"{name.en} of {of.en}")
    return name


def formula_in_words(indicator: Indicator) -> Text:
    """Say how an indicator is computed."""
    fixed = texts()
    if indicator.rule == "measure":
        return fixed["formula.measure"]
    if indicator.rule in {"reach", "response"}:
        who = fixed[f"points.{indicator.points}"]
        both = fixed[f"formula.{indicator.rule}"]
        return Text(both.zh.format(who=who.zh), both.en.format(who=who.en))
    above = [term_in_words(term) for term in indicator.of]
    below = [term_in_words(term) for term in indicator.per]
    sides = []
    for lang in ("zh", "en"):
        text = " + ".join(term.label(lang) for term in above)
        if below:
            under = " + ".join(term.label(lang) for term in below)
            above_text = f"({text})" if len(above) > 1 else text
            text = f"{above_text} ÷ {f'({under})' if len(below) > 1 else under}"
            if indicator.units.scale != 1:
                text += f" × {indicator.units.scale:,.0f}"
        sides.append(text)
    return Text(*sides)


def scope_in_words(scope: str) -> Text:
    """Say which places a clause speaks of.

    Examples
    --------
    >>> scope_in_words("each:township").zh
    '每个乡镇（街道）'
    """
    fixed = texts()
    named = _NAMED.match(scope)
    if named:
        names = "、".join(named[1].split("|"))
        return fixed["scope.named" if scope.startswith("each") else "scope.together"].format(
            names=names
        )
    head, _, group = scope.partition("@")
    if group:
        of = vocabulary().list("group")[group]
        key = "scope.each_of" if head.startswith("each") else "scope.all_of"
        return Text(fixed[key].zh.format(group=of.zh), fixed[key].en.format(group=of.en))
    return fixed.get(f"scope.{head.replace(':', '_')}", Text(scope, scope))


def change_in_words(text: str) -> Text:
    """Say what a user changed in a clause.

    Examples
    --------
    >>> change_in_words("beds_per_1000: set to <=7.5 by the user").zh
    'beds_per_1000：使用者改为 <=7.5'
    """
    for pattern, zh in _CHANGES.items():
        found = pattern.fullmatch(text)
        if found is not None:
            return Text(zh.format(**found.groupdict()), text)
    return Text(text, text)


def single_place(norm: Norm) -> str:
    """Give the one place a clause names, or ``""``."""
    named = _NAMED.match(norm.reads.scope)
    return named[1] if named and "|" not in named[1] else ""


def terms_of(norm: Norm) -> tuple[tuple[str, str, str], ...]:
    """Give the terms a clause counts as (block, kind, group); empty texts where there is none."""
    indicator = norm.indicator
    if indicator is None:
        return ()
    found = []
    for term in indicator.of:
        rest, _, group = term.partition("@")
        block, _, kind = rest.partition(".")
        found.append((block, kind, group))
    return tuple(found)


def beginning_of(phrases: Sequence[str]) -> str:
    """Give the beginning that phrases have in common.

    Examples
    --------
    >>> beginning_of(["专栏2 第1项", "专栏2 第10项"])
    '专栏2 第1'
    """
    first, last = min(phrases), max(phrases)
    same = next((k for k, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return first[:same]
