"""One location model on the user's tables: read, checked, solved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.check import Findings
from resalloc.errors import InputError
from resalloc.study.facts import Facts, facts
from resalloc.study.matrix import read_matrix
from resalloc.study.models import MODELS, Given, Model
from resalloc.study.notes import Note, in_order, notes_of
from resalloc.study.options import (
    as_called,
    chosen_sites,
    count_faults,
    missing_columns,
    option_faults,
)
from resalloc.study.tables import Places, read_points, read_sites, shortened
from resalloc.study.travel import Travel, spread_over_classes, travel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from resalloc.errors import Fault
    from resalloc.location.costs import Floats, Mask
    from resalloc.location.siting import Siting
    from resalloc.study.request import Request


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
    findings.faults += [*faults, *option_faults(request)]
    placed = request.matrix is None
    points = read_points(request.points, request.weight, findings, placed=placed)
    sites = points
    if request.sites is not None:
        sites = read_sites(request.sites, findings, placed=placed)
    ways = None
    if points is not None and sites is not None:
        points, sites, ways = _travel(points, sites, request, findings)
    model, radius = MODELS.get(request.model), None
    if points is not None:
        radius, wrong = spread_over_classes("--radius", request.radius, points)
        findings.faults += wrong
    chosen = None
    # A matrix that could not be read would have said which sites there are.
    if sites is not None and (placed or request.sites is not None or ways is not None):
        fixed, forbidden, wrong = chosen_sites(request, sites)
        findings.faults += wrong or count_faults(request, sites, fixed, forbidden)
        chosen = fixed, forbidden
    if model is not None and sites is not None:
        findings.faults += missing_columns(model, request, sites)
    if findings.faults:
        raise InputError(shortened(findings.faults))
    # Whatever is missing has left a fault.
    assert model is not None
    assert points is not None
    assert sites is not None
    assert ways is not None
    assert chosen is not None
    given = _given(points, sites, ways, radius, *chosen, request)
    siting = _solved(model, given, points)
    every_point = sites.names == points.names and request.sites is None
    notes = notes_of(request, model, points, sites, ways, every_point=every_point)
    if request.lexicographic is not None and len(siting.open):
        notes += (in_order(request.lexicographic, siting),)
        siting = replace(siting, message="")
    return Study(
        request, points, sites, every_point, given.weights, ways, radius, given, siting,
        facts(siting, given.weights), notes,
    )  # fmt: skip


def _solved(model: Model, given: Given, points: Places) -> Siting:
    try:
        return model.call(given)
    except InputError as error:
        raise InputError([as_called(fault, points) for fault in error.faults]) from None


def _travel(
    points: Places, sites: Places, request: Request, findings: Findings
) -> tuple[Places, Places, Travel | None]:
    if request.matrix is None:
        ways, wrong = travel(points, sites, request)
        findings.faults += wrong
        return points, sites, ways
    own = None if request.sites is None else sites.names
    found = read_matrix(
        request.matrix, points.names, own, findings,
        cost_column=request.cost_column, unit=request.unit,
    )  # fmt: skip
    if found is None:
        return points, sites, None
    costs, by_pair = found
    ways = Travel(costs, "matrix", by_pair=by_pair)
    return points, _as_in_matrix(points, sites, costs.sites), ways


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
        fixed=fixed,
        forbidden=forbidden,
        competitor=sites.marked("competitor"),
        request=request,
    )
