"""How one factor varies."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import integrate, stats

from resalloc.errors import InputError
from resalloc.problem.scenario import Factor
from resalloc.sampling import Levels, LogNormal, Normal, Triangular, Uniform, Variable

NAN = float("nan")
DISTRIBUTIONS = [
    (Uniform(0.8, 1.2), 1.0, 0.4 / 12**0.5),
    (Normal(8.0, 0.5), 8.0, 0.5),
    (LogNormal(1.0, 0.06), 1.0, 0.06),
    (LogNormal(2.0, 0.5), 2.0, 1.0),
    # mean (low + mode + high) / 3; variance (a² + b² + c² − ab − ac − bc) / 18
    (Triangular(0.7, 1.0, 1.1), 2.8 / 3, (0.13 / 18) ** 0.5),
    (Levels((0, 1), (0.1, 0.9)), 0.9, 0.3),
    (Levels((3,)), 3.0, 0.0),
]


@pytest.mark.parametrize(("distribution", "mean", "sd"), DISTRIBUTIONS)
def test_mean_and_spread_are_those_stated(distribution, mean, sd):
    u = (np.arange(400_000) + 0.5) / 400_000
    values = distribution.quantile(u)
    np.testing.assert_allclose([values.mean(), values.std()], [mean, sd], rtol=1e-3, atol=1e-9)


def test_quantiles_are_scipys():
    u = np.linspace(0.001, 0.999, 77)
    sigma = np.log1p(0.2**2) ** 0.5
    ours_and_theirs = [
        (Triangular(0.7, 1.0, 1.1), stats.triang(0.75, 0.7, 0.4)),
        (LogNormal(3.0, 0.2), stats.lognorm(sigma, scale=3 * np.exp(-(sigma**2) / 2))),
        (Normal(3.0, 0.2), stats.norm(3.0, 0.2)),
        (Uniform(3.0, 4.0), stats.uniform(3.0, 1.0)),
    ]
    for ours, theirs in ours_and_theirs:
        np.testing.assert_allclose(ours.quantile(u), theirs.ppf(u), rtol=1e-12)


def test_a_triangle_may_lean_on_either_end_or_be_a_point():
    u = np.array([0.0, 0.36, 1.0])
    assert Triangular(1, 1, 2).quantile(u).tolist() == pytest.approx([1, 1.2, 2])  # 2 − √0.64
    assert Triangular(1, 2, 2).quantile(u).tolist() == pytest.approx([1, 1.6, 2])  # 1 + √0.36
    assert Triangular(1, 1, 1).quantile(u).tolist() == [1, 1, 1]


def test_a_level_of_weight_zero_is_never_drawn():
    u = np.array([0.0, 0.5, np.nextafter(1.0, 0.0)])
    assert Levels((1, 2, 3), (0, 1, 0)).quantile(u).tolist() == [2, 2, 2]
    assert Levels((5, 4), (1, 1)).quantile(u).tolist() == [5, 4, 4]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Uniform(1.2, 0.8), "low 1.2 is above high 0.8"),
        (lambda: Uniform(NAN, 0.8), "low is not a number"),
        (lambda: Normal(1.0, -0.1), "sd -0.1 is negative"),
        (lambda: LogNormal(0.0, 0.1), "mean 0 is not above 0"),
        (lambda: LogNormal(1.0, -1), "cv -1 is negative"),
        (lambda: Triangular(1.0, 0.9, 0.8), "mode 0.9 is above high 0.8"),
        (lambda: Levels(()), "there is no level"),
        (lambda: Levels((1, NAN)), "a level is not a number"),
        (lambda: Levels((1, 2), (1,)), "1 weights for 2 levels"),
        (lambda: Levels((1, 2), (-1, 2)), "a weight is negative"),
        (lambda: Levels((1, 2), (0, 0)), "add up to 0"),
    ],
)
def test_figures_that_do_not_fit_are_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()


def test_all_faults_of_a_distribution_are_told_at_once():
    with pytest.raises(InputError) as caught:
        Triangular(3, 2, 1)
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("of", "distribution"),
    [
        ("beds", Normal(1.0, 0.5)),
        ("population", Uniform(-0.1, 1.0)),
        ("speed.rural", Levels((0.0, 1.0))),
        ("site[A]", Levels((0.0, 0.5))),
        ("site[A]", Uniform(0.0, 1.0)),
        ("budget_wan", Levels((-1.0,))),
    ],
)
def test_a_factor_does_not_take_what_it_cannot_be(of, distribution):
    with pytest.raises(InputError, match="it must be"):
        Variable(Factor(of), distribution)


def test_a_target_may_be_any_number():
    Variable(Factor("norm.x"), Normal(0.0, 10.0))
    Variable(Factor("population"), Normal(1.0, 0.1))  # 8.3 sd below is still above 0


def test_lognormal_mean_agrees_with_its_density():
    sigma = np.log1p(0.5**2) ** 0.5
    density = stats.lognorm(sigma, scale=np.exp(-(sigma**2) / 2)).pdf
    assert integrate.quad(lambda x: x * density(x), 0, np.inf)[0] == pytest.approx(1.0)
