"""The options of a study in the words of the command line, and what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, did_you_mean
from resalloc.study.models import MODELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Mask
    from resalloc.study.models import Model
    from resalloc.study.request import Request
    from resalloc.study.tables import Places

OPTIONS = {
    "p": "--p", "radius": "--radius", "share": "--share", "mean_cap": "--mean-cap",
    "capacity": "--capacity", "budget": "--budget", "travel_cost": "--travel-cost",
    "at_least": "--at-least", "lexicographic": "--lexicographic",
    "backup": "--backup", "split": "--split", "exponent": "--exponent",
    "smallest": "--smallest", "site_cost": "a column site_cost",
    "competitor": "a column competitor",
}  # fmt: skip
"""How each option is called on the command line."""
_FROM_TABLES = ("capacity", "site_cost", "competitor")
_IN_MODELS = {
    "fixed": "--fixed", "forbidden": "--forbidden", "time_limit_s": "--time-limit",
    "gap": "--gap", "target": "--share", "site_cost": "column site_cost",
    "fixed_cost": "column site_cost", "competitors": "column competitor",
    "attractiveness": "column attraction",
}  # fmt: skip
"""How what the models call otherwise is called here."""


def option_faults(request: Request) -> list[Fault]:
    """Find what is wrong with the options by themselves, whatever the tables hold."""
    model = MODELS.get(request.model)
    faults = [*_stray(request), *_impossible(request)]
    if model is None:
        what = f"there is no model '{request.model}'."
        return [Fault("MODEL", what, did_you_mean(request.model, MODELS)), *faults]
    for name in OPTIONS:
        stray = getattr(request, name, None) not in (None, False)
        if stray and name not in model.options:
            own = ", ".join(OPTIONS[option] for option in model.options)
            what = f"{model.name} has no such option."
            faults.append(Fault(OPTIONS[name], what, f"Leave it out; {model.name} takes {own}."))
    for group in model.needs:
        if set(group) & set(_FROM_TABLES):
            continue
        given = [name for name in group if getattr(request, name) is not None]
        if not given:
            asked = " or ".join(OPTIONS[name] for name in group)
            faults.append(Fault(asked, f"{model.name} needs it.", f"Give {asked}."))
        elif len(given) > 1:
            asked = " and ".join(OPTIONS[name] for name in given)
            faults.append(Fault(asked, "are both given.", "Give one of them."))
    if not model.serves and request.sites is not None:
        what = f"{model.name} chooses among the points."
        faults.append(Fault("--sites", what, "Give the possible sites as POINTS, and no --sites."))
    return faults


def _impossible(request: Request) -> list[Fault]:
    faults = []
    if request.share is not None and not 0 < request.share <= 1:
        what = f"is {request.share:g}."
        faults.append(Fault("--share", what, "Give a share of the people, e.g. 0.9 for 90 %."))
    if request.detour is not None and request.matrix is None and not 1 <= request.detour < np.inf:
        what = f"is {request.detour:g}: no road is shorter than the straight line."
        faults.append(Fault("--detour", what, "Give a number from 1 up, e.g. 1.4."))
    return faults


def _stray(request: Request) -> list[Fault]:
    """Find options that go with a matrix where there is none, or with coordinates where one is."""
    about_matrix = (("--cost", request.cost_column), ("--unit", request.unit))
    about_places = (
        ("--speed", request.speed), ("--detour", request.detour), ("--xy-unit", request.xy_unit),
    )  # fmt: skip
    if request.matrix is None:
        what, remedy = "says what a matrix holds, and none is given.", "Give --matrix, or leave it"
        return [Fault(o, what, f"{remedy} out.") for o, given in about_matrix if given is not None]
    what = "is about coordinates, and travel is taken from the matrix."
    return [Fault(o, what, "Leave it out.") for o, given in about_places if given is not None]


def chosen_sites(request: Request, sites: Places) -> tuple[Mask, Mask, list[Fault]]:
    """Give the sites that stay open and those that may not open, with the faults found."""
    fixed, faults = _named("--fixed", request.fixed, sites)
    forbidden, unknown = _named("--forbidden", request.forbidden, sites)
    faults += unknown
    fixed |= sites.marked("fixed")
    forbidden |= sites.marked("forbidden")
    for j in np.flatnonzero(fixed & forbidden):
        name = sites.names[j]
        never = _told_by("forbidden", name in request.forbidden, sites)
        stays = _told_by("fixed", name in request.fixed, sites)
        what = f"stays open as well ({stays}): it cannot be both."
        faults.append(Fault(f"{never}, '{name}'", what, "Take it out of one of the two."))
    return fixed, forbidden, faults


def count_faults(request: Request, sites: Places, fixed: Mask, forbidden: Mask) -> list[Fault]:
    """Find a number of sites that cannot be, or that there is no site at all."""
    taken = forbidden | sites.marked("competitor")
    free, kept = int((~taken).sum()), int(fixed.sum())
    if not free:
        where = "--forbidden" if request.forbidden else sites.file
        return [Fault(where, "no site may open.", "Leave at least one.")]
    if request.p is None:
        return []
    if request.p > free:
        what = f"is {request.p}, and only {free} of {len(taken)} sites may open."
        return [Fault("--p", what, f"Give at most {free}.")]
    if request.p < kept:
        what = f"is {request.p}, and {kept} sites stay open already."
        return [Fault("--p", what, "Count the fixed sites in --p, or fix fewer.")]
    return []


def missing_columns(model: Model, request: Request, sites: Places) -> list[Fault]:
    """Find columns of the sites that the model cannot do without."""
    faults = []
    for name in _FROM_TABLES:
        if (name,) in model.needs and name not in sites.columns:
            if name == "capacity" and request.capacity is not None:
                continue
            how = "--capacity or a column capacity" if name == "capacity" else OPTIONS[name]
            faults.append(Fault(sites.file, f"{model.name} needs {how}.", f"Give {how}."))
    return faults


def as_called(fault: Fault, points: Places) -> Fault:
    """Give a fault that a model found in the words of the command line and the tables.

    Examples
    --------
    >>> from resalloc.study.tables import Places
    >>> points = Places("p.csv", ("A",), "", np.zeros((1, 2)), {}, headers={"weight": "people"})
    >>> print(as_called(Fault("weights", "are all zero.", "Give weights."), points))
    p.csv, column people: are all zero. Give weights.
    >>> as_called(Fault("mean_cap", "is -1.", ""), points).where
    '--mean-cap'
    """
    first, comma, rest = fault.where.partition(", ")
    people = f"{points.file}, column {points.called('weight')}"
    own = {**OPTIONS, **_IN_MODELS, "weights": people, "demand": people}
    return Fault(own.get(first, first) + comma + rest, fault.what, fault.remedy)


def _told_by(column: str, by_option: bool, sites: Places) -> str:
    if by_option:
        return f"--{column}"
    return f"{sites.file}, column {sites.called(column)}"


def _named(option: str, names: Sequence[str], sites: Places) -> tuple[Mask, list[Fault]]:
    mask = np.zeros(len(sites.names), dtype=bool)
    position = {name: j for j, name in enumerate(sites.names)}
    faults = []
    for name in names:
        if name in position:
            mask[position[name]] = True
        else:
            what = f"there is no site '{name}'."
            faults.append(Fault(option, what, did_you_mean(name, position)))
    return mask, faults
