"""What can go wrong, as values a planner can act on.

The tree::

    ResallocError
    ├── InputError        a file or an argument is not usable: all its faults at once
    ├── SolverError       the solver could not be run at all
    └── SweepError        a sweep could not go on; what it has kept stays

A :class:`Fault` says where, what and what to do next; an :class:`InputError`
carries every fault that was found, never only the first.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input.

    Parameters
    ----------
    where
        File, record and field, e.g. ``townships.csv, row 4, column lon``.
    what
        What was found there and why it cannot be used.
    remedy
        What to do next.
    """

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.remedy}".strip()


class ResallocError(Exception):
    """Anything resalloc raises on purpose."""


class InputError(ResallocError):
    """The input cannot be used; `faults` lists every reason found.

    Examples
    --------
    >>> error = InputError([Fault("townships.csv, row 4", "'lon' is empty.", "Give degrees east.")])
    >>> print(error)
    1 fault in the input:
      - townships.csv, row 4: 'lon' is empty. Give degrees east.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        count = len(self.faults)
        lines = "\n".join(f"  - {fault}" for fault in self.faults)
        return f"{count} fault{'s' if count != 1 else ''} in the input:\n{lines}"


class SolverError(ResallocError):
    """The solver could not be run: not installed, or it refused the model."""


class SweepError(ResallocError):
    """A sweep could not go on: a chunk failed, the disk is full. What it has kept stays."""


def one_fault(where: str, what: str, remedy: str = "") -> InputError:
    """Give the error of a single fault."""
    return InputError([Fault(where, what, remedy)])


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Give a sentence with the nearest known words, or with all of them if few.

    Examples
    --------
    >>> did_you_mean("disrict", ["district", "township"])
    "Did you mean 'district'?"
    >>> did_you_mean("x", ["a", "b"])
    'Known are: a, b.'
    """
    options = sorted(set(known))
    near = difflib.get_close_matches(word, options, n=3)
    if near:
        return "Did you mean " + " or ".join(f"'{option}'" for option in near) + "?"
    shown = ", ".join(options[:20]) + (", …" if len(options) > 20 else "")
    return f"Known are: {shown}."
