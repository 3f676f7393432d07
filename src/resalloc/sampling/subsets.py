"""Exactly p of the sites open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, did_you_mean
from resalloc.problem.scenario import Batch, Factor
from resalloc.sampling.design import BLOCK, check_rows, name_faults, refuse, size_faults

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats


@dataclass(frozen=True)
class Subsets:
    """Scenarios that open exactly `p` of the sites, every such choice as likely.

    Sites get random numbers and those with the p smallest open: simple random sampling
    without replacement. The same choice may come more than once.

    Parameters
    ----------
    sites
        Names of the sites.
    p
        Sites open in all.
    size
        Number of scenarios.
    seed
        The same seed gives the same scenarios.
    fixed
        Sites that are always open; they count within `p`.

    Raises
    ------
    InputError
        `p` does not lie between the fixed sites and all sites, a fixed site is not among the
        sites, a site is named twice, or the size or the seed cannot be used.

    Examples
    --------
    >>> design = Subsets(("A", "B", "C", "D"), p=2, size=1000, seed=7, fixed=("A",))
    >>> batch = design.rows(0, 1000)
    >>> set(batch.values.sum(axis=1).tolist()), batch.of("site[A]").min()
    ({2.0}, np.float64(1.0))
    """

    sites: tuple[str, ...]
    p: int
    size: int
    seed: int = 0
    fixed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "sites", tuple(self.sites))
        object.__setattr__(self, "fixed", tuple(dict.fromkeys(self.fixed)))
        faults = [*size_faults(self.size, self.seed), *name_faults(self.factors)]
        for name in self.fixed:
            if name not in self.sites:
                what = f"there is no site '{name}'."
                faults.append(Fault("fixed", what, did_you_mean(name, self.sites)))
        if not max(len(self.fixed), 1) <= self.p <= len(self.sites):
            what = f"{self.p} of {len(self.sites)} sites, {len(self.fixed)} of them always open."
            remedy = "Open 1 or more, no fewer than the fixed and no more than all."
            faults.append(Fault("sites", what, remedy))
        refuse(faults)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """One a site: 1 where it is open."""
        return tuple(Factor(f"site[{site}]") for site in self.sites)

    def __len__(self) -> int:
        return self.size

    def rows(self, low: int, high: int) -> Batch:
        """Give the scenarios `low` to `high` − 1, counted from 0."""
        check_rows(self, low, high)
        first, last = low // BLOCK, -(-high // BLOCK)
        blocks = [np.empty((0, len(self.sites)))]
        blocks.extend(self._block(block) for block in range(first, last))
        start = first * BLOCK
        return Batch(self.factors, np.concatenate(blocks)[low - start : high - start])

    def _block(self, block: int) -> Floats:
        stream = np.random.SeedSequence(self.seed, spawn_key=(1, block))
        draws = np.random.default_rng(stream).random((BLOCK, len(self.sites)))
        draws[:, [self.sites.index(name) for name in self.fixed]] = -1.0  # before all others
        order = np.argsort(draws, axis=1, kind="stable")
        opened = np.zeros_like(draws)
        np.put_along_axis(opened, order[:, : self.p], 1.0, axis=1)
        return opened
