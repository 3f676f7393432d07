"""How much of a market any choice of sites can take: the bound behind Huff's model.

Where *u_j* is the pull of site *j* on a demand point over the pull of all competitors there, open
sites with *s = Σ u_j y_j* take the share *g(s) = s / (1 + s)*. It is concave, so every tangent
bounds it. At any *t ≥ 0* the tangent *α + g'(t) s*, with *α = g(t) − t g'(t)*, may be lowered at
the sites that alone pull more than *t*::

    g(Σ u_j y_j) ≤ α + Σ_{u_j ≤ t} g'(t) u_j y_j + Σ_{u_j > t} (g(u_j) − α) y_j

for every 0/1 choice *y*. One site above *t*: the tangent at *t* is steeper than *g* beyond *u_j*.
Each further one adds at least its true gain: *g(s + u_k) − g(s) ≤ g(t + u_k) − g(t) ≤ g(u_k) − α*
for *s ≥ t*, *u_k > t*. At *t = 0* it is the submodular cut of the empty choice, at a large *t* the
plain tangent; both are in Ljubić I., Moreno E. (2018), European Journal of Operational Research
266(1), 46-56. With sites already open, *g* starts at their pull. The best *t* for fractions *y*
is where *t (1 − Σ_{u_j > t} y_j) = Σ_{u_j ≤ t} u_j y_j*, found along the sites in falling order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resalloc.compiled import compiled

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints

States = npt.NDArray[np.int8]
Ranks = npt.NDArray[np.int32]

OPEN, FREE, CLOSED = 1, 0, -1


@compiled
def open_pull(pull: Floats, state: States, base: Floats) -> None:
    """Sum up the pull of the open sites at each demand point, into `base`."""
    n, m = pull.shape
    for i in range(n):
        total = 0.0
        for j in range(m):
            if state[j] == 1:
                total += pull[i, j]
        base[i] = total


@compiled
def cut(
    pull: Floats,
    falling: Ranks,
    weights: Floats,
    state: States,
    base: Floats,
    y: Floats,
    gain: Floats,
) -> float:
    """Give a cut that is tightest at y: its constant, and what each free site adds in `gain`.

    Parameters
    ----------
    pull
        Demand × sites, over the competitors' pull.
    falling
        By demand point, the sites from the largest pull to the smallest.
    weights
        By demand point.
    state
        By site: 1 open, 0 free, −1 closed.
    base
        By demand point, the pull of the open sites.
    y
        By site, the fraction open; 0 where it is not free.
    gain
        By site; filled.
    """
    n, m = pull.shape
    gain[:] = 0.0
    constant = 0.0
    for i in range(n):
        start = 1.0 + base[i]
        small = 0.0
        for j in range(m):
            small += pull[i, j] * y[j]
        t, large = small, 0.0
        for k in range(m):
            j = falling[i, k]
            if state[j] != 0:
                continue
            if pull[i, j] <= t:
                break
            small -= pull[i, j] * y[j]
            large += y[j]
            t = max(small, 0.0) / (1.0 - large) if large < 1.0 - 1e-12 else 0.0
        slope = 1.0 / ((start + t) * (start + t))
        alpha = t / (start * (start + t)) - slope * t
        constant += weights[i] * (base[i] / start + alpha)
        for j in range(m):
            if state[j] == 0:
                u = pull[i, j]
                if u <= t:
                    gain[j] += weights[i] * slope * u
                else:
                    gain[j] += weights[i] * (u / (start * (start + u)) - alpha)
    return constant


@compiled
def spread(y: Floats, state: States, need: int) -> None:
    """Change fractions so that those of the free sites sum to how many are still to open."""
    total, count = 0.0, 0
    for j in range(len(y)):
        if state[j] == 0:
            total += y[j]
            count += 1
        else:
            y[j] = 0.0
    for j in range(len(y)):
        if state[j] == 0:
            if total > need:
                y[j] *= need / total
            elif total < need:
                y[j] = 1.0 - (1.0 - y[j]) * (count - need) / (count - total)


@compiled
def tightened(
    pull: Floats,
    falling: Ranks,
    weights: Floats,
    p: int,
    state: States,
    y: Floats,
    enough: float,
    most: int,
) -> float:
    """Give an upper bound on what p sites take, with sites fixed that the bound decides.

    Climbs towards the best fractions (Frank and Wolfe 1956); each step is a cut, and each cut
    a bound: its constant and its largest gains. A site whose opening (closing) would bring the
    bound down to `enough` is closed (opened).

    Parameters
    ----------
    pull, falling, weights
        As in :func:`cut`.
    p
        Sites to open, those open already included.
    state
        By site; changed where a site is decided.
    y
        Fractions to start from; left where the bound was best.
    enough
        A value reached already: a bound down to it ends the work.
    most
        Cuts it may take.
    """
    n, m = pull.shape
    base, gain = np.zeros(n), np.zeros(m)
    at, way, rank = y.copy(), np.zeros(m), np.zeros(m, dtype=np.int64)
    best, slope, step = np.inf, 0.0, 0.0
    decided, trial = True, False
    need, free, taken = 0, 0, 0
    while taken < most:
        if decided:
            need, free = p, 0
            for j in range(m):
                if state[j] == 1:
                    need -= 1
                elif state[j] == 0:
                    rank[free] = j
                    free += 1
            if need < 0 or free < need:
                return -np.inf
            if need == 0 or free == need:
                return best
            open_pull(pull, state, base)
            spread(at, state, need)
            decided, trial = False, False
        bound = cut(pull, falling, weights, state, base, at, gain)
        taken += 1
        order_falling(rank, free, gain)
        for k in range(need):
            bound += gain[rank[k]]
        if bound < best:
            best = bound
            for j in range(m):
                y[j] = at[j]
        if bound <= enough:
            return best
        last, following = gain[rank[need - 1]], gain[rank[need]]
        for k in range(free):
            j = rank[k]
            if k >= need and bound - last + gain[j] <= enough:
                state[j] = -1
                decided = True
            elif k < need and bound - gain[j] + following <= enough:
                state[j] = 1
                decided = True
        if decided:
            continue
        if trial:
            beyond = 0.0
            for j in range(m):
                beyond += gain[j] * way[j]
            if beyond < -0.3 * slope:
                # The trial step went too far: the next one ends where the slope vanishes.
                shorter = step * slope / (slope - beyond)
                for j in range(m):
                    at[j] += (shorter - step) * way[j]
                trial = False
                continue
        slope, step = 0.0, 2.0 / (taken + 3.0)
        for j in range(m):
            way[j] = -at[j]
        for k in range(need):
            way[rank[k]] += 1.0
        for j in range(m):
            slope += gain[j] * way[j]
            at[j] += step * way[j]
        trial = True
    return best


@compiled
def order_falling(rank: Ints, count: int, gain: Floats) -> None:
    """Sort the first places of `rank` by falling gain, equal ones by position (Shell 1959)."""
    apart = 1
    while apart < count // 3:
        apart = 3 * apart + 1
    while apart > 0:
        for k in range(apart, count):
            site, to = rank[k], k
            while to >= apart:
                other = rank[to - apart]
                if gain[other] > gain[site] or (gain[other] == gain[site] and other < site):
                    break
                rank[to] = other
                to -= apart
            rank[to] = site
        apart //= 3
