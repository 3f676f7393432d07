"""Good answers of capacitated siting where each demand point is served whole.

A set of open sites is turned into an assignment by regret (who loses most by not getting the
first choice goes first), and improved by moving one demand point, swapping two, and moving a
site among its own clients. Overfull sites are allowed at a price per unit of demand, which
rises until the answer fits. Sets of sites are then varied at random, from a fixed seed.

Sources: Lorena and Senne, "Local search heuristics for capacitated p-median problems",
Networks and Spatial Economics 3 (2003); Mulvey and Beck, "Solving capacitated clustering
problems", European Journal of Operational Research 18 (1984).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.compiled import compiled
from resalloc.location.capacity.knapsack import ordered

if TYPE_CHECKING:
    from resalloc.location.costs import Floats, Ints, Mask

NONE = -1
PRICES = 20
"""How often the price of being overfull is raised before the sites are varied."""


@compiled
def _over(load: float, room: float) -> float:
    return max(load - room, 0.0)


@compiled
def place(
    costs: Floats, demand: Floats, room: Floats, sites: Ints, assignment: Ints, load: Floats
) -> None:
    """Assign the demand points that have no site (−1) to some of `sites`, by regret.

    A point that fits nowhere goes where most room is left, and that site is overfull.
    """
    n = len(demand)
    waiting = 0
    for i in range(n):
        waiting += assignment[i] < 0
    while waiting > 0:
        pick, pick_site, most = NONE, NONE, -1.0
        for i in range(n):
            if assignment[i] >= 0:
                continue
            first, second, site = np.inf, np.inf, NONE
            for j in sites:
                if load[j] + demand[i] <= room[j] and costs[j, i] < second:
                    if costs[j, i] < first:
                        second, first, site = first, costs[j, i], j
                    else:
                        second = costs[j, i]
            if site < 0:
                continue
            regret = second - first if second < np.inf else 1e18 + demand[i]
            if regret > most:
                pick, pick_site, most = i, site, regret
        if pick < 0:
            break
        assignment[pick] = pick_site
        load[pick_site] += demand[pick]
        waiting -= 1
    for i in range(n):
        if assignment[i] < 0:
            site, freest = sites[0], -np.inf
            for j in sites:
                if costs[j, i] < np.inf and room[j] - load[j] > freest:
                    site, freest = j, room[j] - load[j]
            assignment[i] = site
            load[site] += demand[i]


@compiled
def polish(
    costs: Floats,
    demand: Floats,
    room: Floats,
    opening: Floats,
    fixed: Mask,
    allowed: Mask,
    sites: Ints,
    assignment: Ints,
    load: Floats,
    price: float,
) -> None:
    """Improve cost + price × overfull in place, until no single move helps."""
    n, p, m = len(demand), len(sites), len(room)
    is_open = np.zeros(m, np.bool_)
    is_open[sites] = True
    improved = True
    while improved:
        improved = False
        for i in range(n):
            a = assignment[i]
            q = demand[i]
            relief = price * (_over(load[a] - q, room[a]) - _over(load[a], room[a]))
            best, to = -1e-9, NONE
            for b in sites:
                if b == a or costs[b, i] == np.inf:
                    continue
                change = costs[b, i] - costs[a, i] + relief
                if change < best:
                    change += price * (_over(load[b] + q, room[b]) - _over(load[b], room[b]))
                    if change < best:
                        best, to = change, b
            if to >= 0:
                assignment[i] = to
                load[a] -= q
                load[to] += q
                improved = True
        for i in range(n):
            for k in range(i + 1, n):
                a, b = assignment[i], assignment[k]
                if a == b:
                    continue
                change = costs[b, i] + costs[a, k] - costs[a, i] - costs[b, k]
                apart = demand[k] - demand[i]
                if not change - price * abs(apart) < -1e-9:
                    continue
                change += price * (
                    _over(load[a] + apart, room[a])
                    - _over(load[a], room[a])
                    + _over(load[b] - apart, room[b])
                    - _over(load[b], room[b])
                )
                if change < -1e-9:
                    assignment[i], assignment[k] = b, a
                    load[a] += apart
                    load[b] -= apart
                    improved = True
        for s in range(p):
            a = sites[s]
            if fixed[a]:
                continue
            members = np.flatnonzero(assignment == a)
            now = opening[a] + price * _over(load[a], room[a])
            for member in members:
                now += costs[a, member]
            best, other = now - 1e-9, NONE
            for b in range(m):
                if is_open[b] or not allowed[b]:
                    continue
                total = opening[b] + price * _over(load[a], room[b])
                for member in members:
                    total += costs[b, member]
                    if total >= best:
                        break
                if total < best:
                    best, other = total, b
            if other >= 0:
                assignment[members] = other
                load[other], load[a] = load[a], 0.0
                is_open[a], is_open[other] = False, True
                sites[s] = other
                improved = True


@compiled
def worth(
    costs: Floats,
    demand: Floats,
    room: Floats,
    opening: Floats,
    sites: Ints,
    assignment: Ints,
    price: float,
) -> tuple[float, float]:
    """Give cost + price × overfull, and by how much sites are overfull; loads added anew."""
    load = np.zeros(len(room))
    total, over = 0.0, 0.0
    for i in range(len(demand)):
        load[assignment[i]] += demand[i]
        total += costs[assignment[i], i]
    for j in sites:
        total += opening[j]
        over += _over(load[j], room[j])
    return total + price * over, over


@compiled
def search(
    costs: Floats,
    demand: Floats,
    room: Floats,
    opening: Floats,
    fixed: Mask,
    allowed: Mask,
    fewest: int,
    most: int,
    near: Ints,
    start: Ints,
    rounds: int,
    seed: int,
) -> tuple[float, Ints, Ints]:
    """Give the best answer found from a set of sites: objective, sites, assignment.

    The objective is infinite where none was found that fits.

    Parameters
    ----------
    near
        By demand point, some sites that are near it.
    start
        Sites open at first.
    rounds
        How often the set of sites is varied.
    seed
        Of the variation.
    """
    n, m = len(demand), len(room)
    current = start.copy()
    assignment = np.full(n, NONE, np.int64)
    load = np.zeros(m)
    place(costs, demand, room, current, assignment, load)
    total, over = worth(costs, demand, room, opening, current, assignment, 0.0)
    size = max(demand.sum(), 1e-12)
    price = max(total / size, 1e-9) if total < np.inf else 1.0
    value = np.inf
    for _turn in range(PRICES):
        polish(costs, demand, room, opening, fixed, allowed, current, assignment, load, price)
        value, over = worth(costs, demand, room, opening, current, assignment, price)
        if over == 0.0:
            break
        price *= 1.5
    best, best_sites, best_assignment = np.inf, current.copy(), assignment.copy()
    if over == 0.0:
        best = value
    state = seed
    for _round in range(rounds):
        state = int((state * 1103515245 + 12345) % 2147483648)
        i = int((state >> 8) % n)
        state = int((state * 1103515245 + 12345) % 2147483648)
        kind = (state >> 8) % 3
        state = int((state * 1103515245 + 12345) % 2147483648)
        draw = state >> 8
        count = len(current)
        drop = count > fewest and kind == 0
        add = count < most and kind == 1
        new = NONE
        if not drop:
            for turn in range(near.shape[1]):
                b = near[i, (draw + turn) % near.shape[1]]
                if allowed[b] and not (current == b).any():
                    new = int(b)
                    break
            if new < 0:
                continue
        out = NONE
        if not add:
            # One of the three nearest open sites goes.
            away = np.empty(count)
            for s in range(count):
                away[s] = np.inf if fixed[current[s]] else costs[current[s], i]
            order = ordered(away)
            out = int(order[(draw >> 7) % min(3, count)])
            if fixed[current[out]]:
                continue
        trial = np.empty(count + (new >= 0) - (out >= 0), np.int64)
        if len(trial) == 0:
            continue
        k = 0
        for s in range(count):
            if s != out:
                trial[k] = current[s]
                k += 1
        if new >= 0:
            trial[k] = new
        moved = assignment.copy()
        load[:] = 0.0
        for t in range(n):
            if out >= 0 and moved[t] == current[out]:
                moved[t] = NONE
            else:
                load[moved[t]] += demand[t]
        place(costs, demand, room, trial, moved, load)
        polish(costs, demand, room, opening, fixed, allowed, trial, moved, load, price)
        found, over = worth(costs, demand, room, opening, trial, moved, price)
        if over == 0.0 and found < best:
            best, best_sites, best_assignment = found, trial.copy(), moved.copy()
        if found <= value:
            current, assignment, value = trial, moved, found
        if value < best and _round % 10 == 9:
            # What it stands on does not fit: being overfull is too cheap.
            price *= 1.5
            value, over = worth(costs, demand, room, opening, current, assignment, price)
    return best, best_sites, best_assignment
