"""A plan's norms together, and the norms due at a date."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from resalloc.errors import Fault, InputError, did_you_mean, one_fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from resalloc.norms.document import Document
    from resalloc.norms.norm import Norm, Sense, Target

Between = Literal["last", "next", "linear"]
_NUMBER = r"([-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?)"
_SETTING = re.compile(rf"^\s*(~?)\s*(<=|>=|==|≤|≥|=)?\s*{_NUMBER}\s*(?:\.\.\s*{_NUMBER})?\s*$")
_SIGNS: dict[str, Sense] = {"<=": "<=", "≤": "<=", ">=": ">=", "≥": ">=", "==": "==", "=": "=="}


@dataclass(frozen=True)
class NormSet:
    """The clauses of one plan, in the document's order.

    Parameters
    ----------
    document
        Where they come from.
    norms
        Every clause, used or not.
    years
        The years asked for with :meth:`at`; empty before.
    changes
        What the user changed in this run, in words, for the report.

    Examples
    --------
    >>> from resalloc.norms.read import read_norms
    >>> plan = read_norms("tongliang-2025").at(2025)
    >>> plan["mean_response_min"].reads.values
    {2025: 16.0}
    """

    document: Document
    norms: tuple[Norm, ...]
    years: tuple[int, ...] = ()
    changes: tuple[str, ...] = field(default=())

    def __iter__(self) -> Iterator[Norm]:
        return iter(self.norms)

    def __len__(self) -> int:
        return len(self.norms)

    def __getitem__(self, norm_id: str) -> Norm:
        for norm in self.norms:
            if norm.id == norm_id:
                return norm
        raise one_fault(
            f"plan {self.document.id}",
            f"there is no norm '{norm_id}'.",
            did_you_mean(norm_id, (norm.id for norm in self.norms)),
        )

    def milestones(self) -> tuple[int, ...]:
        """Give every year in which some norm is due."""
        return tuple(sorted({year for norm in self.norms for year in norm.reads.values}))

    def last_year(self) -> int | None:
        """Give the last year within the plan's period in which some norm is due.

        Examples
        --------
        >>> from resalloc.norms.read import read_norms
        >>> read_norms("tongliang-2025").last_year()
        2025
        """
        years = self.milestones()
        within = [year for year in years if year <= self.document.period[1]]
        return max(within or years, default=None)

    def at(self, *years: int, between: Between = "last") -> NormSet:
        """Give the norms as they are due in `years`.

        Parameters
        ----------
        *years
            Years to plan for.
        between
            A figure is due *by* its date. In a year between two milestones
            ``"last"`` keeps the last one due (none before the first), ``"next"``
            already asks for the next one, ``"linear"`` draws the straight path
            from the baseline or the last milestone.

        Returns
        -------
        NormSet
            Every norm kept, with targets for `years` only; a norm not yet due
            has none.
        """
        if not years:
            raise one_fault("years", "no year was given.", "Name at least one, e.g. at(2025).")
        wanted = tuple(sorted(set(years)))
        norms = tuple(_with_values(n, _due(n, wanted, between)) for n in self.norms)
        return replace(self, norms=norms, years=wanted)

    def asked_of(self, year: int) -> NormSet:
        """Give the same targets asked of another year, e.g. of today's district."""
        norms = tuple(
            _with_values(n, {year: n.reads.values[max(n.reads.values)]}) if n.reads.values else n
            for n in self.norms
        )
        return replace(self, norms=norms, years=(year,))

    def override(self, settings: Mapping[str, str]) -> NormSet:
        """Give the norms with some targets set by the user.

        Parameters
        ----------
        settings
            Norm id to ``"<=7.5"``, ``">=8"``, ``"==8"`` or ``"2..5"``. A setting is
            binding; with ``~`` before it (``"~>=8"``) it is expected.

        Raises
        ------
        InputError
            A norm is unknown or context only, or a setting cannot be read; all at once.
        """
        plan = self
        faults: list[Fault] = []
        for norm_id, text in settings.items():
            where = f"--set {norm_id}={text}"
            match = _SETTING.match(text)
            if norm_id not in {n.id for n in plan.norms}:
                remedy = did_you_mean(norm_id, (n.id for n in plan.norms))
                faults += one_fault(where, f"there is no norm '{norm_id}'.", remedy).faults
                continue
            if match is None or not (match[2] or match[4]):
                remedy = 'Write a sign and a number, e.g. "<=7.5", ">=8", "==8" or "2..5".'
                faults += one_fault(where, f"'{text}' is not a target.", remedy).faults
                continue
            if match[4] is not None and float(match[3]) > float(match[4]):
                remedy = "Write the low end first."
                faults += one_fault(where, "the low end is above the high end.", remedy).faults
                continue
            norm = plan[norm_id]
            if norm.use == "context":
                remedy = "Only constraint and score norms have a target to set."
                faults += one_fault(where, "that norm is context only.", remedy).faults
                continue
            plan = plan._set(norm, match, text.strip())
        if faults:
            raise InputError(faults)
        return plan

    def relax(self, *norm_ids: str) -> NormSet:
        """Give the norms with some of them expected (soft) instead of binding."""
        for norm_id in norm_ids:
            self[norm_id]
        norms = tuple(
            n.model_copy(update={"reads": n.reads.model_copy(update={"binding": False})})
            if n.id in norm_ids
            else n
            for n in self.norms
        )
        words = tuple(f"{norm_id}: read as expected, not binding" for norm_id in norm_ids)
        return replace(self, norms=norms, changes=self.changes + words)

    def _set(self, norm: Norm, match: re.Match[str], text: str) -> NormSet:
        soft, sign, low, high = match.groups()
        target: Target = float(low) if high is None else (float(low), float(high))
        sense = "between" if high is not None else _SIGNS.get(sign or "", norm.reads.sense)
        due = norm.reads.values or dict.fromkeys(self.years, 0.0)
        reads = norm.reads.model_copy(
            update={
                "sense": sense,
                "binding": soft != "~",
                "values": dict.fromkeys(due, target),
            }
        )
        changed = norm.model_copy(update={"reads": reads})
        return replace(
            self,
            norms=tuple(changed if n.id == norm.id else n for n in self.norms),
            changes=(*self.changes, f"{norm.id}: set to {text} by the user"),
        )


def _with_values(norm: Norm, values: dict[int, Target]) -> Norm:
    return norm.model_copy(update={"reads": norm.reads.model_copy(update={"values": values})})


def _due(norm: Norm, years: tuple[int, ...], between: Between) -> dict[int, Target]:
    printed = norm.reads.values
    found: dict[int, Target] = {}
    for year in years:
        before = [y for y in printed if y <= year]
        after = [y for y in printed if y > year]
        if year in printed or (between == "last" and before) or (before and not after):
            found[year] = printed[max(before)]
        elif between == "next" and after:
            found[year] = printed[min(after)]
        elif between == "linear" and after:
            path = _on_the_path(norm, year, before, min(after))
            if path is not None:
                found[year] = path
    return found


def _on_the_path(norm: Norm, year: int, before: list[int], after: int) -> Target | None:
    printed, baseline = norm.reads.values, norm.reads.baseline
    start = max(before) if before else max((y for y in baseline if y < year), default=None)
    if start is None:
        return None
    first: Target = printed[start] if before else baseline[start]
    last = printed[after]
    if isinstance(first, tuple) or isinstance(last, tuple):
        return None
    return first + (last - first) * (year - start) / (after - start)
