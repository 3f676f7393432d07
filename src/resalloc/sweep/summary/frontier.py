"""The trade-off: scenarios that no other beats on every indicator, streamed exactly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, InputError, did_you_mean, one_fault
from resalloc.scoring.products.pareto import pareto
from resalloc.sweep.summary.passing import Better, better

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from resalloc.norms.norm import Norm
    from resalloc.problem.columns import Floats, Ints
    from resalloc.sweep.summary.blocks import Block
    from resalloc.sweep.summary.layout import Layout
    from resalloc.sweep.summary.passing import Count

DOTS = 1500
"""Scenarios that stand for all of them in a picture, at most: every so many-th."""


@dataclass(frozen=True)
class Indicator:
    """One side of a trade-off.

    Parameters
    ----------
    name
        A clause (its value), a measure, a factor, or factors taken together (``site[*]``:
        how many are open).
    better
        Which way is better, ``"higher"`` or ``"lower"``.
    """

    name: str
    better: Better


@dataclass(frozen=True, eq=False)
class Frontier:
    """The scenarios that no other beats on every indicator (Pareto-optimal).

    One beats another if it is at least as good on every indicator and better on one. Of
    scenarios equal on all of them the first stands for the others. A scenario with an
    indicator that is not known beats none and is not among them.

    Parameters
    ----------
    indicators
        Two or three.
    scenario, values
        Numbers, from 0, and indicators, one scenario a row, sorted by the first indicator.
    equal
        How many scenarios each stands for.
    dots
        Indicators of every so many-th scenario, for a picture.
    """

    indicators: tuple[Indicator, ...]
    scenario: Ints
    values: Floats
    equal: Ints
    dots: Floats

    def frame(self) -> pd.DataFrame:
        """Give one row a scenario."""
        import pandas as pd

        columns = {ind.name: self.values[:, k] for k, ind in enumerate(self.indicators)}
        return pd.DataFrame({"scenario": self.scenario, **columns, "equal": self.equal})


def default_indicators(
    of: Layout, varying: Sequence[str], norms: Sequence[Norm], counts: Sequence[Count]
) -> tuple[Indicator, ...]:
    """Choose what to weigh against what; nothing where there is no choice.

    Where the number of open sites varies, as `varying` tells: the fewest open sites against
    the response time (else the first service radius). Else the two clauses that hold least
    often, of those that waver.
    """
    known = [
        (norm, count)
        for norm, count in zip(norms, counts, strict=True)
        if better(norm) != "neither" and count.unknown < count.scenarios
    ]
    if "site[*]" in varying:
        for rule in ("response", "reach"):
            for norm, _ in known:
                if norm.indicator is not None and norm.indicator.rule == rule:
                    return Indicator("site[*]", "lower"), Indicator(norm.id, better(norm))
    wavering = sorted((count.share_holds, k) for k, (_, count) in enumerate(known) if count.wavers)
    chosen = [known[k][0] for _, k in wavering[:2]]
    return tuple(Indicator(norm.id, better(norm)) for norm in chosen) if len(chosen) == 2 else ()


def check_indicators(indicators: Sequence[Indicator], names: Sequence[str]) -> None:
    """Refuse indicators that are not there, more than three or one alone.

    Raises
    ------
    InputError
        All of it at once.
    """
    if indicators and not 2 <= len(indicators) <= 3:
        what = f"there are {len(indicators)}."
        raise one_fault("indicators", what, "Weigh two or three against each other.")
    faults = []
    for ind in indicators:
        if ind.name not in names:
            remedy = did_you_mean(ind.name, names)
            faults.append(Fault(f"indicator '{ind.name}'", "was not computed.", remedy))
        if ind.better not in ("higher", "lower"):
            what = f"better is '{ind.better}'."
            faults.append(Fault(f"indicator '{ind.name}'", what, "Write higher or lower."))
    if faults:
        raise InputError(faults)


class Undominated:
    """Second pass: merges the undominated of each block with those of the blocks before."""

    def __init__(
        self, indicators: Sequence[Indicator], of: Layout, factors: Sequence[str], n: int
    ) -> None:
        self.indicators = tuple(indicators)
        self._sources = [_source(ind.name, of, factors) for ind in indicators]
        self._sign = np.array([1.0 if ind.better == "lower" else -1.0 for ind in indicators])
        self._scenario: Ints = np.empty(0, dtype=np.int64)
        self._costs = np.empty((0, len(indicators)))
        self._equal: Ints = np.empty(0, dtype=np.int64)
        self._every = max(1, -(-n // DOTS))
        self._seen = 0
        self._dots: list[Floats] = []

    def add(self, block: Block) -> None:
        """Take in a block."""
        if not self.indicators:
            return
        values = np.column_stack([getattr(block, part)[:, k] for part, k in self._sources])
        self._dots.append(values[-self._seen % self._every :: self._every])
        self._seen += len(values)
        costs = values * self._sign + 0.0  # -0 and 0 are equal
        new = _reduced(block.scenario, costs, np.ones(len(costs), dtype=np.int64))
        old = (self._scenario, self._costs, self._equal)
        both = [np.concatenate(pair) for pair in zip(old, new, strict=True)]
        self._scenario, self._costs, self._equal = _reduced(*both)

    def frontier(self) -> Frontier | None:
        """Give what no scenario beats; None where there is nothing to weigh."""
        if not self.indicators or not len(self._scenario):
            return None
        order = np.lexsort(self._costs.T[::-1])
        return Frontier(
            self.indicators,
            self._scenario[order],
            (self._costs * self._sign + 0.0)[order],
            self._equal[order],
            np.concatenate(self._dots),
        )


def _source(name: str, of: Layout, factors: Sequence[str]) -> tuple[str, int]:
    if name in of.clauses:
        return "value", of.clauses.index(name)
    if name in of.measures:
        return "measures", of.measures.index(name)
    return "factors", list(factors).index(name)


def _reduced(scenario: Ints, costs: Floats, equal: Ints) -> tuple[Ints, Floats, Ints]:
    """Keep the undominated, the first of equals for all of them."""
    stays = pareto(costs)
    scenario, costs, equal = scenario[stays], costs[stays], equal[stays]
    if not len(scenario):
        return scenario, costs, equal
    distinct, first, of = np.unique(costs, axis=0, return_index=True, return_inverse=True)
    times = np.bincount(of.reshape(-1), weights=equal, minlength=len(distinct))
    return scenario[first], distinct, times.astype(np.int64)
