"""Travel over a road network the user brings as a NetworkX graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from resalloc.district.travel import Floats, Travel
from resalloc.errors import Fault, InputError
from resalloc.sphere import great_circle_km

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from resalloc.district.assumptions import Assumptions


def travel_from_graph(
    graph: nx.Graph[Any], points: pd.DataFrame, sites: pd.DataFrame, assumptions: Assumptions
) -> Travel:
    """Shortest ways over a network; each place enters it at the nearest node.

    The way to and from the nodes counts as straight line × detour at the rural
    speed. Where there is no way, distance and time are infinite.

    Parameters
    ----------
    graph
        Nodes with ``lon`` and ``lat``; edges with ``km``, ``min`` or both. A missing
        ``min`` follows from the rural speed, a missing ``km`` from the minutes. A
        directed graph keeps its one-way roads; from the site to the point is driven.
    points, sites
        With ``lon`` and ``lat``.
    assumptions
        For the detour, the speed and the shortest drive.

    Returns
    -------
    Travel
        ``distance_km`` is the distance by road of the quickest way.

    Raises
    ------
    InputError
        A node lacks its position or an edge both lengths; all at once.
    """
    nodes = list(graph.nodes)
    faults = [
        Fault(f"road network, node {node}", "has no lon and lat.", "Give degrees (WGS84).")
        for node in nodes
        if not {"lon", "lat"} <= set(graph.nodes[node])
    ]
    faults += [
        Fault(f"road network, edge {a}-{b}", "has neither km nor min.", "Give one of them.")
        for a, b, data in graph.edges(data=True)
        if not {"km", "min"} & set(data)
    ]
    if faults or not nodes:
        empty = Fault("road network", "has no nodes.", "Give a network of the district.")
        raise InputError(faults or [empty])
    kmh = assumptions.value("travel.speed_rural_kmh")
    detour = assumptions.value("travel.detour")
    lon = np.array([graph.nodes[node]["lon"] for node in nodes], dtype=float)
    lat = np.array([graph.nodes[node]["lat"] for node in nodes], dtype=float)
    point_node, point_km = _snap(points, lon, lat, detour)
    site_node, site_km = _snap(sites, lon, lat, detour)
    minutes, km = _shortest(graph, nodes, site_node, kmh)
    snap = point_km[:, None] + site_km[None, :]
    road = km.T[point_node] + snap
    total = minutes.T[point_node] + 60 * snap / kmh
    total = np.maximum(total, assumptions.value("travel.intrazonal_min"))
    return Travel(road, total, road, "given: road network, nearest node")


def _snap(
    places: pd.DataFrame, lon: Floats, lat: Floats, detour: float
) -> tuple[np.ndarray[Any, np.dtype[np.intp]], Floats]:
    """Nearest node of each place and the way to it in km."""
    nearest = np.empty(len(places), dtype=np.intp)
    way = np.empty(len(places))
    for i, (x, y) in enumerate(zip(places["lon"], places["lat"], strict=True)):
        distance = great_circle_km(x, y, lon, lat)
        nearest[i] = int(distance.argmin())
        way[i] = detour * float(distance[nearest[i]])
    return nearest, way


def _shortest(
    graph: nx.Graph[Any], nodes: list[Any], sources: Any, kmh: float
) -> tuple[Floats, Floats]:
    """Minutes and km of the quickest way from each source node to every node."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    position = {node: i for i, node in enumerate(nodes)}
    best: dict[tuple[int, int], tuple[float, float]] = {}
    for a, b, data in graph.edges(data=True):
        drive = float(data["min"]) if "min" in data else 60 * float(data["km"]) / kmh
        length = float(data["km"]) if "km" in data else float(data["min"]) * kmh / 60
        edge = (max(drive, 1e-6), length)
        ends = [(position[a], position[b])]
        if not graph.is_directed():
            ends.append((position[b], position[a]))
        for pair in ends:
            if pair not in best or edge < best[pair]:
                best[pair] = edge
    size = (len(nodes), len(nodes))
    rows = np.array([pair[0] for pair in best], dtype=np.int64)
    columns = np.array([pair[1] for pair in best], dtype=np.int64)
    weight = csr_array((np.array([best[pair][0] for pair in best]), (rows, columns)), shape=size)
    unique, back = np.unique(sources, return_inverse=True)
    minutes, before = dijkstra(weight, indices=unique, return_predecessors=True)
    km = np.full(minutes.shape, np.inf)
    for s, source in enumerate(unique):
        km[s, source] = 0.0
        for node in np.argsort(minutes[s]):
            previous = int(before[s, node])
            if previous >= 0:
                km[s, node] = km[s, previous] + best[(previous, int(node))][1]
    return minutes[back], km[back]
