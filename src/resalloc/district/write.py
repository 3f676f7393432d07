"""Write a district as a folder that reads back as the same district."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from resalloc.district.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from resalloc.district.assumptions import Assumptions
    from resalloc.district.district import District


def write_district(district: District, folder: str | Path) -> Path:
    """Write every figure of a district, modelled ones too, each with its basis.

    The folder is a snapshot: what was modelled is now given, under the basis it
    had, so it reads back without being modelled again.

    Parameters
    ----------
    district
        The district.
    folder
        Made if absent; tables of the same names are overwritten.

    Returns
    -------
    pathlib.Path
        The folder.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, frame in _frames(district).items():
        path = target / TABLES[name].file
        if frame is None:
            path.unlink(missing_ok=True)
        else:
            as_texts(frame).to_csv(path, index=False, lineterminator="\n", encoding="utf-8")
    (target / "district.toml").write_text(_settings(district), encoding="utf-8")
    (target / "assumptions.toml").write_text(_assumptions(district.assumptions), encoding="utf-8")
    return target


def _frames(district: District) -> Mapping[str, pd.DataFrame | None]:
    indexed = ("townships", "institutions", "unlisted", "points", "sites")
    plain = ("population", "beds", "staff", "supply", "equipment", "fleet", "measures")
    frames: dict[str, pd.DataFrame | None] = {
        name: getattr(district, name).reset_index() for name in indexed
    }
    frames |= {name: getattr(district, name) for name in plain}
    frames |= {name: getattr(district, name) for name in ("boundaries", "neighbours")}
    frames["travel"] = _travel(district)
    frames["candidates"] = None
    return frames


def _travel(district: District) -> pd.DataFrame:
    travel = district.travel
    known = np.isfinite(travel.travel_min) & np.isfinite(travel.distance_km)
    row, column = np.nonzero(known | ~known.any(axis=1, keepdims=True))
    return pd.DataFrame(
        {
            "from": district.points.index.to_numpy()[row],
            "to": district.sites.index.to_numpy()[column],
            "km": travel.distance_km[row, column],
            "min": travel.travel_min[row, column],
            "road_km": travel.road_km[row, column],
        }
    )


def as_texts(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn every cell into the shortest text that reads back as the same value."""
    return pd.DataFrame({name: [_text(value) for value in frame[name]] for name in frame})


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return repr(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value)


def _settings(district: District) -> str:
    lines = [
        "# A snapshot: every figure is given, with the basis it had.",
        "",
        "[district]",
        f"id = {_quoted(district.id)}",
        f"name = {_quoted(district.name)}",
        f"name_en = {_quoted(district.name_en)}",
        f"base_year = {district.base_year}",
        f"travel_basis = {_quoted(district.travel.basis)}",
    ]
    if district.sources_zh:
        lines += ["", "[sources_zh]"]
        lines += [f"{_quoted(k)} = {_quoted(v)}" for k, v in district.sources_zh.items()]
    return "\n".join(lines) + "\n"


def _assumptions(assumptions: Assumptions) -> str:
    blocks = []
    for entry in assumptions:
        value = entry.value
        shown = _quoted(value) if isinstance(value, str) else repr(float(value))
        lines = [f"[assumption.{_quoted(entry.key)}]", f"value = {shown}"]
        if entry.choices:
            lines.append(f"choices = [{', '.join(map(_quoted, entry.choices))}]")
        lines += [
            f"{name} = {_quoted(getattr(entry, name))}" for name in ("unit", "zh", "en", "source")
        ]
        lines += [
            f"{name} = {_quoted(getattr(entry, name))}"
            for name in ("unit_zh", "source_zh")
            if getattr(entry, name)
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
