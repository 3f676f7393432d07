"""Ways in lanes: how far each demand point's nearest open site is, in all scenarios at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.compiled import compiled_ieee

if TYPE_CHECKING:
    from resalloc.problem.columns import Floats, Ints
    from resalloc.scoring.lanes.block import Bits

_NONE, _ONE = np.uint64(0), np.uint64(1)
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_DE_BRUIJN, _TOP = np.uint64(0x03F79D71B4CB0A89), np.uint64(58)
_PLACES = np.argsort([(0x03F79D71B4CB0A89 << bit) % 2**64 >> 58 for bit in range(64)])


@compiled_ieee
def lowest(scenarios: Any) -> int:
    """Give the first scenario of a set that is not empty: the place of its lowest bit.

    De Bruijn's way (Leiserson, Prokop & Randall 1998): the product with a single bit puts six
    bits that tell its place at the top.
    """
    alone = scenarios & (~scenarios + _ONE)
    return int(_PLACES[(alone * _DE_BRUIJN) >> _TOP])


@compiled_ieee
def first_open(order: Ints, away: Floats, i: int, sites: Bits, row: int, near: Floats) -> None:
    """Write for each scenario how far the first site of a point's list is that is open in it.

    Parameters
    ----------
    order, away
        Points × sites: each point's sites from the nearest on, and how far they are.
    i
        The point.
    sites, row
        By site, the scenarios in which it is open; which row of it.
    near
        Written, one number a lane; infinite where none is open.
    """
    for lane in range(len(near)):
        near[lane] = np.inf
    left = _ALL
    for k in range(order.shape[1]):
        here = sites[row, order[i, k]] & left
        if here == _NONE:
            continue
        left ^= here
        while here != _NONE:
            near[lowest(here)] = away[i, k]
            here &= here - _ONE
        if left == _NONE:
            break


@compiled_ieee
def first_of_both(
    order: Ints, km: Floats, drive: Floats, i: int, sites: Bits, near: Floats, late: Floats
) -> None:
    """Write km and drive of the first open site, where both have one order and sites a crew."""
    for lane in range(len(near)):
        near[lane] = np.inf
    for lane in range(len(near)):
        late[lane] = np.inf
    left = _ALL
    for k in range(order.shape[1]):
        here = sites[0, order[i, k]] & left
        if here == _NONE:
            continue
        left ^= here
        while here != _NONE:
            lane = lowest(here)
            near[lane] = km[i, k]
            late[lane] = drive[i, k]
            here &= here - _ONE
        if left == _NONE:
            break


@compiled_ieee
def crews_are_stations(sites: Bits) -> bool:
    """Say whether every station, and no other site, has a crew in every scenario."""
    for j in range(sites.shape[1]):
        if sites[0, j] != sites[2, j] or sites[1, j] != sites[3, j]:
            return False
    return True


@compiled_ieee
def driven(
    order: Ints, drive: Floats, floor: Floats, i: int, sites: Bits, pace: Floats, late: Floats
) -> None:
    """Write the minutes of the nearest crew where the order of sites changes with the speed."""
    for lane in range(len(late)):
        late[lane] = np.inf
    for k in range(drive.shape[1]):
        there = sites[2, order[i, k]]
        while there != _NONE:
            lane = lowest(there)
            late[lane] = min(late[lane], max(drive[i, k] * pace[lane], floor[i, k]))
            there &= there - _ONE


@compiled_ieee
def arrive(shortest: float, pace: Floats, wait: Floats, doubt: Any, late: Floats) -> None:
    """Turn the nearest crew's drive at today's speed into minutes from the call.

    NaN where none comes, and in the scenarios of `doubt`, where it is not known of some site
    whether it has a crew.
    """
    for lane in range(len(late)):
        drive = late[lane] * pace[lane]
        late[lane] = drive if drive > shortest else shortest
    for lane in range(len(late)):
        late[lane] = late[lane] + wait[lane] if late[lane] < np.inf else np.nan
    while doubt != _NONE:
        late[lowest(doubt)] = np.nan
        doubt &= doubt - _ONE


@compiled_ieee
def unsure(sites: Bits, row: int) -> Any:
    """Give the scenarios in which something is not known of some site."""
    some = _NONE
    for j in range(sites.shape[1]):
        some |= sites[row, j]
    return some
