"""Independent parts of a model, solved apart: exact, and much faster than together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from resalloc.milp.model import Answer, LinearModel
from resalloc.status import Status

Solve = Callable[[LinearModel, float, float], Answer]
_ALONE = 400
"""Parts with at least this many columns are solved by themselves, the others together."""
_ORDER = (Status.INFEASIBLE, Status.UNBOUNDED, Status.UNKNOWN, Status.FEASIBLE, Status.OPTIMAL)


@dataclass(frozen=True)
class Parts:
    """Which part each column belongs to, numbered from 0."""

    column: npt.NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many parts."""
        return int(self.column.max(initial=-1)) + 1


def parts_of(model: LinearModel, alone: int = _ALONE) -> Parts:
    """Find the parts of a model that no row connects.

    Ambulances and childcare places, say, share no clause; the optimum of the whole is
    then the optima of the parts side by side. Parts of fewer than `alone` columns are
    taken together as one.
    """
    pattern = sparse.csr_array(
        (np.ones(len(model.matrix.data)), model.matrix.indices, model.matrix.indptr),
        shape=model.matrix.shape,
    )
    rows, columns = pattern.shape
    graph = sparse.block_array([[None, pattern], [sparse.csr_array((columns, rows)), None]])
    _, label = connected_components(graph, directed=False)
    own = label[rows:]
    names, which, sizes = np.unique(own, return_inverse=True, return_counts=True)
    del names
    large = np.flatnonzero(sizes >= alone)
    number = np.zeros(len(sizes), dtype=np.int64)
    number[large] = np.arange(1, len(large) + 1)
    return Parts(number[which])


def solve_in_parts(
    model: LinearModel,
    time_limit_s: float,
    solve: Solve,
    gap: float = 1e-7,
) -> Answer:
    """Solve the parts of a model one by one and put the answers together.

    Parameters
    ----------
    model, time_limit_s, gap
        As for one solve; each part may use what time is left.
    solve
        What solves one part.

    Returns
    -------
    Answer
        The weakest status of any part; objective and bound are sums.
    """
    parts = parts_of(model)
    x = np.zeros(model.size)
    answers: list[Answer] = []
    left = time_limit_s
    for part in range(parts.count):
        mine = np.flatnonzero(parts.column == part)
        if not len(mine):
            continue
        answer = solve(_only(model, mine), max(left, 0.5), gap)
        answers.append(answer)
        left -= answer.seconds
        if answer.x is None:
            break
        x[mine] = answer.x
    status = min((a.status for a in answers), key=_ORDER.index)
    complete = all(answer.x is not None for answer in answers)
    return Answer(
        status=status,
        x=x if complete else None,
        objective=sum(a.objective for a in answers),
        bound=sum(a.bound for a in answers),
        seconds=sum(a.seconds for a in answers),
        message="; ".join(dict.fromkeys(a.message for a in answers)),
    )


def _only(model: LinearModel, columns: npt.NDArray[np.int64]) -> LinearModel:
    inside = np.zeros(model.size, dtype=bool)
    inside[columns] = True
    matrix = model.matrix
    lengths = np.diff(matrix.indptr)
    first = np.zeros(len(lengths), dtype=bool)
    used = lengths > 0
    first[used] = inside[matrix.indices[matrix.indptr[:-1][used]]]
    if inside[0]:
        first |= ~used
    rows = np.flatnonzero(first)
    return LinearModel(
        model.cost[columns],
        model.lower[columns],
        model.upper[columns],
        model.integer[columns],
        sparse.csr_array(matrix[rows][:, columns]),
        model.row_lo[rows],
        model.row_hi[rows],
        None if model.start is None else model.start[columns],
    )
