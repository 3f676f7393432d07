"""The tree over what the bounds at the root leave undecided."""

from __future__ import annotations

import heapq
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.median.gains import Gains
from resalloc.location.median.kicks import kicked
from resalloc.location.median.problem import Best, Median
from resalloc.location.median.relaxation import (
    IN,
    OUT,
    PRUNED,
    SETTLED,
    Node,
    Relaxed,
    relaxed,
)
from resalloc.location.median.root import WORTH_TRYING, tried_out

if TYPE_CHECKING:
    from resalloc.location.costs import Ints
    from resalloc.location.median.neighbours import Neighbours

_STEPS = 60
_TOGETHER = 4
"""Nodes relaxed side by side. It does not depend on the machine, so neither does the answer."""
_KICKS_AFTER, _EFFORT = 256, 2e8
"""After so many nodes without a proof, so much effort goes into better answers; where it is in
vain, the next time after twice as many."""
_NOWHERE = -1
_BANDS = 20
"""Parts whose bounds lie in one band, or one step, are explored depth first, so that answers
are met early; between bands the weakest bound goes first."""


def search(
    median: Median,
    lists: Neighbours,
    beyond: float,
    top: Node,
    bound: float,
    best: Best,
    alive: Ints,
    most: int | None,
) -> tuple[Best, float, int]:
    """Explore the tree, the weakest bound first; give the best set, what is open, the nodes."""
    inner = Best(np.flatnonzero(np.isin(alive, best.sites)), best.payment)
    width = max(median.step, (best.payment - bound) / _BANDS)
    queue: list[tuple[int, int, float, Node, int]] = [(0, 0, bound, top, _NOWHERE)]
    made = nodes = 0
    tried: set[bytes] = set()
    next_kicks, wait, turn = _KICKS_AFTER, _KICKS_AFTER, 0
    everywhere = np.ones(lists.sites, dtype=bool)
    gains = Gains(lists.sites)

    def look(item: tuple[int, int, float, Node, int]) -> Relaxed:
        first = item[1] == 0
        return relaxed(
            lists, item[3], median.p, inner.payment, median.cutoff(inner.payment),
            steps=4 * _STEPS if first else _STEPS, length=1.0 if first else 0.3,
        )  # fmt: skip

    with ThreadPoolExecutor(min(_TOGETHER, os.cpu_count() or 1)) as pool:
        while queue and nodes < (most or np.inf) and inner.payment > median.enough:
            if time.perf_counter() > median.deadline:
                break
            batch = [heapq.heappop(queue) for _ in range(min(_TOGETHER, len(queue)))]
            batch = [item for item in batch if item[2] <= median.cutoff(inner.payment)]
            nodes += len(batch)
            for item, found in zip(batch, pool.map(look, batch), strict=True):
                gains.note(item[4], item[3], found.bound - item[2])
                if found.end == SETTLED:
                    inner = inner.or_better(median, np.flatnonzero(found.sites))
                    continue
                inner = tried_out(median, lists, beyond, inner, found, tried, WORTH_TRYING)
                low = max(item[2], found.bound)
                if found.end == PRUNED or low > median.cutoff(inner.payment):
                    continue
                node = _stored(found.node)
                j = gains.best_branch(node)
                band = int((low - bound) / width)
                for value in (OUT, IN) if node.share[j] >= 0.5 else (IN, OUT):
                    made += 1
                    heapq.heappush(queue, (band, -made, low, node.settled(j, value), j))
            if nodes >= next_kicks:
                turn += 1
                better = kicked(median, lists, inner, everywhere, beyond, _EFFORT, turn)
                wait = _KICKS_AFTER if better.payment < inner.payment else 2 * wait
                next_kicks, inner = nodes + wait, better
    left = min((item[2] for item in queue), default=np.inf)
    if inner.payment < best.payment:
        best = Best(np.sort(alive[inner.sites]), inner.payment)
    return best, left, nodes


def _stored(node: Node) -> Node:
    """Give the node in half the memory: many wait in the queue."""
    return Node(node.state, node.price.astype(np.float32), node.share.astype(np.float32))
