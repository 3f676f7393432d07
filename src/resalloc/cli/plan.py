"""audit, solve and report: a district under a plan."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resalloc.cli.options import (
    Assume,
    Goal,
    Json,
    Lang,
    Language,
    Place,
    Plan,
    Relax,
    Set,
    Years,
    errors,
    print_json,
)
from resalloc.errors import one_fault

if TYPE_CHECKING:
    from resalloc.problem.problem import Problem


def audit(
    district: Place,
    plan: Plan = None,
    years: Years = None,
    settings: Set = None,
    assume: Assume = None,
    short: Annotated[bool, typer.Option("--short", help="Only clauses that do not hold.")] = False,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Show where a district stands today, clause by clause."""
    with errors():
        from resalloc.reporting import terminal
        from resalloc.scoring.score import score

        problem = _problem(district, plan, years, settings, None, assume)
        card = score(problem)
        if as_json:
            print_json([clause.as_dict() for clause in card])
        else:
            terminal.show_scorecard(card, lang.value, only_failing=short)
            terminal.show_assumed(problem, lang.value)


def solve(
    district: Place,
    plan: Plan = None,
    years: Years = None,
    settings: Set = None,
    relax: Relax = None,
    assume: Assume = None,
    objective: Annotated[Goal, typer.Option(help="What to make best.")] = Goal.cost,
    budget: Annotated[
        float | None, typer.Option(help="Ceiling on capital spending, 万元.", min=0)
    ] = None,
    shrink: Annotated[
        bool, typer.Option("--shrink", help="Let institutions lose beds, staff or vehicles.")
    ] = False,
    candidates: Annotated[
        bool, typer.Option("--candidates", help="New ambulance stations may open at villages.")
    ] = False,
    candidates_from: Annotated[
        Path | None, typer.Option(help="CSV of possible new stations: site, lon, lat.")
    ] = None,
    solver: Annotated[str, typer.Option(help="highs, or any solver PuLP knows.")] = "highs",
    time_limit: Annotated[float, typer.Option(help="Seconds.", min=0.1)] = 60.0,
    out: Annotated[Path | None, typer.Option(help="Folder for the report and the run.")] = None,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Place beds, staff, ambulances and fever clinics so that the clauses hold."""
    with errors():
        from resalloc.problem.problem import Options
        from resalloc.reporting import terminal
        from resalloc.solver.solve import solve as solve_problem

        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        options = Options(shrink=shrink, budget_wan=budget, objective=objective.value)
        problem = _problem(
            district, plan, years, settings, relax, assume,
            options=options, candidates=candidates, candidates_from=candidates_from,
        )  # fmt: skip
        with terminal.working("solving", lang.value):
            result = solve_problem(problem, solver=solver, time_limit_s=time_limit)
        paths = None
        if out is not None:
            from resalloc.reporting.report import report as make_report

            with terminal.working("writing the report", lang.value):
                paths = make_report(result, lang=lang.value).save(out)
        if as_json:
            print_json(terminal.result_as_dict(result))
        else:
            terminal.show_result(result, lang.value)
            if paths is not None:
                terminal.show_paths(paths)
    raise typer.Exit(result.status.exit_code)


def report(
    run: Annotated[Path, typer.Argument(help="Folder of a saved run: OUT or OUT/run.")],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; else beside the run.")
    ] = None,
    lang: Language = Lang.zh,
) -> None:
    """Write the report of a saved run again."""
    with errors():
        from resalloc.reporting import terminal
        from resalloc.reporting.report import report as make_report
        from resalloc.reporting.run import read_run

        folder = run / "run" if (run / "run" / "run.json").is_file() else run
        with terminal.working("reading the run", lang.value):
            result = read_run(folder)
        paths = make_report(result, lang=lang.value).save(out or folder.parent)
        terminal.show_paths(paths)


def _problem(
    name: str,
    plan: str | None,
    years: str | None,
    settings: list[str] | None,
    relax: list[str] | None,
    assume: list[str] | None,
    *,
    options: Any = None,
    candidates: bool = False,
    candidates_from: Path | None = None,
) -> Problem:
    from resalloc.district.read import read_district
    from resalloc.norms.read import newest_plan, read_norms
    from resalloc.problem.problem import Options, Problem

    own = {key: _value(text) for key, text in _pairs(assume, "--assume").items()}
    district = read_district(name, replacing=own)
    norms = read_norms(plan or newest_plan(district.id))
    last = norms.last_year()
    chosen = _years(years) if years else ((last,) if last else ())
    due = norms.at(*chosen).override(_pairs(settings, "--set")).relax(*(relax or []))
    if candidates or candidates_from:
        district = district.with_candidates(_candidate_table(candidates_from))
    return Problem(district, due, options or Options())


def _years(text: str) -> tuple[int, ...]:
    words = [word.strip() for word in text.replace("，", ",").split(",") if word.strip()]
    if not words or not all(word.isdigit() and len(word) == 4 for word in words):
        raise one_fault("--years", f"'{text}' is not a list of years.", "Write 2025 or 2023,2025.")
    return tuple(int(word) for word in words)


def _pairs(texts: list[str] | None, option: str) -> dict[str, str]:
    """Split NAME=VALUE; the first '=' that is not part of a comparison ends the name."""
    pairs: dict[str, str] = {}
    for text in texts or []:
        name, sign, value = text.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise one_fault(
                option, f"'{text}' is not NAME=VALUE.", f"Write e.g. {option} name=value."
            )
        pairs[name.strip()] = value.strip().strip('"')
    return pairs


def _value(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _candidate_table(path: Path | None) -> Any:
    if path is None:
        return None
    from resalloc.district.read import read_candidates

    return read_candidates(path)
