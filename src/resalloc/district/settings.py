"""What ``district.toml`` says: who the district is, and the totals to model figures from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from resalloc.errors import Fault, InputError
from resalloc.paths import read_toml

if TYPE_CHECKING:
    from pathlib import Path


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Who(_Strict):
    """``[district]``: names and the year the figures are of."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    name: str
    name_en: str = ""
    base_year: int = Field(ge=1949, le=2100)
    terrain: Literal["plain", "rolling", "hilly", "mountain"] | None = None
    travel_basis: str = ""


class PopulationTotals(_Strict):
    """``[population]``: printed totals a census by township is scaled to.

    `printed` gives, by year, the source of the townships whose residents of that year
    are known and stand in ``population_<year>`` of ``townships.csv``.
    """

    census: str = "population_2010"
    split: Literal["committees", "equal"] = "committees"
    groups: dict[str, float] = Field(default_factory=dict)
    totals: dict[str, dict[int, float]]
    sources: dict[str, str] = Field(default_factory=dict)
    printed: dict[str, str] = Field(default_factory=dict)


class Figure(_Strict):
    """A district figure to be shared out: a total, or a printed rate times what it is per.

    ``rate = 2.85``, ``per = 1000``, ``of = "residents"`` is 2.85 per 1,000 residents.
    """

    total: int | None = Field(default=None, ge=0)
    rate: float | None = Field(default=None, ge=0)
    per: float = Field(default=1000, gt=0)
    of: str = "residents"
    source: str

    def count(self, base: float) -> int:
        """Give the whole number meant, `base` being the district's figure for `of`."""
        if self.total is not None:
            return self.total
        return int((self.rate or 0.0) * base / self.per + 0.5)


class BedFigure(Figure):
    """Beds of one kind, shared out among named providers by their beds."""

    among: list[str] = Field(min_length=1)


class AuthorisedBeds(Figure):
    """Authorised beds of the district, shared out where the institutions' own are not printed.

    `weights` are the relative beds of one institution, by kind or, before its kind, by
    name; `weights_source` says where they are from.
    """

    weights: dict[str, float] = Field(default_factory=dict)
    weights_source: str = ""

    @model_validator(mode="after")
    def _weights_have_a_source(self) -> Self:
        if bool(self.weights) != bool(self.weights_source):
            message = "weights and weights_source go together"
            raise ValueError(message)
        return self


class StaffFigure(Figure):
    """Staff of one cadre: weight per bed by kind of institution, or fixed by name."""

    per_bed: dict[str, float] = Field(default_factory=dict)
    at: dict[str, Figure] = Field(default_factory=dict)
    rest: list[str] = Field(default_factory=list)


class FleetFigure(Figure):
    """Vehicles: so many at each station of the network, the rest by beds."""

    each: int = Field(default=1, ge=0)


class BedTotals(_Strict):
    """``[beds]``: authorised beds of the whole district, and of single kinds."""

    authorised: AuthorisedBeds | None = None
    kind: dict[str, BedFigure] = Field(default_factory=dict)


class Settings(_Strict):
    """Everything ``district.toml`` may say."""

    district: Who
    population: PopulationTotals | None = None
    beds: BedTotals = Field(default_factory=BedTotals)
    staff: dict[str, StaffFigure] = Field(default_factory=dict)
    fleet: dict[str, FleetFigure] = Field(default_factory=dict)
    supply: dict[str, Figure] = Field(default_factory=dict)
    equipment_complete: bool = False
    assumptions: dict[str, float | str] = Field(default_factory=dict)
    sources_zh: dict[str, str] = Field(default_factory=dict)


def read_settings(path: Path) -> Settings:
    """Read ``district.toml`` strictly.

    Raises
    ------
    InputError
        A key is unknown or missing, or a value is of the wrong kind; all at once.
    """
    try:
        return Settings.model_validate(read_toml(path))
    except ValidationError as error:
        raise InputError(
            [
                Fault(
                    f"{path.name}, {'.'.join(map(str, fault['loc']))}",
                    f"{fault['msg'][0].lower()}{fault['msg'][1:]}.",
                    _remedy(fault["type"]),
                )
                for fault in error.errors()
            ]
        ) from None


def _remedy(kind: str) -> str:
    if kind == "missing":
        return "Add it; docs/district_data.md shows an example."
    if kind == "extra_forbidden":
        return "Check its spelling against docs/district_data.md, or remove it."
    return "Mend the value."
