"""What is counted is what scoring one scenario at a time would have counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resalloc.scoring.products import (
    Clause,
    Measure,
    Product,
    Ratio,
    Summary,
    WeightedMean,
    merge,
    summarise,
    summarise_block,
)
from resalloc.scoring.products.partial import FAILS, HOLDS, NOT_COMPUTABLE, Partial
from tests.scoring.products.worlds import MEASURES, one_by_one, world
from tests.test_properties import FEW


def test_two_populations_with_two_plans_by_hand():
    """Covered, of 30 + 10 and 10 + 30 people: plan 0 reaches the first place, plan 1 both.

    75 % and 25 % with plan 0, 100 % with plan 1; beds per 1,000: 200 / 40 = 5 and 300 / 40 = 7.5.
    """
    people = np.array([[30.0, 10.0], [10.0, 30.0]])
    covered = WeightedMean(people, ([[1, 0], [1, 1]],), ">=", [70.0, 90.0], scale=100)
    beds = Ratio([0.2, 0.3], None, None, [40.0, 40.0], ">=", [6.0, 5.0], scale=1000)
    product = Product((Clause("covered", (covered,)), Clause("beds", (beds,))))
    summary = Summary(product, summarise(product))
    table = summary.clauses(quantiles=(0.5,)).set_index(["clause", "variant"])
    assert table.loc[("covered", "variant 1"), ["holds", "fails"]].tolist() == [3, 1]
    assert table.loc[("covered", "variant 2"), ["holds", "fails"]].tolist() == [2, 2]
    assert table.loc[("covered", "all"), ["least", "mean", "most"]].tolist() == [25, 75, 100]
    assert table.loc[("beds", "variant 1"), ["holds", "fails", "mean"]].tolist() == [2, 2, 6.25]
    worst = table.loc[("covered", "all")]
    assert (worst.worst_population, worst.worst_plan, worst.worst_variant) == (1, 0, "variant 2")
    assert worst.worst_excess == pytest.approx(65 / 90, abs=0)
    assert summary.joint()["holds"].tolist() == [0, 2, 0, 2]  # plan 1 under both
    assert summary.joint_share() == 0.5
    people = summary.populations().set_index(["clause", "variant", "population"])
    assert people.loc[("covered", "variant 1", 1), ["holds", "fails", "mean"]].tolist() == [
        1,
        1,
        62.5,
    ]


def _same_as_one_by_one(product: Product, part: Partial) -> None:
    found = one_by_one(product)
    status, value = found["status"], found["value"]
    for one in (HOLDS, NOT_COMPUTABLE, FAILS):
        np.testing.assert_array_equal(part.by_plan.counts[..., one], (status == one).sum(axis=2))
        people = part.by_population.counts[..., one]
        np.testing.assert_array_equal(people, (status == one).sum(axis=3))
    known = ~np.isnan(value)
    with np.errstate(invalid="ignore"):
        totals = np.where(known, value, 0).sum(axis=2), np.where(known, value, 0).sum(axis=3)
    for tally, total, axis in zip((part.by_plan, part.by_population), totals, (2, 3), strict=True):
        np.testing.assert_allclose(tally.total, total, rtol=1e-12)
        least = np.where(known, value, np.inf).min(axis=axis)
        np.testing.assert_array_equal(tally.least, least)
        most = np.where(known, value, -np.inf).max(axis=axis)
        np.testing.assert_array_equal(tally.most, most)
    flat = found["excess"].reshape(*status.shape[:2], -1)
    np.testing.assert_array_equal(part.worst.excess, flat.max(axis=2))
    first = np.where(np.isneginf(flat.max(axis=2)), -1, flat.argmax(axis=2))
    plans = product.shape[1]
    np.testing.assert_array_equal(part.worst.population, np.where(first < 0, -1, first // plans))
    np.testing.assert_array_equal(part.worst.plan, np.where(first < 0, -1, first % plans))
    np.testing.assert_array_equal(part.bins.sum(axis=2), known.sum(axis=(2, 3)))
    beyond = part.bins[..., 0] + part.bins[..., -1]
    np.testing.assert_array_equal(beyond, np.isinf(value).sum(axis=(2, 3)))
    joint = status[[product.number(name) for name in product.joint]].max(axis=0)
    for one in (HOLDS, NOT_COMPUTABLE, FAILS):
        np.testing.assert_array_equal(part.joint_by_plan[..., one], (joint == one).sum(axis=1))
        people = part.joint_by_population[..., one]
        np.testing.assert_array_equal(people, (joint == one).sum(axis=2))
    for number, measure in enumerate(product.measures):
        sign = 1 if measure.better == "lower" else -1
        cost = sign * value[product.number(measure.clause), measure.variant]
        best = np.where(np.isnan(cost), np.inf, cost).min(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            regret = cost - best
        unknown = np.isnan(regret)
        np.testing.assert_array_equal(part.regret.unknown[number], unknown.sum(axis=0))
        largest = np.where(unknown, -np.inf, regret).max(axis=0)
        np.testing.assert_array_equal(part.regret.largest[number], largest)
        total = np.where(unknown, 0, regret).sum(axis=0)
        np.testing.assert_allclose(part.regret.total[number], total, rtol=1e-12, atol=1e-12)


@FEW
@given(
    seed=st.integers(0, 10_000),
    populations=st.integers(1, 7),
    plans=st.integers(1, 6),
    compiled=st.booleans(),
    data=st.data(),
)
def test_any_blocks_and_tiles_give_what_one_scenario_at_a_time_gives(
    seed: int, populations: int, plans: int, compiled: bool, data: st.DataObject
):
    product = world(seed, populations, plans)
    block = data.draw(st.integers(1, populations))
    tile = plans * (30 if compiled else 126) * data.draw(st.integers(1, 3))
    part = summarise(product, block=block, tile_bytes=tile, compiled=compiled)
    _same_as_one_by_one(product, part)


def test_more_plans_than_one_loop_works_on():
    product = world(3, 3, 1100)
    _same_as_one_by_one(product, summarise(product))


def test_the_same_blocks_give_the_same_bytes():
    rng = np.random.default_rng(5)
    row = WeightedMean(rng.random((9, 4)), (rng.random((700, 4)),), ">=", [0.5])
    product = Product((Clause("share", (row,)),), measures=(Measure("share", "higher"),))
    cuts = [(0, 4), (4, 6), (6, 9)]
    one = merge(summarise_block(product, low, high) for low, high in cuts)
    late = [summarise_block(product, low, high) for low, high in reversed(cuts)]
    other = merge(reversed(late))
    for name in ("counts", "total", "least", "most"):
        for tally in ("by_plan", "by_population"):
            bytes_of = [getattr(getattr(part, tally), name).tobytes() for part in (one, other)]
            assert bytes_of[0] == bytes_of[1]
    assert one.regret.total.tobytes() == other.regret.total.tobytes()


def test_quantiles_are_within_the_stated_tolerance():
    rng = np.random.default_rng(7)
    weights, field = rng.random((40, 5)), 5 + 20 * rng.random((30, 5))
    row = WeightedMean(weights, (field,), "<=", [12.0])
    product = Product((Clause("minutes", (row,)),))
    wanted = (0.0, 0.05, 0.5, 0.95, 1.0)
    line = Summary(product, summarise(product)).clauses(wanted).iloc[0]
    value = weights @ field.T / weights.sum(axis=1, keepdims=True)
    for q in wanted:
        exact = np.quantile(value, q, method="inverted_cdf")
        assert abs(line[f"quantile_{q:g}"] - exact) <= line["tolerance"]
    assert line["tolerance"] < 20 / 4000


def test_regret_of_the_textbook_table():
    """Returns of stocks, bonds and money market as interest rises, stays and falls.

    The largest regrets are 7, 5 and 11: bonds (Wikipedia, Regret (decision theory)).
    """
    returns = np.array([[-4.0, 4.0, 12.0], [-2.0, 3.0, 8.0], [3.0, 2.0, 1.0]])
    measure = Measure("return", "higher")
    row = WeightedMean(np.eye(3), (returns,), ">=", [0.0])
    product = Product((Clause("return", (row,)),), measures=(measure,))
    summary = Summary(product, summarise(product))
    assert summary.regret(measure)["largest"].tolist() == [7, 5, 11]
    assert summary.least_regret(measure) == 1
    assert summary.best_expected(measure) == 0  # means 4, 3, 2


def test_a_plan_with_an_unknown_scenario_is_neither_best_nor_undominated():
    measure = Measure("minutes", "lower")
    row = WeightedMean(np.eye(2), ([[5.0, np.nan], [9.0, 9.0], [8.0, 12.0]],), "<=", [10.0])
    product = Product((Clause("minutes", (row,)),), measures=(measure,))
    summary = Summary(product, summarise(product))
    assert summary.regret(measure)["unknown"].tolist() == [2, 0, 0]
    assert summary.least_regret(measure) == 1  # 9 - 8 = 1; the other 12 - 9 = 3
    assert summary.best_expected(measure) == 1  # 9; the other (8 + 12) / 2 = 10
    kept = summary.pareto([(measure, "mean"), (measure, "worst")])
    assert kept["plan"].tolist() == [1]
    assert summary.joint()["not_computable"].tolist() == [2, 0, 0]


def test_nothing_to_measure_does_not_stand_for_a_clause():
    """Nobody lives there (0 / 0): the other place's number is shown; alone it is no number."""
    nobody = WeightedMean([[0.0]], ([[1.0]],), ">=", [0.5])
    half = WeightedMean([[2.0, 2.0]], ([[1.0, 0.0]],), ">=", [0.5])
    product = Product((Clause("both", (nobody, half)), Clause("alone", (nobody,))))
    table = Summary(product, summarise(product)).clauses()
    assert table[["holds", "fails", "not_computable"]].to_numpy().tolist() == [[1, 0, 0], [0, 0, 1]]
    assert table["mean"].iloc[0] == 0.5


def test_measures_of_the_small_world_are_asked():
    summary = Summary(world(1, 3, 4), summarise(world(1, 3, 4)))
    with pytest.raises(KeyError):
        summary.regret(Measure("beds", "lower"))
    assert len(summary.regret(MEASURES[0])) == 4
    assert len(summary.plans()) == 4 * 2 * 4
