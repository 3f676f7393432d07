"""The p-median to a proof: bounds at the root, a tree, and a small model for what is left."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.median.kicks import kicked
from resalloc.location.median.neighbours import Neighbours, neighbours
from resalloc.location.median.problem import Best, Median, Proof
from resalloc.location.median.radius_model import farthest, radius_model
from resalloc.location.median.relaxation import IN, OPEN_QUESTION, OUT, PRUNED, Node, Relaxed
from resalloc.location.median.root import (
    beyond_all,
    dive,
    first_answer,
    first_node,
    raise_bound,
)
from resalloc.location.median.tree import search
from resalloc.milp.highs import solve_with_highs
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Ints

_LONG_STEPS, _SHORT_STEPS = 1.5, 0.3
_FIRST_NODES = 200
"""Nodes the tree may take before a small model goes to the solver instead."""
_ROUNDS_OF_KICKS, _EFFORT, _PATIENCE = 4, 4e8, 100
_LARGEST_MODEL = 200_000
"""Sites all demand points have to look at, of a model the solver is quicker with than the tree."""
_PAYS = 0.1
"""Share of the gap that the first nodes have to close for the tree to go on in any case."""
_LONGEST_S = 1e7


def prove(median: Median, start: Ints | None = None) -> Proof:
    """Give the cheapest p sites and a bound that proves it, or how far it got in the time.

    Parameters
    ----------
    median
        The problem; at least one set of p sites serves everybody.
    start
        A set of p sites to start from.
    """
    m = len(median.fixed)
    if median.p >= m:
        payment = median.payment(np.arange(m))
        return Proof(np.arange(m), payment, payment, 0, True)
    lists = neighbours(median.costs, median.weights, np.arange(m), median.p)
    beyond = beyond_all(lists)
    best = first_answer(median, lists, beyond, start)
    if best.payment <= max(0.0, median.enough):
        return Proof(best.sites, best.payment, min(0.0, best.payment), 0, True)
    node = first_node(median, lists, best)
    root, best = raise_bound(median, lists, beyond, node, best, length=_LONG_STEPS)
    root, best = _with_dives(median, lists, beyond, root, best)
    best, undecided, nodes = _by_tree(median, root, beyond, best, _FIRST_NODES)
    branching_pays = undecided - root.bound > _PAYS * (best.payment - root.bound)
    for _ in range(_ROUNDS_OF_KICKS):
        if undecided == np.inf or _over(median, best):
            break
        allowed = root.node.state != OUT
        allowed[best.sites] = True
        better = kicked(median, lists, best, allowed, beyond, _EFFORT)
        found = better.payment < best.payment
        root, best = raise_bound(
            median, lists, beyond, root.node, better, length=_SHORT_STEPS, patience=_PATIENCE
        )
        undecided = max(undecided, root.bound)
        if root.end == PRUNED or undecided > median.cutoff(best.payment):
            undecided = np.inf
        if not found:
            break
    if undecided < np.inf and not _over(median, best):
        finish = _by_tree if branching_pays else _by_model_or_tree
        best, last, more = finish(median, root, beyond, best)
        undecided, nodes = max(undecided, last), nodes + more
    proven = median.bound(best.payment, undecided)
    return Proof(best.sites, best.payment, proven, nodes, undecided == np.inf)


def _over(median: Median, best: Best) -> bool:
    """Say whether to stop: time is up, or the answer is good enough."""
    return best.payment <= median.enough or time.perf_counter() > median.deadline


def _with_dives(
    median: Median, lists: Neighbours, beyond: float, root: Relaxed, best: Best
) -> tuple[Relaxed, Best]:
    """Dive for better answers while that helps; each lets the bounds settle more sites."""
    while root.end == OPEN_QUESTION and not _over(median, best):
        better = dive(median, lists, beyond, root.node, best)
        if not better.payment < best.payment:
            break
        again, best = raise_bound(median, lists, beyond, root.node, better, length=_SHORT_STEPS)
        root = replace(again, bound=max(again.bound, root.bound))
    return root, best


def _inside(median: Median, node: Node) -> tuple[Median, Node, Ints]:
    """Give the problem and the node without the sites that are settled to stay closed."""
    alive = np.flatnonzero(node.state != OUT)
    inner = replace(median, costs=median.costs.only(alive), fixed=node.state[alive] == IN)
    return inner, Node(node.state[alive], node.price, node.share[alive]), alive


def _by_tree(
    median: Median, root: Relaxed, beyond: float, best: Best, most: int | None = None
) -> tuple[Best, float, int]:
    """Branch, up to so many nodes; give the best set, what is undecided, the nodes."""
    if root.end == PRUNED or root.bound > median.cutoff(best.payment):
        return best, np.inf, 0
    if _over(median, best):
        return best, root.bound, 0
    inner, top, alive = _inside(median, root.node)
    lists = neighbours(inner.costs, inner.weights, np.arange(len(alive)), inner.p)
    return search(inner, lists, beyond, top, root.bound, best, alive, most)


def _by_model_or_tree(
    median: Median, root: Relaxed, beyond: float, best: Best
) -> tuple[Best, float, int]:
    """Finish: by the solver where nobody has to look far for a site, else by the tree."""
    inner, top, alive = _inside(median, root.node)
    lists = neighbours(inner.costs, inner.weights, np.arange(len(alive)), 1)
    look = farthest(
        lists.site, lists.pay, top.state, top.price, inner.p, inner.cutoff(best.payment)
    )
    if look.sum() > _LARGEST_MODEL:
        return _by_tree(median, root, beyond, best)
    model = radius_model(lists, look, top.state, inner.p)
    seconds = min(median.deadline - time.perf_counter(), _LONGEST_S)
    answer = solve_with_highs(model.model, seconds, median.gap)
    if answer.x is not None:
        sites = np.flatnonzero(answer.x[: len(alive)] > 0.5)
        if len(sites) == median.p:
            best = best.or_better(median, alive[sites])
    bound = answer.bound + model.constant if np.isfinite(answer.bound) else root.bound
    closed = answer.status is Status.INFEASIBLE or bound > median.cutoff(best.payment)
    return best, np.inf if closed else bound, 0
