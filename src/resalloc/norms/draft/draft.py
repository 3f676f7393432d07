"""From the text of a plan to proposed norms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resalloc.errors import one_fault
from resalloc.norms.draft.dates import period_of, printed_period
from resalloc.norms.draft.judge import judged
from resalloc.norms.draft.layout import Paragraph, blocks
from resalloc.norms.draft.merge import merged, numbered
from resalloc.norms.draft.prose import clauses
from resalloc.norms.draft.tables import table_clauses

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from resalloc.norms.draft.proposal import Clause, Proposal


def draft_norms(text: str, *, years: tuple[int, int] | None = None) -> tuple[Proposal, ...]:
    r"""Propose norms from the plain text of a plan.

    Parameters
    ----------
    text
        Paragraphs; a table with one cell per line, each starting with a tab, and an empty line
        between its rows.
    years
        First and last year of the plan; without it, as its title or its words say.

    Returns
    -------
    tuple of Proposal
        In the text's order, each with an id of its own; the same text gives the same proposals.

    Examples
    --------
    >>> (one,) = draft_norms("二、目标\n到2025年，每千人口注册护士数达到4.7人。")
    >>> one.id, one.sense, dict(one.values), one.where, one.confidence
    ('nurses_per_1000', '>=', {2025: 4.7}, '二', 0.85)
    >>> draft_norms("没有数字的文字。")
    ()
    """
    period = years or period_of(text)
    known = years is not None or printed_period(text) is not None
    found = (clause for clause in _clauses(text, period, known=known) if clause.quote)
    return numbered(merged(map(judged, found)))


def _clauses(text: str, period: tuple[int, int], *, known: bool) -> Iterator[Clause]:
    for block in blocks(text):
        if isinstance(block, Paragraph):
            place = block.place
            yield from clauses(block.text, str(place), period, past=place.past)
        else:
            yield from table_clauses(block, period, known=known)


def draft_file(path: Path) -> tuple[Proposal, ...]:
    """Propose norms from a plan's text in a file.

    Parameters
    ----------
    path
        A text file in UTF-8.

    Raises
    ------
    InputError
        The file is missing, is not UTF-8, is empty, or has no figure in it.

    Examples
    --------
    >>> from pathlib import Path
    >>> draft_file(Path("no_such_plan.txt"))
    Traceback (most recent call last):
    resalloc.errors.InputError: 1 fault in the input:
      - no_such_plan.txt: the file does not exist. Check the name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise one_fault(str(path), "the file does not exist.", "Check the name.") from None
    except UnicodeDecodeError as error:
        what = f"the file is not UTF-8 ({error.reason} at byte {error.start})."
        remedy = "Save the plan's text as UTF-8; a PDF or Word file must be turned into text first."
        raise one_fault(path.name, what, remedy) from None
    if not text.strip():
        raise one_fault(path.name, "the file is empty.", "Give the plain text of a plan.")
    proposals = draft_norms(text)
    if not proposals:
        remedy = "Is it the plan's text, and did its tables come with it?"
        raise one_fault(path.name, "no figure or dated task was found.", remedy)
    return proposals
