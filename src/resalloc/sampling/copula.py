"""Factors that vary together: neighbouring townships grow together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from resalloc.errors import one_fault
from resalloc.sampling.distribution import LEAST_U, MOST_U
from resalloc.sphere import great_circle_km

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from resalloc.problem.columns import Floats

_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Copula:
    r"""A Gaussian copula: factors vary together, each keeping its own distribution.

    Draws :math:`u` between 0 and 1 are made normal, mixed, and made uniform again:

    .. math:: u' = \Phi(A\, \Phi^{-1}(u)), \qquad A A^\top = R

    ============  ====================================================================
    :math:`R`     the correlation matrix
    :math:`A`     its symmetric square root, which is unique, also where R is singular
    :math:`\Phi`  the standard normal distribution
    ============  ====================================================================

    R is the correlation of the normal scores. That of the values is the same for normal
    factors and a little nearer to 0 for others.

    Parameters
    ----------
    names
        The factors that vary together, by name.
    matrix
        Their correlations, names × names.

    Raises
    ------
    InputError
        The matrix is no correlation matrix: its shape does not fit, its diagonal is not 1, it
        is not symmetric, or it is not positive semidefinite (no such factors can exist).

    References
    ----------
    Nelsen RB (2006). An Introduction to Copulas, 2nd ed. Springer.

    Examples
    --------
    >>> pair = Copula.equal(("population[南镇]", "population[北镇]"), 0.5)
    >>> pair.matrix.tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    >>> pair.couple(np.array([[0.5, 0.5], [0.975, 0.5]])).round(3).tolist()
    [[0.5, 0.5], [0.971, 0.694]]
    """

    names: tuple[str, ...]
    matrix: Floats
    root: Floats = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names, matrix = tuple(self.names), np.array(self.matrix, dtype=float)
        what = _fault(matrix, len(names))
        if what:
            remedy = "Give one correlation for every pair, symmetric, with 1 on the diagonal."
            raise one_fault("correlation", what, remedy)
        values, vectors = np.linalg.eigh(matrix)
        if values[0] < -_TOLERANCE * len(names):
            what = f"it is not positive semidefinite (least eigenvalue {values[0]:.3g})."
            remedy = (
                f"No {len(names)} factors can vary so; give every pair the same correlation "
                f"of {-1 / (len(names) - 1):.4g} or more, or one that falls with distance."
            )
            raise one_fault("correlation", what, remedy)
        root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
        for name, value in (("names", names), ("matrix", matrix), ("root", root)):
            object.__setattr__(self, name, value)

    @classmethod
    def equal(cls, names: Sequence[str], correlation: float) -> Copula:
        """Correlate every pair alike.

        With n factors, the correlation may be no less than −1 / (n − 1).
        """
        matrix = np.full((len(names), len(names)), float(correlation))
        np.fill_diagonal(matrix, 1.0)
        return cls(tuple(names), matrix)

    @classmethod
    def by_distance(
        cls, names: Sequence[str], lon: npt.ArrayLike, lat: npt.ArrayLike, length_km: float
    ) -> Copula:
        r"""Correlate places by exp(−km / length), the exponential model.

        It is valid for great-circle distances (Gneiting 2013, table 1): at `length_km` the
        correlation is 0.37, at three times that 0.05.

        Parameters
        ----------
        names
            The factors, one a place.
        lon, lat
            Degrees east and north (WGS84), one a place.
        length_km
            The distance in km at which the correlation has fallen to 1/e.

        References
        ----------
        Gneiting T (2013). Strictly and non-strictly positive definite functions on spheres.
        Bernoulli 19 (4), 1327-1349.

        Examples
        --------
        Two places 11.12 km apart, with a length of 15 km:

        >>> pair = Copula.by_distance(("a", "b"), [106.0, 106.0], [29.8, 29.9], 15.0)
        >>> round(float(pair.matrix[0, 1]), 3)
        0.476
        """
        if not (np.isfinite(length_km) and length_km > 0):
            what = f"a length of {length_km:g} km is not above 0."
            raise one_fault("correlation_km", what, "Give kilometres above 0.")
        east, north = np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
        km = great_circle_km(east[:, None], north[:, None], east[None, :], north[None, :])
        np.fill_diagonal(km, 0.0)
        return cls(tuple(names), np.exp(-km / length_km))

    def couple(self, u: Floats) -> Floats:
        """Turn independent draws, scenarios × names, into draws that vary together."""
        scores = special.ndtri(np.clip(u, LEAST_U, MOST_U))
        mixed = np.zeros_like(scores)
        for k, row in enumerate(self.root):  # in this order always, so that no digit changes
            mixed += scores[:, k, None] * row
        return np.asarray(np.clip(special.ndtr(mixed), LEAST_U, MOST_U))


def _fault(matrix: Floats, count: int) -> str:
    if count < 2:
        return f"it is given for {count} factors; it takes two or more."
    if matrix.shape != (count, count):
        return f"the matrix is {' × '.join(map(str, matrix.shape))} for {count} factors."
    if not np.isfinite(matrix).all():
        return "a correlation is not a number."
    if np.abs(matrix).max() > 1.0 + _TOLERANCE:
        return f"a correlation of {matrix.flat[np.abs(matrix).argmax()]:g} is not within −1 and 1."
    if not np.allclose(np.diag(matrix), 1.0) or not np.allclose(matrix, matrix.T):
        return "the matrix is not symmetric with 1 on the diagonal."
    return ""
