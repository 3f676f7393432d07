import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from resalloc.errors import InputError
from resalloc.location.access import catchments
from resalloc.location.access.access import (
    access_2sfca,
    access_3sfca,
    access_hierarchical,
    access_huff_3sfca,
)
from resalloc.location.access.decay import Exponential, Gaussian, Power, Step, Zones
from resalloc.location.costs import Costs, PlanarCosts

# Three villages, two hospitals, minutes.
COST = np.array([[5.0, 25.0], [12.0, 18.0], [40.0, 10.0]])
SUPPLY = np.array([60.0, 30.0])
PEOPLE = np.array([1000.0, 500.0, 2000.0])
ZONES = Zones((10, 20, 30), (1, 0.68, 0.22))


def test_2sfca_by_hand():
    found = access_2sfca(COST, SUPPLY, PEOPLE, 20)
    # Within 20: hospital 0 has villages 0, 1; hospital 1 has villages 1, 2.
    assert found.ratio == pytest.approx([60 / 1500, 30 / 2500])
    assert found.access == pytest.approx([0.04, 0.04 + 0.012, 0.012])
    assert found.unreached.tolist() == []


def test_e2sfca_by_hand():
    found = access_2sfca(COST, SUPPLY, PEOPLE, decay=ZONES)
    # Hospital 0: 1000·1 + 500·0.68 = 1340. Hospital 1: 1000·0.22 + 500·0.68 + 2000·1 = 2560.
    r0, r1 = 60 / 1340, 30 / 2560
    assert found.ratio == pytest.approx([r0, r1])
    assert found.access == pytest.approx([r0 + 0.22 * r1, 0.68 * r0 + 0.68 * r1, r1])


def test_3sfca_by_hand():
    found = access_3sfca(COST, SUPPLY, PEOPLE, decay=ZONES)
    # Selection: village 0 1/1.22 and 0.22/1.22; village 1 half and half; village 2 all to 1.
    f = np.array([[1 / 1.22, 0.22 * 0.22 / 1.22], [0.34, 0.34], [0, 1]])
    r0 = 60 / (1000 / 1.22 + 500 * 0.34)
    r1 = 30 / (1000 * 0.0484 / 1.22 + 500 * 0.34 + 2000)
    assert found.ratio == pytest.approx([r0, r1])
    assert found.access == pytest.approx(f @ [r0, r1])


def test_huff_3sfca_by_hand():
    found = access_huff_3sfca(COST, SUPPLY, PEOPLE, 30, decay=ZONES)
    # Pull supply / minutes²: village 0 2.4 and 0.048, village 1 0.41667 and 0.09259.
    g0, g1 = 2.4 / 2.448, (60 / 144) / (60 / 144 + 30 / 324)
    f = np.array([[g0, 0.22 * (1 - g0)], [0.68 * g1, 0.68 * (1 - g1)], [0, 1]])
    ratio = SUPPLY / (PEOPLE @ f)
    assert found.ratio == pytest.approx(ratio)
    assert found.access == pytest.approx(f @ ratio)


def test_hierarchical_is_the_levels_each_by_itself_and_their_sum():
    decay = {"town": Gaussian(), "district": Step()}
    found = access_hierarchical(
        COST,
        SUPPLY,
        PEOPLE,
        {"town": 20, "district": {"urban": 12, "rural": 25}},
        levels=["town", "district"],
        decay=decay,
        classes=["rural", "urban", "urban"],
    )
    town = access_2sfca(COST[:, :1], SUPPLY[:1], PEOPLE, 20, decay=Gaussian())
    # District hospital 1: the rural village 0 at 25 ≤ 25, village 1 at 18 > 12, village 2 at 10.
    district = np.array([30 / 3000, 0, 30 / 3000])
    assert found.by_level["town"] == pytest.approx(town.access)
    assert found.by_level["district"] == pytest.approx(district)
    assert found.access == pytest.approx(town.access + district)
    assert found.frame().columns.tolist() == ["access", "town", "district"]


def test_supply_nobody_reaches_is_named_and_not_divided_by_zero():
    cost = Costs(np.array([[5.0, 90.0], [6.0, np.inf]]), ("A", "B"), ("near", "far"))
    found = access_2sfca(cost, [10, 10], [100, 100], 30)
    assert found.unreached.tolist() == [1]
    assert found.unreached_names == ("far",)
    assert np.isnan(found.ratio[1])
    assert found.access == pytest.approx([0.05, 0.05])


def test_place_without_supply_in_reach_has_access_zero():
    found = access_2sfca([[5.0], [99.0]], 10, 100, 30)
    assert found.access.tolist() == [0.1, 0.0]


def test_empty_catchment_without_supply_is_nothing_to_report():
    assert access_2sfca([[5.0, 90.0]], [10, 0], [100], 30).unreached.tolist() == []


def test_radius_is_inclusive():
    assert access_2sfca([[30.0]], 10, 100, 30).access.tolist() == [0.1]


def test_radius_by_site_is_a_row():
    by_site = access_2sfca(COST, SUPPLY, PEOPLE, [[10.0, 20.0]])
    assert by_site.access == pytest.approx([0.06, 30 / 2500, 30 / 2500])


def variants():
    return {
        "2sfca": lambda *a: access_2sfca(*a, 30),
        "e2sfca": lambda *a: access_2sfca(*a, decay=ZONES),
        "gaussian": lambda *a: access_2sfca(*a, 30, decay=Gaussian()),
        "exponential": lambda *a: access_2sfca(*a, 30, decay=Exponential(0.05)),
        "3sfca": lambda *a: access_3sfca(*a, decay=ZONES),
        "huff": lambda *a: access_huff_3sfca(
            *a, 30, decay=Power(1.5, 2.0), attractiveness=3.0, smallest=1.0
        ),
        "hierarchical": lambda cost, supply, people: access_hierarchical(
            cost,
            supply,
            people,
            {"town": 15, "district": 40},
            levels=["town", "district"] * (cost.shape[1] // 2) + ["town"] * (cost.shape[1] % 2),
            decay={"town": Gaussian(), "district": Step()},
        ),
    }


@st.composite
def worlds(draw):
    n, m = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    cost = draw(arrays(float, (n, m), elements=st.integers(0, 45)))
    supply = draw(arrays(float, m, elements=st.integers(0, 50)))
    people = draw(arrays(float, n, elements=st.integers(0, 900)))
    return cost, supply, people


@pytest.mark.parametrize("variant", variants())
@given(world=worlds())
def test_supply_is_handed_out_once(variant, world):
    cost, supply, people = world
    found = variants()[variant](cost, supply, people)
    reached = ~np.isnan(found.ratio)
    assert people @ found.access == pytest.approx(supply[reached].sum(), abs=1e-9)
    assert found.unreached.tolist() == np.flatnonzero(~reached & (supply > 0)).tolist()


@pytest.mark.parametrize("variant", variants())
@given(world=worlds())
def test_order_of_demand_does_not_matter(variant, world):
    cost, supply, people = world
    order = np.random.default_rng(0).permutation(len(people))
    found = variants()[variant](cost, supply, people).access
    again = variants()[variant](cost[order], supply, people[order]).access
    assert again == pytest.approx(found[order])


@pytest.mark.parametrize("variant", variants())
def test_scenarios_are_each_its_own_answer(variant):
    rng = np.random.default_rng(1)
    cost = rng.uniform(1, 45, (7, 4))
    supply, people = rng.uniform(0, 9, (3, 4)), rng.uniform(0, 9, (3, 7))
    method = variants()[variant]
    both = method(cost, supply, people)
    assert both.access.shape == (3, 7)
    for k in range(3):
        alone = method(cost, supply[k], people[k])
        assert both.access[k] == pytest.approx(alone.access)
        assert both.ratio[k] == pytest.approx(alone.ratio, nan_ok=True)
    assert method(cost, supply, people[0]).access[2] == pytest.approx(
        method(cost, supply[2], people[0]).access
    )
    assert both.frame().shape[0] == 21
    assert both.site_frame().index.names == ["scenario", "site"]


def test_access_is_linear_in_supply():
    unit = access_2sfca(COST, np.eye(2), PEOPLE, 30, decay=Gaussian()).access
    found = access_2sfca(COST, SUPPLY, PEOPLE, 30, decay=Gaussian()).access
    assert SUPPLY @ unit == pytest.approx(found)


@pytest.mark.parametrize("held", [0, 1 << 26])
def test_blocks_change_nothing(monkeypatch, held):
    rng = np.random.default_rng(2)
    costs = PlanarCosts(rng.uniform(0, 50, (23, 2)), rng.uniform(0, 50, (5, 2)))
    supply, people = rng.uniform(1, 9, 5), rng.uniform(1, 9, 23)
    radius = rng.uniform(10, 30, 23)
    whole = access_3sfca(costs.dense(), supply, people, radius, decay=Gaussian())
    monkeypatch.setattr(catchments, "BLOCK", 20)
    monkeypatch.setattr(catchments, "HELD", held)
    parts = access_3sfca(costs, supply, people, radius, decay=Gaussian())
    assert parts.access == pytest.approx(whole.access)


def test_frame_carries_the_names():
    cost = Costs(COST, ("A", "B", "C"), ("H0", "H1"))
    found = access_2sfca(cost, SUPPLY, PEOPLE, 20)
    assert found.frame().loc["B", "access"] == pytest.approx(0.052)
    assert found.site_frame().loc["H1", "ratio"] == pytest.approx(0.012)


def test_every_fault_is_found_at_once():
    with pytest.raises(InputError) as error:
        access_2sfca([[5.0, -1.0]], [1, np.nan], [[1], [-2]], {"urban": 3}, classes=["rural"])
    text = str(error.value)
    for word in (
        "cost, demand 0 to site 1: is negative",
        "supply, site 1: is nan",
        "population, demand 0 in scenario 1: is -2",
        "classes, 'rural': has no radius",
    ):
        assert word in text


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: access_2sfca(COST, 1, 1), "Step has no edge of its own"),
        (lambda: access_2sfca(COST, [1, 2, 3], 1, 30), "supply: has shape"),
        (lambda: access_2sfca(COST, [[1, 2, 3]], 1, 30), "supply: has shape"),
        (lambda: access_2sfca(COST, np.ones((2, 2)), np.ones((3, 3)), 30), "3 scenarios"),
        (lambda: access_2sfca(COST, 1, 1, np.ones((3, 3))), "radius: has shape"),
        (lambda: access_2sfca([1.0], 1, 1, 30), "1 dimension"),
        (lambda: access_2sfca(np.empty((0, 2)), 1, 1, 30), "no demand points"),
        (lambda: access_2sfca("x", 1, 1, 30), "not a table"),
        (
            lambda: access_huff_3sfca([[0.0]], 1, 1, 30, decay=Step()),
            "smallest: is not given, and a cost is 0",
        ),
        (
            lambda: access_huff_3sfca(COST, np.ones((2, 2)), 1, 30, decay=Step()),
            "attractiveness: is not given, and supply is by scenario",
        ),
        (
            lambda: access_huff_3sfca(COST, 1, 1, 30, decay=Step(), exponent=-1),
            "exponent: is -1",
        ),
        (lambda: access_hierarchical(COST, 1, 1, {"town": 3}, levels=["town"]), "levels: 1 are"),
        (
            lambda: access_hierarchical(COST, 1, 1, {"town": 3}, levels=["town", "twn"]),
            "Did you mean 'town'",
        ),
        (
            lambda: access_hierarchical(
                COST, 1, 1, {"a": 3, "b": 4}, levels=["a", "b"], decay={"a": Step()}
            ),
            "'b': has no decay",
        ),
        (
            lambda: access_hierarchical(COST, 1, 1, {"a": -3}, levels=["a", "a"]),
            "radius of level 'a'",
        ),
    ],
)
def test_input_that_cannot_be_used_is_refused(call, word):
    with pytest.raises(InputError, match=word):
        call()


def test_level_without_sites_gives_no_access():
    found = access_hierarchical(
        COST, SUPPLY, PEOPLE, {"town": 20, "city": 30}, levels=["town", "town"]
    )
    assert found.by_level["city"].tolist() == [0, 0, 0]


def test_supply_is_taken_by_name():
    import pandas as pd

    from resalloc.location.costs import Costs

    costs = Costs(np.array([[1.0, 9.0], [9.0, 1.0]]), sites=("East", "West"))
    beds = pd.Series([80, 30], index=["West", "East"])
    # Only the near site is within 5: 30 beds for 10 people in the east, 80 for 20 in the west.
    assert access_2sfca(costs, beds, [10, 20], 5).access.tolist() == [3.0, 4.0]
