"""In how many scenarios each clause holds, and all binding ones together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from resalloc.norms.norm import Norm
    from resalloc.problem.columns import Floats, Ints
    from resalloc.sweep.summary.blocks import Block
    from resalloc.sweep.summary.spread import Spread

Better = Literal["higher", "lower", "neither"]


def better(norm: Norm) -> Better:
    """Say which way a clause's value is better: the way its bound points.

    The value of a service radius is the share of people within it.
    """
    reach = norm.indicator is not None and norm.indicator.rule == "reach"
    if reach or norm.reads.sense == ">=":
        return "higher"
    return "lower" if norm.reads.sense == "<=" else "neither"


@dataclass(frozen=True)
class Count:
    """Scenarios counted by what can be said of them.

    Parameters
    ----------
    holds, fails, unknown
        Scenarios in which it holds, does not, and in which that cannot be said.

    Examples
    --------
    >>> Count(3, 1, 4).share_holds
    0.375
    """

    holds: int
    fails: int
    unknown: int

    @property
    def scenarios(self) -> int:
        """All of them."""
        return self.holds + self.fails + self.unknown

    @property
    def share_holds(self) -> float:
        """Share of all scenarios in which it holds."""
        return self.holds / self.scenarios

    @property
    def share_fails(self) -> float:
        """Share of all scenarios in which it does not hold."""
        return self.fails / self.scenarios

    @property
    def share_unknown(self) -> float:
        """Share of all scenarios in which that cannot be said."""
        return self.unknown / self.scenarios

    @property
    def wavers(self) -> bool:
        """Whether it holds in some scenarios and not in others."""
        return self.holds > 0 and self.fails > 0


@dataclass(frozen=True)
class Worst:
    """The scenario in which a clause is worst: the first of equals.

    That is the one with the largest gap; where it holds in all, the one nearest to its
    bound.

    Parameters
    ----------
    scenario
        Its number, from 0.
    value, gap
        Of the clause there.
    factors
        The scenario itself: a value for each factor.
    """

    scenario: int
    value: float
    gap: float
    factors: Mapping[str, float]


@dataclass(frozen=True)
class Passing:
    """How a clause fares over the scenarios.

    Parameters
    ----------
    norm
        The clause.
    count
        In how many scenarios it holds.
    value, gap
        Of its worst place, in its unit; a gap is 0 where it holds.
    worst
        The worst scenario; none where nothing can be said in any.
    """

    norm: Norm
    count: Count
    value: Spread
    gap: Spread
    worst: Worst | None


@dataclass(frozen=True)
class Clauses:
    """How every clause fares that some factor can move.

    Parameters
    ----------
    each
        In the document's order.
    joint
        In how many scenarios all binding ones hold together. One that fails settles it;
        where none fails and some cannot be said, nor can this.
    held
        Scenarios by the number of clauses that hold in them, from 0.
    """

    each: tuple[Passing, ...]
    joint: Count
    held: tuple[int, ...]

    def __getitem__(self, clause: str) -> Passing:
        for passing in self.each:
            if passing.norm.id == clause:
                return passing
        raise KeyError(clause)

    @property
    def binding(self) -> tuple[str, ...]:
        """Ids of those that are counted in `joint`."""
        return tuple(p.norm.id for p in self.each if counts_jointly(p.norm))

    def held_quantile(self, share: float) -> int:
        """Give the least number of clauses that at least such a share does not exceed."""
        upto = np.cumsum(self.held)
        return int(np.searchsorted(upto, max(1, int(np.ceil(share * upto[-1] - 1e-9)))))

    def frame(self) -> pd.DataFrame:
        """Give one row a clause."""
        import pandas as pd

        return pd.DataFrame([_line(passing) for passing in self.each])


def counts_jointly(norm: Norm) -> bool:
    """Say whether a clause is one of those that must hold."""
    return norm.use == "constraint" and norm.reads.binding


def _line(passing: Passing) -> dict[str, Any]:
    norm, count = passing.norm, passing.count
    flat = norm.as_dict()
    line: dict[str, Any] = {
        "clause": norm.id,
        "indicator_zh": flat["indicator_zh"],
        "indicator_en": flat["indicator_en"],
        "where": norm.says.where,
        "binding": counts_jointly(norm),
        "better": better(norm),
        "holds": count.holds,
        "fails": count.fails,
        "unknown": count.unknown,
        "share_holds": count.share_holds,
        "share_fails": count.share_fails,
        "share_unknown": count.share_unknown,
    }
    for name, spread in (("value", passing.value), ("gap", passing.gap)):
        line |= {
            f"{name}_known": spread.known,
            f"{name}_mean": spread.mean,
            f"{name}_least": spread.least,
            f"{name}_5": spread.low,
            f"{name}_50": spread.median,
            f"{name}_95": spread.high,
            f"{name}_most": spread.most,
            f"{name}_tolerance": spread.tolerance,
        }
    worst = passing.worst
    line["worst_scenario"] = -1 if worst is None else worst.scenario
    line["worst_value"] = float("nan") if worst is None else worst.value
    line["worst_gap"] = float("nan") if worst is None else worst.gap
    return line


class Verdicts:
    """First pass: counts of what holds, singly and together."""

    def __init__(self, norms: Sequence[Norm]) -> None:
        self.holds: Ints = np.zeros(len(norms), dtype=np.int64)
        self.fails: Ints = np.zeros(len(norms), dtype=np.int64)
        self.joint = np.zeros(3, dtype=np.int64)
        self.held: Ints = np.zeros(len(norms) + 1, dtype=np.int64)
        self.scenarios = 0
        self._binding = np.array([counts_jointly(norm) for norm in norms], dtype=bool)

    def add(self, block: Block) -> None:
        """Take in a block."""
        holds, fails = block.holds == 1, block.holds == 0
        self.scenarios += len(block)
        self.holds += holds.sum(axis=0)
        self.fails += fails.sum(axis=0)
        self.held += np.bincount(holds.sum(axis=1), minlength=len(self.held))
        every, some = (
            holds[:, self._binding].all(axis=1),
            fails[:, self._binding].any(axis=1),
        )
        self.joint += (every.sum(), some.sum(), (~every & ~some).sum())

    @property
    def joint_count(self) -> Count:
        """The counts of all binding clauses together."""
        return Count(*map(int, self.joint))

    def count(self, clause: int) -> Count:
        """Give the counts of one clause."""
        holds, fails = int(self.holds[clause]), int(self.fails[clause])
        return Count(holds, fails, self.scenarios - holds - fails)


class WorstFirst:
    """First pass: the worst scenario of each clause."""

    def __init__(self, norms: Sequence[Norm], factors: int) -> None:
        self._sign = np.array(
            [{"higher": -1.0, "lower": 1.0, "neither": np.nan}[better(n)] for n in norms]
        )
        self._factors = factors
        self._by_gap: list[_Found] = [_Found()] * len(norms)
        self._by_value: list[_Found] = [_Found()] * len(norms)

    def add(self, block: Block) -> None:
        """Take in a block."""
        for key, found in ((block.gap, self._by_gap), (block.value * self._sign, self._by_value)):
            known = np.where(np.isnan(key), -np.inf, key)
            rows = known.argmax(axis=0)
            for clause, row in enumerate(rows):
                bad = known[row, clause]
                if bad > found[clause].bad:
                    own = block.factors[row, : self._factors]
                    value, gap = block.value[row, clause], block.gap[row, clause]
                    found[clause] = _Found(
                        bad, int(block.scenario[row]), float(value), float(gap), own
                    )

    def of(self, clause: int, names: Sequence[str]) -> Worst | None:
        """Give the worst scenario of a clause."""
        by_gap, by_value = self._by_gap[clause], self._by_value[clause]
        found = by_gap if by_gap.bad > 0 or by_value.own is None else by_value
        if found.own is None:
            return None
        factors = dict(zip(names, map(float, found.own), strict=True))
        return Worst(found.scenario, found.value, found.gap, factors)


@dataclass(frozen=True, eq=False)
class _Found:
    bad: float = -np.inf
    scenario: int = -1
    value: float = np.nan
    gap: float = np.nan
    own: Floats | None = None
