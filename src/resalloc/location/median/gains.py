"""What settling a site has done for the bound so far, and which site to settle next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.location.median.relaxation import FREE, IN

if TYPE_CHECKING:
    from resalloc.location.median.relaxation import Node

_LEAST_DOUBT = 0.02


class Gains:
    """Pseudo-costs: how much the bound rose when a site was opened, and when it was closed.

    Bénichou and others (1971). The rise is divided by how far the site was from that
    decision (its share), and averaged over the times it was tried.

    Parameters
    ----------
    sites
        How many there are.
    """

    def __init__(self, sites: int) -> None:
        self._total = np.zeros((2, sites))
        self._count = np.zeros((2, sites))

    def note(self, site: int, node: Node, rise: float) -> None:
        """Take down what settling a site (as `node` has it; −1 for none) did for the bound."""
        if site < 0 or not np.isfinite(rise):
            return
        way = 0 if node.state[site] == IN else 1
        share = float(node.share[site])
        distance = max(1.0 - share if way == 0 else share, _LEAST_DOUBT)
        self._total[way, site] += max(rise, 0.0) / distance
        self._count[way, site] += 1

    def best_branch(self, node: Node) -> int:
        """Give the free site whose two branches should raise the bound most.

        Sites that were never tried count as the average of those that were; at first the site
        whose opening is least clear is taken.
        """
        free = node.state == FREE
        doubt = np.minimum(node.share, 1.0 - node.share)
        open_to_doubt = free & (doubt > _LEAST_DOUBT)
        if not open_to_doubt.any() or not self._count.any():
            return int(np.where(free, doubt, -np.inf).argmax())
        usual = self._total.sum(axis=1) / np.maximum(self._count.sum(axis=1), 1)
        rate = np.where(self._count > 0, self._total / np.maximum(self._count, 1), usual[:, None])
        opened, closed = rate[0] * (1.0 - node.share), rate[1] * node.share
        least = 1e-6 * max(float(usual.max()), 1e-12)
        worth = np.maximum(opened, least) * np.maximum(closed, least)
        return int(np.where(open_to_doubt, worth, -np.inf).argmax())
