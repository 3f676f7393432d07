"""The problems every tool gets, and the judge of what it answers: NumPy and the costs, no more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MODELS = ("lscp", "mclp", "p-median", "p-center")
SIDE, LSCP_RADIUS, MCLP_RADIUS = 100.0, 15.0, 10.0
"""Of LSCP with 200 sites; with fewer it grows as they thin out, so that all can be covered."""
PROVEN = 1e-6
"""Relative gap up to which an answer counts as proven, for every tool."""


@dataclass(frozen=True)
class Problem:
    """One instance of one model.

    Parameters
    ----------
    model
        One of `MODELS`.
    cost
        Demand × sites.
    weights
        By demand point; what MCLP and p-median add up.
    p
        Sites to open; LSCP decides itself.
    radius
        Of the covering models.
    """

    model: str
    cost: Floats
    weights: Floats
    p: int
    radius: float


@dataclass(frozen=True)
class Answer:
    """What a tool says, and what it took.

    Parameters
    ----------
    build_s, solve_s
        Making its model; solving it, with all that its own call does.
    solver_s
        The part of `solve_s` the solver itself reports.
    says
        Its status in its own words.
    proven
        Whether its solver ended with a proof, by the solver's status and not the tool's word.
    claimed
        Its objective; NaN without one.
    bound
        Proven by it; NaN where it does not tell.
    open
        Positions of the open sites; empty without an answer.
    """

    build_s: float
    solve_s: float
    solver_s: float
    says: str
    proven: bool
    claimed: float
    bound: float
    open: Ints


def problem(model: str, demand: int, sites: int, p: int, seed: int) -> Problem:
    """Give points spread evenly over a square; with as many sites as points they are the same."""
    rng = np.random.default_rng(seed)
    people = rng.random((demand, 2)) * SIDE
    places = people if sites == demand else rng.random((sites, 2)) * SIDE
    cost = np.sqrt(((people[:, None, :] - places[None, :, :]) ** 2).sum(axis=2))
    weights = rng.integers(1, 101, demand).astype(np.float64)
    radius = LSCP_RADIUS * (200 / sites) ** 0.5 if model == "lscp" else MCLP_RADIUS
    return Problem(model, cost, weights, p, radius)


def value(given: Problem, sites: Ints) -> float:
    """Give what some open sites are worth, from the costs alone; NaN where they break a rule."""
    if len(sites) == 0 or (given.model != "lscp" and len(sites) > given.p):
        return float("nan")
    nearest = given.cost[:, sites].min(axis=1)
    if given.model == "lscp":
        return float(len(sites)) if (nearest <= given.radius).all() else float("nan")
    if given.model == "mclp":
        return float(given.weights[nearest <= given.radius].sum())
    if given.model == "p-median":
        return float(given.weights @ nearest)
    return float(nearest.max())
