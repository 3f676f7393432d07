"""One clause, two strengths: a wish here and a promise there, a start here and an end there."""

from __future__ import annotations

import difflib
import re
from itertools import combinations
from typing import TYPE_CHECKING

from resalloc.linting.figures import quoted
from resalloc.linting.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.norms.norm import Norm, Place
    from resalloc.norms.normset import NormSet

_WEAK = re.compile("力争|争取|争创|努力|左右|预期(?!性|寿命)")
_BEGUN = re.compile("申请|启动|迎接|开工")
_DONE = re.compile("通过|完成|建成|投用|竣工")
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_ALIKE = 0.75


def strength_dropped(plan: NormSet) -> Iterator[Finding]:
    """Find a clause that is a wish (力争, 争取 …) in one place and a promise in another.

    Only places that print the same figure are held against each other.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> found = strength_dropped(read_norms("wansheng-2025"))
    >>> sorted({f.figures["word"] for f in found})
    ['争取', '力争', '努力']
    """
    told: set[tuple[str, ...]] = set()
    for norm in plan:
        places: tuple[Place, ...] = (norm.says, *norm.says.also)
        words = {word for place in places for word in _WEAK.findall(place.quote)}
        for word in sorted(words):
            weak = [place for place in places if word in _WEAK.findall(place.quote)]
            firm = [
                place
                for place in places
                if not _WEAK.search(place.quote) and _same_figure(norm, place, weak[0])
            ]
            key = (word, *(place.quote for place in (*weak, *firm)))
            if not firm or key in told or not norm.reads.values:
                continue
            told.add(key)
            yield Finding(
                "strength_dropped",
                "medium",
                f"{weak[0].where}「{weak[0].quote}」带有「{word}」，"
                f"{firm[0].where}「{firm[0].quote}」没有。",
                f"{weak[0].where} says '{word}', {firm[0].where} does not.",
                {"word": word},
                tuple(quoted(place) for place in (*weak, *firm)),
                (norm.id,),
            )


def stage_differs(plan: NormSet) -> Iterator[Finding]:
    """Find a task that one place only begins (申请, 启动 …) and another completes.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> list(stage_differs(read_norms("tongliang-2025")))
    []
    """
    for norm in plan:
        places: tuple[Place, ...] = (norm.says, *norm.says.also)
        for one, other in combinations(places, 2):
            stages = [_stage(place.quote) for place in (one, other)]
            if set(stages) != {"begun", "done"}:
                continue
            begun, done = (one, other) if stages[0] == "begun" else (other, one)
            yield Finding(
                "stage_differs",
                "medium",
                f"{begun.where}「{begun.quote}」，{done.where}「{done.quote}」，进度要求不同。",
                f"{begun.where} asks for a start, {done.where} for completion.",
                {},
                (quoted(begun), quoted(done)),
                (norm.id,),
            )
            break


def bracket_differs(plan: NormSet) -> Iterator[Finding]:
    """Find words in brackets that one place has and another leaves out: （诊室、哨点）, （诊室）.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> [f.figures["second"] for f in bracket_differs(read_norms("tongliang-2025"))]
    ['诊室']
    """
    clauses = [norm for norm in plan if norm.reads.values and _BRACKET.search(norm.says.quote)]
    for one, other in combinations(clauses, 2):
        if one.reads.values != other.reads.values or _unit(one) != _unit(other):
            continue
        first, second = (_listed(norm.says.quote) for norm in (one, other))
        if not first & second or not (first < second or second < first):
            continue
        if difflib.SequenceMatcher(a=_bare(one), b=_bare(other)).ratio() < _ALIKE:
            continue
        yield Finding(
            "bracket_differs",
            "medium",
            f"{one.says.where}「{one.says.quote}」与{other.says.where}「{other.says.quote}」"
            f"括号内范围不同：{'、'.join(sorted(first))}／{'、'.join(sorted(second))}。",
            f"{one.says.where} and {other.says.where} differ in their brackets.",
            {"first": "、".join(sorted(first)), "second": "、".join(sorted(second))},
            (quoted(one.says), quoted(other.says)),
            (one.id, other.id),
        )


def _same_figure(norm: Norm, one: Place, other: Place) -> bool:
    """Say whether two quotes print the same figures of the clause, or one prints none."""
    ends = {
        end
        for target in (*norm.reads.values.values(), *norm.reads.baseline.values())
        for end in (target if isinstance(target, tuple) else (target,))
    }
    printed = [
        {float(n) for n in re.findall(r"\d+(?:\.\d+)?", place.quote)} & ends
        for place in (one, other)
    ]
    return not printed[0] or not printed[1] or bool(printed[0] & printed[1])


def _stage(quote: str) -> str:
    begun, done = bool(_BEGUN.search(quote)), bool(_DONE.search(quote))
    return "both" if begun == done else ("begun" if begun else "done")


def _bare(norm: Norm) -> str:
    """Give a quote without brackets, figures and signs."""
    return re.sub(r"[\d\s.%≥≤]|约束性|预期性", "", _BRACKET.sub("", norm.says.quote))


def _listed(quote: str) -> set[str]:
    return {
        word
        for inside in _BRACKET.findall(quote)
        for word in re.split("[、，]", inside)
        if word and word not in "%‰张人个家年岁辆"
    }


def _unit(norm: Norm) -> str:
    return norm.indicator.unit if norm.indicator else ""
