"""Share a whole number out among places: by weight, in whole units, under caps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import one_fault

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def spread(total: int, weights: ArrayLike, caps: ArrayLike | None = None) -> NDArray[np.int64]:
    """Share `total` out in proportion to `weights`, by largest remainder.

    Where a place reaches its cap, what is left goes to the others, again by
    weight. Ties go to the earlier place.

    Parameters
    ----------
    total
        How many there are to share out.
    weights
        One weight per place, none negative.
    caps
        Most that each place may get; no cap where omitted.

    Returns
    -------
    numpy.ndarray
        Whole numbers that sum to `total` exactly.

    Raises
    ------
    InputError
        A weight is negative, or the places with a weight cannot hold the total.

    Examples
    --------
    >>> spread(10, [1, 1, 1])
    array([4, 3, 3])
    >>> spread(10, [8, 1, 1], caps=[5, 9, 9])
    array([5, 3, 2])
    """
    share = np.asarray(weights, dtype=float)
    if total < 0 or share.size == 0 or not np.isfinite(share).all() or (share < 0).any():
        raise one_fault(
            "spread", f"cannot share out {total} by weights {share}.", "Give weights from 0 up."
        )
    room = np.full(share.shape, np.inf) if caps is None else np.floor(np.asarray(caps, dtype=float))
    room = np.where(share > 0, np.maximum(room, 0), 0)
    if room.sum() < total:
        raise one_fault(
            "spread",
            f"{total} cannot be shared out: the places hold {int(room.sum())}.",
            "Lower the total, raise the caps or give more places a weight.",
        )
    given = np.zeros(share.shape, dtype=np.int64)
    left = int(total)
    while left > 0:
        open_ = room > given
        weight = np.where(open_, share, 0.0)
        quota = left * (weight / weight.max()) / (weight / weight.max()).sum()
        step = np.minimum(np.floor(quota), room - given).astype(np.int64)
        if step.sum() == 0:
            order = np.argsort(-np.where(open_, quota, -1.0), kind="stable")
            step[order[: min(left, int(open_.sum()))]] = 1
        elif (quota <= room - given).all():
            rest = left - int(step.sum())
            part = np.where(open_ & (given + step < room), quota - np.floor(quota), -1.0)
            order = np.argsort(-part, kind="stable")
            step[order[: min(rest, int((part >= 0).sum()))]] += 1
        given += step
        left -= int(step.sum())
    return given
