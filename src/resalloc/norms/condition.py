"""Conditions of a clause: ``village_residents < 800 or village_radius == small``."""

from __future__ import annotations

import re
from dataclasses import dataclass

from resalloc.vocabulary import vocabulary

_COMPARISON = re.compile(r"^(\w+)\s*(<=|>=|==|!=|<|>)\s*(-?\d+(?:\.\d+)?|[a-z_]+)$")


@dataclass(frozen=True)
class Comparison:
    """One comparison of an attribute with a number or a word.

    Parameters
    ----------
    attribute
        Id under ``attribute`` in ``data/kinds.toml``.
    sign
        ``<``, ``<=``, ``==``, ``!=``, ``>=`` or ``>``.
    against
        A number, or one of the attribute's words.
    """

    attribute: str
    sign: str
    against: float | str


def parse_condition(text: str) -> tuple[tuple[Comparison, ...], ...]:
    """Read a condition as alternatives of comparisons that hold together.

    Parameters
    ----------
    text
        Comparisons joined by ``and`` and ``or``; ``and`` binds closer. Empty: always.

    Returns
    -------
    tuple of tuple of Comparison
        One tuple per alternative.

    Raises
    ------
    ValueError
        A comparison cannot be read, or its attribute or word is not on the list.

    Examples
    --------
    >>> parse_condition("village_residents < 800")
    ((Comparison(attribute='village_residents', sign='<', against=800.0),),)
    """
    if not text.strip():
        return ()
    return tuple(
        tuple(_comparison(part.strip()) for part in alternative.split(" and "))
        for alternative in text.split(" or ")
    )


def _comparison(text: str) -> Comparison:
    match = _COMPARISON.match(text)
    if match is None:
        message = f"'{text}' is not a comparison such as 'village_residents < 800'"
        raise ValueError(message)
    attribute, sign, against = match.groups()
    known = vocabulary().list("attribute")
    if attribute not in known:
        message = f"'{attribute}' is no attribute of kinds.toml ({', '.join(known)})"
        raise ValueError(message)
    words = known[attribute].extra.get("words", ())
    if against[0].isdigit() or against[0] == "-":
        return Comparison(attribute, sign, float(against))
    if against not in words:
        message = f"'{against}' is no word of {attribute} ({', '.join(words) or 'a number'})"
        raise ValueError(message)
    return Comparison(attribute, sign, against)
