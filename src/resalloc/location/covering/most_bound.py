"""How much can be covered at most, and what opening or closing each site would cost of that.

The linear relaxation of maximal covering is solved in its dual form, which has one row a site
and not one a demand point; the bound is then computed from the prices alone:

    U(u, λ) = Σ_i (w_i − u_i) + λ B + Σ_j max(0, Σ_{i reached by j} u_i − λ c_j)  ≥  coverage

for any prices *0 ≤ u ≤ w* of demand and *λ ≥ 0* of money, however exact the solver was
(Galvão and ReVelle 1996).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Mask


def upper_bound(
    reach: Mask, weight: Floats, cost: Floats, budget: float, time_limit_s: float
) -> tuple[float, Floats]:
    """Give a weight no affordable set of sites exceeds, and every site's reduced profit.

    A site whose reduced profit *r* is negative takes *−r* off the bound when it opens, one
    whose *r* is positive takes *r* off when it stays closed.

    Parameters
    ----------
    reach
        Demand × sites: who is reached by whom.
    weight, cost
        By demand point; by site.
    budget
        What the open sites may cost together.
    time_limit_s
        Seconds the relaxation may take; without its prices the bound is the whole weight.

    Examples
    --------
    Three points in a ring, each reached by two of three sites; one site reaches two of them.

    >>> ring = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=bool)
    >>> bound, profit = upper_bound(ring, np.ones(3), np.ones(3), 1.0, 10.0)
    >>> round(bound, 9)
    2.0
    """
    n, m = reach.shape
    size = float(weight.max(initial=0.0)) or 1.0
    table = np.hstack([reach.T.astype(float), -np.eye(m), -cost[:, None]])
    dual = LinearModel(
        cost=np.concatenate([np.full(n, -1.0), np.ones(m), [budget]]),
        lower=np.zeros(n + m + 1),
        upper=np.concatenate([weight / size, np.full(m + 1, np.inf)]),
        integer=np.zeros(n + m + 1, dtype=bool),
        matrix=sparse.csr_array(table),
        row_lo=np.full(m, -np.inf),
        row_hi=np.zeros(m),
    )
    answer = solve_with_highs(dual, time_limit_s)
    if answer.x is None:
        return float(weight.sum()), np.zeros(m)
    prices = np.clip(answer.x[:n] * size, 0.0, weight)
    per_cost = max(float(answer.x[-1]), 0.0) * size
    profit = prices @ reach - per_cost * cost
    rest = float((weight - prices).sum())
    return rest + per_cost * budget + float(np.maximum(profit, 0.0).sum()), profit
