"""Doorways: GeoDataFrames, matrices and networks become costs, or say at once what is wrong."""

from __future__ import annotations

import itertools

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from shapely import Point, Polygon

from resalloc.errors import InputError
from resalloc.location.costs import Costs, PlanarCosts
from resalloc.location.doorways.geodataframes import costs_from_geodataframes
from resalloc.location.doorways.graph import costs_from_graph
from resalloc.location.doorways.matrix import costs_from_matrix, costs_from_pairs
from resalloc.sphere import great_circle_km


def _frame(points: dict[str, tuple[float, float]], crs: object) -> gpd.GeoDataFrame:
    shapes = [Point(*xy) for xy in points.values()]
    return gpd.GeoDataFrame({"people": 1}, index=list(points), geometry=shapes, crs=crs)


HOMES = _frame({"A": (106.0, 29.8), "B": (106.1, 29.9)}, 4326)
CLINICS = _frame({"C": (106.0, 29.9)}, 4326)
UTM = "EPSG:32648"


def _faults(call, *given, **named) -> str:
    with pytest.raises(InputError) as caught:
        call(*given, **named)
    return str(caught.value)


# GeoDataFrames


def test_degrees_give_great_circle_kilometres():
    """0.1 degree of latitude is 6371.0088 · π / 1800 = 11.1195 km."""
    costs = costs_from_geodataframes(HOMES, CLINICS)
    assert isinstance(costs, Costs)
    assert (costs.unit, costs.demand, costs.sites) == ("km", ("A", "B"), ("C",))
    assert costs.values[0, 0] == pytest.approx(6371.0088 * np.pi / 1800)
    assert costs.values[1, 0] == great_circle_km(106.1, 29.9, 106.0, 29.9)


def test_speed_and_detour_give_minutes():
    """11.1195 km × 1.4 at 35 km/h are 26.687 minutes."""
    costs = costs_from_geodataframes(HOMES, CLINICS, detour=1.4, speed_kmh=35)
    assert costs.unit == "min"
    assert costs.dense()[0, 0] == pytest.approx(11.1195 * 1.4 / 35 * 60, rel=1e-5)


def test_a_projected_system_gives_its_own_unit():
    """3-4-5, in metres; an exact distance stays exact."""
    homes, clinics = _frame({"A": (0, 0)}, UTM), _frame({"C": (2100, 2800)}, UTM)
    costs = costs_from_geodataframes(homes, clinics)
    assert (costs.unit, costs.dense()[0, 0]) == ("m", 3500.0)
    minutes = costs_from_geodataframes(homes, clinics, speed_kmh=35)
    assert minutes.dense()[0, 0] == pytest.approx(6.0)
    feet = costs_from_geodataframes(homes.set_crs(2263, allow_override=True),
                                    clinics.set_crs(2263, allow_override=True))  # fmt: skip
    assert feet.unit == "US survey foot"


def test_a_projected_system_may_be_measured_on_the_sphere():
    across = costs_from_geodataframes(HOMES.to_crs(UTM), CLINICS.to_crs(UTM), metric="great_circle")
    straight = costs_from_geodataframes(HOMES, CLINICS)
    np.testing.assert_allclose(across.dense(), straight.dense(), rtol=1e-9)


def test_many_planar_pairs_are_not_held_as_a_table(monkeypatch):
    monkeypatch.setattr("resalloc.location.doorways.geodataframes.TABLE_LIMIT", 1)
    homes, clinics = HOMES.to_crs(UTM), CLINICS.to_crs(UTM)
    for named in ({}, {"detour": 1.4}, {"detour": 1.4, "speed_kmh": 30.0}):
        many = costs_from_geodataframes(homes, clinics, **named)
        assert isinstance(many, PlanarCosts)
        monkeypatch.setattr("resalloc.location.doorways.geodataframes.TABLE_LIMIT", 10)
        few = costs_from_geodataframes(homes, clinics, **named)
        monkeypatch.setattr("resalloc.location.doorways.geodataframes.TABLE_LIMIT", 1)
        assert (many.unit, many.demand) == (few.unit, few.demand)
        np.testing.assert_allclose(many.dense(), few.dense(), rtol=1e-12)


def test_names_come_from_a_column():
    homes = HOMES.assign(town=["甲", "乙"])
    assert costs_from_geodataframes(homes, CLINICS, demand_name="town").demand == ("甲", "乙")
    assert "no column 'village'" in _faults(
        costs_from_geodataframes, homes, CLINICS, demand_name="village"
    )


def test_an_area_stands_for_itself_by_a_point_inside():
    """An L whose centroid (1.3, 1.3 …) lies outside: the point must not."""
    corner = Polygon([(0, 0), (4000, 0), (4000, 500), (500, 500), (500, 4000), (0, 4000)])
    areas = gpd.GeoDataFrame(index=["L"], geometry=[corner], crs=UTM)
    assert not corner.contains(corner.centroid)
    inside = corner.representative_point()
    costs = costs_from_geodataframes(areas, _frame({"C": (inside.x, inside.y)}, UTM))
    assert costs.dense()[0, 0] == 0


@pytest.mark.parametrize(
    ("demand", "sites", "named", "words"),
    [
        (HOMES, CLINICS.to_crs(UTM), {}, ("EPSG:4326", "EPSG:32648", "sites.to_crs(demand.crs)")),
        (HOMES.set_crs(None, allow_override=True), CLINICS, {}, ("demand", "set_crs")),
        (HOMES, CLINICS, {"metric": "planar"}, ("degree", "great_circle", "EPSG:32648")),
        (HOMES.to_crs(3857), CLINICS.to_crs(3857), {}, ("stretches", "EPSG:32648")),
        (HOMES, CLINICS, {"metric": "road"}, ("'road'",)),
        (HOMES, CLINICS, {"detour": 0.9}, ("detour", "0.9")),
        (HOMES, CLINICS, {"speed_kmh": 0}, ("speed_kmh",)),
        (HOMES, CLINICS, {"speed_kmh": float("nan")}, ("speed_kmh",)),
        (HOMES.iloc[:0], CLINICS, {}, ("demand", "no rows")),
        (pd.DataFrame({"x": [1]}), CLINICS, {}, ("demand", "DataFrame")),
        (_frame({"A": (29.8, 106.0)}, 4326), CLINICS, {}, ("A", "nowhere")),
        (_frame({"A": (np.inf, 1.0)}, 4326), CLINICS, {}, ("A", "nowhere")),
        (HOMES.rename(index={"B": "A"}), CLINICS, {}, ("'A'", "2 places")),
    ],
)  # fmt: skip
def test_frames_that_cannot_be_used(demand, sites, named, words):
    text = _faults(costs_from_geodataframes, demand, sites, **named)
    assert all(word in text for word in words), text


def test_every_missing_geometry_is_named_at_once():
    homes = HOMES.copy()
    homes.geometry = [None, Point()]
    clinics = CLINICS.copy()
    clinics.geometry = [None]
    text = _faults(costs_from_geodataframes, homes, clinics)
    assert "3 faults" in text
    assert all(f"{where} has" in text.replace(":", "") for where in ("demand, A", "sites, C"))


# Matrices


def test_a_wide_table_keeps_its_names():
    table = pd.DataFrame([[3, 8], [9, np.inf]], index=["A", "B"], columns=["E", "W"])
    costs = costs_from_matrix(table, unit="min")
    assert (costs.demand, costs.sites, costs.unit) == (("A", "B"), ("E", "W"), "min")
    assert costs.values[1].tolist() == [9, np.inf]


def test_what_a_sparse_table_does_not_hold_cannot_be_reached():
    """A stored zero is no way at all to go."""
    table = sparse.coo_array(([0.0, 7.0], ([0, 1], [0, 0])), shape=(2, 2))
    costs = costs_from_matrix(table, demand=["A", "B"], sites=["E", "W"])
    assert costs.values.tolist() == [[0, np.inf], [7, np.inf]]


def test_every_fault_of_a_matrix_at_once():
    text = _faults(costs_from_matrix, [[np.nan, -1.0]], demand=["A"], sites=["E", "W"])
    assert "A to E: is missing (NaN)" in text
    assert "A to W: is negative (-1)" in text
    assert "'E': stands for 2 places" in _faults(costs_from_matrix, [[1, 2]], sites=["E", "E"])
    assert "1 are named, 2" in _faults(costs_from_matrix, [[1, 2]], sites=["E"])
    assert "not a table" in _faults(costs_from_matrix, [["far"]])
    assert "shape (0, 3)" in _faults(costs_from_matrix, np.zeros((0, 3)))


def test_pairs_fill_a_table_and_leave_the_rest_unreachable():
    pairs = pd.DataFrame({"from": ["A", "B", "B"], "to": ["E", "E", "W"], "km": [3, 9, 2]})
    costs = costs_from_pairs(pairs, cost="km", demand=["B", "A", "Z"], sites=["E", "W"])
    assert costs.unit == "km"
    assert costs.values.tolist() == [[9, 2], [3, np.inf], [np.inf, np.inf]]


def test_every_fault_of_pairs_at_once():
    pairs = pd.DataFrame(
        {
            "from": ["A", "A", "A", "A", None, "Q"],
            "to": ["E", "E", "W", "X", "E", "E"],
            "min": [1.0, 1.0, np.nan, -1.0, 2.0, 3.0],
        }
    )
    text = _faults(costs_from_pairs, pairs, demand=["A"], sites=["E", "W", "X"])
    assert "row 1: 'A' to 'E' stands in an earlier row" in text
    assert "row 2, column min: is missing" in text
    assert "row 3, column min: is '-1.0'" in text
    assert "row 4, column from: is empty" in text
    assert "'Q' is unknown" in text
    assert "no column 'minutes'" in _faults(costs_from_pairs, pairs, cost="minutes")
    assert "have no rows" in _faults(costs_from_pairs, pairs.iloc[:0])
    words = pairs.iloc[:1].assign(min="far")
    assert "'far'" in _faults(costs_from_pairs, words)


# Networks


def _roads() -> nx.DiGraph:
    """A → S costs 4 directly; S → A only over B, 9 + 1; an edge to nowhere."""
    roads = nx.DiGraph()
    roads.add_weighted_edges_from(
        [("A", "S", 4.0), ("S", "B", 9.0), ("B", "A", 1.0), ("N", "A", 1.0)], weight="min"
    )
    return roads


def test_one_way_roads_are_kept_in_either_direction():
    """To the site: A 4, B 1 + 4, N 1 + 4. From it: A 9 + 1, B 9, N never."""
    to_site = costs_from_graph(_roads(), ["A", "B", "N"], ["S"], weight="min")
    assert to_site.values.ravel().tolist() == [4, 5, 5]
    assert (to_site.demand, to_site.sites, to_site.unit) == (("A", "B", "N"), ("S",), "min")
    out = costs_from_graph(_roads(), ["A", "B", "N"], ["S"], weight="min", direction="to_demand")
    assert out.values.ravel().tolist() == [10, 9, np.inf]


def test_of_parallel_edges_the_cheapest_counts_and_zero_is_a_length():
    roads = nx.MultiGraph()
    roads.add_edge("A", "S", min=7)
    roads.add_edge("S", "A", min=3)
    roads.add_edge("S", "T", min=0)
    roads.add_edge("S", "S", min=1)
    costs = costs_from_graph(roads, ["A"], ["S", "T"], weight="min")
    assert costs.values.tolist() == [[3, 3]]


def test_places_may_share_a_node():
    """Two clinics at S have no names of their own, unless they are given."""
    costs = costs_from_graph(_roads(), ["A", "A"], ["S", "S"], weight="min")
    assert (costs.values.tolist(), costs.demand, costs.sites) == ([[4, 4], [4, 4]], (), ())
    named = costs_from_graph(
        _roads(), ["A", "A"], ["S", "S"], weight="min",
        demand_names=["a", "b"], site_names=["c", "d"], unit="minutes",
    )  # fmt: skip
    assert (named.demand, named.sites, named.unit) == (("a", "b"), ("c", "d"), "minutes")


def test_every_fault_of_a_network_at_once():
    roads = _roads()
    roads.add_edge("A", "B", min=-2.0)
    roads.add_edge("A", "N", km=3.0)
    roads.add_edge("B", "S", min="slow")
    text = _faults(costs_from_graph, roads, ["A", "X"], ["Y"], weight="min", direction="back")
    for words in ("node 'X'", "node 'Y'", "min = -2.0", "no 'min'", "'slow'", "'back'"):
        assert words in text
    assert "has no nodes" in _faults(costs_from_graph, roads, [], ["S"], weight="min")


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.booleans(), st.sampled_from(["to_site", "to_demand"]))
def test_shortest_ways_are_those_of_floyd_and_warshall(seed, directed, direction):
    """Whichever side Dijkstra starts from; by another method, on the dense table."""
    rng = np.random.default_rng(seed)
    n = 9
    graph = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(range(n))
    for a, b in itertools.permutations(range(n), 2):
        if rng.random() < 0.25:
            graph.add_edge(a, b, km=float(rng.integers(0, 9)))
    demand, sites = rng.integers(0, n, rng.integers(1, 7)), rng.integers(0, n, rng.integers(1, 7))
    costs = costs_from_graph(
        graph, demand.tolist(), sites.tolist(), weight="km", direction=direction
    )
    ways = dict(nx.floyd_warshall(graph, weight="km"))
    for i, a in enumerate(demand.tolist()):
        for j, b in enumerate(sites.tolist()):
            there = ways[a][b] if direction == "to_site" else ways[b][a]
            assert costs.values[i, j] == there
