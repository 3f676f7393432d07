"""Numbers as Chinese plans print them, read as floats."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "○": 0}
_PLACES = {"十": 10, "百": 100, "千": 1000}
_TIMES = {"": 1.0, "万": 1e4, "亿": 1e8}

_NARROW = str.maketrans(
    "０１２３４５６７８９．／％＜＞～＋－\u00a0\u3000",
    "0123456789./%<>~+-  ",
)
_COLON = re.compile(r"(?<=\d)[：﹕∶](?=\s?\d)")


def narrowed(text: str) -> str:
    """Give the text with full-width figures and signs in ASCII; every character keeps its place.

    Examples
    --------
    >>> narrowed("死亡率１０／１０万，医护比1：1.3")
    '死亡率10/10万，医护比1:1.3'
    """
    return _COLON.sub(":", text.translate(_NARROW))


def number(text: str) -> float | None:
    """Read a number in figures or in Chinese numerals; anything else is None.

    Examples
    --------
    >>> number("1 250"), number("1,475.5"), number("十二"), number("两"), number("三百")
    (1250.0, 1475.5, 12.0, 2.0, 300.0)
    >>> number("——") is None
    True
    """
    plain = re.sub(r"(?<=\d)[ ,](?=\d{3})", "", text.strip())
    if re.fullmatch(r"\d+(\.\d+)?", plain):
        return float(plain)
    return _chinese(plain)


def _chinese(text: str) -> float | None:
    if not text or not set(text) <= _DIGITS.keys() | _PLACES.keys():
        return None
    if not set(text) & _PLACES.keys():
        return float("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return float(total + digit)


def times(word: str) -> float:
    """Give what 万 or 亿 multiplies by.

    Examples
    --------
    >>> times("万"), times("")
    (10000.0, 1.0)
    """
    return _TIMES[word]


def tidy(value: float) -> float:
    """Round away what multiplication leaves behind.

    Examples
    --------
    >>> tidy(0.55 * 10000)
    5500.0
    """
    return float(f"{value:.10g}")
