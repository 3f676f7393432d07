"""Small products, and what they come to one scenario at a time by the scorecard's own rules."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.result.scorecard import PlaceScore
from resalloc.scoring.products import Clause, Measure, Product, Ratio, WeightedMean
from resalloc.scoring.products.arrays import host
from resalloc.scoring.products.partial import FAILS, HOLDS, NOT_COMPUTABLE
from resalloc.scoring.score import _tightness, verdict_of

if TYPE_CHECKING:
    from collections.abc import Callable

MEASURES = (Measure("minutes", "lower", 1), Measure("beds", "higher"))


def world(
    seed: int, populations: int, plans: int, places: int = 4, put: Callable[[Any], Any] = np.array
) -> Product:
    """Give whole numbers, some zero, some not known: all sums are exact."""
    rng = np.random.default_rng(seed)

    def some(low: int, high: int, *shape: int, unknown: float = 0.04) -> Any:
        numbers = rng.integers(low, high, shape).astype(float)
        numbers[rng.random(shape) < unknown] = np.nan
        return put(numbers)

    people, elsewhere = some(0, 3, populations, places), some(0, 2, populations, 2)
    near, far = (some(0, 2, plans, places, unknown=0.02) for _ in range(2))
    minutes, there = some(4, 12, plans, places), some(0, 2, plans, 2)
    total, beds, staff = some(0, 4, populations), some(0, 5, plans), some(0, 3, plans)
    shares = np.array([0.0, 0.5, 1.0, 0.25])[:places]
    part = put(np.where(shares == 0, 0.0, np.floor(4 * rng.random((plans, places))) * shares / 4))
    covered = (
        WeightedMean(people, (near, far), ">=", [50, 75], (1, 0), scale=100, name="here"),
        WeightedMean(elsewhere, (there,), ">=", [50, 75], scale=100, name="there"),
        WeightedMean(people, (far,), ">=", [40, 0], scale=100, name="far"),
    )
    between = (
        Ratio(beds, None, staff, total, ">=", [1, 0.5], name="floor"),
        Ratio(beds, None, staff, total, "<=", [2, 3], name="ceiling"),
    )
    return Product(
        (
            Clause("covered", covered),
            Clause("minutes", (WeightedMean(people, (minutes,), "<=", [8, 7]),)),
            Clause("part", (WeightedMean(people, (part,), "==", [0.5, 0.75], shares=put(shares)),)),
            Clause("beds", between),
        ),
        joint=("covered", "beds"),
        measures=MEASURES,
    )


def one_by_one(product: Product) -> dict[str, np.ndarray]:
    """Give status, value and excess of every clause, variant, population and plan."""
    populations, plans, variants = product.shape
    shape = (len(product.clauses), variants, populations, plans)
    status, value = np.full(shape, NOT_COMPUTABLE), np.full(shape, np.nan)
    excess = np.full(shape, -np.inf)
    for k, n, p, c in np.ndindex(shape):
        scores = [_score(row, p, c, n) for row in product.clauses[k].rows]
        known = [score for score in scores if score.verdict != "not_computable"]
        if not all(math.isnan(score.value) for score in known):
            worst = max(known, key=_tightness)
            status[k, n, p, c] = HOLDS if worst.verdict == "met" else FAILS
            value[k, n, p, c] = worst.value
            excess[k, n, p, c] = max(_tightness(worst)) if worst.gap else _tightness(worst)[1]
    return {"status": status, "value": value, "excess": excess}


def _score(row: Ratio | WeightedMean, p: int, c: int, n: int) -> PlaceScore:
    if isinstance(row, WeightedMean):
        weights, field = host(row.weights)[p], host(row.fields[row.field_of[n]])[c]
        shares = np.ones(len(weights)) if row.shares is None else host(row.shares)
        above, below = row.scale * (weights @ field), weights @ shares
    else:
        a, g, b, h = map(host, row.arrays)
        above, below = row.scale * (a[c] + g[p]), b[c] + h[p]
    with np.errstate(all="ignore"):
        value = float(np.float64(above) / np.float64(below))
    bound = float(row.bounds[n])
    gap = {">=": bound - value, "<=": value - bound, "==": abs(bound - value)}[row.sense]
    gap = 0.0 if above == 0 and below == 0 else math.nan if math.isnan(gap) else max(gap, 0.0)
    verdict = verdict_of(row.sense, value, bound, gap)
    return PlaceScore(row.name, 2025, value, row.sense, bound, gap, verdict)
