"""Ratios, shares and totals: beds per 1,000, nurses per physician, ICU share, quotas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from resalloc.problem.rows import NormRows, stack
from resalloc.rules.scope import Lookups, places
from resalloc.rules.targets import sides
from resalloc.rules.terms import sum_of

if TYPE_CHECKING:
    from resalloc.norms.norm import Norm
    from resalloc.problem.columns import Columns
    from resalloc.problem.given import Given


def ratio_rows(norm: Norm, district: Lookups, columns: Columns, given: Given) -> NormRows | None:
    """Give the rows of a clause that bounds one sum, or one sum over another.

    ::

        scale × Σ of / Σ per   (>=, <= or ==)   target

    where `of` and `per` are the indicator's terms at the place and year, and Σ per
    is 1 for a plain total.

    Parameters
    ----------
    norm
        A norm whose indicator's rule is ``ratio`` or ``total``.
    district, columns, given
        What it is compiled against.

    Returns
    -------
    NormRows or None
        None when nothing in the district is in its scope.

    Raises
    ------
    InputError
        A term or the scope cannot be read.
    """
    indicator = norm.indicator
    assert indicator is not None
    found = places(norm.reads.scope, district)
    tops, bottoms, labels, years, senses, bounds = [], [], [], [], [], []
    for year, target in norm.reads.values.items():
        for place in found:
            top = sum_of(indicator.of, columns, district, place, year)
            bottom = sum_of(indicator.per, columns, district, place, year)
            for sense, bound in sides(norm.reads.sense, target):
                tops.append(top)
                bottoms.append(bottom)
                labels.append(place.label)
                years.append(year)
                senses.append(sense)
                bounds.append(bound)
    if not labels:
        return None
    top_given = stack([(s.given, s.weights) for s in tops], given.size)
    bottom_given = stack([(s.given, s.weights) for s in bottoms], given.size)
    return NormRows(
        norm=norm,
        places=tuple(labels),
        years=np.array(years),
        top=stack([(s.columns, s.coefficients) for s in tops], columns.size),
        top_constant=np.asarray(top_given @ given.values),
        bottom=stack([(s.columns, s.coefficients) for s in bottoms], columns.size),
        bottom_constant=np.asarray(bottom_given @ given.values),
        scale=indicator.units.scale,
        sense=tuple(senses),
        bound=np.array(bounds),
        unknown=tuple(
            ", ".join(dict.fromkeys(top.unknown + bottom.unknown))
            for top, bottom in zip(tops, bottoms, strict=True)
        ),
        top_given=top_given,
        bottom_given=bottom_given,
    )
