"""What the tables of institutions and of townships share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from resalloc.reporting.sources import Source
from resalloc.reporting.table import EMPTY, Column, Table
from resalloc.reporting.texts import Text, texts
from resalloc.vocabulary import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from resalloc.reporting.figures import Figures

POSTS = Text("人", "persons")
BEDS = Text("张", "beds")


def provider_frame(f: Figures) -> pd.DataFrame:
    """Give a frame of all institutions with their name, kind and township."""
    providers, kinds = f.problem.district.providers(), vocabulary().list("institution_kind")
    frame = pd.DataFrame(index=providers.index)
    frame["name"] = list(providers.index)
    labels = [Text(kinds[kind].zh, kinds[kind].en) for kind in providers["kind"]]
    frame["kind"] = texts_column(labels, frame.index)
    frame["township"] = list(providers["township"])
    return frame


def place_columns() -> tuple[Column, ...]:
    """Give the columns of an institution's name, kind and township."""
    fixed = texts()
    return (
        Column("name", fixed["table.institution"], holds="text"),
        Column("kind", fixed["table.kind"], holds="text"),
        Column("township", fixed["table.township"], holds="text"),
    )


def used(frame: pd.DataFrame, kinds: Iterable[str]) -> list[str]:
    """Give the kinds of which there is any, today or planned."""
    return [
        kind
        for kind in kinds
        if (frame[[f"{kind}_today", f"{kind}_plan"]].fillna(0) != 0).to_numpy().any()
    ]


def decided() -> Source:
    """Give the source of a figure that no clause fixes: the method."""
    return Source("method", texts()["source.method"], "data")


def named_table(
    name: str,
    columns: Sequence[Column],
    frame: pd.DataFrame,
    links: dict[tuple[str, str], str] | None = None,
) -> Table:
    """Give a table with its title and note from the texts."""
    fixed = texts()
    title, note = fixed[f"tables.{name}"], fixed.get(f"tables.{name}-note", EMPTY)
    return Table(name, title, note, tuple(columns), frame, links or {})


def texts_column(labels: Sequence[Text], index: pd.Index[str]) -> pd.Series:
    """Give phrases as a column of a frame."""
    return pd.Series(list(labels), index=index, dtype=object)
