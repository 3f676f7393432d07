"""Every number of a sweep's summary, worked out by hand and held against plain NumPy."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from resalloc.errors import InputError
from resalloc.problem.scenario import Factor
from resalloc.sampling.distribution import Levels, LogNormal
from resalloc.sampling.sampled import MonteCarlo
from resalloc.sampling.variable import Variable
from resalloc.sweep.summary import blocks
from resalloc.sweep.summary.frontier import Indicator
from resalloc.sweep.summary.passing import Count
from resalloc.sweep.summary.summarise import summarise
from tests.sweep.summary.tiny import BEDS, HOSPITAL, PHYSICIANS, places, scenarios
from tests.test_properties import FEW


@pytest.fixture(scope="module")
def say(town_problem):
    """Summarise a small data set of the three towns."""

    def of(data, where=(), **asked):
        return summarise(data, places(where), problem=town_problem, fixed=(), **asked)

    return of


FIVE = {
    BEDS: ([4, 4, 5, 6, None], [0.48, 0.48, 0, 0, None], [False, False, True, True, None]),
    HOSPITAL: ([3, 2, 3, None, None], [0, 1, 0, None, None], [True, False, True, None, None]),
    PHYSICIANS: ([3, 3, None, 3, 2], [0, 0, None, 0, 0.6], [True, True, None, True, False]),
}


@pytest.fixture(scope="module")
def five(say):
    return say(scenarios({"population": [1.2, 1.2, 1.0, 0.8, 0.9]}, FIVE, first=100))


# By clause


def test_scenarios_are_counted_by_what_can_be_said(five):
    beds = five.clauses[BEDS].count
    assert beds == Count(holds=2, fails=2, unknown=1)
    assert (beds.share_holds, beds.share_fails, beds.share_unknown) == (0.4, 0.4, 0.2)


def test_mean_range_and_quantiles_are_those_of_what_is_known(five):
    """4, 4, 5, 6: mean 19/4; half do not exceed 4; 95 % of four are all four."""
    value = five.clauses[BEDS].value
    assert (value.known, value.mean, value.least, value.most) == (4, 4.75, 4.0, 6.0)
    assert (value.low, value.median, value.high) == (4.0, 4.0, 6.0)
    assert value.tolerance == 2.0 / 4096
    assert five.clauses[BEDS].gap.mean == pytest.approx(0.24)


def test_the_worst_scenario_is_the_first_with_the_largest_gap(five):
    worst = five.clauses[BEDS].worst
    assert (worst.scenario, worst.value, worst.gap) == (100, 4.0, 0.48)
    assert worst.factors == {"population": 1.2}


def test_where_a_clause_always_holds_the_worst_is_nearest_to_its_bound(say):
    data = scenarios({"population": [1, 2, 3]}, {BEDS: ([6, 5, 7], [0, 0, 0], [True] * 3)})
    assert say(data).clauses[BEDS].worst.scenario == 1


def test_all_binding_clauses_hold_together_only_where_none_fails_and_all_are_known(five):
    """Hospital and physicians: yes yes, no yes, yes ?, ? yes, ? no."""
    assert five.clauses.binding == (HOSPITAL, PHYSICIANS)
    assert five.clauses.joint == Count(holds=1, fails=2, unknown=2)


def test_scenarios_are_counted_by_how_many_clauses_hold_in_them(five):
    """2, 1, 2, 2 and 0 of three."""
    assert five.clauses.held == (1, 1, 3, 0)
    assert [five.clauses.held_quantile(q) for q in (0.05, 0.5, 0.95)] == [0, 2, 2]


def test_what_is_known_nowhere_has_no_figures(say):
    data = scenarios({"population": [1, 2]}, {BEDS: ([None] * 2, [None] * 2, [None] * 2)})
    passing = say(data).clauses[BEDS]
    assert passing.count == Count(0, 0, 2)
    assert passing.worst is None
    assert math.isnan(passing.value.mean)
    assert math.isnan(passing.value.median)


def test_an_infinite_measure_is_counted_beyond_the_bins(say):
    data = scenarios({"population": [1, 2, 3]}, {}, {"theil_beds": [0.25, 0.5, np.inf]})
    spread = say(data, factors=[Factor("population")]).measures["theil_beds"]
    assert (spread.least, spread.median, spread.high) == (0.25, 0.5, np.inf)


# Tornado


def test_levels_are_compared_and_the_correlation_ratio_is_between_over_total(say):
    """Closed 1, 3 and open 5, 7: means 2 and 6 about 4: 16 of 20 is between."""
    site = "site[南镇卫生院]"
    value, holds = [1, 5, 3, 7], [False, True, False, True]
    data = scenarios({site: [0, 1, 0, 1]}, {BEDS: (value, [1, 0, 1, 0], holds)})
    row = say(data).tornado.frame(BEDS).iloc[0]
    assert (row["value_low"], row["value_high"], row["swing"]) == (2.0, 6.0, 4.0)
    assert (row["share_low"], row["share_high"], row["part_low"]) == (0.0, 1.0, 0.5)
    assert row["eta2"] == pytest.approx(0.8)
    assert row["noise"] == pytest.approx(1 / 3)


def test_other_factors_are_compared_by_fifths_of_the_scenarios(say):
    """0 … 99: the lowest fifth is 0 … 19, mean 9.5.

    In bins of five the variance within is (5² − 1)/12 = 2, of all (100² − 1)/12 = 833.25.
    """
    run = np.random.default_rng(3).permutation(100)
    data = scenarios({"speed": run}, {BEDS: (run, 0 * run, run >= 10)}, cut=7)
    row = say(data).tornado.frame(BEDS).iloc[0]
    assert (row["value_low"], row["value_high"]) == (pytest.approx(9.5), pytest.approx(89.5))
    assert (row["share_low"], row["share_high"]) == (0.5, 1.0)
    assert row["eta2"] == pytest.approx(1 - 2 / 833.25)
    assert row["noise"] == pytest.approx(19 / 99)


def test_means_are_over_what_is_known(say):
    data = scenarios({"speed": [1, 1, 2, 2]}, {BEDS: ([2, None, 4, 6], [0, None, 0, 0],
                                                      [True, None, True, False])})  # fmt: skip
    row = say(data).tornado.frame(BEDS).iloc[0]
    assert (row["value_low"], row["value_high"]) == (2.0, 5.0)
    assert (row["share_low"], row["share_high"]) == (1.0, 0.5)


def test_a_factor_that_does_not_vary_explains_nothing(say):
    frame = say(scenarios({"speed": [1, 1]}, {BEDS: ([2, 3], [0, 0], [True, True])}))
    row = frame.tornado.frame(BEDS).iloc[0]
    assert row["swing"] == 0.0
    assert math.isnan(row["eta2"])


def test_townships_are_taken_together_by_their_people_and_sites_by_how_many_are_open(say):
    """南镇 has 30,000 people and 北镇 20,000: 0.6 × 1.1 + 0.4 × 0.9 = 1.02."""
    factors = {"population[南镇]": [1.1, 1.0], "population[北镇]": [0.9, 1.0],
               "site[南镇卫生院]": [1, 0], "site[北镇卫生院]": [1, 1]}  # fmt: skip
    found = say(scenarios(factors, {BEDS: ([4, 5], [1, 0], [False, True])}))
    people, sites = found.factors["population[*]"], found.factors["site[*]"]
    assert people.levels == (1.0, pytest.approx(1.02))
    assert sites.levels == (1.0, 2.0)
    assert [v.name for v in found.factors.members("site[*]")] == list(factors)[2:]
    row = found.tornado.frame(BEDS).set_index("factor").loc["population[*]"]
    assert (row["value_low"], row["value_high"]) == (5.0, 4.0)


# Trade-off


@pytest.mark.parametrize("cut", [0, 1, 2])
def test_the_trade_off_is_the_same_however_the_scenarios_are_cut(say, cut):
    """(2, 2) beats (3, 3); it stands twice."""
    speed, value = [1, 2, 3, 4, 2, 5], [5, 2, 3, 1, 2, None]
    holds = [None if v is None else True for v in value]
    data = scenarios({"speed": speed}, {BEDS: (value, value, holds)}, first=10, cut=cut)
    wanted = (Indicator("speed", "lower"), Indicator(BEDS, "lower"))
    frontier = say(data, indicators=wanted).frontier
    assert frontier.scenario.tolist() == [10, 11, 13]
    assert frontier.values.tolist() == [[1, 5], [2, 2], [4, 1]]
    assert frontier.equal.tolist() == [1, 2, 1]


def test_the_better_direction_counts(say):
    data = scenarios({"speed": [1, 2, 3]}, {BEDS: ([1, 5, 4], [0] * 3, [True] * 3)})
    wanted = (Indicator("speed", "lower"), Indicator(BEDS, "higher"))
    assert say(data, indicators=wanted).frontier.scenario.tolist() == [0, 1]


def test_open_sites_are_weighed_against_the_response_time_where_both_vary(say):
    sites = {"site[南镇卫生院]": [1, 0], "site[北镇卫生院]": [1, 1]}
    data = scenarios(sites, {"mean_response_min": ([8, 9], [0, 0], [True, True])})
    frontier = say(data).frontier
    assert [i.name for i in frontier.indicators] == ["site[*]", "mean_response_min"]
    assert frontier.values.tolist() == [[1, 9], [2, 8]]


def test_else_the_two_clauses_that_hold_least_often(five, say):
    assert [i.name for i in five.frontier.indicators] == [BEDS, HOSPITAL]
    assert say(scenarios({"speed": [1, 2]}, {})).frontier is None


# Townships


def test_places_are_added_up_over_chunks_and_told_by_township(say):
    where = [
        ("staff_per_bed", "县人民医院", 1, 2),
        ("staff_per_bed", "中心社区卫生服务中心", 2, 2),
        ("staff_per_bed", "三镇区", 2, 2),
        ("village_clinics", "南镇", 0, 2),
        ("staff_per_bed", "县人民医院", 3, 3),
        ("village_clinics", "南镇", 1, 2),
        ("village_clinics", "北镇", 0, 0),
    ]
    data = scenarios({"speed": [1] * 5}, {BEDS: ([1] * 5, [0] * 5, [True] * 5)})
    risk = say(data, where).risk
    table = risk.by_township().set_index(["clause", "township"])
    # Of two institutions in one township the one that falls short more often.
    assert table.loc["staff_per_bed", "中心街道"].tolist() == ["县人民医院", 0.8, 0.0]
    assert table.loc["village_clinics", "南镇"].tolist() == ["南镇", 0.2, pytest.approx(0.2)]
    assert math.isnan(table.loc[("village_clinics", "北镇"), "share_fails"])
    worst = risk.any_clause(["staff_per_bed", "village_clinics"]).set_index("township")
    assert worst["share_fails"].tolist()[:2] == [0.8, 0.2]
    assert math.isnan(worst.loc["北镇", "share_fails"])


# What was varied


def test_distributions_seed_and_sampler_come_from_the_design(say):
    speed, people = Factor("speed", "车速"), Factor("population")
    drawn = (Variable(speed, Levels((0.8, 1.0))), Variable(people, LogNormal(1.0, 0.1)))
    design = MonteCarlo(drawn, size=2, seed=9)
    data = scenarios({"车速": [0.8, 1.0], "population": [1.0, 1.1]}, {})
    found = say(data, design=design)
    assert (found.factors.drawn.sampler, found.factors.drawn.seeds) == ("MonteCarlo", (9,))
    assert found.factors["车速"].factor == speed
    assert found.factors["车速"].levels == (0.8, 1.0)
    assert found.factors["population"].distribution == LogNormal(1.0, 0.1)


# As a whole


def _many(seed: int, size: int = 400):
    rng = np.random.default_rng(seed)
    factors = {"speed": rng.normal(1, 0.1, size), "site[南镇卫生院]": rng.integers(0, 2, size)}
    value = 5 + 3 * factors["speed"] + rng.normal(0, 1, size)
    gap = np.maximum(8 - value, 0)
    hidden = rng.random(size) < 0.1
    clause = [[None if h else x for h, x in zip(hidden, of.tolist(), strict=True)]
              for of in (value, gap, gap == 0)]  # fmt: skip
    return factors, {BEDS: tuple(clause)}, {"gini_beds": rng.random(size)}, value[~hidden]


def test_the_data_are_the_same_however_the_scenarios_are_cut(say, monkeypatch):
    factors, clauses, measures, _ = _many(1)
    whole = json.dumps(say(scenarios(factors, clauses, measures)).as_dict())
    monkeypatch.setattr(blocks, "ROWS", 17)
    assert json.dumps(say(scenarios(factors, clauses, measures, cut=90)).as_dict()) == whole


@FEW
@given(seed=st.integers(0, 10**6))
def test_figures_agree_with_numpy(say, seed):
    factors, clauses, measures, known = _many(seed)
    found = say(scenarios(factors, clauses, measures))
    value = found.clauses[BEDS].value
    assert value.mean == pytest.approx(known.mean(), rel=1e-12)
    assert (value.least, value.most) == (known.min(), known.max())
    exact = np.quantile(known, [0.05, 0.5, 0.95], method="inverted_cdf")
    assert [value.low, value.median, value.high] == pytest.approx(exact, abs=value.tolerance)
    assert found.clauses[BEDS].count.holds == (known >= 8).sum()
    assert found.measures["gini_beds"].mean == pytest.approx(measures["gini_beds"].mean())


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["population"], "no column 'scenario'"),
        (["scenario", f"{BEDS}.value", f"{BEDS}.gap"], "lacks beds_per_1000.holds"),
        (
            ["scenario", f"{BEDS}.value", "bedz.value", f"{BEDS}.gap", f"{BEDS}.holds"],
            "is of no clause of the plan",
        ),
    ],
)
def test_other_tables_are_refused(say, columns, words):
    import pyarrow as pa
    import pyarrow.dataset as ds

    with pytest.raises(InputError, match=words):
        say(ds.dataset(pa.table({name: pa.array([1.0]) for name in columns})))


def test_nothing_to_summarise_is_refused(say):
    with pytest.raises(InputError, match="there is none"):
        say(scenarios({"speed": []}, {}))
    with pytest.raises(InputError, match="more scenarios are counted"):
        say(scenarios({"speed": [1.0]}, {}), [(BEDS, "南镇", 2, 2)])


def test_indicators_that_are_not_there_are_refused(say):
    data = scenarios({"speed": [1.0]}, {BEDS: ([1], [0], [True])})
    with pytest.raises(InputError, match="'bed': was not computed"):
        say(data, indicators=(Indicator("bed", "lower"), Indicator("speed", "higher")))
