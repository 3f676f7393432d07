"""A subject: something built once, and the phases that are timed on it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

Details = Callable[[Any], Mapping[str, float]]
Counts = Callable[[Any], Mapping[str, int]]


def no_details(answer: object) -> Mapping[str, float]:
    """Give nothing: most phases are a time and no more."""
    del answer
    return {}


def no_counts(case: object) -> Mapping[str, int]:
    """Give nothing: the subject has no size to tell."""
    del case
    return {}


@dataclass(frozen=True)
class Phase:
    """One thing that is timed.

    Parameters
    ----------
    name
        What is done.
    run
        Does it, given what the subject built.
    against
        The phase its time is divided by, ``subject: phase``; itself by default.
    repeats
        How often it is timed; the median counts.
    warm
        Run once before timing? Not for what takes long or starts a process.
    cheap
        Takes about a second at most, so that a smoke test can run it.
    details
        Further seconds read off what `run` gave, by name.
    """

    name: str
    run: Callable[[Any], object]
    against: str = ""
    repeats: int = 5
    warm: bool = True
    cheap: bool = True
    details: Details = no_details


@dataclass(frozen=True)
class Subject:
    """What is timed.

    Parameters
    ----------
    name
        For the table.
    build
        Makes what the phases need; not timed.
    phases
        In the order they are run.
    counts
        How large it is.
    """

    name: str
    build: Callable[[], Any]
    phases: tuple[Phase, ...]
    counts: Counts = no_counts


@dataclass(frozen=True)
class Timing:
    """What one phase took.

    Parameters
    ----------
    subject, phase
        Which.
    against
        Key of the phase it is compared with.
    seconds
        Of every repeat, in order.
    details
        Medians of the further seconds.
    """

    subject: str
    phase: str
    against: str
    seconds: tuple[float, ...]
    details: Mapping[str, float]

    @property
    def key(self) -> str:
        """How other phases refer to it."""
        return f"{self.subject}: {self.phase}"

    @property
    def median(self) -> float:
        """The middle of the repeats."""
        return median(self.seconds)


def timed(subject: Subject, phase: Phase, case: Any, most_repeats: int) -> Timing:
    """Time one phase.

    Parameters
    ----------
    subject, phase
        What.
    case
        What ``subject.build()`` gave.
    most_repeats
        Ceiling on the phase's own number of repeats.
    """
    if phase.warm:
        phase.run(case)
    seconds: list[float] = []
    details: list[Mapping[str, float]] = []
    for _ in range(max(1, min(phase.repeats, most_repeats))):
        begun = time.perf_counter()
        answer = phase.run(case)
        seconds.append(time.perf_counter() - begun)
        details.append(phase.details(answer))
    middle = {name: median(one[name] for one in details) for name in details[0]}
    against = phase.against or f"{subject.name}: {phase.name}"
    return Timing(subject.name, phase.name, against, tuple(seconds), middle)
