"""Reading published instances; they stay outside the project, the tests find them by a variable."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra


def odd_medians(folder: str | None) -> list[str]:
    """Give the names of the p-median instances that are at hand."""
    if folder is None:
        return []
    names = [path.stem for path in Path(folder, "pmed").glob("pmed*.txt")]
    return sorted(names, key=lambda name: int(name.removeprefix("pmed")))


def shortest_paths(path: Path) -> tuple[np.ndarray, int]:
    """Give the shortest-path costs of an OR-Library p-median graph, and its p.

    An edge that is listed twice has the length listed last.
    """
    n, edges, p, *rest = (int(word) for word in path.read_text(encoding="utf-8").split())
    length = {
        (min(a, b) - 1, max(a, b) - 1): float(c)
        for a, b, c in np.array(rest[: 3 * edges]).reshape(-1, 3).tolist()
    }
    ends = np.array(list(length))
    graph = csr_array((np.array(list(length.values())), (ends[:, 0], ends[:, 1])), shape=(n, n))
    return dijkstra(graph, directed=False), p
