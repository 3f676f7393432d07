"""Capacitated siting of whole demand points, proven: branch and bound on Lagrangian bounds.

At every node the prices of :mod:`resalloc.location.capacity.bounds` are improved for a few
steps, and every pairing of a demand point with a site, and every site, that would push the bound
past the best answer is struck out for good. What is left is split on one demand point, whose
mean packing is the most divided: in one branch it is served by the sites near one of those it
is divided between, in the other by the rest. Nodes with the lowest bound come first.

Sources: Ceselli and Righini, "A branch-and-price algorithm for the capacitated p-median
problem", Networks 45 (2005), for the branching on sets of sites; Baldacci, Hadjiconstantinou,
Maniezzo and Mingozzi, "A new method for solving capacitated location problems based on a set
partitioning approach", Computers & Operations Research 29 (2002), for the bound.
"""

from __future__ import annotations

import heapq
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.capacity.bounds import ascend
from resalloc.location.capacity.decisions import pair_bounds
from resalloc.location.capacity.search import search

if TYPE_CHECKING:
    from resalloc.location.capacity.problem import CapacityProblem
    from resalloc.location.costs import Floats, Ints, Mask

ROOT_BLOCKS, ROOT_STEPS, NODE_STEPS = 8, 150, 60
LARGE, NEARLY = 1_000_000, 0.03
"""Costs from which pairings are only struck out once the gap is nearly closed; how nearly."""
STEP_CELLS = 150_000_000
"""Costs looked at between two looks at the clock: about a second."""
NEAR = 8
"""Sites near a demand point that the search may open on its behalf."""
CANDIDATES, TRIAL_STEPS = 4, 12
"""Demand points compared before branching, and steps for each half."""
HEAP_BYTES = 1 << 30
"""Memory of open nodes beyond which the tree is searched depth first."""
ROUNDING = 1e-9
"""Relative improvement of the objective that is arithmetic."""


@dataclass
class Found:
    """The best answer so far and what is proven: mutable, and private to a solve.

    `sites` and `served` (a site for each demand point) are empty while there is none.
    """

    objective: float = np.inf
    bound: float = -np.inf
    sites: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    served: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    finished: bool = False


@dataclass(frozen=True)
class Node:
    """Part of the search space: which pairings and sites are left, and how to split it."""

    left: Floats
    allowed: Mask
    fixed: Mask
    prices: Floats
    point: int
    halves: tuple[Ints, Ints]


@dataclass(frozen=True)
class _Packed:
    """A node in little memory."""

    bits: bytes
    node: Node


class Tree:
    """One branch and bound."""

    def __init__(self, problem: CapacityProblem, deadline: float, gap: float) -> None:
        self.problem = problem
        self.deadline = deadline
        self.gap = gap
        self.step = problem.steps
        self.found = Found()
        self.near = np.ascontiguousarray(
            np.argsort(problem.costs.T, axis=1, kind="stable")[:, :NEAR]
        )
        self.seed = 0
        self.rounds = int(np.clip(3e7 / len(problem.demand) ** 2, 5, 300))
        self.worst = worst_case(problem)
        self.unstruck = -np.inf

    @property
    def cutoff(self) -> float:
        """Bounds above this hold nothing worth finding."""
        best = self.found.objective
        if not np.isfinite(best):
            return self.worst
        closer = max(ROUNDING, self.gap) * max(abs(best), 1e-12)
        if self.step and self.gap <= ROUNDING:
            closer = max(closer, self.step - 1e-6)
        return best - closer

    @property
    def late(self) -> bool:
        """Whether time is up."""
        return time.perf_counter() > self.deadline

    def try_sites(self, sites: Ints, rounds: int) -> None:
        """Look for a better answer from some sites."""
        p = self.problem
        if len(sites) < p.fewest:
            return
        self.seed += 1
        value, chosen, served = search(
            p.costs,
            p.demand,
            p.room,
            p.opening,
            p.fixed,
            p.allowed,
            p.fewest,
            p.most,
            self.near,
            sites,
            rounds,
            self.seed,
        )
        if value < self.found.objective:
            self.found.objective = p.value(chosen, served)
            self.found.sites, self.found.served = np.sort(chosen), served

    def bounded(
        self, left: Floats, allowed: Mask, fixed: Mask, prices: Floats, steps: int, scale: float
    ) -> tuple[float, Floats, Ints, Floats]:
        """Give bound, prices, sites and mean packing of what is left."""
        p = self.problem
        best = self.found.objective
        target = best if np.isfinite(best) else 1.05 * float(prices.sum()) + 1.0
        bound, prices, chosen, mean, _scale = ascend(
            left,
            p.demand,
            p.room,
            p.opening,
            fixed,
            allowed,
            p.fewest,
            p.most,
            True,
            prices,
            float(target),
            float(self.cutoff),
            steps,
            float(scale),
            20 if steps > NODE_STEPS else 10,
        )
        return bound, prices, chosen, mean

    def strike(
        self, left: Floats, allowed: Mask, fixed: Mask, prices: Floats
    ) -> tuple[Floats, Mask, Mask]:
        """Give what is left once everything above the cutoff is struck out."""
        p, cutoff = self.problem, self.cutoff
        if_open, if_closed, if_served = pair_bounds(
            left,
            p.demand,
            p.room,
            p.opening,
            fixed,
            allowed,
            p.fewest,
            p.most,
            True,
            prices,
            float(cutoff),
        )
        left = np.where(if_served > cutoff, np.inf, left)
        allowed = allowed & ~(if_open > cutoff)
        return left, allowed, fixed | ((if_closed > cutoff) & allowed)

    def root(self) -> tuple[float, Floats, Mask, Mask, Floats, Floats] | None:
        """Give the root node with its bound, or None where it is settled or time is up."""
        p = self.problem
        left, allowed, fixed = p.costs, p.allowed, p.fixed
        finite = np.sort(np.where(np.isfinite(left), left, np.inf), axis=0)
        prices = np.ascontiguousarray(finite[0])
        second = finite[min(2, len(finite) - 1)]
        prices = np.where(np.isfinite(second), 1.5 * second, 2 * prices + 1.0)
        bound, prices, chosen, mean = self.bounded(left, allowed, fixed, prices, 60, 1.0)
        self.found.bound = bound
        self.try_sites(chosen, self.rounds)
        steps = int(np.clip(STEP_CELLS // left.size, 15, ROOT_STEPS))
        blocks = ROOT_BLOCKS * ROOT_STEPS // steps
        for block in range(blocks):
            if self.late:
                return None
            scale = 1.0 if block < blocks // 3 else 0.3
            before = bound
            reached, prices, chosen, mean = self.bounded(left, allowed, fixed, prices, steps, scale)
            bound = max(bound, reached)
            if left is p.costs:
                # Holds whatever is struck out later.
                self.unstruck = bound
            self.found.bound = min(bound, self.found.objective)
            if bound > self.cutoff:
                return None
            self.try_sites(chosen, self.rounds)
            self.try_sites(self.found.sites, self.rounds)
            if bound > self.cutoff:
                return None
            if left.size > LARGE and bound < (1 - NEARLY) * self.found.objective:
                # So far from the best answer little would be struck out, and slowly.
                continue
            left, allowed, fixed = self.strike(left, allowed, fixed, prices)
            if not np.isfinite(left).any(axis=0).all():
                return None
            if block > blocks // 3 and bound - before < 1e-3 * (self.found.objective - bound):
                break
        return bound, left, allowed, fixed, prices, mean

    def solve(self) -> Found:
        """Give the best answer and its bound; `finished` says that nothing was left open."""
        root = self.root()
        if root is None:
            self.found.finished = not self.late or self.found.bound > self.cutoff
            if self.found.finished:
                self.found.bound = self.cutoff_bound()
            return self.found
        bound, left, allowed, fixed, prices, mean = root
        heap: list[tuple[float, int, _Packed]] = []
        deep: list[tuple[float, int, _Packed]] = []
        count = 0
        first = self.split(left, allowed, fixed, prices, mean)
        if first is not None:
            heap.append((bound, 0, self.packed(first)))
        size = left.size // 8 + 16 * left.shape[1] + 200
        while (heap or deep) and not self.late:
            bound, _, packed = deep.pop() if deep else heapq.heappop(heap)
            if bound > self.cutoff:
                continue
            node = self.unpacked(packed)
            for half in node.halves:
                child = self.child(node, half, bound)
                if child is None:
                    continue
                count += 1
                entry = (child[0], count, self.packed(child[1]))
                if len(heap) * size > HEAP_BYTES:
                    deep.append(entry)
                else:
                    heapq.heappush(heap, entry)
        open_bounds = [entry[0] for entry in (*heap, *deep)]
        self.found.finished = not open_bounds
        self.found.bound = min([*open_bounds, self.cutoff_bound()])
        return self.found

    def cutoff_bound(self) -> float:
        """Give what is proven once nothing is left: the objective, less the gap asked for."""
        best = self.found.objective
        return best if self.gap <= ROUNDING else min(best, max(self.cutoff, self.unstruck))

    def child(self, node: Node, struck: Ints, bound: float) -> tuple[float, Node] | None:
        """Give half of a node, or None where it holds nothing better."""
        left, allowed, fixed, prices = node.left.copy(), node.allowed, node.fixed, node.prices
        left[struck, node.point] = np.inf
        for _turn in range(2):
            reached, prices, chosen, mean = self.bounded(
                left, allowed, fixed, prices, NODE_STEPS, 0.3
            )
            bound = max(bound, reached)
            if bound > self.cutoff:
                return None
            before = int(np.isfinite(left).sum())
            left, allowed, fixed = self.strike(left, allowed, fixed, prices)
            if not np.isfinite(left).any(axis=0).all():
                return None
            if np.isfinite(left).sum() > 0.9 * before:
                break
        self.seed += 1
        if self.seed % 10 == 0 or not np.isfinite(self.found.objective):
            self.try_sites(chosen, max(5, self.rounds // 15))
        split = self.split(left, allowed, fixed, prices, mean)
        return None if split is None else (bound, split)

    def split(
        self, left: Floats, allowed: Mask, fixed: Mask, prices: Floats, mean: Floats
    ) -> Node | None:
        """Give the node with its branching, or None where all points have one site left."""
        choice = np.isfinite(left)
        open_to = choice.sum(axis=0)
        if (open_to == 1).all():
            self.settle(choice.argmax(axis=0), allowed, fixed)
            return None
        shares = np.where(choice, mean, 0.0)
        shares = shares / np.maximum(shares.sum(axis=0), 1e-12)
        divided = np.where(open_to > 1, 1 - (shares**2).sum(axis=0), -1.0)
        likely = [int(i) for i in np.argsort(-divided, kind="stable")[:CANDIDATES]]
        halves = {i: self.halves(i, choice[:, i], shares[:, i]) for i in likely if open_to[i] > 1}
        promise = {}
        for i, pair in halves.items():
            ends = []
            for struck in pair:
                trial = left.copy()
                trial[struck, i] = np.inf
                ends.append(self.bounded(trial, allowed, fixed, prices, TRIAL_STEPS, 0.3)[0])
            now = min(ends)
            promise[i] = 0.7 * now + 0.3 * max(ends)
        point = max(promise, key=lambda i: (promise[i], -i))
        return Node(left, allowed, fixed, prices, point, halves[point])

    def halves(self, point: int, choice: Mask, share: Floats) -> tuple[Ints, Ints]:
        """Give the sites left to a point in two halves, each of sites that cost alike."""
        sites = np.flatnonzero(choice)
        apart = self.between(sites)
        one = int(share[sites].argmax())
        reach = share[sites] * apart[one]
        other = int(reach.argmax()) if reach.max() > 0 else int(apart[one].argmax())
        near = apart[one] <= apart[other]
        if near.all():
            near = np.arange(len(sites)) == one
        return sites[~near], sites[near]

    def between(self, sites: Ints) -> Floats:
        """Give how differently some sites cost, pair by pair."""
        table = self.problem.costs[sites]
        sample = table[:, :: max(1, table.shape[1] // 64)]
        known = np.where(np.isfinite(sample), sample, 0.0)
        return np.asarray(np.abs(known[:, None, :] - known[None, :, :]).sum(axis=2))

    def settle(self, served: Ints, allowed: Mask, fixed: Mask) -> None:
        """Keep the only assignment left, if it fits and is better."""
        p = self.problem
        load = np.bincount(served, p.demand, len(p.capacity))
        used = np.unique(np.concatenate([served, np.flatnonzero(fixed)]))
        spare = np.setdiff1d(np.flatnonzero(allowed), used)
        spare = spare[np.argsort(p.opening[spare], kind="stable")][: max(0, p.fewest - len(used))]
        sites = np.sort(np.concatenate([used, spare]))
        if (load > p.room).any() or not p.fewest <= len(sites) <= p.most:
            return
        value = p.value(sites, served)
        if value < self.found.objective:
            self.found.objective, self.found.sites, self.found.served = value, sites, served

    def packed(self, node: Node) -> _Packed:
        """Give a node without its table of costs."""
        bits = np.packbits(np.isfinite(node.left)).tobytes()
        bare = Node(np.empty(0), node.allowed, node.fixed, node.prices, node.point, node.halves)
        return _Packed(bits, bare)

    def unpacked(self, packed: _Packed) -> Node:
        """Give a node back with its table."""
        costs, node = self.problem.costs, packed.node
        bits = np.frombuffer(packed.bits, dtype=np.uint8)
        kept = np.unpackbits(bits, count=costs.size).reshape(costs.shape).astype(bool)
        left = np.where(kept, costs, np.inf)
        return Node(left, node.allowed, node.fixed, node.prices, node.point, node.halves)


def worst_case(problem: CapacityProblem) -> float:
    """Give more than any answer can cost: a bound beyond it proves that there is none."""
    known = np.where(np.isfinite(problem.costs), problem.costs, 0.0)
    dearest = np.sort(problem.opening[problem.allowed])[::-1][: problem.most]
    return float((known.max(axis=0).sum() + dearest.sum()) * (1 + 1e-6) + 1e-6)
