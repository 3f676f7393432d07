"""What the command line shows: tables for people, and the result as plain data."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resalloc.reporting.lines import places_met
from resalloc.reporting.notes import data_notes
from resalloc.reporting.texts import texts
from resalloc.result.scorecard import VERDICTS_ZH, Clause, Scorecard, number, target_text

if TYPE_CHECKING:
    from pathlib import Path

    from resalloc.norms.document import Document
    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet
    from resalloc.norms.project import Project
    from resalloc.problem.problem import Problem
    from resalloc.result.result import Result

_COLOURS = {"met": "green", "short": "red", "over": "magenta", "not_computable": "yellow"}
_HEADS = {
    "zh": ["出处", "指标", "现值", "目标", "差额", "单位", "状态", "性质", "原文"],
    "en": ["where", "indicator", "value", "target", "gap", "unit", "status", "nature", "quote"],
}


_WORK_ZH = {
    "solving": "正在求解",
    "writing the report": "正在写报告",
    "reading the run": "正在读取结果",
}


def console() -> Console:
    """Give a console on standard output that keeps tables readable in files and pipes."""
    wide = Console()
    return wide if wide.is_terminal else Console(width=160)


@contextmanager
def working(what: str, lang: str) -> Iterator[None]:
    """Show on standard error that something takes its time."""
    what = _WORK_ZH.get(what, what) if lang == "zh" else what
    with Console(file=sys.stderr).status(f"{what} …"):
        yield


def show_plans(documents: Sequence[Document], counts: Mapping[str, int], lang: str) -> None:
    """Print the bundled plans."""
    zh = lang == "zh"
    table = Table(title="规划" if zh else "plans")
    heads = ["编号", "名称", "印发单位", "规划期", "条款数"]
    for head in heads if zh else ["id", "title", "issuer", "period", "clauses"]:
        table.add_column(head)
    for document in documents:
        period = "–".join(str(year) for year in document.period)
        title = document.title if zh else document.title_en or document.title
        count = str(counts[document.id])
        table.add_row(document.id, title, document.issuer or "—", period, count)
    console().print(table)


def show_norms(norms: NormSet, lang: str) -> None:
    """Print one plan's clauses: what it says, how it is read, what it is used for."""
    table = Table(title=f"{norms.document.title} · {len(norms)}", show_lines=False)
    heads = {
        "zh": ["编号", "出处", "原文", "口径", "性质", "用途"],
        "en": ["id", "where", "quote", "reads", "nature", "use"],
    }
    for head in heads[lang]:
        table.add_column(head, overflow="fold")
    for norm in norms:
        indicator = norm.indicator
        targets = "; ".join(
            f"{year}: {norm.reads.sense} {target_text(target)}"
            for year, target in norm.reads.values.items()
        )
        label = indicator.label(lang) if indicator else "—"
        if norm.reads.project is not None:
            label = _project(norm.reads.project, lang)
        unit = f" {indicator.units.label(lang)}" if indicator and targets else ""
        condition = (
            (" 若 " if lang == "zh" else " if ") + norm.reads.when if norm.reads.when else ""
        )
        table.add_row(
            norm.id, norm.says.where, norm.says.quote, f"{label} {targets}{unit}{condition}",
            norm.says.nature.replace("none", "未注明") if lang == "zh" else norm.says.nature,
            _use(norm, lang),
        )  # fmt: skip
    console().print(table)


_SIZES = {
    "beds": ("张", "beds"),
    "beds_added": ("张（新增）", "beds added"),
    "places": ("个托位", "childcare places"),
    "area_m2": ("平方米", "m²"),
    "cost_wan": ("万元", "万元"),
    "cost_in_period_wan": ("万元（规划期内）", "万元 within the period"),
}


def _project(project: Project, lang: str) -> str:
    """Give a project's sizes in words; what is not printed is left out."""
    zh = lang == "zh"
    words = ["、".join(project.build)] if project.build else []
    for field, names in _SIZES.items():
        size = getattr(project, field)
        if size is not None:
            words.append(f"{size:,.10g} {names[0 if zh else 1]}")
    if project.start is not None:
        words.append(f"{project.start}–{project.end}" if project.end else f"{project.start}–")
    return "；".join(words) if zh else "; ".join(words)


_USES_ZH = {"constraint": "入模型", "score": "只评价", "context": "背景数据"}


def _use(norm: Norm, lang: str) -> str:
    """Say what a clause is used for, and why not for more."""
    zh = lang == "zh"
    use = _USES_ZH[norm.use] if zh else norm.use
    if norm.use != "constraint":
        return f"{use}：{norm.because_in(lang)}" if zh else f"{use}: {norm.because}"
    if not norm.reads.binding:
        return use
    return f"{use}（硬约束）" if zh else f"{use} (binding)"


def show_scorecard(card: Scorecard, lang: str, *, only_failing: bool = False) -> None:
    """Print a scorecard, one clause a line; table rows of one kind are drawn together."""
    table = Table(title=card.title)
    for head in _HEADS[lang]:
        table.add_column(head, overflow="fold", justify="right" if head in _NUMBERS else "left")
    for line in _lines(card, only_failing=only_failing):
        table.add_row(*_cells(line, lang))
    out = console()
    out.print(table)
    out.print(card.summary(lang))
    remarks = [c for c in card if c.remark and not c.remark.startswith("as reported")]
    for clause in remarks:
        out.print(f"· {clause.norm.id}: {clause.remark_in(lang)}")


_FEW, _BASES = 12, 2
_AMBULANCE = {"reach", "response"}
_NUMBERS = {"现值", "目标", "差额", "value", "target", "gap"}


def _lines(card: Scorecard, *, only_failing: bool) -> list[Clause]:
    quiet = {"context", "not_due"} | ({"met"} if only_failing else set())
    return [clause for clause in card if clause.verdict not in quiet]


def _cells(clause: Clause, lang: str) -> list[str]:
    norm, indicator = clause.norm, clause.norm.indicator
    assert indicator is not None
    unit = clause.unit(lang)
    status = VERDICTS_ZH[clause.verdict] if lang == "zh" else clause.verdict.replace("_", " ")
    if clause.places > 1 and clause.verdict != "not_computable":
        status += f" {places_met(clause)}/{clause.places}"
    if clause.missing and clause.value is None:
        status += ("：缺 " if lang == "zh" else ": needs ") + clause.missing_in(lang)
    name = indicator.label(lang)
    if clause.place and norm.reads.scope != "district":
        name += f" · {clause.place}"
    colour = _COLOURS.get(clause.verdict, "white")
    target = f"{clause.sense} {target_text(clause.target)}" if clause.target is not None else "—"
    if clause.sense == "between":
        target = target_text(clause.target)
    return [
        norm.says.where, name, number(clause.value), target, number(clause.gap), unit,
        f"[{colour}]{status}[/]", norm.says.nature.replace("none", "—"), norm.says.quote,
    ]  # fmt: skip


def show_assumed(problem: Problem, lang: str) -> None:
    """Print what the figures rest on: what is modelled and how, and what nobody knows."""
    zh = lang == "zh"
    notes = data_notes(problem)
    out = console()
    out.print("所依假设（可用 --assume 替换；全部列于报告）：" if zh
              else "It rests on (--assume replaces one; the report lists all):")  # fmt: skip
    for note in notes:
        if not note.modelled:
            continue
        told = [basis.zh if zh else basis.en for basis in note.bases]
        more = len(told) - _BASES
        rest = (f"；另有{more}项" if zh else f"; {more} more") if more > 0 else ""
        joined = ("；" if zh else "; ").join(told[:_BASES])
        title = note.title.zh if zh else note.title.en
        colon = "：" if zh else ": "
        line = f"  · {escape(title)}{colon}{escape(joined)}{rest}"
        out.print(line, highlight=False, soft_wrap=True)
    unknown = [note for note in notes if note.bases == (texts()["map.unknown"],)]
    if unknown:
        names = ("、" if zh else ", ").join(n.title.zh if zh else n.title.en for n in unknown)
        out.print(
            f"  · 不详（不按零处理）：{names}" if zh else f"  · not known, never zero: {names}"
        )


def assumed_as_list(problem: Problem) -> list[dict[str, Any]]:
    """Give the same as plain data."""
    return [
        {"topic": n.topic, "modelled": n.modelled, "basis": [b.en for b in n.bases],
         "basis_zh": [b.zh for b in n.bases]}
        for n in data_notes(problem)
    ]  # fmt: skip


def show_result(result: Result, lang: str) -> None:
    """Print a short scorecard of what was reached, then the state of the proof."""
    out = console()
    title = "规划前后" if lang == "zh" else "before and after"
    table = Table(title=f"{result.problem.district.name} · {title}")
    heads = {
        "zh": ["指标", "现状", "规划", "目标", "单位", "状态", "性质", "出处"],
        "en": ["indicator", "today", "plan", "target", "unit", "status", "nature", "where"],
    }
    earlier = sorted(result.after)[:-1]
    names = heads[lang]
    if earlier:
        names = [*names[:2], str(max(result.after)), *names[3:]]
    for head in (*names[:2], *(str(year) for year in earlier), *names[2:]):
        table.add_column(head, overflow="fold")
    shown = [clause for clause in result.scorecard if _in_short(clause)]
    shown = shown or [c for c in result.scorecard if c.norm.use == "constraint"][:_FEW]
    for clause in shown:
        cells = _cells(clause, lang)
        before = number(result.before[clause.norm.id].value)
        between = [number(result.after[year][clause.norm.id].value) for year in earlier]
        table.add_row(cells[1], before, *between, *cells[2:4], *cells[5:8], cells[0])
    out.print(table)
    rest = sum(clause.verdict == "met" for clause in result.scorecard if clause not in shown)
    if rest:
        zh = lang == "zh"
        out.print(f"另有 {rest} 条均已达到" if zh else f"and {rest} more clauses, all met")
    out.print(result.summary(lang))
    for point in result.out_of_reach[:10]:
        out.print(f"  · {point.sentence(lang)}")
    opened = new_stations(result)
    if opened:
        head = "新设站点" if lang == "zh" else "new stations"
        out.print(f"  {head} {len(opened)}: {', '.join(opened)}")
    show_assumed(result.problem, lang)


def _in_short(clause: Clause) -> bool:
    """Say whether a clause stands in the short table: a headline one, or one that fails."""
    if clause.norm.use != "constraint" or clause.verdict == "not_due":
        return False
    ambulance = clause.norm.indicator is not None and clause.norm.indicator.rule in _AMBULANCE
    return clause.norm.says.nature != "none" or ambulance or clause.verdict != "met"


def new_stations(result: Result) -> list[str]:
    """Give the candidate sites the plan opens."""
    if result.allocation is None:
        return []
    sites = result.problem.district.sites
    station = result.allocation.array("station")[:, -1] > 0.5
    chosen = station & sites["candidate"].to_numpy(dtype=bool)
    return [str(site) for site in sites.index[chosen]]


def show_paths(paths: Sequence[Path] | Mapping[str, Path]) -> None:
    """Print where files were written, the page last."""
    files = list(paths.values()) if isinstance(paths, Mapping) else list(paths)
    files.sort(key=lambda path: path.suffix == ".html")
    for path in files:
        Console(soft_wrap=True).print(str(path), highlight=False)


def result_as_dict(result: Result) -> dict[str, Any]:
    """Give a result as plain data, as ``resalloc solve --json`` prints it."""
    tables = {}
    if result.allocation is not None:
        blocks = [b for b in result.allocation.columns.blocks.values() if not b.derived]
        for block in blocks:
            frame = result.allocation.frame(block.name)
            changed = frame[(frame["planned"] != 0) | (frame["today"].fillna(0) != 0)]
            tables[block.name] = [
                {key: _plain(value) for key, value in record.items()}
                for record in changed.to_dict("records")
            ]
    return {
        "district": result.problem.district.id,
        "plan": result.problem.norms.document.id,
        "years": list(result.problem.years),
        "status": result.status.value,
        "objective": {"name": result.problem.options.objective, "value": _plain(result.objective)},
        "gap": _plain(result.gap),
        "message": result.message,
        "solver": result.solver,
        "seconds": result.seconds,
        "phases": [
            {"name": p.name, "status": p.status.value, "value": _plain(p.value), "unit": p.unit,
             "bound": _plain(p.bound), "gap": _plain(p.gap), "seconds": p.seconds}
            for p in result.phases
        ],
        "assumed": assumed_as_list(result.problem),
        "conflicts": [c.__dict__ for c in result.conflicts],
        "out_of_reach": [point.__dict__ for point in result.out_of_reach],
        "new_stations": new_stations(result),
        "scorecard": {str(y): [c.as_dict() for c in card] for y, card in result.after.items()},
        "before": [clause.as_dict() for clause in result.before],
        "allocation": tables,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    """Give a value JSON can carry; not known is null."""
    if isinstance(value, float):
        return None if value != value or abs(value) == float("inf") else value
    return value.item() if hasattr(value, "item") else value
