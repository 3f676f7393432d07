"""A mean over places, weighted by people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from resalloc.errors import Fault, InputError
from resalloc.scoring.products.arrays import extremes, floats, infinite, library, same_home
from resalloc.scoring.products.bounds import bounds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from resalloc.problem.columns import Floats
    from resalloc.scoring.products.arrays import Array
    from resalloc.scoring.products.bounds import Sense


@dataclass(frozen=True, eq=False)
class WeightedMean:
    """A mean over places, weighted by people: a covered share, a mean of minutes.

    ::

        value[p, c] = scale × Σ_i w[p, i] f[c, i] / Σ_i w[p, i] s[i]

    ======  ==================================================================
    p, c    a population, a plan
    i       demand points of the row's class, or townships
    w       people at i
    f       covered or not (1, 0), a share, or minutes of the nearest crew
    s       where i is a township: share of its people who count; 1 by default
    ======  ==================================================================

    Parameters
    ----------
    weights
        w, populations × places; not negative, NaN where not known.
    fields
        f, each plans × places: one for every distinct setting (a radius), shared by variants.
        NaN where not known, or where nobody can come. Where i is a township, f is already
        summed over its points of the class.
    sense, bounds
        How `value` is compared, and with what: a bound for every variant.
    field_of
        Which field each variant reads; the first by default.
    shares
        s, one a place.
    scale
        From the plain mean to the printed unit: 100 for %.
    name
        What the row is about; the worst case names it.

    Raises
    ------
    InputError
        A shape does not fit, people are negative, or a number that must be there is not.

    Examples
    --------
    >>> covered = WeightedMean([[30.0, 10.0]], ([[1, 0], [1, 1]],), ">=", [90.0], scale=100)
    >>> (covered.populations, covered.plans, covered.variants)
    (1, 2, 1)
    """

    weights: Array
    fields: Sequence[Array]
    sense: Sense
    bounds: Floats
    field_of: tuple[int, ...] = ()
    shares: Array | None = None
    scale: float = 1.0
    name: str = ""

    def __post_init__(self) -> None:
        where = self.name or "a weighted mean"
        weights, faults = floats(f"{where}: weights", self.weights, 2)
        fields = []
        for number, field in enumerate(self.fields, 1):
            array, bad = floats(f"{where}: field {number}", field, 2)
            fields.append(array)
            faults += bad
        bounds, bad = bounds_of(where, self.sense, self.bounds, self.scale)
        faults += bad
        shares = self.shares
        if shares is not None:
            shares, bad = floats(f"{where}: shares", shares, 1)
            faults += bad
        if not fields:
            faults.append(Fault(f"{where}: fields", "are none.", "Give at least one."))
        field_of = tuple(int(k) for k in self.field_of) or (0,) * len(bounds)
        if not faults:
            faults = [
                *_shape_faults(where, weights, fields, field_of, len(bounds), shares),
                *same_home([weights, *fields, *([] if shares is None else [shares])]),
            ]
        if not faults:
            faults = _number_faults(where, weights, fields, shares)
        if faults:
            raise InputError(faults)
        for key, value in (
            ("weights", weights), ("fields", tuple(fields)), ("bounds", bounds),
            ("field_of", field_of), ("shares", shares), ("scale", float(self.scale)),
        ):  # fmt: skip
            object.__setattr__(self, key, value)

    @property
    def populations(self) -> int:
        """How many populations there are."""
        return int(self.weights.shape[0])

    @property
    def plans(self) -> int:
        """How many plans there are."""
        return int(self.fields[0].shape[0])

    @property
    def variants(self) -> int:
        """How many variants of the norms there are."""
        return len(self.bounds)

    @property
    def arrays(self) -> tuple[Array, ...]:
        """Every array it holds that belongs to the array library."""
        return (self.weights, *self.fields, *(() if self.shares is None else (self.shares,)))

    def moved(self, to: Callable[[Array], Array]) -> WeightedMean:
        """Give the row with its arrays handed through `to`."""
        return replace(
            self,
            weights=to(self.weights),
            fields=tuple(to(field) for field in self.fields),
            shares=None if self.shares is None else to(self.shares),
        )

    @property
    def range(self) -> tuple[float, float]:
        """Between which numbers the value must lie: a mean lies between its extremes."""
        ends = []
        for field in self.fields:
            if self.shares is not None:
                xp = library(field)
                some = self.shares > 0
                each = field / xp.where(some, self.shares, xp.ones_like(self.shares))
                field = xp.where(some, each, xp.full_like(each, float("nan")))
            ends += [self.scale * end for end in extremes(field) if np.isfinite(end)]
        return (min(ends), max(ends)) if ends else (0.0, 0.0)


def _shape_faults(
    where: str,
    weights: Array,
    fields: Sequence[Array],
    field_of: tuple[int, ...],
    variants: int,
    shares: Array | None,
) -> list[Fault]:
    faults = []
    places, plans = weights.shape[1], fields[0].shape[0]
    for number, field in enumerate(fields, 1):
        if field.shape != (plans, places):
            what = f"is {tuple(field.shape)} for {plans} plans and {places} places."
            faults.append(Fault(f"{where}: field {number}", what, "Give plans × places."))
    if shares is not None and shares.shape != (places,):
        what = f"are {shares.shape[0]} for {places} places."
        faults.append(Fault(f"{where}: shares", what, "Give one each."))
    if len(field_of) != variants:
        what = f"names {len(field_of)} fields for {variants} variants."
        faults.append(Fault(f"{where}: field_of", what, "Give one each."))
    if not all(0 <= k < len(fields) for k in field_of):
        what = f"names a field beyond the {len(fields)} that are given."
        faults.append(Fault(f"{where}: field_of", what, "Count from 0."))
    return faults


def _number_faults(
    where: str, weights: Array, fields: Sequence[Array], shares: Array | None
) -> list[Fault]:
    faults = []
    for name, array in (("weights", weights), ("shares", shares)):
        if array is not None and (extremes(array)[0] < 0 or infinite(array)):
            what = "are negative or infinite somewhere."
            faults.append(Fault(f"{where}: {name}", what, "NaN is: not known."))
    for number, field in enumerate(fields, 1):
        if infinite(field):
            remedy = "Give NaN where nobody can come: it is then not computable."
            faults.append(Fault(f"{where}: field {number}", "is infinite somewhere.", remedy))
        elif shares is not None:
            xp = library(field)
            if bool(xp.any((shares == 0) & (field != 0))):
                what = "counts people of a place whose share is 0."
                faults.append(Fault(f"{where}: field {number}", what, "Give 0 there."))
    return faults
