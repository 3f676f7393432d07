"""Targets as one-sided comparisons."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resalloc.norms.norm import Sense, Target


def sides(sense: Sense, target: Target) -> tuple[tuple[str, float], ...]:
    """Give a target as comparisons with one number each.

    Examples
    --------
    >>> sides("between", (2.0, 5.0))
    (('>=', 2.0), ('<=', 5.0))
    >>> sides("<=", 7.5)
    (('<=', 7.5),)
    """
    if isinstance(target, tuple):
        low, high = target
        return ((">=", low), ("<=", high))
    return ((sense, target),)
