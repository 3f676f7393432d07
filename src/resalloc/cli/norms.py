"""norms and lint: what a plan says, and whether its own numbers agree."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from resalloc.cli.options import Json, Lang, Language, errors, print_json
from resalloc.errors import one_fault


class _ShowUnlessNamed(TyperGroup):
    """``norms PLAN`` is ``norms show PLAN``; ``compare`` and ``draft`` are named."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put ``show`` before anything that is not a command of its own."""
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["show", *args]
        return super().parse_args(ctx, args)


norms_app = typer.Typer(
    cls=_ShowUnlessNamed,
    help="List the plans, or one plan's clauses; compare plans; draft a norm file from a text.",
    no_args_is_help=False,
)


@norms_app.command()
def show(
    plan: Annotated[str | None, typer.Argument(help="Plan id or norm file.")] = None,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """List the plans, or one plan's clauses with their sources and use (the default)."""
    with errors():
        from resalloc.norms.read import plans, read_document, read_norms
        from resalloc.reporting import terminal

        if plan is None:
            documents = [read_document(name) for name in plans()]
            if as_json:
                print_json([document.model_dump(mode="json") for document in documents])
            else:
                counts = {d.id: len(read_norms(d.id)) for d in documents}
                terminal.show_plans(documents, counts, lang.value)
            return
        found = read_norms(plan)
        if as_json:
            print_json([norm.as_dict() for norm in found])
        else:
            terminal.show_norms(found, lang.value)


@norms_app.command()
def compare(
    plans: Annotated[list[str], typer.Argument(help="Two or more plan ids or norm files.")],
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Lay plans side by side, and show clauses of them that exclude each other."""
    with errors():
        from resalloc.linting.compare import compare as lay_side_by_side
        from resalloc.norms.read import read_norms
        from resalloc.reporting import terminal_plan

        found = lay_side_by_side([read_norms(plan) for plan in plans])
        if as_json:
            print_json(found.as_dict(lang.value))
        else:
            terminal_plan.show_comparison(found, lang.value)


@norms_app.command()
def draft(
    text: Annotated[Path, typer.Argument(help="The plan's plain text, UTF-8.")],
    out: Annotated[
        Path | None, typer.Option(help="Norm file to write; refused if it is there already.")
    ] = None,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Propose norm records from a plan's text, by rules; a person confirms each."""
    with errors():
        from resalloc.norms.draft.draft import draft_file
        from resalloc.norms.draft.toml import proposals_as_toml
        from resalloc.reporting import terminal_plan

        if out is not None and out.exists():
            raise one_fault(str(out), "is there already.", "Name another file, or move it away.")
        found = draft_file(text)
        if out is not None:
            out.write_text(proposals_as_toml(found), encoding="utf-8")
        if as_json:
            print_json([proposal.as_dict() for proposal in found])
        else:
            terminal_plan.show_proposals(found, lang.value)


def lint(
    plan: Annotated[str, typer.Argument(help="Plan id or norm file.")],
    district: Annotated[
        str | None,
        typer.Option(help="Also against this district: a bundled name, or a folder of your own."),
    ] = None,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Hold a plan's own numbers against each other: possible inconsistencies, to be checked."""
    with errors():
        from resalloc.linting.check import lint as check
        from resalloc.norms.read import read_norms
        from resalloc.reporting import terminal_plan

        place = None
        if district is not None:
            from resalloc.district.read import read_district

            place = read_district(district)
        norms = read_norms(plan)
        found = check(norms, place)
        if as_json:
            print_json([finding.as_dict(lang.value) for finding in found])
        else:
            terminal_plan.show_findings(norms, found, lang.value)
