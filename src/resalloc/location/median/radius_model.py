"""What is left of a p-median after the bounds, as a small mixed-integer model.

The bounds say of each demand point how far it can be from its site in any answer better than
the best one known. Up to there its payments are a staircase, and each step is paid while no
site is open below it: the radius formulation (Cornuéjols, Nemhauser and Wolsey 1980; Elloumi
2010). Steps of different demand points over the same sites are one variable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.compiled import compiled
from resalloc.milp.model import LinearModel

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints
    from resalloc.location.median.neighbours import Neighbours, Places
    from resalloc.location.median.relaxation import States

_FREE, _IN = 0, 1
_NONE = -1


@compiled
def farthest(
    site: Places, pay: Floats, state: States, price: Floats, p: int, cutoff: float
) -> Ints:
    """Give how many of its nearest sites each demand point has to look at.

    If the first k were all closed, the bound of these prices would exceed the cutoff: so in a
    better answer one of them is open. Short lists (fewer than all sites) stay as they are.
    """
    n, k = site.shape
    m = len(state)
    worth, key = np.zeros(m), np.full(m, np.inf)
    for i in range(n):
        for s in range(k):
            if pay[i, s] >= price[i]:
                break
            worth[site[i, s]] += pay[i, s] - price[i]
    bound, to_open = price.sum(), p
    opened = np.zeros(m, dtype=np.bool_)
    for j in range(m):
        if state[j] == _IN:
            bound += worth[j]
            to_open -= 1
            opened[j] = True
        elif state[j] == _FREE:
            key[j] = worth[j]
    order = np.argsort(key, kind="mergesort")
    for t in range(to_open):
        bound += worth[order[t]]
        opened[order[t]] = True
    look = np.full(n, k, dtype=np.int64)
    for i in range(n):
        without, t = bound, to_open
        for s in range(k):
            if np.isinf(pay[i, s]) or without + max(0.0, pay[i, s] - price[i]) > cutoff:
                look[i] = s
                break
            j = site[i, s]
            if state[j] == _IN:
                look[i] = s + 1
                break
            if opened[j]:
                # The next best site takes its place; that it may be among the closed ones
                # as well makes the bound weaker, not wrong.
                without -= worth[j]
                if t < m and key[order[t]] < np.inf:
                    without += worth[order[t]]
                    t += 1
                else:
                    without = np.inf
    return look


@dataclass(frozen=True)
class RadiusModel:
    """A reduced p-median as arrays.

    Parameters
    ----------
    model
        The first columns are the sites, in the order of the lists.
    constant
        Added to the model's objective.
    """

    model: LinearModel
    constant: float


def radius_model(lists: Neighbours, look: Ints, state: States, p: int) -> RadiusModel:
    r"""Build the model of the p-median over the sites of `lists`, no farther than `look`.

    .. math::
        \min \sum_i c_i^1 + \sum_S g_S z_S, \quad
        z_S \ge z_{S'} - \sum_{j \in S \setminus S'} y_j, \quad \sum_j y_j = p

    ========== ====================================================================
    symbol     meaning
    ========== ====================================================================
    y_j        1 if site j is open
    S, S'      the sites up to some step of some demand point's staircase, and up to
               the step before (z is 1 before the first)
    z_S        1 if none of S is open
    g_S        what all demand points with that step pay for it
    c_i^1      payment of demand point i at its cheapest site
    ========== ====================================================================

    At the last step of a staircase z_S is 0: one of S must be open.
    """
    m = lists.sites
    steps: dict[bytes, int] = {}
    gain: list[float] = []
    rows: dict[tuple[int, int, bytes], Ints] = {}
    constant = 0.0
    for i in range(len(lists.pay)):
        reach, pay, site = int(look[i]), lists.pay[i], lists.site[i]
        constant += float(pay[0])
        ends = [*(np.flatnonzero(pay[1:reach] > pay[: reach - 1]) + 1), reach]
        before, begin = _NONE, 0
        for end in ends:
            now = _NONE
            if end < reach:
                key = np.sort(site[:end]).tobytes()
                now = steps.setdefault(key, len(gain))
                if now == len(gain):
                    gain.append(0.0)
                gain[now] += float(pay[end] - pay[end - 1])
            new = np.sort(site[begin:end])
            rows.setdefault((now, before, new.tobytes()), new)
            before, begin = now, end
    z = len(gain)
    where, at, value, low = [], [], [], []
    for r, ((now, before, _), new) in enumerate(rows.items()):
        members = [*new.tolist(), *([m + now] if now != _NONE else [])]
        values = [1.0] * len(members)
        if before != _NONE:
            members.append(m + before)
            values.append(-1.0)
        where += [r] * len(members)
        at += members
        value += values
        low.append(1.0 if before == _NONE else 0.0)
    count = len(rows)
    where += [count] * m
    at += range(m)
    value += [1.0] * m
    model = LinearModel(
        cost=np.concatenate([np.zeros(m), np.array(gain)]),
        lower=np.concatenate([(state == _IN).astype(float), np.zeros(z)]),
        upper=np.concatenate([(state >= _FREE).astype(float), np.ones(z)]),
        integer=np.concatenate([np.ones(m, dtype=bool), np.zeros(z, dtype=bool)]),
        matrix=sparse.csr_array((value, (where, at)), shape=(count + 1, m + z)),
        row_lo=np.array([*low, float(p)]),
        row_hi=np.array([np.inf] * count + [float(p)]),
    )
    return RadiusModel(model, constant)
