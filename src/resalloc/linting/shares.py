"""Shares of institutions: institutions come whole."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from resalloc.linting.figures import last_place, quoted
from resalloc.linting.finding import Finding, Quoted, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.linting.facts import Facts
    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet

_FEW, _SMALL, _MOST = 5, 16, 200


def shares_of_one_group(plan: NormSet) -> Iterator[Finding]:
    """Find two shares of the same institutions that only six or more of them could give.

    50 % takes an even number, 66.67 % a multiple of three: together six, twelve, ...

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> (found,) = shares_of_one_group(read_norms("tongliang-2025"))
    >>> found.figures["fewest"]
    6
    """
    stated = [
        (norm, year, share)
        for norm in plan
        if _share_of(norm)
        for year, share in norm.reads.baseline.items()
    ]
    for (one, year, first), (other, other_year, second) in combinations(stated, 2):
        if year != other_year or _share_of(one) != _share_of(other):
            continue
        alone = [_fewest([(n, s)]) for n, s in ((one, first), (other, second))]
        together = _fewest([(one, first), (other, second)])
        if max(alone) > _FEW or together <= _FEW:
            continue
        yield Finding(
            "shares_of_one_group",
            "medium",
            f"{one.says.where}「{one.says.quote}」与{other.says.where}「{other.says.quote}」"
            "口径相同，"
            f"{year}年{number(first)}%和{number(second)}%须有至少{together}家机构才能同时成立。",
            f"{one.says.where} and {other.says.where} are shares of the same institutions:"
            f" {number(first)} % and {number(second)} % in {year} take {together} or more of them.",
            {"first": first, "second": second, "fewest": together},
            (quoted(one.says), quoted(other.says)),
            (one.id, other.id),
        )


def share_between_steps(plan: NormSet) -> Iterator[Finding]:
    """Find a target no whole number of the institutions gives that today's share implies.

    33.33 % is one of three (two of six, ...); 95 % of so few can only be reached as 100 %.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> [f.norms[0] for f in share_between_steps(read_norms("tongliang-2025"))]
    ['preventive_tcm_department_share']
    """
    for norm in plan:
        if not _share_of(norm) or not norm.reads.baseline or norm.reads.sense != ">=":
            continue
        year, share = max(norm.reads.baseline.items())
        few = _fewest([(norm, share)])
        for due, target in norm.reads.values.items():
            if isinstance(target, tuple) or not share < target < 100 or not 1 < few <= _FEW:
                continue
            counts = range(few, _SMALL, few)
            steps = {100.0 * k / count for count in counts for k in range(count + 1)}
            if min(abs(target - step) for step in steps) < 0.5:
                continue
            yield Finding(
                "share_between_steps",
                "low",
                f"{norm.says.where}「{norm.says.quote}」：{year}年{number(share)}%应为{few}家"
                f"（或其倍数），{due}年目标{number(target)}%只有全部达到才能实现。",
                f"{norm.says.where}: {number(share)} % in {year} is a share of {few} institutions"
                f" (or a multiple); {number(target)} % by {due} can only be reached as 100 %.",
                {"share": share, "institutions": few, "target": target},
                (quoted(norm.says),),
                (norm.id,),
            )


def whole_institutions(plan: NormSet, facts: Facts) -> Iterator[Finding]:
    """Find a share of institutions, said to be reached, that no whole number of them gives.

    66.67 % of two hospitals is none, one or two of them: 0, 50 or 100 %.

    Examples
    --------
    >>> from resalloc.district.read import read_district
    >>> from resalloc.linting.facts import facts_of
    >>> from resalloc.norms.read import read_norms
    >>> facts = facts_of(read_district("tongliang"))
    >>> [f.norms[0] for f in whole_institutions(read_norms("tongliang-2025"), facts)]
    ['preventive_tcm_department_share', 'geriatric_department_share']
    """
    for norm in plan:
        group = _share_of(norm)
        count = facts.institutions.get(group, 0) if group else 0
        if not count:
            continue
        for year, share in norm.reads.baseline.items():
            exact = last_place(share, norm.says.quote)
            reachable = [100.0 * k / count for k in range(count + 1)]
            if min(abs(share - value) for value in reachable) <= exact:
                continue
            near = sorted(reachable, key=lambda value: abs(value - share))[:2]
            yield Finding(
                "whole_institutions",
                "low",
                f"{norm.says.where}「{norm.says.quote}」：{year}年{number(share)}%，而所用机构名录"
                f"（可能不全）中此类机构{count}家，最接近的是"
                f"{'或'.join(f'{number(v)}%' for v in sorted(near))}。",
                f"{norm.says.where}: {number(share)} % in {year}, but {count} such institutions are"
                f" on the list used (it may not be whole); nearest"
                f" {' or '.join(f'{number(v)} %' for v in sorted(near))}.",
                {"share": share, "institutions": count},
                (
                    quoted(norm.says),
                    Quoted(f"{count}家", f"{facts.name}（机构名录 institutions.csv）"),
                ),
                (norm.id,),
            )


def _fewest(shares: list[tuple[Norm, float]]) -> int:
    """Give the least number of institutions of which all the shares can be."""
    for count in range(1, _MOST):
        if all(
            min(abs(share - 100.0 * k / count) for k in range(count + 1))
            <= last_place(share, norm.says.quote)
            for norm, share in shares
        ):
            return count
    return _MOST


def _share_of(norm: Norm) -> str:
    """Give the group of institutions a share is of, if it is one."""
    indicator = norm.indicator
    if indicator is None or indicator.unit != "percent" or len(indicator.per) != 1:
        return ""
    block, _, group = indicator.per[0].partition("@")
    return group if block == "institutions" else ""
