"""Plans that no other plan beats on every count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault

if TYPE_CHECKING:
    import numpy.typing as npt

    from resalloc.problem.columns import Floats


def pareto(costs: Floats) -> npt.NDArray[np.bool_]:
    """Say which plans no other plan dominates; exact for any number of indicators.

    A plan dominates another if it is at least as good on every indicator and better on
    one. Equal plans do not dominate each other. A plan with an indicator that is not known
    is not among them, and dominates none.

    One or two indicators take C log C steps for C plans: sorted by the first, a plan stays if
    it improves on the second (Kung, Luccio & Preparata, 1975, On finding the maxima of a set
    of vectors, Journal of the ACM 22(4)). More take C log C + C × F, F of them undominated:
    in lexicographic order only plans kept so far can dominate the next.

    Parameters
    ----------
    costs
        Plans × indicators; lower is better in every column.

    Raises
    ------
    InputError
        `costs` is not a table with at least one indicator.

    Examples
    --------
    >>> pareto(np.array([[1.0, 5.0], [2.0, 2.0], [3.0, 3.0], [4.0, 1.0]])).tolist()
    [True, True, False, True]
    """
    costs = np.asarray(costs, dtype=float) + 0.0  # -0 and 0 are equal
    if costs.ndim != 2 or costs.shape[1] == 0:
        raise one_fault("costs", f"are {costs.shape}.", "Give plans × indicators, at least one.")
    kept = np.zeros(len(costs), dtype=bool)
    known = np.flatnonzero(~np.isnan(costs).any(axis=1))
    if not len(known):
        return kept
    points, first_of = np.unique(costs[known], axis=0, return_inverse=True)
    stays = _plane(points) if points.shape[1] <= 2 else _space(points)
    kept[known] = stays[first_of.reshape(-1)]
    return kept


def _plane(points: Floats) -> npt.NDArray[np.bool_]:
    """Sweep distinct points in lexicographic order: each has to beat all before in the last."""
    last = points[:, -1]
    if points.shape[1] == 1:
        return np.asarray(np.arange(len(points)) == 0)
    before = np.minimum.accumulate(np.concatenate([[np.inf], last[:-1]]))
    stays = np.asarray(last < before)
    stays[0] = True
    return stays


def _space(points: Floats) -> npt.NDArray[np.bool_]:
    """Hold each of distinct points, in lexicographic order, against those that stay."""
    stays = np.zeros(len(points), dtype=bool)
    front = np.empty_like(points)
    count = 0
    for k, point in enumerate(points):
        if not (front[:count] <= point).all(axis=1).any():
            front[count] = point
            count += 1
            stays[k] = True
    return stays
