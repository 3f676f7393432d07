"""What the figures rest on: where the district's data come from, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from resalloc.district.basis import basis_zh
from resalloc.reporting.texts import Text, texts

if TYPE_CHECKING:
    from resalloc.district.district import District
    from resalloc.problem.problem import Problem

_TABLES = ("population", "beds", "staff", "fleet", "supply", "equipment", "measures")


@dataclass(frozen=True)
class DataNote:
    """Where one table of the district comes from."""

    topic: str
    title: Text
    bases: tuple[Text, ...]

    @property
    def modelled(self) -> bool:
        """Whether any of it is modelled."""
        return any("modelled" in basis.en or "assumed" in basis.en for basis in self.bases)


def data_notes(problem: Problem) -> tuple[DataNote, ...]:
    """Give a note on every table of the district."""
    district, fixed = problem.district, texts()
    notes = [
        DataNote(name, fixed[f"data.{name}"], _bases(district, getattr(district, name)["basis"]))
        for name in _TABLES
    ]
    positions = _bases(district, district.providers()["position_basis"])[:6]
    schematic = district.boundaries is None
    modelled = bool(district.points.index.astype(str).str.fullmatch(r".+/[a-z]\d+").all())
    points = fixed["data.points_note" if modelled else "data.points_given"]
    cells = fixed["data.cells_schematic" if schematic else "data.cells_given"]
    more = {
        "institutions": positions,
        "points": (points.format(n=len(district.points)),),
        "cells": (cells,),
        "travel": (basis_text(district, district.travel.basis),),
        "clock": (fixed["assume.clock"],),
    }
    notes += [DataNote(topic, fixed[f"data.{topic}"], told) for topic, told in more.items()]
    return tuple(notes)


def basis_text(district: District, basis: str) -> Text:
    """Give a basis of the district's tables in both languages."""
    return Text(basis_zh(basis, district.sources_zh), basis)


def _bases(district: District, bases: pd.Series) -> tuple[Text, ...]:
    """Give every basis of a column once."""
    found = tuple(basis_text(district, str(basis)) for basis in pd.unique(bases.dropna()))
    return found or (texts()["map.unknown"],)


def replaced(problem: Problem) -> tuple[str, ...]:
    """Give the keys of the assumptions the user replaced in this run."""
    return tuple(entry.key for entry in problem.district.assumptions if entry.source == "user")


def used_by(key: str) -> Text:
    """Say what an assumption is used for."""
    return texts().get(f"used.{key.partition('.')[0]}", Text("", ""))
