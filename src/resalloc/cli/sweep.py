"""sweep: many futures of a district, scored clause by clause."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from resalloc.cli.options import Json, Lang, Language, errors, print_json

if TYPE_CHECKING:
    from resalloc.result.result import Result
    from resalloc.sweep.settings import SweepSettings


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
        float, typer.Option(help="Seconds for each plan, with --reoptimise.", min=0.1)
    ] = 60.0,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Score a district in many futures: which clauses hold, how often, by how much, where.

    \b
    resalloc sweep scenarios.toml --out DIR            one table or a product of axes
    resalloc sweep scenarios.toml --out DIR --resume   go on after an interruption

    The sweep file, the results and the page are told in docs/sweep.md.
    """  # noqa: D301 - the mark keeps the lines as they are
    with errors():
        from resalloc.reporting import terminal, terminal_sweep
        from resalloc.sweep.prepare import prepare
        from resalloc.sweep.run.run import run_work
        from resalloc.sweep.settings import read_settings
        from resalloc.sweep.table_work import TableWork

        settings = read_settings(scenarios)
        cores = os.cpu_count() or 1
        count = workers or cores
        with terminal.working("reading the district", lang.value):
            ready = prepare(settings, _saved(settings))
            work = ready.work(threads=max(1, cores // count))
        with terminal_sweep.sweeping(lang.value) as progress:
            run = run_work(
                work, out / "run", workers=min(count, work.chunks), scheduler=scheduler,
                resume=resume, progress=progress,
            )  # fmt: skip
        with terminal.working("writing the summary", lang.value):
            assert isinstance(work, TableWork)
            from resalloc.reporting.sweep.files import write_sweep_page
            from resalloc.sweep.summary.summarise import summarise

            summary = summarise(
                run.dataset("scenarios"), run.dataset("places"), problem=ready.state.problem,
                state=ready.state.title,
                fixed=work.scorer.fixed, design=work.design, title=settings.title,
            )  # fmt: skip
            paths = write_sweep_page(summary, out, lang.value)
        if as_json:
            print_json(summary.as_dict())
            return
        terminal_sweep.show_sweep(summary, lang.value)
        terminal.show_paths(paths)


def _saved(settings: SweepSettings) -> Result | None:
    """Read the saved run whose allocation is swept, if the file names one."""
    if settings.state == "today":
        return None
    from resalloc.reporting.run import read_run

    folder = Path(settings.state)
    return read_run(folder / "run" if (folder / "run" / "run.json").is_file() else folder)
