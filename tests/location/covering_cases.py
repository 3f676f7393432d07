"""What the covering tests share: small cases, answers by trying all, and the public instances."""

from __future__ import annotations

import itertools
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from resalloc.location.costs import PlanarCosts


@dataclass(frozen=True)
class Case:
    """A small covering problem."""

    cost: np.ndarray
    radius: np.ndarray
    weights: np.ndarray
    site_cost: np.ndarray
    fixed: np.ndarray
    forbidden: np.ndarray

    @property
    def within(self):
        return self.cost <= self.radius[:, None]

    @property
    def common(self):
        return {"weights": self.weights, "fixed": self.fixed, "forbidden": self.forbidden}

    def choices(self):
        """Every set of sites that keeps the fixed and avoids the forbidden."""
        for bits in itertools.product([False, True], repeat=self.cost.shape[1]):
            chosen = np.array(bits)
            if not (self.fixed & ~chosen).any() and not (self.forbidden & chosen).any():
                yield chosen

    def covered(self, chosen):
        return float(self.weights[self.within[:, chosen].any(axis=1)].sum())


@st.composite
def cases(draw, demand=6, sites=5):
    n, m = draw(st.integers(1, demand)), draw(st.integers(1, sites))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    cost = numbers.integers(0, 10, (n, m)).astype(float)
    cost[numbers.random((n, m)) < 0.1] = np.inf
    weights = numbers.integers(0, 9, n).astype(float)
    weights[0] += 1
    state = numbers.random(m)
    return Case(
        cost=cost,
        radius=numbers.integers(1, 7, n).astype(float),
        weights=weights,
        site_cost=numbers.integers(0, 5, m) + numbers.choice([0.0, 0.25]),
        fixed=state < 0.15,
        forbidden=(state > 0.85) & (np.arange(m) > 0),
    )


def public(path: str) -> Path:
    """A file of the published instances, or a skip where they are not at hand."""
    folder = os.environ.get("RESALLOC_REFERENCE_DATA")
    if not folder:
        pytest.skip("RESALLOC_REFERENCE_DATA is not set: published instances are not at hand")
    return Path(folder) / path


def optima(folder: str) -> dict:
    return json.loads(public(folder).joinpath("optima.json").read_text())


def swain() -> tuple[np.ndarray, np.ndarray]:
    """Distances among Swain's 55 nodes, and their weights."""
    rows = np.loadtxt(public("swain/swain55.txt"), skiprows=1)
    apart = rows[:, None, 1:3] - rows[None, :, 1:3]
    return np.sqrt((apart**2).sum(axis=2)), rows[:, 3]


def sao_jose(name: str) -> tuple[PlanarCosts, np.ndarray]:
    rows = np.loadtxt(public(f"mclp/SJC/{name}.txt"), skiprows=1)
    return PlanarCosts(rows[:, :2], rows[:, :2]), rows[:, 2]


def benders_square(name: str) -> tuple[PlanarCosts, np.ndarray]:
    """Sites and customers of the 30 × 30 square of Cordeau, Furini and Ljubić."""
    lines = [line.split() for line in public(f"mclp/BDS/{name}.txt").read_text().splitlines()]
    sites = np.array([line[2:4] for line in lines if line[0] == "F"], dtype=float)
    customers = np.array([line[2:5] for line in lines if line[0] == "C"], dtype=float)
    return PlanarCosts(customers[:, :2], sites), customers[:, 2]
