"""Which plan to regret least, whatever future comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.sweep.reoptimise.outcome import name_of

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from resalloc.problem.columns import Floats
    from resalloc.sweep.reoptimise.evaluate import Measure


@dataclass(frozen=True, eq=False)
class Regret:
    """Every plan judged in every future, by the scorer.

    Parameters
    ----------
    plans
        The future each plan was made for, by number; ``-1`` is the base plan.
    futures
        The futures they are judged in, by number.
    weights
        Weight of each future; they add up to 1.
    measures
        What plans are compared by, the most important first.
    values
        Plans × futures × measures.
    binding
        Ids of the binding clauses.
    broken
        Plans × futures × binding clauses.
    cost_wan
        Plans × futures: what the plan adds there, in 万元.

    Notes
    -----
    With the measures in order of importance (binding clauses broken, expected clauses short,
    the objective), as :func:`~resalloc.solver.solve.solve` has them::

        m(a, s)    = (b, v, c) of plan a in future s
        best(s)    = lexicographic min over plans a of m(a, s)
        R_k(a, s)  = m_k(a, s) − best_k(s)
        minimax    : lexicographic argmin over a of (max_s R_b, max_s R_v, max_s R_c)
        expected   : lexicographic argmin over a of (Σ_s w_s b, Σ_s w_s v, Σ_s w_s c)

    ======  =====================================================================
    a       candidate plans: the base plan and that of each future that has one
    s       futures; w_s the weight of each
    b       binding clauses broken
    v       worst plus mean share by which the expected clauses fall short, %
    c       the objective, e.g. cost in 万元
    ======  =====================================================================

    The regret of the objective is against the plan that is best in that future, clauses
    first; where a plan is cheaper because it falls short it is negative. Equal is what
    differs by no more than arithmetic. What is left equal is decided by the lower expected
    cost, then the base plan before others, then the lower number. The best plan of a future
    is the best of the candidates.

    Regret is that of Savage, L. J. (1951). The theory of statistical decision. *Journal of
    the American Statistical Association*, 46(253), 55–67; here measure by measure.
    """

    plans: tuple[int, ...]
    futures: tuple[int, ...]
    weights: Floats
    measures: tuple[Measure, ...]
    values: Floats
    binding: tuple[str, ...]
    broken: npt.NDArray[np.bool_]
    cost_wan: Floats

    @property
    def best_plans(self) -> tuple[int, ...]:
        """The best plan of each future, as the number of the future it was made for."""
        return tuple(self.plans[position] for position in self._best)

    @property
    def best(self) -> Floats:
        """The best plan's values by future (futures × measures)."""
        return np.array([self.values[p, s] for s, p in enumerate(self._best)])

    @property
    def extra_cost_wan(self) -> Floats:
        """What each plan costs more than each future's best plan, in 万元 (plans × futures).

        Below 0 where the best plan costs more because it keeps more of the clauses.
        """
        best = np.array([self.cost_wan[p, s] for s, p in enumerate(self._best)])
        more = self.cost_wan - best
        equal = next((m.equal for m in self.measures if m.name == "cost"), np.isclose)
        more[equal(self.cost_wan, np.broadcast_to(best, more.shape))] = 0.0
        return np.asarray(more)

    @property
    def _best(self) -> list[int]:
        """Position of the best plan of each future."""
        return [
            self._least(
                [self.values[:, s, k] for k in range(len(self.measures))], self.cost_wan[:, s]
            )
            for s in range(len(self.futures))
        ]

    @property
    def regret(self) -> Floats:
        """Regret of each plan in each future, measure by measure (plans × futures × measures)."""
        best = np.broadcast_to(self.best, self.values.shape)
        with np.errstate(invalid="ignore"):
            regret = np.asarray(self.values - best)
        for k, measure in enumerate(self.measures):
            regret[..., k][measure.equal(self.values[..., k], best[..., k])] = 0.0
        return regret

    @property
    def greatest(self) -> Floats:
        """Greatest regret of each plan over the futures (plans × measures)."""
        return np.asarray(self.regret.max(axis=1))

    @property
    def expected(self) -> Floats:
        """Weighted mean of each plan's values over the futures (plans × measures)."""
        return _mean(self.weights, self.values)

    @property
    def minimax(self) -> int:
        """The plan whose greatest regret is least, as the number of its future."""
        return self.plans[self._least(list(self.greatest.T), self._expected_cost)]

    @property
    def best_expected(self) -> int:
        """The plan that is best on average, as the number of its future."""
        return self.plans[self._least(list(self.expected.T), self._expected_cost)]

    @property
    def _expected_cost(self) -> Floats:
        return _mean(self.weights, self.cost_wan[..., None])[:, 0]

    def _least(self, keys: list[Floats], cost: Floats) -> int:
        """Give the position of the plan that is least by the keys in turn, then by cost."""
        left = np.arange(len(self.plans))
        for measure, key in zip(self.measures, keys, strict=True):
            left = left[measure.equal(key[left], np.full(len(left), key[left].min()))]
        return int(left[np.argmin(cost[left])])

    def breaks(self, plan: int) -> dict[int, tuple[str, ...]]:
        """Give the binding clauses a plan breaks, by future; only of futures where it does."""
        found = self.broken[self.plans.index(plan)]
        return {
            future: tuple(self.binding[c] for c in np.flatnonzero(row))
            for future, row in zip(self.futures, found, strict=True)
            if row.any()
        }

    def frame(self) -> pd.DataFrame:
        """Give one row a plan and future: values, regret, the binding clauses broken."""
        import pandas as pd

        regret = self.regret
        rows = []
        for p, plan in enumerate(self.plans):
            breaks = self.breaks(plan)
            for s, future in enumerate(self.futures):
                row: dict[str, Any] = {"plan": name_of(plan), "future": name_of(future)}
                for k, measure in enumerate(self.measures):
                    row[measure.name] = self.values[p, s, k]
                    row[f"regret: {measure.name}"] = regret[p, s, k]
                row |= {
                    "cost_wan": self.cost_wan[p, s],
                    "breaks": ", ".join(breaks.get(future, ())),
                }
                rows.append(row)
        return pd.DataFrame(rows)

    def plan_frame(self) -> pd.DataFrame:
        """Give one row a plan: greatest regret, expected values, futures with a clause broken."""
        import pandas as pd

        greatest, expected = self.greatest, self.expected
        rows = []
        for p, plan in enumerate(self.plans):
            row: dict[str, Any] = {"plan": name_of(plan)}
            for k, measure in enumerate(self.measures):
                row[f"greatest regret: {measure.name}"] = greatest[p, k]
                row[f"expected: {measure.name}"] = expected[p, k]
            row["expected cost_wan"] = self._expected_cost[p]
            row["futures with a binding clause broken"] = len(self.breaks(plan))
            row["minimax regret"] = plan == self.minimax
            row["best expected"] = plan == self.best_expected
            rows.append(row)
        return pd.DataFrame(rows)

    def summary(self, lang: str = "en") -> str:
        """Say which plan to regret least and which is best on average, in ``"zh"`` or ``"en"``."""
        lines = []
        words = {
            "en": ("least greatest regret", "best on average", "keeps every binding clause in every"
                   " future", "breaks a binding clause in {n} of {of} futures: {names}"),
            "zh": ("最大后悔值最小的方案", "平均最优的方案", "在每种情形下都满足全部约束性条款",
                   "在 {of} 种情形中的 {n} 种违反约束性条款：{names}"),
        }[lang]  # fmt: skip
        for title, plan in zip(words[:2], (self.minimax, self.best_expected), strict=True):
            breaks = self.breaks(plan)
            names = ", ".join(f"{name_of(s, lang)} ({', '.join(c)})" for s, c in breaks.items())
            told = words[3].format(n=len(breaks), of=len(self.futures), names=names)
            line = f"{name_of(plan, lang)}; {told if breaks else words[2]}"
            lines.append(
                f"{title}: {line}" if lang == "en" else f"{title}：{line}".replace("; ", "；")
            )
        return "\n".join(lines)


def _mean(weights: Floats, values: Floats) -> Floats:
    """Weighted mean over futures (the second axis); futures of no weight do not count."""
    counted = np.flatnonzero(weights > 0)
    return np.asarray(np.einsum("s,psk->pk", weights[counted], values[:, counted]))
