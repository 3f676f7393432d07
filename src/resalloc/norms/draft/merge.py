"""One proposal for a clause that is printed at several places."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from resalloc.norms.draft.proposal import Spot
from resalloc.norms.indicator import indicators

if TYPE_CHECKING:
    from collections.abc import Iterable

    from resalloc.norms.draft.proposal import Proposal

_SURE = 0.55
_SUFFIX = re.compile(r"_(?:pct|per_mille|years|min|hours|days|km|wan|yi)$")


def merged(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Join proposals that print the same: the same words, or the same indicator and figures.

    A row of a table leads; else the first place does. A row without a printed direction takes
    that of the body.

    Examples
    --------
    >>> from resalloc.norms.draft.judge import judged
    >>> from resalloc.norms.draft.proposal import Clause
    >>> clause = Clause(
    ...     "注册护士数达到4.7人", "三", ("每千人口注册护士数",), "人", values={2025: 4.7}
    ... )
    >>> (one,) = merged([judged(clause), judged(replace(clause, where="四"))])
    >>> [spot.where for spot in one.also]
    ['四']
    """
    kept: list[Proposal] = []
    for proposal in proposals:
        same = [other for other in kept if _same(other, proposal)]
        if not same:
            kept.append(proposal)
            continue
        at = kept.index(same[0])
        for other in same[1:] if _row(proposal) else ():
            kept.remove(other)
            proposal = _joined(proposal, other)
        kept[at] = _joined(kept[at], proposal)
    return tuple(kept)


def _same(one: Proposal, other: Proposal) -> bool:
    if one.project or other.project or one.rows or other.rows:
        return False
    if one.indicator != other.indicator or one.unit != other.unit:
        return False
    words = re.sub(r"\s", "", one.quote) == re.sub(r"\s", "", other.quote)
    if (
        words
        and not (_row(one) and _row(other))
        and (one.where != other.where or one.values == other.values)
    ):
        return (one.values, one.baseline) == (other.values, other.baseline)
    if one.indicator in {"", "task_done"} or min(one.confidence, other.confidence) < _SURE:
        return False
    if _row(one) and _row(other):
        return False
    fits = not one.baseline or not other.baseline or one.baseline == other.baseline
    return _within(one, other) and fits


def _within(one: Proposal, other: Proposal) -> bool:
    """Tell whether the targets are the same, or those of one place are among a row's."""
    if one.values and one.values == other.values:
        return True
    few, many = sorted((one, other), key=lambda each: len(each.values))
    state = bool(few.baseline) and few.baseline == many.baseline
    return _row(many) and (bool(few.values) or state) and few.values.items() <= many.values.items()


def _row(proposal: Proposal) -> bool:
    return "row of a table" in proposal.evidence


def _joined(first: Proposal, second: Proposal) -> Proposal:
    lead, other = (second, first) if _row(second) and not _row(first) else (first, second)
    spots = (*lead.also, Spot(other.quote, other.where), *other.also)
    told = any(word.startswith("direction") for word in lead.evidence)
    firm = [word for word in other.evidence if word.startswith("direction")]
    if not told and firm and other.values and other.sense != "between":
        lead = replace(lead, sense=other.sense, evidence=(*lead.evidence, f"{firm[0]} elsewhere"))
    return replace(
        lead,
        also=tuple(
            dict.fromkeys(
                spot for spot in spots if spot.quote != lead.quote or spot.where != lead.where
            )
        ),
        baseline=lead.baseline or other.baseline,
        confidence=round(min(1.0, max(lead.confidence, other.confidence) + 0.05), 2),
        evidence=(
            *lead.evidence,
            *(() if "printed twice" in lead.evidence else ("printed twice",)),
        ),
    )


def numbered(proposals: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Give every proposal an id of its own, after its indicator.

    One that only states what is so far has ``_state`` after it: the plain id is the target's.

    Examples
    --------
    >>> from resalloc.norms.draft.judge import judged
    >>> from resalloc.norms.draft.proposal import Clause
    >>> clause = Clause(
    ...     "注册护士数达到4.7人", "三", ("每千人口注册护士数",), "人", values={2025: 4.7}
    ... )
    >>> [one.id for one in numbered([judged(clause), judged(clause)])]
    ['nurses_per_1000', 'nurses_per_1000_2']
    """
    used: dict[str, int] = {}
    named: list[Proposal] = []
    for proposal in proposals:
        stem = _stem(proposal)
        used[stem] = used.get(stem, 0) + 1
        count = used[stem]
        while count > 1 and f"{stem}_{count}" in used:
            count += 1
        numbered_stem = (
            stem
            if count == 1 and proposal.indicator not in {"", "task_done"}
            else f"{stem}_{count}"
        )
        used.setdefault(numbered_stem, 1)
        named.append(replace(proposal, id=numbered_stem))
    return tuple(_with_total(one, named) for one in named)


def _with_total(total: Proposal, named: list[Proposal]) -> Proposal:
    """Give a total the ids of its rows."""
    if not total.rows:
        return total
    spots = set(total.rows)
    rows = [one.id for one in named if one.project and Spot(one.quote, one.where) in spots]
    return replace(total, total_of=tuple(rows))


def _stem(proposal: Proposal) -> str:
    if proposal.project is not None:
        return "project"
    if not proposal.indicator:
        return "clause"
    if proposal.indicator == "task_done":
        return "task"
    state = "_state" if proposal.baseline and not proposal.values else ""
    return _SUFFIX.sub("", indicators()[proposal.indicator].id) + state
