"""Proposals as a norm file, ready to be edited."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from resalloc.norms.draft.proposal import Proposal, Target

_HEAD = """\
# Proposed from the plan's text by rules. Nothing here is confirmed: read every record against the
# text, mend or remove it, then strike its CHECK. `use` is "score" or "context" throughout: which
# clauses the model is to keep (use = "constraint") is for the reader to say.
"""
_BECAUSE = {
    "score": ("Proposed by rules; to be confirmed.", "由规则提取，待确认。"),
    "context": (
        "Proposed by rules; its indicator or its target is to be confirmed.",
        "由规则提取，指标或目标值待确认。",
    ),
    "total": (
        "The printed total of the projects, proposed by rules; to be confirmed.",
        "规划所载项目合计，由规则提取，待确认。",
    ),
    "project": (
        "A capital project, proposed by rules; to be confirmed.",
        "属建设项目，由规则提取，待确认。",
    ),
}


def proposals_as_toml(proposals: Sequence[Proposal]) -> str:
    r"""Write proposals as a norm file that `read_norms` reads.

    Parameters
    ----------
    proposals
        Of one plan, each with an id of its own.

    Returns
    -------
    str
        TOML; before each record a comment says how sure it is and why. A record without an
        indicator, or without a target, and a total of projects have ``use = "context"``.

    Examples
    --------
    >>> from resalloc.norms.draft.draft import draft_norms
    >>> text = proposals_as_toml(draft_norms("到2025年，居民健康素养水平达到40%。"))
    >>> print("\n".join(text.splitlines()[4:9]))
    # confidence 0.85: indicator 1.00, unit agrees, direction 达到, year printed  CHECK
    [[norm]]
    id = "health_literacy"
    use = "score"
    because = "Proposed by rules; to be confirmed."
    """
    return "\n".join([_HEAD, *("\n".join(_record(each)) + "\n" for each in proposals)])


def _record(one: Proposal) -> Iterator[str]:
    use = "score" if one.indicator and one.values and not one.total_of else "context"
    kind = "project" if one.project else "total" if one.total_of else use
    because, because_zh = _BECAUSE[kind]
    yield f"# confidence {one.confidence:.2f}: {', '.join(one.evidence)}  CHECK"
    if not one.indicator and one.unit:
        yield f"# unit as printed: {one.unit}"
    yield "[[norm]]"
    yield f"id = {_text(one.id)}"
    yield f"use = {_text(use)}"
    yield f"because = {_text(because)}"
    yield f"because_zh = {_text(because_zh)}"
    yield "[norm.says]"
    yield f"quote = {_text(one.quote)}"
    yield f"where = {_text(one.where)}"
    yield f"nature = {_text(one.nature)}"
    if one.also:
        places = (f"{{ quote = {_text(s.quote)}, where = {_text(s.where)} }}" for s in one.also)
        yield f"also = [{', '.join(places)}]"
    yield "[norm.reads]"
    yield f"indicator = {_text(one.indicator)}"
    yield 'scope = "district"'
    yield f"sense = {_text(one.sense)}"
    yield f"binding = {'true' if one.nature == '约束性' else 'false'}"
    yield f"values = {_years(one.values)}"
    yield f"baseline = {_years(one.baseline)}"
    if one.total_of:
        yield f"total_of = {_value(one.total_of)}"
    if one.project is not None:
        yield "[norm.reads.project]"
        for field, value in one.project.model_dump(exclude_none=True).items():
            if value not in ("", ()):
                yield f"{field} = {_value(value)}"


def _years(by_year: Mapping[int, Target]) -> str:
    inside = ", ".join(f"{year} = {_value(value)}" for year, value in sorted(by_year.items()))
    return f"{{ {inside} }}" if inside else "{}"


def _value(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, float):
        return f"{int(value)}" if value.is_integer() else repr(value)
    return str(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
