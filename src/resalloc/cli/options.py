"""What every command shares: options, errors as messages, JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer

from resalloc.errors import InputError, ResallocError, one_fault


class Lang(StrEnum):
    """Language of labels."""

    zh = "zh"
    en = "en"


class Goal(StrEnum):
    """What to make best."""

    cost = "cost"
    access = "access"
    equity = "equity"
    least_change = "least-change"


Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Language = Annotated[Lang, typer.Option("--lang", help="Labels in Chinese or English.")]
Place = Annotated[str, typer.Argument(help="A bundled district's name, or a folder of your own.")]
Plan = Annotated[
    str | None,
    typer.Option(help="A bundled plan's id or a norm file; else the district's newest plan."),
]
Years = Annotated[
    str | None, typer.Option(help="Plan years, e.g. 2025 or 2023,2024,2025; else the last due.")
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", help='Set a target: beds_per_1000="<=7.5"; "~<=7.5" makes it expected.'),
]
Relax = Annotated[list[str] | None, typer.Option(help="Read this norm as expected, not binding.")]
Assume = Annotated[
    list[str] | None, typer.Option(help="Replace an assumption: travel.speed_rural_kmh=30.")
]


def print_json(content: object) -> None:
    """Print plain data as JSON, Chinese as it is."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2) + "\n")


@contextmanager
def errors() -> Iterator[None]:
    """Turn our errors into a message and an exit code; never a traceback."""
    try:
        yield
    except InputError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from None
    except ResallocError as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(2) from None
    except OSError as error:
        where = error.filename or "the file system"
        fault = one_fault(str(where), f"{error.strerror}.", "Check the path and its permissions.")
        sys.stderr.write(f"{fault}\n")
        raise typer.Exit(2) from None
