"""Run the benchmarks of scoring: ``python -m benchmarks.scoring [tables|linear|products]``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

from benchmarks.apart import leave_no_child_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

SUBJECTS = ("tables", "linear", "products")


def main(words: Sequence[str], when: datetime) -> int:
    """Run the subject that the first word names, or all of them with the same options."""
    named = words[:1] if words and words[0] in SUBJECTS else SUBJECTS
    options = words[1:] if named != SUBJECTS else words
    codes = []
    for subject in named:  # each loads only what it needs
        codes.append(import_module(f"benchmarks.scoring.{subject}").main(options, when))
        print()
    return max(codes)


if __name__ == "__main__":
    leave_no_child_behind()
    sys.exit(main(sys.argv[1:], datetime.now(UTC)))
