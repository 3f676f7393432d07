"""What ``resalloc sweep --reoptimise`` shows: how far it is, and which plan to prefer."""

from __future__ import annotations

import math
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from resalloc.reporting.sweep.reoptimised_facts import Facts
from resalloc.reporting.sweep.reoptimised_futures import columns_of
from resalloc.reporting.sweep.reoptimised_head import headline
from resalloc.reporting.sweep.reoptimised_words import factor_name, money, norm_name, own_words
from resalloc.reporting.sweep.words import figure, listed, words
from resalloc.reporting.terminal import console
from resalloc.reporting.terminal_sweep import duration
from resalloc.solver.solve import SHORTFALL
from resalloc.sweep.reoptimise.outcome import BASE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from resalloc.sweep.reoptimise.reoptimised import Reoptimised
    from resalloc.sweep.run.run import Progress

MOST = 30
"""Futures that are listed."""


@contextmanager
def planning(lang: str, to: Console | None = None) -> Iterator[Callable[[Progress], None]]:
    """Show how many plans are made, on standard error.

    Gives what a run is to call with its progress. Where standard error is no terminal, one
    line is written at the start and at the end.
    """
    own = own_words(lang)

    def told(now: Progress) -> tuple[int, int, str]:
        left = ""
        if math.isfinite(now.left_s) and now.done < now.chunks:
            left = words(lang)["p_left"].format(left=duration(now.left_s))
        return now.done, now.chunks, left

    with _bar(own["p_planning"], own["p_plans"], to) as show:
        yield lambda now: show(*told(now))


@contextmanager
def judging(lang: str, to: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """Show in how many futures the plans are judged, on standard error."""
    own = own_words(lang)
    with _bar(own["p_judging"], own["p_futures"], to) as show:
        yield lambda done, of: show(done, of, "")


@contextmanager
def _bar(
    title: str, line: str, to: Console | None
) -> Iterator[Callable[[int, int, str], None]]:  # fmt: skip
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    out = to or Console(file=sys.stderr)
    if not out.is_terminal:

        def tell(done: int, of: int, left: str) -> None:
            if done in (0, of):
                text = " · ".join(filter(None, (line.format(n=done, of=of), left)))
                out.print(text, highlight=False, soft_wrap=True)

        yield tell
        return
    columns = (
        TextColumn(title),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Bars(*columns, console=out) as bars:
        task = bars.add_task("", total=None, left="")

        def show(done: int, of: int, left: str) -> None:
            bars.update(task, total=of, completed=done, left=left)

        yield show


def show_reoptimised(
    found: Reoptimised, lang: str, to: Console | None = None, *, title: str = ""
) -> None:
    """Print the futures with what came out, and the result in words."""
    own, out = own_words(lang), to or console()
    shown, _ = columns_of(found)
    table = Table(title=title or found.problem.district.name)
    table.add_column(own["future"], no_wrap=True)
    for factor in shown:
        table.add_column(factor_name(found, factor, lang), justify="right")
    for head in ("status", "short", "cost", "breaks_minimax"):
        table.add_column(own[head], justify="left" if head == "status" else "right")
    aim, regret = found.problem.options.objective, found.regret
    breaks = {} if regret is None else regret.breaks(regret.minimax)
    for one in (found.base, *found.outcomes)[: MOST + 1]:
        base = one.scenario == BASE
        values = ["—" if base else f"{found.batch.of(f.name)[one.scenario]:.4g}" for f in shown]
        why = listed((norm_name(found, norm, lang) for norm in one.conflicts), lang)
        colour = "green" if one.usable else "red"
        status = f"[{colour}]{escape(one.status.label(lang))}[/]{' ' + escape(why) if why else ''}"
        short = figure(one.value(SHORTFALL)) if one.usable else "—"
        cost = money(one.value(aim)) if one.usable else "—"
        fails = "—" if base or regret is None else str(len(breaks.get(one.scenario, ())))
        table.add_row(one.name(lang), *values, status, short, cost, fails)
    out.print(table)
    more = len(found.outcomes) - MOST
    if more > 0:
        out.print(f"  {own['p_more'].format(n=more)}", highlight=False)
    out.print(
        f"[bold]{escape(headline(Facts.of(found), lang))}[/]", highlight=False, soft_wrap=True
    )
