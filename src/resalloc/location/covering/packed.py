"""Tables of yes and no as bits, 64 answers in a word: sets are compared a word at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Mask

Words = npt.NDArray[np.uint64]

BITS = 64


def packed(table: Mask) -> Words:
    """Give a table's rows as words; column `j` is bit ``j % 64`` of word ``j // 64``.

    Examples
    --------
    >>> packed(np.array([[True, False, True], [False, True, False]])).tolist()
    [[5], [2]]
    """
    n, m = table.shape
    octets = np.packbits(table, axis=1, bitorder="little")
    wide = np.zeros((n, max(1, -(-m // BITS)) * 8), dtype=np.uint8)
    wide[:, : octets.shape[1]] = octets
    return wide.view("<u8").astype(np.uint64, copy=False)


def unpacked(words: Words, columns: int) -> Mask:
    """Give the table of rows packed by :func:`packed`.

    Examples
    --------
    >>> unpacked(np.array([[5], [2]], dtype=np.uint64), 3).astype(int).tolist()
    [[1, 0, 1], [0, 1, 0]]
    """
    octets = np.ascontiguousarray(words.astype("<u8", copy=False)).view(np.uint8)
    return np.unpackbits(octets, axis=1, count=columns, bitorder="little").astype(bool)


@compiled
def ones(word: np.uint64) -> int:
    """Give how many bits of a word are set."""
    two = np.uint64(0x5555555555555555)
    four = np.uint64(0x3333333333333333)
    eight = np.uint64(0x0F0F0F0F0F0F0F0F)
    bytes_ = np.uint64(0x0101010101010101)
    x = word - ((word >> np.uint64(1)) & two)
    x = (x & four) + ((x >> np.uint64(2)) & four)
    x = (x + (x >> np.uint64(4))) & eight
    return int((x * bytes_) >> np.uint64(56))


@compiled
def lowest(word: np.uint64) -> int:
    """Give the position of the lowest set bit of a word that is not zero."""
    return ones((word & (~word + np.uint64(1))) - np.uint64(1))
