"""A plan document: who issued it, for what place and years, and which text was read."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field


class Document(BaseModel):
    """The source of a norm set.

    Parameters
    ----------
    id
        Name of the plan, e.g. ``tongliang-2025``.
    title, issuer, number, place, level, published
        As on its first page; empty where nothing is printed.
    period
        First and last year.
    file, sha256
        Name and hash of the plain text the quotes were checked against; empty where none was.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    title_en: str = ""
    issuer: str = ""
    number: str = ""
    place: str = ""
    level: str = ""
    published: dt.date | None = None
    period: tuple[int, int]
    file: str = ""
    sha256: str = Field(default="", pattern=r"^([0-9a-f]{64})?$")
