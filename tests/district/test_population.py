import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.district.population import model_population
from resalloc.errors import InputError


def townships(census: list[float], residents_committees: list[int]) -> pd.DataFrame:
    size = len(census)
    return pd.DataFrame(
        {
            "population_2010": census,
            "population_group": np.nan,
            "share_0_14_2020": np.linspace(10, 20, size),
            "n_village_committees": 5,
            "n_resident_committees": residents_committees,
        },
        index=pd.Index([f"t{i}" for i in range(size)], name="township"),
    )


@st.composite
def places(draw: st.DrawFn) -> pd.DataFrame:
    size = draw(st.integers(1, 12))
    people = draw(st.lists(st.floats(100, 1e6), min_size=size, max_size=size))
    committees = draw(st.lists(st.integers(1, 20), min_size=size, max_size=size))
    return townships(people, committees)


@given(places(), st.floats(1e3, 1e7), st.floats(0.01, 0.5), st.floats(0.01, 0.97))
@settings(deadline=None)
def test_each_series_sums_to_its_total(frame, total, children, urban):
    totals = {
        "residents": {2020: total, 2025: 1.1 * total},
        "children_0_14": {2020: children * total},
        "urban_residents": {2020: urban * total},
    }
    found = model_population(frame, totals)
    sums = found.groupby(["series", "year"])["value"].sum()
    assert sums["residents", 2020] == pytest.approx(total)
    assert sums["residents", 2025] == pytest.approx(1.1 * total)
    assert sums["children_0_14", 2020] == pytest.approx(children * total)
    assert sums["children_0_14", 2025] == pytest.approx(1.1 * children * total)
    assert sums["urban_residents", 2020] == pytest.approx(urban * total)
    assert sums["rural_residents", 2020] == pytest.approx((1 - urban) * total)
    assert (found["value"] >= 0).all()


@given(places(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_townships_does_not_matter(frame, random):
    order = list(frame.index)
    random.shuffle(order)
    totals = {"residents": {2020: 1e5}, "urban_residents": {2020: 4e4}}
    keys = ["township", "year", "series"]
    one = model_population(frame, totals).set_index(keys)["value"]
    other = model_population(frame.loc[order], totals).set_index(keys)["value"]
    pd.testing.assert_series_equal(one.sort_index(), other.sort_index(), rtol=1e-9)


@pytest.mark.parametrize(("split", "shares"), [("equal", [50, 50]), ("committees", [40, 60])])
def test_a_group_is_split_as_asked(split, shares):
    """Ten and fifteen committees share a figure of 100; a third township has its own."""
    frame = townships([np.nan, np.nan, 900.0], [5, 10, 1])
    frame["population_group"] = ["core", "core", np.nan]
    totals = {"residents": {2020: 1000}}
    found = model_population(frame, totals, groups={"core": 100}, split=split)
    assert found["value"].tolist() == pytest.approx([*shares, 900])


def test_a_township_without_a_figure_and_an_empty_group_are_both_named():
    frame = townships([np.nan, 10.0], [1, 1])
    with pytest.raises(InputError) as caught:
        model_population(frame, {"residents": {2020: 10}}, groups={"core": 5})
    assert len(caught.value.faults) == 2


def test_too_many_urban_residents_are_refused():
    totals = {"residents": {2020: 100}, "urban_residents": {2020: 99}}
    with pytest.raises(InputError, match="do not fit"):
        model_population(townships([1.0, 1.0], [1, 1]), totals)


def test_known_residents_stay_and_the_others_share_what_is_left():
    """Of 1,000 in 2020, t0 has 700; 300 go by 100 : 200. 2025 keeps these shares."""
    frame = townships([300.0, 100.0, 200.0], [1, 1, 1])
    frame["population_2020"] = [700.0, np.nan, np.nan]
    found = model_population(frame, {"residents": {2020: 1000, 2025: 2000}})
    by_year = found.set_index(["year", "township"])
    assert by_year["value"].tolist() == pytest.approx([700, 100, 200, 1400, 200, 400])
    assert by_year["basis"].tolist() == ["known", "left", "left", "kept", "kept", "kept"]


@pytest.mark.parametrize("known", [[1100.0, np.nan], [300.0, 300.0]])
def test_known_residents_that_do_not_fit_the_total_are_refused(known):
    frame = townships([1.0, 1.0], [1, 1])
    frame["population_2020"] = known
    with pytest.raises(InputError, match="the townships known have"):
        model_population(frame, {"residents": {2020: 1000}})


def test_an_age_group_without_shares_is_even():
    """200 of 1,000 are a fifth of the 400 and of the 600."""
    frame = townships([40.0, 60.0], [1, 1]).drop(columns="share_0_14_2020")
    totals = {"residents": {2020: 1000}, "children_0_14": {2020: 200}}
    found = model_population(frame, totals).set_index("series").loc["children_0_14"]
    assert found["value"].tolist() == pytest.approx([80, 120])
    assert set(found["basis"]) == {"even"}
