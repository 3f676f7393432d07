import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resalloc.district import read_assumptions
from resalloc.district.cells import schematic_cells
from resalloc.district.demand import disaggregate
from resalloc.errors import InputError

ASSUMPTIONS = read_assumptions()


def townships(spots: list[tuple[int, int]]) -> pd.DataFrame:
    """Seats on a lattice of hundredths of a degree."""
    lon, lat = (np.array(axis) / 100 for axis in zip(*spots, strict=True))
    kind = np.where(np.arange(len(spots)) % 2 == 0, "street", "town")
    names = [f"t{x}-{y}" for x, y in spots]
    return pd.DataFrame(
        {"kind": kind, "lon": 106 + lon, "lat": 29.5 + lat},
        index=pd.Index(names, name="township"),
    )


def points(frame: pd.DataFrame, people: float = 20_000, urban: float = 0.4) -> pd.DataFrame:
    cells = schematic_cells(frame, 2.0)
    same = pd.Series(1.0, index=frame.index)
    return disaggregate(frame, people * same, urban * same, cells, ASSUMPTIONS)


lattice = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=8, unique=True
)


@given(lattice, st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_the_shares_of_a_township_sum_to_one(spots, urban):
    found = points(townships(spots), urban=urban)
    assert found.groupby("township")["share"].sum().to_numpy() == pytest.approx(1)
    assert (found["share"] >= 0).all()
    assert found.groupby("township")["seat"].sum().eq(1).all()
    assert found.index.is_unique


@given(lattice, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_townships_does_not_move_their_points(spots, random):
    frame = townships(spots)
    order = list(frame.index)
    random.shuffle(order)
    one, other = points(frame), points(frame.loc[order])
    pd.testing.assert_frame_equal(one, other.loc[one.index], check_exact=False, atol=2e-6)


def test_a_small_built_up_area_is_one_point_and_a_large_one_seven():
    """8,000 a km²: 20,000 × 0.4 fill 1 km², a radius of 0.56 km; 200,000 fill 1.78 km."""
    frame = townships([(0, 0), (30, 0)])
    small, large = points(frame), points(frame, people=200_000)
    assert small.index.str.contains("/u").sum() == 2
    assert large.index.str.contains("/u").sum() == 14
    built = large[large.index.str.contains("/u")]
    np.testing.assert_allclose(built["share"], 0.4 / 7)


def test_only_built_up_points_of_streets_are_urban():
    found = points(townships([(0, 0), (30, 0)]))
    assert found.index[found["place_class"] == "urban"].tolist() == ["t0-0/u00"]


def test_cells_share_the_ground_between_them():
    cells = schematic_cells(townships([(0, 0), (30, 0), (10, 20)]), 2.0)
    assert cells.union_all().area == pytest.approx(cells.area.sum())


def test_neighbours_take_what_is_nearer_to_them():
    frame = townships([(0, 0), (30, 0), (10, 20)])
    neighbour = pd.DataFrame({"lon": [106.15], "lat": [29.52]})
    alone, beside = schematic_cells(frame, 2.0), schematic_cells(frame, 2.0, neighbour)
    assert (beside.area <= alone.area + 1e-6).all()
    assert beside.area.sum() < alone.area.sum() - 1e6


def test_two_seats_on_one_point_are_refused():
    frame = townships([(0, 0), (30, 0)])
    frame["lon"] = 106.0
    with pytest.raises(InputError, match="stand on the same point"):
        schematic_cells(frame, 2.0)


def test_parts_of_a_town_on_one_point_share_its_cell():
    """Two towns at (0, 0) of one group and a third 30 km off: two cells, one of them shared."""
    frame = townships([(0, 0), (30, 0), (0, 0)])
    frame["population_group"] = ["core", None, "core"]
    frame.index = pd.Index(["east", "far", "west"], name="township")
    cells = schematic_cells(frame, 2.0)
    assert cells["east"].equals(cells["west"])
    alone = schematic_cells(frame.loc[["east", "far"]], 2.0)
    assert cells["far"].equals(alone["far"])


def test_parts_of_a_town_on_one_point_are_built_up_together():
    """20,000 urban people of two parts fill 0.89 km: one point; 36,000 of three 1.2 km: seven."""

    def built_up(parts: int, people: float) -> list[int]:
        frame = townships([(0, 0)] * parts)
        frame["population_group"] = "core"
        frame.index = pd.Index([f"part{i}" for i in range(parts)], name="township")
        found = points(frame, people=people)
        return [int(found.index.str.startswith(f"part{i}/u").sum()) for i in range(parts)]

    assert built_up(2, 25_000) == [1, 1]
    assert built_up(3, 30_000) == [7, 7, 7]
