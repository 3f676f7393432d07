"""What ``lint``, ``norms compare`` and ``norms draft`` show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from resalloc.linting.finding import OPENING, SEVERITIES
from resalloc.linting.rule_names import rule_name
from resalloc.reporting.terminal import console
from resalloc.result.scorecard import target_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.linting.compare import Comparison
    from resalloc.linting.finding import Finding
    from resalloc.norms.draft.proposal import Proposal
    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet

_LEVEL_ZH = {"high": "须核对", "medium": "宜核对", "low": "提示"}
_LEVEL_EN = {"high": "to be checked", "medium": "worth checking", "low": "worth a look"}
_COLOURS = {"high": "red", "medium": "yellow", "low": "cyan"}


def show_findings(plan: NormSet, findings: Sequence[Finding], lang: str) -> None:
    """Print findings by severity, each with its places and its arithmetic."""
    out = console()
    zh = lang == "zh"
    levels = _LEVEL_ZH if zh else _LEVEL_EN
    out.print(f"[bold]{escape(plan.document.title)}[/bold]")
    if not findings:
        none = "未发现疑似不一致之处（所用规则见 docs/lint.md）。"
        out.print(none if zh else "Nothing found by these rules (docs/lint.md lists them).")
        return
    counts = {level: sum(f.severity == level for f in findings) for level in SEVERITIES}
    words = [f"{levels[level]} {counts[level]}" for level in SEVERITIES if counts[level]]
    out.print(f"{OPENING[lang]}: {'，'.join(words) if zh else ', '.join(words)}\n")
    for number, finding in enumerate(findings, start=1):
        colour = _COLOURS[finding.severity]
        label = escape(f"[{levels[finding.severity]}] {rule_name(finding.rule, lang)}")
        out.print(f"[{colour}]{number:>3}. {label}[/{colour}]")
        out.print(
            f"     {escape(finding.zh if zh else finding.en)}", highlight=False, soft_wrap=True
        )
        for place in finding.places:
            out.print(
                f"     · {escape(place.where)}  “{escape(place.quote)}”",
                highlight=False,
                soft_wrap=True,
            )


def show_comparison(comparison: Comparison, lang: str) -> None:
    """Print plans side by side, and below them the clauses that exclude each other."""
    out = console()
    zh = lang == "zh"
    table = Table(title=" · ".join(comparison.plans))
    table.add_column("指标" if zh else "indicator", overflow="fold")
    table.add_column("单位" if zh else "unit", overflow="fold")
    for plan in comparison.plans:
        table.add_column(plan, overflow="fold")
    for row in comparison.rows:
        label = row.indicator.label(lang)
        if row.scope != "district":
            label += f" · {row.scope}"
        cells = [
            "\n".join(_cell(norm, lang) for norm in row.clauses.get(p, ()))
            for p in comparison.plans
        ]
        unit = row.indicator.units.zh if zh else row.indicator.units.en
        table.add_row(label, unit, *(cell or "—" for cell in cells))
    out.print(table)
    if not comparison.clashes:
        none = f"在{len(comparison.rows)}项共有指标中未发现互斥的目标。"
        english = f"No targets that exclude each other among {len(comparison.rows)} in common."
        out.print(none if zh else english)
    for clash in comparison.clashes:
        out.print(f"· {escape(clash.message(lang))}", highlight=False, soft_wrap=True)


def show_proposals(proposals: Sequence[Proposal], lang: str) -> None:
    """Print proposed records, one a line; the surest are no more than proposals."""
    zh = lang == "zh"
    table = Table(title=f"条款草稿 · {len(proposals)}" if zh else f"proposed · {len(proposals)}")
    heads = ["置信度", "出处", "原文", "指标", "现值", "目标"]
    if not zh:
        heads = ["confidence", "where", "quote", "indicator", "state", "target"]
    for head in heads:
        table.add_column(head, overflow="fold")
    for each in proposals:
        sign = {">=": "≥", "<=": "≤", "==": "=", "between": ""}[each.sense]
        state = " ".join(f"{year}: {value:g}" for year, value in each.baseline.items())
        target = " ".join(f"{y}: {sign}{target_text(v)}" for y, v in each.values.items())
        indicator = each.indicator or "—"
        table.add_row(f"{each.confidence:.2f}", each.where, each.quote, indicator, state, target)
    console().print(table)


_NATURES = {"约束性": "binding", "预期性": "expected"}


def _cell(norm: Norm, lang: str) -> str:
    sign = {">=": "≥", "<=": "≤", "==": "=", "between": ""}[norm.reads.sense]
    mark = norm.reads.baseline_sign.replace(">=", "≥").replace("<=", "≤")
    words = [f"{year}: {mark}{value:g}" for year, value in norm.reads.baseline.items()]
    words += [f"→ {y}: {sign}{target_text(v)}" for y, v in norm.reads.values.items()]
    nature: str = "" if norm.says.nature == "none" else norm.says.nature
    if lang == "en":
        nature = _NATURES.get(nature, "")
    return " ".join([*words, nature]).strip()
