"""The command line. It parses words and prints; everything else is in the library."""

from __future__ import annotations

import typer

from resalloc.cli.norms import lint, norms_app
from resalloc.cli.plan import audit, report, solve
from resalloc.cli.site import site
from resalloc.cli.sweep import sweep

app = typer.Typer(
    help="From the clauses of a regional health plan to an allocation that can be defended.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(norms_app, name="norms")
for command in (lint, audit, solve, report, sweep, site):
    app.command()(command)
