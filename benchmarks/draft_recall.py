"""How much of the norm files written by hand the drafted proposals find.

Run ``RESALLOC_PLAN_TEXTS=<folder of the texts> python -m benchmarks.draft_recall``.

A record written by hand is *found* when some proposal's quote overlaps one of its quotes in the
text, white space aside, and one of its printed figures is among the proposal's. A proposal is
*right* when it overlaps some record with an equal figure. A quote stands wherever its words do.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from resalloc.norms.draft.draft import draft_file
from resalloc.norms.draft.proposal import figures_of
from resalloc.norms.read import plans, read_norms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from resalloc.norms.draft.proposal import Proposal
    from resalloc.norms.norm import Norm

HELD_OUT = "wushan-2025"
RIGHT = ("year", "direction", "indicator", "nature")
BANDS = (0.0, 0.4, 0.6, 0.8, 1.01)
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Measured:
    """What was found of one plan.

    Parameters
    ----------
    plan
        Its id.
    records, found
        Records with a printed figure, and how many of them were found.
    proposals, right
        Proposals, and how many of them overlap a record with an equal figure.
    year, sense, indicator, nature
        How many of the found have the right one in a proposal that finds them.
    without
        Records without a printed figure, which are left out.
    bands
        Proposals and right ones by confidence.
    missed, wrong
        The records not found and the proposals not right.
    """

    plan: str
    records: int
    found: int
    proposals: int
    right: int
    year: int
    sense: int
    indicator: int
    nature: int
    without: int
    bands: tuple[tuple[int, int], ...]
    missed: tuple[Norm, ...]
    wrong: tuple[Proposal, ...]

    @property
    def recall(self) -> float:
        """Share of the records found."""
        return self.found / self.records if self.records else 0.0

    @property
    def precision(self) -> float:
        """Share of the proposals that are right."""
        return self.right / self.proposals if self.proposals else 0.0


def measure(plan: str, norms: Iterable[Norm], proposals: Sequence[Proposal], text: str) -> Measured:
    """Compare the proposals for a text with the records written by hand."""
    bare = _bare(text)
    drafts = [
        (one, one.figures, _spans([one.quote, *(s.quote for s in one.also)], bare))
        for one in proposals
    ]
    found: list[tuple[Norm, list[Proposal]]] = []
    missed: list[Norm] = []
    right: set[str] = set()
    without = 0
    for norm in norms:
        figures = _figures(norm)
        spans = _spans([norm.says.quote, *(place.quote for place in norm.says.also)], bare)
        touching = [one for one, own, at in drafts if _equal(figures, own) and _overlap(spans, at)]
        right.update(one.id for one in touching)
        if not figures:
            without += 1
        elif touching:
            found.append((norm, touching))
        else:
            missed.append(norm)
    bands = []
    for low, high in pairwise(BANDS):
        inside = [one for one in proposals if low <= one.confidence < high]
        bands.append((len(inside), sum(one.id in right for one in inside)))
    return Measured(
        plan,
        records=len(found) + len(missed),
        found=len(found),
        proposals=len(proposals),
        right=len(right),
        year=sum(any(_years(n) & _drafted_years(p) for p in ps) for n, ps in found),
        sense=sum(any(n.reads.sense == p.sense for p in ps) for n, ps in found),
        indicator=sum(any(n.reads.indicator == p.indicator for p in ps) for n, ps in found),
        nature=sum(any(n.says.nature == p.nature for p in ps) for n, ps in found),
        without=without,
        bands=tuple(bands),
        missed=tuple(missed),
        wrong=tuple(one for one in proposals if one.id not in right),
    )


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _spans(quotes: Iterable[str], text: str) -> Spans:
    """Find every place where one of the quotes stands."""
    found = []
    for quote in map(_bare, quotes):
        start = text.find(quote)
        while start >= 0:
            found.append((start, start + len(quote)))
            start = text.find(quote, start + 1)
    return tuple(found)


def _overlap(one: Spans, other: Spans) -> bool:
    return any(a < d and c < b for a, b in one for c, d in other)


def _figures(norm: Norm) -> set[float]:
    """Give every figure of a record, those printed elsewhere and a project's sizes included."""
    found = set(figures_of(norm.reads.values, norm.reads.baseline, norm.reads.project))
    for place in norm.says.also:
        found |= figures_of(place.prints, {}, None)
    return found


def _equal(one: Iterable[float], other: Iterable[float]) -> bool:
    return any(abs(a - b) <= 1e-6 * max(1.0, abs(a)) for a in one for b in other)


def _years(norm: Norm) -> set[tuple[int, bool]]:
    return {(year, True) for year in norm.reads.values} | {
        (year, False) for year in norm.reads.baseline
    } or {(0, True)}


def _drafted_years(one: Proposal) -> set[tuple[int, bool]]:
    return {(year, True) for year in one.values} | {(year, False) for year in one.baseline} or {
        (0, True)
    }


def measure_plan(plan: str, folder: Path, *, names: Sequence[str] = ()) -> Measured:
    """Measure one bundled plan, whose text lies in `folder`.

    Parameters
    ----------
    plan
        Its id.
    folder
        Where the texts lie.
    names
        Norm files to measure against instead of the bundled one.
    """
    first = read_norms(plan)
    norms = [norm for name in names for norm in read_norms(name)] if names else list(first)
    path = folder / first.document.file
    return measure(plan, norms, draft_file(path), path.read_text(encoding="utf-8"))


def table(results: Sequence[Measured]) -> str:
    """Print the results as a Markdown table."""
    head = ("plan", "records", "found", "recall", "proposals", "precision", *RIGHT)
    lines = [f"| {' | '.join(head)} |", "|---|" + "--:|" * 9]
    for one in results:
        of = max(1, one.found)
        shares = (one.year / of, one.sense / of, one.indicator / of, one.nature / of)
        held = " (held out)" if one.plan == HELD_OUT else ""
        lines.append(
            f"| {one.plan}{held} | {one.records} | {one.found} | {one.recall:.2f}"
            f" | {one.proposals} | {one.precision:.2f} | "
            + " | ".join(f"{share:.2f}" for share in shares)
            + " |"
        )
    lines += ["", "| confidence | proposals | right |", "|---|--:|--:|"]
    for index, (low, high) in enumerate(pairwise(BANDS)):
        count = sum(one.bands[index][0] for one in results)
        right = sum(one.bands[index][1] for one in results)
        lines.append(
            f"| {low:.1f} to {min(high, 1.0):.1f} | {count} | {right / max(1, count):.2f} |"
        )
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Measure every bundled plan whose text is at hand, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.draft_recall", description=__doc__)
    parser.add_argument("--plan", action="append", choices=plans(), help="a plan; may be repeated")
    parser.add_argument(
        "--show", action="store_true", help="print what is missed and what is wrong"
    )
    parser.add_argument("--held-out", action="store_true", help="measure the held-out plan too")
    asked = parser.parse_args(words)
    folder = Path(os.environ.get("RESALLOC_PLAN_TEXTS", ""))
    chosen = asked.plan or [plan for plan in plans() if plan != HELD_OUT or asked.held_out]
    there = [plan for plan in chosen if (folder / read_norms(plan).document.file).is_file()]
    if not os.environ.get("RESALLOC_PLAN_TEXTS") or not there:
        print("Set RESALLOC_PLAN_TEXTS to the folder of the plans' texts.", file=sys.stderr)
        return 2
    results = [measure_plan(plan, folder) for plan in there]
    if asked.show:
        for one in results:
            for norm in one.missed:
                print(f"{one.plan} missed {norm.id}: {norm.says.quote} {sorted(_figures(norm))}")
            for draft in one.wrong:
                shown = f"{draft.quote} {sorted(draft.figures)}"
                print(f"{one.plan} wrong {draft.id} {draft.confidence}: {shown}")
    print(table(results))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
