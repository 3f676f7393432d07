"""A whole province-level city: every township's seat as a site, a fine grid as demand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.location.measured import measured
from resalloc.location.costs import Costs
from resalloc.location.covering.max_cover import max_cover
from resalloc.location.covering.set_cover import set_cover
from resalloc.location.median.p_median import p_median
from resalloc.sphere import EARTH_RADIUS_KM, great_circle_km

if TYPE_CHECKING:
    import pandas as pd

    from benchmarks.location.points import Floats
    from resalloc.location.siting import Siting

REACH_KM, DETOUR, SPEED_KMH, LIMIT_MIN = 15.0, 1.4, 35.0, 16.0
BUILDING = "building the travel table"
_PEOPLE = ("population_2010", "population_geonames")
_DEGREE_KM = np.pi / 180 * EARTH_RADIUS_KM
_ROWS = 4096


@dataclass(frozen=True)
class Region:
    """Demand and sites, with what they rest on.

    Parameters
    ----------
    points, seats
        Degrees east and north, one row a place.
    people
        By point.
    notes
        What was assumed and what was left out.
    """

    points: Floats
    seats: Floats
    people: Floats
    notes: tuple[str, ...]


def region(path: Path, step_km: float) -> Region:
    """Lay a grid around the seats of a table of townships and share their people out on it."""
    import pandas as pd

    given = pd.read_csv(path)
    placed = given.dropna(subset=["lon", "lat"])
    column = next((name for name in _PEOPLE if name in given.columns), None)
    if column is None:
        message = f"{path.name} has none of the columns {', '.join(_PEOPLE)}"
        raise ValueError(message)
    known = placed[column].notna()
    median = float(placed.loc[known, column].median())
    # Several townships may share a point (proxies): they are one place with all their people.
    places = (
        placed.assign(people=placed[column].fillna(median))
        .groupby(["lon", "lat"], sort=True)["people"]
        .sum()
        .reset_index()
    )
    seats = places[["lon", "lat"]].to_numpy()
    grid, nearest, empty = _grid(seats, step_km)
    shares = places["people"].to_numpy() / np.bincount(nearest, minlength=len(seats))
    return Region(grid, seats, shares[nearest], _notes(given, placed, known, places, column,
                  median, step_km, len(grid) - empty, empty))  # fmt: skip


def _notes(
    given: pd.DataFrame,
    placed: pd.DataFrame,
    known: pd.Series[bool],
    places: pd.DataFrame,
    column: str,
    median: float,
    step_km: float,
    inside: int,
    empty: int,
) -> tuple[str, ...]:
    return (
        f"chongqing: {len(placed):,} of {len(given):,} townships have a point, at {len(places):,} "
        f"places; {len(given) - len(placed):,} without one are left out",
        f"chongqing: people are those of the census of 2010 (column {column}) for "
        f"{int(known.sum()):,} townships, and their median, {median:,.0f}, for the other "
        f"{int((~known).sum()):,}; {float(places['people'].sum()):,.0f} in all",
        f"chongqing: demand is a {step_km:g} km grid within {REACH_KM:g} km of a seat, "
        f"{inside:,} points, and the {empty:,} seats to which no grid point is nearest; each point "
        "belongs to its nearest seat and has an equal share of that township's people",
        f"chongqing: travel is the great circle × {DETOUR:g} at {SPEED_KMH:g} km/h; no road is "
        "looked at, and no figure here says anything about a real station",
    )


def _grid(seats: Floats, step_km: float) -> tuple[Floats, np.ndarray, int]:
    """Give the points, the nearest seat of each, and how many are seats without a grid point."""
    from scipy.spatial import cKDTree

    around = REACH_KM / _DEGREE_KM
    south, north = seats[:, 1].min() - around, seats[:, 1].max() + around
    rows = []
    for lat in np.arange(south, north, step_km / _DEGREE_KM):
        degree = _DEGREE_KM * np.cos(np.radians(lat))
        west, east = seats[:, 0].min(), seats[:, 0].max()
        lon = np.arange(west - REACH_KM / degree, east + REACH_KM / degree, step_km / degree)
        rows.append(np.column_stack([lon, np.full(len(lon), lat)]))
    grid = np.concatenate(rows)
    found = cKDTree(_on_sphere(seats)).query(_on_sphere(grid))
    chord, nearest = np.asarray(found[0]), np.asarray(found[1])
    inside = chord <= 2 * np.sin(REACH_KM / EARTH_RADIUS_KM / 2)
    grid, nearest = grid[inside], nearest[inside]
    alone = np.setdiff1d(np.arange(len(seats)), nearest)
    return np.concatenate([grid, seats[alone]]), np.concatenate([nearest, alone]), len(alone)


def _on_sphere(degrees: Floats) -> Floats:
    lon, lat = np.radians(degrees).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def travel_minutes(place: Region, within: float = np.inf) -> Floats:
    """Give the travel table, points × seats, of the points that some seat reaches in time."""
    table, count = np.empty((len(place.points), len(place.seats))), 0
    for low in range(0, len(place.points), _ROWS):
        lon, lat = place.points[low : low + _ROWS].T
        away = great_circle_km(lon[:, None], lat[:, None], *place.seats.T)
        minutes = away * (DETOUR / SPEED_KMH * 60)
        near = minutes[minutes.min(axis=1) <= within]
        table[count : count + len(near)] = near
        count += len(near)
    return table[:count]


def minutes(
    path: str, question: str, p: int | None, step_km: float, limit_s: float
) -> dict[str, Any]:
    """Time one question: ``fewest`` sites, ``most`` people, or the least ``mean``."""
    place = region(Path(path), step_km)
    within = LIMIT_MIN if question == "fewest" else np.inf
    table = travel_minutes(place, within)
    notes = place.notes
    if question == "fewest":
        far = len(place.points) - len(table)
        words = f"chongqing: fewest sites for the {len(table):,} points that some seat reaches "
        notes = (*notes, f"{words}in {LIMIT_MIN:g} min; {far:,} points are beyond that")
    costs = Costs(table, unit="min")
    some = Costs(np.random.default_rng(1).random((60, 20)) * LIMIT_MIN)
    _answer(question, some, np.ones(60), 3, 20.0)
    people = place.people if question != "fewest" else np.ones(len(table))
    return measured(
        lambda: _answer(question, costs, people, p, limit_s),
        p=p,
        yardstick=(BUILDING, lambda: travel_minutes(place, within)),
        notes=notes,
        people=float(place.people.sum()),
    )


def _answer(question: str, costs: Costs, people: Floats, p: int | None, limit_s: float) -> Siting:
    if question == "fewest":
        return set_cover(costs, LIMIT_MIN, time_limit_s=limit_s)
    if question == "most":
        return max_cover(costs, LIMIT_MIN, p, weights=people, time_limit_s=limit_s)
    return p_median(costs, p, weights=people, time_limit_s=limit_s)
