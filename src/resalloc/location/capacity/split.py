"""Capacitated siting where demand may be split between sites, proven by a mixed-integer program.

Lagrangian bounds first close the sites that no better answer can use, and open those that every
better answer must; what is left goes to the solver in the strong formulation (a share may not
exceed the site's opening), with the fewest sites that can hold all demand as one more row.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.location.capacity.bounds import ascend
from resalloc.location.capacity.decisions import pair_bounds
from resalloc.location.capacity.search import search
from resalloc.location.capacity.tree import NEAR, ROUNDING, Found, worst_case
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.capacity.problem import CapacityProblem
    from resalloc.location.costs import Floats, Ints, Mask

BLOCKS, STEPS = 6, 100
TINY = 1e-9
"""Share of a demand point that is arithmetic, not service."""


def shares(problem: CapacityProblem, sites: Ints, seconds: float) -> tuple[float, Floats] | None:
    """Give the cheapest way to serve everybody from the open sites, or None if there is none.

    Returns
    -------
    tuple of float and Floats
        Objective, and the share of each point of `people` by each of `sites`.
    """
    table = problem.costs[sites].T
    n, k = table.shape
    part = np.zeros((n, k))
    if k == 0:
        return None
    if (problem.room[sites] >= problem.demand.sum()).all():
        if not np.isfinite(table).any(axis=1).all():
            return None
        part[np.arange(n), table.argmin(axis=1)] = 1.0
    else:
        every = np.ones(k, dtype=bool)
        model, who, where = _program(problem, sites, table.T, every, decide=False)
        answer = solve_with_highs(model, seconds)
        if answer.status is not Status.OPTIMAL or answer.x is None:
            return None
        part[who, where] = answer.x[: len(who)]
        part[part < TINY] = 0.0
        part /= part.sum(axis=1, keepdims=True)
    paid = (part * np.where(part > 0, table, 0.0)).sum()
    return float(paid + problem.opening[sites].sum()), part


def solve_split(problem: CapacityProblem, deadline: float, gap: float) -> tuple[Found, Floats]:
    """Give the best answer, what is proven, and the shares by site of `found.sites`."""
    search_for = _Split(problem, deadline, gap)
    search_for.run()
    return search_for.found, search_for.part


class _Split:
    """One solve."""

    def __init__(self, problem: CapacityProblem, deadline: float, gap: float) -> None:
        self.problem, self.deadline, self.gap = problem, deadline, gap
        self.found = Found()
        self.part: Floats = np.empty((len(problem.demand), 0))
        self.allowed, self.fixed = problem.allowed, problem.fixed
        self.worst = worst_case(problem)

    @property
    def left(self) -> float:
        return self.deadline - time.perf_counter()

    @property
    def cutoff(self) -> float:
        best = self.found.objective
        if not np.isfinite(best):
            return self.worst
        return best - max(ROUNDING, self.gap) * max(abs(best), 1e-12)

    def try_sites(self, sites: Ints) -> None:
        """Keep the best answer these sites give, if it is better."""
        sites = np.sort(sites)
        if not self.problem.fewest <= len(sites) <= self.problem.most:
            return
        served = shares(self.problem, sites, max(self.left, 1.0))
        if served is not None and served[0] < self.found.objective:
            self.found.objective, self.found.sites = served[0], sites
            self.part = served[1]

    def run(self) -> None:
        """Bound, close sites, and leave the rest to the solver."""
        if self.bounded():
            self.found.finished = True
            self.found.bound = self.proven()
            return
        if self.left <= 0:
            return
        model, who, _where = self.model()
        answer = solve_with_highs(model, self.left, max(self.gap, 1e-9))
        if answer.x is not None:
            y = answer.x[len(who) :]
            self.try_sites(np.flatnonzero(self.allowed)[y > 0.5])
        if answer.status is Status.INFEASIBLE:
            self.found.finished, self.found.bound = True, self.proven()
        elif answer.status in (Status.OPTIMAL, Status.FEASIBLE):
            # What was struck out costs at least the cutoff; the rest at least the solver's bound.
            solver = answer.bound if np.isfinite(answer.bound) else self.found.bound
            self.found.bound = max(
                self.found.bound, min(solver, self.proven(), self.found.objective)
            )
            held = self.found.objective <= answer.objective + 1e-6 * abs(answer.objective)
            self.found.finished = answer.status is Status.OPTIMAL and held

    def proven(self) -> float:
        """Give what is proven of everything that was struck out."""
        best = self.found.objective
        return best if self.gap <= ROUNDING else min(best, self.cutoff)

    def bounded(self) -> bool:
        """Close and open sites by their bounds; True once nothing better is left."""
        p = self.problem
        finite = np.sort(p.costs, axis=0)
        second = finite[min(1, len(finite) - 1)]
        prices = np.where(np.isfinite(second), second, finite[0] + 1.0)
        near = np.ascontiguousarray(np.argsort(p.costs.T, axis=1, kind="stable")[:, :NEAR])
        rounds = int(np.clip(3e7 / len(p.demand) ** 2, 5, 100))
        for block in range(BLOCKS):
            if self.left <= 0:
                return False
            best = self.found.objective
            target = best if np.isfinite(best) else 1.2 * float(prices.sum()) + 1.0
            bound, prices, chosen, _mean, _scale = ascend(
                p.costs, p.demand, p.room, p.opening, self.fixed, self.allowed,
                p.fewest, p.most, False, prices, float(target), float(self.cutoff), STEPS,
                1.0 if block < 3 else 0.3, 20,
            )  # fmt: skip
            self.found.bound = min(max(self.found.bound, bound), self.found.objective)
            if bound > self.cutoff:
                return True
            if len(chosen) >= p.fewest:
                _value, sites, _served = search(
                    p.costs, p.demand, p.room, p.opening, p.fixed, p.allowed,
                    p.fewest, p.most, near, chosen, rounds, block + 1,
                )  # fmt: skip
                self.try_sites(sites)
            if_open, if_closed, _pairs = pair_bounds(
                p.costs, p.demand, p.room, p.opening, self.fixed, self.allowed,
                p.fewest, p.most, False, prices, -np.inf,
            )  # fmt: skip
            self.allowed = self.allowed & ~(if_open > self.cutoff)
            self.fixed = self.fixed | ((if_closed > self.cutoff) & self.allowed)
            if not self.allowed.any() or (self.fixed.sum() > p.most):
                return True
        return False

    def model(self) -> tuple[LinearModel, Ints, Ints]:
        """Give what is left as a mixed-integer program."""
        p = self.problem
        sites = np.flatnonzero(self.allowed)
        table = p.costs[sites].copy()
        endless = bool((p.room[sites] >= p.demand.sum()).all())
        if endless and self.fixed.any():
            # Nobody goes further than to a site that is open in any case.
            nearest = p.costs[self.fixed].min(axis=0)
            table[(table > nearest[None, :]) & ~self.fixed[sites][:, None]] = np.inf
        return _program(p, sites, table, self.fixed[sites], decide=True)


def _program(
    problem: CapacityProblem, sites: Ints, table: Floats, must: Mask, *, decide: bool
) -> tuple[LinearModel, Ints, Ints]:
    """Give the program over some sites: a share for each finite pair, then their openings.

    Returns
    -------
    tuple of LinearModel, Ints and Ints
        The program, and for each share its demand point and its place in `sites`.

    Parameters
    ----------
    table
        Sites × people, infinite where a pair is not to be used.
    must
        By site of `sites`: open in any case.
    decide
        Whether there is anything to open: otherwise a transportation problem.
    """
    where, who = np.nonzero(np.isfinite(table))
    n, k, pairs = table.shape[1], len(sites), len(who)
    at, opens = np.arange(pairs), pairs + np.arange(k)
    width = pairs + k
    holds, demand = problem.capacity[sites], problem.demand
    whole = sparse.csr_array((np.ones(pairs), (who, at)), (n, width))
    rows = [(whole, np.ones(n), np.ones(n))]
    full = holds < demand.sum()
    held = sparse.csr_array(
        (np.r_[demand[who], -holds], (np.r_[where, np.arange(k)], np.r_[at, opens])), (k, width)
    )[np.flatnonzero(full)]
    rows.append((held, np.full(int(full.sum()), -np.inf), np.zeros(int(full.sum()))))
    if decide:
        link = sparse.csr_array(
            (np.r_[np.ones(pairs), -np.ones(pairs)], (np.r_[at, at], np.r_[at, pairs + where])),
            (pairs, width),
        )
        rows.append((link, np.full(pairs, -np.inf), np.zeros(pairs)))
        count = sparse.csr_array((np.ones(k), (np.zeros(k, dtype=int), opens)), (1, width))
        rows.append((count, np.array([float(problem.fewest)]), np.array([float(problem.most)])))
        if full.any():
            enough = sparse.csr_array((holds, (np.zeros(k, dtype=int), opens)), (1, width))
            rows.append((enough, np.array([demand.sum() * (1 - 1e-9)]), np.array([np.inf])))
    lower = np.concatenate([np.zeros(pairs), np.where(must, 1.0, 0.0)])
    integer = np.concatenate([np.zeros(pairs, dtype=bool), np.full(k, decide)])
    cost = np.concatenate([table[where, who], problem.opening[sites]])
    model = LinearModel.stacked(lower, np.ones(width), integer, rows).with_cost(cost)
    return model, who, where
