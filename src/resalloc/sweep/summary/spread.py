"""Mean, range and quantiles of many columns of numbers, streamed in two passes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints

BINS = 4096
"""Bins between the least and the greatest value of a column."""
QUANTILES = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Spread:
    """How a number is spread over the scenarios in which it is known.

    Quantiles are the least value that at least such a share of the known ones do not
    exceed. They are within `tolerance`, and exact where all values of a bin are one.

    Parameters
    ----------
    known
        In how many scenarios it is known.
    mean, least, most
        Exact; NaN where it is known in none.
    low, median, high
        The 5, 50 and 95 % quantiles.
    tolerance
        By how much a quantile may be off: a bin of the range, 1/4096 of it.
    """

    known: int
    mean: float
    least: float
    most: float
    low: float
    median: float
    high: float
    tolerance: float


class Ranges:
    """First pass: how many are known of each column, their sum, least and greatest."""

    def __init__(self, columns: int) -> None:
        self.known: Ints = np.zeros(columns, dtype=np.int64)
        self.total: Floats = np.zeros(columns)
        self.least: Floats = np.full(columns, np.inf)
        self.most: Floats = np.full(columns, -np.inf)
        self.finite_least: Floats = np.full(columns, np.inf)
        self.finite_most: Floats = np.full(columns, -np.inf)

    def add(self, amounts: Floats) -> None:
        """Take in scenarios × columns."""
        seen, finite = ~np.isnan(amounts), np.isfinite(amounts)
        self.known += seen.sum(axis=0)
        with np.errstate(invalid="ignore"):
            self.total += np.where(seen, amounts, 0.0).sum(axis=0)
        low, high = np.where(seen, amounts, np.inf), np.where(seen, amounts, -np.inf)
        self.least = np.minimum(self.least, low.min(axis=0))
        self.most = np.maximum(self.most, high.max(axis=0))
        low, high = np.where(finite, amounts, np.inf), np.where(finite, amounts, -np.inf)
        self.finite_least = np.minimum(self.finite_least, low.min(axis=0))
        self.finite_most = np.maximum(self.finite_most, high.max(axis=0))

    @property
    def mean(self) -> Floats:
        """Mean of what is known; NaN where nothing is."""
        found = np.full(len(self.known), np.nan)
        np.divide(self.total, self.known, out=found, where=self.known > 0)
        # A sum of equal numbers may be off in its last digit.
        return np.asarray(np.clip(found, np.fmin(self.least, self.most), self.most))


class Histogram:
    """Second pass: how many values of each column lie in each bin, and their sum there.

    A bin stands for the mean of what is in it, so that a quantile is exact where all its
    values are one (a level, or a gap of 0). Infinite values stand outside the bins.
    """

    def __init__(self, ranges: Ranges) -> None:
        columns = len(ranges.known)
        self._low = np.where(np.isfinite(ranges.finite_least), ranges.finite_least, 0.0)
        high = np.where(np.isfinite(ranges.finite_most), ranges.finite_most, 0.0)
        self.width: Floats = (high - self._low) / BINS
        self._counts = np.zeros((columns, BINS), dtype=np.int64)
        self._sums = np.zeros((columns, BINS))
        self._beyond = np.zeros((columns, 2), dtype=np.int64)

    def add(self, amounts: Floats) -> None:
        """Take in scenarios × columns, all within the ranges of the first pass."""
        finite = np.isfinite(amounts)
        self._beyond[:, 0] += np.isneginf(amounts).sum(axis=0)
        self._beyond[:, 1] += np.isposinf(amounts).sum(axis=0)
        row, column = np.nonzero(finite)
        values = amounts[row, column]
        width = np.where(self.width > 0, self.width, 1.0)
        place = ((values - self._low[column]) / width[column]).astype(np.int64)
        at = column * BINS + np.clip(place, 0, BINS - 1)
        size = self._counts.size
        self._counts += np.bincount(at, minlength=size).reshape(self._counts.shape)
        self._sums += np.bincount(at, weights=values, minlength=size).reshape(self._sums.shape)

    def quantile(self, column: int, shares: Floats) -> Floats:
        """Give quantiles of a column; NaN where nothing of it is known."""
        low, high = self._beyond[column]
        counts = np.concatenate([[low], self._counts[column], [high]])
        total = int(counts.sum())
        if not total:
            return np.full(len(shares), np.nan)
        means = np.full(BINS, np.nan)
        inside = self._counts[column] > 0
        np.divide(self._sums[column], self._counts[column], out=means, where=inside)
        stand_for = np.concatenate([[-np.inf], means, [np.inf]])
        wanted = np.maximum(1, np.ceil(np.asarray(shares) * total - 1e-9))
        return np.asarray(stand_for[np.searchsorted(np.cumsum(counts), wanted)])


def spread_of(column: int, ranges: Ranges, histogram: Histogram) -> Spread:
    """Give how a column is spread, after both passes."""
    if not ranges.known[column]:
        nan = float("nan")
        return Spread(0, nan, nan, nan, nan, nan, nan, 0.0)
    least, most = float(ranges.least[column]), float(ranges.most[column])
    found = np.clip(histogram.quantile(column, np.array(QUANTILES)), least, most)
    low, median, high = map(float, found)
    known, mean = int(ranges.known[column]), float(ranges.mean[column])
    return Spread(known, mean, least, most, low, median, high, float(histogram.width[column]))
