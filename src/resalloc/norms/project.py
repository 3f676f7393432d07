"""A capital project of a plan: what is to be built, from when to when, for how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

if TYPE_CHECKING:
    from collections.abc import Mapping

Build = Literal[
    "新建", "迁建", "扩建", "改扩建", "改建", "改造", "续建", "在建", "单纯购置"
]  # 建设性质, as the lists print it


class Project(BaseModel):
    """One row of a project list; what the list does not print is ``None``.

    Parameters
    ----------
    name
        As printed.
    owner
        业主单位; empty where the list names none.
    build
        建设性质: new, relocated, extended, refitted, under way, purchase only.
    beds, beds_added
        Beds the project is to have, or to add (新增) to those there.
    places
        Childcare places it is to have.
    area_m2
        Floor area in square metres.
    cost_wan, cost_in_period_wan
        Total cost, and what of it falls into the plan's period, in 万元.
    start, end
        Years of construction.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1)
    owner: str = ""
    build: tuple[Build, ...] = ()
    beds: float | None = Field(default=None, ge=0)
    beds_added: float | None = Field(default=None, ge=0)
    places: float | None = Field(default=None, ge=0)
    area_m2: float | None = Field(default=None, ge=0)
    cost_wan: float | None = Field(default=None, ge=0)
    cost_in_period_wan: float | None = Field(default=None, ge=0)
    start: int | None = Field(default=None, ge=1949, le=2100)
    end: int | None = Field(default=None, ge=1949, le=2100)

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> Project:
        if self.start is not None and self.end is not None and self.start > self.end:
            message = f"the project ends ({self.end}) before it starts ({self.start})"
            raise ValueError(message)
        return self

    @classmethod
    def from_cells(cls, row: Mapping[str, str]) -> Project:
        """Read a project from the cells of a table; an empty cell is unknown.

        Examples
        --------
        >>> row = {"name": "卫生院", "build": "改造、单纯购置", "beds": "50", "cost_wan": ""}
        >>> Project.from_cells(row).build
        ('改造', '单纯购置')
        """
        found: dict[str, object] = {
            field: row[field] for field in cls.model_fields if row.get(field, "") != ""
        }
        if "build" in found:
            found["build"] = tuple(str(found["build"]).split("、"))
        return cls.model_validate(found)
