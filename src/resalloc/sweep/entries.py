"""What the tables of a sweep file may say, before any of it meets a district."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from resalloc.errors import Fault, did_you_mean
from resalloc.sampling.distribution import (
    Distribution,
    Levels,
    LogNormal,
    Normal,
    Triangular,
    Uniform,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?|true|false")
Number = Annotated[float, Field(allow_inf_nan=False)]
Sampler = Literal["factorial", "latin-hypercube", "sobol", "monte-carlo", "subsets", "file"]
DISTRIBUTIONS = ("levels", "uniform", "normal", "lognormal", "triangular", "open", "value")
"""The ways to say how a factor varies; `exactly` says it of a group of sites."""


class Strict(BaseModel):
    """A table in which every key is known and every value is of its kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Range(Strict):
    """``uniform = { low = …, high = … }``."""

    low: Number
    high: Number


class Spread(Strict):
    """``normal = { mean = …, sd = … }``."""

    mean: Number
    sd: Number


class Multiplier(Strict):
    """``lognormal = { mean = …, cv = … }``."""

    mean: Number
    cv: Number


class ThreePoints(Strict):
    """``triangular = { low = …, mode = …, high = … }``."""

    low: Number
    mode: Number
    high: Number


class FactorEntry(Strict):
    """``[[factor]]``: one thing that differs between the scenarios, or one a township or site.

    Parameters
    ----------
    of, name, adds, counted
        As :class:`~resalloc.problem.scenario.Factor` says; a project must say `counted`.
    by
        Make a factor of every township, or of every site; of those in `townships` or `sites`
        where these are given.
    levels, weights, uniform, normal, lognormal, triangular
        How it varies: see :mod:`resalloc.sampling.distribution`.
    open
        How likely the site is open, or the project there: levels 0 and 1.
    value
        It does not vary.
    exactly, fixed
        Of a group of sites: how many are open, and which always.
    correlation
        Of the factors of a group: the correlation of every pair.
    correlation_km
        Of townships: the distance in km over which the correlation falls to 1/e.
    """

    of: str
    name: str = ""
    adds: dict[str, Number] = Field(default_factory=dict)
    counted: bool | None = None
    by: Literal["township", "site"] | None = None
    townships: list[str] = Field(default_factory=list)
    sites: list[str] = Field(default_factory=list)
    levels: list[Number] | None = None
    weights: list[Number] | None = None
    uniform: Range | None = None
    normal: Spread | None = None
    lognormal: Multiplier | None = None
    triangular: ThreePoints | None = None
    open: Annotated[Number, Field(ge=0, le=1)] | None = None
    value: Number | None = None
    exactly: Annotated[int, Field(ge=1)] | None = None
    fixed: list[str] = Field(default_factory=list)
    correlation: Annotated[Number, Field(ge=-1, le=1)] | None = None
    correlation_km: Annotated[Number, Field(gt=0)] | None = None

    @property
    def group(self) -> Literal["township", "site"] | None:
        """What it makes a factor of, if it does."""
        if self.townships:
            return self.by or "township"
        return self.by or ("site" if self.sites else None)

    @property
    def said(self) -> tuple[str, ...]:
        """The keys that say how it varies; one, where all is well."""
        keys = (*DISTRIBUTIONS, "exactly")
        return tuple(key for key in keys if getattr(self, key) is not None)

    def distribution(self) -> Distribution:
        """Give how it varies.

        Raises
        ------
        InputError
            The figures are not those of such a distribution.
        """
        if self.uniform:
            return Uniform(self.uniform.low, self.uniform.high)
        if self.normal:
            return Normal(self.normal.mean, self.normal.sd)
        if self.lognormal:
            return LogNormal(self.lognormal.mean, self.lognormal.cv)
        if self.triangular:
            return Triangular(self.triangular.low, self.triangular.mode, self.triangular.high)
        if self.open is not None:
            return Levels((0.0, 1.0), (1.0 - self.open, self.open))
        if self.value is not None:
            return Levels((self.value,))
        weights = None if self.weights is None else tuple(self.weights)
        return Levels(tuple(self.levels or ()), weights)


class AxisHead(Strict):
    """How scenarios are drawn: of the whole table, or of one ``[[axis]]``."""

    name: str = ""
    sampler: Sampler | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    seed: Annotated[int, Field(ge=0)] | None = None
    file: str = ""


class Head(Strict):
    """What stands at the top of the file."""

    district: str
    plan: str = ""
    year: Annotated[int, Field(ge=1949, le=2100)] | None = None
    state: str = "today"
    title: str = ""
    clauses: list[str] = Field(default_factory=list)
    measures: list[str] = Field(default_factory=list)
    targets: dict[str, str] = Field(default_factory=dict, alias="set")
    assumptions: dict[str, float | str] = Field(default_factory=dict, alias="assume")


Table = TypeVar("Table", bound=Strict)


def checked(
    model: type[Table], record: Mapping[str, Any], where: str, faults: list[Fault]
) -> Table | None:
    """Read one table; None, with the faults noted, where that is impossible."""
    try:
        return model.model_validate(record)
    except ValidationError as error:
        faults.extend(_faults(error, where, model))
        return None


def _faults(error: ValidationError, where: str, model: type[Strict]) -> Iterator[Fault]:
    for item in error.errors():
        place = f"{where}, {'.'.join(map(str, item['loc']))}"
        if item["type"] == "extra_forbidden":
            fields = model.model_fields.items()
            known = [field.alias or name for name, field in fields] if len(item["loc"]) == 1 else []
            if known and model is Head:
                known += ["sampler", "size", "seed", "file", "factor", "axis"]
            remedy = did_you_mean(str(item["loc"][0]), known) if known else "Remove it."
            yield Fault(place, "unknown key.", remedy)
        elif item["type"] == "missing":
            yield Fault(place, "is missing.", "Add it.")
        else:
            yield Fault(place, *_wrong_value(item["msg"], item["loc"], item["input"], model))


def _wrong_value(
    message: str, loc: tuple[int | str, ...], found: object, model: type[Strict]
) -> tuple[str, str]:
    """Give what is wrong with a value, and the remedy."""
    key = str(loc[-1])
    if key == "open" and isinstance(found, int | float) and 1 < found <= 100:
        return f"{found:g} is no share.", f"Write {found / 100:g} for {found:g} %."
    shown = repr(found[:60]) if isinstance(found, str) else str(found)[:60]
    what = f"{message[0].lower()}{message[1:]} (found: {shown})."
    plain = isinstance(found, str) and _PLAIN.fullmatch(found.strip())
    if plain and re.search("integer|number|boolean", message):
        return what, "Write it without quotation marks."
    if message.endswith("valid string") and isinstance(found, int | float):
        return what, "Write it in quotation marks."
    if message.endswith("valid list") and isinstance(found, str):
        return what, f'Write it in brackets: {key} = ["{found[:60]}"].'
    parts = _parts(model, key) if len(loc) == 1 else ()
    if parts:
        values = found if isinstance(found, list) and len(found) == len(parts) else ["…"] * 3
        pairs = ", ".join(f"{part} = {value}" for part, value in zip(parts, values, strict=False))
        return f"is no table (found: {str(found)[:60]}).", f"Write {key} = {{ {pairs} }}."
    return what, "Mend the value."


def _parts(model: type[Strict], key: str) -> tuple[str, ...]:
    """Give the keys of a table within a table, e.g. low and high of ``uniform``."""
    for kind in get_args(model.model_fields[key].annotation) if key in model.model_fields else ():
        if isinstance(kind, type) and issubclass(kind, Strict):
            return tuple(kind.model_fields)
    return ()
