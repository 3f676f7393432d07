"""Costs over a road network the user brings as a NetworkX graph: the shortest ways."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from resalloc.errors import Fault, InputError
from resalloc.location.costs import Costs, Floats, Ints
from resalloc.location.doorways.names import names_of, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx
    from scipy import sparse

Direction = Literal["to_site", "to_demand"]
_AT_ONCE = 1 << 23
"""Distances held at a time: sources × nodes."""


def costs_from_graph(
    graph: nx.Graph[Any],
    demand: Sequence[Any],
    sites: Sequence[Any],
    *,
    weight: str,
    direction: Direction = "to_site",
    demand_names: Iterable[object] | None = None,
    site_names: Iterable[object] | None = None,
    unit: str | None = None,
) -> Costs:
    """Give the costs of the shortest ways between demand points and sites over a network.

    Parameters
    ----------
    graph
        Directed or not; of several edges between two nodes the cheapest counts. A
        directed graph keeps its one-way roads.
    demand, sites
        The node each demand point and each site stands at; a node may stand for several.
    weight
        Edge attribute that is added up, e.g. ``"min"``; never negative.
    direction
        ``"to_site"``: people travel from the demand point to the site. ``"to_demand"``: the
        site's vehicle travels to the demand point. The same in an undirected graph.
    demand_names, site_names
        Names; else the nodes themselves where each stands once, else none.
    unit
        Of the costs; else the name of the attribute.

    Returns
    -------
    Costs
        Infinite where no way leads.

    Raises
    ------
    InputError
        A node is not in the graph; an edge lacks the attribute, or it is negative or no
        number; all at once.

    Notes
    -----
    Dijkstra's method (SciPy) from the side with fewer nodes.

    Examples
    --------
    >>> import networkx as nx
    >>> roads = nx.DiGraph()
    >>> roads.add_weighted_edges_from([("A", "S", 4), ("S", "A", 9), ("B", "A", 1)], weight="min")
    >>> costs_from_graph(roads, ["A", "B"], ["S"], weight="min").values.tolist()
    [[4.0], [5.0]]
    >>> costs_from_graph(
    ...     roads, ["A", "B"], ["S"], weight="min", direction="to_demand"
    ... ).values.tolist()
    [[9.0], [inf]]
    """
    position = {node: i for i, node in enumerate(graph.nodes)}
    at_demand, faults = _nodes("demand", demand, position)
    at_sites, wrong = _nodes("sites", sites, position)
    faults += wrong
    if direction not in ("to_site", "to_demand"):
        remedy = "Use 'to_site' or 'to_demand'."
        faults.append(Fault("direction", f"is {direction!r}.", remedy))
    rows, wrong = _labels("demand", demand, demand_names)
    faults += wrong
    columns, wrong = _labels("sites", sites, site_names)
    faults += wrong
    network, wrong = _network(graph, weight, position)
    faults += wrong
    if faults:
        raise InputError(faults)
    from_sites = len(set(at_sites.tolist())) <= len(set(at_demand.tolist()))
    sources, targets = (at_sites, at_demand) if from_sites else (at_demand, at_sites)
    if from_sites == (direction == "to_site"):
        network = network.T.tocsr()
    found = _shortest(network, sources, targets)
    return Costs(found.T if from_sites else found, rows, columns, weight if unit is None else unit)


def _nodes(what: str, given: Sequence[Any], position: dict[Any, int]) -> tuple[Ints, list[Fault]]:
    if not len(given):
        return np.empty(0, np.int64), [Fault(what, "has no nodes.", "Give at least one.")]
    lost = [
        Fault(f"{what}, node {node!r}", "is not in the graph.", "Give a node of the graph.")
        for node in dict.fromkeys(given)
        if node not in position
    ]
    return np.array([position.get(node, -1) for node in given], np.int64), shortened(what, lost)


def _labels(
    what: str, nodes: Sequence[Any], own: Iterable[object] | None
) -> tuple[tuple[str, ...], list[Fault]]:
    if own is None:
        names = tuple(str(node) for node in nodes)
        return (names if len(set(names)) == len(names) else ()), []
    names, faults = names_of(what, own)
    if len(names) != len(nodes):
        count = f"{len(names)} names are given for {len(nodes)} nodes."
        faults.append(Fault(what, count, "Name each."))
    return names, faults


def _network(
    graph: nx.Graph[Any], weight: str, position: dict[Any, int]
) -> tuple[sparse.csr_array, list[Fault]]:
    """Give the graph as a sparse array, the cheapest of parallel edges, with the faults found."""
    from scipy import sparse

    ends: list[tuple[int, int]] = []
    lengths: list[float] = []
    faults = []
    edges: Iterable[tuple[Any, Any, Any]] = graph.edges(data=weight)
    for a, b, value in edges:
        length = _length(value)
        if length is None:
            what = f"has no '{weight}'." if value is None else f"has {weight} = {value!r}."
            remedy = "Give a number from 0 up."
            faults.append(Fault(f"graph, edge {a!r} to {b!r}", what, remedy))
            continue
        ends.append((position[a], position[b]))
        lengths.append(length)
    pairs = np.array(ends, np.int64).reshape(-1, 2)
    values = np.array(lengths, float)
    if not graph.is_directed():
        pairs, values = np.concatenate([pairs, pairs[:, ::-1]]), np.concatenate([values, values])
    order = np.lexsort((values, pairs[:, 1], pairs[:, 0]))
    pairs, values = pairs[order], values[order]
    first = np.ones(len(pairs), bool)
    first[1:] = (pairs[1:] != pairs[:-1]).any(axis=1)
    size = (len(position), len(position))
    kept = (pairs[first, 0], pairs[first, 1])
    return sparse.csr_array((values[first], kept), shape=size), shortened("graph", faults)


def _length(value: Any) -> float | None:
    """Give an edge's length; None where it has none that can be added up."""
    if value is None or isinstance(value, bool):
        return None
    try:
        length = float(value)
    except (TypeError, ValueError):
        return None
    return length if length >= 0 and math.isfinite(length) else None


def _shortest(network: sparse.csr_array, sources: Ints, targets: Ints) -> Floats:
    """Give the shortest ways from sources to targets, a few sources at a time."""
    from scipy.sparse.csgraph import dijkstra

    unique, back = np.unique(sources, return_inverse=True)
    table = np.empty((len(unique), len(targets)))
    step = max(1, _AT_ONCE // max(network.shape[0], 1))
    for low in range(0, len(unique), step):
        ways = dijkstra(network, indices=unique[low : low + step])
        table[low : low + step] = ways[:, targets]
    return table[back]
