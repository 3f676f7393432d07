"""Townships that grow together."""

from __future__ import annotations

import numpy as np
import pytest

from resalloc.errors import InputError
from resalloc.problem.scenario import Factor
from resalloc.sampling import Copula, LatinHypercube, LogNormal, MonteCarlo, Normal, Sobol, Variable

NAMES = tuple(f"population[{name}]" for name in "ABC")
SIZE = 20_000


@pytest.mark.parametrize("kind", [MonteCarlo, LatinHypercube, Sobol])
@pytest.mark.parametrize("rho", [0.5, -0.3])
def test_the_sample_has_the_correlation_and_every_factor_keeps_its_own(kind, rho):
    people = tuple(Variable(Factor(name), Normal(1.0, 0.06)) for name in NAMES)
    alone = Variable(Factor("beds"), LogNormal(2.0, 0.1))
    design = kind((people[0], alone, *people[1:]), SIZE, 7, (Copula.equal(NAMES, rho),))
    batch = design.rows(0, SIZE)
    values = np.array([batch.of(name) for name in (*NAMES, "beds")])
    expected = np.full((4, 4), 0.0)
    expected[:3, :3] = rho
    np.fill_diagonal(expected, 1.0)
    # the standard error of a correlation is at most 1/√20,000 = 0.007
    np.testing.assert_allclose(np.corrcoef(values), expected, atol=0.025)
    np.testing.assert_allclose(values.mean(axis=1), [1, 1, 1, 2], rtol=0.002)
    np.testing.assert_allclose(values.std(axis=1), [0.06, 0.06, 0.06, 0.2], rtol=0.03)


def test_correlation_of_one_makes_factors_equal():
    twins = Copula.equal(NAMES, 1.0).couple(np.array([[0.1, 0.7, 0.4]]))
    np.testing.assert_allclose(twins, twins[0, 0])


def test_by_hand_for_two():
    # R = [[1, 0.6], [0.6, 1]] has eigenvalues 1.6 and 0.4; its root has (√1.6 ± √0.4) / 2
    root = Copula.equal(("a", "b"), 0.6).root
    a, b = (1.6**0.5 + 0.4**0.5) / 2, (1.6**0.5 - 0.4**0.5) / 2
    np.testing.assert_allclose(root, [[a, b], [b, a]])


def test_correlation_falls_with_distance():
    lon, lat = [106.0, 106.0, 106.0], [29.8, 29.9, 30.0]
    matrix = Copula.by_distance(NAMES, lon, lat, 15.0).matrix
    assert matrix[0, 1] == pytest.approx(np.exp(-11.1195 / 15), abs=1e-5)
    assert matrix[0, 2] == pytest.approx(matrix[0, 1] ** 2)


def test_places_at_one_point_vary_as_one():
    same = Copula.by_distance(("a", "b"), [106.0, 106.0], [29.8, 29.8], 15.0)
    np.testing.assert_allclose(same.matrix, 1.0)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Copula.equal(NAMES, -0.6), "not positive semidefinite"),
        (lambda: Copula.equal(NAMES, 1.2), "not within"),
        (lambda: Copula.equal(("a",), 0.5), "two or more"),
        (lambda: Copula(("a", "b"), np.array([[1.0, 0.5], [0.4, 1.0]])), "not symmetric"),
        (lambda: Copula(("a", "b"), np.eye(3)), "3 × 3 for 2"),
        (lambda: Copula(("a", "b"), np.array([[1.0, np.nan], [np.nan, 1.0]])), "not a number"),
        (lambda: Copula.by_distance(NAMES, [0, 1, 2], [0, 0, 0], 0.0), "not above 0"),
        (lambda: Copula.by_distance(NAMES, [0, np.nan, 2], [0, 0, 0], 5.0), "not a number"),
    ],
)
def test_what_is_no_correlation_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()


def test_the_least_possible_correlation_is_taken():
    Copula.equal(NAMES, -0.5)  # −1 / (3 − 1)
