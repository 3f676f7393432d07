"""What a re-optimisation's page tells, worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from resalloc.sweep.reoptimise.chosen import Choice
    from resalloc.sweep.reoptimise.outcome import Outcome
    from resalloc.sweep.reoptimise.reoptimised import Reoptimised

NEW = ("crewed", "fever", "beds_total")
"""What the page tells place by place."""
SURE = 0.5


@dataclass(frozen=True, eq=False)
class Facts:
    """A re-optimisation with what is told of it.

    Parameters
    ----------
    found
        What came out.
    choices
        How often each decision is taken, and how much.
    """

    found: Reoptimised
    choices: tuple[Choice, ...]

    @classmethod
    def of(cls, found: Reoptimised) -> Facts:
        """Count the decisions."""
        return cls(found, found.choices())

    @property
    def count(self) -> int:
        """How many futures there are."""
        return len(self.found.outcomes)

    @property
    def planned(self) -> int:
        """In how many of them there is a plan."""
        return self.count - len(self.found.without_plan)

    def places(self, block: str) -> list[Choice]:
        """Give the decisions of a block, place by place."""
        return [c for c in self.choices if c.block == block and c.place]

    def whole(self, block: str) -> list[Choice]:
        """Give a block's decisions of the whole district."""
        return [c for c in self.choices if c.block == block and not c.place]

    def always(self, block: str) -> list[Choice]:
        """Give what every plan has and is not known to stand today, or what it has more of."""
        every = [choice for choice in self.places(block) if choice.always]
        if block == "beds_total":
            return sorted(every, key=lambda c: -c.added[1])
        return [choice for choice in every if not stands(choice)]

    def outcome(self, scenario: int) -> Outcome:
        """Give what came out for a future, by its number."""
        return next(o for o in (self.found.base, *self.found.outcomes) if o.scenario == scenario)

    @cached_property
    def alike(self) -> tuple[tuple[int, ...], ...]:
        """The plans, those that are the same in every amount together."""
        lots: list[list[int]] = []
        for plan in self.found.regret.plans if self.found.regret is not None else ():
            x = self.outcome(plan).x
            for lot in lots:
                first = self.outcome(lot[0]).x
                assert x is not None
                assert first is not None
                if np.array_equal(x, first, equal_nan=True):
                    lot.append(plan)
                    break
            else:
                lots.append([plan])
        return tuple(tuple(lot) for lot in lots)

    def avoidable(self, plan: int) -> int:
        """Give in how many futures a plan breaks a binding clause though some plan keeps all."""
        assert self.found.regret is not None
        return sum(self.outcome(future).usable for future in self.found.regret.breaks(plan))

    def lot(self, plan: int) -> tuple[int, ...]:
        """Give the plans that are the same as this one, itself among them."""
        return next(lot for lot in self.alike if plan in lot)


def stands(choice: Choice) -> bool:
    """Say whether it is known to be there today."""
    return choice.today > SURE
