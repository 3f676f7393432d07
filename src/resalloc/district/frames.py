"""Build a district from GeoDataFrames: the doorway for people who have maps."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from resalloc.district.assemble import assemble
from resalloc.district.assumptions import Assumptions, read_assumptions
from resalloc.district.check import (
    Findings,
    check_positions,
    check_references,
    check_shares,
    parse_table,
)
from resalloc.district.geo import check_crs
from resalloc.district.settings import Settings, Who
from resalloc.district.tables import TABLES
from resalloc.district.travel import nearest_townships
from resalloc.district.write import as_texts
from resalloc.errors import InputError, one_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.district.district import District


def district_from_geodataframes(
    townships: Any,
    institutions: Any,
    *,
    id: str = "district",
    name: str = "",
    name_en: str = "",
    base_year: int,
    residents: Mapping[int, str] | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    assumptions: Assumptions | None = None,
) -> District:
    """Build a district from GeoDataFrames in any stated coordinate system.

    Parameters
    ----------
    townships
        Polygons (then they are the boundaries, and a point inside is the seat) or
        points. Columns as in ``townships.csv``; the name in ``township`` or the index.
    institutions
        Points; columns as in ``institutions.csv``. A missing ``township`` is found from
        the polygons, or is the nearest seat.
    id, name, name_en, base_year
        Of the district.
    residents
        Column of `townships` by year, e.g. ``{2020: "pop20"}``; by default the columns
        named ``population_<year>``.
    tables
        Further tables by name, as in a folder: ``beds``, ``staff``, ``points`` …
    assumptions
        Defaults to start from.

    Raises
    ------
    InputError
        A frame lacks its coordinate system or its figures cannot be used; all at once.
    """
    seats, boundaries = _townships(check_crs(townships, "townships"))
    if residents is not None:
        missing = [column for column in residents.values() if column not in seats]
        if missing:
            raise one_fault("townships", f"lacks {', '.join(missing)}.", "Name other columns.")
        # The user's columns are taken as figures of residents, so name them so.
        seats = seats.rename(columns={c: f"population_{year}" for year, c in residents.items()})
    places = _institutions(check_crs(institutions, "institutions"), seats, boundaries)
    given: dict[str, pd.DataFrame] = {"townships": seats, "institutions": places}
    if boundaries is not None:
        wkt = [shape.wkt for shape in boundaries.geometry]
        given["boundaries"] = pd.DataFrame({"township": list(boundaries["township"]), "wkt": wkt})
    for key, frame in (tables or {}).items():
        given[key] = frame.reset_index() if frame.index.name in TABLES[key].key else frame
    findings = Findings()
    frames: dict[str, pd.DataFrame] = {}
    for key, frame in given.items():
        table = TABLES[key]
        kept = [c for c in frame.columns if c in table.names() or re.search(r"_\d{4}$", str(c))]
        frames[key] = parse_table(as_texts(frame[kept]).astype("str"), table, findings)
    check_references(frames, findings)
    check_positions(frames, findings)
    check_shares(frames, findings)
    if findings.faults:
        raise InputError(findings.faults)
    settings = Settings(district=Who(id=id, name=name or id, name_en=name_en, base_year=base_year))
    return assemble(settings, frames, assumptions or read_assumptions())


def _named(frame: Any, key: str) -> Any:
    if key in frame:
        return frame.reset_index(drop=True)
    frame = frame.rename_axis(key).reset_index()
    return frame


def _townships(frame: Any) -> tuple[pd.DataFrame, Any | None]:
    """Give the townships with their seats, and their polygons if they are such."""
    frame = _named(frame, "township")
    polygons = frame.geometry.geom_type.isin(["Polygon", "MultiPolygon"])
    spots = frame.geometry.representative_point() if polygons.all() else frame.geometry
    if not (polygons.all() or (frame.geometry.geom_type == "Point").all()):
        raise one_fault("townships", "mix polygons and other shapes.", "Give one kind.")
    seats = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    if "lon" not in seats or "lat" not in seats:
        seats["lon"], seats["lat"] = spots.x.to_numpy(), spots.y.to_numpy()
    return seats, frame if polygons.all() else None


def _institutions(frame: Any, seats: pd.DataFrame, boundaries: Any | None) -> pd.DataFrame:
    frame = _named(frame, "institution")
    if not (frame.geometry.geom_type == "Point").all():
        raise one_fault("institutions", "are not all points.", "Give a point for each.")
    places = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    places["lon"], places["lat"] = frame.geometry.x.to_numpy(), frame.geometry.y.to_numpy()
    if "township" not in places:
        places["township"] = _home(frame, places, seats, boundaries)
    return places


def _home(frame: Any, places: pd.DataFrame, seats: pd.DataFrame, boundaries: Any) -> list[str]:
    """Township of each institution: the polygon it lies in, else the nearest seat."""
    nearest = nearest_townships(places, seats.set_index("township"))
    if boundaries is None:
        return nearest
    inside = frame[[frame.geometry.name]].sjoin(
        boundaries[["township", boundaries.geometry.name]], predicate="within"
    )
    found = inside.groupby(level=0)["township"].first()
    return [str(found.get(i, other)) for i, other in enumerate(nearest)]
