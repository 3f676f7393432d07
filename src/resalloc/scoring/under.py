"""One future: a state with some of its numbers changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.district.tables import SERIES
from resalloc.district.travel import Travel, pace_of
from resalloc.errors import Fault, InputError
from resalloc.rules.effects import CLASSES, effects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from resalloc.district.district import District
    from resalloc.norms.norm import Norm
    from resalloc.norms.normset import NormSet
    from resalloc.problem.columns import Columns, Floats
    from resalloc.problem.problem import Problem
    from resalloc.problem.scenario import Factor
    from resalloc.rules.effects import Effect
    from resalloc.scoring.state import State

SITE = ("station", "crewed", "crews")
"""What a site that opens has one of, and one that closes has none of; its vehicles stay."""
_MOST = float(np.finfo(float).max)
_AMOUNT = (0.0, _MOST, "Write a number from 0 up.")
_FACTOR = "Write a factor: 0.9 for 90 %, 1 for as it is."
_RANGES: dict[str, tuple[float, float, str]] = {
    "people": (0.0, 10.0, _FACTOR),
    "speed": (float(np.finfo(float).tiny), 10.0, _FACTOR),
    "amount": (0.0, 100.0, _FACTOR),
    "site": (0.0, 1.0, "Write 1 for open, 0 for closed."),
    "project": (0.0, 1.0, "Write a share between 0 and 1."),
    "target": (0.0, _MOST, "Write a target from 0 up."),
}
"""Least and most of a factor's values, by its kind, and what to do about others."""


def under(state: State, scenario: Mapping[Factor, float]) -> State:
    """Give a state as it would be in one future.

    Factors act in turn, so two on the same number multiply. People live where they lived:
    a township's residents change, not where in the township they are. A site that closes
    keeps its vehicles; one that opens without a crew gets one.

    Parameters
    ----------
    state
        The state as it is expected.
    scenario
        A value for each factor; none leaves the state as it is.

    Returns
    -------
    State
        Score it with :func:`~resalloc.scoring.state.score_state`; a batch of scenarios is
        scored to the same numbers by :func:`~resalloc.scoring.tables.score_table`.

    Raises
    ------
    InputError
        A factor names what is not there, or a value is out of its range; all at once.

    Examples
    --------
    >>> import resalloc as ra
    >>> from resalloc.problem.scenario import Factor
    >>> from resalloc.scoring.state import score_state, today
    >>> problem = ra.Problem(
    ...     ra.read_district("tongliang"), ra.read_norms("tongliang-2025").at(2025)
    ... )
    >>> more = under(today(problem), {Factor("population"): 1.25})
    >>> round(score_state(more)["beds_per_1000"].value, 3)
    4.384
    """
    factors, values = tuple(scenario), np.array(list(scenario.values()), dtype=float)
    check_values(factors, values[None, :])
    changed = replace(state, x=state.x.copy())
    speed, columns = np.ones(len(CLASSES)), state.columns
    found = effects(factors, state.problem, columns)
    for effect, value in zip(found, values, strict=True):
        kind = effect.factor.kind
        if kind == "speed":
            speed[effect.ids] *= value
        elif kind in ("amount", "project", "site"):
            _change(changed.x, effect, float(value), columns)
        else:
            problem = _asked(changed.problem, effect, float(value))
            changed = replace(changed, problem=problem)
    if (speed != 1).any():
        problem = changed.problem
        district = _driven(problem.district, speed)
        changed = replace(changed, problem=replace(problem, district=district))
    return changed


def check_values(factors: Sequence[Factor], values: Floats) -> None:
    """Refuse values a factor cannot have.

    Parameters
    ----------
    factors
        What differs.
    values
        Scenarios × factors.

    Raises
    ------
    InputError
        Each factor with such a value, and the first scenario that has one.
    """
    from resalloc.scoring.extremes import extremes

    if not len(values):
        return
    ranges = [_RANGES.get(factor.kind, _AMOUNT) for factor in factors]
    low, high, _ = zip(*ranges, strict=True) if ranges else ((), (), ())
    lowest, highest, between = extremes(values)
    fits = (lowest >= low) & (highest <= high)
    sites = np.array([factor.kind == "site" for factor in factors], dtype=bool)
    faults = []
    for k in np.flatnonzero(~fits | (sites & (between > 0))):
        column, (least, most, remedy) = values[:, k], ranges[k]
        wrong = ~((column >= least) & (column <= most)) | (sites[k] & (column % 1 != 0))
        first = int(np.flatnonzero(wrong)[0])
        what = f"{column[first]:g} in scenario {first + 1} is out of range."
        faults.append(Fault(f"factor '{factors[int(k)].name}'", what, remedy))
    if faults:
        raise InputError(faults)


def _change(x: Floats, effect: Effect, value: float, columns: Columns) -> None:
    """Change the decision columns in place; `x` is the caller's own copy."""
    kind = effect.factor.kind
    if kind == "amount":
        x[effect.ids] *= value
    elif kind == "project":
        x[effect.ids] += (value - effect.stays) * effect.amounts
    else:
        for name in SITE:
            ids = columns[name].ids[effect.ids, 0]
            more = np.fmax(x[ids], 1.0) if name == "crews" else 1.0
            x[ids] = more if value > 0.5 else 0.0


def _asked(problem: Problem, effect: Effect, value: float) -> Problem:
    """Change what is given or asked: people, minutes, a target, the budget."""
    factor = effect.factor
    if factor.kind == "people":
        return replace(problem, district=_peopled(problem.district, factor, value))
    if factor.kind == "minutes":
        assumptions = problem.district.assumptions.replace({factor.what: value})
        return replace(problem, district=problem.district.replace(assumptions=assumptions))
    if factor.kind == "budget":
        return replace(problem, options=replace(problem.options, budget_wan=value))
    return replace(problem, norms=_targeted(problem.norms, effect.norm_id, value))


def _peopled(district: District, factor: Factor, value: float) -> District:
    table = district.population.copy()
    series = SERIES if factor.what == "population" else (factor.what,)
    chosen = table["series"].isin(series)
    if factor.names:
        chosen &= table["township"].isin(factor.names)
    table.loc[chosen, "value"] = table.loc[chosen, "value"].astype(float) * value
    return district.replace(population=table)


def _driven(district: District, speed: Floats) -> District:
    """Change the driving times by the speed of each point's place class."""
    travel, points = district.travel, district.points
    classes = points["place_class"].to_numpy()
    factor = np.ones(len(points))
    for place_class, own in zip(CLASSES, speed, strict=True):
        factor[classes == place_class] = own
    minutes = pace_of(travel, points, district.assumptions).minutes(factor)
    return district.replace(
        travel=Travel(travel.distance_km, minutes, travel.road_km, travel.basis)
    )


def _targeted(norms: NormSet, norm_id: str, value: float) -> NormSet:
    def aimed(norm: Norm) -> Norm:
        values = dict.fromkeys(norm.reads.values, value)
        return norm.model_copy(update={"reads": norm.reads.model_copy(update={"values": values})})

    return replace(norms, norms=tuple(aimed(n) if n.id == norm_id else n for n in norms))
