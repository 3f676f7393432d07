import networkx as nx
import numpy as np
import pandas as pd
import pytest

from resalloc.district import (
    read_assumptions,
    travel_between,
    travel_from_graph,
    travel_from_matrix,
)
from resalloc.errors import InputError
from resalloc.sphere import great_circle_km

ASSUMPTIONS = read_assumptions()


def places(lats: list[float], names: str) -> pd.DataFrame:
    return pd.DataFrame(
        {"lon": 106.0, "lat": lats, "place_class": "rural"}, index=pd.Index(list(names))
    )


def test_a_tenth_of_a_degree_north_is_11_12_km():
    assert great_circle_km(106, 29.8, 106, 29.9) == pytest.approx(11.1195, abs=1e-4)
    assert great_circle_km(106, 30, 107, 30) == pytest.approx(96.297, abs=2e-3)


def test_modelled_minutes_are_road_kilometres_over_speed():
    """11.1195 km × 1.4 at 35 km/h take 26.69 min; on the spot the shortest drive holds."""
    points, sites = places([30.0, 30.1], "ab"), places([30.0], "s")
    travel = travel_between(points, sites, ASSUMPTIONS)
    assert travel.travel_min[:, 0] == pytest.approx([2, 26.687], abs=1e-3)
    assert travel.road_km[1, 0] == pytest.approx(15.567, abs=1e-3)


def test_a_town_is_slower_than_the_country():
    points, sites = places([30.0, 30.0], "ab"), places([30.1], "s")
    points["place_class"] = ["urban", "rural"]
    minutes = travel_between(points, sites, ASSUMPTIONS).travel_min[:, 0]
    assert minutes[0] / minutes[1] == pytest.approx(35 / 28)


def test_pairs_missing_from_a_matrix_cannot_be_driven():
    frame = pd.DataFrame({"from": ["a", "b"], "to": ["s", "s"], "km": [1, 2], "min": [3, 4]})
    travel = travel_from_matrix(frame, places([0, 0], "ab"), places([0, 0], "st"))
    assert travel.travel_min.tolist() == [[3, np.inf], [4, np.inf]]


def test_all_faults_of_a_matrix_are_named():
    frame = pd.DataFrame({"from": ["a", "x"], "to": ["s", "y"], "km": [1, 2], "min": [3, 4]})
    with pytest.raises(InputError) as caught:
        travel_from_matrix(frame, places([0, 0], "ab"), places([0], "s"))
    assert len(caught.value.faults) == 3


@pytest.fixture
def roads() -> nx.Graph:
    """A chain a-b-c of 4 and 6 km, and d that no road reaches."""
    graph = nx.Graph()
    for name, lat in zip("abcd", [30.0, 30.03, 30.07, 30.5], strict=True):
        graph.add_node(name, lon=106.0, lat=lat)
    graph.add_edge("a", "b", km=4, min=6)
    graph.add_edge("b", "c", km=6, min=7)
    return graph


def test_ways_over_a_network_add_up(roads: nx.Graph):
    points, sites = places([30.0, 30.03, 30.5], "pqr"), places([30.07, 30.0], "st")
    travel = travel_from_graph(roads, points, sites, ASSUMPTIONS)
    np.testing.assert_allclose(travel.travel_min, [[13, 2], [7, 6], [np.inf, np.inf]])
    np.testing.assert_allclose(travel.road_km[:2], [[10, 0], [6, 4]], atol=1e-9)


def test_the_way_to_the_nearest_node_counts(roads: nx.Graph):
    """0.01° is 1.112 km straight, 1.557 by road, 2.67 min at 35 km/h."""
    travel = travel_from_graph(roads, places([29.99], "p"), places([30.03], "s"), ASSUMPTIONS)
    assert travel.road_km[0, 0] == pytest.approx(4 + 1.5567, abs=1e-3)
    assert travel.travel_min[0, 0] == pytest.approx(6 + 2.6687, abs=1e-3)


def test_one_way_roads_are_driven_from_the_site_to_the_point():
    graph = nx.DiGraph()
    graph.add_node("a", lon=106.0, lat=30.0)
    graph.add_node("b", lon=106.0, lat=30.1)
    graph.add_edge("a", "b", min=9)
    there = travel_from_graph(graph, places([30.1], "p"), places([30.0], "s"), ASSUMPTIONS)
    back = travel_from_graph(graph, places([30.0], "p"), places([30.1], "s"), ASSUMPTIONS)
    assert there.travel_min[0, 0] == pytest.approx(9)
    assert np.isinf(back.travel_min[0, 0])


def test_a_network_without_positions_or_lengths_is_refused(roads: nx.Graph):
    roads.add_node("e")
    roads.add_edge("c", "d")
    with pytest.raises(InputError) as caught:
        travel_from_graph(roads, places([30], "p"), places([30], "s"), ASSUMPTIONS)
    assert [fault.where for fault in caught.value.faults] == [
        "road network, node e",
        "road network, edge c-d",
    ]
