"""Scenarios by number: the same however they are asked for."""

from __future__ import annotations

import itertools
import math
import pickle
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import qmc

from resalloc.errors import InputError
from resalloc.problem.scenario import Factor
from resalloc.sampling import (
    Copula,
    Crossed,
    Factorial,
    LatinHypercube,
    Levels,
    LogNormal,
    MonteCarlo,
    Sobol,
    Subsets,
    Triangular,
    Uniform,
    Variable,
)
from resalloc.sampling.sampled import _hypercube

STEADY = settings(deadline=None, max_examples=40, derandomize=True)
NAMES = ("population[A]", "population[B]", "population[C]")
PEOPLE = tuple(Variable(Factor(name), LogNormal(1.0, 0.1)) for name in NAMES)
SPEED = Variable(Factor("speed"), Triangular(0.7, 1.0, 1.1))
SITE = Variable(Factor("site[X]"), Levels((0, 1), (0.1, 0.9)))
TOGETHER = (Copula.equal(NAMES, 0.5),)
LEVELS = Factorial(
    (
        Variable(Factor("norm.a"), Levels((7.5, 8.0))),
        Variable(Factor("norm.b"), Levels((14, 15, 16))),
    )
)
SIZE = 9000
DRAWN = [
    kind((*PEOPLE, SPEED, SITE), SIZE, 7, TOGETHER) for kind in (MonteCarlo, LatinHypercube, Sobol)
]
DESIGNS = [
    *DRAWN,
    LEVELS,
    Subsets(("P", "Q", "R", "S"), 2, SIZE, 7),
    Crossed((LEVELS, MonteCarlo((SPEED,), 5000, 3), Subsets(("P", "Q", "R"), 2, 7, 7))),
]


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: type(design).__name__)
@STEADY
@given(data=st.data())
def test_any_chunk_is_that_part_of_the_whole_to_the_last_digit(design, data):
    limit = min(len(design), 12_000)
    low = data.draw(st.integers(0, limit))
    high = data.draw(st.integers(low, limit))
    whole = _whole(design, limit)
    copy = pickle.loads(pickle.dumps(design))
    _hypercube.cache_clear()
    assert np.array_equal(copy.rows(low, high).values, whole[low:high])


@cache
def _whole(design, limit):
    return design.rows(0, limit).values


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: type(design).__name__)
def test_scenarios_that_do_not_exist_are_refused(design):
    for low, high in ((-1, 0), (3, 2), (0, len(design) + 1)):
        with pytest.raises(InputError, match="are asked for"):
            design.rows(low, high)
    assert len(design.rows(0, 0)) == 0


@pytest.mark.parametrize("kind", [MonteCarlo, LatinHypercube, Sobol])
def test_another_seed_gives_other_scenarios(kind):
    one, other = (kind((SPEED,), 100, seed).rows(0, 100).values for seed in (1, 2))
    assert not np.isclose(one, other).any()


def test_blocks_of_monte_carlo_differ_from_one_another():
    values = MonteCarlo((SPEED,), 3 * 4096).rows(0, 3 * 4096).values.reshape(3, 4096)
    assert np.abs(np.corrcoef(values) - np.eye(3)).max() < 0.06


def test_a_latin_hypercube_takes_each_share_once():
    # McKay, Beckman and Conover: n strata of probability 1/n, each sampled once.
    twins = tuple(Variable(Factor(f"norm.{k}"), Uniform(0, 5000)) for k in range(3))
    values = LatinHypercube(twins, 5000, 1).rows(0, 5000).values
    for column in values.T:
        assert sorted(np.floor(column).astype(int)) == list(range(5000))


def test_too_large_a_latin_hypercube_says_what_to_use():
    with pytest.raises(InputError, match="sobol"):
        LatinHypercube((SPEED, SITE), 26_000_000)


def test_sobol_is_scipys_sequence():
    twins = tuple(Variable(Factor(f"norm.{k}"), Uniform(0, 1)) for k in range(5))
    theirs = qmc.Sobol(5, rng=3, bits=32).random(8192)
    ours = Sobol(twins, 8000, 3).rows(0, 8000).values
    np.testing.assert_allclose(ours, theirs[:8000], rtol=0, atol=2**-32)


@pytest.mark.parametrize(
    ("kind", "close"), [(Sobol, 0.001), (LatinHypercube, 0.1), (MonteCarlo, 0.1)]
)
def test_the_ishigami_function_has_its_known_mean(kind, close):
    """Ishigami and Homma (1990): sin x₁ + 7 sin² x₂ + 0.1 x₃⁴ sin x₁ on [−π, π]³ has mean 3.5."""
    around = tuple(Variable(Factor(f"norm.{k}"), Uniform(-math.pi, math.pi)) for k in range(3))
    x1, x2, x3 = kind(around, 2**14, 1).rows(0, 2**14).values.T
    values = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    assert values.mean() == pytest.approx(3.5, abs=close)


def test_a_factorial_is_the_product_with_the_first_factor_slowest():
    assert LEVELS.rows(0, 6).values.tolist() == [
        list(row) for row in itertools.product((7.5, 8.0), (14, 15, 16))
    ]


def test_a_factorial_of_sixty_sites_is_counted_and_not_made():
    sites = tuple(Variable(Factor(f"site[{k}]"), Levels((0, 1))) for k in range(60))
    design = Factorial(sites)
    assert len(design) == 2**60
    last = design.rows(2**60 - 2, 2**60).values
    assert last.sum(axis=1).tolist() == [59, 60]
    with pytest.raises(InputError, match="too many"):
        Factorial((*sites, *(Variable(Factor(f"norm.{k}"), Levels(range(8))) for k in range(2))))


def test_a_factorial_takes_plain_levels_only():
    with pytest.raises(InputError) as caught:
        Factorial((SPEED, SITE))
    assert [fault.where for fault in caught.value.faults] == ["factor 'speed'", "factor 'site[X]'"]


def test_axes_cross_with_the_last_one_fastest():
    speeds = MonteCarlo((SPEED,), 3, 5)
    crossed = Crossed((speeds, LEVELS))
    pairs = itertools.product(speeds.rows(0, 3).values, LEVELS.rows(0, 6).values)
    assert np.array_equal(crossed.rows(0, 18).values, [np.concatenate(pair) for pair in pairs])
    with pytest.raises(InputError, match="named twice"):
        Crossed((speeds, speeds))


def test_exactly_p_sites_open_and_every_choice_is_as_likely():
    # 12,000 draws of C(4, 2) = 6 choices: 2,000 each, sd √(12,000 × 1/6 × 5/6) = 41
    opened = Subsets(("P", "Q", "R", "S"), 2, 12_000, 1).rows(0, 12_000).values
    assert set(opened.sum(axis=1)) == {2.0}
    _, counts = np.unique(opened, axis=0, return_counts=True)
    assert len(counts) == 6
    assert np.abs(counts - 2000).max() < 4 * 41


def test_fixed_sites_are_always_open_and_count():
    batch = Subsets(("P", "Q", "R"), 2, 500, 1, fixed=("Q",)).rows(0, 500)
    assert batch.of("site[Q]").min() == 1
    assert batch.of("site[P]").mean() == pytest.approx(0.5, abs=0.1)
    with pytest.raises(InputError, match="1 of 3 sites, 2 of them always open"):
        Subsets(("P", "Q", "R"), 1, 5, fixed=("P", "Q"))
    with pytest.raises(InputError, match="there is no site 'X'"):
        Subsets(("P", "Q", "R"), 1, 5, fixed=("X",))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"size": 0}, "0 scenarios cannot be drawn"),
        ({"seed": -1}, "-1 is negative"),
        ({"variables": ()}, "there is none"),
        ({"variables": (SPEED, SPEED)}, "named twice"),
        ({"copulas": TOGETHER}, "there is no factor 'population.A.'"),
        ({"variables": PEOPLE, "copulas": (*TOGETHER, *TOGETHER)}, "stands twice"),
    ],
)
def test_a_design_that_cannot_be_is_refused(change, said):
    with pytest.raises(InputError, match=said):
        MonteCarlo(**{"variables": (SPEED,), "size": 10, **change})
