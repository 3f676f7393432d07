"""Random scenarios: Monte-Carlo, Latin hypercube and Sobol' sequence."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, did_you_mean
from resalloc.problem.scenario import Batch
from resalloc.sampling.design import BLOCK, check_rows, name_faults, refuse, size_faults
from resalloc.sampling.distribution import LEAST_U, MOST_U

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.problem.columns import Floats
    from resalloc.problem.scenario import Factor
    from resalloc.sampling.copula import Copula
    from resalloc.sampling.variable import Variable

HYPERCUBE_LIMIT = 50_000_000
"""Scenarios × factors that a Latin hypercube may have (0.4 GB in every process)."""
_SOBOL_BITS = 32


@dataclass(frozen=True)
class Sampled(ABC):
    """Scenarios drawn at random.

    Parameters
    ----------
    variables
        The factors and how each varies.
    size
        Number of scenarios.
    seed
        The same seed gives the same scenarios, whatever the chunks and the processes.
    copulas
        Groups of factors that vary together; a factor is in one group at most.

    Raises
    ------
    InputError
        The size or the seed cannot be used, two factors have one name, or a group names a
        factor that is not there or is in another group.
    """

    variables: tuple[Variable, ...]
    size: int
    seed: int = 0
    copulas: tuple[Copula, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "variables", tuple(self.variables))
        object.__setattr__(self, "copulas", tuple(self.copulas))
        names = [factor.name for factor in self.factors]
        faults = [*size_faults(self.size, self.seed), *name_faults(self.factors)]
        grouped: set[str] = set()
        for name in (name for copula in self.copulas for name in copula.names):
            if name not in names:
                what = f"there is no factor '{name}'."
                faults.append(Fault("correlation", what, did_you_mean(name, names)))
            elif name in grouped:
                what = f"'{name}' stands twice."
                faults.append(Fault("correlation", what, "Name a factor once."))
            grouped.add(name)
        refuse([*faults, *self._limits()])

    def _limits(self) -> Iterator[Fault]:
        """Tell what this sampler cannot do."""
        yield from ()

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What differs between the scenarios."""
        return tuple(variable.factor for variable in self.variables)

    def __len__(self) -> int:
        return self.size

    def rows(self, low: int, high: int) -> Batch:
        """Give the scenarios `low` to `high` − 1, counted from 0."""
        check_rows(self, low, high)
        if low == high:
            return Batch(self.factors, np.empty((0, len(self.variables))))
        first, last = low // BLOCK, -(-high // BLOCK)
        blocks = [self._values(u) for u in self._draws(first, last)]
        start = first * BLOCK
        return Batch(self.factors, np.concatenate(blocks)[low - start : high - start])

    @abstractmethod
    def _draws(self, first: int, last: int) -> Iterator[Floats]:
        """Give blocks `first` to `last` − 1 of independent draws from 0 to 1."""

    def _values(self, u: Floats) -> Floats:
        """Turn a block of draws into values, factor by factor."""
        u = np.clip(u, LEAST_U, MOST_U)
        place = {factor.name: k for k, factor in enumerate(self.factors)}
        for copula in self.copulas:
            group = [place[name] for name in copula.names]
            u[:, group] = copula.couple(u[:, group])
        values = np.empty_like(u)
        for k, variable in enumerate(self.variables):
            values[:, k] = variable.distribution.quantile(u[:, k])
        return values


@dataclass(frozen=True)
class MonteCarlo(Sampled):
    """Independent random scenarios.

    Every block of 4,096 scenarios has a stream of random numbers of its own, spawned from
    the seed, so any scenario can be drawn without those before it.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.sampling.distribution import LogNormal
    >>> from resalloc.sampling.variable import Variable
    >>> people = Variable(Factor("population"), LogNormal(1.0, 0.06))
    >>> design = MonteCarlo((people,), size=1_000_000, seed=7)
    >>> design.rows(999_998, 1_000_000).of("population").round(3).tolist()
    [0.946, 1.074]
    """

    def _draws(self, first: int, last: int) -> Iterator[Floats]:
        for block in range(first, last):
            stream = np.random.SeedSequence(self.seed, spawn_key=(block,))
            yield np.random.default_rng(stream).random((BLOCK, len(self.variables)))


@dataclass(frozen=True)
class LatinHypercube(Sampled):
    """Every factor is cut into `size` equal shares, and each share is drawn once.

    Means and shares are nearer the truth than those of as many independent scenarios
    (McKay, Beckman and Conover 1979). Factors in a group keep their distribution, but not the
    exact shares. The design is drawn whole, once in every process, so scenarios × factors may
    be no more than :data:`HYPERCUBE_LIMIT`.

    References
    ----------
    McKay MD, Beckman RJ, Conover WJ (1979). A comparison of three methods for selecting values
    of input variables in the analysis of output from a computer code. Technometrics 21 (2),
    239-245.

    Examples
    --------
    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.sampling.distribution import Uniform
    >>> from resalloc.sampling.variable import Variable
    >>> design = LatinHypercube((Variable(Factor("speed"), Uniform(0.0001, 4)),), size=4)
    >>> sorted(design.rows(0, 4).of("speed").astype(int).tolist())
    [0, 1, 2, 3]
    """

    def _limits(self) -> Iterator[Fault]:
        numbers = self.size * len(self.variables)
        if numbers > HYPERCUBE_LIMIT:
            what = (
                f"a Latin hypercube of {self.size:,} scenarios × {len(self.variables)} factors is "
                f"drawn whole; its limit is {HYPERCUBE_LIMIT:,} numbers."
            )
            yield Fault("size", what, 'Use sampler = "sobol", or fewer scenarios.')

    def _draws(self, first: int, last: int) -> Iterator[Floats]:
        whole = _hypercube(self.size, len(self.variables), self.seed)
        for block in range(first, last):
            yield whole[block * BLOCK : (block + 1) * BLOCK]


@dataclass(frozen=True)
class Sobol(Sampled):
    """A scrambled Sobol' sequence: scenarios that fill the space evenly.

    Means converge faster than with independent scenarios, best where `size` is a power of 2
    (Sobol' 1967; direction numbers of Joe and Kuo 2008, as in SciPy). To reach a chunk the
    sequence is run through from its start: about 0.02 s for every million scenarios before
    it, at 60 factors. There may be 2³² scenarios.

    References
    ----------
    Sobol' IM (1967). On the distribution of points in a cube and the approximate evaluation of
    integrals. USSR Computational Mathematics and Mathematical Physics 7 (4), 86-112.

    Joe S, Kuo FY (2008). Constructing Sobol sequences with better two-dimensional projections.
    SIAM Journal on Scientific Computing 30 (5), 2635-2654.

    Examples
    --------
    Of eight scenarios, one lies in each eighth:

    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.sampling.distribution import Uniform
    >>> from resalloc.sampling.variable import Variable
    >>> design = Sobol((Variable(Factor("speed"), Uniform(0.0001, 8)),), size=8, seed=1)
    >>> sorted(design.rows(0, 8).of("speed").astype(int).tolist())
    [0, 1, 2, 3, 4, 5, 6, 7]
    """

    def _limits(self) -> Iterator[Fault]:
        if self.size > 2**_SOBOL_BITS:
            what = f"the sequence has {2**_SOBOL_BITS:,} scenarios, not {self.size:,}."
            yield Fault("size", what, 'Use sampler = "monte-carlo", or fewer scenarios.')

    def _draws(self, first: int, last: int) -> Iterator[Floats]:
        from scipy.stats import qmc

        engine = qmc.Sobol(len(self.variables), rng=self.seed, bits=_SOBOL_BITS)
        if first:
            engine.fast_forward(first * BLOCK)
        middle_of_cell = 2.0 ** -(_SOBOL_BITS + 1)
        for _ in range(first, last):
            yield engine.random(BLOCK) + middle_of_cell


@lru_cache(maxsize=4)
def _hypercube(size: int, factors: int, seed: int) -> Floats:
    from scipy.stats import qmc

    whole = np.asarray(qmc.LatinHypercube(factors, rng=seed).random(size))
    whole.setflags(write=False)
    return whole
