"""sweep: many futures of a district, scored clause by clause."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resalloc.cli.options import Json, Lang, Language, errors, print_json
from resalloc.errors import one_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from resalloc.result.result import Result
    from resalloc.sweep.product_work import ProductWork
    from resalloc.sweep.run.run import RunFolder
    from resalloc.sweep.settings import SweepSettings
    from resalloc.sweep.sweep import Sweep


def sweep(
    scenarios: Annotated[
        str, typer.Argument(help="A sweep file (.toml), or a bundled one: tongliang.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for the results and the summary page.")],
    workers: Annotated[
        int | None, typer.Option(help="Processes on this machine; else one a core.", min=1)
    ] = None,
    scheduler: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler, e.g. tcp://10.0.0.5:8786.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with a sweep that was cut off.")
    ] = False,
    reoptimise: Annotated[
        bool, typer.Option("--reoptimise", help="Plan anew in every scenario; for few of them.")
    ] = False,
    time_limit: Annotated[
        float | None, typer.Option(help="Seconds for each plan, with --reoptimise: 60.", min=0.1)
    ] = None,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Score a district in many futures: which clauses hold, how often, by how much, where.

    \b
    resalloc sweep scenarios.toml --out DIR            one table or a product of axes
    resalloc sweep scenarios.toml --out DIR --resume   go on after an interruption
    resalloc sweep futures.toml --out DIR --reoptimise a plan for each of a few futures

    The sweep file, the results and the page are told in docs/sweep.md.
    """  # noqa: D301 - the mark keeps the lines as they are
    with errors(), _interrupted():
        from resalloc.reporting import terminal, terminal_sweep
        from resalloc.sweep.run.run import run_work
        from resalloc.sweep.settings import read_settings
        from resalloc.sweep.sweep import prepare
        from resalloc.sweep.table_work import TableWork

        settings = read_settings(scenarios)
        cores = os.cpu_count() or 1
        count = workers or cores
        if reoptimise:
            limit = 60.0 if time_limit is None else time_limit
            _reoptimise(settings, out, count, scheduler, resume, limit, as_json, lang.value)
            return
        if time_limit is not None:
            what = "nothing is solved without --reoptimise."
            raise one_fault("--time-limit", what, "Add --reoptimise, or leave it out.")
        with terminal.working("reading the district", lang.value):
            ready = prepare(settings, _saved(settings))
            work = ready.work(threads=max(1, cores // count))
        with terminal_sweep.sweeping(lang.value) as progress:
            run = run_work(
                work, out / "run", workers=min(count, work.chunks), scheduler=scheduler,
                resume=resume, progress=progress,
            )  # fmt: skip
        _tell_kept(run, lang.value)
        if not isinstance(work, TableWork):
            _tell_product(ready, work, run, out, lang.value, as_json)
            return
        with terminal.working("writing the summary", lang.value):
            from resalloc.reporting.sweep.files import write_sweep_page
            from resalloc.sweep.summary.summarise import summarise

            summary = summarise(
                run.dataset("scenarios"), run.dataset("places"), problem=ready.state.problem,
                state=ready.state.title,
                fixed=work.scorer.fixed, design=work.design, title=settings.title,
                missing=ready.missing(),
            )  # fmt: skip
            paths = write_sweep_page(summary, out, lang.value)
        if as_json:
            print_json(summary.as_dict())
            return
        terminal_sweep.show_sweep(summary, lang.value)
        terminal.show_paths(paths)


def _tell_product(
    ready: Sweep, work: ProductWork, run: RunFolder, out: Path, lang: str, as_json: bool
) -> None:
    """Write the page of a product of axes, and tell it."""
    from resalloc.reporting import terminal
    from resalloc.reporting.sweep.product import show_product, tell_product

    with terminal.working("writing the summary", lang):
        summary, paths = tell_product(ready, work, run, out, lang)
    if as_json:
        print_json(summary.as_dict())
        return
    show_product(summary, lang)
    terminal.show_paths(paths)


def _reoptimise(
    settings: SweepSettings, out: Path, workers: int, scheduler: str | None, resume: bool,
    time_limit_s: float, as_json: bool, lang: str,
) -> None:  # fmt: skip
    """Plan anew in every scenario, judge all plans in all, write the page and tell it."""
    from resalloc.reporting import terminal
    from resalloc.reporting.sweep.reoptimised import write_reoptimised
    from resalloc.reporting.sweep.reoptimised_terminal import judging, planning, show_reoptimised
    from resalloc.sweep.reoptimise.from_file import design_of, require_plannable, work_of
    from resalloc.sweep.reoptimise.plain import as_dict
    from resalloc.sweep.reoptimise.reoptimised import read_reoptimised
    from resalloc.sweep.run.run import run_work
    from resalloc.sweep.sweep import prepare

    require_plannable(settings)
    with terminal.working("reading the district", lang):
        ready = prepare(settings)
        work = work_of(ready, time_limit_s=time_limit_s)
    with planning(lang) as progress:
        run = run_work(
            work, out / "run", workers=min(workers, work.chunks), scheduler=scheduler,
            resume=resume, progress=progress,
        )  # fmt: skip
    tables = {name: run.dataset(name).to_table() for name in run.rows}
    with judging(lang) as judged:
        found = read_reoptimised(work.problem, work.batch, tables, progress=judged)
    title, design = settings.title, design_of(ready)
    with terminal.working("writing the summary", lang):
        paths = write_reoptimised(
            found, out, lang, title=title, design=design, time_limit_s=time_limit_s
        )
    if as_json:
        print_json(as_dict(found, title=title))
        return
    show_reoptimised(found, lang, title=title)
    terminal.show_paths(paths)


@contextmanager
def _interrupted() -> Iterator[None]:
    """Say on Ctrl-C what is kept, and exit as shells expect."""
    try:
        yield
    except KeyboardInterrupt as stop:
        sys.stderr.write(f"{str(stop) or 'Stopped.'}\n")
        raise typer.Exit(130) from None


def _tell_kept(run: RunFolder, lang: str) -> None:
    """Say on standard error what a resumed run kept, and what it had to make again and why."""
    kept, again = {
        "zh": ("续算：保留已完成的 {n} 部分（共 {of} 部分）。", "第 {k} 部分重新计算：{why}"),
        "en": ("Resumed: {n} of {of} parts were kept.", "Part {k} was made again: {why}"),
    }[lang]
    if run.kept:
        sys.stderr.write(kept.format(n=run.kept, of=run.chunks) + "\n")
    for chunk, why in run.redone.items():
        sys.stderr.write(again.format(k=chunk, why=why) + "\n")


def _saved(settings: SweepSettings) -> Result | None:
    """Read the saved run whose allocation is swept, if the file names one."""
    if settings.state == "today":
        return None
    from resalloc.reporting.run import read_run

    folder = Path(settings.state)
    return read_run(folder / "run" if (folder / "run" / "run.json").is_file() else folder)
