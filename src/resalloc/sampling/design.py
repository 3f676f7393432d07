"""A design: which scenarios there are, each by its number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from resalloc.errors import Fault, InputError, one_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from resalloc.problem.scenario import Batch, Factor

BLOCK = 4096
"""Scenarios that are drawn together; a sampler always draws whole blocks."""

LARGEST = 2**63 - 1


class Design(Protocol):
    """Scenarios by number: the same whatever the chunks, the process or the order asked for."""

    @property
    def factors(self) -> tuple[Factor, ...]:
        """What differs between the scenarios."""
        ...

    def __len__(self) -> int: ...

    def rows(self, low: int, high: int) -> Batch:
        """Give the scenarios `low` to `high` − 1, counted from 0."""
        ...


def check_rows(design: Design, low: int, high: int) -> None:
    """Refuse scenarios that the design does not have.

    Raises
    ------
    InputError
        They lie outside 0 … size, or `low` is above `high`.
    """
    if not 0 <= low <= high <= len(design):
        what = f"{low} to {high} are asked for; there are {len(design)}."
        raise one_fault("scenarios", what, "Ask for 0 ≤ low ≤ high ≤ their number.")


def size_faults(size: int, seed: int) -> Iterator[Fault]:
    """Tell what is wrong with the number of scenarios or the seed of a sampler."""
    if not 1 <= size <= LARGEST:
        yield Fault("size", f"{size} scenarios cannot be drawn.", "Give 1 or more.")
    if seed < 0:
        yield Fault("seed", f"{seed} is negative.", "Give a whole number, 0 or more.")


def name_faults(factors: Sequence[Factor]) -> Iterator[Fault]:
    """Tell which names are borne by two factors, and whether there is none at all."""
    if not factors:
        yield Fault("factors", "there is none.", "Say what differs between the scenarios.")
    names = [factor.name for factor in factors]
    for name in dict.fromkeys(n for n in names if names.count(n) > 1):
        yield Fault(f"factor '{name}'", "is named twice.", "Give each a name of its own.")


def refuse(faults: Sequence[Fault]) -> None:
    """Raise the faults, if there are any."""
    if faults:
        raise InputError(faults)
