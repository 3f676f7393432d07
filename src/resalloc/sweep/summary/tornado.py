"""How far each factor moves each clause: tornado bars and first-order sensitivity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from resalloc.problem.columns import Floats, Ints
    from resalloc.sweep.summary.blocks import Block
    from resalloc.sweep.summary.spread import Histogram
    from resalloc.sweep.summary.varied import Values

SHARES = 20
"""A factor without levels is cut into this many shares of the scenarios."""
FIFTH = 0.2
LOW, HIGH = 0, 1
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Tornado:
    r"""What a clause comes to where a factor is low, and where it is high.

    Low and high are the lowest and the highest fifth of the scenarios by the factor; of a
    factor with few levels its lowest and its highest level. The correlation ratio

    .. math:: \eta^2 = \frac{\sum_b n_b (\bar v_b - \bar v)^2}{\sum_s (v_s - \bar v)^2}

    ============================ =======================================================
    :math:`b`, :math:`n_b`       bins of the factor: levels, or twentieths of the
                                 scenarios; and the scenarios in a bin
    :math:`\bar v_b`             mean value of the clause in a bin
    :math:`v_s`, :math:`\bar v`  its value in a scenario, and its mean
    ============================ =======================================================

    is the share of the value's variance that the factor explains by itself: its first-order
    sensitivity index, where factors are independent (Saltelli et al. 2008, chapter 4).
    Bins explain about `noise` of it by chance.

    Parameters
    ----------
    clauses, factors
        Ids and names.
    mean
        Mean value: low and high × factors × clauses; NaN where nothing is known.
    share
        Share holding, of the scenarios in which that can be said; likewise.
    part
        Share of the scenarios that count as low and as high: 2 × factors.
    eta2, noise
        Correlation ratio and what chance gives: factors × clauses; NaN where the value
        does not vary, or the factor.

    References
    ----------
    Saltelli A, Ratto M, Andres T, Campolongo F, Cariboni J, Gatelli D, Saisana M, Tarantola S
    (2008). Global Sensitivity Analysis: The Primer. Wiley.
    """

    clauses: tuple[str, ...]
    factors: tuple[str, ...]
    mean: Floats
    share: Floats
    part: Floats
    eta2: Floats
    noise: Floats

    @property
    def swing(self) -> Floats:
        """Mean value where the factor is high, less that where it is low."""
        return np.asarray(self.mean[HIGH] - self.mean[LOW])

    @property
    def share_swing(self) -> Floats:
        """Share holding where the factor is high, less that where it is low."""
        return np.asarray(self.share[HIGH] - self.share[LOW])

    def frame(self, clause: str | None = None) -> pd.DataFrame:
        """Give one row a clause and factor, of one clause if named."""
        import pandas as pd

        ids = self.clauses if clause is None else (clause,)
        tables = []
        for name in ids:
            c = self.clauses.index(name)
            tables.append(
                pd.DataFrame(
                    {
                        "clause": name,
                        "factor": self.factors,
                        "value_low": self.mean[LOW][:, c],
                        "value_high": self.mean[HIGH][:, c],
                        "swing": self.swing[:, c],
                        "share_low": self.share[LOW][:, c],
                        "share_high": self.share[HIGH][:, c],
                        "share_swing": self.share_swing[:, c],
                        "eta2": self.eta2[:, c],
                        "noise": self.noise[:, c],
                        "part_low": self.part[LOW],
                        "part_high": self.part[HIGH],
                    }
                )
            )
        if not tables:
            return pd.DataFrame(columns=["clause", "factor", "swing", "share_swing", "eta2"])
        return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True, eq=False)
class Cuts:
    """The bins of one factor: its levels, or where its shares of the scenarios end."""

    levels: Floats
    edges: Floats

    @property
    def bins(self) -> int:
        """How many there are."""
        return len(self.levels) or len(self.edges) + 1

    def of(self, values: Floats) -> Ints:
        """Give the bin of each value."""
        if len(self.levels):
            return np.searchsorted(self.levels, values)
        return np.searchsorted(self.edges, values, side="left")


def cuts(factor: int, column: int, values: Values, histogram: Histogram) -> Cuts:
    """Cut a factor into bins, after the second pass."""
    levels = values.levels(factor)
    if levels:
        return Cuts(np.array(levels), np.empty(0))
    shares = np.arange(1, SHARES) / SHARES
    return Cuts(np.empty(0), np.unique(histogram.quantile(column, shares)))


class ByBin:
    """Third pass: value and verdict of every clause, added up in every bin of every factor.

    The bins of all factors make the rows of one sparse matrix with a 1 for each scenario and
    factor, so that a block takes scenarios × factors × clauses additions.
    """

    def __init__(self, bins: Sequence[Cuts], mean: Floats, known: Ints, said: Ints, n: int) -> None:
        self._bins = bins
        self._start = np.concatenate([[0], np.cumsum([cut.bins for cut in bins])]).astype(int)
        self._mean = np.where(np.isfinite(mean), mean, 0.0)
        self._partly_known = np.flatnonzero(known < n)
        self._partly_said = np.flatnonzero(said < n)
        rows, count = int(self._start[-1]), len(mean)
        self._scenarios = np.zeros(rows)
        self._total = np.zeros((rows, count))
        self._held = np.zeros((rows, count))
        self._unknown = np.zeros((rows, len(self._partly_known)))
        self._unsaid = np.zeros((rows, len(self._partly_said)))
        self._squares = np.zeros(count)

    def add(self, block: Block) -> None:
        """Take in a block."""
        from scipy.sparse import csr_matrix

        n, factors = block.factors.shape
        at = np.empty((n, factors), dtype=np.int32)
        for k, cut in enumerate(self._bins):
            at[:, k] = self._start[k] + cut.of(block.factors[:, k])
        upto = np.arange(0, n * factors + 1, factors)
        shape = (n, int(self._start[-1]))
        one_in = csr_matrix((np.ones(n * factors), at.ravel(), upto), shape).T
        apart = np.where(np.isnan(block.value), 0.0, block.value - self._mean)
        self._squares += (apart**2).sum(axis=0)
        self._scenarios += one_in @ np.ones(n)
        self._total += one_in @ apart
        self._held += one_in @ (block.holds == 1).astype(float)
        self._unknown += one_in @ np.isnan(block.value[:, self._partly_known]).astype(float)
        self._unsaid += one_in @ np.isnan(block.holds[:, self._partly_said]).astype(float)

    def tornado(self, clauses: tuple[str, ...], factors: tuple[str, ...]) -> Tornado:
        """Give what has been added up."""
        count, size = len(clauses), len(factors)
        known = np.repeat(self._scenarios[:, None], count, axis=1)
        said = known.copy()
        known[:, self._partly_known] -= self._unknown
        said[:, self._partly_said] -= self._unsaid
        mean, share = np.full((2, size, count), np.nan), np.full((2, size, count), np.nan)
        eta2, noise = np.full((size, count), np.nan), np.full((size, count), np.nan)
        part = np.zeros((2, size))
        for k in range(size):
            own = slice(self._start[k], self._start[k + 1])
            in_bin, total = self._scenarios[own], self._total[own]
            ends = _ends(in_bin, by_level=bool(len(self._bins[k].levels)))
            for side, end in enumerate(ends):
                part[side, k] = in_bin[end].sum() / max(in_bin.sum(), 1.0)
                mean[side, k] = self._mean + _ratio(total[end], known[own][end])
                share[side, k] = _ratio(self._held[own][end], said[own][end])
            if len(in_bin) > 1:
                eta2[k], noise[k] = _explained(total, known[own], self._squares, self._mean)
        return Tornado(clauses, factors, mean, share, part, eta2, noise)


def _ends(in_bin: Floats, *, by_level: bool) -> tuple[slice, slice]:
    """Give the bins that count as low and as high: of shares, those nearest to a fifth."""
    if by_level:
        return slice(0, 1), slice(len(in_bin) - 1, None)
    fifth = FIFTH * in_bin.sum()
    low = 1 + int(np.argmin(np.abs(np.cumsum(in_bin) - fifth)))
    high = 1 + int(np.argmin(np.abs(np.cumsum(in_bin[::-1]) - fifth)))
    return slice(0, low), slice(len(in_bin) - high, None)


def _ratio(top: Floats, bottom: Floats) -> Floats:
    above, below = top.sum(axis=0), bottom.sum(axis=0)
    found = np.full(len(above), np.nan)
    return np.asarray(np.divide(above, below, out=found, where=below > 0))


def _explained(
    total: Floats, known: Floats, squares: Floats, mean: Floats
) -> tuple[Floats, Floats]:
    means = np.divide(total, known, out=np.zeros_like(total), where=known > 0)
    count = known.sum(axis=0)
    grand = total.sum(axis=0) / np.maximum(count, 1.0)
    between = (known * (means - grand) ** 2).sum(axis=0)
    within = squares - count * grand**2
    varies = within > count * (_ROUNDING * np.abs(mean)) ** 2  # else it is rounding
    eta2 = np.full(len(count), np.nan)
    np.divide(between, within, out=eta2, where=varies)
    noise = np.full(len(count), np.nan)
    bins = (known > 0).sum(axis=0)
    np.divide(bins - 1.0, count - 1.0, out=noise, where=varies & (count > 1))
    return np.clip(eta2, 0.0, 1.0), np.clip(noise, 0.0, 1.0)
