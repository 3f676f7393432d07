"""What ``resalloc sweep`` shows: how far it is, and how the clauses fared."""

from __future__ import annotations

import math
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resalloc.reporting.sweep.words import (
    by_place,
    clause_name,
    counted,
    figure,
    headline,
    in_language,
    percent,
    target,
    words,
)
from resalloc.reporting.terminal import console
from resalloc.sweep.summary.passing import counts_jointly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from resalloc.sweep.run.run import Progress
    from resalloc.sweep.summary.summary import SweepSummary

MOST = 30
"""Clauses that are listed."""


@contextmanager
def sweeping(lang: str, to: Console | None = None) -> Iterator[Callable[[Progress], None]]:
    """Show how far a sweep is, on standard error.

    Gives what a run is to call with its progress. Where standard error is no terminal, one
    line is written at the start and at the end.

    Parameters
    ----------
    lang
        ``"zh"`` or ``"en"``.
    to
        Where to write, in place of standard error.
    """
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn
    from rich.progress import Progress as Bars

    say, out = words(lang), to or Console(file=sys.stderr)
    if not out.is_terminal:
        yield lambda now: _line(now, out, lang)
        return
    columns = (
        TextColumn(say["p_running"]),
        BarColumn(bar_width=32),
        TaskProgressColumn(),
        TextColumn("{task.fields[told]}"),
    )
    with Bars(*columns, console=out) as bars:
        task = bars.add_task("", total=None, told="")

        def show(now: Progress) -> None:
            bars.update(
                task, total=now.chunks, completed=now.done, told=progress_in_words(now, lang)
            )

        yield show


def progress_in_words(now: Progress, lang: str) -> str:
    """Say how many scenarios are done, how fast, and how long is left.

    Examples
    --------
    >>> from resalloc.sweep.run.run import Progress
    >>> progress_in_words(Progress(3, 10, 30_000, 2.0, 15_000.0, 75.0), "en")
    '30,000 scenarios · 15,000 a second · 1:15 left'
    """
    say = words(lang)
    parts = [counted("scenarios", now.rows, lang)]
    if math.isfinite(now.rows_per_s):
        parts.append(say["p_rate"].format(rate=figure(round(now.rows_per_s))))
    if math.isfinite(now.left_s) and now.done < now.chunks:
        parts.append(say["p_left"].format(left=duration(now.left_s)))
    return " · ".join(parts)


def duration(seconds: float) -> str:
    """Write seconds as minutes or hours.

    Examples
    --------
    >>> duration(75.0), duration(3.2), duration(7322.0)
    ('1:15', '0:03', '2:02:02')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def show_sweep(summary: SweepSummary, lang: str, to: Console | None = None) -> None:
    """Print how the clauses fared, binding ones first, and the result in words."""
    say, out = words(lang), to or console()
    title = counted("p_close", summary.scenarios, lang)
    about = in_language(summary.title, summary, lang)
    table = Table(title=f"{about}{'：' if lang == 'zh' else ': '}{title}")
    table.add_column(say["clause"])
    table.add_column(say["target"], no_wrap=True)
    table.add_column(say["share"], justify="right", no_wrap=True)
    table.add_column(say["interval"], justify="right", no_wrap=True)
    table.add_column(say["worst"], justify="right", no_wrap=True)
    order = sorted(
        summary.clauses.each,
        key=lambda p: (
            by_place(p),
            p.count.share_unknown == 1,
            not counts_jointly(p.norm),
            not p.count.wavers,
        ),
    )
    for passing in order[:MOST]:
        count, value, worst = passing.count, passing.value, passing.worst
        name = clause_name(passing.norm, lang)
        if counts_jointly(passing.norm):
            name += f" [{say['binding_tag']}]"
        said = count.share_unknown < 1
        lacks = "" if said else summary.missing.get(passing.norm.id, "")
        if lacks:
            name += f"\n  {say['lacks'].format(what=lacks)}"
        colour = "green" if count.share_holds == 1 else "red" if not count.holds else "yellow"
        share = f"[{colour}]{percent(count.share_holds)}[/]" if said else say["unknown"]
        spread = " — ".join(map(figure, (value.low, value.median, value.high)))
        table.add_row(
            escape(name),
            escape(target(summary, passing.norm, lang)),
            share,
            spread if value.known else "—",
            f"{figure(worst.value)} (#{worst.scenario})" if worst else "—",
        )
    out.print(table)
    rest = len(order) - MOST
    if rest > 0:
        out.print(f"  {say['p_more'].format(n=rest)}", highlight=False)
    out.print(f"[bold]{escape(headline(summary, lang))}[/]", highlight=False, soft_wrap=True)
    joint = summary.clauses.joint
    if summary.clauses.binding:
        told = f"{say['card_joint']}{'：' if lang == 'zh' else ': '}{percent(joint.share_holds)}"
        out.print(told, highlight=False, soft_wrap=True)


def _line(now: Progress, out: Console, lang: str) -> None:
    if now.done in (0, now.chunks):
        out.print(progress_in_words(now, lang), highlight=False, soft_wrap=True)
