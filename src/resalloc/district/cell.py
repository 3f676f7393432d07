"""What one cell of a table says: a number, a yes, a word; or why it cannot be used."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DASHES = frozenset("-–—―－/")
_CHINESE_DIGITS = frozenset("〇零一二三四五六七八九十百千万亿两")
_YES = frozenset({"yes", "true", "1", "是"})
_NO = frozenset({"no", "false", "0", "否"})


@dataclass(frozen=True)
class Unusable:
    """Why a cell cannot be used, and what to do about it."""

    what: str
    remedy: str


def number(text: str) -> float | Unusable:
    """Read a number as a careful clerk would: no guess, no silent repair.

    Parameters
    ----------
    text
        The cell. Empty means unknown.

    Returns
    -------
    float or Unusable
        NaN for an empty cell.

    Examples
    --------
    >>> number("1250")
    1250.0
    >>> number("１２").remedy
    'Write 12.'
    >>> number("——").remedy
    'Leave the cell empty: empty means unknown.'
    """
    text = text.strip()
    if not text:
        return math.nan
    if _PLAIN.fullmatch(text) and text.isascii():
        value = float(text)
        if math.isfinite(value):
            return value
    if set(text) <= _DASHES:
        return Unusable(f"'{text}' is not a number.", "Leave the cell empty: empty means unknown.")
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and _PLAIN.fullmatch(plain):
        return Unusable(f"'{text}' is written in full-width digits.", f"Write {plain}.")
    joined = re.sub(r"[\s,，']", "", plain)
    if joined != plain and _PLAIN.fullmatch(joined):
        return Unusable(f"'{text}' has a separator inside the number.", f"Write {joined}.")
    if set(text) <= _CHINESE_DIGITS:
        return Unusable(f"'{text}' is a number in words.", "Write it in digits.")
    if joined.endswith("%") and _PLAIN.fullmatch(joined[:-1]):
        return Unusable(f"'{text}' carries a unit.", f"Write {joined[:-1]}.")
    return Unusable(f"'{text}' is not a number.", "Write plain digits, or leave the cell empty.")


def yes_no(text: str) -> bool | Unusable | None:
    """Read yes or no; None for an empty cell.

    Examples
    --------
    >>> yes_no("是"), yes_no(""), yes_no("maybe").remedy
    (True, None, 'Write yes or no, or leave the cell empty.')
    """
    word = text.strip().lower()
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    return Unusable(f"'{text}' is neither yes nor no.", "Write yes or no, or leave the cell empty.")
