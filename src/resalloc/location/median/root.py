"""Before any branching: a first answer, bounds, and answers the bounds lead to."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.median.interchange import improved, two_nearest
from resalloc.location.median.problem import Best, Median
from resalloc.location.median.relaxation import (
    FREE,
    IN,
    OPEN_QUESTION,
    PRUNED,
    SETTLED,
    Node,
    Relaxed,
    States,
    relaxed,
)

if TYPE_CHECKING:
    from resalloc.location.costs import Ints, Mask
    from resalloc.location.median.neighbours import Neighbours

_PATIENCE, _STEPS, _ROUNDS = 20, 5, 30
_LEAST_LENGTH = 1e-3
_PROGRESS = 0.01
"""A round that closes less of the gap than this is the last."""
_DIVE_STEPS = 40
_ROOT_WORTH_TRYING, WORTH_TRYING = 1.013, 1.003
"""Sites met on the way are improved by swaps if they cost at most this times the best."""


def beyond_all(lists: Neighbours) -> float:
    """Give a payment larger than any set that serves everybody can have."""
    finite = np.where(np.isfinite(lists.pay), lists.pay, 0.0).max(axis=1)
    return float(finite.sum()) * 2 + 1.0


def first_answer(median: Median, lists: Neighbours, beyond: float, start: Ints | None) -> Best:
    """Give a first set of sites no swap improves."""
    m = lists.sites
    if start is None:
        deep = min(lists.pay.shape[1] - 1, max(1, m // median.p // 2))
        price = np.where(np.isfinite(lists.pay[:, deep]), lists.pay[:, deep], lists.pay[:, 0])
        node = Node(_fixed(median), price, np.zeros(m))
        look = relaxed(lists, node, median.p, np.inf, np.inf, steps=1, length=0.0)
        is_open = _filled(look.sites, median)
    else:
        is_open = np.zeros(m, dtype=bool)
        is_open[start] = True
    better, _ = improved(lists, is_open, median.fixed, beyond)
    first = np.flatnonzero(better)
    best = Best(first, median.payment(first))
    return best if start is None else best.or_better(median, np.asarray(start))


def first_node(median: Median, lists: Neighbours, best: Best) -> Node:
    """Give the prices to start from: midway between everybody's two cheapest open sites."""
    is_open = np.zeros(lists.sites, dtype=bool)
    is_open[best.sites] = True
    _, near, second = two_nearest(lists.site, lists.pay, is_open, np.inf)
    deepest = np.where(np.isfinite(lists.pay), lists.pay, 0.0).max(axis=1)
    price = (np.minimum(near, deepest) + np.minimum(second, deepest)) / 2
    return Node(_fixed(median), price, np.full(lists.sites, median.p / lists.sites))


def raise_bound(
    median: Median,
    lists: Neighbours,
    beyond: float,
    node: Node,
    best: Best,
    *,
    length: float,
    patience: int = _PATIENCE,
) -> tuple[Relaxed, Best]:
    """Raise the bound without branching, trying the sites it opens as answers.

    The more patience before steps are shortened, the nearer the bound comes to the best
    such bound there is, and the longer it takes.
    """
    bound = 0.0
    tried: set[bytes] = set()
    for _ in range(_ROUNDS):
        found = relaxed(
            lists, node, median.p, best.payment, median.cutoff(best.payment),
            steps=patience * _STEPS, length=length, patience=patience, least_length=_LEAST_LENGTH,
        )  # fmt: skip
        node, length = found.node, found.length
        if found.end == SETTLED:
            best = best.or_better(median, np.flatnonzero(found.sites))
            return replace(found, end=PRUNED), best
        best = tried_out(median, lists, beyond, best, found, tried, _ROOT_WORTH_TRYING)
        gained, bound = found.bound - bound, max(bound, found.bound)
        if found.end == PRUNED or bound > median.cutoff(best.payment):
            return replace(found, bound=bound, end=PRUNED), best
        stuck = gained < _PROGRESS * (best.payment - bound) or length < _LEAST_LENGTH
        if stuck or best.payment <= median.enough or time.perf_counter() > median.deadline:
            break
    return replace(found, bound=bound), best


def dive(median: Median, lists: Neighbours, beyond: float, node: Node, best: Best) -> Best:
    """Open the sites the bound opens most often, a few at a time, until all are settled."""
    while True:
        found = relaxed(
            lists, node, median.p, best.payment, np.inf, steps=_DIVE_STEPS, length=0.2
        )  # fmt: skip
        node = found.node
        to_open = median.p - int((node.state == IN).sum())
        if found.end != OPEN_QUESTION or to_open <= 0:
            break
        free = np.flatnonzero(node.state == FREE)
        likely = free[np.argsort(-node.share[free], kind="stable")][: max(1, to_open // 4)]
        always = np.arange(len(likely)) < max(1, to_open // 20)
        node = node.settled(likely[(node.share[likely] > 0.9) | always], IN)
    is_open = found.sites
    if int(is_open.sum()) != median.p:
        is_open = _filled(node.state == IN, median)
    better, _ = improved(lists, is_open, median.fixed, beyond)
    return best.or_better(median, np.flatnonzero(better))


def tried_out(
    median: Median,
    lists: Neighbours,
    beyond: float,
    best: Best,
    found: Relaxed,
    tried: set[bytes],
    within: float,
) -> Best:
    """Give the better of the best set and one met on the way, improved by swaps."""
    if not found.reached < best.payment * within or int(found.sites.sum()) != median.p:
        return best
    key = np.packbits(found.sites).tobytes()
    if key in tried:
        return best
    tried.add(key)
    better, _ = improved(lists, found.sites, median.fixed, beyond)
    return best.or_better(median, np.flatnonzero(better))


def _fixed(median: Median) -> States:
    return np.where(median.fixed, IN, FREE).astype(np.int8)


def _filled(is_open: Mask, median: Median) -> Mask:
    """Give exactly p open sites where there are fewer: the first closed ones besides."""
    chosen = is_open | median.fixed
    closed = np.flatnonzero(~chosen)[: max(0, median.p - int(chosen.sum()))]
    chosen[closed] = True
    return np.asarray(chosen)
