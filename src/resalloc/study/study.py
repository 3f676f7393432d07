"""One location model on the user's tables: read, checked, solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.check import Findings
from resalloc.errors import Fault, InputError, did_you_mean
from resalloc.study.facts import Facts, facts
from resalloc.study.matrix import read_matrix
from resalloc.study.models import MODELS, Given, Model
from resalloc.study.notes import Note, notes_of
from resalloc.study.tables import Places, read_points, read_sites, shortened
from resalloc.study.travel import Travel, spread_over_classes, travel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.location.costs import Floats, Mask
    from resalloc.location.siting import Siting
    from resalloc.study.request import Request

OPTIONS = {
    "p": "--p", "radius": "--radius", "share": "--share", "mean_cap": "--mean-cap",
    "capacity": "--capacity", "budget": "--budget", "travel_cost": "--travel-cost",
    "at_least": "--at-least",
    "backup": "--backup", "split": "--split", "exponent": "--exponent",
    "smallest": "--smallest", "site_cost": "a column site_cost",
    "competitor": "a column competitor",
}  # fmt: skip
"""How each option is called on the command line."""
_FROM_TABLES = ("capacity", "site_cost", "competitor")


@dataclass(frozen=True)
class Study:
    """A location model on the user's tables, with its answer.

    Parameters
    ----------
    request
        What was asked.
    points, sites
        The places, in the order of the answer's positions.
    every_point
        No sites were given: every point is a possible one.
    weights
        By point.
    travel
        Costs, and what they rest on.
    radius
        By point; None where the model has none.
    given
        Everything the model was called with.
    siting
        The answer.
    facts
        What it means on the ground.
    notes
        What it rests on.
    """

    request: Request
    points: Places
    sites: Places
    every_point: bool
    weights: Floats
    travel: Travel
    radius: Floats | None
    given: Given
    siting: Siting
    facts: Facts
    notes: tuple[Note, ...]

    @property
    def model(self) -> Model:
        """The model that was asked."""
        return MODELS[self.request.model]

    @property
    def unit(self) -> str:
        """Unit of the costs."""
        return self.travel.costs.unit

    @property
    def has_positions(self) -> bool:
        """Whether there is anything to draw."""
        return bool(self.points.kind and np.isfinite(self.points.xy).all())


def run_study(request: Request, faults: Sequence[Fault] = ()) -> Study:
    """Read a user's tables, check everything, and solve one location model on them.

    Parameters
    ----------
    request
        What is asked.
    faults
        Found in it already: reported together with all others.

    Returns
    -------
    Study
        With the answer, whatever its status.

    Raises
    ------
    InputError
        Anything in any table or option that cannot be used: all of it at once.
    """
    findings = Findings()
    findings.faults += [*faults, *_option_faults(request)]
    points = read_points(request.points, request.weight, findings)
    sites = read_sites(request.sites, findings) if request.sites is not None else points
    if points is None or sites is None:
        raise InputError(shortened(findings.faults))
    points, sites, ways = _travel(points, sites, request, findings)
    model = MODELS.get(request.model)
    radius, wrong = spread_over_classes("--radius", request.radius, points)
    findings.faults += wrong
    fixed, unknown = _named("--fixed", request.fixed, sites)
    forbidden, more = _named("--forbidden", request.forbidden, sites)
    if ways is not None or request.matrix is None or request.sites is not None:
        # Else the matrix, which could not be read, would have said which sites there are.
        findings.faults += [*unknown, *more]
    if model is not None:
        findings.faults += _missing_columns(model, request, sites)
    if findings.faults or model is None or ways is None:
        raise InputError(shortened(findings.faults))
    given = _given(points, sites, ways, radius, fixed, forbidden, request)
    siting = model.call(given)
    every_point = sites.names == points.names and request.sites is None
    notes = notes_of(request, model, points, sites, ways, every_point=every_point)
    return Study(
        request, points, sites, every_point, given.weights, ways, radius, given, siting,
        facts(siting, given.weights), notes,
    )  # fmt: skip


def _travel(
    points: Places, sites: Places, request: Request, findings: Findings
) -> tuple[Places, Places, Travel | None]:
    if request.matrix is None:
        for option, given in (("--cost", request.cost_column), ("--unit", request.unit)):
            if given is not None:
                what = "says what a matrix holds, and none is given."
                findings.add(option, None, None, what, "Give --matrix, or leave it out.")
        ways, wrong = travel(points, sites, request)
        findings.faults += wrong
        return points, sites, ways
    for option, stray in (
        ("--speed", request.speed), ("--detour", request.detour), ("--xy-unit", request.xy_unit),
    ):  # fmt: skip
        if stray is not None:
            what = "is about coordinates, and travel is taken from the matrix."
            findings.add(option, None, None, what, "Leave it out.")
    own = None if request.sites is None else sites.names
    costs = read_matrix(
        request.matrix, points.names, own, findings,
        cost_column=request.cost_column, unit=request.unit,
    )  # fmt: skip
    if costs is None:
        return points, sites, None
    return points, _as_in_matrix(points, sites, costs.sites), Travel(costs, "matrix")


def _as_in_matrix(points: Places, sites: Places, names: Sequence[str]) -> Places:
    """Give the sites as the matrix names them, with what the tables know of them."""
    if tuple(names) == sites.names:
        return sites
    position = {name: i for i, name in enumerate(points.names)}
    if all(name in position for name in names):
        return points.only([position[name] for name in names])
    nowhere = np.full((len(names), 2), np.nan)
    known = [j for j, name in enumerate(names) if name in position]
    nowhere[known] = points.xy[[position[names[j]] for j in known]]
    return Places(points.file, tuple(names), points.kind, nowhere, {})


def _given(
    points: Places,
    sites: Places,
    ways: Travel,
    radius: Floats | None,
    fixed: Mask,
    forbidden: Mask,
    request: Request,
) -> Given:
    n, m = len(points.names), len(sites.names)
    capacity = sites.columns.get("capacity")
    if request.capacity is not None:
        capacity = np.full(m, request.capacity)
    return Given(
        costs=ways.costs,
        weights=points.columns.get("weight", np.ones(n)),
        radius=radius,
        capacity=capacity,
        site_cost=sites.columns.get("site_cost"),
        attraction=sites.columns.get("attraction"),
        fixed=fixed | sites.marked("fixed"),
        forbidden=forbidden | sites.marked("forbidden"),
        competitor=sites.marked("competitor"),
        request=request,
    )


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


def _option_faults(request: Request) -> list[Fault]:
    model = MODELS.get(request.model)
    if model is None:
        what = f"there is no model '{request.model}'."
        return [Fault("MODEL", what, did_you_mean(request.model, MODELS))]
    faults = []
    for name in OPTIONS:
        stray = getattr(request, name, None) not in (None, False)
        if stray and name not in model.options:
            own = ", ".join(OPTIONS[option] for option in model.options)
            what = f"{model.name} has no such option."
            faults.append(Fault(OPTIONS[name], what, f"Leave it out; {model.name} takes {own}."))
    for group in model.needs:
        if set(group) & set(_FROM_TABLES):
            continue
        if all(getattr(request, name) is None for name in group):
            asked = " or ".join(OPTIONS[name] for name in group)
            faults.append(Fault(asked, f"{model.name} needs it.", f"Give {asked}."))
    if model.name == "market-share" and request.p is not None and request.share is not None:
        what = "are both given."
        faults.append(Fault("--p and --share", what, "Give how many sites, or the share to win."))
    if not model.serves and request.sites is not None:
        what = f"{model.name} chooses among the points."
        faults.append(Fault("--sites", what, "Give the possible sites as POINTS, and no --sites."))
    if request.share is not None and not 0 < request.share <= 1:
        what = f"is {request.share:g}."
        faults.append(Fault("--share", what, "Give a share of the people, e.g. 0.9 for 90 %."))
    return faults


def _missing_columns(model: Model, request: Request, sites: Places) -> list[Fault]:
    faults = []
    for name in _FROM_TABLES:
        if (name,) in model.needs and name not in sites.columns:
            if name == "capacity" and request.capacity is not None:
                continue
            how = "--capacity or a column capacity" if name == "capacity" else OPTIONS[name]
            faults.append(Fault(sites.file, f"{model.name} needs {how}.", f"Give {how}."))
    return faults
