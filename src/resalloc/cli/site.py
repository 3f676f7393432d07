"""site: one location model on the user's own points or matrix."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from resalloc.cli.options import Json, Lang, Language, errors, print_json
from resalloc.errors import Fault

if TYPE_CHECKING:
    from resalloc.study.request import Request

MODEL_HELP = (
    "set-cover, max-cover, min-sites, p-median, p-center, capacitated-median, "
    "capacitated-facility, max-attendance, market-share or p-dispersion."
)


def site(
    model: Annotated[str, typer.Argument(help=MODEL_HELP)],
    points: Annotated[
        Path,
        typer.Argument(
            help="CSV of demand points: name; lon, lat (WGS84) or x, y (metres); weight, class."
        ),
    ],
    sites: Annotated[
        Path | None,
        typer.Option(
            help="CSV of possible sites: name, coordinates, capacity, site_cost, fixed, "
            "forbidden; else every point is one."
        ),
    ] = None,
    matrix: Annotated[
        Path | None, typer.Option(help="CSV of travel, in place of coordinates: long or wide.")
    ] = None,
    p: Annotated[
        int | None, typer.Option("--p", help="Sites to open, fixed ones included.")
    ] = None,
    radius: Annotated[
        str | None, typer.Option(help="3.5, or by class: urban=3.5,rural=10. Inclusive.")
    ] = None,
    share: Annotated[float | None, typer.Option(help="Share of the people to cover: 0.9.")] = None,
    mean_cap: Annotated[
        float | None, typer.Option(help="Mean travel that may not be passed.")
    ] = None,
    capacity: Annotated[
        float | None, typer.Option(help="Capacity of each site; else the column capacity.")
    ] = None,
    budget: Annotated[
        float | None, typer.Option(help="What the sites may cost together (column site_cost).")
    ] = None,
    travel_cost: Annotated[
        float | None,
        typer.Option(help="What one person's km (or min) costs, in the unit of site_cost."),
    ] = None,
    exponent: Annotated[
        float | None, typer.Option(help="Market share: how fast the pull falls; else 2.")
    ] = None,
    smallest: Annotated[
        float | None, typer.Option(help="Market share: shorter ways count as this one.")
    ] = None,
    at_least: Annotated[
        int | None, typer.Option(help="Open sites each point must have within its radius.")
    ] = None,
    lexicographic: Annotated[
        int | None,
        typer.Option(help="p-center: bring so many of the farthest near, one after the other."),
    ] = None,
    backup: Annotated[
        bool, typer.Option("--backup", help="Of the smallest covers, one that covers most twice.")
    ] = False,
    split: Annotated[
        bool, typer.Option("--split", help="A point may be divided among sites.")
    ] = False,
    speed: Annotated[
        str | None, typer.Option(help="km/h, for minutes: 30, or urban=28,rural=35.")
    ] = None,
    detour: Annotated[
        float | None, typer.Option(help="Road over straight line, e.g. 1.4; else 1.")
    ] = None,
    fixed: Annotated[str | None, typer.Option(help="Sites that stay open, by name: a,b.")] = None,
    forbidden: Annotated[
        str | None, typer.Option(help="Sites that may not open, by name: c.")
    ] = None,
    weight: Annotated[
        str | None, typer.Option(help="Column of the people; else weight, else 1 a point.")
    ] = None,
    xy_unit: Annotated[
        str | None, typer.Option(help="Unit of x and y: m (the default) or km.")
    ] = None,
    cost: Annotated[
        str | None, typer.Option(help="Column of a long matrix that holds the cost.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Unit of the matrix: min, km …")] = None,
    time_limit: Annotated[float, typer.Option(help="Seconds.", min=0.1)] = 60.0,
    gap: Annotated[
        float | None, typer.Option(help="Relative gap at which to stop: 0.01.", min=0)
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title of the map.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for tables, map and page.")] = None,
    as_json: Json = False,
    lang: Language = Lang.zh,
) -> None:
    """Choose sites for your own points: one location model, with its proof.

    \b
    set-cover             --radius                 the fewest sites that cover all
    max-cover             --radius --p (--budget)  the most people covered
    min-sites             --radius --share         the fewest sites for a share
    p-median              --p (--mean-cap)         the shortest mean way
    p-center              --p                      the farthest as near as can be
    capacitated-median    --p --capacity           p-median, with room for so many
    capacitated-facility  --travel-cost            least cost (column site_cost)
    max-attendance        --p --radius             visits that fall with the way
    market-share          --p (--share)            against a column competitor
    p-dispersion          --p                      sites as far apart as can be

    Example: resalloc site p-median points.csv --weight people --p 6 --out out/

    The tables, options and answers are told in docs/siting.md.
    """  # noqa: D301 - the mark keeps the lines as they are
    with errors():
        from resalloc.reporting import terminal
        from resalloc.study.study import run_study

        numbers: dict[str, Any] = {
            "p": p, "share": share, "mean_cap": mean_cap, "capacity": capacity,
            "budget": budget, "at_least": at_least, "detour": detour, "gap": gap,
            "travel_cost": travel_cost, "lexicographic": lexicographic,
            "exponent": exponent, "smallest": smallest,
        }  # fmt: skip
        request, faults = _request(
            model, points, radius, speed, fixed, forbidden, xy_unit, split=split, backup=backup,
            sites=sites, matrix=matrix, weight=weight, cost_column=cost, unit=unit,
            time_limit_s=time_limit, title=title, **numbers,
        )  # fmt: skip
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
        with terminal.working("solving", lang.value):
            study = run_study(request, faults)
        paths = None
        if out is not None:
            from resalloc.reporting.siting.files import save_study

            with terminal.working("writing the report", lang.value):
                paths = save_study(study, out, lang.value)
        if as_json:
            from resalloc.reporting.siting.tables import as_dict

            print_json(as_dict(study))
        else:
            from resalloc.reporting import terminal_site

            terminal_site.show_study(study, lang.value)
            if paths is not None:
                terminal.show_paths(paths)
                terminal_site.show_no_map(study, lang.value)
    raise typer.Exit(study.siting.status.exit_code)


def _request(
    model: str,
    points: Path,
    radius: str | None,
    speed: str | None,
    fixed: str | None,
    forbidden: str | None,
    xy_unit: str | None,
    **given: Any,
) -> tuple[Request, list[Fault]]:
    """Give what is asked, and every fault in its words; what is at fault becomes 1."""
    from resalloc.study.request import Request, by_class, words

    faults: list[Fault] = []
    by_classes = {}
    for option, text in (("--radius", radius), ("--speed", speed)):
        value = None
        if text is not None:
            value, wrong = by_class(option, text)
            faults += wrong
            value = 1.0 if wrong else value
        by_classes[option] = value
    if xy_unit not in (None, "m", "km"):
        faults.append(Fault("--xy-unit", f"is '{xy_unit}'.", "Give m or km."))
        xy_unit = "m"
    for option in (
        "share",
        "mean_cap",
        "capacity",
        "budget",
        "detour",
        "gap",
        "travel_cost",
        "exponent",
        "smallest",
    ):
        number = given[option]
        if number is not None and not 0 <= number < float("inf"):
            shown = f"--{option.replace('_', '-')}"
            faults.append(Fault(shown, f"is {number:g}.", "Give a finite number from 0 up."))
            given[option] = 1.0
    for option in ("p", "at_least", "lexicographic"):
        number = given[option]
        if number is not None and number < 1:
            shown = f"--{option.replace('_', '-')}"
            faults.append(Fault(shown, f"is {number}.", "Give a whole number from 1 up."))
            given[option] = 1
    return Request(
        model, points, radius=by_classes["--radius"], speed=by_classes["--speed"],
        fixed=tuple(words(fixed or "")), forbidden=tuple(words(forbidden or "")),
        xy_unit=xy_unit, **given,
    ), faults  # fmt: skip
