"""Whether some sites can all stand far enough from each other: the question behind dispersion.

Sites are vertices, and two are joined where they are far enough apart; asked is a clique of a
given size. A search that bounds by colouring (Tomita and Seki 2003) settles easy questions in
milliseconds; what it cannot settle in a fixed number of steps goes to HiGHS as a packing
problem, whose rows are sets of sites that are all too near to each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from resalloc.compiled import compiled
from resalloc.location.covering.packed import Words, lowest, packed
from resalloc.milp.highs import solve_with_highs
from resalloc.milp.model import LinearModel
from resalloc.status import Status

if TYPE_CHECKING:
    from resalloc.location.costs import Ints, Mask

_STEPS = 50_000
"""Branches the search may take (about a tenth of a second) before HiGHS is asked."""
_NONE = np.empty(0, dtype=np.int64)


def standing_apart(far: Mask, p: int, fixed: Mask, time_limit_s: float) -> tuple[Status, Ints]:
    """Give p sites that are pairwise far enough apart, or prove that there are none.

    Parameters
    ----------
    far
        Sites × sites: whether two are far enough apart; symmetric, false on the diagonal.
    p
        How many, the fixed ones included.
    fixed
        By site: must be among them.
    time_limit_s
        Seconds HiGHS may take.

    Returns
    -------
    tuple
        FEASIBLE with the positions; INFEASIBLE, proven; UNKNOWN where time ran out.

    Examples
    --------
    >>> far = np.array([[False, True, True], [True, False, False], [True, False, False]])
    >>> standing_apart(far, 2, np.array([False, False, True]), 10.0)[1].tolist()
    [0, 2]
    >>> standing_apart(far, 3, np.zeros(3, dtype=bool), 10.0)[0]
    <Status.INFEASIBLE: 'infeasible'>
    """
    kept = np.flatnonzero(fixed)
    if far[np.ix_(kept, kept)].sum() != len(kept) * (len(kept) - 1):
        return Status.INFEASIBLE, _NONE
    need = p - len(kept)
    if need == 0:
        return Status.FEASIBLE, kept
    left = _with_enough_company(far, ~fixed & far[kept].all(axis=0), need)
    if len(left) < need:
        return Status.INFEASIBLE, _NONE
    left = left[_sparse_last(far[np.ix_(left, left)])]
    joined = far[np.ix_(left, left)]
    chosen = np.zeros(need, dtype=np.int64)
    answer = search(packed(joined), len(left), need, _STEPS, chosen)
    status = {1: Status.FEASIBLE, 0: Status.INFEASIBLE}.get(answer, Status.UNKNOWN)
    if status is Status.UNKNOWN:
        status, chosen = _packing(~joined, need, time_limit_s)
    if status is not Status.FEASIBLE:
        return status, _NONE
    return status, np.sort(np.concatenate([kept, left[chosen]]))


def _with_enough_company(far: Mask, start: Mask, need: int) -> Ints:
    """Drop sites with fewer than need − 1 others far enough from them, again and again."""
    alive = start.copy()
    while True:
        lonely = alive & (far[:, alive].sum(axis=1) < need - 1)
        if not lonely.any():
            return np.flatnonzero(alive)
        alive &= ~lonely


def _sparse_last(joined: Mask) -> Ints:
    """Order vertices so that the one with the fewest joins to those before it stands last."""
    degree = joined.sum(axis=1)
    order = np.empty(len(joined), dtype=np.int64)
    for k in range(len(joined) - 1, -1, -1):
        v = int(degree.argmin())
        order[k] = v
        degree = degree - joined[v]
        degree[v] = 2 * len(joined)
    return order


@compiled
def search(joined: Words, n: int, need: int, most: int, clique: Ints) -> int:
    """Look for a clique: 1 found (into `clique`), 0 there is none, −1 not settled in time.

    Parameters
    ----------
    joined
        Which vertices are joined, packed; the first tried stand last.
    n
        Vertices.
    need
        Size of the clique.
    most
        Branches it may take.
    clique
        Filled with the vertices.
    """
    words = joined.shape[1]
    open_ = np.zeros((need + 1, words), dtype=np.uint64)
    branch = np.zeros((need + 1, n), dtype=np.int64)
    count = np.zeros(need + 1, dtype=np.int64)
    for v in range(n):
        open_[0, v // 64] |= np.uint64(1) << np.uint64(v % 64)
    count[0] = colour(open_[0], joined, need - 1, branch[0])
    depth, taken = 0, 0
    while depth >= 0:
        if count[depth] == 0:
            depth -= 1
            continue
        count[depth] -= 1
        taken += 1
        if taken > most:
            return -1
        v = branch[depth, count[depth]]
        clique[depth] = v
        if depth + 1 == need:
            return 1
        open_[depth, v // 64] &= ~(np.uint64(1) << np.uint64(v % 64))
        for w in range(words):
            open_[depth + 1, w] = open_[depth, w] & joined[v, w]
        depth += 1
        count[depth] = colour(open_[depth], joined, need - depth - 1, branch[depth])
    return 0


@compiled
def colour(open_: Words, joined: Words, free: int, branch: Ints) -> int:
    """Colour the open vertices, joined ones apart, and list those beyond the first colours.

    A clique takes one vertex of a colour at most: without a vertex beyond the first `free`
    colours none has more than `free` vertices. So only the vertices listed are branched on.
    """
    words = len(open_)
    rest, same = open_.copy(), np.zeros(words, dtype=np.uint64)
    colours, count = 0, 0
    while rest.any():
        colours += 1
        same[:] = rest
        for w in range(words):
            while same[w] != np.uint64(0):
                v = w * 64 + lowest(same[w])
                bit = np.uint64(1) << np.uint64(v % 64)
                same[w] &= ~bit
                rest[w] &= ~bit
                for x in range(w, words):
                    same[x] &= ~joined[v, x]
                if colours > free:
                    branch[count] = v
                    count += 1
    return count


def _packing(near: Mask, need: int, time_limit_s: float) -> tuple[Status, Ints]:
    """Ask HiGHS: at most one of each set of sites that are all too near to each other."""
    n = len(near)
    sets = _too_near(near)
    row = np.repeat(np.arange(len(sets)), [len(members) for members in sets])
    at_most = sparse.csr_array(
        (np.ones(len(row)), (row, np.concatenate(sets))), shape=(len(sets), n)
    )
    count = np.array([float(need)])
    model = LinearModel.stacked(
        np.zeros(n),
        np.ones(n),
        np.ones(n, dtype=bool),
        [
            (at_most, np.full(len(sets), -np.inf), np.ones(len(sets))),
            (sparse.csr_array(np.ones((1, n))), count, count),
        ],
    )
    answer = solve_with_highs(model, time_limit_s)
    if answer.x is not None:
        return Status.FEASIBLE, np.flatnonzero(answer.x > 0.5)
    return (Status.INFEASIBLE if answer.status is Status.INFEASIBLE else Status.UNKNOWN), _NONE


def _too_near(near: Mask) -> list[Ints]:
    """Give sets of sites that are all near to each other, so that every near pair is in one."""
    near = near & ~np.eye(len(near), dtype=bool)
    left = near.copy()
    sets = []
    for i in range(len(near)):
        while left[i].any():
            members, could = [i], near[i].copy()
            new = left[i].astype(np.int64)
            while could.any():
                j = int(np.where(could, new, -1).argmax())
                members.append(j)
                could &= near[j]
                new += left[j]
            those = np.array(members)
            left[np.ix_(those, those)] = False
            sets.append(those)
    return sets
